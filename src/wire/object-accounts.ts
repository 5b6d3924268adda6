import { z } from 'zod';
import { BATCH_DEFAULT } from '../domain/accounts/account-rules.ts';
import type { NewAccount } from '../domain/accounts/new-account.ts';
import type { UpdateAccount } from '../domain/accounts/update-account.ts';
import { PAYMENT_TERM_DEFAULT } from '../domain/billing/payment-terms.ts';
import type { JsonObject, JsonValue } from '../domain/result.ts';
import { wireAccountName, wireBatch, wireBillCycleDay } from './accounts.ts';
import {
  customFieldsOf,
  wireBoolean,
  wireCurrency,
  wireDate,
  wireKey,
  wireNotYet,
  wirePaymentTerm,
  wireText,
  withCustomFields,
} from './values.ts';

/** Accounts as /v1/object/account names them: the same objects under older names. */

const text = (lengthMax: number) => wireText(lengthMax).nullish();

/** Name here → name among the account's attributes; taxInfo's are one level down. */
const DETAILS: ReadonlyArray<readonly [string, string, z.ZodType]> = [
  ['AllowInvoiceEdit', 'allowInvoiceEdit', wireBoolean.nullish()],
  ['BcdSettingOption', 'bcdSettingOption', text(9)],
  ['CommunicationProfileId', 'communicationProfileId', text(64)],
  ['CrmId', 'crmId', text(100)],
  ['CustomerServiceRepName', 'customerServiceRepName', text(50)],
  ['InvoiceDeliveryPrefsEmail', 'invoiceDeliveryPrefsEmail', wireBoolean.nullish()],
  ['InvoiceDeliveryPrefsPrint', 'invoiceDeliveryPrefsPrint', wireBoolean.nullish()],
  ['InvoiceTemplateId', 'invoiceTemplateId', text(64)],
  ['Notes', 'notes', text(65_535)],
  ['PaymentGateway', 'paymentGateway', text(40)],
  ['PurchaseOrderNumber', 'purchaseOrderNumber', text(100)],
  ['SalesRepName', 'salesRep', text(50)],
];
const TAX_INFO: ReadonlyArray<readonly [string, string, z.ZodType]> = [
  ['TaxCompanyCode', 'companyCode', text(50)],
  ['TaxExemptCertificateID', 'exemptCertificateId', text(32)],
  ['TaxExemptCertificateType', 'exemptCertificateType', text(32)],
  ['TaxExemptDescription', 'exemptDescription', text(500)],
  ['TaxExemptEffectiveDate', 'exemptEffectiveDate', wireDate.nullish()],
  ['TaxExemptExpirationDate', 'exemptExpirationDate', wireDate.nullish()],
  ['TaxExemptIssuingJurisdiction', 'exemptIssuingJurisdiction', text(32)],
  ['TaxExemptStatus', 'exemptStatus', text(19)],
  ['VATId', 'VATId', text(25)],
];
/** Attributes that can be taken away. */
export const OBJECT_ACCOUNT_NULLABLE = [
  ...[...DETAILS, ...TAX_INFO].map(([name]) => name),
  'AdditionalEmailAddresses',
  'ParentId',
  'communicationProfileId',
];
const attributes = Object.fromEntries([...DETAILS, ...TAX_INFO].map(([name, , schema]) => [name, schema]));

const optional = {
  AccountNumber: wireText(100).nullish(),
  /** Addresses with commas between them. */
  AdditionalEmailAddresses: text(4_000),
  AutoPay: wireBoolean.optional(),
  Batch: wireBatch.optional(),
  BillToId: wireKey.nullish(),
  DefaultPaymentMethodId: wireNotYet,
  ParentId: wireKey.or(z.literal('')).nullish(),
  PartnerAccount: wireBoolean.optional(),
  PaymentTerm: wirePaymentTerm.optional(),
  SoldToId: wireKey.nullish(),
  /** The published contract spells it like this for writing. */
  communicationProfileId: text(64),
  ...attributes,
};

