import { z } from 'zod';
import { wordsOf } from './charge-vocabulary.ts';

/** Schemas of words and counts whose messages say what would do. */

const SHOWN_CHARACTERS_MAX = 50;
/** What was given, for a message: other values than short text may be of any size and depth. */
const shown = (input: unknown) =>
  typeof input === 'string' && input.length <= SHOWN_CHARACTERS_MAX
    ? JSON.stringify(input)
    : 'what was given';

/** A list that is not too long: a longer one is refused before its entries are read. */
export function listOf<Item extends z.ZodType>(item: Item, what: string, max: number) {
  return z.array(item, { error: `must be a list of ${what}` }).max(max, `must have at most ${max} ${what}`);
}

/** One of these words; the message says which there are. */
export const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.enum(words, { error: ({ input }) => `${shown(input)} is none of ${words.join(', ')}` });
/** One of a table's words for the wire (charge-vocabulary.ts). */
export const wordOf = <Table extends Readonly<Record<string, string>>>(table: Table) =>
  oneOf(wordsOf(table) as [keyof Table & string, ...(keyof Table & string)[]]);
/** A whole number within bounds that the message names. */
export const wholeNumber = (min: number, max: number) => {
  const message = `must be a whole number from ${min} to ${max}`;
  return z.number({ error: message }).int(message).min(min, message).max(max, message);
};
