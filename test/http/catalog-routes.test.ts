import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RatePlanOffer } from '../../src/domain/catalog/catalog.ts';
import { loadForGroup } from '../../src/persistence/account-store.ts';
import { testAccount } from '../support/order-objects.ts';
import { insert, type WorkerApi, workerApi } from '../support/worker-api.ts';

/** The catalog over HTTP with real D1: what orders read of it, what a sold charge keeps, paging, keys, and refusals. */

const PRODUCT = { Name: 'Fleet', EffectiveStartDate: '2020-01-01', EffectiveEndDate: '2050-01-01' };
const CHARGE = {
  Name: 'Fee',
  ChargeModel: 'Flat Fee Pricing',
  ChargeType: 'Recurring',
  BillCycleType: 'DefaultFromCustomer',
  BillingPeriod: 'Month',
  TriggerEvent: 'ContractEffective',
  ProductRatePlanChargeTierData: { ProductRatePlanChargeTier: [{ Currency: 'USD', Price: 25 }] },
};
const prices = (...tiers: object[]) => ({
  ProductRatePlanChargeTierData: { ProductRatePlanChargeTier: tiers },
});
const NOBODY = '0'.repeat(32);
const PRODUCT_PATH = '/v1/object/product';
const PLAN_PATH = '/v1/object/product-rate-plan';
const CHARGE_PATH = '/v1/object/product-rate-plan-charge';
const TIER_PATH = '/v1/object/product-rate-plan-charge-tier';

let api: WorkerApi;
beforeAll(async () => {
  api = await workerApi();
});

async function created(path: string, body: object): Promise<string> {
  const reply = await api.post(path, body);
  expect(reply, JSON.stringify(reply.body)).toMatchObject({ status: 200, body: { Success: true } });
  return reply.body.Id;
}

async function plan(charge: object = CHARGE, fields: object = {}) {
  const productId = await created(PRODUCT_PATH, PRODUCT);
  const ratePlanId = await created(PLAN_PATH, { Name: 'Plan', ProductId: productId, ...fields });
  const chargeId = await created(CHARGE_PATH, { ...charge, ProductRatePlanId: ratePlanId });
  return { productId, ratePlanId, chargeId };
}

/** An order for the plan by a new account; the price of the subscription's charge. */
async function sell(ratePlanId: string): Promise<string> {
  const account = await insert('account', testAccount());
  const reply = await api.post('/v1/orders', {
    orderDate: '2026-07-01',
    existingAccountNumber: account.accountNumber,
    subscriptions: [
      {
        orderActions: [
          {
            type: 'CreateSubscription',
            triggerDates: [{ name: 'ContractEffective', triggerDate: '2026-07-01' }],
            createSubscription: {
              terms: {
                initialTerm: { period: 12, periodType: 'Month', termType: 'TERMED' },
                renewalSetting: 'RENEW_WITH_SPECIFIC_TERM',
                renewalTerms: [{ period: 12, periodType: 'Month' }],
              },
              subscribeToRatePlans: [{ productRatePlanId: ratePlanId }],
            },
          },
        ],
      },
    ],
  });
  expect(reply, JSON.stringify(reply.body)).toMatchObject({ status: 200, body: { success: true } });
  return account.id;
}

async function soldPrice(accountId: string): Promise<string | null> {
  const row = await env.DB.prepare(
    'SELECT c.price FROM charge AS c JOIN subscription AS s ON s.original_id = c.subscription_original_id WHERE s.account_id = ?1',
  )
    .bind(accountId)
    .first<{ price: string }>();
  return row?.price ?? null;
}

async function offer(key: string): Promise<RatePlanOffer | undefined> {
  const loaded = await loadForGroup(env.DB, {
    needs: [{ kind: 'ratePlanOffer', key }],
    idempotencyKeys: [],
    repliesSince: '2026-01-01T00:00:00.000Z',
    commandIds: [],
    leases: [],
    laneId: null,
  });
  return loaded.entities[0]?.entity as RatePlanOffer | undefined;
}

