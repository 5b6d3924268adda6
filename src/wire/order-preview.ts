import { z } from 'zod';
import type { NewAccount } from '../domain/accounts/new-account.ts';
import type { PreviewThrough } from '../domain/billing/preview-through.ts';
import type { OrderDelta, PlacedSubscription } from '../domain/orders/order-reply.ts';
import type {
  OrderPreview,
  PreviewedCharge,
  PreviewedSubscription,
  PreviewedValue,
  PreviewRequest,
  PreviewType,
} from '../domain/orders/preview-order.ts';
import { isRefusal, type JsonObject, type Refusal, refuse } from '../domain/result.ts';
import { toWirePreviewedDocuments } from './billing-previews.ts';
import { toWireShown } from './charges.ts';
import { orderShape } from './order-schema.ts';
import { fromWireOrderContent, withExpectedVersion } from './orders.ts';
import { toWireDecimal, wireAnything, wireCurrency, wireDate, wireKey } from './values.ts';
import { oneOf, wholeNumber } from './words.ts';

const PREVIEW_TYPES = [
  'ChargeMetrics',
  'BillingDocs',
  'OrderDeltaMetrics',
  'OrderMetrics',
  'RampMetrics',
  'RampDeltaMetrics',
] as const satisfies readonly PreviewType[];

/** Ramps come with ramps: until then they are refused by name. */
const AVAILABLE: ReadonlySet<PreviewType> = new Set([
  'ChargeMetrics',
  'BillingDocs',
  'OrderDeltaMetrics',
  'OrderMetrics',
]);

const previewOptions = z.object({
  previewTypes: z
    .array(oneOf(PREVIEW_TYPES), { error: 'must be a list of preview types' })
    .max(PREVIEW_TYPES.length, 'names a type twice')
    .nullish(),
  previewThruType: oneOf(['SpecificDate', 'TermEnd', 'NumberOfPeriods']).nullish(),
  previewNumberOfPeriods: wholeNumber(1, 1_000).nullish(),
  specificPreviewThruDate: wireDate.nullish(),
});

const previewAccountInfo = z.object({
  billCycleDay: wholeNumber(0, 31).nullish(),
  currency: wireCurrency,
  customFields: wireAnything,
  soldToContact: wireAnything,
  taxInfo: wireAnything,
});

/** POST /v1/orders/preview. */
export const orderPreviewBody = z
  .object({
    ...orderShape,
    orderNumber: wireAnything,
    existingAccountNumber: wireKey.nullish(),
    previewAccountInfo: previewAccountInfo.nullish(),
    previewOptions: previewOptions.nullish(),
  })
  .refine((o) => (o.existingAccountNumber == null) !== (o.previewAccountInfo == null), {
    message: 'give exactly one of existingAccountNumber and previewAccountInfo',
    path: ['existingAccountNumber'],
  });

type WireOrderPreview = z.output<typeof orderPreviewBody>;

export function fromWireOrderPreview(
  body: WireOrderPreview,
  ifMatch: string | null = null,
): PreviewRequest | Refusal {
  const content = fromWireOrderContent({ ...body, status: 'Completed' });
  if (isRefusal(content)) return content;
  const types = body.previewOptions?.previewTypes ?? ['ChargeMetrics'];
  const missing = types.findIndex((type) => !AVAILABLE.has(type));
  if (missing >= 0) {
    const field = `previewOptions.previewTypes[${missing}]`;
    return refuse('invalid', `${types[missing]} is not available yet`, field);
  }
  const subscriptions = withExpectedVersion(content.subscriptions, ifMatch);
  if ('refused' in subscriptions) return subscriptions;
  const through = throughOf(body.previewOptions ?? {});
  if (through !== null && isRefusal(through)) return through;
  const account =
    body.previewAccountInfo == null
      ? { key: body.existingAccountNumber ?? '', field: 'existingAccountNumber' }
      : { newAccount: pretended(body.previewAccountInfo), field: 'previewAccountInfo' };
  return {
    order: {
      ...content,
      intent: 'complete',
      subscriptions,
      account,
      orderNumber: null,
      billing: types.includes('BillingDocs') ? (content.billing ?? AS_OF_TODAY) : null,
      returnIds: false,
      numbersOnly: false,
    },
    types,
    through,
  };
}

const AS_OF_TODAY = { targetDate: null, documentDate: null, posts: false, creditMemoReasonCode: null };

/** How far the bill goes; null: as far as the order's own billing options say, or through today. */
function throughOf(
  options: {
    readonly [Name in keyof z.output<typeof previewOptions>]?:
      | z.output<typeof previewOptions>[Name]
      | undefined;
  },
): PreviewThrough | null | Refusal {
  const { previewThruType: type, specificPreviewThruDate: date, previewNumberOfPeriods: count } = options;
  if (type === 'TermEnd') return { kind: 'termEnd' };
  if (type === 'NumberOfPeriods') {
    if (count == null) return requiredWith('previewNumberOfPeriods', type);
    return { kind: 'periods', count };
  }
  if (date != null) return { kind: 'date', date };
  return type === 'SpecificDate' ? requiredWith('specificPreviewThruDate', type) : null;
}

function requiredWith(name: string, type: string): Refusal {
  return refuse('missing', `is required with the previewThruType ${type}`, `previewOptions.${name}`);
}

/** An account that is only there for the preview. */
function pretended({ billCycleDay, currency }: z.output<typeof previewAccountInfo>): NewAccount {
  return {
    accountNumber: null,
    name: 'Preview',
    status: 'Draft',
    currency,
    billCycleDay: billCycleDay ?? 1,
    batch: 'Batch1',
    autoPay: false,
    partnerAccount: false,
    parentKey: null,
    paymentTerm: 'Due Upon Receipt',
    billTo: null,
    soldTo: null,
    soldToSameAsBillTo: false,
    details: {},
    customFields: {},
  };
}

