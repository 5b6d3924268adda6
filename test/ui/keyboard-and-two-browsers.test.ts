// Everything by keys alone; two people with one form; what works without script does so.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWebPages, type Visitor, type WebPages } from '../support/web-pages.ts';

let pages: WebPages;
beforeAll(async () => {
  pages = await openWebPages();
});
afterAll(() => pages?.close());

const TABS_MAX = 80;

/** Presses Tab until what has the focus matches. */
async function tabTo({ page }: Visitor, selector: string): Promise<void> {
  for (let i = 0; i < TABS_MAX; i++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
  }
  throw new Error(`Tab never reached ${selector} on ${page.url()}`);
}

describe('by keys alone', () => {
  test('the first Tab leads past the menu; "/" to the search; "g" and a letter to a page', async () => {
    const visitor = await pages.visit();
    const { page } = visitor;
    await page.goto(`${pages.url}/accounts`);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.id')).toBe('find');
    await page.keyboard.type('A-DEMO-NOBODY');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/search\?q=A-DEMO-NOBODY/);
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await page.waitForURL(`${pages.url}/invoices`);
    await visitor.close();
  });

  test('an account is created', async () => {
    const visitor = await pages.visit();
    const { page } = visitor;
    await page.goto(`${pages.url}/accounts/new`);
    const type = async (field: string, text: string) => {
      await tabTo(visitor, `[name="${field}"]`);
      await page.keyboard.type(text);
    };
    await type('name', 'Made by keys');
    await type('currency', 'USD');
    await type('billToContact.firstName', 'Amy');
    await type('billToContact.lastName', 'Lawrence');
    await tabTo(visitor, '[name="partnerAccount"]');
    await page.keyboard.press('Space');
    await tabTo(visitor, 'button.primary');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Made by keys' }).waitFor();
    await visitor.close();
  });

  test('where something was refused the summary has the focus and leads to the field', async () => {
    const visitor = await pages.visit();
    const { page } = visitor;
    await page.goto(`${pages.url}/accounts/new`);
    await page.getByLabel('Account name').fill('Refused');
    await page.getByLabel('Currency').fill('nothing');
    const billTo = page.getByRole('group', { name: 'Bill-to contact' });
    await billTo.getByLabel('First name').fill('Amy');
    await billTo.getByLabel('Last name').fill('Lawrence');
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.locator('#problems').waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('problems');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.name')).toBe('currency');
    await visitor.close();
  });
});

test('a form that two browsers hold is carried out for both, one after the other; the second sees what the first did', async () => {
  const { body } = await pages.api.post('/v1/accounts', {
    name: 'Held by two',
    currency: 'USD',
    billCycleDay: 1,
    billToContact: { firstName: 'Amy', lastName: 'Lawrence' },
  });
  const [one, other] = [await pages.visit(), await pages.visit()];
  const edit = `${pages.url}/accounts/${body.accountId}/edit`;
  await Promise.all([one.page.goto(edit), other.page.goto(edit)]);
  await one.page.getByLabel('Partner Account').check();
  await other.page.getByLabel('Notes').fill('Called on Friday');
  await Promise.all([
    one.page.getByRole('button', { name: /save/i }).click(),
    other.page.getByRole('button', { name: /save/i }).click(),
  ]);
  await Promise.all([
    one.page.getByRole('heading', { level: 1, name: 'Held by two' }).waitFor(),
    other.page.getByRole('heading', { level: 1, name: 'Held by two' }).waitFor(),
  ]);
  const { body: after } = await pages.api.get(`/v1/accounts/${body.accountId}`);
  expect(after.basicInfo.notes).toBe('Called on Friday');
  await Promise.all([one.close(), other.close()]);
});

test('a form that is sent twice, at once, has one effect', async () => {
  const visitor = await pages.visit({ script: false });
  const html =
    (await (await fetch(`${pages.url}/accounts/new`, { headers: await cookieOf(visitor) })).text()) ?? '';
  const hidden = [...html.matchAll(/<input type="hidden" name="(_\w+)" value="([^"]*)"/g)];
  const form = new URLSearchParams(hidden.map(([, field, value]) => [field!, value!]));
  const name = `Sent twice ${crypto.randomUUID()}`;
  for (const [field, value] of [
    ['name', name],
    ['currency', 'USD'],
    ['billToContact.firstName', 'Amy'],
    ['billToContact.lastName', 'Lawrence'],
  ]) {
    form.set(field!, value!);
  }
  const headers = { ...(await cookieOf(visitor)), 'Content-Type': 'application/x-www-form-urlencoded' };
  const send = () =>
    fetch(`${pages.url}/accounts/new`, { method: 'POST', body: form, headers, redirect: 'manual' });
  const replies = await Promise.all([send(), send(), send()]);
  expect(replies.map(({ status }) => status)).toEqual([303, 303, 303]);
  expect(new Set(replies.map((reply) => reply.headers.get('Location'))).size).toBe(1);
  const { body } = await pages.api.get(`/object-query/accounts?filter[]=name.EQ:${encodeURIComponent(name)}`);
  expect(body.data).toHaveLength(1);
  await visitor.close();
});

async function cookieOf({ page }: Visitor): Promise<{ Cookie: string }> {
  const cookies = await page.context().cookies();
  return { Cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') };
}
