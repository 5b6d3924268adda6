import { QueryError } from '../compiled-query.ts';
import { dataQueryLimits } from './limits.ts';
import { type Names, quoted, type Value, value, withOnce } from './values.ts';

/** A piece of a pattern between two %: characters, null for each `_`. */
type Part = ReadonlyArray<string | null>;

/**
 * LIKE as Trino has it: letters count, unlike in SQLite's. The pattern is a text known beforehand, and is done as a search for one part after
 * another from the left, so that the time is that of reading the text once for each part, whatever the pattern.
 */
export function like(names: Names, text: Value, pattern: string, escaping: string | null): Value {
  const parts = partsOf(pattern, escaping);
  const { dataQueryLikePartsMax } = dataQueryLimits;
  if (parts.length > dataQueryLikePartsMax) {
    throw new QueryError(`A LIKE pattern has more than ${dataQueryLikePartsMax} parts between its % signs.`);
  }
  return value(
    'boolean',
    withOnce(names, [text], (x) => matches(names, x!, parts)),
  );
}

/** The parts between the % signs; one part when there are none, and empty ones only at the ends. */
function partsOf(pattern: string, escaping: string | null): Part[] {
  if (escaping !== null && [...escaping].length !== 1)
    throw new QueryError('Escape string must be a single character');
  const parts: Array<Array<string | null>> = [[]];
  const characters = [...pattern];
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index]!;
    const part = parts.at(-1)!;
    if (character === escaping) {
      index += 1;
      const escaped = characters[index];
      if (escaped !== '%' && escaped !== '_' && escaped !== escaping) {
        throw new QueryError('Escape character must be followed by %, _ or the escape character itself');
      }
      part.push(escaped);
    } else if (character === '%') {
      if (parts.length === 1 || part.length > 0) parts.push([]);
    } else {
      part.push(character === '_' ? null : character);
    }
  }
  return parts;
}

function matches(names: Names, x: string, parts: readonly Part[]): string {
  const [first = [], ...others] = parts;
  if (others.length === 0) return `(length(${x}) = ${first.length} AND ${starts(x, first)})`;
  const last = others.at(-1)!;
  const middle = others.slice(0, -1);
  const fixed = first.length + last.length;
  const ends =
    last.length === 0
      ? '1'
      : isPlain(last)
        ? `substr(${x}, -${last.length}) = ${plain(last)}`
        : `substr(${x}, -${last.length}) GLOB ${glob(last)}`;
  const outer = `(length(${x}) >= ${fixed} AND ${starts(x, first)} AND ${ends})`;
  if (middle.length === 0) return outer;
  const inside = `substr(${x}, ${first.length + 1}, length(${x}) - ${fixed})`;
  const found = `(${outer} AND ${containsInOrder(names, inside, middle)})`;
  return `(CASE WHEN ${x} IS NULL THEN NULL ELSE ${found} END)`;
}

function starts(x: string, part: Part): string {
  if (part.length === 0) return '1';
  const start = `substr(${x}, 1, ${part.length})`;
  return isPlain(part) ? `${start} = ${plain(part)}` : `${start} GLOB ${glob(part)}`;
}

/** Whether the parts stand in the text one after another: each is sought in what the one before has left. */
function containsInOrder(names: Names, text: string, parts: readonly Part[]): string {
  if (parts.length === 1 && !isPlain(parts[0]!)) return `${text} GLOB ${glob(parts[0]!, '*')}`;
  if (!parts.every(isPlain)) {
    throw new QueryError('A LIKE pattern with several parts between % signs has _ in one of them.');
  }
  const rest = parts.reduce((before, part, index) => {
    if (index === parts.length - 1) return before;
    return withOnce(
      names,
      [value('varchar', before)],
      (x) =>
        `(CASE instr(${x}, ${plain(part)}) WHEN 0 THEN NULL ELSE substr(${x}, instr(${x}, ${plain(part)}) + ${part.length}) END)`,
    );
  }, text);
  return `coalesce(instr(${rest}, ${plain(parts.at(-1)!)}) > 0, 0)`;
}

function isPlain(part: Part): boolean {
  return !part.includes(null);
}

function plain(part: Part): string {
  return quoted(part.join(''));
}

/** A part with `_` as a pattern of GLOB, which heeds letters; what GLOB reads as a sign stands in brackets. */
function glob(part: Part, around = ''): string {
  const text = part.map((one) => (one === null ? '?' : /[*?[]/.test(one) ? `[${one}]` : one)).join('');
  const { dataQueryLikePartBytesMax } = dataQueryLimits;
  const pattern = `${around}${text}${around}`;
  if (new TextEncoder().encode(pattern).length > dataQueryLikePartBytesMax) {
    throw new QueryError(
      `A part of a LIKE pattern that has _ is longer than ${dataQueryLikePartBytesMax} bytes.`,
    );
  }
  return quoted(pattern);
}
