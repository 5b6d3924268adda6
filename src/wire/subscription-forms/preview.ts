import { z } from 'zod';
import { BATCH_DEFAULT } from '../../domain/accounts/account-rules.ts';
import type { NewAccount } from '../../domain/accounts/new-account.ts';
import { PAYMENT_TERM_DEFAULT } from '../../domain/billing/payment-terms.ts';
import type { AccountChoice } from '../../domain/orders/order-request.ts';
import { wireBillCycleDay } from '../accounts.ts';
import { fromWireContactDraft } from '../contacts.ts';
import { customFieldsOf, wireCurrency, wireKey, wireNotYet, wireText, withCustomFields } from '../values.ts';
import { oneOf } from '../words.ts';
import { billingRun } from './form-values.ts';
import { newSubscriptionOrder, previewedSubscriptionShape } from './new-subscription.ts';
import type { OrderForm } from './order-form.ts';
import { PREVIEW_TYPES } from './update.ts';

/** POST /v1/subscriptions/preview: the order of a new subscription, decided and not kept. */

const text = (lengthMax: number) => wireText(lengthMax).nullish();

/** An account that need not exist. */
const previewAccountInfo = withCustomFields({
  billCycleDay: wireBillCycleDay,
  currency: wireCurrency,
  billToContact: z.object(
    {
      city: text(40),
      country: text(64),
      county: text(32),
      state: text(40),
      taxRegion: text(32),
      zipCode: text(20),
    },
    { error: 'must be an object' },
  ),
});

const { documentDate, invoiceTargetDate, targetDate } = billingRun;

export const previewBody = withCustomFields({
  ...previewedSubscriptionShape,
  accountKey: wireKey.nullish(),
  previewAccountInfo: previewAccountInfo.nullish(),
  previewType: oneOf(PREVIEW_TYPES).nullish(),
  documentDate,
  invoiceTargetDate,
  targetDate,
  includeExistingDraftDocItems: wireNotYet,
  includeExistingDraftInvoiceItems: wireNotYet,
}).refine((body) => (body.accountKey != null) !== (body.previewAccountInfo != null), {
  message: 'give exactly one of accountKey and previewAccountInfo',
  path: ['accountKey'],
});

type WirePreview = z.output<typeof previewBody>;

export function fromWirePreview(body: WirePreview): OrderForm {
  return newSubscriptionOrder(asBilled(body), {
    owner: ownerOf(body),
    invoiceOwnerKey: body.invoiceOwnerAccountKey ?? null,
  });
}

/** A preview shows the bill unless it is asked for metrics alone. */
export function asBilled<Body extends { readonly previewType?: string | null | undefined }>(
  body: Body,
): Body & { readonly runBilling: boolean } {
  return { ...body, runBilling: body.previewType !== 'ChargeMetrics' };
}

function ownerOf(body: WirePreview): AccountChoice {
  if (body.previewAccountInfo == null) return { key: body.accountKey ?? '', field: 'accountKey' };
  return { newAccount: previewedAccount(body.previewAccountInfo), field: 'previewAccountInfo' };
}

function previewedAccount(info: z.output<typeof previewAccountInfo>): NewAccount {
  const { billToContact } = info;
  return {
    accountNumber: null,
    name: 'Preview',
    status: 'Active',
    currency: info.currency,
    billCycleDay: info.billCycleDay,
    batch: BATCH_DEFAULT,
    autoPay: false,
    partnerAccount: false,
    parentKey: null,
    paymentTerm: PAYMENT_TERM_DEFAULT,
    billTo: fromWireContactDraft({ firstName: '', lastName: '', ...billToContact }),
    soldTo: null,
    soldToSameAsBillTo: true,
    details: {},
    customFields: customFieldsOf(info),
  };
}
