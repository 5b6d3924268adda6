import type { Account } from '../../src/domain/accounts/account.ts';
import type { Contact } from '../../src/domain/accounts/contact.ts';
import type {
  CatalogState,
  Product,
  ProductRatePlan,
  ProductRatePlanCharge,
  RatePlanOffer,
} from '../../src/domain/catalog/catalog.ts';

/** Accounts and catalog objects that orders are tested on: plain values, the same for the domain and for D1. */

const audit = {
  createdAt: '2026-01-01T00:00:00.000Z',
  createdBy: 'test',
  updatedAt: '2026-01-01T00:00:00.000Z',
  updatedBy: 'test',
};
const attributes = { details: {}, customFields: {} };

let ids = 0;
export function testId(): string {
  ids += 1;
  return ids.toString(16).padStart(32, 'c');
}

export const catalogState: CatalogState = { id: 'catalog', revision: 1 };

export function testAccount(fields: Partial<Account> = {}): Account {
  const id = testId();
  return {
    id,
    revision: 1,
    accountNumber: `T-${id.slice(-6)}`,
    name: 'Test account',
    status: 'Active',
    currency: 'USD',
    billCycleDay: 1,
    batch: 'Batch1',
    autoPay: false,
    partnerAccount: false,
    parentId: null,
    billToContactId: null,
    soldToContactId: null,
    paymentTerm: 'Due Upon Receipt',
    ...attributes,
    ...audit,
    ...fields,
  };
}

export function testContact(accountId: string, fields: Partial<Contact> = {}): Contact {
  return {
    id: testId(),
    revision: 1,
    accountId,
    firstName: 'Amy',
    lastName: 'Lawrence',
    workEmail: 'amy@example.com',
    country: 'United States',
    ...attributes,
    ...audit,
    ...fields,
  };
}

export function testProduct(fields: Partial<Product> = {}): Product {
  const id = testId();
  return {
    id,
    revision: 1,
    productNumber: `PT-${id.slice(-6)}`,
    name: 'Test product',
    sku: `SKU-${id.slice(-6)}`,
    effectiveStartDate: '2020-01-01',
    effectiveEndDate: '2050-01-01',
    description: null,
    category: null,
    allowFeatureChanges: false,
    ...attributes,
    ...audit,
    ...fields,
  };
}

export function testPlan(productId: string, fields: Partial<ProductRatePlan> = {}): ProductRatePlan {
  const id = testId();
  return {
    id,
    revision: 1,
    productId,
    ratePlanNumber: `PRT-${id.slice(-6)}`,
    name: 'Test plan',
    effectiveStartDate: '2020-01-01',
    effectiveEndDate: '2050-01-01',
    description: null,
    externalIds: [],
    ...attributes,
    ...audit,
    ...fields,
  };
}

/** A flat monthly fee of 100 USD and 90 EUR unless the fields say otherwise; `price` sets both. */
export function testCharge(
  planId: string,
  { price, ...fields }: Partial<ProductRatePlanCharge> & { readonly price?: string } = {},
): ProductRatePlanCharge {
  const id = testId();
  const tier = (currency: string, amount: string) => ({
    id: testId(),
    tier: 1,
    currency,
    startingUnit: null,
    endingUnit: null,
    price: amount,
    priceFormat: 'Flat Fee',
    isOveragePrice: false,
    discountAmount: fields.chargeModel === 'Discount-Fixed Amount' ? amount : null,
    discountPercentage: fields.chargeModel === 'Discount-Percentage' ? amount : null,
    includedUnits: null,
  });
  return {
    id,
    revision: 1,
    productRatePlanId: planId,
    chargeNumber: `PCT-${id.slice(-6)}`,
    name: 'Test charge',
    chargeModel: 'Flat Fee Pricing',
    chargeType: 'Recurring',
    billCycleType: 'DefaultFromCustomer',
    billCycleDay: null,
    weeklyBillCycleDay: null,
    billingPeriod: 'Month',
    specificBillingPeriod: null,
    billingTiming: 'In Advance',
    billingPeriodAlignment: 'AlignToCharge',
    listPriceBase: 'Per Billing Period',
    specificListPriceBase: null,
    triggerEvent: 'ContractEffective',
    endDateCondition: 'SubscriptionEnd',
    upToPeriods: null,
    upToPeriodsType: null,
    defaultQuantity: null,
    unitOfMeasure: null,
    tiers: [tier('USD', price ?? '100'), tier('EUR', price ?? '90')],
    ...attributes,
    ...audit,
    ...fields,
  };
}

export interface TestOffer {
  readonly product: Product;
  readonly offer: RatePlanOffer;
}

/** A product with one plan and these charges. */
export function testOffer(
  charges: ReadonlyArray<Partial<ProductRatePlanCharge> & { readonly price?: string }> = [{}],
  planFields: Partial<ProductRatePlan> = {},
): TestOffer {
  const product = testProduct();
  const plan = testPlan(product.id, planFields);
  const offer: RatePlanOffer = {
    id: plan.id,
    revision: 1,
    productId: product.id,
    productName: product.name,
    productSku: product.sku,
    productEffectiveStartDate: product.effectiveStartDate,
    productEffectiveEndDate: product.effectiveEndDate,
    plan,
    charges: charges.map((fields) => testCharge(plan.id, fields)),
  };
  return { product, offer };
}
