import { beforeAll, describe, expect, test } from 'vitest';
import { operations } from '../../src/http/app.ts';
import { hostileRequests, type ValidRequest } from '../support/hostile-requests.ts';
import { type Path, withHostile } from '../support/hostile-values.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import { rowCounter } from '../support/refusal-checks.ts';

// Dates that there are not, currencies that there are not, amounts and quantities that cannot be: each refused by the field's name, nothing done.

let api: InProcessApi;
let requests: Readonly<Record<string, ValidRequest>>;
let countRows: () => Promise<string>;
beforeAll(async () => {
  // Nothing happens behind a request: bill runs that are asked for wait.
  api = await inProcessApi('admin', { JOBS_QUEUE: { send: () => Promise.resolve() } as never });
  requests = await hostileRequests(api);
  countRows = await rowCounter();
});

const SUBSCRIPTION: Path = ['subscriptions', 0, 'orderActions', 0];
const CREATE: Path = [...SUBSCRIPTION, 'createSubscription'];
const OVERRIDES: Path = [...CREATE, 'subscribeToRatePlans', 0, 'chargeOverrides'];
const PER_UNIT: Path = [...OVERRIDES, 1, 'pricing', 'recurringPerUnit'];
const TIER: Path = ['ProductRatePlanChargeTierData', 'ProductRatePlanChargeTier', 0];

type Place = readonly [operationId: string, path: Path];

async function expectRefused([id, path]: Place, raw: string): Promise<void> {
  const { method } = operations.find((operation) => operation.id === id)!;
  const request = requests[id]!;
  const send = method === 'post' ? api.post : api.put;
  const before = await countRows();
  const { status, body } = await send(request.path, withHostile(request.body, [[path, raw]]));
  const messages = (body.reasons ?? body.Errors ?? []).map(
    (r: Record<string, string>) => r.message ?? r.Message,
  );
  const name = String(path.findLast((part) => typeof part === 'string'));
  expect({ id, path, raw, status, messages }).toMatchObject({ status: 400 });
  expect(messages.join(' ')).toContain(name);
  expect(await countRows()).toBe(before);
}

function describeRefused(title: string, places: readonly Place[], values: readonly string[]): void {
  describe(title, () => {
    test.each(places.map((place) => [place[0], place[1].join('.'), place] as const))(
      '%s %s',
      async (_, __, place) => {
        for (const raw of values) await expectRefused(place, raw);
      },
    );
  });
}

describeRefused(
  'dates',
  [
    ['POST_Account', ['taxInfo', 'exemptEffectiveDate']],
    ['Object_POSTAccount', ['TaxExemptExpirationDate']],
    ['Object_POSTProduct', ['EffectiveStartDate']],
    ['POST_Order', ['orderDate']],
    ['POST_Order', [...SUBSCRIPTION, 'triggerDates', 0, 'triggerDate']],
    ['POST_Order', [...CREATE, 'terms', 'initialTerm', 'startDate']],
    ['POST_Order', [...OVERRIDES, 0, 'startDate', 'specificTriggerDate']],
    ['POST_Order', [...OVERRIDES, 1, 'endDate', 'specificEndDate']],
    ['POST_StandaloneInvoice', ['invoiceDate']],
    ['POST_StandaloneInvoice', ['dueDate']],
    ['POST_StandaloneInvoice', ['invoiceItems', 0, 'serviceStartDate']],
    ['POST_StandaloneInvoice', ['invoiceItems', 0, 'serviceEndDate']],
    ['POST_StandaloneInvoice', ['invoiceItems', 0, 'chargeDate']],
    ['POST_PostInvoices', ['invoices', 0, 'invoiceDate']],
    ['POST_CreatePayment', ['effectiveDate']],
    ['PUT_ApplyPayment', ['effectiveDate']],
    ['PUT_UnapplyPayment', ['effectiveDate']],
  ],
  [
    ...['"2026-02-30"', '"2026-13-01"', '"2026-00-10"', '"0000-01-01"', '"1899-12-31"', '"10000-01-01"'],
    ...['"2026-7-1"', '"01/07/2026"', '"2026-07-01Z"', '"2026-07-01 "', '""', '20260701', 'true', '{}'],
  ],
);

