import { expect } from 'vitest';
import { conformance } from './support/conformance.ts';
import { createAccount, createPlan, orderSubscription, PER_UNIT_MONTHLY_CHARGE } from './support/fixtures.ts';
import { expectRefusal, expectSuccess, ID, listAt, textAt, valueAt } from './support/reply-reading.ts';

// Subscriptions made and changed without orders of one's own: the forms of /v1/subscriptions, as published clients send them.
const TERMED = {
  contractEffectiveDate: '2026-01-01',
  termType: 'TERMED',
  initialTerm: 12,
  renewalTerm: 12,
  autoRenew: true,
};

conformance(
  ['POST_Subscription', 'GET_SubscriptionsByKey', 'GET_OrdersBySubscriptionNumber'],
  'subscribes an account, with an order behind it',
  async (api) => {
    const account = await createAccount(api);
    const plan = await createPlan(api);
    const body = expectSuccess(
      await api.post('/v1/subscriptions', {
        accountKey: account.number,
        ...TERMED,
        subscribeToRatePlans: [{ productRatePlanId: plan.ratePlanId }],
      }),
    );
    expect(body).toMatchObject({
      subscriptionId: expect.stringMatching(ID),
      contractedMrr: 25,
      totalContractedValue: 300,
    });
    const number = textAt(body, 'subscriptionNumber');
    expect(expectSuccess(await api.get(`/v1/subscriptions/${number}`))).toMatchObject({
      accountNumber: account.number,
      autoRenew: true,
    });
    const orders = expectSuccess(await api.get(`/v1/orders/subscription/${number}`));
    expect(listAt(orders, 'orders')).toMatchObject([{ status: 'Completed' }]);
  },
);

conformance(
  ['PUT_Subscription', 'GET_Order', 'GET_OrdersBySubscriptionNumber'],
  'adds, changes and removes rate plans, as its orders show',
  async (api) => {
    const account = await createAccount(api);
    const seats = await createPlan(api, PER_UNIT_MONTHLY_CHARGE);
    const { subscriptionNumber } = await orderSubscription(api, account, await createPlan(api));
    const path = `/v1/subscriptions/${subscriptionNumber}`;
    const added = await api.put(path, {
      add: [{ productRatePlanId: seats.ratePlanId, contractEffectiveDate: '2026-07-01' }],
    });
    expect(expectSuccess(added)).toMatchObject({ totalDeltaMrr: 25, totalDeltaTcv: 150 });
    const shown = expectSuccess(await api.get(path));
    const updated = await api.put(path, {
      notes: 'more seats, no flat fee',
      update: [
        {
          ratePlanId: textAt(shown, 'ratePlans.1.id'),
          contractEffectiveDate: '2026-10-01',
          chargeUpdateDetails: [
            { ratePlanChargeId: textAt(shown, 'ratePlans.1.ratePlanCharges.0.id'), quantity: 8 },
          ],
        },
      ],
      remove: [{ ratePlanId: textAt(shown, 'ratePlans.0.id'), contractEffectiveDate: '2026-11-01' }],
    });
    expect(expectSuccess(updated)).toMatchObject({ totalDeltaMrr: 0, totalDeltaTcv: 25 });
    const orders = listAt(
      expectSuccess(await api.get(`/v1/orders/subscription/${subscriptionNumber}`)),
      'orders',
    );
    expect(orders).toHaveLength(3);
    const order = expectSuccess(await api.get(`/v1/orders/${textAt(orders[0]!, 'orderNumber')}`));
    expect(
      listAt(order, 'order.subscriptions.0.orderActions').map((action) => valueAt(action, 'type')),
    ).toEqual(['TermsAndConditions', 'UpdateProduct', 'RemoveProduct']);
  },
);

conformance(
  ['PUT_RenewSubscription', 'PUT_SuspendSubscription', 'PUT_ResumeSubscription', 'PUT_CancelSubscription'],
  'renews, suspends, resumes and cancels',
  async (api) => {
    const account = await createAccount(api);
    const { subscriptionNumber } = await orderSubscription(api, account, await createPlan(api));
    const path = `/v1/subscriptions/${subscriptionNumber}`;
    expect(expectSuccess(await api.put(`${path}/renew`, {}))).toMatchObject({
      termStartDate: '2027-01-01',
      termEndDate: '2028-01-01',
      totalDeltaMrr: 0,
      totalDeltaTcv: 300,
    });
    const suspended = await api.put(`${path}/suspend`, {
      suspendPolicy: 'SpecificDate',
      suspendSpecificDate: '2026-04-01',
    });
    expect(expectSuccess(suspended)).toMatchObject({
      suspendDate: '2026-04-01',
      resumeDate: null,
      totalDeltaTcv: -525,
    });
    const resumed = await api.put(`${path}/resume`, {
      resumePolicy: 'FixedPeriodsFromSuspendDate',
      resumePeriods: '2',
      resumePeriodsType: 'Month',
    });
    expect(expectSuccess(resumed)).toMatchObject({ resumeDate: '2026-06-01', totalDeltaTcv: 475 });
    const cancelled = await api.put(`${path}/cancel`, { cancellationPolicy: 'EndOfCurrentTerm' });
    expect(expectSuccess(cancelled)).toMatchObject({ cancelledDate: '2028-01-01', totalDeltaTcv: 0 });
    expectRefusal(await api.put(`${path}/resume`, { resumePolicy: 'Today' }), { status: 400, category: 30 });
  },
);

