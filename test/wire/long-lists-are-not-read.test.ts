import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { existingPreviewBody } from '../../src/wire/billing-previews.ts';
import { wireInvoiceUpdate } from '../../src/wire/invoice-updates.ts';
import { wireNewInvoice } from '../../src/wire/invoices.ts';
import { orderReplacementBody } from '../../src/wire/order-lifecycle.ts';
import { orderPreviewBody } from '../../src/wire/order-preview.ts';
import { orderBody } from '../../src/wire/order-schema.ts';

// A list that is too long is refused as a list: one problem, however many of its entries are wrong, so that a body costs no more than its text.

const MANY = 20_000;
const entries = Array.from({ length: MANY }, () => ({}));
const fields = Object.fromEntries(Array.from({ length: MANY }, (_, i) => [`f${i}__c`, {}]));
const names = Object.fromEntries(Array.from({ length: MANY }, (_, i) => [`f${i}`, 1]));

const subscriptions = (action: object) => ({ subscriptions: [{ orderActions: [action] }] });
const created = (createSubscription: object) =>
  subscriptions({ type: 'CreateSubscription', createSubscription });
const plans = (plan: object) => created({ subscribeToRatePlans: [plan] });

const LISTS: ReadonlyArray<readonly [string, z.ZodType, object]> = [
  ['invoiceItems', wireNewInvoice, { invoiceItems: entries }],
  ['discountItems', wireNewInvoice, { invoiceItems: [{ discountItems: entries }] }],
  ['invoiceItems', wireInvoiceUpdate, { invoiceItems: entries }],
  ['discountItems', wireInvoiceUpdate, { invoiceItems: [{ discountItems: entries }] }],
  ['subscriptions', orderBody, { subscriptions: entries }],
  ['orderActions', orderBody, { subscriptions: [{ orderActions: entries }] }],
  ['subscribeToRatePlans', orderBody, created({ subscribeToRatePlans: entries })],
  ['chargeOverrides', orderBody, plans({ productRatePlanId: 'x', chargeOverrides: entries })],
  [
    'chargeUpdates',
    orderBody,
    subscriptions({ type: 'UpdateProduct', updateProduct: { ratePlanId: 'x', chargeUpdates: entries } }),
  ],
  ['subscriptions', orderReplacementBody, { subscriptions: entries }],
  ['subscriptions', orderPreviewBody, { subscriptions: entries }],
  ['quantityForUsageCharges', existingPreviewBody, { quantityForUsageCharges: entries }],
];

const FIELDS: ReadonlyArray<readonly [string, z.ZodType, object]> = [
  [
    'of an item',
    wireNewInvoice,
    { invoiceDate: '2026-01-01', invoiceItems: [{ serviceStartDate: '2026-01-01', ...fields }] },
  ],
  ['of an order', orderBody, { customFields: fields }],
  [
    'of a subscription',
    orderBody,
    { subscriptions: [{ orderActions: [{ type: 'Suspend' }], customFields: names }] },
  ],
];

/** Problems below the named field, or of it. */
function problemsOf(schema: z.ZodType, body: object, name: string) {
  return (schema.safeParse(body).error?.issues ?? []).filter(({ path }) => path.includes(name));
}

describe('of too many entries', () => {
  test.each(LISTS)('%s', (name, schema, body) => {
    const problems = problemsOf(schema, body, name);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^must have at most \d+ /),
    ]);
  });

  test.each(FIELDS)('custom fields %s: only the first that are wrong are told', (_, schema, body) => {
    const { issues } = schema.safeParse(body).error!;
    expect(issues.filter(({ path }) => String(path.at(-1)).startsWith('f')).length).toBeLessThanOrEqual(11);
    expect(issues.filter(({ path }) => String(path.at(-1)).startsWith('f0')).length).toBeGreaterThan(0);
  });
});
