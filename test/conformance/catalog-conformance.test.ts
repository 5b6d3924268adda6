import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { conformance } from './support/conformance.ts';
import {
  createPlan,
  createProduct,
  createRatePlan,
  FLAT_MONTHLY_CHARGE,
  PER_UNIT_MONTHLY_CHARGE,
  uniqueName,
} from './support/fixtures.ts';
import {
  expectCreated,
  expectCrudMissing,
  expectCrudRefusal,
  expectRefusal,
  expectSuccess,
  listAt,
  textAt,
  valueAt,
} from './support/reply-reading.ts';

// The catalog: products, rate plans, charges and tiers written through the CRUD resources, read through both families.
const NOBODY = '0'.repeat(32);
const CHARGE_PATH = '/v1/object/product-rate-plan-charge';

conformance(
  ['Object_POSTProduct', 'Object_GETProduct', 'Object_PUTProduct', 'GET_Product'],
  'creates, changes and reads a product',
  async (api) => {
    const Name = uniqueName('SmartLearn Tablet');
    const SKU = `SKU-${randomUUID().slice(0, 8)}`;
    const id = await createProduct(api, { Name, SKU, Category: 'Base Products', Line__c: 'blue' });
    const path = `/v1/object/product/${id}`;
    expect(expectCreated(await api.put(path, { Description: 'for schools' }))).toBe(id);
    expect(await api.get(path)).toMatchObject({
      status: 200,
      body: {
        Id: id,
        Name,
        SKU,
        Category: 'Base Products',
        Description: 'for schools',
        EffectiveStartDate: '2020-01-01',
        EffectiveEndDate: '2050-01-01',
        Line__c: 'blue',
      },
    });
    const product = expectSuccess(await api.get(`/v1/catalog/products/${id}`));
    expect(product).toMatchObject({
      id,
      name: Name,
      sku: SKU,
      category: 'Base Products',
      description: 'for schools',
      effectiveStartDate: '2020-01-01',
      effectiveEndDate: '2050-01-01',
    });
    expect(new URL(textAt(product, 'productRatePlans')).pathname).toContain(id);
    expect(expectSuccess(await api.get(`/v1/catalog/products/${SKU}`))).toEqual(product);
  },
);

conformance(['GET_Catalog', 'Object_POSTProduct'], 'pages through the catalog by full URLs', async (api) => {
  const wanted = new Set([await createProduct(api), await createProduct(api), await createProduct(api)]);
  const first = expectSuccess(await api.get('/v1/catalog/products?pageSize=2'));
  expect(listAt(first, 'products')).toHaveLength(2);
  let next: string | undefined = '/v1/catalog/products?pageSize=40';
  const seen: string[] = [];
  while (next !== undefined) {
    const page: { products: { id: string }[]; nextPage?: string } = expectSuccess(
      await api.get(next),
    ) as never;
    seen.push(...page.products.map((product) => product.id));
    next = page.nextPage;
    if (next !== undefined) expect(new URL(next).searchParams.get('page')).toMatch(/^[2-9]\d*$/);
  }
  for (const id of wanted) expect(seen).toContain(id);
});

conformance(
  'Object_POSTProduct',
  'names a missing field, a bad date and dates the wrong way round',
  async (api) => {
    const complete = { Name: 'x', EffectiveStartDate: '2024-01-01', EffectiveEndDate: '2034-01-01' };
    const { Name: _name, ...nameless } = complete;
    expectCrudRefusal(await api.post('/v1/object/product', nameless), {
      code: 'MISSING_REQUIRED_VALUE',
      names: 'Name',
    });
    const date = await api.post('/v1/object/product', { ...complete, EffectiveStartDate: '2024-02-30' });
    expectCrudRefusal(date, { code: 'INVALID_VALUE', names: 'EffectiveStartDate' });
    const order = await api.post('/v1/object/product', { ...complete, EffectiveEndDate: '2023-12-31' });
    expectCrudRefusal(order, { code: 'INVALID_VALUE', names: 'EffectiveEndDate' });
  },
);

