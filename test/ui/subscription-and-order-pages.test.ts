import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OrderedWorld, orderedWorld, orderSeats } from '../support/ordered-subscriptions.ts';
import { findings, openWebPages, sidewaysScroll, type WebPages } from '../support/web-pages.ts';

// Subscriptions and orders in a real browser: an order is previewed and created with what was typed, a subscription is changed by each
// of its forms, versions say what orders changed, orders are activated, cancelled, reverted and deleted, and who may only read has no forms.

let web: WebPages;
let world: OrderedWorld;
beforeAll(async () => {
  web = await openWebPages();
  world = await orderedWorld(web.api);
});
afterAll(() => web.close());

async function latest(number: string) {
  return (await web.api.get(`/v1/subscriptions/${number}`)).body;
}

async function orderCount(number: string): Promise<number> {
  return (await web.api.get(`/v1/orders/subscription/${number}?pageSize=40`)).body.orders.length;
}

async function addPlan(page: Page, number: string): Promise<void> {
  await page.getByLabel('Rate plan number').fill(number);
  await page.getByRole('button', { name: 'Add rate plan' }).click();
}

const create = (page: Page) => page.getByRole('button', { name: 'Create order', exact: true });
/** The visible one: the form has another for Enter. */
const preview = (page: Page) => page.getByRole('button', { name: 'Preview', exact: true }).last();

