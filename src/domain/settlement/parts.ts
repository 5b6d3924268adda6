import type { Need, State } from '../account/state.ts';
import type { Invoice, InvoiceItem } from '../billing/invoice.ts';
import { currencyDigits } from '../currencies.ts';
import { type Decimal, fitsMinor, fromMinor, isNegative, isZero, toMinor } from '../money.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import { ITEM_KIND, type SourceKind, type TargetKind } from './application.ts';
import type { CreditMemoItem } from './credit-memo.ts';
import type { DebitMemo, DebitMemoItem } from './debit-memo.ts';

/** Limits of one request that applies or takes off (conventions 7), and of what requests come to. */
export const applicationLimits = {
  documentsMax: 1_000,
  itemsPerDocumentMax: 1_000,
  itemsMax: 15_000,
  /** Pairs of lines that one payment or credit memo is applied to of one document, by all requests together: they lie in one row. */
  itemsPerApplicationMax: 5_000,
} as const;

/** A part for one line, as it is asked for. */
export interface RequestedItem {
  /** Line of the credit memo that it is taken from; null: from the memo as a whole. */
  readonly sourceItemId: string | null;
  readonly targetItemId: string;
  readonly amount: Decimal;
}

/** A part of a payment or credit memo for one document, as it is asked for. */
export interface RequestedPart {
  readonly targetKind: TargetKind;
  /** Id or number. */
  readonly key: string;
  /** What the request called the key: invoiceId, debitMemoNumber … */
  readonly keyField: string;
  readonly amount: Decimal;
  /** Empty: for the document as a whole. Otherwise their sum is the amount. */
  readonly items: readonly RequestedItem[];
}

/** What is settled. */
export type Target =
  | { readonly kind: 'invoice'; readonly document: Invoice }
  | { readonly kind: 'debitMemo'; readonly document: DebitMemo };

export interface ResolvedItem {
  readonly path: string;
  readonly sourceItem: CreditMemoItem | null;
  readonly targetItem: InvoiceItem | DebitMemoItem;
  readonly amountMinor: number;
}

/** A part, resolved and checked against its document alone. */
export interface ResolvedPart {
  /** Where it stands in the request. */
  readonly path: string;
  readonly target: Target;
  readonly amountMinor: number;
  readonly items: readonly ResolvedItem[];
}

/** Who pays: the payment or credit memo that the parts are of. */
export interface Payer {
  readonly kind: SourceKind;
  readonly id: string;
  readonly accountId: string;
  readonly currency: string;
  /** For messages: 'payment P-00000001'. */
  readonly name: string;
  /** It is made by this very command: nothing can be applied of it yet. */
  readonly isNew?: true;
}

const WORDS = { invoice: 'invoice', debitMemo: 'debit memo' } as const;
const LISTS = { invoice: 'invoices', debitMemo: 'debitMemos' } as const;

export function needsOfParts(parts: readonly RequestedPart[]): Need[] {
  return parts.flatMap(({ targetKind, key, items }) => [
    { kind: targetKind, key },
    ...items.flatMap(({ sourceItemId, targetItemId }): Need[] => [
      { kind: ITEM_KIND[targetKind], key: targetItemId },
      ...(sourceItemId === null ? [] : [{ kind: 'creditMemoItem' as const, key: sourceItemId }]),
    ]),
  ]);
}

export function numberOfTarget({ kind, document }: Target): string {
  return `${WORDS[kind]} ${kind === 'invoice' ? document.invoiceNumber : document.memoNumber}`;
}

/**
 * Finds the documents of the parts. Every one must belong to the payer, be posted, be in the payer's currency and appear once; every
 * amount must be positive and exact in the currency.
 */
export function resolveParts(
  state: State,
  parts: readonly RequestedPart[],
  payer: Payer,
): ResolvedPart[] | Refusal {
  const resolved: ResolvedPart[] = [];
  const seen = new Set<string>();
  const places = { invoice: 0, debitMemo: 0 };
  for (const part of parts) {
    const path = `${LISTS[part.targetKind]}[${places[part.targetKind]++}]`;
    const found = resolvePart(state, part, payer, path);
    if (isRefusal(found)) return found;
    const { id } = found.target.document;
    if (seen.has(id)) {
      const message = `${numberOfTarget(found.target)} is named more than once`;
      return refuse('invalid', message, `${path}.${part.keyField}`);
    }
    seen.add(id);
    resolved.push(found);
  }
  return resolved;
}

function resolvePart(state: State, part: RequestedPart, payer: Payer, path: string): ResolvedPart | Refusal {
  const field = `${path}.${part.keyField}`;
  const target = findTarget(state, part.targetKind, part.key);
  if (target === null) return refuse('invalid', `there is no ${WORDS[part.targetKind]} ${part.key}`, field);
  const name = numberOfTarget(target);
  const { accountId, status, currency } = target.document;
  if (accountId !== payer.accountId) return refuse('invalid', `${name} belongs to another account`, field);
  if (status !== 'Posted') return refuse('invalid', `${name} is ${status}, not Posted`, field);
  if (target.kind === 'invoice' && target.document.isReversed) {
    return refuse('invalid', `${name} is reversed`, field);
  }
  if (currency !== payer.currency) {
    const message = `${name} is in ${currency}, ${payer.name} in ${payer.currency}`;
    return refuse('invalid', message, field);
  }
  const amountMinor = positiveMinor(part.amount, payer.currency, `${path}.amount`);
  if (typeof amountMinor !== 'number') return amountMinor;
  const items = resolveItems(state, part, target, payer, path);
  if ('refused' in items) return items;
  const sumMinor = items.reduce((sum, item) => sum + item.amountMinor, 0);
  if (items.length > 0 && sumMinor !== amountMinor) {
    const message = `the items add up to ${fromMinor(sumMinor, currency)}, not to the amount ${fromMinor(amountMinor, currency)}`;
    return refuse('invalid', message, `${path}.items`);
  }
  return { path, target, amountMinor, items };
}

