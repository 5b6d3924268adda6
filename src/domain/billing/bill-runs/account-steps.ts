import type { CommandHandler, DecideContext } from '../../account/command.ts';
import { PlanBuilder } from '../../account/plan.ts';
import type { State } from '../../account/state.ts';
import { type BillRun, type BillRunAccount, billRunAccountId } from '../bill-run.ts';
import { isBilling, STEP_DONE } from './run-steps.ts';

/** A step on one account of a bill run, in the account's lane. It rests on the run's row, so a run that is cancelled stops before the next. */
export interface AccountStep {
  readonly billRunId: string;
  readonly accountId: string;
  /** The first step that a queue message leads to, for the count of messages. */
  readonly isFirst: boolean;
}

export const needsOfStep = ({ billRunId, accountId }: AccountStep) =>
  [
    { kind: 'billRun', key: billRunId },
    { kind: 'billRunAccount', key: billRunAccountId(billRunId, accountId) },
  ] as const;

/** The run and the account's row in it; null when either is gone. */
export function findStep(
  state: State,
  { billRunId, accountId }: AccountStep,
): { readonly run: BillRun; readonly row: BillRunAccount } | null {
  const run = state.find('billRun', billRunId);
  const row = state.find('billRunAccount', billRunAccountId(billRunId, accountId));
  return run === null || row === null ? null : { run, row };
}

/** The row after one more step. */
export function stepped(
  row: BillRunAccount,
  { isFirst }: AccountStep,
  { now }: DecideContext,
): BillRunAccount {
  return {
    ...row,
    pieces: row.pieces + 1,
    messages: row.messages + (isFirst ? 1 : 0),
    updatedAt: now,
  };
}

export interface RefuseAccount extends AccountStep {
  readonly reason: string;
}

const REASON_CHARACTERS_MAX = 500;

/** Keeps why an account could not be billed, or posted. From then on nothing more is billed for it in this run. */
export const refuseAccount: CommandHandler<RefuseAccount, BillRunAccount> = {
  needs: needsOfStep,
  decide(state, step, context) {
    const found = findStep(state, step);
    if (found === null) return STEP_DONE;
    const { run, row } = found;
    const failure = step.reason.slice(0, REASON_CHARACTERS_MAX);
    if (run.status === 'Posting' && row.status === 'Completed') {
      const refused: BillRunAccount = { ...stepped(row, step, context), status: 'Error', failure };
      return new PlanBuilder().update('billRunAccount', refused).build(refused);
    }
    if (!isBilling(run) || !isOpen(row) || row.failure !== null) return STEP_DONE;
    const refused: BillRunAccount = { ...stepped(row, step, context), status: 'Processing', failure };
    return new PlanBuilder().update('billRunAccount', refused).build(refused);
  },
};

/** Something of the account is still to be billed, or to be taken back. */
export function isOpen({ status }: BillRunAccount): boolean {
  return status === 'Pending' || status === 'Processing';
}

export interface CloseAccount extends AccountStep {
  /** The row as it was when nothing of it was found to be left: another step since then is another row. */
  readonly revision: number;
}

/** The account is through with what its run is doing; deletes its row when the run is being removed. */
export const closeAccount: CommandHandler<CloseAccount, BillRunAccount> = {
  needs: needsOfStep,
  decide(state, step, context) {
    const found = findStep(state, step);
    if (found === null || found.row.revision !== step.revision) return STEP_DONE;
    const { run, row } = found;
    if (run.status === 'Removing') return new PlanBuilder().delete('billRunAccount', row).build(row);
    const status = statusAfter(run, row);
    if (status === null) return STEP_DONE;
    const closed: BillRunAccount = { ...stepped(row, step, context), status };
    return new PlanBuilder().update('billRunAccount', closed).build(closed);
  },
};

function statusAfter(run: BillRun, row: BillRunAccount): BillRunAccount['status'] | null {
  if (run.status === 'Canceling') return 'Canceled';
  if (run.status === 'Posting') return row.status === 'Completed' ? 'Posted' : null;
  if (!isBilling(run) || !isOpen(row)) return null;
  return row.failure === null ? 'Completed' : 'Error';
}