conformance(
  [
    'Object_POSTProductRatePlan',
    'Object_GETProductRatePlan',
    'Object_PUTProductRatePlan',
    'GET_ProductRatePlan',
  ],
  'creates, changes and reads a rate plan',
  async (api) => {
    const productId = await createProduct(api);
    const id = await createRatePlan(api, productId, { Description: 'monthly plan', Grade: 3 });
    const path = `/v1/object/product-rate-plan/${id}`;
    const Name = uniqueName('Basic Plan');
    expect(expectCreated(await api.put(path, { Name }))).toBe(id);
    expect(await api.get(path)).toMatchObject({
      status: 200,
      body: { Id: id, ProductId: productId, Name, Description: 'monthly plan' },
    });
    expect(expectSuccess(await api.get(`/v1/product-rate-plans/${id}`))).toMatchObject({
      id,
      name: Name,
      description: 'monthly plan',
      status: 'Active',
      effectiveStartDate: '2020-01-01',
      effectiveEndDate: '2050-01-01',
    });
    const orphan = await api.post('/v1/object/product-rate-plan', { Name: 'x', ProductId: NOBODY });
    expectCrudRefusal(orphan, { names: 'ProductId' });
  },
);

conformance(
  'GET_ProductRatePlansByExternalID',
  'finds a rate plan by the id of another system',
  async (api) => {
    const productId = await createProduct(api);
    const externalId = `ext-${randomUUID()}`;
    const id = await createRatePlan(api, productId, {
      ExternalIdSourceSystem: 'extsys',
      ExternalRatePlanIds: `${externalId},other-${externalId}`,
    });
    const reply = await api.get(`/v1/product-rate-plans/external-id/${externalId}`);
    expect(reply.status).toBe(200);
    expect(JSON.stringify(reply.body)).toContain(id);
  },
);

conformance(
  [
    'Object_POSTProductRatePlanCharge',
    'Object_GETProductRatePlanCharge',
    'GET_RetrieveProductRatePlanCharge',
  ],
  'creates a flat monthly charge and reads it in both families',
  async (api) => {
    const { chargeId, ratePlanId } = await createPlan(api);
    expect(await api.get(`${CHARGE_PATH}/${chargeId}`)).toMatchObject({
      status: 200,
      body: {
        Id: chargeId,
        ProductRatePlanId: ratePlanId,
        Name: 'Monthly fee',
        ChargeModel: 'Flat Fee Pricing',
        ChargeType: 'Recurring',
        BillCycleType: 'DefaultFromCustomer',
        BillingPeriod: 'Month',
        TriggerEvent: 'ContractEffective',
      },
    });
    expect(expectSuccess(await api.get(`/v1/product-rate-plan-charges/${chargeId}`))).toMatchObject({
      id: chargeId,
      name: 'Monthly fee',
      type: 'Recurring',
      model: 'FlatFee',
      billingPeriod: 'Month',
      billingDay: 'DefaultFromCustomer',
      triggerEvent: 'ContractEffective',
      pricing: [{ currency: 'USD', price: 25 }],
      pricingSummary: ['USD25'],
    });
  },
);

const TIERS = {
  ProductRatePlanChargeTierData: {
    ProductRatePlanChargeTier: [
      { Currency: 'USD', StartingUnit: 1, EndingUnit: 100, Price: 2, PriceFormat: 'Per Unit' },
      { Currency: 'USD', StartingUnit: 101, EndingUnit: 200, Price: 1.5, PriceFormat: 'Per Unit' },
      { Currency: 'USD', StartingUnit: 201, Price: 1, PriceFormat: 'Per Unit' },
    ],
  },
};

