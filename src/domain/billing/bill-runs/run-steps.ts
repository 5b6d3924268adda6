import type { CommandHandler, DecideContext } from '../../account/command.ts';
import { PlanBuilder } from '../../account/plan.ts';
import { type Refusal, refuse } from '../../result.ts';
import {
  type BillRun,
  type BillRunAccount,
  type BillRunStatus,
  billRunAccountId,
  PLANNED_ALL,
} from '../bill-run.ts';

/** What the job does to a run as a whole: in the run's own lane. Whoever asks a second time finds it done, and is refused. */

export const STEP_DONE: Refusal = refuse(
  'rule',
  'This step of the bill run is done, or not wanted any more.',
);

export interface PlanAccounts {
  readonly billRunId: string;
  /** The run's `plannedThrough` on which this page follows. */
  readonly after: string | null;
  readonly through: string;
  readonly accounts: ReadonlyArray<Pick<BillRunAccount, 'accountId' | 'subscriptionNumbers'>>;
}

/**
 * Gives the next page of accounts their rows. An account that has one already, because it is due in two ways, keeps it. The run's `updatedAt`
 * stays: since then it has been doing what it is doing, and who was asked since then is not asked again.
 */
export const planAccounts: CommandHandler<PlanAccounts, BillRun> = {
  needs: ({ billRunId, accounts }) => [
    { kind: 'billRun', key: billRunId },
    ...accounts.map(({ accountId }) => ({
      kind: 'billRunAccount' as const,
      key: billRunAccountId(billRunId, accountId),
    })),
  ],
  decide(state, { billRunId, after, through, accounts }, context) {
    const run = state.find('billRun', billRunId);
    if (run === null || !isBilling(run) || run.plannedThrough !== after) return STEP_DONE;
    const plan = new PlanBuilder();
    for (const { accountId, subscriptionNumbers } of accounts) {
      const id = billRunAccountId(billRunId, accountId);
      if (state.find('billRunAccount', id) !== null) continue;
      plan.insert('billRunAccount', { ...NEW_ROW, id, billRunId, accountId, subscriptionNumbers });
    }
    const planned: BillRun = {
      ...run,
      status: 'Processing',
      startedAt: run.startedAt ?? context.now,
      plannedThrough: through,
    };
    return plan.update('billRun', planned).build(planned);
  },
};

const NEW_ROW = {
  revision: 0,
  status: 'Pending',
  billedThrough: null,
  subscriptions: 0,
  lines: 0,
  pieces: 0,
  messages: 0,
  failure: null,
  updatedAt: '',
} as const;

/** Accounts may be billed. */
export function isBilling({ status }: BillRun): boolean {
  return status === 'Pending' || status === 'Processing';
}

export interface AdvanceRun {
  readonly billRunId: string;
  /** The status whose work is done: no account is left in it. */
  readonly from: Extract<BillRunStatus, 'Processing' | 'Posting' | 'Canceling' | 'Removing'>;
  /** Accounts that were refused. */
  readonly failures: number;
}

/**
 * Ends what a run is in, when its accounts are through with it. That none is left is found before it is asked for: accounts only ever leave,
 * since none is planned any more.
 */
export const advanceRun: CommandHandler<AdvanceRun, BillRun> = {
  needs: ({ billRunId }) => [{ kind: 'billRun', key: billRunId }],
  decide(state, { billRunId, from, failures }, context) {
    const run = state.find('billRun', billRunId);
    if (run === null || run.status !== from) return STEP_DONE;
    if (from === 'Processing' && run.plannedThrough !== PLANNED_ALL) return STEP_DONE;
    if (from === 'Removing') return new PlanBuilder().delete('billRun', run).build(run);
    const advanced = { ...run, ...next(run, failures, context), updatedAt: context.now };
    return new PlanBuilder().update('billRun', advanced).build(advanced);
  },
};

function next(run: BillRun, failures: number, { now }: DecideContext): Partial<BillRun> {
  const failure =
    failures === 0 ? null : `${failures} ${failures === 1 ? 'account was' : 'accounts were'} refused`;
  switch (run.status) {
    case 'Processing':
      if (run.options.autoPost) return { status: 'Posting', finishedAt: now, failure };
      return { status: failures === 0 ? 'Completed' : 'Error', finishedAt: now, failure };
    case 'Posting':
      return { status: 'Posted', postedAt: now, failure };
    default:
      return { status: 'Canceled', finishedAt: now };
  }
}
