import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import { withInserted } from '../account/state-with-plan.ts';
import type { CalendarDate } from '../calendar.ts';
import type { ChargeType } from '../charge-models/vocabulary.ts';
import { NumberTaker, takingNumbersFrom } from '../orders/number-taker.ts';
import { isRefusal, refuse } from '../result.ts';
import { billLines, findBillings, needsOfBilling } from './bill-lines.ts';
import { type WrittenDocuments, writeDocuments } from './write-documents.ts';

/** Subscriptions that one commit bills into documents of their own; an account with more is billed in several. */
export const GENERATE_SUBSCRIPTIONS_MAX = 250;

/** What is asked for of one account's documents (POST /v1/accounts/{key}/billing-documents/generate). */
export interface GenerateDocuments {
  readonly accountId: string;
  /** At most GENERATE_SUBSCRIPTIONS_MAX; those that another account is invoiced for by now are left alone. */
  readonly subscriptionNumbers: readonly string[];
  readonly targetDate: CalendarDate;
  /** Date of the documents. */
  readonly documentDate: CalendarDate;
  readonly chargeTypesToExclude: readonly ChargeType[];
  readonly posts: boolean;
  readonly creditMemoReasonCode: string | null;
}

/** Bills subscriptions of one account up to a date: one commit, so each service day is billed once however many ask at once (I6). */
export const generateDocuments: CommandHandler<GenerateDocuments, WrittenDocuments> = {
  needs: ({ accountId, subscriptionNumbers }) => [
    { kind: 'account', key: accountId },
    ...needsOfBilling(subscriptionNumbers),
  ],
  numbers: () => [['invoice', 1]],
  decide(state, asked, context) {
    const account = state.find('account', asked.accountId);
    if (account === null) return refuse('not_found', `There is no account ${asked.accountId}.`);
    if (account.status === 'Canceled') return refuse('rule', `account ${account.accountNumber} is canceled`);
    const plan = new PlanBuilder();
    const numbers = new NumberTaker(context);
    const at = { state: withInserted(state, plan), plan, context: takingNumbersFrom(numbers, context) };
    const billings = findBillings(state, asked.subscriptionNumbers).filter(
      ({ subscription }) => subscription.invoiceOwnerAccountId === account.id,
    );
    const extent = { ...asked, chargeTypesToExclude: new Set(asked.chargeTypesToExclude) };
    const terms = { ...asked, sourceType: 'Subscription' as const, sourceId: null, billRunId: null };
    const billed = billLines(billings, extent, at);
    if (isRefusal(billed)) return billed;
    const written = writeDocuments(billed, terms, asked.posts, at);
    if (isRefusal(written)) return written;
    numbers.settle();
    return plan.build(written);
  },
};
