/** Segments of a path that clients of different ages spell in two ways (conventions 15). */
const SEGMENTS: ReadonlyArray<readonly [string, string]> = [
  ['credit-memos', 'creditmemos'],
  ['debit-memos', 'debitmemos'],
  ['item-parts', 'itemparts'],
  ['payment-gateways', 'paymentgateways'],
  ['taxation-items', 'taxationitems'],
];

/** Paths that are built in two ways, `:key` being the same object in both. */
const FORMS: ReadonlyArray<readonly [RegExp, string]> = [
  [/^\/v1\/(credit|debit)-memos\/invoice\/(:\w+)$/, '/v1/invoices/$2/$1memos'],
  [/^\/v1\/(credit|debit)-memos\/invoice\/(:\w+)$/, '/v1/invoices/$2/$1-memos'],
  [/^\/v1\/credit-memos\/(:\w+)\/refund$/, '/v1/creditmemos/$1/refunds'],
  [/^\/v1\/credit-memos\/(:\w+)\/refund$/, '/v1/credit-memos/$1/refunds'],
  [/^\/v1\/files\/(:\w+)$/, '/v1/file/$1'],
  [/^\/v1\/files\/(:\w+)$/, '/apps/api/file/$1'],
  [/^\/v1\/batch-query\/$/, '/v1/batch-query'],
  [/^\/v1\/batch-query\/$/, '/apps/api/batch-query'],
  [/^\/v1\/batch-query\/(.*)$/, '/apps/api/batch-query/$1'],
  // Some put the path behind a root that ends with a slash.
  [/^\/v1\/batch-query\/(jobs\/.+)$/, '/v1/batch-query//$1'],
  [/^\/v1\/batch-query\/(jobs\/.+)$/, '/apps/api/batch-query//$1'],
  [/^\/v1\/catalog\/products\/(:[\w-]+)$/, '/v1/catalog/product/$1'],
];

/** All paths that an operation is served at: the declared one first, and those that clients of other ages know it by. */
export function spellingsOf(path: string): string[] {
  let spellings = [path];
  for (const [one, other] of SEGMENTS) {
    spellings = spellings.flatMap((spelling) => {
      const segments = spelling.split('/');
      if (!segments.includes(one) && !segments.includes(other)) return [spelling];
      const swapped = segments.map((segment) => ({ [one]: other, [other]: one })[segment] ?? segment);
      return [spelling, swapped.join('/')];
    });
  }
  const forms = FORMS.flatMap(([pattern, form]) => (pattern.test(path) ? [path.replace(pattern, form)] : []));
  return [...new Set([...spellings, ...forms])];
}
