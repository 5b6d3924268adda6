import type { CommandHandler } from '../../account/command.ts';
import { PlanBuilder } from '../../account/plan.ts';
import type { CalendarDate } from '../../calendar.ts';
import { isRefusal, refuse } from '../../result.ts';
import { billLines, findBillings, needsOfBilling } from '../bill-lines.ts';
import type { NewBillingLine } from '../bill-subscription.ts';
import type { BillingPreviewRun } from '../billing-preview-run.ts';

export interface PreviewPiece {
  readonly accountId: string;
  readonly subscriptionNumbers: readonly string[];
  readonly targetDate: CalendarDate;
  readonly options: BillingPreviewRun['options'];
}

/** The lines that a piece of an account would have, and what all of them have in common. */
export interface PreviewedLines {
  readonly accountNumber: string;
  readonly accountName: string;
  readonly lines: ReadonlyArray<{
    readonly currency: string;
    readonly line: NewBillingLine;
  }>;
}

/** Computes what a bill run would write for some subscriptions of an account, and writes nothing. */
export const previewPiece: CommandHandler<PreviewPiece, PreviewedLines> = {
  readsOnly: true,
  needs: ({ accountId, subscriptionNumbers }) => [
    { kind: 'account', key: accountId },
    ...needsOfBilling(subscriptionNumbers),
  ],
  decide(state, { accountId, subscriptionNumbers, targetDate, options }, context) {
    const account = state.find('account', accountId);
    if (account?.status !== 'Active') return refuse('rule', `account ${accountId} is not active`);
    const billings = findBillings(state, subscriptionNumbers).filter(
      ({ subscription }) =>
        subscription.invoiceOwnerAccountId === accountId &&
        (options.includingEvergreenSubscription || subscription.termType !== 'EVERGREEN'),
    );
    // What billing writes goes nowhere: the reply is all that is kept.
    const plan = new PlanBuilder();
    const extent = { targetDate, chargeTypesToExclude: new Set(options.chargeTypesToExclude) };
    const billed = billLines(billings, extent, { state, plan, context });
    if (isRefusal(billed)) return billed;
    const { accountNumber, name: accountName } = account;
    return new PlanBuilder().build({
      accountNumber,
      accountName,
      lines: billed.flatMap(({ subscription: { currency }, lines }) =>
        lines.map((line) => ({ currency, line })),
      ),
    });
  },
};
