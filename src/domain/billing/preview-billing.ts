import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import type { CalendarDate } from '../calendar.ts';
import type { ChargeType } from '../charge-models/vocabulary.ts';
import type { Entities, EntityKind } from '../entities.ts';
import type { Decimal } from '../money.ts';
import { withMadeUpNumbers } from '../orders/number-taker.ts';
import { isRefusal, refuse } from '../result.ts';
import { billLines, findBillings, needsOfBilling } from './bill-lines.ts';
import type { SubscriptionBilling } from './billable.ts';
import { type PreviewThrough, previewTarget } from './preview-through.ts';
import { chargeOfTotalKey, type UsageTotal } from './usage.ts';
import { type WrittenDocuments, writeDocuments } from './write-documents.ts';

/** Subscriptions that one preview of an account looks at; an account with more is for a billing preview run. */
export const PREVIEW_SUBSCRIPTIONS_MAX = 500;

/** What would be billed of one account (POST /v1/operations/billing-preview). */
export interface PreviewBilling {
  readonly accountId: string;
  /** At most PREVIEW_SUBSCRIPTIONS_MAX. */
  readonly subscriptionNumbers: readonly string[];
  readonly targetDate: CalendarDate;
  readonly chargeTypesToExclude: readonly ChargeType[];
  readonly includesEvergreen: boolean;
}

export interface BillingPreview {
  readonly accountId: string;
  readonly documents: WrittenDocuments;
}

/** Decided exactly as generating would be, in the same lane, and never committed (I11). */
export const previewBilling: CommandHandler<PreviewBilling, BillingPreview> = {
  readsOnly: true,
  needs: ({ accountId, subscriptionNumbers }) => [
    { kind: 'account', key: accountId },
    ...needsOfBilling(subscriptionNumbers),
  ],
  decide(state, asked, realContext) {
    const account = state.find('account', asked.accountId);
    if (account === null) return refuse('not_found', `There is no account ${asked.accountId}.`);
    const plan = new PlanBuilder();
    const at = { state, plan, context: withMadeUpNumbers(realContext) };
    const billings = findBillings(state, asked.subscriptionNumbers).filter(
      ({ subscription: { invoiceOwnerAccountId, termType } }) =>
        invoiceOwnerAccountId === account.id && (asked.includesEvergreen || termType === 'TERMED'),
    );
    const extent = { ...asked, chargeTypesToExclude: new Set(asked.chargeTypesToExclude) };
    const terms = termsOf(asked.targetDate, realContext.today);
    const billed = billLines(billings, extent, at);
    if (isRefusal(billed)) return billed;
    const documents = writeDocuments(billed, terms, false, at);
    if (isRefusal(documents)) return documents;
    return new PlanBuilder().build({ accountId: account.id, documents });
  },
};

/** What would be billed of one subscription (POST /v1/subscriptions/{key}/preview). */
export interface PreviewSubscriptionBilling {
  readonly subscriptionNumber: string;
  /** Lines that end before it are not shown: the term's start, today, or a date. */
  readonly start: 'startOfTerm' | 'today' | { readonly date: CalendarDate };
  readonly through: PreviewThrough;
  /** What is used in each billing period of usage charges, by the number or the id of the charge. */
  readonly usage: ReadonlyArray<{ readonly chargeKey: string; readonly quantity: Decimal }>;
}

export interface SubscriptionBillingPreview {
  readonly documents: WrittenDocuments;
  readonly targetDate: CalendarDate;
}

export const previewSubscriptionBilling: CommandHandler<
  PreviewSubscriptionBilling,
  SubscriptionBillingPreview
> = {
  readsOnly: true,
  needs: ({ subscriptionNumber }) => needsOfBilling([subscriptionNumber]),
  decide(state, asked, realContext) {
    const [billing] = findBillings(state, [asked.subscriptionNumber]);
    if (billing === undefined)
      return refuse('not_found', `There is no subscription ${asked.subscriptionNumber}.`);
    const { subscription } = billing;
    const used = usedQuantities(billing, asked.usage);
    if (isRefusal(used)) return used;
    const from = startOf(asked.start, subscription.termStartDate, realContext.today);
    const charges = billing.charges.map(({ charge }) => charge);
    const targetDate = previewTarget(asked.through, subscription, charges, from);
    const plan = new PlanBuilder();
    const at = { state: withUsage(state, used), plan, context: withMadeUpNumbers(realContext) };
    const billed = billLines([billing], { targetDate, chargeTypesToExclude: new Set() }, at);
    if (isRefusal(billed)) return billed;
    const shown = billed.map((one) => ({
      ...one,
      lines: one.lines.filter(
        ({ serviceStartDate, serviceEndDate: end }) => (end ?? serviceStartDate) >= from,
      ),
    }));
    const documents = writeDocuments(shown, termsOf(targetDate, realContext.today), false, at);
    return isRefusal(documents) ? documents : new PlanBuilder().build({ documents, targetDate });
  },
};

function termsOf(targetDate: CalendarDate, documentDate: CalendarDate) {
  return {
    documentDate,
    targetDate,
    sourceType: 'Subscription' as const,
    sourceId: null,
    billRunId: null,
    creditMemoReasonCode: null,
  };
}

function startOf(
  start: PreviewSubscriptionBilling['start'],
  termStartDate: CalendarDate,
  today: CalendarDate,
): CalendarDate {
  if (start === 'today') return today;
  return start === 'startOfTerm' ? termStartDate : start.date;
}

/** Quantities by charge number; refuses a charge that the subscription has not. */
function usedQuantities(
  { charges }: SubscriptionBilling,
  usage: PreviewSubscriptionBilling['usage'],
): ReadonlyMap<string, Decimal> | ReturnType<typeof refuse> {
  const used = new Map<string, Decimal>();
  for (const [i, { chargeKey, quantity }] of usage.entries()) {
    const found = charges.find(({ charge }) =>
      [charge.id, charge.originalChargeId, charge.chargeNumber].includes(chargeKey),
    );
    if (found === undefined || found.charge.chargeType !== 'Usage') {
      const message = `the subscription has no usage charge ${chargeKey}`;
      return refuse('invalid', message, `quantityForUsageCharges[${i}].chargeId`);
    }
    used.set(found.charge.chargeNumber, quantity);
  }
  return used;
}

/** The state with these quantities in place of the usage that is recorded, in each period of these charges. */
function withUsage(state: State, used: ReadonlyMap<string, Decimal>): State {
  return {
    find<K extends EntityKind>(kind: K, key: string): Entities[K] | null {
      const quantity = kind === 'usageTotal' ? used.get(chargeOfTotalKey(key)) : undefined;
      if (quantity === undefined) return state.find(kind, key);
      const total: UsageTotal = { id: key, revision: 1, quantity, throughSequence: 1, records: 1 };
      return total as Entities[K];
    },
  };
}
