import { expect } from 'vitest';
import { conformance } from './support/conformance.ts';
import {
  createAccount,
  createPlan,
  createSubscriptionAction,
  orderSubscription,
  PER_UNIT_MONTHLY_CHARGE,
} from './support/fixtures.ts';
import { expectRefusal, expectSuccess, ID, listAt, textAt, valueAt } from './support/reply-reading.ts';

// Subscriptions as they read after an order: terms, owners, rate plans, charges, and what they are worth a month.
conformance(
  'GET_SubscriptionsByKey',
  'shows terms, owners, dates and the charge with its segment',
  async (api) => {
    const account = await createAccount(api, { paymentTerm: 'Net 30' });
    const plan = await createPlan(api);
    const { subscriptionNumber } = await orderSubscription(api, account, plan, { notes: 'first' });
    const body = expectSuccess(await api.get(`/v1/subscriptions/${subscriptionNumber}`));
    expect(body).toMatchObject({
      id: expect.stringMatching(ID),
      subscriptionNumber,
      version: 1,
      status: 'Active',
      accountId: account.id,
      accountNumber: account.number,
      invoiceOwnerAccountId: account.id,
      invoiceOwnerAccountNumber: account.number,
      currency: 'USD',
      termType: 'TERMED',
      initialTerm: 12,
      initialTermPeriodType: 'Month',
      currentTerm: 12,
      renewalTerm: 12,
      renewalTermPeriodType: 'Month',
      renewalSetting: 'RENEW_WITH_SPECIFIC_TERM',
      autoRenew: false,
      contractEffectiveDate: '2026-01-01',
      serviceActivationDate: '2026-01-01',
      customerAcceptanceDate: '2026-01-01',
      subscriptionStartDate: '2026-01-01',
      termStartDate: '2026-01-01',
      termEndDate: '2027-01-01',
      notes: 'first',
      contractedMrr: 25,
      totalContractedValue: 300,
    });
    const [ratePlan] = listAt(body, 'ratePlans');
    expect(ratePlan).toMatchObject({
      id: expect.stringMatching(ID),
      productId: plan.productId,
      productRatePlanId: plan.ratePlanId,
      ratePlanCharges: [
        {
          id: expect.stringMatching(ID),
          number: expect.stringMatching(/^C-\d{8,}$/),
          productRatePlanChargeId: plan.chargeId,
          name: 'Monthly fee',
          type: 'Recurring',
          model: 'FlatFee',
          billingPeriod: 'Month',
          currency: 'USD',
          price: 25,
          mrr: 25,
          tcv: 300,
          segment: 1,
          version: 1,
          triggerEvent: 'ContractEffective',
          effectiveStartDate: '2026-01-01',
          effectiveEndDate: '2027-01-01',
          endDateCondition: 'Subscription_End',
          chargedThroughDate: null,
          processedThroughDate: null,
        },
      ],
    });
  },
);

conformance(
  'GET_SubscriptionsByKey',
  'takes the id of the subscription as well as its number',
  async (api) => {
    const account = await createAccount(api);
    const { subscriptionNumber } = await orderSubscription(api, account, await createPlan(api));
    const byNumber = expectSuccess(await api.get(`/v1/subscriptions/${subscriptionNumber}`));
    expect(expectSuccess(await api.get(`/v1/subscriptions/${textAt(byNumber, 'id')}`))).toEqual(byNumber);
  },
);

// Semantics C.1: a month is the price divided by the months of the billing period.
for (const { period, price, mrr } of [
  { period: 'Month', price: 84, mrr: 84 },
  { period: 'Quarter', price: 270, mrr: 90 },
  { period: 'Semi-Annual', price: 600, mrr: 100 },
  { period: 'Annual', price: 1500, mrr: 125 },
]) {
  conformance('GET_SubscriptionsByKey', `values ${price} per ${period} at ${mrr} a month`, async (api) => {
    const account = await createAccount(api);
    const plan = await createPlan(api, {
      BillingPeriod: period,
      ProductRatePlanChargeTierData: { ProductRatePlanChargeTier: [{ Currency: 'USD', Price: price }] },
    });
    const { subscriptionNumber } = await orderSubscription(api, account, plan);
    expect(expectSuccess(await api.get(`/v1/subscriptions/${subscriptionNumber}`))).toMatchObject({
      contractedMrr: mrr,
      ratePlans: [{ ratePlanCharges: [{ price, mrr }] }],
    });
  });
}

