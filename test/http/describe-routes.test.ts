import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { createClient, issueToken } from '../../src/auth/clients.ts';
import { createApp } from '../../src/http/app.ts';
import { objects } from '../../src/query/objects/index.ts';
import { inProcessApi } from '../support/in-process-api.ts';

// Every object of the model is listed and described as XML that is well formed, and as JSON for people who look for names.

let get: (path: string) => Promise<{ status: number; type: string; text: string }>;

beforeAll(async () => {
  const now = new Date();
  const client = await createClient(env.DB, 'describe', 'read', now.toISOString());
  const { token } = (await issueToken(env.DB, client.id, client.secret, now.getTime()))!;
  const app = createApp();
  get = async (path) => {
    const headers = { Authorization: `Bearer ${token}` };
    const reply = await app.request(
      `http://spillway.test${path}`,
      { headers },
      env,
      createExecutionContext(),
    );
    return { status: reply.status, type: reply.headers.get('Content-Type') ?? '', text: await reply.text() };
  };
});

/** Every element is closed in its turn; nothing is left open. */
function isWellFormed(xml: string): boolean {
  const open: string[] = [];
  const body = xml.replace(/^<\?xml[^?]*\?>/, '');
  for (const [, slash, name] of body.matchAll(/<(\/?)([a-z-]+)(?: href="[^"<&]*")?>/g)) {
    if (slash === '') open.push(name!);
    else if (open.pop() !== name) return false;
  }
  const texts = body.replaceAll(/<\/?[a-z-]+(?: href="[^"<&]*")?>/g, '');
  return open.length === 0 && !/[<>]/.test(texts) && !/&(?!amp;|lt;|gt;|quot;|apos;)/.test(texts);
}

test('the list has every object, and each is described', async () => {
  const list = await get('/v1/describe');
  expect(list.type).toBe('text/xml; charset=utf-8');
  expect(isWellFormed(list.text)).toBe(true);
  const names = [...list.text.matchAll(/<name>(\w+)<\/name>/g)].map((match) => match[1]);
  expect(names).toEqual(objects.map(({ name }) => name));
  for (const object of objects) {
    const { status, text } = await get(`/v1/describe/${object.name}?showRelationships=true`);
    expect(status).toBe(200);
    expect(isWellFormed(text), object.name).toBe(true);
    expect(text.match(/<field>/g)).toHaveLength(object.fields.length);
    expect(text).toContain(`<object href="http://spillway.test/v1/describe/${object.name}">`);
    expect(text.match(/<cardinality>/g) ?? []).toHaveLength(object.relations.length);
  }
});

test('names count in any case of letters, also the older ones; others are refused as JSON', async () => {
  expect((await get('/v1/describe/billrun')).text).toContain('<name>BillingRun</name>');
  expect((await get('/v1/describe/account')).text).not.toContain('<cardinality>');
  expect((await get('/v1/describe/payment')).text).toContain('<createable>true</createable>');
  for (const name of ['sqlite_master', '%3Cscript%3E', 'constructor', '__proto__']) {
    const { status, text } = await get(`/v1/describe/${name}`);
    expect(status, name).toBe(404);
    expect(JSON.parse(text)).toMatchObject({ success: false });
  }
  expect((await get('/v1/describe/Account?showRelationships=perhaps')).status).toBe(400);
});

test('orders and what settles invoices cannot be asked for by ZOQL', async () => {
  expect((await get('/v1/describe/CreditMemo')).text).not.toContain('<context>soap</context>');
  expect((await get('/v1/describe/Invoice')).text).toContain('<context>soap</context>');
});

test('the model as JSON has each name in each surface', async () => {
  const { body } = await (await inProcessApi('read')).get('/v1/spillway/objects');
  expect(body.objects).toHaveLength(objects.length);
  const account = body.objects.find(({ name }: { name: string }) => name === 'Account');
  expect(account).toMatchObject({
    names: { objectQuery: 'accounts', zoql: 'Account', exportZoql: 'Account', dataQuery: 'account' },
    numberField: 'AccountNumber',
  });
  const partner = account.fields.find(({ name }: { name: string }) => name === 'PartnerAccount');
  expect(partner).toMatchObject({
    type: 'boolean',
    label: 'Partner Account',
    names: { objectQuery: 'partnerAccount', dataQuery: 'partneraccount' },
    kept: true,
  });
  expect(account.relations).toContainEqual({
    name: 'BillToContact',
    expand: 'billTo',
    object: 'Contact',
    kind: 'one',
    field: 'BillToId',
    remoteField: 'Id',
  });
});