/** POST: an account begins as a draft, as its contacts can only be made after it. */
export const wireObjectNewAccount = withCustomFields({
  Name: wireAccountName,
  Currency: wireCurrency,
  BillCycleDay: wireBillCycleDay,
  Status: z.literal('Draft', {
    error: 'must be Draft: add contacts, then set Status to Active together with BillToId and SoldToId',
  }),
  ...optional,
  BillToId: z.null({ error: 'must be left out: contacts can only be made after the account' }).optional(),
  SoldToId: z.null({ error: 'must be left out: contacts can only be made after the account' }).optional(),
});

/** PUT: what is absent stays. */
export const wireObjectAccountChanges = withCustomFields({
  Name: wireAccountName.optional(),
  Currency: wireCurrency.optional(),
  BillCycleDay: wireBillCycleDay.optional(),
  Status: z
    .enum(['Draft', 'Active', 'Canceled'], { error: 'must be one of Draft, Active, Canceled' })
    .optional(),
  ...optional,
});

export function fromWireObjectNewAccount(body: z.output<typeof wireObjectNewAccount>): NewAccount {
  return {
    accountNumber: body.AccountNumber ?? null,
    name: body.Name,
    status: 'Draft',
    currency: body.Currency,
    billCycleDay: body.BillCycleDay,
    batch: body.Batch ?? BATCH_DEFAULT,
    autoPay: body.AutoPay ?? false,
    partnerAccount: body.PartnerAccount ?? false,
    parentKey: body.ParentId || null,
    paymentTerm: body.PaymentTerm ?? PAYMENT_TERM_DEFAULT,
    billTo: null,
    soldTo: null,
    soldToSameAsBillTo: false,
    details: detailsOf(body),
    customFields: customFieldsOf(body),
  };
}

/** Name here → name of the change that is the same otherwise. */
const CHANGES = [
  ['Name', 'name'],
  ['Currency', 'currency'],
  ['AccountNumber', 'accountNumber'],
  ['BillCycleDay', 'billCycleDay'],
  ['Status', 'status'],
  ['Batch', 'batch'],
  ['AutoPay', 'autoPay'],
  ['PartnerAccount', 'partnerAccount'],
  ['PaymentTerm', 'paymentTerm'],
  ['BillToId', 'billToContactId'],
  ['SoldToId', 'soldToContactId'],
] as const satisfies ReadonlyArray<
  readonly [keyof z.output<typeof wireObjectAccountChanges>, keyof UpdateAccount]
>;

export function fromWireObjectAccountChanges(
  accountId: string,
  body: z.output<typeof wireObjectAccountChanges>,
): UpdateAccount {
  return {
    accountId,
    ...Object.fromEntries(
      CHANGES.filter(([name]) => body[name] !== undefined && body[name] !== null).map(([name, field]) => [
        field,
        body[name],
      ]),
    ),
    ...(body.ParentId === undefined ? {} : { parentKey: body.ParentId || null }),
    details: detailsOf(body),
    customFields: customFieldsOf(body),
  };
}

function detailsOf(body: object): JsonObject {
  const given = body as { readonly [name: string]: JsonValue | undefined };
  const named = (names: typeof DETAILS) => {
    const details: { [name: string]: JsonValue } = {};
    for (const [name, field] of names) if (given[name] !== undefined) details[field] = given[name];
    return details;
  };
  const taxInfo = named(TAX_INFO);
  const emails = given.AdditionalEmailAddresses;
  return {
    ...(given.communicationProfileId === undefined
      ? {}
      : { communicationProfileId: given.communicationProfileId }),
    ...named(DETAILS),
    ...(Object.keys(taxInfo).length === 0 ? {} : { taxInfo }),
    ...(typeof emails === 'string' ? { additionalEmailAddresses: addressesOf(emails) } : {}),
    ...(emails === null ? { additionalEmailAddresses: null } : {}),
  };
}

function addressesOf(commaSeparated: string): string[] {
  return commaSeparated
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '');
}
