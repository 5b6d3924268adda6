import { exampleObjects } from '../../../query/example-objects/index.ts';
import type { Example, Examples } from '../../../wire/api-description.ts';
import { billingExamples } from './billing.ts';
import { objectExamples } from './objects.ts';
import { queryExamples } from './queries.ts';
import { sellingExamples } from './selling.ts';

const examples: Examples = {
  ...sellingExamples,
  ...billingExamples,
  ...objectExamples,
  ...queryExamples,
};

/** What a parameter of a path is where an example does not say it. */
const PARAMETERS: Readonly<Record<string, string>> = {
  accountKey: 'A-DEMO-CUSTOMER-1',
  contactId: '{{customer.contactId}}',
  contactSnapshotId: '{{contact-snapshots.id}}',
  productKey: 'DEMO-FLEET',
  chargeKey: 'PRPC-DEMO-MONTHLY',
  ratePlanId: '{{ratePlan.id}}',
  orderNumber: '{{order.number}}',
  itemId: '{{orderLineItem.id}}',
  subscriptionKey: '{{subscription.number}}',
  subscriptionNumber: '{{subscription.number}}',
  importId: '{{usageImport.id}}',
  billRunId: '{{billRun.id}}',
  fileId: '{{file.id}}',
  invoiceKey: '{{invoice.number}}',
  creditMemoKey: '{{creditMemo.number}}',
  debitMemoKey: '{{debitMemo.number}}',
  paymentKey: '{{payment.number}}',
  paymentMethodId: '{{card.id}}',
  refundKey: '{{refund.number}}',
  refundPartId: '{{refund.partId}}',
};

/** The same for paths below a root, where the name of a parameter alone does not tell. */
const BELOW: ReadonlyArray<readonly [root: RegExp, Readonly<Record<string, string>>]> = [
  [/^\/v1\/product-rate-plans\/:id$/, { id: 'PRP-DEMO-MONTHLY' }],
  [/^\/v1\/credit-?memos\/:creditMemoKey\/items\/:itemId$/, { itemId: '{{creditMemo.itemId}}' }],
  [/^\/v1\/debit-?memos\/:debitMemoKey\/items\/:itemId$/, { itemId: '{{debitMemo.itemId}}' }],
  [
    /^\/v1\/credit-?memos\/:creditMemoKey\/parts\/:partId/,
    {
      creditMemoKey: '{{appliedCreditMemo.number}}',
      partId: '{{appliedCreditMemo.partId}}',
      itemPartId: '{{appliedCreditMemo.itemPartId}}',
    },
  ],
  [
    /^\/v1\/payments\/:paymentKey\/parts\/:partId/,
    {
      paymentKey: '{{appliedPayment.number}}',
      partId: '{{appliedPayment.partId}}',
      itemPartId: '{{appliedPayment.itemPartId}}',
    },
  ],
  [/^\/v1\/refunds\/:refundKey\/parts/, { itemPartId: '{{refund.itemPartId}}' }],
  [/^\/v1\/object\/account\/:id$/, { id: '{{customer.id}}' }],
  [/^\/v1\/object\/contact\/:id$/, { id: '{{customer.contactId}}' }],
  [/^\/v1\/object\/unit-of-measure\/:id$/, { id: '{{unit.id}}' }],
  [/^\/v1\/object\/product-rate-plan\/:id$/, { id: '{{plan.id}}' }],
  [/^\/v1\/object\/product-rate-plan-charge\/:id$/, { id: '{{plan.chargeId}}' }],
  [/^\/v1\/object\/rate-plan-charge\/:id$/, { id: '{{ratePlanCharge.id}}' }],
];

/** Of the older resources: an object of the same name, or one that Object Query lists. */
const OBJECT = /^\/v1\/object\/([a-z-]+)\/:id$/;
const BY_KEY = /^\/object-query\/([a-z-]+)\/:key$/;

interface Described {
  readonly id: string;
  readonly method: string;
  readonly path: string;
}

/** The example of an operation; null when one of its parameters has no value. */
export function exampleOf({ id, method, path }: Described): Example | null {
  const given = examples[id];
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name!);
  const values: Record<string, string> = {};
  for (const name of names) {
    const value = given?.path?.[name] ?? parameterOf(name, path);
    if (value === undefined) return null;
    values[name] = value;
  }
  if (given === undefined && method !== 'get' && names.length === 0) return null;
  const query =
    given?.query ?? (/^\/object-query\/[a-z-]+$/.test(path) ? [['pageSize', '2'] as const] : undefined);
  return {
    ...given,
    ...(names.length === 0 ? {} : { path: values }),
    ...(query === undefined ? {} : { query }),
  };
}

function parameterOf(name: string, path: string): string | undefined {
  for (const [root, values] of BELOW) {
    if (root.test(path) && values[name] !== undefined) return values[name];
  }
  const collection = BY_KEY.exec(path)?.[1];
  if (collection !== undefined) return `{{${collection}.id}}`;
  const object = OBJECT.exec(path)?.[1];
  if (object !== undefined) return `{{${objectName(object)}.id}}`;
  return PARAMETERS[name];
}

/** bill-run → billRun, where examples have such an object; otherwise the collection: rate-plan-charge-tiers. */
function objectName(segment: string): string {
  const name = segment.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.hasOwn(exampleObjects, name) ? name : `${segment}s`;
}

const SAMPLE_ID = '8ad081dd91fb2de30191fb6a1d0e0123';
const SAMPLES: ReadonlyArray<readonly [column: RegExp, value: string]> = [
  [/^number$/, 'EXAMPLE-00000001'],
  [/^(today|month|year|nextMonth|aMonthLater|termEnd)$/, '2026-01-31'],
  [/^monthUS$/, '01/31/2026'],
  [/^(second|version)$/, '1'],
];

/** An example of what the placeholders of a value stand for, for readers who have no database at hand. */
export function withSamples<V>(value: V): V {
  if (typeof value === 'string') {
    return value.replaceAll(
      /\{\{[\w-]+\.(\w+)\}\}|\$[A-Z]+/g,
      (_, column: string | undefined) =>
        SAMPLES.find(([pattern]) => column !== undefined && pattern.test(column))?.[1] ?? SAMPLE_ID,
    ) as V;
  }
  if (Array.isArray(value)) return value.map(withSamples) as V;
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withSamples(part)])) as V;
  }
  return value;
}