describe('what orders read', () => {
  test('is a rate plan by id or number with its product, charges and tiers', async () => {
    const { productId, ratePlanId, chargeId } = await plan(CHARGE, { ProductRatePlanNumber: 'PLAN-OFFER' });
    const tiered = {
      ...CHARGE,
      Name: 'Distance',
      ChargeModel: 'Tiered Pricing',
      UOM: 'km',
      SpecificListPriceBase: 6,
      ListPriceBase: 'Per Specific Months',
      ...prices({ StartingUnit: 0, EndingUnit: 10, Price: 2.5 }, { StartingUnit: 10, Price: 0.000000001 }),
    };
    await created(CHARGE_PATH, { ...tiered, ProductRatePlanId: ratePlanId });
    const byId = await offer(ratePlanId);
    expect(byId).toMatchObject({
      id: ratePlanId,
      productId,
      productName: 'Fleet',
      productEffectiveStartDate: '2020-01-01',
      plan: { id: ratePlanId, ratePlanNumber: 'PLAN-OFFER', externalIds: [], customFields: {} },
      charges: [
        { id: chargeId, billingPeriod: 'Month', tiers: [{ tier: 1, currency: 'USD', price: '25' }] },
        {
          name: 'Distance',
          specificListPriceBase: 6,
          unitOfMeasure: 'km',
          tiers: [
            { tier: 1, startingUnit: '0', endingUnit: '10', price: '2.5', priceFormat: 'Per Unit' },
            { tier: 2, startingUnit: '10', endingUnit: null, price: '0.000000001' },
          ],
        },
      ],
    });
    expect(await offer('PLAN-OFFER')).toEqual(byId);
    expect(await offer('PLAN-NONE')).toBeUndefined();
  });

  test('a sold charge keeps its price when the catalog changes; the next order takes the new one', async () => {
    const { ratePlanId, chargeId } = await plan();
    const first = await sell(ratePlanId);
    const shown = await api.get(`${CHARGE_PATH}/${chargeId}`);
    const tierId = shown.body.ProductRatePlanChargeTierData.ProductRatePlanChargeTier[0].Id;
    expect((await api.put(`${TIER_PATH}/${tierId}`, { Price: 30 })).body).toEqual({
      Success: true,
      Id: tierId,
    });
    expect((await api.get(`${TIER_PATH}/${tierId}`)).body).toMatchObject({
      Price: 30,
      Currency: 'USD',
      Tier: 1,
    });
    expect(await soldPrice(await sell(ratePlanId))).toBe('30');
    expect(await soldPrice(first)).toBe('25');
  });

  test('what was sold cannot be deleted', async () => {
    const { productId, ratePlanId, chargeId } = await plan();
    await sell(ratePlanId);
    for (const path of [
      `${CHARGE_PATH}/${chargeId}`,
      `${PLAN_PATH}/${ratePlanId}`,
      `${PRODUCT_PATH}/${productId}`,
    ]) {
      expect(await api.delete(path)).toMatchObject({
        status: 400,
        body: { Success: false, Errors: [{ Message: expect.stringContaining('a subscription uses it') }] },
      });
      expect((await api.get(path)).status).toBe(200);
    }
  });

  test('a plan that is being deleted is either sold or gone, never both', async () => {
    for (let round = 0; round < 5; round++) {
      const { ratePlanId } = await plan();
      const account = sell(ratePlanId).then(
        () => true,
        () => false,
      );
      const [deleted, sold] = await Promise.all([api.delete(`${PLAN_PATH}/${ratePlanId}`), account]);
      expect(deleted.status === 200).toBe(!sold);
      expect((await offer(ratePlanId)) !== undefined).toBe(sold);
    }
  });
});

describe('keys and lists', () => {
  test('a product is found by id, number and SKU, also under the singular path', async () => {
    const id = await created(PRODUCT_PATH, { ...PRODUCT, SKU: 'SKU of keys', ProductNumber: 'PC-KEYS' });
    for (const key of [id, 'PC-KEYS', 'SKU%20of%20keys']) {
      for (const path of ['/v1/catalog/products', '/v1/catalog/product']) {
        expect((await api.get(`${path}/${key}`)).body).toMatchObject({ success: true, id });
      }
    }
  });

  test('deleting a product takes its plans, charges, tiers and outer ids along', async () => {
    const { productId, ratePlanId, chargeId } = await plan(CHARGE, {
      ExternalRatePlanIds: 'outer one, outer-2',
    });
    const found = await api.get('/v1/product-rate-plans/external-id/outer%20one');
    expect(found.body).toMatchObject({
      success: true,
      productRatePlans: [{ id: ratePlanId, externallyManagedPlanIds: ['outer one', 'outer-2'] }],
    });
    expect(await api.delete(`${PRODUCT_PATH}/${productId}`)).toMatchObject({
      status: 200,
      body: { id: productId, success: true },
    });
    for (const path of [
      `/v1/product-rate-plans/${ratePlanId}`,
      `/v1/product-rate-plan-charges/${chargeId}`,
    ]) {
      expect((await api.get(path)).status).toBe(404);
    }
    expect((await api.get('/v1/product-rate-plans/external-id/outer-2')).body.productRatePlans).toEqual([]);
    const left = await env.DB.prepare(
      'SELECT count(*) AS n FROM charge_tier_key WHERE product_rate_plan_charge_id = ?1',
    )
      .bind(chargeId)
      .first('n');
    expect(left).toBe(0);
  });

  test('the catalog is paged by ten unless asked otherwise', async () => {
    for (let i = 0; i < 11; i++) await created(PRODUCT_PATH, PRODUCT);
    const first = await api.get('/v1/catalog/products');
    expect(first.body.products).toHaveLength(10);
    expect(new URL(first.body.nextPage).searchParams.get('page')).toBe('2');
    expect((await api.get('/v1/catalog/products?page=0')).status).toBe(400);
    expect((await api.get('/v1/catalog/products?pageSize=x')).status).toBe(400);
  });

  test('only the named fields are shown', async () => {
    const id = await created(PRODUCT_PATH, PRODUCT);
    const { body } = await api.get(`${PRODUCT_PATH}/${id}?fields=Name,sku`);
    expect(Object.keys(body).sort()).toEqual(['Id', 'Name', 'SKU']);
  });
});

