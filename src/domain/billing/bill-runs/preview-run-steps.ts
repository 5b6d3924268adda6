import type { CommandHandler } from '../../account/command.ts';
import { PlanBuilder } from '../../account/plan.ts';
import { type BillingPreviewRun, PREVIEWED_ALL } from '../billing-preview-run.ts';
import { STEP_DONE } from './run-steps.ts';

/** A billing preview run as it is asked for (POST /v1/billing-preview-runs). */
export type NewBillingPreviewRun = Pick<BillingPreviewRun, 'targetDate' | 'filter' | 'options'>;

export const createPreviewRun: CommandHandler<NewBillingPreviewRun, BillingPreviewRun> = {
  needs: () => [],
  numbers: () => [['billingPreviewRun', 1]],
  decide(_state, { targetDate, filter, options }, context) {
    const run: BillingPreviewRun = {
      id: context.newId(),
      revision: 0,
      runNumber: context.nextNumber('billingPreviewRun'),
      status: 'Pending',
      targetDate,
      filter,
      options,
      previewedThrough: null,
      parts: 0,
      fileId: context.newId(),
      accounts: 0,
      succeededAccounts: 0,
      failure: null,
      startedAt: null,
      finishedAt: null,
      createdAt: context.now,
      createdBy: context.actor,
      updatedAt: context.now,
      updatedBy: context.actor,
    };
    return new PlanBuilder().insert('billingPreviewRun', run).build(run);
  },
};

/** What the next piece of the result holds: kept with the piece, so that whoever writes it again says the same. */
export interface PreviewedPiece {
  readonly through: string;
  readonly accounts: number;
  readonly succeededAccounts: number;
}

export interface AdvancePreviewRun extends PreviewedPiece {
  readonly runId: string;
  /** Pieces that were written before this one. */
  readonly parts: number;
}

/** Counts a piece that is written; whoever wrote it a second time finds it counted. */
export const advancePreviewRun: CommandHandler<AdvancePreviewRun, BillingPreviewRun> = {
  needs: ({ runId }) => [{ kind: 'billingPreviewRun', key: runId }],
  decide(state, { runId, parts, through, accounts, succeededAccounts }, context) {
    const run = state.find('billingPreviewRun', runId);
    if (run === null || run.parts !== parts || run.previewedThrough === PREVIEWED_ALL) return STEP_DONE;
    const advanced: BillingPreviewRun = {
      ...run,
      status: 'Processing',
      startedAt: run.startedAt ?? context.now,
      previewedThrough: through,
      parts: parts + 1,
      accounts: run.accounts + accounts,
      succeededAccounts: run.succeededAccounts + succeededAccounts,
      updatedAt: context.now,
    };
    return new PlanBuilder().update('billingPreviewRun', advanced).build(advanced);
  },
};

export interface FinishPreviewRun {
  readonly runId: string;
}

/** The file is whole. Accounts that could not be previewed are not in it: then the run is in Error, and says how many. */
export const finishPreviewRun: CommandHandler<FinishPreviewRun, BillingPreviewRun> = {
  needs: ({ runId }) => [{ kind: 'billingPreviewRun', key: runId }],
  decide(state, { runId }, context) {
    const run = state.find('billingPreviewRun', runId);
    if (run?.status !== 'Processing' || run.previewedThrough !== PREVIEWED_ALL) return STEP_DONE;
    const failures = run.accounts - run.succeededAccounts;
    const finished: BillingPreviewRun = {
      ...run,
      status: failures === 0 ? 'Completed' : 'Error',
      failure: failures === 0 ? null : `${failures} of ${run.accounts} accounts could not be previewed`,
      finishedAt: context.now,
      updatedAt: context.now,
    };
    return new PlanBuilder().update('billingPreviewRun', finished).build(finished);
  },
};
