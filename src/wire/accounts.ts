import { z } from 'zod';
import { BATCH_DEFAULT, BILL_CYCLE_DAY_MAX, isBatch } from '../domain/accounts/account-rules.ts';
import type { AccountCreated } from '../domain/accounts/create-account.ts';
import type { NewAccount } from '../domain/accounts/new-account.ts';
import type { UpdateAccount } from '../domain/accounts/update-account.ts';
import { PAYMENT_TERM_DEFAULT } from '../domain/billing/payment-terms.ts';
import type { JsonObject } from '../domain/result.ts';
import {
  fromWireContactDraft,
  fromWireContactPatch,
  wireContactDraft,
  wireContactPatch,
} from './contacts.ts';
import { billingRun } from './subscription-forms/form-values.ts';
import { subscriptionOfNewAccount } from './subscription-forms/new-subscription.ts';
import {
  customFieldsOf,
  pick,
  wireBoolean,
  wireCurrency,
  wireDate,
  wireKey,
  wireNotYet,
  wirePaymentTerm,
  wireText,
  withCustomFields,
} from './values.ts';

export const wireAccountName = wireText(255).min(1, 'must not be empty');
export const wireBillCycleDay = z
  .int({ error: `must be a whole number from 0 to ${BILL_CYCLE_DAY_MAX}` })
  .min(0, `must be from 0 to ${BILL_CYCLE_DAY_MAX}`)
  .max(BILL_CYCLE_DAY_MAX, `must be from 0 to ${BILL_CYCLE_DAY_MAX}`);
export const wireBatch = wireText(20).refine(isBatch, 'must be Batch1 to Batch50');

const text = (lengthMax: number) => wireText(lengthMax).nullish();
const emailAddresses = z
  .array(wireText(80), { error: 'must be a list of e-mail addresses' })
  .max(50, 'must have at most 50 entries')
  .nullish();
const taxInfo = z
  .object(
    {
      VATId: text(25),
      companyCode: text(50),
      exemptCertificateId: text(32),
      exemptCertificateType: text(32),
      exemptDescription: text(500),
      exemptEffectiveDate: wireDate.nullish(),
      exemptEntityUseCode: text(64),
      exemptExpirationDate: wireDate.nullish(),
      exemptIssuingJurisdiction: text(32),
      exemptStatus: text(19),
    },
    { error: 'must be an object' },
  )
  .nullish();
const einvoiceProfile = z
  .object(
    {
      businessCategory: z.enum(['B2B', 'B2C', 'B2G'], { error: 'must be one of B2B, B2C, B2G' }).nullish(),
      businessName: text(255),
      businessNumber: text(255),
      businessNumberSchemeId: text(255),
      enabled: wireBoolean.nullish(),
      endpointId: text(255),
      endpointSchemeId: text(255),
      taxRegisterNumber: text(255),
    },
    { error: 'must be an object' },
  )
  .nullish();

/** Attributes on which nothing is computed: kept and shown under these names. */
const attributes = {
  additionalEmailAddresses: emailAddresses,
  allowInvoiceEdit: wireBoolean.nullish(),
  communicationProfileId: text(64),
  creditMemoTemplateId: text(64),
  crmId: text(100),
  customerServiceRepName: text(50),
  debitMemoTemplateId: text(64),
  einvoiceProfile,
  gatewayRoutingEligible: wireBoolean.nullish(),
  invoiceDeliveryPrefsEmail: wireBoolean.nullish(),
  invoiceDeliveryPrefsPrint: wireBoolean.nullish(),
  invoiceTemplateId: text(64),
  notes: text(65_535),
  organizationLabel: text(255),
  paymentGateway: text(40),
  profileNumber: text(64),
  purchaseOrderNumber: text(100),
  salesRep: text(50),
  sequenceSetId: text(64),
  summaryStatementTemplateId: text(64),
  tagging: text(255),
  taxInfo,
};
const ATTRIBUTE_NAMES = Object.keys(attributes);

