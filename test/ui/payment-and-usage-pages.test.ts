import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findings, openWebPages, sidewaysScroll, type Visitor, type WebPages } from '../support/web-pages.ts';

// Pages of payments, refunds and usage: money comes in, is applied, taken off, moved and given back by forms without script; a file of usage is watched
// while it is recorded, and told row by row.

let pages: WebPages;

beforeAll(async () => {
  pages = await openWebPages();
});
afterAll(() => pages.close());

// biome-ignore lint/suspicious/noExplicitAny: replies are read as any client reads them
type Body = any;

async function post(path: string, body: object): Promise<Body> {
  const reply = await pages.api.post(path, body);
  expect(reply).toMatchObject({ status: 200, body: { success: true } });
  return reply.body;
}

async function read(path: string): Promise<Body> {
  return (await pages.api.get(path)).body;
}

interface Account {
  readonly id: string;
  readonly number: string;
}

async function newAccount(): Promise<Account> {
  const made = await post('/v1/accounts', {
    name: `Quayside Cranes ${crypto.randomUUID().slice(0, 8)}`,
    currency: 'USD',
    billCycleDay: 1,
    autoPay: false,
    billToContact: { firstName: 'Amy', lastName: 'Lawrence', country: 'United States', state: 'California' },
  });
  return { id: made.accountId, number: made.accountNumber };
}

async function newInvoice(account: Account, amount: number): Promise<Body> {
  return post('/v1/invoices', {
    accountId: account.id,
    invoiceDate: '2026-03-15',
    status: 'Posted',
    invoiceItems: [{ chargeName: 'Overhaul', amount, serviceStartDate: '2026-03-01' }],
  });
}

async function newPayment(account: Account, amount: number): Promise<Body> {
  return post('/v1/payments', { accountId: account.id, amount, currency: 'USD', type: 'External' });
}

async function goto({ page }: Visitor, path: string): Promise<number> {
  return (await page.goto(`${pages.url}${path}`))?.status() ?? 0;
}

const idIn = ({ page }: Visitor) => new URL(page.url()).pathname.split('/')[2]!;
const balanceOf = async (id: string) => (await read(`/v1/invoices/${id}`)).balance;

