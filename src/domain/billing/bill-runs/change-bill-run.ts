import type { CommandHandler, DecideContext } from '../../account/command.ts';
import { PlanBuilder } from '../../account/plan.ts';
import type { State } from '../../account/state.ts';
import { type Refusal, refuse } from '../../result.ts';
import type { BillRun, BillRunStatus } from '../bill-run.ts';

/** What callers do to a run. The work that it means is done by the job, account by account. */

export interface BillRunReference {
  readonly billRunId: string;
}

export interface PostBillRun extends BillRunReference {
  /** Date of the invoices that are posted. */
  readonly invoiceDate: string;
}

/** Stops between pieces: whoever bills an account for the run rests on the run's row. */
export const cancelBillRun: CommandHandler<BillRunReference, BillRun> = change(
  'canceled',
  ['Pending', 'Processing', 'Completed', 'Error'],
  () => ({ status: 'Canceling' }),
);

export const postBillRun: CommandHandler<PostBillRun, BillRun> = change(
  'posted',
  ['Completed', 'Error'],
  ({ invoiceDate }) => ({ status: 'Posting', invoiceDate }),
);

export const deleteBillRun: CommandHandler<BillRunReference, BillRun> = change(
  'deleted',
  ['Canceled'],
  () => ({
    status: 'Removing',
  }),
);

function change<Payload extends BillRunReference>(
  done: string,
  from: readonly BillRunStatus[],
  to: (payload: Payload) => Partial<BillRun>,
): CommandHandler<Payload, BillRun> {
  return {
    needs: ({ billRunId }) => [{ kind: 'billRun', key: billRunId }],
    decide(state, payload, context) {
      const found = findRun(state, payload, done, from);
      if ('refused' in found) return found;
      const changed = { ...found, ...to(payload), ...changedBy(context) };
      return new PlanBuilder().update('billRun', changed).build(changed);
    },
  };
}

function findRun(
  state: State,
  { billRunId }: BillRunReference,
  done: string,
  from: readonly BillRunStatus[],
): BillRun | Refusal {
  const run = state.find('billRun', billRunId);
  if (run === null) return refuse('not_found', `There is no bill run ${billRunId}.`);
  if (from.includes(run.status)) return run;
  const message = `bill run ${run.billRunNumber} is ${run.status}; only a bill run that is ${from.join(', ')} can be ${done}`;
  return refuse('rule', message);
}

function changedBy({ now, actor }: DecideContext): Pick<BillRun, 'updatedAt' | 'updatedBy'> {
  return { updatedAt: now, updatedBy: actor };
}
