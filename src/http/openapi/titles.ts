import { billingTitles } from './titles-of-billing.ts';
import { sellingTitles } from './titles-of-selling.ts';

const titles: Readonly<Record<string, string>> = { ...sellingTitles, ...billingTitles };

const OBJECT_VERBS: Readonly<Record<string, string>> = {
  GET: 'Retrieve',
  POST: 'Create',
  PUT: 'Update',
  DELETE: 'Delete',
};

/** What an operation does, in a few words; null when nobody has said it. Families of operations are named by what they are about. */
export function titleOf(id: string, path: string): string | null {
  const own = titles[id];
  if (own !== undefined) return own;
  const object = /^Object_(GET|POST|PUT|DELETE)([A-Z]\w+)$/.exec(id);
  if (object !== null) return `${OBJECT_VERBS[object[1]!]} ${one(inWords(object[2]!))} object`;
  const collection = /^\/object-query\/([a-z-]+)(\/:key)?$/.exec(path);
  if (collection !== null) {
    const words = collection[1]!.replaceAll('-', ' ');
    return collection[2] === undefined ? `Query ${words}` : `Query ${one(inWords(id.slice(5, -5)))}`;
  }
  return null;
}

/** ProductRatePlan → product rate plan */
function inWords(name: string): string {
  return name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
}

function one(words: string): string {
  if (words === 'orders') return 'an order';
  return `${/^(?!u(?:nit|sage))[aeiou]/.test(words) ? 'an' : 'a'} ${words}`.replace(
    'a usage',
    'a usage record',
  );
}
