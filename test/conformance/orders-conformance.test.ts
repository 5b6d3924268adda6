import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { type CheckedApi, conformance, type Reply } from './support/conformance.ts';
import {
  type Account,
  CONTACT,
  createAccount,
  createPlan,
  createSubscriptionAction,
  orderSubscription,
  PER_UNIT_MONTHLY_CHARGE,
  type Plan,
  uniqueName,
} from './support/fixtures.ts';
import { expectRefusal, expectSuccess, ID, listAt, textAt, valueAt } from './support/reply-reading.ts';

// Orders that create subscriptions: who owns them, who is invoiced, what is overridden, and what a refusal leaves behind.
const START = '2026-01-01';

function createOne(plan: Plan, fields: object = {}): object {
  const action = createSubscriptionAction([{ productRatePlanId: plan.ratePlanId }], START, fields);
  return { orderActions: [action] };
}

function postOrder(
  api: CheckedApi,
  account: Account,
  subscriptions: readonly object[],
  fields: object = {},
): Promise<Reply> {
  return api.post('/v1/orders', {
    orderDate: START,
    existingAccountNumber: account.number,
    subscriptions,
    ...fields,
  });
}

conformance(
  'POST_Order',
  'takes the published sample order: twelve months from the order date',
  async (api) => {
    const account = await createAccount(api);
    const plan = await createPlan(api);
    const body = expectSuccess(
      await api.post('/v1/orders', {
        existingAccountNumber: account.number,
        orderDate: '2026-07-01',
        subscriptions: [
          {
            orderActions: [
              {
                type: 'CreateSubscription',
                createSubscription: {
                  terms: {
                    initialTerm: { period: 12, periodType: 'Month', termType: 'TERMED' },
                    renewalSetting: 'RENEW_WITH_SPECIFIC_TERM',
                    renewalTerms: [{ period: 12, periodType: 'Month' }],
                  },
                  subscribeToRatePlans: [{ productRatePlanId: plan.ratePlanId }],
                },
              },
            ],
          },
        ],
      }),
    );
    expect(body).toMatchObject({
      orderNumber: expect.stringMatching(/^O-\d{8,}$/),
      accountNumber: account.number,
      status: 'Completed',
      subscriptions: [
        {
          subscriptionNumber: expect.stringMatching(/^A-S\d{8,}$/),
          subscriptionOwnerId: account.id,
          subscriptionOwnerNumber: account.number,
          status: 'Active',
        },
      ],
    });
  },
);

conformance(['POST_Order', 'GET_Order'], 'creates several subscriptions in one order', async (api) => {
  const account = await createAccount(api);
  const plan = await createPlan(api);
  const body = expectSuccess(
    await postOrder(api, account, [createOne(plan), createOne(plan), createOne(plan)], {
      description: 'three',
    }),
  );
  const numbers = listAt(body, 'subscriptions').map((subscription) =>
    textAt(subscription, 'subscriptionNumber'),
  );
  expect(new Set(numbers).size).toBe(3);
  const read = expectSuccess(await api.get(`/v1/orders/${textAt(body, 'orderNumber')}`));
  expect(valueAt(read, 'order')).toMatchObject({
    orderDate: START,
    description: 'three',
    existingAccountNumber: account.number,
    currency: 'USD',
    status: 'Completed',
    subscriptions: numbers.map((subscriptionNumber) => ({
      subscriptionNumber,
      subscriptionOwnerAccountNumber: account.number,
      newVersion: 1,
      orderActions: [{ type: 'CreateSubscription', sequence: 0 }],
    })),
  });
});

conformance('POST_Order', 'returns ids when asked for them', async (api) => {
  const account = await createAccount(api);
  const plan = await createPlan(api);
  const body = expectSuccess(
    await api.post('/v1/orders?returnIds=true', {
      orderDate: START,
      existingAccountNumber: account.number,
      subscriptions: [createOne(plan)],
    }),
  );
  expect(body).toMatchObject({ orderId: expect.stringMatching(ID), accountId: account.id });
});