/** Fields of an account that is made on its own or by an order (`newAccount`). */
export const newAccountShape = {
  accountNumber: wireText(100).nullish(),
  name: wireAccountName,
  currency: wireCurrency,
  billCycleDay: wireBillCycleDay.nullish(),
  billToContact: wireContactDraft,
  soldToContact: wireContactDraft.nullish(),
  soldToSameAsBillTo: wireBoolean.nullish(),
  paymentTerm: wirePaymentTerm.nullish(),
  batch: wireBatch.nullish(),
  autoPay: wireBoolean.nullish(),
  partnerAccount: wireBoolean.optional(),
  parentId: wireKey.nullish(),
  ...attributes,
  creditCard: wireNotYet,
  hpmCreditCardPaymentMethodId: wireNotYet,
  paymentMethod: wireNotYet,
  shipToContact: wireNotYet,
  shipToSameAsBillTo: wireNotYet,
};

/** POST /v1/accounts */
export const wireNewAccount = withCustomFields({
  ...newAccountShape,
  /** An order of it is placed in the same transaction. */
  subscription: subscriptionOfNewAccount.nullish(),
  ...billingRun,
});

/** PUT /v1/accounts/{key}: what is absent stays. */
export const wireAccountChanges = withCustomFields({
  name: wireAccountName.optional(),
  billCycleDay: wireBillCycleDay.optional(),
  billToContact: wireContactPatch.optional(),
  soldToContact: wireContactPatch.optional(),
  billToContactId: wireKey.optional(),
  soldToContactId: wireKey.optional(),
  paymentTerm: wirePaymentTerm.optional(),
  batch: wireBatch.optional(),
  autoPay: wireBoolean.optional(),
  partnerAccount: wireBoolean.optional(),
  parentId: wireKey.or(z.literal('')).nullish(),
  ...attributes,
  defaultPaymentMethodId: wireKey.or(z.literal('')).nullish(),
  shipToContact: wireNotYet,
  shipToContactId: wireNotYet,
});

export function fromWireNewAccount(body: z.output<z.ZodObject<typeof newAccountShape>>): NewAccount {
  return {
    accountNumber: body.accountNumber ?? null,
    name: body.name,
    status: 'Active',
    currency: body.currency,
    billCycleDay: body.billCycleDay ?? 0,
    batch: body.batch ?? BATCH_DEFAULT,
    autoPay: body.autoPay ?? false,
    partnerAccount: body.partnerAccount ?? false,
    parentKey: body.parentId ?? null,
    paymentTerm: body.paymentTerm ?? PAYMENT_TERM_DEFAULT,
    billTo: fromWireContactDraft(body.billToContact),
    soldTo:
      body.soldToContact === undefined || body.soldToContact === null
        ? null
        : fromWireContactDraft(body.soldToContact),
    soldToSameAsBillTo: body.soldToSameAsBillTo ?? false,
    details: pick(body, ATTRIBUTE_NAMES),
    customFields: customFieldsOf(body),
  };
}

export function fromWireAccountChanges(
  accountId: string,
  body: z.output<typeof wireAccountChanges>,
): UpdateAccount {
  const { parentId, billToContact, soldToContact, defaultPaymentMethodId } = body;
  return {
    accountId,
    ...definedOf(body, UNCHANGED_NAMES),
    ...(parentId === undefined ? {} : { parentKey: parentId === '' ? null : parentId }),
    ...(defaultPaymentMethodId === undefined
      ? {}
      : { defaultPaymentMethodId: defaultPaymentMethodId === '' ? null : defaultPaymentMethodId }),
    ...(billToContact === undefined ? {} : { billTo: fromWireContactPatch(billToContact) }),
    ...(soldToContact === undefined ? {} : { soldTo: fromWireContactPatch(soldToContact) }),
    details: pick(body, ATTRIBUTE_NAMES),
    customFields: customFieldsOf(body),
  };
}

/** Names that are the same on the wire and inside. */
const UNCHANGED_NAMES = [
  'name',
  'billCycleDay',
  'billToContactId',
  'soldToContactId',
  'paymentTerm',
  'batch',
  'autoPay',
  'partnerAccount',
] as const;

function definedOf<T extends object, K extends keyof T>(body: T, names: readonly K[]): Partial<Pick<T, K>> {
  return Object.fromEntries(
    names.filter((name) => body[name] !== undefined).map((name) => [name, body[name]]),
  ) as Partial<Pick<T, K>>;
}

export function toWireAccountCreated(created: AccountCreated): JsonObject {
  return {
    success: true,
    accountId: created.accountId,
    accountNumber: created.accountNumber,
    billToContactId: created.billToContactId,
    soldToContactId: created.soldToContactId,
  };
}
