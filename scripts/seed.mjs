// The demo catalog, the demo reseller with its customers, and one of each document, made through the public API. What is there already
// is found by its number and left as it is, so it may run any number of times, and again after it was interrupted.

import { seedDocuments } from './seed-documents.mjs';

const PRODUCT = {
  SKU: 'DEMO-FLEET',
  ProductNumber: 'PC-DEMO',
  Name: 'Fleet tracking',
  Description: 'Demo catalog',
  Category: 'Base Products',
  EffectiveStartDate: '2020-01-01',
  EffectiveEndDate: '2099-12-31',
};

const CURRENCY = 'USD';

const recurring = (BillingPeriod, Price, more = {}) => ({
  ChargeModel: 'Flat Fee Pricing',
  ChargeType: 'Recurring',
  BillingPeriod,
  Price,
  ...more,
});

/** One rate plan each, with one charge. */
const PLANS = [
  { key: 'MONTHLY', name: 'Monthly', charge: recurring('Month', 25) },
  {
    key: 'UNITS',
    name: 'Monthly per vehicle',
    charge: recurring('Month', 6.25, {
      ChargeModel: 'Per Unit Pricing',
      UOM: 'Vehicle',
      DefaultQuantity: 4,
    }),
  },
  { key: 'QUARTERLY', name: 'Quarterly', charge: recurring('Quarter', 72) },
  { key: 'ANNUAL', name: 'Annual', charge: recurring('Annual', 270) },
  {
    key: 'SETUP',
    name: 'Setup',
    charge: { ChargeModel: 'Flat Fee Pricing', ChargeType: 'OneTime', Price: 99 },
  },
  {
    key: 'USAGE',
    name: 'Distance driven',
    charge: {
      ChargeModel: 'Per Unit Pricing',
      ChargeType: 'Usage',
      BillingPeriod: 'Month',
      UOM: 'Kilometre',
      Price: 0.12,
    },
  },
];

const RESELLER = { accountNumber: 'A-DEMO-RESELLER', name: 'Demo Reseller', partnerAccount: true };
const CUSTOMERS = ['Harbour Logistics', 'North Line Couriers', 'Vineyard Tours'].map((name, i) => ({
  accountNumber: `A-DEMO-CUSTOMER-${i + 1}`,
  name,
}));
const CONTACT = {
  firstName: 'Amy',
  lastName: 'Lawrence',
  address1: '1 Long Row',
  city: 'San Mateo',
  state: 'California',
  country: 'United States',
  zipCode: '94403',
  workEmail: 'amy.lawrence@example.com',
};

/**
 * Makes what is missing of the demo data.
 *
 * @param client get and post of the API, each resolving with `{ status, body }` (api-client.mjs)
 * @returns `{ ratePlans: [{ name, number, id, chargeId }], reseller: { number, id }, customers: [{ number, id }] }`
 * @throws when the API refuses something, with its reply
 */
export async function seedOnce(client) {
  const productId = await findOrCreate(client, `/v1/catalog/products/${PRODUCT.SKU}`, 'id', {
    path: '/v1/object/product',
    key: PRODUCT.SKU,
    body: PRODUCT,
  });
  const ratePlans = [];
  for (const plan of PLANS) ratePlans.push(await seedPlan(client, productId, plan));
  const reseller = await seedAccount(client, RESELLER);
  const customers = [];
  for (const customer of CUSTOMERS) {
    customers.push(await seedAccount(client, { ...customer, parentId: reseller.id }));
  }
  const { chargeId } = ratePlans.find(({ number }) => number === 'PRP-DEMO-SETUP');
  await seedDocuments((...what) => findOrCreate(client, ...what), chargeId);
  return { ratePlans, reseller, customers };
}

async function seedPlan(client, productId, { key, name, charge }) {
  const number = `PRP-DEMO-${key}`;
  const id = await findOrCreate(client, `/v1/product-rate-plans/${number}`, 'id', {
    path: '/v1/object/product-rate-plan',
    key: number,
    body: { ProductId: productId, ProductRatePlanNumber: number, Name: name },
  });
  const { Price, ...terms } = charge;
  const chargeNumber = `PRPC-DEMO-${key}`;
  const chargeId = await findOrCreate(client, `/v1/product-rate-plan-charges/${chargeNumber}`, 'id', {
    path: '/v1/object/product-rate-plan-charge',
    key: chargeNumber,
    body: {
      ProductRatePlanId: id,
      ProductRatePlanChargeNumber: chargeNumber,
      Name: name,
      BillCycleType: 'DefaultFromCustomer',
      TriggerEvent: 'ContractEffective',
      ...terms,
      ProductRatePlanChargeTierData: { ProductRatePlanChargeTier: [{ Currency: CURRENCY, Price }] },
    },
  });
  return { name, number, id, chargeId };
}

async function seedAccount(client, fields) {
  const number = fields.accountNumber;
  const id = await findOrCreate(client, `/v1/accounts/${number}`, 'basicInfo.id', {
    path: '/v1/accounts',
    key: number,
    body: { currency: CURRENCY, billCycleDay: 1, autoPay: false, billToContact: CONTACT, ...fields },
  });
  return { number, id };
}

/** The id of what a GET finds, or of what is then created. */
async function findOrCreate(client, path, idPath, { path: createPath, key, body }) {
  const found = await client.get(path);
  const there = found.status === 200 && idPath.split('.').reduce((value, name) => value?.[name], found.body);
  if (there) return there;
  const made = await client.post(createPath, body, { 'Idempotency-Key': `demo seed ${key}` });
  const id = made.body.Id ?? made.body.id ?? made.body.accountId ?? made.body.orderNumber;
  if (made.status === 200 && id !== undefined) return id;
  throw new Error(`POST ${createPath} of ${key}: ${made.status} ${JSON.stringify(made.body)}`);
}