conformance('PUT_DeleteSubscription', 'deletes what was never billed', async (api) => {
  const account = await createAccount(api);
  const { subscriptionNumber } = await orderSubscription(api, account, await createPlan(api));
  const path = `/v1/subscriptions/${subscriptionNumber}`;
  expectSuccess(await api.put(`${path}/delete`));
  expectRefusal(await api.get(path), { status: 404, category: 40 });
});

conformance(
  ['POST_PreviewSubscription', 'PUT_Subscription'],
  'previews what a subscription and a change would be worth',
  async (api) => {
    const account = await createAccount(api);
    const plan = await createPlan(api);
    const { renewalTerm: _, autoRenew: __, ...terms } = TERMED;
    const subscribeToRatePlans = [{ productRatePlanId: plan.ratePlanId }];
    const values = { contractedMrr: 25, totalContractedValue: 300 };
    const known = { accountKey: account.id, ...terms, subscribeToRatePlans };
    expect(expectSuccess(await api.post('/v1/subscriptions/preview', known))).toMatchObject(values);
    const previewAccountInfo = {
      billCycleDay: 1,
      currency: 'USD',
      billToContact: { country: 'United States' },
    };
    const unknown = { previewAccountInfo, ...terms, subscribeToRatePlans };
    expect(expectSuccess(await api.post('/v1/subscriptions/preview', unknown))).toMatchObject(values);
    const { subscriptionNumber } = await orderSubscription(api, account, plan);
    const previewed = await api.put(`/v1/subscriptions/${subscriptionNumber}`, {
      preview: true,
      previewType: 'ChargeMetrics',
      add: [{ productRatePlanId: plan.ratePlanId, contractEffectiveDate: '2026-07-01' }],
    });
    expect(expectSuccess(previewed)).toMatchObject({ totalDeltaMrr: 25, totalDeltaTcv: 150 });
  },
);

conformance(
  'PreviewExistingSubscription',
  'shows what would be billed to the end of the term, and knows which subscription was meant',
  async (api) => {
    const account = await createAccount(api);
    const { subscriptionNumber } = await orderSubscription(api, account, await createPlan(api));
    const previewThroughDate = { previewThruDatePolicy: 'endOfTerm' };
    expectSuccess(await api.post(`/v1/subscriptions/${subscriptionNumber}/preview`, { previewThroughDate }));
    expectRefusal(await api.post('/v1/subscriptions/A-S-nothing/preview', { previewThroughDate }), {
      status: 404,
      category: 40,
    });
  },
);

conformance(
  ['PUT_UpdateSubscriptionCustomFields', 'PUT_UpdateSubscriptionCustomFieldsOfASpecifiedVersion'],
  'changes custom fields of the latest and of an earlier version',
  async (api) => {
    const account = await createAccount(api);
    const { subscriptionNumber } = await orderSubscription(api, account, await createPlan(api));
    const path = `/v1/subscriptions/${subscriptionNumber}`;
    expectSuccess(await api.put(path, { autoRenew: true }));
    const fields = (CustomTag__c: string) => ({ customFields: { CustomTag__c } });
    expectSuccess(await api.put(`${path}/customFields`, fields('latest')));
    expectSuccess(await api.put(`${path}/versions/1/customFields`, fields('first')));
    expect(expectSuccess(await api.get(path))).toMatchObject({ version: 2, CustomTag__c: 'latest' });
  },
);

conformance('POST_Account', 'opens an account with its first subscription', async (api) => {
  const plan = await createPlan(api);
  const body = expectSuccess(
    await api.post('/v1/accounts', {
      name: 'Account with a subscription',
      currency: 'USD',
      billCycleDay: 1,
      billToContact: { firstName: 'Amy', lastName: 'Lawrence', country: 'United States' },
      subscription: { ...TERMED, subscribeToRatePlans: [{ productRatePlanId: plan.ratePlanId }] },
    }),
  );
  expect(body).toMatchObject({ subscriptionId: expect.stringMatching(ID), contractedMrr: 25 });
});

conformance(
  [
    'POST_Subscription',
    'PUT_Subscription',
    'PUT_CancelSubscription',
    'PUT_RenewSubscription',
    'PUT_SuspendSubscription',
    'PUT_ResumeSubscription',
    'PUT_DeleteSubscription',
  ],
  'answers with the envelope of errors when a field is missing or nothing is there',
  async (api) => {
    const missing = { status: 400, category: 20 };
    expectRefusal(await api.post('/v1/subscriptions', {}), missing);
    const account = await createAccount(api);
    const { subscriptionNumber } = await orderSubscription(api, account, await createPlan(api));
    const path = `/v1/subscriptions/${subscriptionNumber}`;
    expectRefusal(await api.put(path, {}), missing);
    for (const verb of ['cancel', 'suspend', 'resume'])
      expectRefusal(await api.put(`${path}/${verb}`, {}), missing);
    for (const verb of ['renew', 'delete']) {
      expectRefusal(await api.put(`/v1/subscriptions/A-S-nothing/${verb}`, {}), {
        status: 404,
        category: 40,
      });
    }
  },
);
