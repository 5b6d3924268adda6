import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findings, openWebPages, sidewaysScroll, type WebPages } from '../support/web-pages.ts';

// The catalog in a real browser: products, rate plans, charges of each model with their tiers, units of measure; what is refused, and who may write.

let web: WebPages;
beforeAll(async () => {
  web = await openWebPages();
});
afterAll(() => web.close());

/** Many pages with axe-core on each, on a machine that is busy. */
const PAGES_MS = 300_000;
const NOBODY = '0'.repeat(32);
let made = 0;
const unique = (what: string) => `${what} ${Date.now().toString(36)}-${made++}`;

/** A product with one rate plan, made through the API. */
async function offer(): Promise<{ id: string; name: string; planId: string }> {
  const name = unique('Offer');
  const dates = { EffectiveStartDate: '2026-01-01', EffectiveEndDate: '2099-12-31' };
  const product = await web.api.post('/v1/object/product', { Name: name, ...dates });
  const plan = await web.api.post('/v1/object/product-rate-plan', {
    Name: 'Plan',
    ProductId: product.body.Id,
  });
  return { id: product.body.Id, name, planId: plan.body.Id };
}

async function plansOf(productId: string) {
  return (await web.api.get(`/v1/products/${productId}/product-rate-plans`)).body.productRatePlans;
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const nameOf = (page: Page) => page.getByLabel('Name (required)', { exact: true });

describe.each([true, false])('with script: %s', (script) => {
  test('a product, its plan and a tiered charge are made, changed and deleted', async () => {
    const { page, complaints, close } = await web.visit({ script });
    const name = unique('Tracker');
    await page.goto(`${web.url}/products/new`);
    await nameOf(page).fill(name);
    await page.getByLabel('Effective until').fill('2099-12-31');
    await button(page, 'Create product').click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    const productId = new URL(page.url()).pathname.split('/').at(-1)!;
    await page.getByRole('link', { name: 'New rate plan' }).click();
    await nameOf(page).fill('Monthly');
    await button(page, 'Create rate plan').click();
    await page.getByRole('link', { name: 'New charge of Monthly' }).click();
    await page.getByRole('link', { name: 'Tiered', exact: true }).click();
    await nameOf(page).fill('Position reports');
    await page.getByLabel('Unit of measure').fill('Report');
    await page.getByLabel('Currency').fill('EUR');
    await page.getByLabel('To', { exact: true }).fill('10');
    await page.getByLabel('Price (required)').fill('2.5');
    await button(page, 'Add a tier').click();
    const second = page.getByRole('group', { name: 'Tier 2' });
    // It goes on where the first ends, in its currency.
    expect(await second.getByLabel('Currency').inputValue()).toBe('EUR');
    expect(await second.getByLabel('From').inputValue()).toBe('10');
    await second.getByLabel('Price (required)').fill('two');
    await button(page, 'Add a tier').click();
    await button(page, 'Remove Tier 3').click();
    await button(page, 'Create charge').click();
    // Refused beside its field; all that was typed is there.
    await page.getByRole('alert').waitFor();
    const price = page.getByRole('group', { name: 'Tier 2' }).getByLabel('Price (required)');
    expect(await price.getAttribute('aria-invalid')).toBe('true');
    expect(await price.inputValue()).toBe('two');
    expect(await nameOf(page).inputValue()).toBe('Position reports');
    expect(await plansOf(productId)).toMatchObject([{ productRatePlanCharges: [] }]);
    await price.fill('2');
    await button(page, 'Create charge').click();
    await page.getByRole('heading', { level: 1, name: 'Position reports' }).waitFor();
    const [plan] = await plansOf(productId);
    expect(plan.productRatePlanCharges).toMatchObject([
      {
        ...{
          name: 'Position reports',
          model: 'Tiered',
          type: 'Recurring',
          uom: 'Report',
          billingPeriod: 'Month',
        },
        pricing: [
          {
            currency: 'EUR',
            tiers: [
              { startingUnit: 0, endingUnit: 10, price: 2.5 },
              { startingUnit: 10, endingUnit: null, price: 2 },
            ],
          },
        ],
      },
    ]);
    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    const first = page.getByRole('group', { name: 'Tier 1' });
    expect(await first.getByLabel('To', { exact: true }).inputValue()).toBe('10');
    await first.getByLabel('Price (required)').fill('3');
    await button(page, 'Save charge').click();
    await page.getByText('3.00 EUR').waitFor();
    await page.getByRole('link', { name: 'Delete', exact: true }).click();
    await button(page, 'Delete charge').click();
    await page.getByText('This plan has no charges yet').waitFor();
    await page.goto(`${web.url}/products/${productId}/delete`);
    await button(page, 'Delete product').click();
    await page.waitForURL(`${web.url}/products`);
    expect((await web.api.get(`/v1/catalog/products/${productId}`)).status).toBe(404);
    // A form that is refused is answered with status 400, which the browser notes.
    expect(complaints.filter((one) => !one.includes('400'))).toEqual([]);
    await close();
  });
});

/** What is typed for each model beside name and currency, and the pricing that it gives. */
const MODELS = [
  ['Flat Fee Pricing', { 'Price (required)': '9.99' }, { price: 9.99 }],
  ['Per Unit Pricing', { 'Price (required)': '4', 'Unit of measure': 'Seat' }, { price: 4 }],
  [
    'Volume Pricing',
    { 'Price (required)': '7', 'Unit of measure': 'Seat' },
    { tiers: [{ startingUnit: 0, price: 7 }] },
  ],
  [
    'Overage Pricing',
    { 'Price beyond (required)': '0.25', 'Unit of measure': 'GB', 'Included units': '100' },
    { includedUnits: 100, overagePrice: 0.25 },
  ],
  ['Discount-Fixed Amount', { 'Amount off (required)': '5' }, { discountAmount: 5 }],
  ['Discount-Percentage', { 'Percentage off (required)': '12.5' }, { discountPercentage: 12.5 }],
] as const;

test.each(MODELS)('a charge of the model %s', async (model, typed, pricing) => {
  const { id, planId } = await offer();
  const { page, close } = await web.visit();
  await page.goto(
    `${web.url}/products/${id}/rate-plans/${planId}/charges/new?model=${encodeURIComponent(model)}`,
  );
  await nameOf(page).fill(model);
  await page.getByLabel('Currency').fill('USD');
  for (const [label, text] of Object.entries(typed)) {
    await page.getByLabel(label, { exact: true }).fill(text);
  }
  await button(page, 'Create charge').click();
  await page.getByRole('heading', { level: 1, name: model, exact: true }).waitFor();
  const [plan] = await plansOf(id);
  expect(plan.productRatePlanCharges).toMatchObject([
    { name: model, pricing: [{ currency: 'USD', ...pricing }] },
  ]);
  await close();
});

test('a tier beyond the last one of a tiered charge with overage', async () => {
  const { id, planId } = await offer();
  const { page, close } = await web.visit();
  const model = encodeURIComponent('Tiered with Overage Pricing');
  await page.goto(`${web.url}/products/${id}/rate-plans/${planId}/charges/new?model=${model}`);
  await nameOf(page).fill('Traffic');
  await page.getByLabel('Unit of measure').fill('GB');
  await page.getByLabel('Currency').fill('USD');
  await page.getByLabel('To', { exact: true }).fill('50');
  await page.getByLabel('Price (required)').fill('1');
  await button(page, 'Add a tier').click();
  const second = page.getByRole('group', { name: 'Tier 2' });
  await second.getByLabel('Price (required)').fill('0.5');
  await second.getByLabel('Beyond the last tier').check();
  await button(page, 'Create charge').click();
  await page.getByRole('heading', { level: 1, name: 'Traffic', exact: true }).waitFor();
  const [plan] = await plansOf(id);
  expect(plan.productRatePlanCharges[0].pricing).toMatchObject([{ currency: 'USD', overagePrice: 0.5 }]);
  await close();
});

test('a product form that is sent twice makes one product; what is refused keeps what was typed', async () => {
  const { page, close } = await web.visit({ script: false });
  const name = unique('Twice');
  await page.goto(`${web.url}/products/new`);
  await nameOf(page).fill(name);
  await page.getByLabel('Effective from').fill('2026-02-01');
  await page.getByLabel('Effective until').fill('2026-01-01');
  await button(page, 'Create product').click();
  await page.getByRole('alert').waitFor();
  expect(await nameOf(page).inputValue()).toBe(name);
  expect(await page.locator('.error').count()).toBe(1);
  await page.getByLabel('Effective until').fill('2027-01-01');
  const fields = await page.locator('main form input, main form textarea').all();
  const form: Record<string, string> = {};
  for (const field of fields) {
    if ((await field.getAttribute('type')) === 'checkbox') continue;
    form[(await field.getAttribute('name'))!] = await field.inputValue();
  }
  const send = () =>
    page.request.post(`${web.url}/products/new`, { form, headers: { Origin: web.url }, maxRedirects: 0 });
  const replies = [await send(), await send()];
  expect(replies.map((reply) => reply.status())).toEqual([303, 303]);
  expect(replies[0]!.headers().location).toBe(replies[1]!.headers().location);
  const found = await web.api.get(`/object-query/products?filter[]=${encodeURIComponent(`name.SW:${name}`)}`);
  expect(found.body.data).toHaveLength(1);
  await close();
});

test('units of measure are made, changed, and deleted while no charge counts in them', async () => {
  const { page, close } = await web.visit();
  const name = `U${Date.now().toString(36)}`;
  await page.goto(`${web.url}/products/units`);
  await nameOf(page).fill(name);
  await page.getByLabel('Decimal places').fill('10');
  await button(page, 'Create unit').click();
  await page.getByRole('alert').waitFor();
  expect(await page.getByLabel('Decimal places').getAttribute('aria-invalid')).toBe('true');
  await page.getByLabel('Decimal places').fill('3');
  await button(page, 'Create unit').click();
  await page.getByRole('link', { name }).click();
  await page.getByLabel('Displayed as').fill('Shown');
  await button(page, 'Save unit').click();
  await page.getByRole('cell', { name: 'Shown' }).waitFor();
  const { id, planId } = await offer();
  const used = await web.api.post('/v1/object/product-rate-plan-charge', {
    ...{
      Name: 'Per unit',
      ProductRatePlanId: planId,
      ChargeModel: 'Per Unit Pricing',
      ChargeType: 'OneTime',
    },
    ...{ BillCycleType: 'DefaultFromCustomer', TriggerEvent: 'ContractEffective', UOM: name },
    ProductRatePlanChargeTierData: { ProductRatePlanChargeTier: [{ Currency: 'USD', Price: 1 }] },
  });
  expect(used.body.Success).toBe(true);
  await page.getByRole('link', { name }).click();
  await page.getByRole('link', { name: 'Delete', exact: true }).click();
  await button(page, 'Delete unit').click();
  expect(await page.getByRole('alert').textContent()).toContain('a charge counts in it');
  await web.api.delete(`/v1/object/product/${id}`);
  await button(page, 'Delete unit').click();
  await page.waitForURL(`${web.url}/products/units`);
  expect(await page.getByRole('link', { name }).count()).toBe(0);
  await close();
});

test('who may only read sees the catalog without anything that writes; what is not there is a page that says so', async () => {
  const { id, name, planId } = await offer();
  const { page, close } = await web.visit({ role: 'read' });
  for (const path of ['/products', `/products/${id}`, '/products/units']) {
    const reply = await page.goto(`${web.url}${path}`);
    expect(reply!.status()).toBe(200);
    expect(await page.locator('main form[method="post"]').count()).toBe(0);
    expect(await page.getByRole('link', { name: /^(New|Edit|Delete)/ }).count()).toBe(0);
  }
  await page.goto(`${web.url}/products/${id}`);
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(name);
  const plan = `/products/${id}/rate-plans/${planId}`;
  for (const path of [
    '/products/new',
    `/products/${id}/edit`,
    `${plan}/charges/new?model=Flat+Fee+Pricing`,
  ]) {
    expect((await page.goto(`${web.url}${path}`))!.status(), path).toBe(403);
  }
  for (const path of [`/products/${NOBODY}`, `/products/${id}/charges/${NOBODY}`]) {
    expect((await page.goto(`${web.url}${path}`))!.status(), path).toBe(404);
  }
  await close();
});

describe.each([360, 800, 1600])('at %i pixels', (width) => {
  test.each(['light', 'dark'] as const)(
    'axe-core finds nothing in %s, and nothing scrolls sideways',
    async (theme) => {
      const { id, planId } = await offer();
      const { page, close } = await web.visit({ width, theme });
      const charge = `/products/${id}/rate-plans/${planId}/charges/new`;
      const pages = [
        ...[
          '/products',
          `/products/${id}`,
          '/products/new',
          '/products/units',
          `/products/${id}/delete`,
          charge,
        ],
        `${charge}?model=${encodeURIComponent('Tiered with Overage Pricing')}`,
      ];
      for (const path of pages) {
        await page.goto(`${web.url}${path}`);
        expect(await findings(page), path).toEqual([]);
        expect(await sidewaysScroll(page), path).toBeLessThanOrEqual(0);
      }
      await close();
    },
    PAGES_MS,
  );
});
