import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { Audit, Stored } from '../entities.ts';
import { refuse } from '../result.ts';

/** Limits of a file with usage. Its bytes are bounded by what a request may carry. */
export const usageImportLimits = {
  rowsMax: 50_000,
  /** Rows that are recorded, and whose outcome is kept, at once. */
  rowsPerPiece: 250,
  /** A piece with as many characters takes no further row. */
  charactersPerPiece: 200_000,
} as const;

/** Where a piece of the file's rows lies, in bytes of its content. */
export interface UsagePiece {
  readonly from: number;
  readonly bytes: number;
  readonly rows: number;
}

/** A file with usage that was accepted: its rows are recorded piece after piece, each row once. */
export interface UsageImport extends Stored, Audit {
  readonly fileName: string;
  readonly fileId: string;
  readonly bytes: number;
  readonly status: 'Processing' | 'Completed' | 'Failed';
  /** The names in the file's heading, in the order of its cells. */
  readonly columns: readonly string[];
  readonly pieces: readonly UsagePiece[];
  readonly piecesDone: number;
  readonly rows: number;
  readonly recorded: number;
  readonly refused: number;
  /** Why the import as a whole could not go on. */
  readonly failure: string | null;
}

/** What became of a row: the id of its usage, or why there is none. */
export type UsageRowOutcome = readonly ['recorded' | 'refused', string];

export interface UsageImportPiece extends Stored {
  readonly importId: string;
  /** Counted from 0. */
  readonly piece: number;
  /** In the order of the rows. */
  readonly outcomes: readonly UsageRowOutcome[];
}

export type NewUsageImport = Pick<
  UsageImport,
  'fileName' | 'fileId' | 'bytes' | 'columns' | 'pieces' | 'rows'
>;

/** Accepts a file whose content is stored: from now on its rows are recorded, whatever happens to messages about it. */
export const createUsageImport: CommandHandler<NewUsageImport, UsageImport> = {
  needs: () => [],
  decide(_state, payload, { newId, now, actor }) {
    const accepted: UsageImport = {
      ...payload,
      id: newId(),
      revision: 0,
      status: 'Processing',
      piecesDone: 0,
      recorded: 0,
      refused: 0,
      failure: null,
      createdAt: now,
      createdBy: actor,
      updatedAt: now,
      updatedBy: actor,
    };
    return new PlanBuilder().insert('usageImport', accepted).build(accepted);
  },
};

export interface AdvanceUsageImport {
  readonly importId: string;
  readonly piece: number;
  readonly outcomes: readonly UsageRowOutcome[];
}

/** Keeps what became of the next piece; of a piece that is done already nothing is kept again. */
export const advanceUsageImport: CommandHandler<AdvanceUsageImport, object> = {
  needs: ({ importId }) => [{ kind: 'usageImport', key: importId }],
  decide(state, { importId, piece, outcomes }, { newId, now }) {
    const running = state.find('usageImport', importId);
    if (running === null) return refuse('not_found', `There is no import ${importId}.`);
    const plan = new PlanBuilder();
    if (running.status !== 'Processing' || piece !== running.piecesDone) return plan.build({});
    const recorded = outcomes.filter(([outcome]) => outcome === 'recorded').length;
    plan.update('usageImport', {
      ...running,
      status: piece + 1 === running.pieces.length ? 'Completed' : 'Processing',
      piecesDone: piece + 1,
      recorded: running.recorded + recorded,
      refused: running.refused + outcomes.length - recorded,
      updatedAt: now,
    });
    plan.insert('usageImportPiece', { id: newId(), revision: 0, importId, piece, outcomes });
    return plan.build({});
  },
};

/** Gives an import up whose content is gone: what was recorded stays. */
export const failUsageImport: CommandHandler<
  { readonly importId: string; readonly failure: string },
  object
> = {
  needs: ({ importId }) => [{ kind: 'usageImport', key: importId }],
  decide(state, { importId, failure }, { now }) {
    const running = state.find('usageImport', importId);
    const plan = new PlanBuilder();
    if (running?.status !== 'Processing') return plan.build({});
    return plan.update('usageImport', { ...running, status: 'Failed', failure, updatedAt: now }).build({});
  },
};

/** The pieces that hold rows of a range, and how many rows of the first of them lie before it. @param offset counted from 0 */
export function piecesOfRows(
  pieces: readonly UsagePiece[],
  offset: number,
  rows: number,
): { readonly from: number; readonly to: number; readonly skipped: number } {
  let before = 0;
  let from = 0;
  while (from < pieces.length && before + pieces[from]!.rows <= offset) before += pieces[from++]!.rows;
  let to = from;
  for (let through = before; to < pieces.length && through < offset + rows; to++) through += pieces[to]!.rows;
  return { from, to: to - 1, skipped: offset - before };
}
