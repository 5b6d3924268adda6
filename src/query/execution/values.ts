import type { StatementOutput } from '../../persistence/query-jobs.ts';
import type { ResultColumn } from '../compiled-query.ts';
import { fromMillionths } from '../objects/values.ts';

type Print = (value: string | number) => string;

/** How the values of a column are written, from what SQL yields for it (`exactSql`). */
export function printerOf(
  { type }: ResultColumn,
  { instants = 'milliseconds' }: Pick<StatementOutput, 'instants'>,
): Print {
  if (type === 'decimal') return (value) => fromMillionths(String(value));
  if (type === 'boolean') return (value) => (Number(value) === 0 ? 'false' : 'true');
  if (type !== 'datetime' || instants === 'milliseconds') return String;
  if (instants === 'space') return (value) => String(value).replace('T', ' ').replace('Z', '');
  return (value) => String(value).replace(/(\.\d+)?Z$/, '+00:00');
}

/** SQL of a result column as it leaves SQLite: integers as text, since JavaScript rounds those over 2^53. */
export function exactSql({ type }: ResultColumn, name: string): string {
  return type === 'decimal' || type === 'integer' ? `CAST(${name} AS TEXT)` : name;
}
