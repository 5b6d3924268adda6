import type { AccountCard } from '../domain/accounts/account-card.ts';
import type { Contact } from '../domain/accounts/contact.ts';
import type { JsonObject, JsonValue } from '../domain/result.ts';
import { toWireOffsetDateTime } from './values.ts';

/** Attributes of contacts that read as empty text when there are none, and those that read as null. */
const CONTACT_TEXTS = [
  'address1',
  'address2',
  'city',
  'fax',
  'homePhone',
  'mobilePhone',
  'nickname',
  'otherPhone',
  'personalEmail',
  'state',
  'workPhone',
  'zipCode',
] as const;
const CONTACT_NULLS = ['county', 'otherPhoneType', 'taxRegion'] as const;

/** A contact as orders and subscriptions show it. */
export function toWireContactDetails(contact: Contact): JsonObject {
  const { details } = contact;
  const shown: { [name: string]: JsonValue } = {
    id: contact.id,
    firstName: contact.firstName,
    lastName: contact.lastName,
    workEmail: contact.workEmail ?? '',
    country: contact.country,
    ...contact.customFields,
  };
  for (const name of CONTACT_TEXTS) shown[name] = details[name] ?? '';
  for (const name of CONTACT_NULLS) shown[name] = details[name] ?? null;
  return shown;
}

const ACCOUNT_TEXTS = ['crmId', 'notes', 'salesRep', 'purchaseOrderNumber'] as const;
const ACCOUNT_NULLS = ['invoiceTemplateId', 'sequenceSetId', 'summaryStatementTemplateId'] as const;
const ACCOUNT_OPTIONAL = ['communicationProfileId', 'profileNumber'] as const;

/** An account as orders and subscriptions show it beside themselves, with its partner flag (semantics A.6). */
export function toWireAccountDetails(card: AccountCard, timeZone: string): JsonObject {
  const { account } = card;
  const shown: { [name: string]: JsonValue } = {
    id: account.id,
    accountNumber: account.accountNumber,
    name: account.name,
    status: account.status,
    batch: account.batch,
    partnerAccount: account.partnerAccount,
    lastMetricsUpdate:
      card.lastMetricsUpdate === null ? null : toWireOffsetDateTime(card.lastMetricsUpdate, timeZone),
    ...account.customFields,
  };
  for (const name of ACCOUNT_TEXTS) shown[name] = account.details[name] ?? '';
  for (const name of ACCOUNT_NULLS) shown[name] = account.details[name] ?? null;
  for (const name of ACCOUNT_OPTIONAL) {
    const value = account.details[name];
    if (value != null) shown[name] = value;
  }
  return shown;
}

/** The same with the account's bill-to contact inside. */
export function toWireAccountDetailsWithContact(card: AccountCard, timeZone: string): JsonObject {
  const details = toWireAccountDetails(card, timeZone);
  return card.billTo === null ? details : { ...details, billToContact: toWireContactDetails(card.billTo) };
}