conformance(
  'GET_SubscriptionsByKey',
  'counts neither one-time nor usage charges in the monthly value',
  async (api) => {
    const account = await createAccount(api);
    const oneTime = await createPlan(api, { ChargeType: 'OneTime' });
    const usage = await createPlan(api, { ChargeType: 'Usage', ChargeModel: 'Per Unit Pricing', UOM: 'GB' });
    const seats = await createPlan(api, PER_UNIT_MONTHLY_CHARGE);
    const action = createSubscriptionAction(
      [oneTime, usage, seats].map((plan) => ({ productRatePlanId: plan.ratePlanId })),
      '2026-01-01',
    );
    const order = expectSuccess(
      await api.post('/v1/orders', {
        orderDate: '2026-01-01',
        existingAccountNumber: account.number,
        subscriptions: [{ orderActions: [action] }],
      }),
    );
    const number = textAt(order, 'subscriptions.0.subscriptionNumber');
    const body = expectSuccess(await api.get(`/v1/subscriptions/${number}`));
    expect(body).toMatchObject({ contractedMrr: 25 });
    expect(listAt(body, 'ratePlans')).toHaveLength(3);
  },
);

conformance('GET_SubscriptionsByKey', 'has no end and no total value when evergreen', async (api) => {
  const account = await createAccount(api);
  const { subscriptionNumber } = await orderSubscription(api, account, await createPlan(api), {
    terms: {
      initialTerm: { startDate: '2026-01-01', termType: 'EVERGREEN' },
      renewalTerms: [],
    },
  });
  const body = expectSuccess(await api.get(`/v1/subscriptions/${subscriptionNumber}`));
  expect(body).toMatchObject({ termType: 'EVERGREEN', contractedMrr: 25 });
  expect((body as { termEndDate?: string | null }).termEndDate ?? null).toBeNull();
});

conformance(
  ['GET_SubscriptionsByKey', 'GET_SubscriptionsByAccount'],
  "echoes the partner flags of the subscription's owner and its invoice owner",
  async (api) => {
    const distributor = await createAccount(api, { partnerAccount: true });
    const customer = await createAccount(api);
    const { subscriptionNumber } = await orderSubscription(api, distributor, await createPlan(api), {
      subscriptionOwnerAccountNumber: customer.number,
    });
    const details = {
      accountOwnerDetails: { accountNumber: customer.number, partnerAccount: false },
      invoiceOwnerAccountDetails: { accountNumber: distributor.number, partnerAccount: true },
    };
    expect(expectSuccess(await api.get(`/v1/subscriptions/${subscriptionNumber}`))).toMatchObject(details);
    const owned = expectSuccess(await api.get(`/v1/subscriptions/accounts/${customer.number}`));
    expect(listAt(owned, 'subscriptions')).toMatchObject([{ subscriptionNumber }]);
    const invoiced = expectSuccess(await api.get(`/v1/subscriptions/accounts/${distributor.id}`));
    expect(listAt(invoiced, 'subscriptions')).toEqual([]);
  },
);

conformance('GET_SubscriptionsByAccount', "pages through an account's subscriptions", async (api) => {
  const account = await createAccount(api);
  const plan = await createPlan(api);
  const wanted: string[] = [];
  for (let count = 0; count < 3; count += 1) {
    wanted.push((await orderSubscription(api, account, plan)).subscriptionNumber);
  }
  const first = expectSuccess(await api.get(`/v1/subscriptions/accounts/${account.id}?pageSize=2`));
  const rest = expectSuccess(await api.get(textAt(first, 'nextPage')));
  const seen = [...listAt(first, 'subscriptions'), ...listAt(rest, 'subscriptions')];
  expect(listAt(first, 'subscriptions')).toHaveLength(2);
  expect(seen.map((subscription) => valueAt(subscription, 'subscriptionNumber')).sort()).toEqual(
    wanted.sort(),
  );
  expect(rest).not.toHaveProperty('nextPage');
});

conformance(
  ['GET_SubscriptionsByKey', 'GET_SubscriptionsByAccount'],
  'answers 404 for a subscription and an account that are not there',
  async (api) => {
    expectRefusal(await api.get('/v1/subscriptions/A-S-nothing'), { status: 404, category: 40 });
    expectRefusal(await api.get(`/v1/subscriptions/${'0'.repeat(32)}`), { status: 404, category: 40 });
    expectRefusal(await api.get('/v1/subscriptions/accounts/A-nobody'), { status: 404, category: 40 });
  },
);