/** A document by id or number; null when there is none. */
export function findTarget(state: State, kind: TargetKind, key: string): Target | null {
  if (kind === 'invoice') {
    const document = state.find('invoice', key);
    return document === null ? null : { kind, document };
  }
  const document = state.find('debitMemo', key);
  return document === null ? null : { kind, document };
}

function resolveItems(
  state: State,
  part: RequestedPart,
  target: Target,
  payer: Payer,
  path: string,
): ResolvedItem[] | Refusal {
  const resolved: ResolvedItem[] = [];
  const seen = new Set<string>();
  for (const [i, item] of part.items.entries()) {
    const at = `${path}.items[${i}]`;
    const targetItem = findTargetItem(state, target, item.targetItemId);
    if (targetItem === null) {
      const message = `${numberOfTarget(target)} has no item ${item.targetItemId}`;
      return refuse('invalid', message, `${at}.${part.targetKind}ItemId`);
    }
    const { sourceItemId } = item;
    const sourceItem = sourceItemId === null ? null : state.find('creditMemoItem', sourceItemId);
    if (sourceItemId !== null && sourceItem?.creditMemoId !== payer.id) {
      const message = `${payer.name} has no item ${sourceItemId}`;
      return refuse('invalid', message, `${at}.creditMemoItemId`);
    }
    const pair = `${sourceItemId} ${targetItem.id}`;
    if (seen.has(pair)) {
      return refuse('invalid', `item ${targetItem.id} is named more than once`, at);
    }
    seen.add(pair);
    const amountMinor = positiveMinor(item.amount, payer.currency, `${at}.amount`);
    if (typeof amountMinor !== 'number') return amountMinor;
    resolved.push({ path: at, sourceItem, targetItem, amountMinor });
  }
  return resolved;
}

function findTargetItem(state: State, target: Target, itemId: string): InvoiceItem | DebitMemoItem | null {
  if (target.kind === 'invoice') {
    const item = state.find('invoiceItem', itemId);
    return item?.invoiceId === target.document.id ? item : null;
  }
  const item = state.find('debitMemoItem', itemId);
  return item?.debitMemoId === target.document.id ? item : null;
}

/** The amount in minor units; must be above zero and exact in the currency. */
export function positiveMinor(amount: Decimal, currency: string, field: string): number | Refusal {
  if (isZero(amount) || isNegative(amount)) {
    return refuse('invalid', `${amount} is not greater than zero`, field);
  }
  const minor = toMinor(amount, currency);
  if (minor !== null) return minor;
  return fitsMinor(amount, currency)
    ? refuse(
        'invalid',
        `${amount} has more than the ${currencyDigits(currency)} decimal digits of ${currency}`,
        field,
      )
    : refuse('invalid', 'is larger than an amount can be', field);
}

/**
 * Whether the parts fit what is left of the payer, of each document and of each line that is named.
 *
 * @returns the sum of the parts in minor units
 */
export function checkApplicable(
  parts: readonly ResolvedPart[],
  unappliedMinor: number,
  { name, currency }: Pick<Payer, 'name' | 'currency'>,
): number | Refusal {
  const show = (minor: number) => `${fromMinor(minor, currency)} ${currency}`;
  let leftMinor = unappliedMinor;
  const taken = new Map<string, number>();
  for (const { path, target, amountMinor, items } of parts) {
    const { balanceMinor } = target.document;
    if (amountMinor > balanceMinor) {
      const message = `${show(amountMinor)} is more than the balance ${show(balanceMinor)} of ${numberOfTarget(target)}`;
      return refuse('invalid', message, `${path}.amount`);
    }
    if (amountMinor > leftMinor) {
      const message = `${show(amountMinor)} is more than the ${show(leftMinor)} that is left of ${name}`;
      return refuse('invalid', message, `${path}.amount`);
    }
    const refusal = checkItems(items, taken, show);
    if (refusal !== null) return refusal;
    leftMinor -= amountMinor;
  }
  return unappliedMinor - leftMinor;
}

/** What is left of a line once everything is taken off that was meant for this very line. */
export function openOfLine(item: InvoiceItem | DebitMemoItem | CreditMemoItem): number {
  const refundedMinor = 'refundedMinor' in item ? item.refundedMinor : 0;
  return item.amountMinor + item.taxMinor - item.appliedMinor - refundedMinor;
}

/**
 * Lines that are named more than once, by several lines or parts, share what is open of them.
 *
 * @param taken by line id, what the parts before take of it; these items are added
 */
function checkItems(
  items: readonly ResolvedItem[],
  taken: Map<string, number>,
  show: (minor: number) => string,
): Refusal | null {
  for (const { path, sourceItem, targetItem, amountMinor } of items) {
    for (const item of sourceItem === null ? [targetItem] : [targetItem, sourceItem]) {
      const before = taken.get(item.id) ?? 0;
      const openMinor = openOfLine(item) - before;
      if (amountMinor > openMinor) {
        const message = `${show(amountMinor)} is more than the ${show(openMinor)} that is open of item ${item.id}`;
        return refuse('invalid', message, `${path}.amount`);
      }
      taken.set(item.id, before + amountMinor);
    }
  }
  return null;
}