const CHARGES: readonly { model: string; type: string; request: object }[] = [
  { model: 'FlatFee', type: 'OneTime', request: { ChargeType: 'OneTime' } },
  { model: 'PerUnit', type: 'Recurring', request: { ...PER_UNIT_MONTHLY_CHARGE } },
  { model: 'Tiered', type: 'Recurring', request: { ChargeModel: 'Tiered Pricing', UOM: 'Each', ...TIERS } },
  { model: 'Volume', type: 'Recurring', request: { ChargeModel: 'Volume Pricing', UOM: 'Each', ...TIERS } },
  {
    model: 'PerUnit',
    type: 'Usage',
    request: { ChargeType: 'Usage', ChargeModel: 'Per Unit Pricing', UOM: 'GB' },
  },
  {
    model: 'Overage',
    type: 'Usage',
    request: { ChargeType: 'Usage', ChargeModel: 'Overage Pricing', UOM: 'GB', IncludedUnits: 100 },
  },
  {
    model: 'DiscountPercentage',
    type: 'Recurring',
    request: {
      ChargeModel: 'Discount-Percentage',
      ApplyDiscountTo: 'RECURRING (2)',
      DiscountLevel: 'rateplan',
      ProductRatePlanChargeTierData: {
        ProductRatePlanChargeTier: [{ Currency: 'USD', DiscountPercentage: 10 }],
      },
    },
  },
  {
    model: 'DiscountFixedAmount',
    type: 'Recurring',
    request: {
      ChargeModel: 'Discount-Fixed Amount',
      ApplyDiscountTo: 'RECURRING (2)',
      DiscountLevel: 'subscription',
      ProductRatePlanChargeTierData: { ProductRatePlanChargeTier: [{ Currency: 'USD', DiscountAmount: 5 }] },
    },
  },
];

for (const { model, type, request } of CHARGES) {
  conformance(
    ['Object_POSTProductRatePlanCharge', 'GET_RetrieveProductRatePlanCharge'],
    `stores a charge of type ${type} and model ${model}`,
    async (api) => {
      const { chargeId } = await createPlan(api, request);
      const charge = expectSuccess(await api.get(`/v1/product-rate-plan-charges/${chargeId}`));
      expect(charge).toMatchObject({ id: chargeId, type, model });
    },
  );
}

conformance('GET_ProductRatePlans', "lists a product's plans with their charges", async (api) => {
  const { productId, ratePlanId, chargeId } = await createPlan(api);
  const second = await createRatePlan(api, productId);
  const body = expectSuccess(await api.get(`/v1/products/${productId}/product-rate-plans`));
  const plans = listAt(body, 'productRatePlans');
  expect(plans.map((plan) => valueAt(plan, 'id')).sort()).toEqual([ratePlanId, second].sort());
  const priced = plans.find((plan) => valueAt(plan, 'id') === ratePlanId) ?? null;
  expect(priced).toMatchObject({
    status: 'Active',
    productRatePlanCharges: [{ id: chargeId, model: 'FlatFee', pricing: [{ currency: 'USD', price: 25 }] }],
  });
  const paged = expectSuccess(await api.get(`/v1/products/${productId}/product-rate-plans?pageSize=1`));
  expect(listAt(paged, 'productRatePlans')).toHaveLength(1);
  const rest = expectSuccess(await api.get(textAt(paged, 'nextPage')));
  expect(listAt(rest, 'productRatePlans')).toHaveLength(1);
  expect(rest).not.toHaveProperty('nextPage');
});

