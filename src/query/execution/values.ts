import type { StatementOutput } from '../../persistence/query-jobs.ts';
import { toWireOffsetDateTime } from '../../wire/values.ts';
import type { ResultColumn } from '../compiled-query.ts';
import { fromMillionths } from '../objects/values.ts';

type Print = (value: string | number) => string;

/** How the values of a column are written, from what SQL yields for it (`exactSql`). */
export function printerOf(
  { type }: ResultColumn,
  {
    instants = 'milliseconds',
    timeZone = 'UTC',
    decimalPlacesMin = 0,
  }: Pick<StatementOutput, 'instants' | 'timeZone' | 'decimalPlacesMin'>,
): Print {
  if (type === 'decimal') return (value) => withPlaces(fromMillionths(String(value)), decimalPlacesMin);
  if (type === 'boolean') return (value) => (Number(value) === 0 ? 'false' : 'true');
  if (type !== 'datetime') return String;
  if (timeZone !== 'UTC' && instants !== 'space') {
    const zoned = zonedPrinter(timeZone);
    return instants === 'milliseconds' ? zoned : (value) => zoned(value).replace(/\.\d+/, '');
  }
  if (instants === 'milliseconds') return String;
  if (instants === 'space') return (value) => String(value).replace('T', ' ').replace('Z', '');
  return (value) => String(value).replace(/(\.\d+)?Z$/, '+00:00');
}

const MINUTE_MS = 60_000;
const QUARTER_MS = 900_000;
/** A zone's offset is looked up once for each quarter of an hour, which is where clocks change: a look takes as long as printing a hundred rows. */
const QUARTERS_KNOWN_MAX = 10_000;

/** 2026-01-31T09:00:00.000+01:00 */
function zonedPrinter(timeZone: string): Print {
  const offsets = new Map<number, string>();
  const offsetAt = (quarter: number): string => {
    const known = offsets.get(quarter);
    if (known !== undefined) return known;
    if (offsets.size >= QUARTERS_KNOWN_MAX) offsets.clear();
    const instant = new Date(quarter * QUARTER_MS).toISOString();
    const offset = toWireOffsetDateTime(instant, timeZone).slice(-'+00:00'.length);
    offsets.set(quarter, offset);
    return offset;
  };
  return (value) => {
    const ms = Date.parse(String(value));
    if (Number.isNaN(ms)) return String(value);
    const offset = offsetAt(Math.floor(ms / QUARTER_MS));
    const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4));
    const localMs = offset.startsWith('-') ? ms - minutes * MINUTE_MS : ms + minutes * MINUTE_MS;
    return new Date(localMs).toISOString().slice(0, -1) + offset;
  };
}

/** 1000 with two places: 1000.00. */
function withPlaces(decimal: string, places: number): string {
  if (places === 0) return decimal;
  const [whole, fraction = ''] = decimal.split('.');
  return `${whole}.${fraction.padEnd(places, '0')}`;
}

/** SQL of a result column as it leaves SQLite: integers as text, since JavaScript rounds those over 2^53. */
export function exactSql({ type }: ResultColumn, name: string): string {
  return type === 'decimal' || type === 'integer' ? `CAST(${name} AS TEXT)` : name;
}
