import type { DecideContext } from '../account/command.ts';
import type { Need, State } from '../account/state.ts';
import type { Account } from '../accounts/account.ts';
import { type AccountReference, findDocumentAccount, needOfAccount } from '../billing/document-account.ts';
import type { Invoice } from '../billing/invoice.ts';
import { isRefusal, type JsonObject, type Refusal, refuse } from '../result.ts';
import {
  linesFromCharges,
  type MemoLineFromCharge,
  type MemoLineFromInvoice,
  type MemoLines,
  needsOfChargeLines,
  needsOfInvoiceLines,
} from './memo-lines.ts';

/** New credit and debit memos, as far as both kinds are made alike. */

type MemoKind = 'creditMemo' | 'debitMemo';

const NAMES = { creditMemo: 'credit memo', debitMemo: 'debit memo' } as const;

/** What a new memo says beside its lines. Absent values are null. */
export interface NewMemo {
  /** Today when null. */
  readonly memoDate: string | null;
  readonly reasonCode: string | null;
  readonly comment: string | null;
  readonly autoPost: boolean;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

/** POST /v1/…-memos. */
export interface MemoFromCharges extends NewMemo, AccountReference {
  /** The caller's own number, from a system that is migrated. */
  readonly memoNumber: string | null;
  /** The account's when null. */
  readonly currency: string | null;
  readonly lines: readonly MemoLineFromCharge[];
}

/** POST /v1/…-memos/invoice/{invoiceKey}. */
export interface MemoFromInvoice extends NewMemo {
  readonly invoiceId: string;
  /** The invoice's account, as whoever found the invoice knows: loaded with it. Nothing rests on it. */
  readonly accountId: string;
  readonly lines: readonly MemoLineFromInvoice[];
}

export function needsOfMemoFromCharges(kind: MemoKind, payload: MemoFromCharges): Need[] {
  return [
    ...needOfAccount(payload),
    ...needsOfChargeLines(payload.lines),
    ...(payload.memoNumber === null ? [] : [{ kind, key: payload.memoNumber }]),
  ];
}

export function needsOfMemoFromInvoice({ invoiceId, accountId, lines }: MemoFromInvoice): Need[] {
  return [
    { kind: 'invoice', key: invoiceId },
    { kind: 'account', key: accountId },
    ...needsOfInvoiceLines(lines),
  ];
}

/** What follows from a request for a memo from charges. */
interface ResolvedMemo {
  readonly account: Account;
  readonly lines: MemoLines;
  readonly memoNumber: string;
  readonly memoDate: string;
  readonly currency: string;
}

/** The account, lines and number of a memo from charges, or what is wrong with them. */
export function resolveMemoFromCharges(
  state: State,
  kind: MemoKind,
  payload: MemoFromCharges,
  context: DecideContext,
): ResolvedMemo | Refusal {
  const account = findDocumentAccount(state, payload);
  if (isRefusal(account)) return account;
  if (account.status === 'Canceled') {
    return refuse('rule', `account ${account.accountNumber} is canceled`, 'accountId');
  }
  const { memoNumber } = payload;
  if (memoNumber !== null && state.find(kind, memoNumber) !== null) {
    return refuse('invalid', `there is a ${NAMES[kind]} ${memoNumber} already`, 'number');
  }
  const memoDate = payload.memoDate ?? context.today;
  const currency = payload.currency ?? account.currency;
  const lines = linesFromCharges(state, payload.lines, { currency, memoDate }, context);
  if (isRefusal(lines)) return lines;
  return { account, lines, memoNumber: memoNumber ?? context.nextNumber(kind), memoDate, currency };
}

/** The posted invoice that a memo is made from and its account, or why there can be none. */
export function findInvoiceOfMemo(
  state: State,
  { invoiceId }: MemoFromInvoice,
): { readonly invoice: Invoice; readonly account: Account } | Refusal {
  const invoice = state.find('invoice', invoiceId);
  if (invoice === null) return refuse('not_found', `There is no invoice ${invoiceId}.`);
  const account = state.find('account', invoice.accountId);
  if (account === null) return refuse('not_found', `There is no account ${invoice.accountId}.`);
  const name = `invoice ${invoice.invoiceNumber}`;
  if (invoice.status !== 'Posted') {
    return refuse('rule', `${name} is ${invoice.status}, not Posted`, 'invoiceId');
  }
  if (invoice.isReversed) return refuse('rule', `${name} is reversed`, 'invoiceId');
  return { invoice, account };
}

/** What every new memo starts with, as a draft of now. */
export function draftOfMemo(
  accountId: string,
  amountMinor: number,
  lineCount: number,
  context: DecideContext,
) {
  return {
    id: context.newId(),
    revision: 0,
    accountId,
    status: 'Draft',
    targetDate: null,
    amountMinor,
    taxMinor: 0,
    lineCount,
    postedAt: null,
    postedBy: null,
    cancelledAt: null,
    cancelledBy: null,
    createdAt: context.now,
    createdBy: context.actor,
    updatedAt: context.now,
    updatedBy: context.actor,
  } as const;
}
