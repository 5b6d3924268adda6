import { beforeAll, describe, expect, test } from 'vitest';
import { type TestOffer, testOffer } from '../support/order-objects.ts';
import { provenAfterEach } from '../support/proven-metrics.ts';
import { subscriptionFormRequests } from '../support/subscription-form-requests.ts';
import {
  account,
  done,
  type FormsWorld,
  formsWorld,
  newSubscription,
  publishedMrr,
  subscribed,
} from '../support/subscription-forms.ts';
import { insertOffer } from '../support/worker-api.ts';

/** The forms of /v1/subscriptions are orders: what each one does, answers, and moves in the owner's contracted MRR. */

let world: FormsWorld;
let api: FormsWorld['api'];
const ID = /^[0-9a-f]{32}$/;
let flat: TestOffer;
let seats: TestOffer;
const form = (accountKey: string, fields: object = {}) => newSubscription(world, accountKey, fields);

provenAfterEach();

beforeAll(async () => {
  world = await formsWorld();
  ({ api, flat, seats } = world);
});

describe('a new subscription', () => {
  test('answers as the published sample does, with an order behind it', async () => {
    const owner = await account();
    const body = await done(api.post('/v1/subscriptions', form(owner.accountNumber, { notes: 'by form' })));
    expect(body).toEqual({
      success: true,
      subscriptionId: expect.stringMatching(ID),
      subscriptionNumber: expect.stringMatching(/^A-S\d{8}$/),
      contractedMrr: 25,
      totalContractedValue: 300,
    });
    expect(await publishedMrr(owner.id)).toBe(25);
    const number = (body as { subscriptionNumber: string }).subscriptionNumber;
    const shown = (await api.get(`/v1/subscriptions/${number}`)).body;
    expect(shown).toMatchObject({
      termEndDate: '2027-01-01',
      renewalTerm: 12,
      renewalTermPeriodType: 'Month',
      autoRenew: true,
      notes: 'by form',
      lastBookingDate: '2026-01-01',
    });
    const orders = (await api.get(`/v1/orders/subscription/${number}`)).body.orders;
    expect(orders).toMatchObject([
      { status: 'Completed', orderDate: '2026-01-01', existingAccountNumber: owner.accountNumber },
    ]);
  });

  test('takes prices and quantities beside each other, whatever the charge model', async () => {
    const override = (offer: TestOffer, fields: object) => ({
      productRatePlanId: offer.offer.id,
      chargeOverrides: [{ productRatePlanChargeId: offer.offer.charges[0]!.id, ...fields }],
    });
    const owner = await account();
    const plans = [override(flat, { price: 10 }), override(seats, { quantity: 6, price: 2.5 })];
    const body = await done(api.post('/v1/subscriptions', form(owner.id, { subscribeToRatePlans: plans })));
    expect(body).toMatchObject({ contractedMrr: 25, totalContractedValue: 300 });
  });

  // 5 at 3 + 2 at 2 = 19; 7 at 2 = 14 by volume; half of 100 is taken off; usage is worth nothing by the month.
  test.each([
    {
      model: { chargeModel: 'Tiered Pricing', defaultQuantity: '1', unitOfMeasure: 'Each' },
      override: {
        quantity: 7,
        tiers: [
          { tier: 1, startingUnit: 0, endingUnit: 5, price: 3, priceFormat: 'PerUnit' },
          { tier: 2, startingUnit: 6, price: 2, priceFormat: 'Per Unit' },
        ],
      },
      mrr: 19,
      net: 19,
    },
    {
      model: { chargeModel: 'Volume Pricing', defaultQuantity: '1', unitOfMeasure: 'Each' },
      override: {
        quantity: 7,
        tiers: [
          { tier: 1, startingUnit: 0, endingUnit: 5, price: 3 },
          { tier: 2, startingUnit: 6, price: 2 },
        ],
      },
      mrr: 14,
      net: 14,
    },
    {
      model: { chargeModel: 'Overage Pricing', chargeType: 'Usage', unitOfMeasure: 'Each' },
      override: { includedUnits: 10, overagePrice: 2 },
      mrr: 0,
      net: 0,
    },
    {
      model: { chargeModel: 'Discount-Percentage' },
      override: { discountPercentage: 50, applyDiscountTo: 'RECURRING', discountLevel: 'subscription' },
      beside: { price: '100' },
      mrr: 100,
      net: 50,
    },
  ])('prices $model.chargeModel by the same flat fields', async ({ model, override, beside, mrr, net }) => {
    const offer = await insertOffer(testOffer([model, ...(beside === undefined ? [] : [beside])]));
    const owner = await account();
    const chargeOverrides = [{ productRatePlanChargeId: offer.offer.charges[0]!.id, ...override }];
    const plans = [{ productRatePlanId: offer.offer.id, chargeOverrides }];
    const body = (await done(
      api.post('/v1/subscriptions', form(owner.id, { subscribeToRatePlans: plans })),
    )) as { subscriptionNumber: string };
    expect(body).toMatchObject({ contractedMrr: mrr });
    const shown = await api.get(`/v1/subscriptions/${body.subscriptionNumber}?getDetailedMetrics=true`);
    expect(shown.body).toMatchObject({ contractedNetMrr: net });
  });

  test('has an owner and another invoice owner, whose order it is', async () => {
    const owner = await account();
    const payer = await account();
    const body = await done(
      api.post('/v1/subscriptions', form(owner.id, { invoiceOwnerAccountKey: payer.accountNumber })),
    );
    const { subscriptionNumber } = body as { subscriptionNumber: string };
    expect((await api.get(`/v1/subscriptions/${subscriptionNumber}`)).body).toMatchObject({
      accountNumber: owner.accountNumber,
      invoiceOwnerAccountNumber: payer.accountNumber,
    });
    expect([await publishedMrr(owner.id), await publishedMrr(payer.id)]).toEqual([25, 0]);
    expect((await api.get(`/v1/orders/invoiceOwner/${payer.accountNumber}`)).body.orders).toHaveLength(1);
  });

  test('has no contracted value when it is evergreen', async () => {
    const owner = await account();
    const body = await done(
      api.post('/v1/subscriptions', form(owner.id, { termType: 'EVERGREEN', initialTerm: undefined })),
    );
    expect(body).toEqual({
      success: true,
      subscriptionId: expect.stringMatching(ID),
      subscriptionNumber: expect.any(String),
      contractedMrr: 25,
    });
  });

  test('comes with its account in one transaction', async () => {
    const { accountKey: _, ...subscription } = form('', { notes: 'first' });
    const body = (await done(
      api.post('/v1/accounts', {
        name: 'With subscription',
        currency: 'USD',
        billCycleDay: 1,
        billToContact: { firstName: 'Amy', lastName: 'Lawrence', country: 'United States' },
        subscription,
      }),
    )) as { accountId: string };
    expect(body).toMatchObject({
      accountNumber: expect.any(String),
      billToContactId: expect.stringMatching(ID),
      soldToContactId: expect.stringMatching(ID),
      subscriptionId: expect.stringMatching(ID),
      contractedMrr: 25,
      totalContractedValue: 300,
    });
    expect(await publishedMrr(body.accountId)).toBe(25);
  });
});

