import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findings, openWebPages, sidewaysScroll, type WebPages } from '../support/web-pages.ts';

// Accounts in a browser: made, changed and deleted by form, with what is refused beside its field; numbers that renew themselves and say where they
// come from; the search; everything without script too, and nothing to write with for who only reads.

let web: WebPages;
let reseller: { id: string; number: string };
beforeAll(async () => {
  web = await openWebPages();
  reseller = await account({ name: 'Grand Reseller', partnerAccount: true });
  await account({ name: 'Small Customer', parentId: reseller.id });
});
afterAll(() => web.close());

// biome-ignore lint/suspicious/noExplicitAny: replies of the API, as any client gets them
type Body = any;

async function account(fields: object): Promise<{ id: string; number: string }> {
  const { status, body } = await web.api.post('/v1/accounts', {
    currency: 'USD',
    billToContact: { firstName: 'Amy', lastName: 'Lawrence', country: 'United States' },
    ...fields,
  });
  expect(status).toBe(200);
  return { id: (body as Body).accountId, number: (body as Body).accountNumber };
}

async function invoice(accountId: string, amount: number): Promise<{ id: string; number: string }> {
  const { status, body } = await web.api.post('/v1/invoices', {
    accountId,
    invoiceDate: '2026-03-15',
    status: 'Posted',
    invoiceItems: [{ chargeName: 'Onboarding', amount, serviceStartDate: '2026-03-01' }],
  });
  expect(status).toBe(200);
  return { id: (body as Body).id, number: (body as Body).invoiceNumber };
}

const idIn = (url: string) => /\/accounts\/([0-9a-f]{32})/.exec(url)?.[1] ?? '';
const read = async (path: string) => (await web.api.get(path)).body as Body;

describe('A new customer account', () => {
  test.each([true, false])(
    'is made by form, with script %s: what was typed stays where it is refused',
    async (script) => {
      const { page, close } = await web.visit({ script });
      await page.goto(`${web.url}/accounts/new`);
      await page.getByLabel('Account name').fill(`Page made ${script}`);
      await page.getByLabel('Currency').fill('USX');
      await page.getByLabel('First name').first().fill('Bo');
      await page.getByLabel('Last name').first().fill('Ek');
      await page.getByLabel('Partner Account').check();
      await page.getByLabel('Custom fields').fill('region__c = North');
      await page.getByRole('button', { name: 'Create account' }).click();
      await page.locator('#problems').waitFor();
      expect(await page.locator('#f-currency-error').textContent()).toContain('ISO 4217');
      expect(await page.getByLabel('Account name').inputValue()).toBe(`Page made ${script}`);
      expect(await page.getByLabel('Partner Account').isChecked()).toBe(true);
      await page.getByLabel('Currency').fill('EUR');
      await page.getByRole('button', { name: 'Create account' }).click();
      await page.waitForURL(/done=created/);
      expect(await page.locator('main').textContent()).toContain('The account was created.');
      const { basicInfo, billingAndPayment, billToContact, soldToContact } = await read(
        `/v1/accounts/${idIn(page.url())}`,
      );
      expect(basicInfo).toMatchObject({ partnerAccount: true, region__c: 'North', status: 'Active' });
      expect(billingAndPayment).toMatchObject({ currency: 'EUR', paymentTerm: 'Due Upon Receipt' });
      expect(soldToContact.id).toBe(billToContact.id);
      await close();
    },
  );

  test('sent twice is made once', async () => {
    const { page, close } = await web.visit();
    await page.goto(`${web.url}/accounts/new`);
    await page.getByLabel('Account name').fill('Sent twice');
    await page.getByLabel('Currency').fill('USD');
    await page.getByLabel('First name').first().fill('Bo');
    await page.getByLabel('Last name').first().fill('Ek');
    const sent = (await page.evaluate(
      '[...new FormData(document.querySelector("form.form"))].map(([k, v]) => [k, String(v)])',
    )) as string[][];
    const post = async () =>
      page.request.post(`${web.url}/accounts/new`, {
        form: Object.fromEntries(sent),
        headers: { Origin: web.url },
        maxRedirects: 0,
      });
    const [first, second] = [await post(), await post()];
    expect([first.status(), second.status()]).toEqual([303, 303]);
    expect(second.headers().location).toBe(first.headers().location);
    await close();
  });
});

