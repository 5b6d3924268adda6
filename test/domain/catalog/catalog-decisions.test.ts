import { beforeEach, describe, expect, test } from 'vitest';
import type { ChargeInput, TierInput } from '../../../src/domain/catalog/charge-input.ts';
import { createCharge } from '../../../src/domain/catalog/create-charge.ts';
import { createProduct } from '../../../src/domain/catalog/create-product.ts';
import { createRatePlan } from '../../../src/domain/catalog/create-rate-plan.ts';
import {
  deleteCharge,
  deleteProduct,
  deleteRatePlan,
} from '../../../src/domain/catalog/delete-from-catalog.ts';
import { updateCharge, updateTier } from '../../../src/domain/catalog/update-charge.ts';
import { updateProduct } from '../../../src/domain/catalog/update-product.ts';
import { updateRatePlan } from '../../../src/domain/catalog/update-rate-plan.ts';
import { CatalogInMemory } from '../../support/catalog-state.ts';

/** What the catalog's commands decide: identity and uniqueness, what a charge must say, how tiers line up, what deleting takes along. */

let catalog: CatalogInMemory;
let productId: string;
let ratePlanId: string;

const PRODUCT = {
  name: 'Fleet tracking',
  effectiveStartDate: '2020-01-01',
  effectiveEndDate: '2050-12-31',
  description: null,
  category: null,
  allowFeatureChanges: false,
  details: {},
  customFields: {},
};
const PLAN = { name: 'Monthly', description: null, externalIds: [], details: {}, customFields: {} };

const tier = (fields: Partial<TierInput>): TierInput => ({
  id: null,
  currency: 'USD',
  startingUnit: null,
  endingUnit: null,
  price: null,
  priceFormat: null,
  isOveragePrice: false,
  discountAmount: null,
  discountPercentage: null,
  ...fields,
});
const FLAT: ChargeInput = {
  name: 'Fee',
  chargeModel: 'Flat Fee Pricing',
  chargeType: 'Recurring',
  billCycleType: 'DefaultFromCustomer',
  billingPeriod: 'Month',
  triggerEvent: 'ContractEffective',
  tiers: [tier({ price: '25' })],
  details: {},
  customFields: {},
};
const TIERED: ChargeInput = { ...FLAT, chargeModel: 'Tiered Pricing', unitOfMeasure: 'Each' };

beforeEach(() => {
  catalog = new CatalogInMemory();
  productId = catalog.idOf(createProduct, { ...PRODUCT, sku: 'SKU-A', productNumber: 'PC-A' });
  ratePlanId = catalog.idOf(createRatePlan, { ...PLAN, productId });
});

const addCharge = (charge: ChargeInput) =>
  catalog.run(createCharge, { productRatePlanId: ratePlanId, charge });
const chargeId = (charge: ChargeInput) =>
  catalog.idOf(createCharge, { productRatePlanId: ratePlanId, charge });