test('every form that is tested with hostile values would succeed without them', async () => {
  const { id } = await account();
  const forms = await subscriptionFormRequests(api, id, seats.offer.id, seats.offer.charges[0]!.id);
  for (const [name, { path, body }] of Object.entries(forms)) {
    if (name === 'PreviewExistingSubscription') continue;
    const reply = await (name.startsWith('POST') ? api.post(path, body) : api.put(path, body));
    expect([name, reply.status, reply.body.success, reply.body.reasons]).toEqual([
      name,
      200,
      true,
      undefined,
    ]);
  }
});

test('what is done by thousands has a limit of its own', async () => {
  const { path } = await subscribed(world);
  const pools = await Promise.all(
    ['', '/renew', '/cancel', '/suspend'].map(async (verb) => {
      const { headers } = await api.put(`${path}${verb}`, { orderDate: 0, autoRenew: 0 });
      return headers.get('Concurrency-Limit-Type');
    }),
  );
  const own = 'High-volume transactions';
  expect(pools).toEqual([own, own, own, 'Default']);
});

describe('an update', () => {
  test('adds, changes quantities and removes: each entry an action, all one order', async () => {
    const { owner, number, path } = await subscribed(world);
    const added = await done(
      api.put(path, { add: [{ productRatePlanId: seats.offer.id, contractEffectiveDate: '2026-07-01' }] }),
    );
    expect(added).toEqual({
      success: true,
      subscriptionId: expect.stringMatching(ID),
      totalDeltaMrr: 25,
      totalDeltaTcv: 150,
    });
    const { ratePlans } = (await api.get(path)).body;
    const [first, second] = ratePlans;
    const updated = await done(
      api.put(path, {
        update: [
          {
            ratePlanId: second.id,
            contractEffectiveDate: '2026-10-01',
            chargeUpdateDetails: [{ ratePlanChargeId: second.ratePlanCharges[0].id, quantity: 8 }],
          },
        ],
        remove: [{ ratePlanId: first.id, contractEffectiveDate: '2026-11-01' }],
      }),
    );
    expect(updated).toMatchObject({ totalDeltaMrr: 0, totalDeltaTcv: 25 });
    expect(await publishedMrr(owner.id)).toBe(50);
    expect((await api.get(path)).body).toMatchObject({ subscriptionNumber: number, version: 3 });
    expect((await api.get(`/v1/orders/subscription/${number}`)).body.orders).toHaveLength(3);
  });

  test('replaces a rate plan by another', async () => {
    const { owner, path } = await subscribed(world);
    const body = await done(
      api.put(path, {
        change: [
          {
            productRatePlanId: flat.offer.id,
            newProductRatePlanId: seats.offer.id,
            contractEffectiveDate: '2026-07-01',
            subType: 'Upgrade',
            chargeOverrides: [{ productRatePlanChargeId: seats.offer.charges[0]!.id, quantity: 12 }],
          },
        ],
      }),
    );
    expect(body).toMatchObject({ totalDeltaMrr: 50, totalDeltaTcv: 300 });
    expect(await publishedMrr(owner.id)).toBe(75);
  });

  test('changes terms, notes and custom fields of the next version', async () => {
    const { path } = await subscribed(world, { Region__c: 'EU', Tier__c: 'gold' });
    const body = await done(
      api.put(path, { autoRenew: false, renewalTerm: 6, notes: 'shorter', currentTerm: 24, Region__c: 'US' }),
    );
    expect(body).toMatchObject({ totalDeltaMrr: 0, totalDeltaTcv: 300 });
    expect((await api.get(path)).body).toMatchObject({
      version: 2,
      autoRenew: false,
      renewalTerm: 6,
      renewalTermPeriodType: 'Month',
      notes: 'shorter',
      termEndDate: '2028-01-01',
      Region__c: 'US',
      Tier__c: 'gold',
    });
    expect((await api.get(`${path}/versions/1`)).body).toMatchObject({ autoRenew: true, Region__c: 'EU' });
  });

  test('goes by the id of any version, and refuses a version that is no longer the latest', async () => {
    const { path } = await subscribed(world);
    const { id } = (await api.get(path)).body;
    await done(api.put(`/v1/subscriptions/${id}`, { notes: 'second' }, { 'If-Match': '1' }));
    await done(api.put(`/v1/subscriptions/${id}`, { notes: 'third' }, { 'If-Match': '"2"' }));
    const stale = await api.put(path, { notes: 'lost' }, { 'If-Match': '2' });
    expect([stale.status, stale.body.success]).toEqual([409, false]);
    expect(stale.body.reasons[0].message).toContain('version 3');
    expect((await api.get(path)).body).toMatchObject({ version: 3, notes: 'third' });
  });
});

