import { QueryError } from '../compiled-query.ts';
import {
  type FunctionContext,
  literalInteger,
  literalText,
  type ScalarFunction,
  scalar,
} from './function-shapes.ts';
import { dataQueryLimits } from './limits.ts';
import { quoted, type Value, value, withOnce } from './values.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Functions over text. Positions count characters from 1. */
export const textFunctions: readonly ScalarFunction[] = [
  scalar('length', ['varchar'], 'bigint', (x) => `length(${x})`),
  scalar(
    'lower',
    ['varchar'],
    'varchar',
    (x) => `lower(${x})`,
    `of the letters ${LETTERS[0]} to ${LETTERS.at(-1)}`,
  ),
  scalar(
    'upper',
    ['varchar'],
    'varchar',
    (x) => `upper(${x})`,
    `of the letters ${LETTERS[0]} to ${LETTERS.at(-1)}`,
  ),
  scalar('trim', ['varchar', 'varchar?'], 'varchar', (...list) => `trim(${list.join(', ')})`),
  scalar('ltrim', ['varchar', 'varchar?'], 'varchar', (...list) => `ltrim(${list.join(', ')})`),
  scalar('rtrim', ['varchar', 'varchar?'], 'varchar', (...list) => `rtrim(${list.join(', ')})`),
  scalar(
    'replace',
    ['varchar', 'varchar', 'varchar?'],
    'varchar',
    (x, from, to) => `replace(${x}, ${from}, ${to ?? "''"})`,
  ),
  scalar('strpos', ['varchar', 'varchar'], 'bigint', (x, part) => `instr(${x}, ${part})`),
  scalar('chr', ['bigint'], 'varchar', (x) => `char(${x})`),
  scalar('codepoint', ['varchar'], 'bigint', (x) => `unicode(${x})`),
  {
    name: 'substr',
    signature: 'substr(varchar, bigint[, bigint]) → varchar',
    parameters: ['varchar', 'bigint', 'bigint?'],
    compile: ({ names }, [text, start, length]) =>
      value(
        'varchar',
        withOnce(names, [text!, start!, ...(length === undefined ? [] : [length])], substring),
      ),
  },
  {
    name: 'starts_with',
    signature: 'starts_with(varchar, varchar) → boolean',
    parameters: ['varchar', 'varchar'],
    compile: ({ names }, [text, start]) =>
      value(
        'boolean',
        withOnce(names, [text!, start!], (x, y) => `(substr(${x}, 1, length(${y})) = ${y})`),
      ),
  },
  {
    name: 'split_part',
    signature: 'split_part(varchar, delimiter, index) → varchar',
    parameters: ['varchar', 'varchar', 'bigint'],
    compile: (_, list) => splitPart(list),
  },
  padding('lpad', (x, fill) => `${fill} || ${x}`),
  padding('rpad', (x, fill) => `${x} || ${fill}`),
];

/** From the end when the start is below zero; nothing when it is zero or before the text. */
function substring(...[x, start, length]: readonly string[]): string {
  const counted = length === undefined ? '' : `, max(${length}, 0)`;
  return (
    `(CASE WHEN ${x} IS NULL OR ${start} IS NULL THEN NULL WHEN ${start} = 0 OR ${start} < - length(${x}) THEN '' ` +
    `ELSE substr(${x}, ${start}${counted}) END)`
  );
}

/** The text becomes a JSON list, cut at the delimiter, which must therefore be nothing that JSON writes texts with. */
function splitPart([text, delimiter, index]: readonly Value[]): Value {
  const cut = literalText(delimiter!, 'The delimiter of split_part');
  const place = literalInteger(index!, 'The index of split_part');
  if (cut === '' || /[\w"\\]/.test(cut)) {
    throw new QueryError('The delimiter of split_part has no letters, digits, quotes or backslashes.');
  }
  if (place < 1) throw new QueryError('The index of split_part must be greater than zero');
  return value(
    'varchar',
    `json_extract('[' || replace(json_quote(${text!.sql}), ${quoted(cut)}, ${quoted('","')}) || ']', '$[${place - 1}]')`,
  );
}

function padding(name: string, join: (x: string, fill: string) => string): ScalarFunction {
  return {
    name,
    signature: `${name}(varchar, size, text) → varchar`,
    parameters: ['varchar', 'bigint', 'varchar'],
    compile: ({ names }: FunctionContext, [text, size, fill]) => {
      const count = literalInteger(size!, `The size of ${name}`);
      const { dataQueryPaddingCharactersMax } = dataQueryLimits;
      if (count < 0 || count > dataQueryPaddingCharactersMax) {
        throw new QueryError(`The size of ${name} is from 0 to ${dataQueryPaddingCharactersMax}.`);
      }
      const letters = [...literalText(fill!, `The padding of ${name}`)];
      if (letters.length === 0) throw new QueryError('Padding string must not be empty');
      const row = Array.from({ length: count }, (_, index) => letters[index % letters.length]).join('');
      return value(
        'varchar',
        withOnce(names, [text!], (x) => {
          const missing = `substr(${quoted(row)}, 1, ${count} - length(${x}))`;
          return `(CASE WHEN length(${x}) >= ${count} THEN substr(${x}, 1, ${count}) ELSE ${join(x!, missing)} END)`;
        }),
      );
    },
  };
}
