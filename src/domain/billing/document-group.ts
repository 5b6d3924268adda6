import type { Account } from '../accounts/account.ts';
import type { JsonObject } from '../result.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import type { BilledLines } from './bill-lines.ts';
import type { NewBillingLine } from './bill-subscription.ts';
import { isPaymentTerm } from './payment-terms.ts';

/** Lines that one invoice or credit memo holds at the most; what is more goes into the next one. */
export const DOCUMENT_LINES_MAX = 20_000;

/** What all lines of one document have in common (semantics E.2): who is invoiced, in which currency, on which terms. */
export interface DocumentGroup {
  /** Equal texts belong together. */
  readonly key: string;
  readonly account: Account;
  readonly currency: string;
  /** Null: the account's, also when it changes before the document is posted. */
  readonly paymentTerm: string | null;
  readonly billToContactId: string | null;
  readonly soldToContactId: string | null;
  /** Attributes of the documents under their wire names (templateId, sequenceSetId, invoiceGroupNumber). */
  readonly details: JsonObject;
}

export interface GroupedLines {
  readonly group: DocumentGroup;
  readonly lines: readonly NewBillingLine[];
}

/** The group of a subscription's lines: what it says differs from its account, and itself when it is invoiced separately. */
export function groupOf(subscription: Subscription, account: Account): DocumentGroup {
  const { currency, subscriptionNumber, details } = subscription;
  const given = (name: string) => (typeof details[name] === 'string' ? (details[name] as string) : null);
  const term = given('paymentTerm');
  const attributes = {
    invoiceGroupNumber: given('invoiceGroupNumber'),
    templateId: given('invoiceTemplateId'),
    sequenceSetId: given('sequenceSetId'),
  };
  const common = {
    currency,
    // Orders of releases before kept any text as a term; what names none leaves the account's.
    paymentTerm: term !== null && isPaymentTerm(term) ? term : null,
    billToContactId: given('billToContactId'),
    soldToContactId: given('soldToContactId'),
  };
  const separately = details.invoiceSeparately === true ? subscriptionNumber : null;
  return {
    ...common,
    key: JSON.stringify([account.id, ...Object.values(common), separately, ...Object.values(attributes)]),
    account,
    details: Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null)),
  };
}

/** The lines by group, in the order in which the groups first appear; groups without lines are left out. */
export function groupLines(billed: readonly BilledLines[]): GroupedLines[] {
  const groups = new Map<string, { readonly group: DocumentGroup; readonly lines: NewBillingLine[] }>();
  for (const { account, subscription, lines } of billed) {
    if (lines.length === 0) continue;
    const group = groupOf(subscription, account);
    const known = groups.get(group.key);
    if (known === undefined) groups.set(group.key, { group, lines: [...lines] });
    else known.lines.push(...lines);
  }
  return [...groups.values()];
}