conformance(
  ['POST_Order', 'GET_Order', 'GET_SubscriptionsByKey'],
  'puts the subscription on its owner and the invoices on the distributor, and echoes both flags',
  async (api) => {
    const distributor = await createAccount(api, { partnerAccount: true });
    const customer = await createAccount(api);
    const plan = await createPlan(api);
    const { orderNumber, subscriptionNumber } = await orderSubscription(api, distributor, plan, {
      subscriptionOwnerAccountNumber: customer.number,
    });
    const order = expectSuccess(await api.get(`/v1/orders/${orderNumber}?getAccountDetails=true`));
    expect(valueAt(order, 'order')).toMatchObject({
      existingAccountDetails: {
        basicInfo: { id: distributor.id, accountNumber: distributor.number, partnerAccount: true },
        billToContact: { id: distributor.billToContactId },
      },
      subscriptions: [
        {
          subscriptionOwnerAccountNumber: customer.number,
          subscriptionOwnerAccountDetails: { accountNumber: customer.number, partnerAccount: false },
        },
      ],
    });
    expect(expectSuccess(await api.get(`/v1/subscriptions/${subscriptionNumber}`))).toMatchObject({
      accountNumber: customer.number,
      invoiceOwnerAccountNumber: distributor.number,
    });
  },
);

conformance(
  ['POST_Order', 'GET_SubscriptionsByKey'],
  'takes another invoice owner for a subscription of the order',
  async (api) => {
    const account = await createAccount(api);
    const payer = await createAccount(api);
    const { subscriptionNumber } = await orderSubscription(api, account, await createPlan(api), {
      invoiceOwnerAccountNumber: payer.number,
    });
    expect(expectSuccess(await api.get(`/v1/subscriptions/${subscriptionNumber}`))).toMatchObject({
      accountNumber: account.number,
      invoiceOwnerAccountId: payer.id,
      invoiceOwnerAccountNumber: payer.number,
    });
  },
);

conformance(
  ['POST_Order', 'GET_Account'],
  'creates the account with the order, flagged as partner',
  async (api) => {
    const plan = await createPlan(api);
    const name = uniqueName('New distributor');
    const body = expectSuccess(
      await api.post('/v1/orders', {
        orderDate: START,
        newAccount: {
          name,
          currency: 'USD',
          billCycleDay: 1,
          partnerAccount: true,
          billToContact: {
            firstName: 'Amy',
            lastName: 'Lawrence',
            country: 'United States',
            postalCode: '94403',
          },
        },
        subscriptions: [createOne(plan)],
      }),
    );
    const account = expectSuccess(await api.get(`/v1/accounts/${textAt(body, 'accountNumber')}`));
    expect(account).toMatchObject({ basicInfo: { name, partnerAccount: true } });
  },
);

conformance(['POST_Order', 'GET_Account'], 'creates the subscription owner with the order', async (api) => {
  const distributor = await createAccount(api);
  const name = uniqueName('New customer');
  const { body } = await orderSubscription(api, distributor, await createPlan(api), {
    newSubscriptionOwnerAccount: { name, currency: 'USD', billCycleDay: 1, billToContact: CONTACT },
  });
  const owner = textAt(body, 'subscriptions.0.subscriptionOwnerNumber');
  expect(expectSuccess(await api.get(`/v1/accounts/${owner}`))).toMatchObject({
    basicInfo: { name, partnerAccount: false },
    metrics: { contractedMrr: 25 },
  });
});

conformance(
  ['POST_Order', 'GET_SubscriptionsByKey'],
  'overrides price and quantity of a charge',
  async (api) => {
    const account = await createAccount(api);
    const plan = await createPlan(api, PER_UNIT_MONTHLY_CHARGE);
    const pricing = { recurringPerUnit: { listPrice: 7.5, quantity: 12 } };
    for (const keyName of ['productRatePlanChargeId', 'productRateplanChargeId']) {
      const ratePlan = {
        productRatePlanId: plan.ratePlanId,
        chargeOverrides: [{ [keyName]: plan.chargeId, pricing }],
      };
      const action = createSubscriptionAction([ratePlan], START);
      const body = expectSuccess(await postOrder(api, account, [{ orderActions: [action] }]));
      const number = textAt(body, 'subscriptions.0.subscriptionNumber');
      expect(expectSuccess(await api.get(`/v1/subscriptions/${number}`))).toMatchObject({
        contractedMrr: 90,
        ratePlans: [{ ratePlanCharges: [{ price: 7.5, quantity: 12, mrr: 90 }] }],
      });
    }
  },
);