describe('products and rate plans', () => {
  test('take numbers and SKU from their ranges and dates from the product when none are given', () => {
    const id = catalog.idOf(createProduct, PRODUCT);
    expect(catalog.find('product', id)).toMatchObject({
      productNumber: expect.stringMatching(/^PC-\d{8}$/),
      sku: expect.stringMatching(/^SKU-\d{8}$/),
      createdBy: 'tester',
    });
    expect(catalog.find('productRatePlan', ratePlanId)).toMatchObject({
      ratePlanNumber: expect.stringMatching(/^PRP-\d{8}$/),
      effectiveStartDate: '2020-01-01',
      effectiveEndDate: '2050-12-31',
    });
  });

  test('every change moves the catalog revision by one', () => {
    const before = catalog.find('catalogState', 'catalog')!.revision;
    catalog.idOf(updateProduct, { productId, changes: { name: 'Renamed' } });
    const id = chargeId(FLAT);
    catalog.idOf(deleteCharge, { id });
    expect(catalog.find('catalogState', 'catalog')!.revision).toBe(before + 3);
  });

  test('a change keeps what it does not name and takes away what it sets to null', () => {
    catalog.idOf(updateProduct, { productId, changes: { customFields: { a__c: 1, b__c: 2 } } });
    catalog.idOf(updateProduct, { productId, changes: { description: 'd', customFields: { a__c: null } } });
    expect(catalog.find('product', productId)).toMatchObject({
      name: 'Fleet tracking',
      sku: 'SKU-A',
      description: 'd',
      customFields: { b__c: 2 },
    });
  });

  test.each([
    ['SKU', { sku: 'SKU-A' }],
    ['ProductNumber', { productNumber: 'PC-A' }],
    ['SKU', { sku: 'a'.repeat(32) }],
    ['ProductNumber', { productNumber: '1'.repeat(32) }],
    ['EffectiveEndDate', { effectiveEndDate: '2019-12-31' }],
  ])('a product with a wrong or taken %s is refused', (field, wrong) => {
    expect(catalog.run(createProduct, { ...PRODUCT, ...wrong })).toMatchObject({
      category: 'invalid',
      field,
    });
    const other = catalog.idOf(createProduct, PRODUCT);
    expect(catalog.run(updateProduct, { productId: other, changes: wrong })).toMatchObject({ field });
  });

  test('a rate plan needs its product, an own number and ordered dates, and stays with its product', () => {
    expect(catalog.run(createRatePlan, { ...PLAN, productId: 'none' })).toMatchObject({
      category: 'invalid',
      field: 'ProductId',
    });
    const ratePlanNumber = catalog.find('productRatePlan', ratePlanId)!.ratePlanNumber;
    expect(catalog.run(createRatePlan, { ...PLAN, productId, ratePlanNumber })).toMatchObject({
      field: 'ProductRatePlanNumber',
    });
    const late = { ...PLAN, productId, effectiveStartDate: '2051-01-01' };
    expect(catalog.run(createRatePlan, late)).toMatchObject({ field: 'EffectiveEndDate' });
    const other = catalog.idOf(createProduct, PRODUCT);
    expect(
      catalog.run(updateRatePlan, { productRatePlanId: ratePlanId, changes: { productId: other } }),
    ).toMatchObject({ field: 'ProductId' });
  });

  test('ids of other systems follow the rate plan', () => {
    const set = (externalIds: string[]) =>
      catalog.idOf(updateRatePlan, { productRatePlanId: ratePlanId, changes: { externalIds } });
    set(['a', 'b']);
    set(['b', 'c']);
    const leads = (id: string) => catalog.find('ratePlanExternalId', `${ratePlanId}/${id}`) !== null;
    expect(['a', 'b', 'c'].map(leads)).toEqual([false, true, true]);
  });
});

