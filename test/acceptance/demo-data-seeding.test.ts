// The demo data is made once, however often it is asked for, and is what it says: a partner account, customers, priced plans.

import { expect, inject, test } from 'vitest';
import { createApiClient } from '../../scripts/api-client.mjs';
import { seedOnce } from '../../scripts/seed.mjs';

test('seeding twice makes one catalog, one reseller and its customers', async () => {
  const { url, clientId, clientSecret } = inject('server');
  const client = createApiClient({ baseUrl: url, clientId, clientSecret });
  const first = await seedOnce(client);
  expect(await seedOnce(client)).toEqual(first);

  const reseller = await client.get(`/v1/accounts/${first.reseller.number}`);
  expect(reseller.body).toMatchObject({ basicInfo: { id: first.reseller.id, partnerAccount: true } });
  for (const { number, id } of first.customers) {
    const customer = await client.get(`/v1/accounts/${number}`);
    expect(customer.body).toMatchObject({ basicInfo: { id, partnerAccount: false } });
  }

  const plans = await client.get('/v1/products/DEMO-FLEET/product-rate-plans');
  const charges = plans.body.productRatePlans.map(
    (plan: { name: string; productRatePlanCharges: Array<Record<string, unknown>> }) => {
      const [charge] = plan.productRatePlanCharges;
      return [plan.name, charge?.type, charge?.billingPeriod, charge?.pricingSummary];
    },
  );
  expect(charges).toEqual([
    ['Monthly', 'Recurring', 'Month', ['USD25']],
    ['Monthly per vehicle', 'Recurring', 'Month', ['USD6.25/Vehicle']],
    ['Quarterly', 'Recurring', 'Quarter', ['USD72']],
    ['Annual', 'Recurring', 'Annual', ['USD270']],
    ['Setup', 'OneTime', undefined, ['USD99']],
    ['Distance driven', 'Usage', 'Month', ['USD0.12/Kilometre']],
  ]);
});

test('credentials that are not accepted fail by name', async () => {
  const client = createApiClient({ baseUrl: inject('server').url, clientId: 'nobody', clientSecret: 'x' });
  await expect(seedOnce(client)).rejects.toThrow('No token: status 401');
});
