import { expect } from 'vitest';
import { conformance } from './support/conformance.ts';
import { createAccount, createPlan, orderSubscription } from './support/fixtures.ts';
import { expectRefusal, expectSuccess, listAt, textAt } from './support/reply-reading.ts';

// Lists of orders: by invoice owner, subscription owner and subscription, in pages that follow each other by full URLs.
conformance(
  ['GET_OrdersByInvoiceOwner', 'GET_OrdersBySubscriptionOwner', 'GET_OrdersBySubscriptionNumber'],
  'lists orders by invoice owner, by subscription owner and by subscription',
  async (api) => {
    const payer = await createAccount(api);
    const owner = await createAccount(api);
    const plan = await createPlan(api);
    const fields = { subscriptionOwnerAccountNumber: owner.number };
    const first = await orderSubscription(api, payer, plan, fields);
    const second = await orderSubscription(api, payer, plan, fields);
    const own = await orderSubscription(api, payer, plan);
    const numbersAt = async (path: string): Promise<string[]> => {
      const body = expectSuccess(await api.get(path));
      return listAt(body, 'orders')
        .map((order) => textAt(order, 'orderNumber'))
        .sort();
    };
    const all = [first, second, own].map((order) => order.orderNumber).sort();
    expect(await numbersAt(`/v1/orders/invoiceOwner/${payer.number}`)).toEqual(all);
    expect(await numbersAt(`/v1/orders/subscriptionOwner/${owner.number}`)).toEqual(
      [first.orderNumber, second.orderNumber].sort(),
    );
    expect(await numbersAt(`/v1/orders/invoiceOwner/${owner.number}`)).toEqual([]);
    expect(await numbersAt(`/v1/orders/subscription/${first.subscriptionNumber}`)).toEqual([
      first.orderNumber,
    ]);
    expect(await numbersAt(`/v1/orders/invoiceOwner/${payer.number}?status=draft`)).toEqual([]);
  },
);

conformance('GET_OrdersByInvoiceOwner', 'pages by full URLs and ends without one', async (api) => {
  const account = await createAccount(api);
  const plan = await createPlan(api);
  const wanted: string[] = [];
  for (let count = 0; count < 5; count += 1) {
    wanted.push((await orderSubscription(api, account, plan)).orderNumber);
  }
  const seen: string[] = [];
  const sizes: number[] = [];
  let next: string | undefined = `/v1/orders/invoiceOwner/${account.number}?page=1&pageSize=2`;
  while (next !== undefined) {
    const page: { orders: { orderNumber: string }[]; nextPage?: string } = expectSuccess(
      await api.get(next),
    ) as never;
    sizes.push(page.orders.length);
    seen.push(...page.orders.map((order) => order.orderNumber));
    next = page.nextPage;
    if (next !== undefined) expect(new URL(next).searchParams.get('pageSize')).toBe('2');
  }
  expect(sizes).toEqual([2, 2, 1]);
  expect(seen.sort()).toEqual(wanted.sort());
});

conformance('GET_AllOrders', 'lists orders, a page at a time', async (api) => {
  const account = await createAccount(api);
  const plan = await createPlan(api);
  await orderSubscription(api, account, plan);
  await orderSubscription(api, account, plan);
  const body = expectSuccess(await api.get('/v1/orders?pageSize=1'));
  expect(listAt(body, 'orders')).toHaveLength(1);
  const second = expectSuccess(await api.get(textAt(body, 'nextPage')));
  expect(listAt(second, 'orders')).toHaveLength(1);
});

conformance(
  [
    'GET_Order',
    'GET_OrdersByInvoiceOwner',
    'GET_OrdersBySubscriptionOwner',
    'GET_OrdersBySubscriptionNumber',
  ],
  'answers 404 for an order, an account and a subscription that are not there',
  async (api) => {
    for (const path of [
      '/v1/orders/O-nothing',
      '/v1/orders/invoiceOwner/A-nobody',
      '/v1/orders/subscriptionOwner/A-nobody',
      '/v1/orders/subscription/A-S-nothing',
    ]) {
      expectRefusal(await api.get(path), { status: 404, category: 40 });
    }
  },
);