conformance(['POST_Order', 'GET_Order', 'GET_Account'], 'keeps a draft order without effect', async (api) => {
  const account = await createAccount(api);
  const reply = await postOrder(api, account, [createOne(await createPlan(api))], { status: 'Draft' });
  const body = expectSuccess(reply);
  expect(body).toMatchObject({ status: 'Draft' });
  const read = expectSuccess(await api.get(`/v1/orders/${textAt(body, 'orderNumber')}`));
  expect(read).toMatchObject({ order: { status: 'Draft' } });
  expect(expectSuccess(await api.get(`/v1/accounts/${account.id}`))).toMatchObject({
    metrics: { contractedMrr: 0 },
  });
});

conformance(['POST_Order', 'GET_Order'], 'keeps the numbers that the client chose, once', async (api) => {
  const account = await createAccount(api);
  const plan = await createPlan(api);
  const orderNumber = `O-${randomUUID()}`;
  const subscriptionNumber = `S-${randomUUID()}`;
  const subscriptions = [createOne(plan, { subscriptionNumber })];
  expect(expectSuccess(await postOrder(api, account, subscriptions, { orderNumber }))).toMatchObject({
    orderNumber,
    subscriptions: [{ subscriptionNumber }],
  });
  expectSuccess(await api.get(`/v1/orders/${orderNumber}`));
  expectRefusal(await postOrder(api, account, [createOne(plan)], { orderNumber }), {
    status: 400,
    names: 'orderNumber',
  });
  expectRefusal(await postOrder(api, account, subscriptions), { status: 400, names: 'subscriptionNumber' });
  expectRefusal(await postOrder(api, account, [createOne(plan)], { orderNumber: 'a/b#c' }), {
    status: 400,
    names: 'orderNumber',
  });
});

conformance('POST_Order', 'names what is wrong with an order', async (api) => {
  const account = await createAccount(api);
  const plan = await createPlan(api);
  const noPlan = { ...plan, ratePlanId: '0'.repeat(32) };
  const unknownAction = { orderActions: [{ type: 'LaunchRocket' }] };
  const cases: [string, object][] = [
    ['orderDate', { orderDate: undefined }],
    ['orderDate', { orderDate: '2026-02-30' }],
    ['orderDate', { orderDate: 20260101 }],
    ['existingAccountNumber', { existingAccountNumber: 'A-nobody' }],
    ['existingAccountNumber', { existingAccountNumber: undefined }],
    ['status', { status: 'Almost' }],
    ['subscriptions', { subscriptions: 'none' }],
    ['LaunchRocket', { subscriptions: [unknownAction] }],
    ['productRatePlanId', { subscriptions: [createOne(noPlan)] }],
    [
      'subscriptionOwnerAccountNumber',
      { subscriptions: [createOne(plan, { subscriptionOwnerAccountNumber: 'A-nobody' })] },
    ],
    [
      'invoiceOwnerAccountNumber',
      { subscriptions: [createOne(plan, { invoiceOwnerAccountNumber: 'A-nobody' })] },
    ],
    ['terms', { subscriptions: [createOne(plan, { terms: undefined })] }],
  ];
  for (const [names, wrong] of cases) {
    expectRefusal(await postOrder(api, account, [createOne(plan)], wrong), { status: 400, names });
  }
  const tooMany = Array.from({ length: 51 }, () => createOne(plan));
  expectRefusal(await postOrder(api, account, tooMany), { status: 400, names: 'subscriptions' });
});

conformance(
  ['POST_Order', 'GET_OrdersBySubscriptionOwner', 'GET_Account'],
  'does nothing at all when one of its subscriptions is refused',
  async (api) => {
    const account = await createAccount(api);
    const plan = await createPlan(api);
    const bad = createOne({ ...plan, ratePlanId: '0'.repeat(32) });
    expectRefusal(await postOrder(api, account, [createOne(plan), bad]), { status: 400 });
    const orders = expectSuccess(await api.get(`/v1/orders/subscriptionOwner/${account.number}`));
    expect(listAt(orders, 'orders')).toEqual([]);
    expect(expectSuccess(await api.get(`/v1/accounts/${account.id}`))).toMatchObject({
      metrics: { contractedMrr: 0 },
    });
  },
);
