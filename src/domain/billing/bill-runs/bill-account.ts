import type { CommandHandler, DecideContext } from '../../account/command.ts';
import { PlanBuilder } from '../../account/plan.ts';
import type { State } from '../../account/state.ts';
import { withInserted } from '../../account/state-with-plan.ts';
import { NumberTaker, takingNumbersFrom } from '../../orders/number-taker.ts';
import { isRefusal, type Refusal, refuse } from '../../result.ts';
import { type BillingAtHand, billLines, findBillings } from '../bill-lines.ts';
import { type BilledPiece, type BillRunPiece, billPiece, needsOfPiece } from '../bill-piece.ts';
import { BILLED_ALL, type BillRun, type BillRunAccount } from '../bill-run.ts';
import { writeDocuments } from '../write-documents.ts';
import { type AccountStep, findStep, isOpen, needsOfStep, stepped } from './account-steps.ts';
import { isBilling, STEP_DONE } from './run-steps.ts';

export interface BillAccount extends AccountStep {
  /** The row's `billedThrough` on which this piece follows. */
  readonly after: string | null;
  /** Its `billedThrough` afterwards; BILLED_ALL when no subscription is left. */
  readonly through: string;
  readonly subscriptionNumbers: readonly string[];
}

/**
 * Bills the next piece of an account. How far the account is billed changes in the same commit, so a piece is billed once however often it is
 * asked for. An account of one piece has its documents at once, posted when the run posts by itself; one of several collects them
 * as 'Generating' until the last piece is billed.
 */
export const billAccount: CommandHandler<BillAccount, BillRunAccount> = {
  needs: (step) => [...needsOfStep(step), ...needsOfPiece({ ...step, ...NO_EXTENT })],
  numbers: () => [['invoice', 1]],
  decide(state, step, context) {
    const found = findStep(state, step);
    if (found === null) return STEP_DONE;
    const { run, row } = found;
    if (!isBilling(run) || !isOpen(row) || row.failure !== null || row.billedThrough !== step.after) {
      return STEP_DONE;
    }
    const account = state.find('account', step.accountId);
    if (account?.status !== 'Active') {
      return refuse('rule', `account ${account?.accountNumber ?? step.accountId} is not active`);
    }
    const plan = new PlanBuilder();
    const isWhole = step.after === null && step.through === BILLED_ALL;
    const piece = pieceOf(run, step);
    const billed = isWhole
      ? billAtOnce(piece, run, state, plan, context)
      : billPiece(piece, { state, plan, context });
    if (isRefusal(billed)) return billed;
    const done: BillRunAccount = {
      ...stepped(row, step, context),
      status: isWhole ? (run.options.autoPost ? 'Posted' : 'Completed') : 'Processing',
      billedThrough: step.through,
      subscriptions: row.subscriptions + billed.subscriptions,
      lines: row.lines + billed.lines,
    };
    return plan.update('billRunAccount', done).build(done);
  },
};

/** What an account needs does not depend on how far it is billed. */
const NO_EXTENT = { targetDate: '', invoiceDate: '', chargeTypesToExclude: new Set<never>() };

function pieceOf(run: BillRun, { accountId, subscriptionNumbers }: BillAccount): BillRunPiece {
  return {
    billRunId: run.id,
    accountId,
    subscriptionNumbers,
    targetDate: run.targetDate,
    invoiceDate: run.invoiceDate,
    chargeTypesToExclude: new Set(run.options.chargeTypesToExclude),
  };
}

function billAtOnce(
  piece: BillRunPiece,
  run: BillRun,
  state: State,
  plan: PlanBuilder,
  context: DecideContext,
): BilledPiece | Refusal {
  const numbers = new NumberTaker(context);
  const at: BillingAtHand = {
    state: withInserted(state, plan),
    plan,
    context: takingNumbersFrom(numbers, context),
  };
  const billings = findBillings(state, piece.subscriptionNumbers).filter(
    ({ subscription }) => subscription.invoiceOwnerAccountId === piece.accountId,
  );
  const billed = billLines(billings, piece, at);
  if (isRefusal(billed)) return billed;
  const terms = {
    documentDate: run.invoiceDate,
    targetDate: run.targetDate,
    sourceType: 'Subscription',
    sourceId: null,
    billRunId: run.id,
    creditMemoReasonCode: null,
  } as const;
  const written = writeDocuments(billed, terms, run.options.autoPost, at);
  if (isRefusal(written)) return written;
  numbers.settle();
  return {
    subscriptions: billings.length,
    lines: billed.reduce((sum, { lines }) => sum + lines.length, 0),
  };
}
