import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { TestOffer } from '../support/order-objects.ts';
import {
  account,
  done,
  type FormsWorld,
  formsWorld,
  newSubscription,
  publishedMrr,
  subscribed,
} from '../support/subscription-forms.ts';

/** Previews of subscriptions have the numbers of what they preview and keep nothing; custom fields change in place, without an order. */

let world: FormsWorld;
let api: FormsWorld['api'];
let seats: TestOffer;
const form = (accountKey: string, fields: object = {}) => newSubscription(world, accountKey, fields);

beforeAll(async () => {
  world = await formsWorld();
  ({ api, seats } = world);
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
    expect(await done(api.post('/v1/subscriptions/preview', body))).toMatchObject({
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
    const { path } = await subscribed(world);
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
    const { path } = await subscribed(world, { Region__c: 'EU' });
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
    const { path } = await subscribed(world, { Region__c: 'EU' });
    await done(api.put(path, { notes: 'second' }));
    await done(api.put(`${path}/versions/1/customFields`, { customFields: { Region__c: 'US' } }));
    expect((await api.get(`${path}/versions/1`)).body).toMatchObject({ Region__c: 'US' });
    expect((await api.get(path)).body).toMatchObject({ version: 2, Region__c: 'EU' });
  });

  test('survive an order that was decided beside them', async () => {
    const { path } = await subscribed(world);
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