describe('the life of a subscription', () => {
  test('renew appends a term', async () => {
    const { owner, path } = await subscribed(world);
    expect(await done(api.put(`${path}/renew`, {}))).toEqual({
      success: true,
      subscriptionId: expect.stringMatching(ID),
      termStartDate: '2027-01-01',
      termEndDate: '2028-01-01',
      totalDeltaMrr: 0,
      totalDeltaTcv: 300,
    });
    expect(await publishedMrr(owner.id)).toBe(25);
  });

  test('cancel takes the contracted MRR at once and the value from the date on', async () => {
    const { owner, path } = await subscribed(world);
    const body = { cancellationPolicy: 'SpecificDate', cancellationEffectiveDate: '2026-07-01' };
    expect(await done(api.put(`${path}/cancel`, body))).toEqual({
      success: true,
      subscriptionId: expect.stringMatching(ID),
      cancelledDate: '2026-07-01',
      totalDeltaMrr: expect.any(Number),
      totalDeltaTcv: -150,
    });
    expect(await publishedMrr(owner.id)).toBe(0);
    expect((await api.get(path)).body.status).toBe('Cancelled');
  });

  test('suspend and resume leave out the days between', async () => {
    const { owner, path } = await subscribed(world);
    const suspend = { suspendPolicy: 'SpecificDate', suspendSpecificDate: '2026-04-01' };
    expect(await done(api.put(`${path}/suspend`, suspend))).toEqual({
      success: true,
      subscriptionId: expect.stringMatching(ID),
      suspendDate: '2026-04-01',
      resumeDate: null,
      termEndDate: '2027-01-01',
      totalDeltaTcv: -225,
    });
    const resume = {
      resumePolicy: 'FixedPeriodsFromSuspendDate',
      resumePeriods: '1',
      resumePeriodsType: 'Month',
    };
    expect(await done(api.put(`${path}/resume`, resume))).toEqual({
      success: true,
      subscriptionId: expect.stringMatching(ID),
      resumeDate: '2026-05-01',
      termEndDate: '2027-01-01',
      totalDeltaTcv: 200,
    });
    expect(await publishedMrr(owner.id)).toBe(25);
  });

  test('suspend can book the resumption with it', async () => {
    const { path } = await subscribed(world);
    const body = {
      suspendPolicy: 'SpecificDate',
      suspendSpecificDate: '2026-04-01',
      resume: true,
      resumePolicy: 'SpecificDate',
      resumeSpecificDate: '2026-06-01',
    };
    expect(await done(api.put(`${path}/suspend`, body))).toMatchObject({
      suspendDate: '2026-04-01',
      resumeDate: '2026-06-01',
      totalDeltaTcv: -50,
    });
    expect((await api.get(path)).body).toMatchObject({ status: 'Active', version: 2 });
  });

  test('changes meet a transfer of the invoice owner without an error', async () => {
    const { owner, number, path } = await subscribed(world);
    const payer = await account();
    const transfer = {
      orderDate: '2026-02-01',
      existingAccountNumber: owner.accountNumber,
      subscriptions: [
        {
          subscriptionNumber: number,
          orderActions: [
            {
              type: 'OwnerTransfer',
              ownerTransfer: { destinationInvoiceAccountNumber: payer.accountNumber },
            },
          ],
        },
      ],
    };
    const replies = await Promise.all([
      api.post('/v1/orders', transfer),
      ...Array.from({ length: 5 }, () => api.put(`${path}/renew`, {})),
    ]);
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect((await api.get(path)).body).toMatchObject({
      version: 7,
      invoiceOwnerAccountNumber: payer.accountNumber,
      termEndDate: '2032-01-01',
    });
  });
});