describe('An account', () => {
  test('is changed by form: the partner flag, what is emptied, contacts; and deleted where nothing hangs on it', async () => {
    const made = await account({ name: 'To change', notes: 'Old words', region__c: 'East' });
    const { page, close } = await web.visit({ script: false });
    await page.goto(`${web.url}/accounts/${made.number}/edit`);
    expect(idIn(page.url())).toBe(made.id);
    await page.getByLabel('Partner Account').check();
    await page.getByLabel('Notes').fill('');
    await page.getByLabel('Account name').fill('Changed');
    await page.getByLabel('Batch').fill('Batch99');
    await page.getByRole('button', { name: 'Save changes' }).click();
    expect(await page.locator('#f-batch-error').textContent()).toContain('Batch1 to Batch50');
    await page.getByLabel('Batch').fill('Batch2');
    await page.getByLabel('Custom fields').fill('');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.waitForURL(/done=changed/);
    const { basicInfo } = await read(`/v1/accounts/${made.id}`);
    expect(basicInfo).toMatchObject({ name: 'Changed', notes: '', batch: 'Batch2', partnerAccount: true });
    expect(basicInfo.region__c ?? null).toBeNull();

    await page.getByRole('link', { name: 'Add a contact' }).first().click();
    await page.getByLabel('First name').fill('Cy');
    await page.getByLabel('Last name').fill('Young');
    await page.getByRole('button', { name: 'Add contact' }).click();
    await page.waitForURL(/done=contact-added/);
    await page.getByRole('link', { name: 'Edit', exact: true }).first().click();
    // Also one that is neither can be changed.
    expect(await page.getByRole('link', { name: 'Cy Young' }).count()).toBe(1);
    await page.getByLabel('Sold-to contact').selectOption({ label: 'Cy Young' });
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.waitForURL(/done=changed/);
    expect((await read(`/v1/accounts/${made.id}`)).soldToContact.lastName).toBe('Young');

    await page.goto(`${web.url}/accounts/${reseller.id}/edit`);
    await page.getByRole('button', { name: 'Delete account' }).click();
    expect(await page.locator('#problems').textContent()).toContain('it has child accounts');
    await page.goto(`${web.url}/accounts/${made.id}/edit`);
    await page.getByRole('button', { name: 'Delete account' }).click();
    await page.waitForURL(/done=deleted/);
    expect((await web.api.get(`/v1/accounts/${made.id}`)).status).toBe(404);
    await close();
  });

  test('changed by a form that is sent again keeps what the form said, and leaves what it did not show', async () => {
    const { id } = await account({ name: 'Changed twice', billCycleDay: 7, region__c: 'North' });
    const { page, close } = await web.visit();
    await page.goto(`${web.url}/accounts/${id}/edit`);
    await page.getByLabel('Custom fields').fill('region__c = South');
    await page.getByLabel('Bill cycle day').fill('');
    const sent = (await page.evaluate(
      '[...new FormData(document.querySelector("form.form"))].map(([k, v]) => [k, String(v)])',
    )) as string[][];
    await web.api.put(`/v1/accounts/${id}`, { channel__c: 'Web' });
    const post = () =>
      page.request.post(`${web.url}/accounts/${id}/edit`, {
        form: Object.fromEntries(sent),
        maxRedirects: 0,
      });
    expect([(await post()).status(), (await post()).status()]).toEqual([303, 303]);
    const { basicInfo, billingAndPayment } = await read(`/v1/accounts/${id}`);
    expect(basicInfo).toMatchObject({ region__c: 'South', channel__c: 'Web' });
    expect(billingAndPayment.billCycleDay).toBe(0);
    await close();
  });

  test('are a file that says what their amounts are of', async () => {
    const { id } = await account({ name: 'In a file', currency: 'JPY' });
    const { page, close } = await web.visit();
    const file = await page.request.get(`${web.url}/accounts?name=In+a+file&format=csv`);
    const [head, row] = (await file.text()).trim().split('\n');
    expect(head).toMatch(/^Name,Number,.*,Balance,.*,Currency$/);
    expect(row).toMatch(/^In a file,.*,JPY$/);
    expect((await read(`/v1/accounts/${id}`)).billingAndPayment.currency).toBe('JPY');
    await close();
  });

  test('shows numbers that renew themselves while one watches, and where each comes from', async () => {
    const { id } = await account({ name: 'Watched' });
    const { page, complaints, close } = await web.visit();
    await page.goto(`${web.url}/accounts/${id}`);
    const balance = page.locator('[data-key="USD-balance"]');
    expect(await balance.textContent()).toContain('0.00 USD');
    const { number } = await invoice(id, 1_250.5);
    await balance.getByText('1,250.50 USD').waitFor();
    await balance.getByRole('link').click();
    await page.waitForURL(/metric=balance/);
    await page.getByRole('link', { name: `Invoice ${number}` }).waitFor();
    expect(await page.locator('tbody').textContent()).toContain('+1,250.50 USD');
    await page.goto(`${web.url}/accounts/${id}/proof`);
    expect(await page.locator('main').textContent()).toContain('Proven at');
    expect(complaints).toEqual([]);
    await close();
  });

  test('of a partner says how old its numbers are, and publishes them when it is asked', async () => {
    const { page, close } = await web.visit({ script: false });
    await page.goto(`${web.url}/accounts/${reseller.id}`);
    expect(await page.locator('[data-key="age"]').textContent()).toMatch(/pending|Not published yet/);
    await page.getByRole('button', { name: 'Refresh now' }).click();
    await page.waitForURL(/done=refreshed/);
    expect(await page.locator('[data-key="age"]').textContent()).toMatch(/As of .*ago; 0 operations pending/);
    await close();
  });

  test('has payment methods: one is added, refused without its number being shown, made the default, deleted', async () => {
    const { id } = await account({ name: 'Pays' });
    const { page, close } = await web.visit({ script: false });
    await page.goto(`${web.url}/accounts/${id}/payment-methods/new`);
    const card = async (number: string) => {
      await page.getByLabel('Name on the card').fill('Amy Lawrence');
      await page.getByLabel('Brand').selectOption('Visa');
      await page.getByLabel('Card number').fill(number);
      await page.getByLabel('Expiration month').fill('12');
      await page.getByLabel('Expiration year').fill('2031');
      await page.getByRole('button', { name: 'Add payment method' }).click();
    };
    await card('4111111111111112');
    expect(await page.locator('#f-cardNumber-error').textContent()).toContain('last digit');
    expect(await page.getByLabel('Card number').inputValue()).toBe('');
    expect(await page.content()).not.toContain('4111111111111112');
    expect(await page.getByLabel('Name on the card').inputValue()).toBe('Amy Lawrence');
    await card('4111111111111111');
    await page.waitForURL(/done=method-added/);
    await page.goto(`${web.url}/accounts/${id}/payment-methods/new?type=Check`);
    await page.getByRole('button', { name: 'Add payment method' }).click();
    await page.getByRole('row', { name: /Check/ }).getByRole('button', { name: 'Make default' }).click();
    await page.waitForURL(/done=method-default/);
    expect(await page.getByRole('row', { name: /Check/ }).textContent()).toContain('Default');
    await page.getByRole('row', { name: /Visa/ }).getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL(/done=method-deleted/);
    expect(await page.getByRole('row', { name: /Visa/ }).count()).toBe(0);
    await close();
  });
});