describe('charges', () => {
  test('have defaults where nothing is said, and nothing recurring when they are one-time', () => {
    expect(catalog.find('productRatePlanCharge', chargeId(FLAT))).toMatchObject({
      billingTiming: 'In Advance',
      billingPeriodAlignment: 'AlignToCharge',
      listPriceBase: 'Per Billing Period',
      endDateCondition: 'SubscriptionEnd',
      tiers: [{ tier: 1, currency: 'USD', price: '25', priceFormat: 'Flat Fee' }],
    });
    expect(catalog.find('productRatePlanCharge', chargeId({ ...FLAT, chargeType: 'OneTime' }))).toMatchObject(
      { billingPeriod: null, billingTiming: null, listPriceBase: null, endDateCondition: null },
    );
    const perUnit = { ...FLAT, chargeModel: 'Per Unit Pricing', unitOfMeasure: 'Each' };
    expect(catalog.find('productRatePlanCharge', chargeId(perUnit))).toMatchObject({ defaultQuantity: '1' });
  });

  const PRICES = 'ProductRatePlanChargeTierData.ProductRatePlanChargeTier';
  const { billingPeriod: _period, ...withoutPeriod } = FLAT;
  test.each<[string, ChargeInput]>([
    ['BillingPeriod', withoutPeriod],
    ['SpecificBillingPeriod', { ...FLAT, billingPeriod: 'Specific Months' }],
    ['SpecificListPriceBase', { ...FLAT, listPriceBase: 'Per Specific Months', specificListPriceBase: 201 }],
    ['ChargeModel', { ...FLAT, chargeModel: 'Overage Pricing' }],
    ['ChargeModel', { ...FLAT, chargeModel: 'Discount-Percentage', chargeType: 'Usage' }],
    ['BillCycleDay', { ...FLAT, billCycleType: 'SpecificDayofMonth', billCycleDay: 32 }],
    ['WeeklyBillCycleDay', { ...FLAT, billCycleType: 'SpecificDayofWeek' }],
    ['UpToPeriods', { ...FLAT, endDateCondition: 'FixedPeriod' }],
    ['UOM', { ...FLAT, chargeModel: 'Per Unit Pricing' }],
    ['UOM', { ...FLAT, chargeType: 'Usage' }],
    [PRICES, { ...FLAT, tiers: [] }],
    [`${PRICES}[0].Price`, { ...FLAT, tiers: [tier({})] }],
    [`${PRICES}[0].Price`, { ...FLAT, tiers: [tier({ price: '-1' })] }],
    [`${PRICES}[0].Price`, { ...FLAT, tiers: [tier({ price: '0.0000000001' })] }],
    [`${PRICES}[1].Currency`, { ...FLAT, tiers: [tier({ price: '1' }), tier({ price: '2' })] }],
    [
      'DefaultQuantity',
      { ...TIERED, tiers: [tier({ price: '1', startingUnit: '0' })], defaultQuantity: '-1' },
    ],
    [
      `${PRICES}[0].DiscountPercentage`,
      { ...FLAT, chargeModel: 'Discount-Percentage', tiers: [tier({ discountPercentage: '100.5' })] },
    ],
    [`${PRICES}[0].DiscountAmount`, { ...FLAT, chargeModel: 'Discount-Fixed Amount' }],
  ])('a charge with a wrong %s is refused', (field, wrong) => {
    expect(addCharge(wrong)).toMatchObject({ refused: true, field });
    expect(catalog.count('productRatePlanCharge')).toBe(0);
  });

  test('a price in every currency is one charge', () => {
    const id = chargeId({
      ...FLAT,
      tiers: [tier({ price: '25' }), tier({ currency: 'EUR', price: '22.5' })],
    });
    const tiers = catalog.find('productRatePlanCharge', id)!.tiers;
    expect(tiers.map(({ currency, tier: number, price }) => [currency, number, price])).toEqual([
      ['USD', 1, '25'],
      ['EUR', 1, '22.5'],
    ]);
  });

  test('need their rate plan, an own number, and stay in their rate plan', () => {
    expect(catalog.run(createCharge, { productRatePlanId: 'none', charge: FLAT })).toMatchObject({
      category: 'invalid',
      field: 'ProductRatePlanId',
    });
    chargeId({ ...FLAT, chargeNumber: 'PRPC-A' });
    expect(addCharge({ ...FLAT, chargeNumber: 'PRPC-A' })).toMatchObject({
      field: 'ProductRatePlanChargeNumber',
    });
    const moved = {
      chargeId: 'PRPC-A',
      productRatePlanId: 'other',
      changes: { details: {}, customFields: {} },
    };
    expect(catalog.run(updateCharge, moved)).toMatchObject({ field: 'ProductRatePlanId' });
  });

  test('can only be changed into what could have been created', () => {
    const id = chargeId(FLAT);
    const changes = { billingPeriod: null, details: {}, customFields: {} };
    expect(catalog.run(updateCharge, { chargeId: id, changes })).toMatchObject({ field: 'BillingPeriod' });
  });
});

