import { beforeAll, describe, expect, test } from 'vitest';
import { operations } from '../../src/http/app.ts';
import { hostileRequests, type ValidRequest } from '../support/hostile-requests.ts';
import { type Path, withHostile } from '../support/hostile-values.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';

// Each limit of the API where it is: what just fits is taken, one more is refused by the field's name.

let api: InProcessApi;
let requests: Readonly<Record<string, ValidRequest>>;
beforeAll(async () => {
  // Nothing happens behind a request: bill runs that are asked for wait.
  api = await inProcessApi('admin', { JOBS_QUEUE: { send: () => Promise.resolve() } as never });
  requests = await hostileRequests(api);
});

const ACTION: Path = ['subscriptions', 0, 'orderActions', 0];
const CREATE: Path = [...ACTION, 'createSubscription'];
const OVERRIDE: Path = [...CREATE, 'subscribeToRatePlans', 0, 'chargeOverrides', 0];
const TIERS: Path = ['ProductRatePlanChargeTierData', 'ProductRatePlanChargeTier'];

const text = (length: number) => 'x'.repeat(length);
const list = (length: number, entry: unknown) => Array.from({ length }, () => entry);
const term = { period: 1, periodType: 'Month' };
const rate = { currency: 'EUR', customFxRate: 1.1 };
const trigger = { name: 'ContractEffective', triggerDate: '2026-07-01' };

type Case = readonly [id: string, path: Path, fits: unknown, oneMore: unknown];

const CASES: readonly Case[] = [
  ['POST_Account', ['name'], text(255), text(256)],
  ['POST_Account', ['accountNumber'], text(50), text(51)],
  ['POST_Account', ['billCycleDay'], 31, 32],
  ['POST_Account', ['batch'], 'Batch50', 'Batch51'],
  ['POST_Account', ['notes'], text(65_535), text(65_536)],
  ['POST_Account', ['additionalEmailAddresses'], list(50, 'a@example.com'), list(51, 'a@example.com')],
  ['POST_Account', ['odd__c'], text(32_000), text(32_001)],
  ['POST_Account', ['parentId'], null, text(101)],
  ['POST_CreateContact', ['firstName'], text(100), text(101)],
  ['POST_CreateContact', ['zipCode'], text(20), text(21)],
  ['Object_POSTAccount', ['AdditionalEmailAddresses'], text(4_000), text(4_001)],
  [
    'Object_POSTProductRatePlanCharge',
    TIERS,
    [{ Currency: 'USD', Price: 1 }],
    list(501, { Currency: 'USD', Price: 1 }),
  ],
  ['POST_Order', ['orderNumber'], text(100), text(101)],
  ['POST_Order', ['description'], text(500), text(501)],
  ['POST_Order', [...CREATE, 'subscriptionNumber'], text(100), text(101)],
  ['POST_Order', [...CREATE, 'terms', 'initialTerm', 'period'], 100, 10_001],
  ['POST_Order', [...CREATE, 'terms', 'renewalTerms'], list(100, term), list(101, term)],
  ['POST_Order', [...ACTION, 'triggerDates'], list(100, trigger), list(101, trigger)],
  ['POST_Order', ['customFields'], { odd__c: text(32_000) }, { odd__c: text(32_001) }],
  [
    'POST_Order',
    [...OVERRIDE, 'pricing', 'recurringFlatFee', 'listPrice'],
    999_999_999_999,
    1_000_000_000_000,
  ],
  ['POST_Order', [...OVERRIDE, 'billing', 'specificBillingPeriod'], null, 10_001],
  ['POST_Order', [...OVERRIDE, 'endDate', 'upToPeriods'], 3, 10_001],
  ['POST_StandaloneInvoice', ['invoiceNumber'], text(32), text(33)],
  ['POST_StandaloneInvoice', ['invoiceDate'], '9990-12-31', '9991-01-01'],
  ['POST_StandaloneInvoice', ['customRates'], list(200, rate), list(201, rate)],
  ['POST_CreatePayment', ['amount'], 9_999_999_999_999.99, 10_000_000_000_000],
  ['POST_CreatePayment', ['customRates'], list(200, rate), list(201, rate)],
  ['POST_CreatePayment', ['comment'], text(255), text(256)],
  ['POST_CreatePayment', ['invoices'], [], list(1_001, { invoiceId: '0'.repeat(32), amount: 1 })],
  ['PUT_ApplyPayment', ['invoices'], undefined, list(1_001, { invoiceId: '0'.repeat(32), amount: 1 })],
  ['PUT_UnapplyPayment', ['invoices'], undefined, list(1_001, { invoiceId: '0'.repeat(32), amount: 1 })],
  ['spillwayCreateApiClient', ['name'], text(100), text(101)],
  ['spillwayCreateUser', ['email'], `${text(242)}@example.com`, `${text(243)}@example.com`],
  ['spillwayUpdateUser', ['name'], text(100), text(101)],
  ['spillwaySetUserPassword', ['password'], text(12), text(11)],
  ['spillwaySetUserPassword', ['password'], text(200), text(201)],
];

function send(id: string, body: object | string) {
  const { method } = operations.find((operation) => operation.id === id)!;
  return (method === 'post' ? api.post : api.put)(requests[id]!.path, body);
}

async function expectRefusedByName(id: string, name: string, body: object | string): Promise<void> {
  const { status, body: reply } = await send(id, body);
  const reasons = JSON.stringify(reply.reasons ?? reply.Errors);
  expect([status, reasons]).toEqual([400, expect.stringContaining(name)]);
}

