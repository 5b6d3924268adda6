import { beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { type TestOffer, testAccount, testOffer } from '../support/order-objects.ts';
import { provenAfterEach } from '../support/proven-metrics.ts';
import { insert, insertOffer, type WorkerApi, workerApi } from '../support/worker-api.ts';

/** Every order action over HTTP: placed on a subscription, and how the order reads afterwards. */

let api: WorkerApi;
let account: Account;
let other: Account;
let flat: TestOffer;
let seats: TestOffer;

provenAfterEach();

beforeAll(async () => {
  api = await workerApi();
  account = await insert('account', testAccount());
  other = await insert('account', testAccount());
  flat = await insertOffer(testOffer([{ price: '25' }]));
  seats = await insertOffer(
    testOffer([
      { chargeModel: 'Per Unit Pricing', price: '6.25', defaultQuantity: '4', unitOfMeasure: 'Each' },
    ]),
  );
});

const TERMS = {
  initialTerm: { period: 12, periodType: 'Month', termType: 'TERMED', startDate: '2026-01-01' },
  renewalSetting: 'RENEW_WITH_SPECIFIC_TERM',
  renewalTerms: [{ period: 6, periodType: 'Month' }],
};
const on = (date: string) => [{ name: 'ContractEffective', triggerDate: date }];

function post(subscription: object, fields: object = {}, headers: Record<string, string> = {}) {
  const body = {
    orderDate: '2026-01-01',
    existingAccountNumber: account.accountNumber,
    subscriptions: [subscription],
    ...fields,
  };
  return api.post('/v1/orders', body, headers);
}

/** A subscription on the per-unit plan; its number, and the number and rate plan of its charge. */
async function subscribed() {
  const plans = [{ productRatePlanId: seats.offer.id, uniqueToken: 'team' }];
  const createSubscription = { terms: TERMS, subscribeToRatePlans: plans };
  const made = await post({ orderActions: [{ type: 'CreateSubscription', createSubscription }] });
  const [subscription] = made.body.subscriptions;
  const read = await api.get(`/v1/subscriptions/${subscription.subscriptionNumber}`);
  const [plan] = read.body.ratePlans;
  return {
    subscriptionNumber: subscription.subscriptionNumber as string,
    ratePlanId: plan.id as string,
    chargeNumber: plan.ratePlanCharges[0].number as string,
  };
}

/** Places actions on a subscription and reads them back. */
async function changed(subscriptionNumber: string, orderActions: object[]) {
  const placed = await post({ subscriptionNumber, orderActions });
  expect(placed.body).toMatchObject({ success: true });
  const { order } = (await api.get(`/v1/orders/${placed.body.orderNumber}`)).body;
  expect(order.subscriptions).toHaveLength(1);
  return { order, actions: order.subscriptions[0].orderActions };
}

describe('actions on a subscription', () => {
  test('a rate plan is added and reads back with its number and charge', async () => {
    const { subscriptionNumber } = await subscribed();
    const addProduct = { productRatePlanId: flat.offer.id, customFields: { a__c: 'b' } };
    const { actions, order } = await changed(subscriptionNumber, [
      { type: 'AddProduct', addProduct, triggerDates: on('2026-03-01'), changeReason: 'grows' },
    ]);
    expect(order).toMatchObject({
      orderLineItems: [],
      subscriptions: [{ subscriptionNumber, baseVersion: 1, newVersion: 2 }],
    });
    expect(actions).toMatchObject([
      {
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        type: 'AddProduct',
        sequence: 0,
        changeReason: 'grows',
        triggerDates: on('2026-03-01'),
        addProduct: {
          productRatePlanId: flat.offer.id,
          newRatePlanId: expect.stringMatching(/^[0-9a-f]{32}$/),
          subscriptionRatePlanNumber: expect.stringMatching(/^SRP-/),
          customFields: { a__c: 'b' },
          chargeOverrides: [{ pricing: { recurringFlatFee: { listPrice: 25 } } }],
        },
      },
    ]);
  });

  test('a quantity is updated by the number of the charge, and by tokens', async () => {
    const { subscriptionNumber, ratePlanId, chargeNumber } = await subscribed();
    const chargeUpdates = [{ chargeNumber, pricing: { recurringPerUnit: { quantity: 10 } } }];
    const first = await changed(subscriptionNumber, [
      {
        type: 'UpdateProduct',
        updateProduct: { ratePlanId, chargeUpdates },
        triggerDates: on('2026-04-01'),
      },
    ]);
    const read = await api.get(`/v1/subscriptions/${subscriptionNumber}`);
    expect(read.body.ratePlans[0].ratePlanCharges[0]).toMatchObject({
      segment: 2,
      quantity: 10,
      effectiveStartDate: '2026-04-01',
    });
    expect(first.actions[0].updateProduct).toMatchObject({
      ratePlanId,
      newRatePlanId: ratePlanId,
      chargeUpdates: [{ chargeNumber, newRatePlanChargeId: read.body.ratePlans[0].ratePlanCharges[0].id }],
    });
    const second = await changed(subscriptionNumber, [
      {
        type: 'UpdateProduct',
        updateProduct: { uniqueToken: 'team', chargeUpdates },
        triggerDates: on('2026-05-01'),
      },
    ]);
    expect(second.actions[0].updateProduct).toMatchObject({ uniqueToken: 'team', newRatePlanId: ratePlanId });
  });

  test('a rate plan is removed; another one takes its place', async () => {
    const { subscriptionNumber, ratePlanId } = await subscribed();
    const { actions } = await changed(subscriptionNumber, [
      {
        type: 'ChangePlan',
        changePlan: {
          ratePlanId,
          newProductRatePlan: { productRatePlanNumber: flat.offer.plan.ratePlanNumber, uniqueToken: 'new' },
          subType: 'Downgrade',
        },
        triggerDates: on('2026-04-01'),
      },
      { type: 'RemoveProduct', removeProduct: { uniqueToken: 'new' }, triggerDates: on('2026-06-01') },
    ]);
    expect(actions).toMatchObject([
      {
        type: 'ChangePlan',
        changePlan: {
          ratePlanId,
          subType: 'Downgrade',
          newProductRatePlan: { productRatePlanId: flat.offer.id, chargeOverrides: [{}] },
        },
      },
      { type: 'RemoveProduct', sequence: 1, removeProduct: { uniqueToken: 'new' } },
    ]);
  });

  test('terms are changed and the subscription is renewed', async () => {
    const { subscriptionNumber } = await subscribed();
    const { actions } = await changed(subscriptionNumber, [
      {
        type: 'TermsAndConditions',
        termsAndConditions: {
          autoRenew: true,
          lastTerm: { termType: 'TERMED', period: 24, periodType: 'Month' },
        },
      },
      { type: 'RenewSubscription' },
    ]);
    expect(actions).toMatchObject([
      { type: 'TermsAndConditions', termsAndConditions: { autoRenew: true, initialTerm: { period: 24 } } },
      { type: 'RenewSubscription', renewSubscription: {} },
    ]);
    expect((await api.get(`/v1/subscriptions/${subscriptionNumber}`)).body).toMatchObject({
      autoRenew: true,
      termEndDate: '2028-07-01',
    });
  });

  test('it is suspended, resumed and cancelled on dates that read back', async () => {
    const { subscriptionNumber } = await subscribed();
    const suspended = await changed(subscriptionNumber, [
      { type: 'Suspend', suspend: { suspendPolicy: 'SpecificDate', suspendSpecificDate: '2026-03-01' } },
    ]);
    expect(suspended.actions[0].suspend).toMatchObject({ suspendDate: '2026-03-01' });
    const resumed = await changed(subscriptionNumber, [
      {
        type: 'Resume',
        resume: {
          resumePolicy: 'FixedPeriodsFromSuspendDate',
          resumePeriods: 10,
          resumePeriodsType: 'Day',
          extendsTerm: true,
        },
      },
    ]);
    expect(resumed.actions[0].resume).toMatchObject({ resumeDate: '2026-03-11', extendsTerm: true });
    const cancelled = await changed(subscriptionNumber, [
      { type: 'CancelSubscription', cancelSubscription: { cancellationPolicy: 'EndOfCurrentTerm' } },
    ]);
    // Twelve months and the ten days that were not served.
    expect(cancelled.actions[0].cancelSubscription).toEqual({
      cancellationPolicy: 'EndOfCurrentTerm',
      cancellationEffectiveDate: '2027-01-11',
    });
  });

  test('it goes to another owner', async () => {
    const { subscriptionNumber } = await subscribed();
    const ownerTransfer = { destinationAccountNumber: other.accountNumber };
    const { actions } = await changed(subscriptionNumber, [{ type: 'OwnerTransfer', ownerTransfer }]);
    expect(actions[0].ownerTransfer).toEqual(ownerTransfer);
    expect((await api.get(`/v1/subscriptions/${subscriptionNumber}`)).body).toMatchObject({
      accountNumber: other.accountNumber,
      invoiceOwnerAccountNumber: account.accountNumber,
    });
  });
});

describe('If-Match', () => {
  const renew = { type: 'RenewSubscription' };

  test('the latest version is changed, a stale one is a conflict', async () => {
    const { subscriptionNumber } = await subscribed();
    const change = { subscriptionNumber, orderActions: [renew] };
    expect((await post(change, {}, { 'If-Match': '"1"' })).body).toMatchObject({ success: true });
    const stale = await post(change, {}, { 'If-Match': '1' });
    expect([stale.status, stale.body.success]).toEqual([409, false]);
    expect((await post(change, {}, { 'If-Match': 'W/"2"' })).body).toMatchObject({ success: true });
  });

  test('what is no version is named', async () => {
    const { subscriptionNumber } = await subscribed();
    const change = { subscriptionNumber, orderActions: [renew] };
    const reply = await post(change, {}, { 'If-Match': 'latest' });
    expect([reply.status, reply.body.reasons[0].message]).toEqual([400, expect.stringContaining('If-Match')]);
  });
});

test('a scheduled order says when, and shows what was given', async () => {
  const { subscriptionNumber } = await subscribed();
  const schedulingOptions = { scheduledDatePolicy: 'SpecificDate', scheduledDate: '2099-01-01' };
  const suspend = { suspendPolicy: 'Today' };
  const kept = await post(
    { subscriptionNumber, orderActions: [{ type: 'Suspend', suspend }] },
    { status: 'Scheduled', schedulingOptions },
  );
  expect(kept.body).toMatchObject({ success: true, status: 'Scheduled' });
  expect((await api.get(`/v1/orders/${kept.body.orderNumber}`)).body.order).toMatchObject({
    status: 'Scheduled',
    schedulingOptions,
    subscriptions: [{ subscriptionNumber, orderActions: [{ type: 'Suspend', suspend }] }],
  });
});