describe('The search', () => {
  test('leads straight to what is the only one of its number, groups what begins alike, and teaches when there is nothing', async () => {
    const { page, close } = await web.visit({ script: false });
    await page.goto(`${web.url}/accounts`);
    const find = async (text: string) => {
      await page.getByRole('searchbox').first().fill(text);
      await page.getByRole('searchbox').first().press('Enter');
      await page.waitForLoadState();
    };
    await find(reseller.number);
    expect(idIn(page.url())).toBe(reseller.id);
    await find('grand r');
    expect(await page.getByRole('link', { name: reseller.number }).count()).toBe(1);
    await find('no such thing');
    expect(await page.locator('main').textContent()).toContain('Nothing begins with “no such thing”');
    await close();
  });
});

test('who only reads sees the pages and nothing to write with', async () => {
  const { page, close } = await web.visit({ role: 'read' });
  for (const path of ['', '/payment-methods', '/owned', '/invoices', '/metrics/operations']) {
    await page.goto(`${web.url}/accounts/${reseller.id}${path}`);
    expect(await page.locator('main form[method="post"]').count()).toBe(0);
    expect(await page.getByRole('link', { name: /^(Edit|New|Add)/ }).count()).toBe(0);
  }
  expect((await page.goto(`${web.url}/accounts/new`))?.status()).toBe(403);
  await close();
});

const PAGES = [
  '/accounts',
  '/accounts/new',
  '/accounts/:id',
  '/accounts/:id/edit',
  '/accounts/:id/metrics/operations',
  '/accounts/:id/metrics/operations?metric=balance&currency=USD',
  '/accounts/:id/proof',
  ...[
    'subscriptions',
    'orders',
    'invoices',
    'credit-memos',
    'debit-memos',
    'payments',
    'usage',
    'owned',
    'invoiced',
  ].map((tab) => `/accounts/:id/${tab}`),
  '/accounts/:id/payment-methods',
  '/accounts/:id/payment-methods/new',
  '/accounts/:id/contacts/new',
  '/search?q=grand',
  '/search?q=zzzz',
];

test.each([
  [360, 'light'],
  [800, 'dark'],
  [1600, 'light'],
] as const)(
  'at %i pixels, %s: axe-core finds nothing on any page, and none scrolls sideways',
  async (width, theme) => {
    const { page, requested, close } = await web.visit({ width, theme });
    for (const path of PAGES) {
      const reply = await page.goto(`${web.url}${path.replace(':id', reseller.id)}`);
      expect([path, reply?.status()]).toEqual([path, 200]);
      expect([path, await findings(page)]).toEqual([path, []]);
      expect([path, await sidewaysScroll(page)]).toEqual([path, 0]);
    }
    expect(requested.filter((url) => !url.startsWith(web.url))).toEqual([]);
    await close();
  },
);

test('an account that is none has a page that says so', async () => {
  const { page, close } = await web.visit();
  for (const path of [
    `/accounts/${'0'.repeat(32)}`,
    '/accounts/NONE',
    `/accounts/${'0'.repeat(32)}/invoices`,
  ]) {
    expect((await page.goto(`${web.url}${path}`))?.status()).toBe(404);
  }
  await close();
});
