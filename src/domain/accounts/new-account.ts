import type { DecideContext } from '../account/command.ts';
import type { Need, NumberKind, State } from '../account/state.ts';
import { type JsonObject, type Refusal, refuse } from '../result.ts';
import type { Account } from './account.ts';
import { refuseAccountNumber } from './account-rules.ts';
import { type Contact, type ContactDraft, newContact } from './contact.ts';
import { mergeDetails } from './merge-details.ts';

/** An account that is to be made: on its own, or by the order that names it. */
export interface NewAccount {
  /** Null: generated. */
  readonly accountNumber: string | null;
  readonly name: string;
  /** A draft needs no contacts yet. */
  readonly status: 'Draft' | 'Active';
  readonly currency: string;
  readonly billCycleDay: number;
  readonly batch: string;
  readonly autoPay: boolean;
  readonly partnerAccount: boolean;
  /** Id or number of the parent account. */
  readonly parentKey: string | null;
  readonly paymentTerm: string;
  readonly billTo: ContactDraft | null;
  /** Null: a contact of its own with the bill-to contact's content. */
  readonly soldTo: ContactDraft | null;
  /** One contact is both. */
  readonly soldToSameAsBillTo: boolean;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

export interface OpenedAccount {
  readonly account: Account;
  readonly contacts: readonly Contact[];
}

export function needsOfNewAccount(draft: NewAccount): Need[] {
  const keys = [draft.accountNumber, draft.parentKey].filter((key) => key !== null);
  return keys.map((key) => ({ kind: 'account', key }));
}

export function numbersOfNewAccount(draft: NewAccount): ReadonlyArray<readonly [NumberKind, number]> {
  return draft.accountNumber === null ? [['account', 1]] : [];
}

/** Decides the account and its contacts; the caller puts them into its plan. */
export function openAccount(
  state: State,
  draft: NewAccount,
  context: DecideContext,
): OpenedAccount | Refusal {
  if (draft.accountNumber !== null) {
    const refusal = refuseAccountNumber(draft.accountNumber);
    if (refusal !== null) return refusal;
    if (state.find('account', draft.accountNumber) !== null) {
      return refuse('invalid', 'is used by another account', 'accountNumber');
    }
  }
  const parent = draft.parentKey === null ? null : state.find('account', draft.parentKey);
  if (draft.parentKey !== null && parent === null) {
    return refuse('invalid', 'names no account', 'parentId');
  }
  if (draft.soldTo !== null && draft.soldToSameAsBillTo) {
    return refuse('invalid', 'must not be true when soldToContact is given', 'soldToSameAsBillTo');
  }
  if (draft.status === 'Active' && draft.billTo === null) {
    return refuse('missing', 'is required', 'billToContact');
  }
  const accountNumber = draft.accountNumber ?? context.nextNumber('account');
  const id = context.newId();
  const billTo = draft.billTo === null ? null : newContact(id, draft.billTo, context);
  const soldTo = soldToOf(id, draft, billTo, context);
  return {
    account: {
      id,
      revision: 0,
      accountNumber,
      name: draft.name,
      status: draft.status,
      currency: draft.currency,
      billCycleDay: draft.billCycleDay,
      batch: draft.batch,
      autoPay: draft.autoPay,
      partnerAccount: draft.partnerAccount,
      parentId: parent?.id ?? null,
      billToContactId: billTo?.id ?? null,
      soldToContactId: soldTo?.id ?? null,
      paymentTerm: draft.paymentTerm,
      details: mergeDetails({}, draft.details),
      customFields: draft.customFields,
      createdAt: context.now,
      createdBy: context.actor,
      updatedAt: context.now,
      updatedBy: context.actor,
    },
    contacts: [...new Set([billTo, soldTo])].filter((contact) => contact !== null),
  };
}

function soldToOf(
  accountId: string,
  draft: NewAccount,
  billTo: Contact | null,
  context: DecideContext,
): Contact | null {
  if (draft.soldToSameAsBillTo) return billTo;
  const content = draft.soldTo ?? draft.billTo;
  return content === null ? null : newContact(accountId, content, context);
}