describeRefused(
  'dates of documents that leave no room for a due date',
  [
    ['POST_StandaloneInvoice', ['invoiceDate']],
    ['POST_GenerateBillingDocuments', ['effectiveDate']],
    ['POST_CreateBillRun', ['invoiceDate']],
    ['PUT_PostBillRun', ['invoiceDate']],
    ['POST_Subscription', ['documentDate']],
    ['POST_TransactionInvoicePayment', ['documentDate']],
    ['POST_TransactionInvoicePayment', ['invoiceDate']],
  ],
  ['"9991-01-01"', '"9999-12-31"'],
);

describeRefused(
  'dates of documents that are billed with an order and leave no room for a due date',
  [['POST_Order', ['processingOptions', 'billingOptions']]],
  ['{"documentDate":"9991-01-01"}', '{"documentDate":"9999-12-31"}'],
);

describeRefused(
  'currencies',
  [
    ['POST_Account', ['currency']],
    ['Object_POSTAccount', ['Currency']],
    ['POST_Order', [...CREATE, 'currency']],
    ['POST_StandaloneInvoice', ['currency']],
    ['POST_CreatePayment', ['currency']],
    ['Object_POSTProductRatePlanCharge', [...TIER, 'Currency']],
  ],
  ['"XXL"', '"usd"', '"US"', '"USDD"', '" USD"', '""', '840', '["USD"]'],
);

describeRefused(
  'amounts that are no numbers, or more than 15 digits of one',
  [
    ['POST_CreatePayment', ['amount']],
    ['PUT_ApplyPayment', ['invoices', 0, 'amount']],
    ['PUT_UnapplyPayment', ['invoices', 0, 'amount']],
    ['POST_StandaloneInvoice', ['invoiceItems', 0, 'amount']],
    ['POST_Order', [...PER_UNIT, 'listPrice']],
    ['POST_Order', [...PER_UNIT, 'quantity']],
    ['Object_POSTProductRatePlanCharge', ['DefaultQuantity']],
    ['Object_PUTProductRatePlanChargeTier', ['Price']],
  ],
  ['1e309', '-1e309', '12345678901234567890', '1e15', '0.12345678901234567', '"NaN"', '"1e5"', 'true', '[5]'],
);

describeRefused(
  'amounts below zero',
  [
    ['POST_CreatePayment', ['amount']],
    ['PUT_ApplyPayment', ['invoices', 0, 'amount']],
    ['PUT_UnapplyPayment', ['invoices', 0, 'amount']],
    ['POST_StandaloneInvoice', ['invoiceItems', 0, 'quantity']],
    ['POST_Order', [...PER_UNIT, 'listPrice']],
    ['POST_Order', [...PER_UNIT, 'quantity']],
    ['Object_POSTProductRatePlanCharge', ['DefaultQuantity']],
    ['Object_PUTProductRatePlanChargeTier', ['Price']],
  ],
  ['-1', '-0.01'],
);

describeRefused(
  'money with more digits than its currency, or more of it than there can be',
  [
    ['POST_CreatePayment', ['amount']],
    ['PUT_ApplyPayment', ['invoices', 0, 'amount']],
    ['PUT_UnapplyPayment', ['invoices', 0, 'amount']],
    ['POST_StandaloneInvoice', ['invoiceItems', 0, 'amount']],
  ],
  ['0.001', '5.005', '10000000000000', '999999999999999'],
);

describeRefused(
  'prices and quantities with more than 9 decimals, or above their limit',
  [
    ['POST_Order', [...PER_UNIT, 'listPrice']],
    ['POST_Order', [...PER_UNIT, 'quantity']],
  ],
  ['0.0000000001', '1000000000000'],
);

test('numbers of 20 digits are refused as text too: no reply could show them', async () => {
  for (const name of ['amount', 'quantity', 'unitPrice']) {
    for (const raw of ['"12345678901234567890"', '"0.12345678901234567890"', '12345678901234567890']) {
      await expectRefused(['POST_StandaloneInvoice', ['invoiceItems', 0, name]], raw);
    }
  }
});

test('an invoice whose unit price times quantity no invoice can hold is refused', async () => {
  const request = requests.POST_StandaloneInvoice!;
  const item = { chargeName: 'x', serviceStartDate: '2026-03-01', unitPrice: 999999999, quantity: 999999999 };
  const reply = await api.post(request.path, { ...request.body, invoiceItems: [item] });
  expect(reply).toMatchObject({
    status: 400,
    body: { reasons: [{ message: expect.stringContaining('quantity') }] },
  });
});