test.each(CASES.map((given) => [given[0], given[1].join('.'), given] as const))(
  '%s %s',
  async (_, __, given) => {
    const [id, path, fits, oneMore] = given;
    const { body } = requests[id]!;
    const fitting = fits === undefined ? body : withHostile(body, [[path, JSON.stringify(fits)]]);
    const taken = await send(id, fitting);
    expect([taken.status, taken.status === 200 ? '' : taken.body]).toEqual([200, '']);
    const name = String(path.findLast((part) => typeof part === 'string'));
    await expectRefusedByName(id, name, withHostile(body, [[path, JSON.stringify(oneMore)]]));
  },
);

test('all custom fields of an object have a limit together', async () => {
  const fields = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}__c`, text(24_995)]));
  const { body } = requests.Object_POSTAccount!;
  expect((await send('Object_POSTAccount', { ...body, ...fields(8) })).status).toBe(200);
  await expectRefusedByName('Object_POSTAccount', 'f8__c', { ...body, ...fields(9) });
  const order = requests.POST_Order!.body;
  await expectRefusedByName('POST_Order', 'customFields', { ...order, customFields: fields(9) });
});

test('periods of charges are counted to 10,000, list price bases to 200', async () => {
  const { body } = requests.Object_POSTProductRatePlanCharge!;
  const months = { ...body, BillingPeriod: 'Specific Months', SpecificBillingPeriod: 10_000 };
  const based = { ...body, ListPriceBase: 'Per Specific Months', SpecificListPriceBase: 200 };
  for (const fitting of [months, based]) {
    expect((await send('Object_POSTProductRatePlanCharge', fitting)).status).toBe(200);
  }
  for (const [name, over] of [
    ['SpecificBillingPeriod', { ...months, SpecificBillingPeriod: 10_001 }],
    ['SpecificListPriceBase', { ...based, SpecificListPriceBase: 201 }],
  ] as const) {
    await expectRefusedByName('Object_POSTProductRatePlanCharge', name, over);
  }
});

describe('lists of documents', () => {
  test('take 50 invoices and refuse 51, in a batch and posted', async () => {
    const [invoice] = (requests.POST_StandaloneInvoices!.body as { invoices: object[] }).invoices;
    const made = await send('POST_StandaloneInvoices', { invoices: list(50, invoice) });
    expect([made.status, made.body.invoices.length]).toEqual([200, 50]);
    await expectRefusedByName('POST_StandaloneInvoices', 'invoices', { invoices: list(51, invoice) });
    const ids = made.body.invoices.map(({ id }: { readonly id: string }) => ({ id }));
    await expectRefusedByName('POST_PostInvoices', 'invoices', { invoices: [...ids, ids[0]] });
    const posted = await send('POST_PostInvoices', { invoices: ids });
    expect([posted.status, posted.body.invoices.length]).toEqual([200, 50]);
  });

  test('take 1,000 items of an invoice and refuse 1,001; pages show 40 of them at the most', async () => {
    const { body } = requests.POST_StandaloneInvoice!;
    const item = { chargeName: 'x', amount: 1, serviceStartDate: '2026-03-01' };
    const made = await send('POST_StandaloneInvoice', { ...body, invoiceItems: list(1_000, item) });
    expect(made).toMatchObject({ status: 200, body: { amount: 1_000 } });
    await expectRefusedByName('POST_StandaloneInvoice', 'invoiceItems', {
      ...body,
      invoiceItems: list(1_001, item),
    });
    for (const [size, shown] of [
      ['39', 39],
      ['40', 40],
      ['41', 40],
      ['9999999', 40],
    ] as const) {
      const page = await api.get(`/v1/invoices/${made.body.id}/items?pageSize=${size}`);
      expect([page.body.invoiceItems.length, page.body.nextPage !== undefined]).toEqual([shown, true]);
    }
    const usual = await api.get(`/v1/invoices/${made.body.id}/items`);
    expect(usual.body.invoiceItems).toHaveLength(20);
  });

  test('take 50 subscriptions and as many actions in an order, and refuse 51', async () => {
    const order = requests.POST_Order!.body as { subscriptions: Array<{ orderActions: object[] }> };
    const [subscription] = order.subscriptions;
    const fifty = await send('POST_Order', { ...order, subscriptions: list(50, subscription) });
    expect([fifty.status, fifty.body.subscriptions?.length]).toEqual([200, 50]);
    await expectRefusedByName('POST_Order', 'subscriptions', {
      ...order,
      subscriptions: list(51, subscription),
    });
    const actions = [subscription!.orderActions[0], ...list(50, { type: 'RenewSubscription' })];
    await expectRefusedByName('POST_Order', 'actions', {
      ...order,
      subscriptions: [{ orderActions: actions }],
    });
  });
});

test('a refusal names ten problems at the most', async () => {
  const wrong = Object.fromEntries(
    Object.keys(requests.POST_StandaloneInvoice!.body).map((name) => [name, {}]),
  );
  const more = Object.fromEntries(
    ['dueDate', 'autoPay', 'comments', 'currency', 'templateId'].map((n) => [n, {}]),
  );
  const others = Object.fromEntries(
    ['billToContactId', 'soldToContactId', 'accountNumber'].map((n) => [n, {}]),
  );
  const { status, body } = await send('POST_StandaloneInvoice', { ...wrong, ...more, ...others });
  expect([status, body.reasons.length]).toEqual([400, 10]);
});