describe('tiers', () => {
  const range = (startingUnit: string | null, endingUnit: string | null, price = '2') =>
    tier({ startingUnit, endingUnit, price });

  test.each<[string, TierInput[]]>([
    ['one after the other by whole units', [range('1', '100'), range('101', '200'), range('201', null)]],
    ['one after the other by measure', [range('0', '9.5'), range('9.5', '20'), range('20.1', null)]],
    ['with a closed end', [range('0', '10')]],
  ])('may lie %s', (_what, tiers) => {
    expect(addCharge({ ...TIERED, tiers })).not.toHaveProperty('refused');
  });

  test.each<[string, number, TierInput[]]>([
    ['a gap', 1, [range('1', '100'), range('103', null)]],
    ['an overlap', 1, [range('1', '100'), range('100.5', '200'), range('150', null)]],
    ['an open tier before the last', 1, [range('1', null), range('101', null)]],
    ['a start in the middle', 0, [range('5', null)]],
    ['no start', 0, [range(null, null)]],
  ])('may not have %s', (_what, index, tiers) => {
    expect(addCharge({ ...TIERED, tiers })).toMatchObject({
      field: `ProductRatePlanChargeTierData.ProductRatePlanChargeTier[${index}].StartingUnit`,
    });
  });

  test('may not end before they start', () => {
    expect(addCharge({ ...TIERED, tiers: [range('1', '0.5')] })).toMatchObject({
      field: 'ProductRatePlanChargeTierData.ProductRatePlanChargeTier[0].EndingUnit',
    });
  });

  test('of several currencies are checked and numbered apart', () => {
    const euro = { ...range('0', null), currency: 'EUR' };
    const id = chargeId({ ...TIERED, tiers: [range('0', '10'), euro, range('11', null)] });
    expect(catalog.find('productRatePlanCharge', id)!.tiers.map((t) => [t.currency, t.tier])).toEqual([
      ['USD', 1],
      ['EUR', 1],
      ['USD', 2],
    ]);
  });

  test('keep their ids when prices change and are found by them', () => {
    const id = chargeId({ ...TIERED, tiers: [range('0', '10', '3'), range('11', null, '2')] });
    const [first, second] = catalog.find('productRatePlanCharge', id)!.tiers.map((t) => t.id);
    catalog.idOf(updateTier, { tierId: second!, changes: { price: '1.5' } });
    expect(catalog.find('productRatePlanCharge', id)!.tiers.map((t) => [t.id, t.price])).toEqual([
      [first, '3'],
      [second, '1.5'],
    ]);
    const changes = { tiers: [range('0', null, '4')], details: {}, customFields: {} };
    catalog.idOf(updateCharge, { chargeId: id, changes });
    expect(catalog.find('chargeTierKey', first!)).toMatchObject({ productRatePlanChargeId: id });
    expect(catalog.find('chargeTierKey', second!)).toBeNull();
  });

  test('are refused a bad price by the name that their own request has, and unknown ones are not found', () => {
    const id = chargeId(FLAT);
    const tierId = catalog.find('productRatePlanCharge', id)!.tiers[0]!.id;
    expect(catalog.run(updateTier, { tierId, changes: { price: '-1' } })).toMatchObject({ field: 'Price' });
    expect(catalog.run(updateTier, { tierId: 'none', changes: {} })).toMatchObject({ category: 'not_found' });
  });
});

describe('deleting', () => {
  test('takes what belongs to the object with it', () => {
    chargeId(FLAT);
    catalog.idOf(updateRatePlan, { productRatePlanId: ratePlanId, changes: { externalIds: ['x'] } });
    catalog.idOf(deleteProduct, { id: productId });
    for (const kind of [
      'product',
      'productRatePlan',
      'productRatePlanCharge',
      'chargeTierKey',
      'ratePlanExternalId',
    ] as const) {
      expect(catalog.count(kind)).toBe(0);
    }
  });

  test('is refused while a subscription uses the object', () => {
    const id = chargeId(FLAT);
    catalog.use(id);
    catalog.use(ratePlanId);
    expect(catalog.run(deleteCharge, { id })).toMatchObject({ category: 'rule' });
    expect(catalog.run(deleteRatePlan, { id: ratePlanId })).toMatchObject({ category: 'rule' });
    expect(catalog.run(deleteProduct, { id: productId })).toMatchObject({ category: 'rule' });
    const byNumber = catalog.find('product', productId)!.productNumber;
    expect(catalog.run(deleteProduct, { id: byNumber })).toMatchObject({ category: 'rule' });
  });

  test('what is not there is not found', () => {
    for (const handler of [deleteProduct, deleteRatePlan, deleteCharge]) {
      expect(catalog.run(handler, { id: 'none' })).toMatchObject({ category: 'not_found' });
      expect(handler.alone).toBe(true);
    }
  });
});