/** The reply of a preview: what was asked for, and no more. */
export function toWireOrderPreview({ subscriptions, types, documents }: OrderPreview): object {
  const result: { [name: string]: unknown } = {};
  if (documents !== null) {
    const existing = new Set(
      subscriptions.flatMap(({ placed, isExisting }) =>
        isExisting ? placed.subscription.subscriptionNumber : [],
      ),
    );
    Object.assign(
      result,
      toWirePreviewedDocuments(documents, (number) => !existing.has(number)),
    );
  }
  if (types.includes('ChargeMetrics')) result.chargeMetrics = subscriptions.map(chargeMetricsOf);
  if (types.includes('OrderDeltaMetrics')) {
    result.orderDeltaMetrics = {
      orderDeltaMrr: subscriptions.flatMap((s) => deltasOf(s, 'deltaMrr')),
      orderDeltaTcv: subscriptions.flatMap((s) => deltasOf(s, 'deltaTcv')),
    };
  }
  if (types.includes('OrderMetrics')) result.orderMetrics = subscriptions.map(orderMetricsOf);
  return { success: true, previewResult: result };
}

/** Numbers that a preview makes up are not shown. */
function numberOf({ placed, isExisting }: PreviewedSubscription): { subscriptionNumber?: string } {
  return isExisting ? { subscriptionNumber: placed.subscription.subscriptionNumber } : {};
}

function chargeMetricsOf(previewed: PreviewedSubscription): object {
  const { currency } = previewed.placed.subscription;
  return {
    ...numberOf(previewed),
    charges: previewed.charges.map((charge) => ({
      ...(charge.isExisting ? { chargeNumber: charge.chargeNumber } : {}),
      ...(charge.ratePlan === null
        ? {}
        : {
            productRatePlanId: charge.ratePlan.productRatePlanId,
            ...(charge.isExisting
              ? {
                  originRatePlanId: charge.ratePlan.id,
                  subscriptionRatePlanNumber: charge.ratePlan.ratePlanNumber,
                }
              : {}),
          }),
      productRatePlanChargeId: charge.productRatePlanChargeId,
      ...valuesOf(charge, currency),
    })),
  };
}

function valuesOf(
  { isDiscount, contractedMrr, totalContractedValue }: PreviewedCharge,
  currency: string,
): object {
  const shown = ({ value, delta }: PreviewedValue) => {
    const [total, moved] = isDiscount ? ['discount', 'discountDelta'] : ['regular', 'regularDelta'];
    return {
      ...(value === null ? {} : { [total]: toWireShown(value, currency) }),
      ...(delta === null ? {} : { [moved]: toWireShown(delta, currency) }),
    };
  };
  return { cmrr: shown(contractedMrr), tcv: shown(totalContractedValue) };
}

function deltasOf(previewed: PreviewedSubscription, field: 'deltaMrr' | 'deltaTcv'): JsonObject[] {
  const { placed } = previewed;
  const known = new Set(previewed.charges.filter((c) => c.isExisting).map((c) => c.chargeNumber));
  return placed.deltas.flatMap((delta) => {
    const amount = delta[field];
    if (amount === null || amount === '0') return [];
    return [
      {
        ...(known.has(delta.chargeNumber)
          ? { chargeNumber: delta.chargeNumber, ratePlanChargeId: delta.chargeId }
          : {}),
        currency: delta.currency,
        startDate: delta.startDate,
        endDate: delta.endDate,
        grossAmount: toWireShown(amount, delta.currency),
        orderActionSequence: String(delta.sequence),
        orderActionType: delta.actionType,
        productRatePlanChargeId: delta.productRatePlanChargeId,
        ...numberOf(previewed),
      },
    ];
  });
}

function orderMetricsOf(previewed: PreviewedSubscription): object {
  const { placed } = previewed;
  const sequences = [...new Set(placed.deltas.map(({ sequence }) => sequence))].sort((a, b) => a - b);
  return {
    ...numberOf(previewed),
    orderActions: sequences.map((sequence) => {
      const deltas = placed.deltas.filter((delta) => delta.sequence === sequence);
      return {
        sequence: String(sequence),
        type: deltas[0]!.actionType,
        orderItems: [],
        orderMetrics: metricsByCharge(deltas, placed),
      };
    }),
  };
}

function metricsByCharge(
  deltas: readonly OrderDelta[],
  { ratePlans, charges }: PlacedSubscription,
): object[] {
  const planOf = new Map(charges.map((charge) => [charge.chargeNumber, charge.ratePlanId]));
  return [...new Set(deltas.map(({ chargeNumber }) => chargeNumber))].map((chargeNumber) => {
    const own = deltas.filter((delta) => delta.chargeNumber === chargeNumber);
    const plan = ratePlans.find(({ id }) => id === planOf.get(chargeNumber));
    const slices = (amountOf: (delta: OrderDelta) => number | null) =>
      own.flatMap((delta) => {
        const amount = amountOf(delta);
        return amount === null || amount === 0
          ? []
          : [{ amount, startDate: delta.startDate, endDate: delta.endDate }];
      });
    return {
      productRatePlanChargeId: own[0]!.productRatePlanChargeId,
      ...(plan === undefined ? {} : { productRatePlanId: plan.productRatePlanId }),
      mrr: slices(({ deltaMrr, currency }) => toWireShown(deltaMrr, currency)),
      quantity: slices(({ deltaQuantity }) => toWireDecimal(deltaQuantity)),
      tcv: slices(({ deltaTcv, currency }) => (deltaTcv === null ? null : toWireShown(deltaTcv, currency))),
    };
  });
}
