import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import { type TestOffer, testAccount, testOffer } from '../support/order-objects.ts';
import { insert, insertOffer } from '../support/worker-api.ts';

/** The forms of /v1/subscriptions are orders: what each one does, answers, and moves in the owner's contracted MRR. */

let api: InProcessApi;
let flat: TestOffer;
let seats: TestOffer;

beforeAll(async () => {
  api = await inProcessApi();
  flat = await insertOffer(testOffer([{ price: '25' }]));
  seats = await insertOffer(
    testOffer([
      { chargeModel: 'Per Unit Pricing', price: '6.25', defaultQuantity: '4', unitOfMeasure: 'Each' },
    ]),
  );
});

const ID = /^[0-9a-f]{32}$/;
const account = (fields: Partial<Account> = {}) => insert('account', testAccount(fields));

async function publishedMrr(accountId: string): Promise<number> {
  const row = await env.DB.prepare(
    'SELECT contracted_mrr_whole AS whole FROM account_metrics WHERE account_id = ?1',
  )
    .bind(accountId)
    .first<{ whole: number }>();
  return row?.whole ?? 0;
}

/** Twelve months from 1 January 2026 at 25 a month: 300 in all. */
const form = (accountKey: string, fields: object = {}) => ({
  accountKey,
  contractEffectiveDate: '2026-01-01',
  termType: 'TERMED',
  initialTerm: 12,
  renewalTerm: 12,
  autoRenew: true,
  subscribeToRatePlans: [{ productRatePlanId: flat.offer.id }],
  ...fields,
});

async function subscribed(fields: object = {}): Promise<{ owner: Account; number: string; path: string }> {
  const owner = await account();
  const { status, body } = await api.post('/v1/subscriptions', form(owner.accountNumber, fields));
  expect([status, body.success], JSON.stringify(body)).toEqual([200, true]);
  return { owner, number: body.subscriptionNumber, path: `/v1/subscriptions/${body.subscriptionNumber}` };
}