describe('refusals', () => {
  test.each<[string, string, object]>([
    ['MISSING_REQUIRED_VALUE', 'Name', { Name: undefined }],
    ['MISSING_REQUIRED_VALUE', 'ChargeModel', { ChargeModel: undefined }],
    ['MISSING_REQUIRED_VALUE', 'BillingPeriod', { BillingPeriod: undefined }],
    ['MISSING_REQUIRED_VALUE', 'ProductRatePlanChargeTier', { ProductRatePlanChargeTierData: undefined }],
    ['INVALID_VALUE', 'BillingPeriod', { BillingPeriod: 'Two Years' }],
    ['INVALID_VALUE', 'Price', prices({ Price: -1 })],
    ['INVALID_VALUE', 'Price', prices({ Price: 0.0000000001 })],
    ['INVALID_VALUE', 'Price', prices({ Price: 1e300 })],
    ['INVALID_VALUE', 'Currency', prices({ Price: 1, Currency: 'usd' })],
    ['INVALID_VALUE', 'Currency', prices({ Price: 1 }, { Price: 2 })],
    ['INVALID_VALUE', 'BillCycleDay', { BillCycleType: 'SpecificDayofMonth', BillCycleDay: 1.5 }],
    ['INVALID_VALUE', 'Taxable', { Taxable: 'yes' }],
    ['INVALID_VALUE', 'region__c', { region__c: {} }],
    ['INVALID_VALUE', 'ProductRatePlanId', { ProductRatePlanId: NOBODY }],
  ])('%s of a charge names %s', async (code, field, wrong) => {
    const productId = await created(PRODUCT_PATH, PRODUCT);
    const ratePlanId = await created(PLAN_PATH, { Name: 'Plan', ProductId: productId });
    const reply = await api.post(CHARGE_PATH, { ...CHARGE, ProductRatePlanId: ratePlanId, ...wrong });
    expect(reply, JSON.stringify(reply.body)).toMatchObject({
      status: 400,
      body: { Success: false, Errors: [{ Code: code, Message: expect.stringContaining(field) }] },
    });
  });

  test('a SKU is taken once, also by two at the same time', async () => {
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => api.post(PRODUCT_PATH, { ...PRODUCT, SKU: 'SKU-ONCE' })),
    );
    expect(replies.filter((reply) => reply.status === 200)).toHaveLength(1);
    for (const reply of replies.filter((r) => r.status !== 200)) {
      expect(reply).toMatchObject({
        status: 400,
        body: { Errors: [{ Message: expect.stringContaining('SKU') }] },
      });
    }
  });

  test('what is not there is an empty result with 404, whatever is asked of it', async () => {
    const missing = { status: 404, body: { done: true, records: [], size: 0 } };
    for (const path of [PRODUCT_PATH, PLAN_PATH, CHARGE_PATH, TIER_PATH]) {
      expect(await api.get(`${path}/${NOBODY}`)).toMatchObject(missing);
      expect(await api.put(`${path}/${NOBODY}`, {})).toMatchObject(missing);
      if (path !== TIER_PATH) expect(await api.delete(`${path}/${NOBODY}`)).toMatchObject(missing);
    }
  });

  test('a reader may not write', async () => {
    const reader = await workerApi('read');
    expect((await reader.post(PRODUCT_PATH, PRODUCT)).status).toBe(403);
    expect((await reader.get('/v1/catalog/products')).status).toBe(200);
  });

  test('a repeated key creates once', async () => {
    const headers = { 'Idempotency-Key': 'catalog product once' };
    const first = await api.post(PRODUCT_PATH, PRODUCT, headers);
    const second = await api.post(PRODUCT_PATH, PRODUCT, headers);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('Idempotency-Hit')).toBe('true');
  });
});
