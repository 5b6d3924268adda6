import type { AccountCard } from '../domain/accounts/account-card.ts';
import type { JsonObject, JsonValue } from '../domain/result.ts';
import { toWireContact } from './contacts.ts';
import { toWireOffsetDateTime } from './values.ts';

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
  return card.billTo === null ? details : { ...details, billToContact: toWireContact(card.billTo) };
}
