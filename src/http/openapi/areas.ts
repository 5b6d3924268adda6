/** Parts of the API, as its description is divided: what clients look for, not which file it is in. */
export interface Area {
  /** In a path: credit-memos. */
  readonly id: string;
  readonly name: string;
  readonly about: string;
  /** Paths that begin so belong here; of several the longest decides. */
  readonly prefixes: readonly string[];
}

export const areas: readonly Area[] = [
  {
    id: 'authentication',
    name: 'Authentication',
    about: 'A token for every other call.',
    prefixes: ['/oauth/'],
  },
  {
    id: 'accounts',
    name: 'Accounts and contacts',
    about: 'Who is billed, and who of them is a partner account.',
    prefixes: ['/v1/accounts', '/v1/contacts', '/v1/contact-snapshots'],
  },
  {
    id: 'metrics',
    name: 'Account metrics',
    about: 'How old the numbers of an account are, what they come from, and a proof of them.',
    prefixes: ['/v1/spillway/accounts'],
  },
  {
    id: 'catalog',
    name: 'Catalog',
    about: 'Products, rate plans and charges, read.',
    prefixes: ['/v1/catalog', '/v1/product'],
  },
  {
    id: 'orders',
    name: 'Orders',
    about: 'Every change of a subscription, at once, as a draft or as a job.',
    prefixes: [
      '/v1/orders',
      '/v1/orderActions',
      '/v1/order-line-items',
      '/v1/async/orders',
      '/v1/async-jobs',
      '/v1/spillway/orders',
    ],
  },
  {
    id: 'subscriptions',
    name: 'Subscriptions',
    about: 'Subscriptions with their versions and what changed between them.',
    prefixes: ['/v1/subscriptions', '/v1/rateplans', '/v1/subscription-change-logs', '/v1/orders/term'],
  },
  {
    id: 'usage',
    name: 'Usage',
    about: 'Records of what was used, by files.',
    prefixes: ['/v1/usage'],
  },
  {
    id: 'bill-runs',
    name: 'Bill runs and previews',
    about: 'Billing many accounts at once, and seeing what would be billed.',
    prefixes: [
      '/v1/bill-runs',
      '/v1/spillway/bill-runs',
      '/v1/billing-preview-runs',
      '/v1/operations/billing-preview',
      '/v1/accounts/:accountKey/billing-documents',
    ],
  },
  {
    id: 'invoices',
    name: 'Invoices',
    about: 'Invoices from drafts to write-offs, and their files.',
    prefixes: ['/v1/invoices', '/v1/transactions/invoices', '/v1/billing-documents', '/v1/spillway/invoices'],
  },
  {
    id: 'credit-memos',
    name: 'Credit memos',
    about: 'What an account is owed, and what it was applied to.',
    prefixes: ['/v1/credit-memos', '/v1/creditmemos', '/v1/spillway/credit-memos'],
  },
  {
    id: 'debit-memos',
    name: 'Debit memos',
    about: 'What an account owes beside its invoices.',
    prefixes: ['/v1/debit-memos', '/v1/spillway/debit-memos'],
  },
  {
    id: 'payments',
    name: 'Payments',
    about: 'Money received, and what it was applied to.',
    prefixes: ['/v1/payments', '/v1/transactions/payments', '/v1/operations/invoice-collect'],
  },
  {
    id: 'payment-methods',
    name: 'Payment methods',
    about: 'Cards, bank accounts and other ways to pay.',
    prefixes: ['/v1/payment-methods', '/v1/accounts/:accountKey/payment-methods'],
  },
  {
    id: 'refunds',
    name: 'Refunds',
    about: 'Money given back from payments and credit memos.',
    prefixes: ['/v1/refunds', '/v1/payments/:paymentKey/refunds', '/v1/credit-memos/:creditMemoKey/refund'],
  },
  {
    id: 'object-query',
    name: 'Object Query',
    about: 'Lists and single records of every object, filtered, sorted and expanded.',
    prefixes: ['/object-query/'],
  },
  {
    id: 'zoql',
    name: 'ZOQL and exports',
    about: 'Queries as text, answered at once or as files.',
    prefixes: ['/v1/action/query', '/v1/object/export'],
  },
  {
    id: 'aqua',
    name: 'Batch queries (AQuA)',
    about: 'Jobs of several queries, whole or only what changed since the last.',
    prefixes: ['/v1/batch-query'],
  },
  {
    id: 'data-query',
    name: 'Data Query',
    about: 'SQL over every object, as jobs.',
    prefixes: ['/query/'],
  },
  {
    id: 'files-and-jobs',
    name: 'Files and jobs',
    about: 'What jobs made, and how far they are.',
    prefixes: ['/v1/files', '/v1/operations/jobs', '/v1/spillway/jobs'],
  },
  {
    id: 'describe',
    name: 'Object model',
    about: 'What objects and fields there are.',
    prefixes: ['/v1/describe', '/v1/spillway/objects'],
  },
  {
    id: 'objects',
    name: 'Objects (CRUD and actions)',
    about: 'The older resources: single objects by their id, and up to 50 of them in one action.',
    prefixes: ['/v1/object/', '/v1/action/'],
  },
  {
    id: 'administration',
    name: 'Administration',
    about: 'Settings of the tenant, API clients, and what needs attention.',
    prefixes: ['/v1/spillway/'],
  },
];

/** The area of an operation by its path. Every path under the roots of the API belongs to one. */
export function areaOf(path: string): Area {
  let best: { readonly area: Area; readonly length: number } | undefined;
  for (const area of areas) {
    for (const prefix of area.prefixes) {
      if (path.startsWith(prefix) && prefix.length > (best?.length ?? 0))
        best = { area, length: prefix.length };
    }
  }
  if (best === undefined) throw new Error(`No area of the API has the path ${path}.`);
  return best.area;
}
