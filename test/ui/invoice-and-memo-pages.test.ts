import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findings, openWebPages, sidewaysScroll, type Visitor, type WebPages } from '../support/web-pages.ts';

// Pages of invoices and memos: what people do with a document by its page has the effect that the API's operation has, once; what is refused stands
// beside its field with what was typed; all of it without script, and in reading alone for who may only read.

let pages: WebPages;
let account: { readonly id: string; readonly number: string };
let chargeNumber: string;

beforeAll(async () => {
  pages = await openWebPages();
  account = await newAccount();
  chargeNumber = await newCharge();
});
afterAll(() => pages.close());

// biome-ignore lint/suspicious/noExplicitAny: replies are read as any client reads them
type Body = any;

async function post(path: string, body: object): Promise<Body> {
  const reply = await pages.api.post(path, body);
  expect(reply).toMatchObject({ status: 200 });
  return reply.body;
}

async function read(path: string): Promise<Body> {
  return (await pages.api.get(path)).body;
}

async function newAccount() {
  const made = await post('/v1/accounts', {
    name: `Tidewater Lifts ${crypto.randomUUID().slice(0, 8)}`,
    currency: 'USD',
    billCycleDay: 1,
    autoPay: false,
    billToContact: { firstName: 'Amy', lastName: 'Lawrence', country: 'United States', state: 'California' },
  });
  return { id: made.accountId as string, number: made.accountNumber as string };
}

async function newCharge(): Promise<string> {
  const dates = { EffectiveStartDate: '2020-01-01', EffectiveEndDate: '2050-01-01' };
  const product = await post('/v1/object/product', { Name: `Lifts ${crypto.randomUUID()}`, ...dates });
  const plan = await post('/v1/object/product-rate-plan', {
    Name: 'Goodwill',
    ProductId: product.Id,
    ...dates,
  });
  const charge = await post('/v1/object/product-rate-plan-charge', {
    Name: 'Goodwill',
    ProductRatePlanId: plan.Id,
    ChargeModel: 'Flat Fee Pricing',
    ChargeType: 'OneTime',
    BillCycleType: 'DefaultFromCustomer',
    TriggerEvent: 'ContractEffective',
    ProductRatePlanChargeTierData: { ProductRatePlanChargeTier: [{ Currency: 'USD', Price: 10 }] },
  });
  return charge.Id;
}

async function newInvoice(amount: number, status: 'Draft' | 'Posted' = 'Posted'): Promise<Body> {
  return post('/v1/invoices', {
    accountId: account.id,
    invoiceDate: '2026-03-15',
    status,
    invoiceItems: [{ chargeName: 'Overhaul', amount, serviceStartDate: '2026-03-01' }],
  });
}

async function goto({ page }: Visitor, path: string): Promise<number> {
  return (await page.goto(`${pages.url}${path}`))?.status() ?? 0;
}

/** A document's state as the API shows it. */
async function invoiceOf(id: string) {
  const { status, balance, amount, reversed } = await read(`/v1/invoices/${id}`);
  return { status, balance, amount, reversed };
}

