import { textSql } from '../filtering/literals.ts';
import type { CompiledCondition } from './conditions.ts';
import type { DataSource } from './data-source.ts';

/**
 * Rows of the base that changed at an instant or later, by their UpdatedDate; null for objects without one, of which all rows are given.
 * Objects that hang on a row do not count: a row is not given again because its account changed.
 */
export function changedSinceCondition(source: DataSource, instant: string): CompiledCondition | null {
  const updated = source.ownField('UpdatedDate');
  if (updated === undefined || updated.sql === 'NULL') return null;
  return { sql: `${updated.sql} >= ${textSql(instant)}`, levels: 1, isOwn: updated.isOwn };
}