conformance('Object_POSTProductRatePlanCharge', 'names what is wrong with a charge', async (api) => {
  const ratePlanId = await createRatePlan(api, await createProduct(api));
  const complete = { ...FLAT_MONTHLY_CHARGE, ProductRatePlanId: ratePlanId };
  const cases: [string, object][] = [
    ['ChargeModel', { ChargeModel: 'Magic Pricing' }],
    ['ChargeType', { ChargeType: 'Sometimes' }],
    ['BillingPeriod', { BillingPeriod: 'Fortnight' }],
    ['TriggerEvent', { TriggerEvent: 'FullMoon' }],
    ['ProductRatePlanId', { ProductRatePlanId: NOBODY }],
    ['ChargeModel', { ChargeModel: 'Overage Pricing' }],
    [
      'Price',
      { ProductRatePlanChargeTierData: { ProductRatePlanChargeTier: [{ Currency: 'USD', Price: 'ten' }] } },
    ],
    [
      'Currency',
      { ProductRatePlanChargeTierData: { ProductRatePlanChargeTier: [{ Currency: 'ZZZ', Price: 10 }] } },
    ],
  ];
  for (const [names, wrong] of cases) {
    expectCrudRefusal(await api.post(CHARGE_PATH, { ...complete, ...wrong }), { names });
  }
  const { Name: _name, ...nameless } = complete;
  expectCrudRefusal(await api.post(CHARGE_PATH, nameless), { code: 'MISSING_REQUIRED_VALUE', names: 'Name' });
});

conformance(
  ['Object_PUTProductRatePlanCharge', 'Object_GETProductRatePlanCharge'],
  "changes a charge's name and description",
  async (api) => {
    const { chargeId } = await createPlan(api);
    const path = `${CHARGE_PATH}/${chargeId}`;
    expect(expectCreated(await api.put(path, { Name: 'Renamed', Description: 'd' }))).toBe(chargeId);
    expect(await api.get(path)).toMatchObject({
      body: { Name: 'Renamed', Description: 'd', ChargeModel: 'Flat Fee Pricing' },
    });
  },
);

conformance(
  ['Object_GETProductRatePlanChargeTier', 'Object_PUTProductRatePlanChargeTier'],
  "changes a tier's price, which the charge then shows",
  async (api) => {
    const { chargeId } = await createPlan(api);
    const charge = await api.get(`${CHARGE_PATH}/${chargeId}`);
    const tierId = textAt(charge.body, 'ProductRatePlanChargeTierData.ProductRatePlanChargeTier.0.Id');
    const path = `/v1/object/product-rate-plan-charge-tier/${tierId}`;
    expect(await api.get(path)).toMatchObject({
      status: 200,
      body: { Id: tierId, Currency: 'USD', Price: 25, Tier: 1 },
    });
    expect(expectCreated(await api.put(path, { Price: 30 }))).toBe(tierId);
    expect(await api.get(path)).toMatchObject({ body: { Price: 30 } });
    expect(expectSuccess(await api.get(`/v1/product-rate-plan-charges/${chargeId}`))).toMatchObject({
      pricing: [{ currency: 'USD', price: 30 }],
    });
    expectCrudMissing(await api.get(`/v1/object/product-rate-plan-charge-tier/${NOBODY}`));
  },
);

conformance(
  ['Object_DELETEProductRatePlanCharge', 'Object_DELETEProductRatePlan', 'Object_DELETEProduct'],
  'deletes a charge, its plan and its product',
  async (api) => {
    const { productId, ratePlanId, chargeId } = await createPlan(api);
    for (const path of [
      `${CHARGE_PATH}/${chargeId}`,
      `/v1/object/product-rate-plan/${ratePlanId}`,
      `/v1/object/product/${productId}`,
    ]) {
      const id = path.slice(path.lastIndexOf('/') + 1);
      expect(await api.delete(path)).toMatchObject({ status: 200, body: { success: true, id } });
      expectCrudMissing(await api.get(path));
    }
  },
);

conformance(
  ['GET_Product', 'GET_ProductRatePlan', 'GET_ProductRatePlans', 'GET_RetrieveProductRatePlanCharge'],
  'answers 404 for what is not in the catalog',
  async (api) => {
    for (const path of [
      `/v1/catalog/products/${NOBODY}`,
      `/v1/product-rate-plans/${NOBODY}`,
      `/v1/products/${NOBODY}/product-rate-plans`,
      `/v1/product-rate-plan-charges/${NOBODY}`,
    ]) {
      expectRefusal(await api.get(path), { status: 404, category: 40 });
    }
  },
);