async function done(reply: Promise<{ status: number; body: unknown }>): Promise<unknown> {
  const { status, body } = await reply;
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

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

describe('an update', () => {
  test('adds, changes quantities and removes: each entry an action, all one order', async () => {
    const { owner, number, path } = await subscribed();
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
    const { owner, path } = await subscribed();
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
    const { path } = await subscribed({ Region__c: 'EU', Tier__c: 'gold' });
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
    const { path } = await subscribed();
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
    const { owner, path } = await subscribed();
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
    const { owner, path } = await subscribed();
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
    const { owner, path } = await subscribed();
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
    const { path } = await subscribed();
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

  test('delete takes every version with it and what the owner contracted', async () => {
    const { owner, number, path } = await subscribed();
    await done(api.put(path, { notes: 'second version' }));
    const stale = await api.put(`${path}/delete`, {}, { 'If-Match': '1' });
    expect(stale.status).toBe(409);
    expect(await done(api.put(`${path}/delete`, {}))).toEqual({ success: true });
    expect(await publishedMrr(owner.id)).toBe(0);
    expect((await api.get(path)).status).toBe(404);
    expect((await api.put(`${path}/delete`, {})).status).toBe(404);
    const left = await env.DB.prepare(
      'SELECT (SELECT count(*) FROM subscription WHERE subscription_number = ?1) + ' +
        '(SELECT count(*) FROM rate_plan AS p WHERE NOT EXISTS (SELECT 1 FROM subscription AS s WHERE s.id = p.subscription_original_id)) + ' +
        '(SELECT count(*) FROM charge AS c WHERE NOT EXISTS (SELECT 1 FROM subscription AS s WHERE s.id = c.subscription_original_id)) + ' +
        '(SELECT count(*) FROM order_delta AS d WHERE NOT EXISTS (SELECT 1 FROM subscription AS s WHERE s.id = d.subscription_original_id)) AS n',
    )
      .bind(number)
      .first<{ n: number }>();
    expect(left).toEqual({ n: 0 });
    const [order] = (await api.get(`/v1/orders/subscriptionOwner/${owner.accountNumber}`)).body.orders;
    expect(order).toMatchObject({ status: 'Completed' });
    expect((await api.get(`/v1/orders/${order.orderNumber}`)).status).toBe(200);
  });

  test('delete spares what has been billed', async () => {
    const { owner, number, path } = await subscribed();
    await env.DB.prepare(
      "UPDATE charge SET charged_through_date = '2026-02-01' WHERE subscription_original_id = " +
        '(SELECT original_id FROM subscription WHERE subscription_number = ?1)',
    )
      .bind(number)
      .run();
    const reply = await api.put(`${path}/delete`, {});
    expect([reply.status, reply.body.success]).toEqual([400, false]);
    expect(reply.body.reasons[0].message).toContain('billed');
    expect(await publishedMrr(owner.id)).toBe(25);
  });
});

describe('a preview', () => {
  const counts = () =>
    env.DB.prepare(
      'SELECT (SELECT count(*) FROM orders) AS orders, (SELECT count(*) FROM subscription) AS subscriptions',
    ).first();

  test('of a new subscription shows what it would be worth and keeps nothing', async () => {
    const owner = await account();
    const before = await counts();
    const { renewalTerm: _, autoRenew: __, ...body } = form(owner.id);
    expect(await done(api.post('/v1/subscriptions/preview', body))).toEqual({
      success: true,
      contractedMrr: 25,
      totalContractedValue: 300,
      chargeMetrics: [expect.objectContaining({ mrr: 25, dmrr: 25, tcv: 300, dtcv: 300 })],
    });
    expect(await counts()).toEqual(before);
    expect(await publishedMrr(owner.id)).toBe(0);
  });

  test('needs no account', async () => {
    const { renewalTerm: _, autoRenew: __, accountKey: ___, ...body } = form('');
    const previewAccountInfo = { billCycleDay: 1, currency: 'USD', billToContact: { country: 'Canada' } };
    expect(await done(api.post('/v1/subscriptions/preview', { ...body, previewAccountInfo }))).toMatchObject({
      contractedMrr: 25,
      totalContractedValue: 300,
    });
  });

  test('of an update has the numbers of the update', async () => {
    const { path } = await subscribed();
    const before = await counts();
    const add = [{ productRatePlanId: seats.offer.id, contractEffectiveDate: '2026-07-01' }];
    expect(await done(api.put(path, { add, preview: true }))).toMatchObject({
      totalDeltaMrr: 25,
      totalDeltaTcv: 150,
      chargeMetrics: [{ mrr: 25, dmrr: 25, tcv: 150, dtcv: 150 }],
    });
    expect(await counts()).toEqual(before);
    expect(await done(api.put(path, { add }))).toMatchObject({ totalDeltaMrr: 25, totalDeltaTcv: 150 });
  });
});

describe('custom fields', () => {
  test('change in place: no version, and what is not named stays', async () => {
    const { path } = await subscribed({ Region__c: 'EU' });
    const [ratePlan] = (await api.get(path)).body.ratePlans;
    const chargeNumber = ratePlan.ratePlanCharges[0].number;
    const body = {
      customFields: { Tag__c: 'internal' },
      ratePlans: [
        {
          ratePlanId: ratePlan.id,
          customFields: { Plan__c: 'a' },
          charges: [{ chargeNumber, customFields: { Charge__c: 1 } }],
        },
      ],
    };
    expect(await done(api.put(`${path}/customFields`, body))).toEqual({ success: true });
    expect((await api.get(path)).body).toMatchObject({
      version: 1,
      Region__c: 'EU',
      Tag__c: 'internal',
      ratePlans: [{ Plan__c: 'a', ratePlanCharges: [{ Charge__c: 1 }] }],
    });
  });

  test('of an earlier version leave the latest alone', async () => {
    const { path } = await subscribed({ Region__c: 'EU' });
    await done(api.put(path, { notes: 'second' }));
    await done(api.put(`${path}/versions/1/customFields`, { customFields: { Region__c: 'US' } }));
    expect((await api.get(`${path}/versions/1`)).body).toMatchObject({ Region__c: 'US' });
    expect((await api.get(path)).body).toMatchObject({ version: 2, Region__c: 'EU' });
  });

  test('survive an order that was decided beside them', async () => {
    const { path } = await subscribed();
    const [ratePlan] = (await api.get(path)).body.ratePlans;
    const charges = [{ chargeId: ratePlan.ratePlanCharges[0].id, customFields: { Kept__c: 'yes' } }];
    await Promise.all([
      done(api.put(`${path}/customFields`, { ratePlans: [{ ratePlanId: ratePlan.id, charges }] })),
      done(api.put(`${path}/renew`, {})),
    ]);
    const reads = await Promise.all([api.get(path), api.get(`${path}/versions/1`)]);
    expect(reads.some(({ body }) => body.ratePlans[0].ratePlanCharges[0].Kept__c === 'yes')).toBe(true);
  });
});