describe('an invoice', () => {
  test('shows its sums, lines with how they came about, and what it is of; script off', async () => {
    const { id, invoiceNumber } = await newInvoice(120.5);
    const visitor = await pages.visit({ script: false });
    expect(await goto(visitor, `/invoices/${invoiceNumber}`)).toBe(200);
    const { page } = visitor;
    await expect(page.getByRole('heading', { level: 1 }).textContent()).resolves.toBe(
      `Invoice ${invoiceNumber}`,
    );
    const text = await page.locator('main').textContent();
    expect(text).toContain('120.50 USD');
    expect(text).toContain('Overhaul');
    expect(await page.locator('#lines td small').last().textContent()).toContain('120.50');
    expect(await page.locator(`a[href="/accounts/${account.id}"]`).count()).toBe(1);
    expect(await goto(visitor, '/invoices')).toBe(200);
    expect(await page.getByRole('link', { name: invoiceNumber }).getAttribute('href')).toBe(
      `/invoices/${id}`,
    );
    await visitor.close();
  });

  test('is made by a form with rows that come and go; what is refused stands beside its field, typed values stay', async () => {
    const visitor = await pages.visit({ script: false });
    const { page } = visitor;
    await goto(visitor, `/invoices/new?account=${account.id}`);
    expect(await page.getByLabel('Account number').inputValue()).toBe(account.number);
    await page.getByRole('button', { name: 'Add an item' }).click();
    const items = page.locator('.rows .row');
    expect(await items.count()).toBe(2);
    for (const [i, [name, amount]] of [
      ['Survey', '70'],
      ['Travel', '30.25'],
    ].entries()) {
      const item = items.nth(i);
      await item.getByLabel('What is charged').fill(name!);
      await item.getByLabel('Amount').fill(amount!);
      await item.getByLabel('Service from').fill('2026-02-01');
    }
    await items.nth(1).getByLabel('Amount').fill('much');
    await page.getByRole('button', { name: 'Create invoice' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('Must be a number');
    const refused = page.locator('.rows .row').nth(1).getByLabel('Amount');
    expect(await refused.getAttribute('aria-invalid')).toBe('true');
    expect(await refused.inputValue()).toBe('much');
    expect(await page.locator('.rows .row').nth(0).getByLabel('What is charged').inputValue()).toBe('Survey');
    await refused.fill('30.25');
    await page.getByRole('button', { name: 'Create invoice' }).click();
    await page.waitForURL(/\/invoices\/[0-9a-f]{32}\?done=created/);
    const id = new URL(page.url()).pathname.split('/')[2]!;
    // 70 + 30.25
    expect(await invoiceOf(id)).toMatchObject({ status: 'Draft', amount: 100.25 });
    await visitor.close();
  });

  test('goes from draft to posted and back, is changed, canceled and deleted, each by its button', async () => {
    const { id } = await newInvoice(40, 'Draft');
    const visitor = await pages.visit({ script: false });
    const { page } = visitor;
    const press = async (name: string) => page.getByRole('button', { name, exact: true }).click();
    await goto(visitor, `/invoices/${id}`);
    await press('Post');
    expect(await page.getByRole('status').textContent()).toContain('posted');
    expect(await invoiceOf(id)).toMatchObject({ status: 'Posted', balance: 40 });
    await press('Unpost');
    expect(await invoiceOf(id)).toMatchObject({ status: 'Draft' });
    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    await page.locator('.rows .row').first().getByLabel('Amount').fill('55');
    await page.getByLabel('Comments').fill('Agreed by telephone');
    await press('Save');
    expect(await invoiceOf(id)).toMatchObject({ amount: 55 });
    expect((await read(`/v1/invoices/${id}`)).comments).toBe('Agreed by telephone');
    await page.getByRole('link', { name: 'Cancel invoice' }).click();
    await press('Cancel invoice');
    expect(await invoiceOf(id)).toMatchObject({ status: 'Canceled' });
    await page.getByRole('link', { name: 'Delete', exact: true }).click();
    await press('Delete');
    expect(new URL(page.url()).pathname).toBe('/invoices');
    expect(await goto(visitor, `/invoices/${id}`)).toBe(404);
    await visitor.close();
  });

  test('of a draft with a new quantity has its amount made anew; an emptied field is refused beside it', async () => {
    const line = { quantity: 2, unitPrice: 10, serviceStartDate: '2026-03-01', serviceEndDate: '2026-03-31' };
    const { id } = await post('/v1/invoices', {
      accountId: account.id,
      invoiceDate: '2026-03-15',
      invoiceItems: [
        { chargeName: 'Hours', ...line },
        { chargeName: 'Parts', ...line },
      ],
    });
    const visitor = await pages.visit({ script: false });
    const { page } = visitor;
    await goto(visitor, `/invoices/${id}/edit`);
    const row = page.locator('.rows .row').first();
    await row.getByLabel('Quantity').fill('5');
    await row.getByLabel('Service to').fill('');
    await page.getByLabel('Due date').fill('');
    await page.getByRole('button', { name: 'Save' }).click();
    for (const field of [row.getByLabel('Service to'), page.getByLabel('Due date')]) {
      expect(await field.getAttribute('aria-invalid')).toBe('true');
    }
    await row.getByLabel('Service to').fill('2026-03-31');
    await page.getByLabel('Due date').fill('2026-04-30');
    await page.getByRole('button', { name: 'Save' }).click();
    // 5 × 10 of the one, 2 × 10 of the other
    expect(await invoiceOf(id)).toMatchObject({ amount: 70 });
    expect((await read(`/v1/invoices/${id}`)).dueDate).toBe('2026-04-30');
    await visitor.close();
  });

  test('a form that is sent twice has one effect', async () => {
    const { id } = await newInvoice(80);
    const visitor = await pages.visit({ script: false });
    const { page } = visitor;
    await goto(visitor, `/credit-memos/new?invoice=${id}`);
    await page.getByLabel(/^Amount for Overhaul/).fill('30');
    const form = await page.evaluate(
      '[...new FormData(document.querySelector("form.form")).entries()].map(([name, value]) => [name, String(value)])',
    );
    const send = () =>
      page.request.post(`${pages.url}/credit-memos/new`, {
        form: Object.fromEntries(form as Array<[string, string]>),
        maxRedirects: 0,
      });
    const replies = [await send(), await send()];
    expect(replies.map((reply) => reply.status())).toEqual([303, 303]);
    expect(replies[1]!.headers().location).toBe(replies[0]!.headers().location);
    const { data } = await read(`/object-query/credit-memos?filter[]=invoiceid.EQ:${id}`);
    expect(data.map(({ totalAmount }: Body) => totalAmount)).toEqual([30]);
    await visitor.close();
  });

  test('is credited by a memo that is posted and applied to it, and what is left is written off', async () => {
    const { id } = await newInvoice(90);
    const visitor = await pages.visit();
    const { page } = visitor;
    await goto(visitor, `/credit-memos/new?invoice=${id}`);
    await page.getByLabel(/^Amount for Overhaul/).fill('100');
    await page.getByLabel('Post it at once').check();
    await page.getByRole('button', { name: 'Create credit memo' }).click();
    const amount = page.getByLabel(/^Amount for Overhaul/);
    expect(await amount.getAttribute('aria-invalid')).toBe('true');
    await amount.fill('20');
    await page.getByRole('button', { name: 'Create credit memo' }).click();
    await page.waitForURL(/done=created/);
    await goto(visitor, `/invoices/${id}/apply`);
    await page.getByLabel('Amount').fill('20');
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await page.waitForURL(/done=credited/);
    expect(await invoiceOf(id)).toMatchObject({ balance: 70 });
    await page.getByRole('link', { name: 'Write off' }).click();
    await page.getByRole('button', { name: 'Write off' }).click();
    await page.waitForURL(/done=write-off/);
    expect(await invoiceOf(id)).toMatchObject({ balance: 0 });
    expect(visitor.complaints.filter((said) => !/400/.test(said))).toEqual([]);
    await visitor.close();
  });

  test('prints: its printable page and its PDF file come from this origin and without a token', async () => {
    const { id, invoiceNumber } = await newInvoice(15);
    const visitor = await pages.visit({ script: false });
    expect(await goto(visitor, `/invoices/${id}/printable`)).toBe(200);
    expect(await visitor.page.locator('body').textContent()).toContain(invoiceNumber);
    await goto(visitor, `/invoices/${id}`);
    const form = visitor.page.locator(`form[action="/invoices/${id}/pdf"]`);
    const fields = await form.locator('input').all();
    const sent = Object.fromEntries(
      await Promise.all(
        fields.map(async (field) => [await field.getAttribute('name'), await field.inputValue()] as const),
      ),
    );
    const press = () => visitor.page.request.post(`${pages.url}/invoices/${id}/pdf`, { form: sent });
    const [file, again] = [await press(), await press()];
    expect(file.headers()['content-type']).toBe('application/pdf');
    expect((await file.body()).subarray(0, 5).toString()).toBe('%PDF-');
    // The same form leads to the same file.
    expect(again.url()).toBe(file.url());
    await visitor.close();
  });
});

describe('memos', () => {
  test('a credit memo from a charge is posted, refunded in part, its refund canceled', async () => {
    const visitor = await pages.visit({ script: false });
    const { page } = visitor;
    await goto(visitor, `/credit-memos/new?account=${account.number}`);
    await page.getByLabel('Charge of the catalog').fill(chargeNumber);
    await page.getByLabel('Amount').fill('25');
    await page.getByRole('button', { name: 'Create credit memo' }).click();
    await page.getByRole('button', { name: 'Post', exact: true }).click();
    await page.getByRole('link', { name: 'Refund', exact: true }).click();
    await page.getByLabel('Amount').fill('1000');
    await page.getByLabel('Method', { exact: true }).selectOption('Check');
    await page.getByRole('button', { name: 'Refund' }).click();
    expect(await page.getByLabel('Amount').inputValue()).toBe('1000');
    expect(await page.getByLabel('Amount').getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('Amount').fill('10');
    await page.getByRole('button', { name: 'Refund' }).click();
    expect(page.url()).toMatch(/\/refunds\/[0-9a-f]{32}\?done=refund/);
    expect(await page.locator('main').textContent()).toContain('10.00 USD');
    await page.getByRole('link', { name: 'Cancel refund' }).click();
    await page.getByRole('button', { name: 'Cancel refund' }).click();
    expect(await page.locator('.status').first().textContent()).toBe('Canceled');
    await visitor.close();
  });

  test('a debit memo from an invoice is changed while it is a draft, then posted', async () => {
    const { id } = await newInvoice(60);
    const visitor = await pages.visit({ script: false });
    const { page } = visitor;
    await goto(visitor, `/debit-memos/new?invoice=${id}`);
    await page.getByLabel(/^Amount for Overhaul/).fill('12');
    await page.getByRole('button', { name: 'Create debit memo' }).click();
    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    await page.getByLabel(/^Amount of Overhaul/).fill('14');
    await page.getByLabel('Reason').fill('Forgotten hours');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Post', exact: true }).click();
    const memoId = new URL(page.url()).pathname.split('/')[2]!;
    const memo = await read(`/v1/debit-memos/${memoId}`);
    expect(memo).toMatchObject({ status: 'Posted', balance: 14, reasonCode: 'Forgotten hours' });
    await visitor.close();
  });
});

describe('forms about lines', () => {
  test('show more lines than one page of the API; an emptied reason is emptied, an emptied amount is refused', async () => {
    const invoice = await post('/v1/invoices', {
      accountId: account.id,
      invoiceDate: '2026-03-15',
      invoiceItems: Array.from({ length: 45 }, (_, i) => ({
        chargeName: `Part ${i}`,
        amount: 1,
        serviceStartDate: '2026-03-01',
      })),
    });
    const visitor = await pages.visit({ script: false });
    const { page } = visitor;
    await goto(visitor, `/invoices/${invoice.id}/edit`);
    expect(await page.locator('.rows .row').count()).toBe(45);
    await goto(visitor, `/invoices/${invoice.id}`);
    await page.getByRole('button', { name: 'Post', exact: true }).click();
    await goto(visitor, `/debit-memos/new?invoice=${invoice.id}`);
    expect(await page.getByLabel(/^Amount for Part/).count()).toBe(45);
    for (const amount of await page.getByLabel(/^Amount for Part/).all()) await amount.fill('1');
    await page.getByLabel('Reason').fill('Forgotten');
    await page.getByRole('button', { name: 'Create debit memo' }).click();
    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    const amounts = page.getByLabel(/^Amount of Part/);
    expect(await amounts.count()).toBe(45);
    expect(await page.locator('main').textContent()).toContain('Of a long memo the first 100 lines are here');
    await amounts.first().fill('');
    await page.getByLabel('Reason').fill('');
    await page.getByRole('button', { name: 'Save' }).click();
    expect(await amounts.first().getAttribute('aria-invalid')).toBe('true');
    await amounts.first().fill('2');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(/done=edited/);
    const memo = await read(`/v1/debit-memos/${new URL(page.url()).pathname.split('/')[2]}`);
    expect(memo).toMatchObject({ amount: 46, reasonCode: '' });
    await visitor.close();
  });
});

describe('who may only read', () => {
  test.each(['/invoices', '/invoices/new', '/invoices/generate', '/credit-memos', '/debit-memos/new'])(
    'sees %s without a form that writes',
    async (path) => {
      const visitor = await pages.visit({ role: 'read' });
      expect(await goto(visitor, path)).toBe(200);
      expect(await visitor.page.locator('main form[method="post"]').count()).toBe(0);
      await visitor.close();
    },
  );

  test('sees an invoice without its actions', async () => {
    const { id } = await newInvoice(5);
    const visitor = await pages.visit({ role: 'read' });
    await goto(visitor, `/invoices/${id}`);
    expect(await visitor.page.locator('main form[method="post"]').count()).toBe(0);
    expect(await visitor.page.locator('.title .actions a').allTextContents()).toEqual(['Printable']);
    await visitor.close();
  });
});

describe('every page', () => {
  test.each(['invoices', 'credit-memos', 'debit-memos'])(
    'of %s that is not there says so with 404',
    async (section) => {
      const visitor = await pages.visit();
      for (const page of ['', '/edit', '/post', '/printable']) {
        expect(await goto(visitor, `/${section}/${'0'.repeat(32)}${page}`)).toBe(404);
      }
      await visitor.close();
    },
  );

  test.each([
    [360, 'light'],
    [800, 'dark'],
    [1600, 'light'],
    [360, 'dark'],
  ] as const)('at %i pixels in %s: axe-core finds nothing, no sideways scroll', async (width, theme) => {
    const { id } = await newInvoice(33);
    const draft = await newInvoice(44, 'Draft');
    const visitor = await pages.visit({ width, theme });
    const paths = [
      ...['/invoices', `/invoices/${id}`, '/invoices/new', `/invoices/${draft.id}/edit`],
      ...[`/invoices/${id}/reverse`, `/invoices/${id}/apply`, '/invoices/generate'],
      ...['/credit-memos', '/credit-memos/new', `/credit-memos/new?invoice=${id}`, '/debit-memos/new'],
    ];
    for (const path of paths) {
      await goto(visitor, path);
      expect([path, await findings(visitor.page), await sidewaysScroll(visitor.page)]).toEqual([path, [], 0]);
    }
    expect(visitor.requested.filter((url) => !url.startsWith(pages.url))).toEqual([]);
    expect(visitor.complaints).toEqual([]);
    await visitor.close();
  });
});
