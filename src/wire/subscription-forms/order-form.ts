import type { OrderActionSpec } from '../../domain/orders/action-specs.ts';
import type {
  AccountChoice,
  OrderBilling,
  OrderRequest,
  RequestedAction,
} from '../../domain/orders/order-request.ts';
import type { JsonObject } from '../../domain/result.ts';

/** A request of /v1/subscriptions as the order that it stands for. */
export interface OrderForm {
  readonly request: OrderRequest;
  /** Where each action stands in the form: 'add[0]', or '' for the form as a whole. Refusals name the form's fields. */
  readonly actionPaths: readonly string[];
  /** The subscription that is changed, whose invoice owner places the order; null when the form makes one. */
  readonly changes: string | null;
}

/** An action of a form: what it means, how an order shows it, and where it stands. */
export interface FormAction {
  readonly action: OrderActionSpec;
  readonly body: JsonObject;
  readonly path: string;
}

/** What is known of the subscription that a form changes. */
export interface FormSubscription {
  readonly subscriptionNumber: string;
  readonly invoiceOwnerAccountId: string;
  /** As agreed so far: what a form says of one of them alone is completed by the other. */
  readonly renewalTerm: number | null;
  readonly renewalTermPeriodType: string | null;
  /** Version that the caller thinks is the latest (`If-Match`). */
  readonly expectedVersion: number | null;
}

interface FormOrder {
  readonly account: AccountChoice;
  readonly orderDate: string;
  readonly subscriptionNumber: string | null;
  readonly expectedVersion: number | null;
  readonly actions: readonly FormAction[];
  readonly details?: JsonObject;
  readonly customFields?: JsonObject;
  readonly billing?: OrderBilling | null;
}

/** The order of a form: placed at once, with one subscription. */
export function orderForm(order: FormOrder): OrderForm {
  const requested: RequestedAction[] = order.actions.map(({ action, body }) => ({ action, body }));
  return {
    request: {
      orderNumber: null,
      account: order.account,
      orderDate: order.orderDate,
      intent: 'complete',
      scheduledDate: null,
      category: 'NewSales',
      description: null,
      orderLineItems: [],
      subscriptions: [
        {
          subscriptionNumber: order.subscriptionNumber,
          expectedVersion: order.expectedVersion,
          actions: requested,
          details: order.details ?? {},
          customFields: order.customFields ?? {},
        },
      ],
      details: {},
      customFields: {},
      billing: order.billing ?? null,
      returnIds: true,
      numbersOnly: false,
    },
    actionPaths: order.actions.map(({ path }) => path),
    changes: null,
  };
}

/** The order of a form that changes a subscription: its account is the subscription's invoice owner (semantics D.1). */
export function changeForm(
  target: FormSubscription,
  orderDate: string,
  actions: readonly FormAction[],
  extra: Pick<FormOrder, 'details' | 'customFields' | 'billing'> = {},
): OrderForm {
  const form = orderForm({
    account: { key: target.invoiceOwnerAccountId, field: 'subscription-key' },
    orderDate,
    subscriptionNumber: target.subscriptionNumber,
    expectedVersion: target.expectedVersion,
    actions,
    ...extra,
  });
  return { ...form, changes: target.subscriptionNumber };
}

const ACTION_BLOCK =
  /^\.(createSubscription|termsAndConditions|addProduct|updateProduct|removeProduct|changePlan|renewSubscription|cancelSubscription|suspend|resume)(?=\.|$)/;
const IN_ORDER = /^subscriptions\[0\](?:\.orderActions\[(\d+)\])?(.*)$/;

/** Fields below an action of an order, and what the forms call them; the first pattern that fits counts. */
const NAMES: ReadonlyArray<readonly [RegExp, string]> = [
  // What an action is: of a form, all of it.
  [/^type$/, ''],
  [/^terms\.initialTerm\.period$/, 'initialTerm'],
  [/^terms\.initialTerm\.periodType$/, 'initialTermPeriodType'],
  [/^terms\.initialTerm\.startDate$/, 'termStartDate'],
  [/^terms\.initialTerm\.termType$/, 'termType'],
  [/^(?:terms\.)?renewalTerms\[0\]\.period$/, 'renewalTerm'],
  [/^(?:terms\.)?renewalTerms\[0\]\.periodType$/, 'renewalTermPeriodType'],
  [/^(?:terms\.)?renewalTerms(?:\[0\])?$/, 'renewalTerm'],
  [/^lastTerm\.period$/, 'currentTerm'],
  [/^lastTerm\.periodType$/, 'currentTermPeriodType'],
  [/^lastTerm\.startDate$/, 'termStartDate'],
  [/^lastTerm\.termType$/, 'termType'],
  [/^lastTerm(?:\..*)?$/, 'currentTerm'],
  [/^terms\./, ''],
  [/^triggerDates.*$/, 'contractEffectiveDate'],
  [/^newProductRatePlan\.productRatePlanId$/, 'newProductRatePlanId'],
  [/^newProductRatePlan\.?/, ''],
];

/** Parts of a charge that orders keep in blocks and forms side by side. */
const FLATTENED: ReadonlyArray<readonly [RegExp, string]> = [
  [/\.pricing\.[A-Za-z]+\.listPrice$/, '.price'],
  [/\.pricing\.[A-Za-z]+(?=\.|$)/, ''],
  [/\.pricing$/, '.price'],
  [/\.billing(?=\.)/, ''],
  [/\.(?:startDate|effectiveDate)\.specificTriggerDate$/, '.triggerDate'],
  [/\.(?:startDate|effectiveDate)(?=\.)/, ''],
  [/\.effectiveDate$/, '.triggerDate'],
  [/\.endDate(?=\.)/, ''],
  [/chargeUpdates(?=\[|$)/, 'chargeUpdateDetails'],
  [/\.chargeNumber$/, '.ratePlanChargeId'],
];

/** What a form calls the field of an order that a refusal names. */
export function fieldOfForm(field: string, actionPaths: readonly string[]): string {
  const inOrder = IN_ORDER.exec(field);
  // The account of POST /v1/accounts is the request itself: its fields stand at the top.
  if (inOrder === null) return field.replace(/^\./, '');
  const [, index, below = ''] = inOrder;
  const path = index === undefined ? '' : (actionPaths[Number(index)] ?? '');
  let name = below.replace(ACTION_BLOCK, '').replace(/^\./, '');
  const renamed = NAMES.find(([pattern]) => pattern.test(name));
  if (renamed !== undefined) name = name.replace(renamed[0], renamed[1]);
  for (const [pattern, replacement] of FLATTENED) name = name.replace(pattern, replacement);
  if (path === '' || name === '') return `${path}${name}`;
  return `${path}.${name}`;
}