describe('payments', () => {
  test('one that an invoice’s page leads to pays it; too much is refused beside the amount', async () => {
    const account = await newAccount();
    const { id, invoiceNumber } = await newInvoice(account, 75);
    const visitor = await pages.visit({ script: false });
    const { page } = visitor;
    await goto(visitor, `/invoices/${id}`);
    await page.getByRole('link', { name: 'Pay', exact: true }).click();
    expect(await page.getByLabel('Account number').inputValue()).toBe(account.number);
    const applied = page.getByLabel(`Amount for ${invoiceNumber}`);
    expect(await applied.inputValue()).toBe('75');
    await applied.fill('80');
    await page.getByLabel('Reference').fill('TRX 4711');
    await page.getByRole('button', { name: 'Create payment' }).click();
    expect(await page.getByRole('alert').count()).toBe(1);
    expect(await page.getByLabel('Reference').inputValue()).toBe('TRX 4711');
    await page.getByLabel(`Amount for ${invoiceNumber}`).fill('75');
    await page.getByRole('button', { name: 'Create payment' }).click();
    expect(page.url()).toMatch(/\/payments\/[0-9a-f]{32}\?done=created/);
    expect(await page.getByRole('link', { name: `Invoice ${invoiceNumber}` }).count()).toBe(1);
    expect(await balanceOf(id)).toBe(0);
    await visitor.close();
  });

  test('one on account is applied to several documents, taken off, given back, and another moved and deleted', async () => {
    const account = await newAccount();
    const [first, second] = [await newInvoice(account, 30), await newInvoice(account, 50)];
    const payment = await newPayment(account, 100);
    const visitor = await pages.visit({ script: false });
    const { page } = visitor;
    const follow = (name: string) => page.getByRole('link', { name, exact: true }).click();
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
    await goto(visitor, `/payments/${payment.id}`);
    await follow('Apply');
    await page.getByLabel(`Amount for ${first.invoiceNumber}`).fill('30');
    await page.getByLabel('Number').fill(second.invoiceNumber);
    await page.getByLabel('Amount', { exact: true }).fill('20');
    await press('Apply');
    expect([await balanceOf(first.id), await balanceOf(second.id)]).toEqual([0, 30]);
    await follow('Take off');
    await page.getByLabel(`Amount for ${first.invoiceNumber}`).fill('10');
    await press('Take off');
    expect(await balanceOf(first.id)).toBe(10);
    await follow('Refund');
    await page.getByLabel('Method').selectOption('WireTransfer');
    await page.getByLabel('Amount').fill('60');
    await press('Refund');
    // 100 - 30 - 20 + 10
    expect(await read(`/v1/payments/${payment.id}`)).toMatchObject({ unappliedAmount: 0, refundAmount: 60 });
    const other = await newPayment(account, 5);
    const target = await newAccount();
    await goto(visitor, `/payments/${other.id}/transfer`);
    await page.getByLabel('To account').fill('A-NOBODY');
    await press('Transfer');
    expect(await page.getByLabel('To account').getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('To account').fill(target.number);
    await press('Transfer');
    expect(await read(`/v1/payments/${other.id}`)).toMatchObject({ accountId: target.id });
    await follow('Cancel payment');
    await press('Cancel payment');
    await follow('Delete');
    await press('Delete');
    expect(await goto(visitor, `/payments/${other.id}`)).toBe(404);
    await visitor.close();
  });

  test('an electronic one charges the card by its gateway, whose answer the page shows', async () => {
    const account = await newAccount();
    await post('/v1/payment-methods', {
      accountKey: account.id,
      type: 'CreditCard',
      cardType: 'Visa',
      cardNumber: '4111111111111111',
      expirationMonth: 12,
      expirationYear: 2098,
      cardHolderInfo: { cardHolderName: 'Amy Lawrence' },
      makeDefault: true,
    });
    const visitor = await pages.visit({ script: false });
    const { page } = visitor;
    await goto(visitor, `/payments/new?account=${account.id}`);
    await page.getByLabel('Amount', { exact: false }).first().fill('42');
    await page.getByLabel('Type').selectOption('Electronic');
    await page.getByRole('button', { name: 'Create payment' }).click();
    expect(await read(`/v1/payments/${idIn(visitor)}`)).toMatchObject({
      status: 'Processed',
      type: 'Electronic',
      amount: 42,
    });
    expect(await page.locator('main').textContent()).toContain('Gateway state');
    await visitor.close();
  });
});

describe('usage', () => {
  test('a file is watched while it is recorded; rows that are refused are told, and are a file themselves', async () => {
    const visitor = await pages.visit();
    const { page } = visitor;
    await goto(visitor, '/usage/import');
    const wrong = { name: 'wrong.csv', mimeType: 'text/csv', buffer: Buffer.from('A,B\n1,2\n') };
    await page.getByLabel('CSV file').setInputFiles(wrong);
    await page.getByRole('button', { name: 'Import' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('ACCOUNT_ID');
    const text = 'ACCOUNT_ID,UOM,QTY,STARTDATE\nA-NOBODY,Call,5,2026-01-31\nA-NOBODY,Call,many,2026-01-31\n';
    await page
      .getByLabel('CSV file')
      .setInputFiles({ name: 'calls.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    await page.getByRole('button', { name: 'Import' }).click();
    await page.waitForURL(/\/usage\/imports\/[0-9a-f]{32}$/);
    await page.locator('[data-live] [data-done]').waitFor({ state: 'attached', timeout: 60_000 });
    expect(await page.locator('[data-live]').textContent()).toContain('Refused2');
    await page.reload();
    expect(await page.locator('tbody tr').count()).toBe(2);
    const errors = await page.request.get(`${page.url()}/errors.csv`);
    expect((await errors.text()).split('\n').slice(1, 3)).toEqual([
      expect.stringMatching(/^1,/),
      expect.stringMatching(/^2,.*QTY/),
    ]);
    await visitor.close();
  });

  test('one record that is refused keeps what was typed', async () => {
    const visitor = await pages.visit({ script: false });
    const { page } = visitor;
    await goto(visitor, '/usage/new');
    await page.getByLabel('Account number').fill('A-NOBODY');
    await page.getByLabel('Unit').fill('Call');
    await page.getByLabel('Quantity').fill('7');
    await page.getByRole('button', { name: 'Record usage' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('A-NOBODY');
    expect(await page.getByLabel('Quantity').inputValue()).toBe('7');
    await visitor.close();
  });
});

describe('every page', () => {
  test.each(['/payments', '/payments/new', '/refunds', '/usage', '/usage/new', '/usage/import'])(
    '%s has no form that writes for who may only read',
    async (path) => {
      const visitor = await pages.visit({ role: 'read' });
      expect(await goto(visitor, path)).toBe(200);
      expect(await visitor.page.locator('main form[method="post"]').count()).toBe(0);
      await visitor.close();
    },
  );

  test('of something that is not there says so with 404', async () => {
    const visitor = await pages.visit();
    for (const path of ['/payments/', '/refunds/', '/usage/imports/']) {
      expect(await goto(visitor, `${path}${'0'.repeat(32)}`)).toBe(404);
    }
    await visitor.close();
  });

  test.each([
    [360, 'dark'],
    [800, 'light'],
    [1600, 'dark'],
  ] as const)('at %i pixels in %s: axe-core finds nothing, no sideways scroll', async (width, theme) => {
    const account = await newAccount();
    await newInvoice(account, 10);
    const { id } = await newPayment(account, 12);
    const visitor = await pages.visit({ width, theme });
    const paths = [
      ...['/payments', `/payments/${id}`, `/payments/${id}/apply`, `/payments/new?account=${account.id}`],
      ...[`/payments/${id}/refund`, '/refunds', '/usage', '/usage/new', '/usage/import'],
    ];
    for (const path of paths) {
      await goto(visitor, path);
      expect([path, await findings(visitor.page), await sidewaysScroll(visitor.page)]).toEqual([path, [], 0]);
    }
    expect(visitor.complaints).toEqual([]);
    await visitor.close();
  });
});
