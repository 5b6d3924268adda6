import { textSql } from '../filtering/literals.ts';
import type { CompiledCondition } from './conditions.ts';
import type { DataSource } from './data-source.ts';

/** Instants between which a row changed last; null: it may have been before or after any. */
export interface ChangeWindow {
  readonly from: string | null;
  readonly until: string | null;
}

/**
 * Rows of the base that changed at an instant or later, and before another; nothing for objects that do not say when they changed, of which all
 * rows are given. What hangs on a row does not count: an invoice is not given again because its account changed. Rows that were deleted
 * changed last when they were (persistence/snapshots.ts).
 */
export function changedConditions(source: DataSource, { from, until }: ChangeWindow): CompiledCondition[] {
  if (from === null && until === null) return [];
  const changed = source.changed();
  if (changed === undefined) return [];
  const { sql, isOwn } = changed;
  return [
    ...(from === null ? [] : [{ sql: `${sql} >= ${textSql(from)}`, levels: 1, isOwn }]),
    ...(until === null ? [] : [{ sql: `${sql} < ${textSql(until)}`, levels: 1, isOwn }]),
  ];
}