describe('a new order', () => {
  test('is refused beside its field with all that was typed, previewed without being kept, and created as previewed', async () => {
    const { page, complaints, close } = await web.visit();
    await page.goto(`${web.url}/orders/new?account=${world.reseller.id}`);
    expect(await page.getByLabel('Account that is invoiced').inputValue()).toBe(world.reseller.number);
    await page.getByLabel('Account that owns the subscription').fill(world.customer.number);
    await addPlan(page, world.seats.number);
    await addPlan(page, world.flat.number);
    await page.getByLabel('Order date').fill('2026-02-01');
    await page.getByLabel('Quantity (Each)').fill('many');
    await create(page).click();
    await expect
      .poll(() => page.getByRole('alert').textContent())
      .toContain('Quantity (Each): Must be a number');
    expect(await page.getByLabel('Quantity (Each)').getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByLabel('Quantity (Each)').inputValue()).toBe('many');
    expect(await page.getByLabel('Account that owns the subscription').inputValue()).toBe(
      world.customer.number,
    );

    // 7 seats at 5.00 and 32.50 instead of 40.00: 67.50 a month, 12 times that in the term.
    await page.getByLabel('Quantity (Each)').fill('7');
    await page.getByLabel('Price (USD)').fill('32.5');
    await preview(page).click();
    const shown = page.locator('#preview');
    await expect.poll(() => shown.textContent()).toContain('Invoice 67.50 USD');
    expect(await shown.textContent()).toContain('420.00');
    expect(await shown.textContent()).toContain('390.00');
    const owned = await web.api.get(`/v1/subscriptions/accounts/${world.customer.number}`);
    expect(owned.body.subscriptions).toEqual([]);

    await create(page).click();
    await page.waitForURL(/\/orders\/O-/);
    expect(await page.getByRole('status').textContent()).toContain('The order has been created.');
    const after = await web.api.get(`/v1/subscriptions/accounts/${world.customer.number}`);
    expect(after.body.subscriptions.map((one: { contractedMrr: number }) => one.contractedMrr)).toEqual([
      67.5,
    ]);
    expect(complaints.filter((line) => !line.includes('400'))).toEqual([]);
    await close();
  });

  test('has its rows added and removed without script, and a number that is none is said beside it', async () => {
    const { page, close } = await web.visit({ script: false });
    await page.goto(`${web.url}/orders/new?account=${world.reseller.number}`);
    await addPlan(page, 'PRP-NONE');
    expect(await page.locator('main').textContent()).toContain('There is no rate plan PRP-NONE.');
    await addPlan(page, world.seats.number);
    await page.getByLabel('Quantity (Each)').fill('4');
    await addPlan(page, world.flat.number);
    await page.getByLabel('Price (USD)').fill('11');
    await page.getByRole('button', { name: /^Remove Seats/ }).click();
    // The row that stays keeps what was typed into it.
    expect(await page.getByLabel('Price (USD)').inputValue()).toBe('11');
    expect(await page.getByLabel('Quantity (Each)').count()).toBe(0);
    await page.getByLabel('Order date').fill('2026-02-01');
    await create(page).click();
    await page.waitForURL(/\/orders\/O-/);
    const number = (await page.locator('h1').textContent())!.replace('Order ', '');
    const { order } = (await web.api.get(`/v1/orders/${number}`)).body;
    const [action] = order.subscriptions[0].orderActions;
    expect(action.createSubscription.subscribeToRatePlans).toHaveLength(1);
    const subscription = await latest(order.subscriptions[0].subscriptionNumber);
    expect(subscription.contractedMrr).toBe(11);
    await close();
  });

  test('that is sent twice is one order', async () => {
    const { page, close } = await web.visit();
    await page.goto(`${web.url}/orders/new?account=${world.reseller.number}`);
    await addPlan(page, world.flat.number);
    await page.getByLabel('Subscription number').fill(`S-${crypto.randomUUID().slice(0, 8)}`);
    const sent = (await page.evaluate(`(async () => {
      const body = new URLSearchParams(new FormData(document.querySelector('form.form')));
      body.set('_do', 'create');
      const send = () => fetch('/orders/new', { method: 'POST', body });
      const replies = await Promise.all([send(), send()]);
      return replies.map(({ url }) => url);
    })()`)) as string[];
    expect(sent[0]).toMatch(/\/orders\/O-/);
    expect(sent[1]).toBe(sent[0]);
    await close();
  });

  test('in the background is followed until it is there', async () => {
    const { page, close } = await web.visit();
    await page.goto(`${web.url}/orders/new?account=${world.reseller.number}`);
    await addPlan(page, world.flat.number);
    await page.getByRole('button', { name: 'Create in the background' }).click();
    await page.waitForURL(/\/orders\/jobs\//);
    await page.getByText('has been created').waitFor();
    await page.locator('main').getByRole('link', { name: /^O-/ }).click();
    await page.waitForURL(/\/orders\/O-/);
    await close();
  });
});

describe('a draft', () => {
  async function draft(page: Page): Promise<string> {
    await page.goto(`${web.url}/orders/new?account=${world.reseller.number}`);
    await addPlan(page, world.flat.number);
    await page.getByRole('button', { name: 'Save as draft' }).click();
    await page.waitForURL(/\/orders\/O-/);
    expect(await page.locator('.status').first().textContent()).toBe('Draft');
    return (await page.locator('h1').textContent())!.replace('Order ', '');
  }

  test('is activated, and reverted by another order', async () => {
    const { page, close } = await web.visit();
    const number = await draft(page);
    await page.getByRole('button', { name: 'Activate' }).click();
    await page.waitForURL(/done=activate/);
    expect((await web.api.get(`/v1/orders/${number}`)).body.order.status).toBe('Completed');
    await page.locator('summary', { hasText: 'Revert the order' }).click();
    await page.getByLabel('Order date of the reversal').fill('2020-01-01');
    await page.getByRole('button', { name: 'Revert order' }).click();
    await expect
      .poll(() => page.locator('main').textContent())
      .toContain("Must not lie before the order's own date");
    expect(await page.getByLabel('Order date of the reversal').inputValue()).toBe('2020-01-01');
    await page.getByLabel('Order date of the reversal').fill('2089-01-01');
    await page.getByRole('button', { name: 'Revert order' }).click();
    await page.waitForURL(/done=created/);
    expect(await page.locator('h1').textContent()).not.toContain(number);
    expect((await web.api.get(`/v1/orders/${number}`)).body.order.status).toBe('Reverted');
    await close();
  });

  test('is cancelled once by a form that is sent twice; a refusal is told when its form is gone', async () => {
    const { page, close } = await web.visit({ script: false });
    const number = await draft(page);
    const cancelling = page.locator(`form[action="/orders/${number}/cancel"]`);
    const fields = await cancelling.locator('input').all();
    const form = Object.fromEntries(
      await Promise.all(
        fields.map(async (field) => [await field.getAttribute('name'), await field.inputValue()] as const),
      ),
    );
    const action = `${web.url}/orders/${number}/cancel`;
    const send = (body: Record<string, string>) => page.request.post(action, { form: body, maxRedirects: 0 });
    expect([(await send(form)).status(), (await send(form)).status()]).toEqual([303, 303]);
    // The page still has the form of before, with another key.
    await page.evaluate('document.querySelectorAll("[name=_key]").forEach((key) => { key.value += "1"; })');
    await page.getByText('Cancel the order').first().click();
    await page.getByRole('button', { name: 'Cancel order' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('refused');
    expect(await page.getByRole('button', { name: 'Cancel order' }).count()).toBe(0);
    await close();
  });

  test('is cancelled with a reason, then deleted, after which its page is none', async () => {
    const { page, close } = await web.visit({ script: false });
    const number = await draft(page);
    await page.getByText('Cancel the order').first().click();
    await page.getByLabel('Reason').fill('Changed their mind');
    await page.getByRole('button', { name: 'Cancel order' }).click();
    await page.waitForURL(/done=cancel/);
    expect(await page.locator('main').textContent()).toContain('Changed their mind');
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL(/\/orders\?done=delete/);
    const gone = await page.goto(`${web.url}/orders/${number}`);
    expect(gone!.status()).toBe(404);
    await close();
  });
});

describe('a subscription', () => {
  async function change(
    page: Page,
    number: string,
    word: string,
    fill: () => Promise<unknown>,
  ): Promise<void> {
    await page.goto(`${web.url}/subscriptions/${number}/change/${word}`);
    await page.getByLabel('Order date').fill('2026-04-01');
    await page.getByLabel('Takes effect on').or(page.getByLabel('Contract effective')).fill('2026-04-01');
    await fill();
    await create(page).click();
    await page.waitForURL(/\/orders\/O-/);
  }

  test('is changed by each of its forms, and its versions say what each order changed', async () => {
    const { page, complaints, close } = await web.visit();
    const number = await orderSeats(web.api, world);
    await page.goto(`${web.url}/subscriptions/${number}`);
    await page.getByRole('link', { name: /^Update Seats/ }).click();
    await page.getByLabel('Order date').fill('2026-03-01');
    await page.getByLabel('Takes effect on').fill('2026-03-01');
    await create(page).click();
    expect(await page.getByRole('alert').textContent()).toContain('at least one quantity or price');
    await page.getByLabel('Quantity (Each)').fill('8');
    await preview(page).click();
    // From 3 seats to 8 at 5.00: 25.00 more a month.
    await expect.poll(() => page.locator('#preview').textContent()).toContain('25.00');
    await create(page).click();
    await page.waitForURL(/\/orders\/O-/);
    expect((await latest(number)).contractedMrr).toBe(40);
    await change(page, number, 'add-product', () => addPlan(page, world.flat.number));
    expect((await latest(number)).contractedMrr).toBe(80);
    await change(page, number, 'terms', () => page.getByLabel('Renews by itself').selectOption('Yes'));
    expect((await latest(number)).autoRenew).toBe(true);
    await change(page, number, 'renew', async () => {});
    expect((await latest(number)).subscriptionEndDate).toBe('2028-01-01');
    await change(page, number, 'remove-product', () =>
      page.getByLabel('Rate plan', { exact: false }).first().selectOption({ index: 1 }),
    );
    await change(page, number, 'owner-transfer', () =>
      page.getByLabel('New subscription owner').fill(world.reseller.number),
    );
    expect((await latest(number)).accountNumber).toBe(world.reseller.number);
    expect((await latest(number)).version).toBe(7);

    await page.goto(`${web.url}/subscriptions/${number}/versions`);
    const rows = await page.locator('tbody tr').allTextContents();
    expect(rows).toHaveLength(7);
    expect(rows[0]).toContain('Subscription owner');
    expect(rows[5]).toContain('segment 2 from Mar 1, 2026, price 5, quantity 8');
    await page.getByRole('link', { name: /^with 1/ }).click();
    expect(await page.getByRole('heading', { name: /segment 2/ }).textContent()).toContain('+ Added');
    expect(await page.getByRole('heading', { name: /segment 1/ }).textContent()).toContain('± Changed');
    await page.goto(`${web.url}/subscriptions/${number}?version=1`);
    expect(await page.locator('main').textContent()).toContain('This is version 1 of 7.');
    expect(complaints.filter((line) => !line.includes('400'))).toEqual([]);
    await close();
  });

  test('is suspended, resumed and cancelled without script; what its state does not allow is said first and refused', async () => {
    const { page, close } = await web.visit({ script: false });
    const number = await orderSeats(web.api, world);
    await page.goto(`${web.url}/subscriptions/${number}/change/resume`);
    expect(await page.locator('main').textContent()).toContain(
      'The subscription is Active: the order will be refused',
    );
    await change(page, number, 'suspend', async () => {
      await page.getByLabel('When').selectOption('on a day');
      await page.getByLabel('Day', { exact: true }).first().fill('2026-04-01');
    });
    expect((await latest(number)).status).toBe('Suspended');
    await page.goto(`${web.url}/subscriptions/${number}`);
    expect(await page.locator('a[href*="/change/resume"]').count()).toBe(1);
    expect(await page.locator('a[href*="-product"]').count()).toBe(0);
    const orders = await orderCount(number);
    await page.goto(`${web.url}/subscriptions/${number}/change/suspend`);
    await page.getByLabel('When').selectOption('today');
    await page.getByLabel('Reason').fill('Twice');
    await create(page).click();
    expect(await page.getByRole('alert').textContent()).toContain('refused');
    expect(await page.getByLabel('Reason').inputValue()).toBe('Twice');
    expect(await orderCount(number)).toBe(orders);
    await change(page, number, 'resume', async () => {
      await page.getByLabel('When').selectOption('on a day');
      await page.getByLabel('Day', { exact: true }).first().fill('2026-05-01');
    });
    await change(page, number, 'cancel', async () => {
      await page.getByLabel('When').selectOption('on a day');
      await page.getByLabel('Day', { exact: true }).first().fill('2026-08-01');
    });
    expect((await latest(number)).status).toBe('Cancelled');
    await page.goto(`${web.url}/subscriptions/${number}`);
    expect(await page.getByText('Change', { exact: true }).count()).toBe(0);
    await close();
  });

  test('shows its next bill through a day and the lines that are invoiced', async () => {
    const { page, close } = await web.visit();
    const number = await orderSeats(web.api, world);
    await page.goto(`${web.url}/subscriptions/${number}/billing?through=2026-02-15`);
    // January and February, 3 seats at 5.00 each.
    expect(await page.locator('main').textContent()).toContain('Invoice 30.00 USD');
    expect(await page.locator('main').textContent()).toContain('Nothing is invoiced yet');
    await page.goto(`${web.url}/subscriptions/${number}/billing?through=never`);
    expect(await page.locator('main').textContent()).toContain('must be a date, YYYY-MM-DD');
    await close();
  });
});

describe('everywhere', () => {
  test.each([
    [360, 'light'],
    [800, 'dark'],
    [1600, 'light'],
  ] as const)(
    'axe-core finds nothing and no page scrolls sideways at %i pixels, %s',
    async (width, theme) => {
      const number = await orderSeats(web.api, world);
      const { orders } = (await web.api.get(`/v1/orders/subscription/${number}`)).body;
      const { page, close } = await web.visit({ width, theme });
      for (const path of [
        ...['/subscriptions', '/orders', '/orders/new', `/orders/${orders[0].orderNumber}`],
        ...[
          '',
          '/versions',
          '/compare',
          '/billing',
          '/orders',
          '/change/update-product',
          '/change/terms',
        ].map((tail) => `/subscriptions/${number}${tail}`),
      ]) {
        await page.goto(`${web.url}${path}`);
        expect([path, await findings(page), await sidewaysScroll(page)]).toEqual([path, [], 0]);
      }
      await close();
    },
    180_000,
  );

  test('who may only read has no forms that write, and is told so where one is asked for', async () => {
    const { page, close } = await web.visit({ role: 'read' });
    const number = await orderSeats(web.api, world);
    const { orders } = (await web.api.get(`/v1/orders/subscription/${number}`)).body;
    for (const path of [
      ...['/subscriptions', `/subscriptions/${number}`, `/subscriptions/${number}/billing`],
      ...['/orders', `/orders/${orders[0].orderNumber}`],
    ]) {
      await page.goto(`${web.url}${path}`);
      expect(await page.locator('main form[method="post"]').count()).toBe(0);
      expect(await page.locator('main a[href*="/change/"], main .title a[href="/orders/new"]').count()).toBe(
        0,
      );
    }
    for (const path of ['/orders/new', `/subscriptions/${number}/change/cancel`]) {
      expect((await page.goto(`${web.url}${path}`))!.status()).toBe(403);
    }
    await close();
  });

  test('numbers that are none have a page that says so', async () => {
    const { page, close } = await web.visit();
    for (const path of [
      ...['/subscriptions/S-NONE', '/subscriptions/S-NONE/versions', '/subscriptions/S-NONE/change/cancel'],
      ...['/orders/O-NONE', '/orders/jobs/none', '/orders/new?account=A-NONE'],
    ]) {
      expect([path, (await page.goto(`${web.url}${path}`))!.status()]).toEqual([path, 404]);
    }
    await close();
  });
});
