// The API's description is for everybody: /openapi.json with its tag, and pages that show calls without telling anything of a deployment.

import { createExecutionContext } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import type { Env } from '../../src/env.ts';
import { operations } from '../../src/http/app.ts';
import { createInProcessApi } from '../../src/http/in-process.ts';
import { apiDescriptionOf } from '../../src/http/openapi/description.ts';
import { createPages } from '../../src/ui/pages.tsx';

const HOST = 'http://spillway.test';
const pages = createPages(createInProcessApi(), apiDescriptionOf(operations));

const get = (path: string, init: RequestInit = {}) => exports.default.fetch(new Request(HOST + path, init));

const textOf = async (path: string, init: RequestInit = {}) => (await get(path, init)).text();

/** A page as a server with other variables, and at another address, makes it. */
async function pageAs(address: string, variables: Partial<Env>): Promise<string> {
  const reply = await pages.fetch(new Request(address), { ...env, ...variables }, createExecutionContext());
  return reply.text();
}

const LOCAL = { LOCAL_CLIENT_ID: 'local-id', LOCAL_CLIENT_SECRET: 'local-secret' };

describe('GET /openapi.json', () => {
  test('is OpenAPI 3.1 for everybody', async () => {
    const reply = await get('/openapi.json');
    expect(reply.status).toBe(200);
    expect(reply.headers.get('Content-Type')).toBe('application/json; charset=utf-8');
    const document = (await reply.json()) as { openapi: string; paths: Record<string, object> };
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths['/v1/orders'] ?? {}).sort()).toEqual(['get', 'post']);
  });

  test('is not sent again to whoever has it', async () => {
    const etag = (await get('/openapi.json')).headers.get('ETag')!;
    const again = await get('/openapi.json', { headers: { 'If-None-Match': etag } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    expect((await get('/openapi.json', { headers: { 'If-None-Match': 'W/"other"' } })).status).toBe(200);
  });

  test('takes no other method', async () => {
    const reply = await get('/openapi.json', { method: 'DELETE' });
    expect(reply.status).toBe(405);
    expect(reply.headers.get('Allow')).toBe('GET, HEAD');
  });
});

describe('the pages', () => {
  test('need no sign-in, and load nothing from elsewhere', async () => {
    const reply = await get('/docs');
    const html = await reply.text();
    expect(reply.status).toBe(200);
    expect(reply.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    expect(html).toContain(`${operations.length + 2} operations`);
    for (const path of ['/docs', '/docs/orders', '/docs/orders/POST_Order']) {
      const page = await textOf(path);
      expect(page).not.toMatch(/<style|\sstyle=|<script(?![^>]*src="\/)|\son\w+=/);
      expect(page.match(/(?:src|href)="(?:https?:)?\/\//g)).toBeNull();
    }
  });

  test('find operations by all words of a search, those with the words in their titles first', async () => {
    const html = await textOf('/docs?q=reverse+invoice');
    const links = [...html.matchAll(/href="\/docs\/[\w-]+#(\w+)"/g)].map(([, id]) => id);
    expect(links[0]).toBe('PUT_ReverseInvoice');
    const part = await textOf('/docs?q=reverse+invoice', { headers: { 'Spillway-Part': '1' } });
    expect(part).toContain('PUT_ReverseInvoice');
    expect(part).not.toContain('<html');
    expect(await textOf('/docs?q=reverse+elephant')).toContain('No operation has all of these words');
  });

  test('show a search as text, whatever it is', async () => {
    const html = await textOf(`/docs?q=${encodeURIComponent('"><script>alert(1)</script>')}`);
    expect(html).not.toContain('<script>alert');
    expect((await get(`/docs?q=${'x'.repeat(10_000)}`)).status).toBe(200);
  });

  test('say that there is no such area or operation', async () => {
    for (const path of ['/docs/nothing', '/docs/orders/nothing', '/docs/invoices/POST_Order']) {
      const reply = await get(path);
      expect([path, reply.status]).toEqual([path, 404]);
      expect(await reply.text()).toContain('There is no such page');
    }
  });

  test('show the fields of a body with their limits, as the schema has them', async () => {
    const html = await textOf('/docs/accounts/POST_Account');
    expect(html).toMatch(/<code>name<\/code><small>required<\/small>/);
    expect(html).toContain('at most 255 characters');
    expect(html).toContain('<code>billToContact.firstName</code>');
    expect(html).toContain('must be an ISO 4217 currency code');
  });
});

describe('calls', () => {
  const page = '/docs/invoices/PUT_ReverseInvoice';

  test('of a deployed server have names in the place of credentials and objects', async () => {
    const html = await textOf(page);
    expect(html).toContain('CLIENT_SECRET');
    expect(html).toContain('/v1/invoices/OPEN_INVOICE_NUMBER/reverse');
    expect(html).toContain('Put in');
  });

  test('show credentials of a local server on its own machine alone', async () => {
    const local = await pageAs(`http://127.0.0.1:8787${page}`, LOCAL);
    expect(local).toContain('client_secret=local-secret');
    for (const address of [`http://billing.example.com${page}`, `http://127.0.0.1.example.com${page}`]) {
      const html = await pageAs(address, LOCAL);
      expect(html).not.toContain('local-secret');
      expect(html).toContain('CLIENT_SECRET');
    }
    expect(await pageAs(`http://127.0.0.1:8787${page}`, {})).toContain('CLIENT_SECRET');
  });

  test('of a local server say what is missing and what makes it, or name what is there', async () => {
    const address = 'http://127.0.0.1:8787/docs/administration/spillwayReplayDeadLetter';
    const html = await pageAs(`http://127.0.0.1:8787${page}`, LOCAL);
    expect(html).toContain('This needs a posted invoice to which nothing is applied, and there is none now.');
    expect(html).toContain('href="/docs/invoices#POST_StandaloneInvoices"');
    expect(await pageAs(address, LOCAL)).toContain('data-missing="deadLetter"');
    await env.DB.prepare(
      "INSERT INTO dead_letter (id, queue, body, reason, arrived_at) VALUES ('letter-1', 'spillway-jobs-dead', '{}', 'x', '2026-01-01')",
    ).run();
    expect(await pageAs(address, LOCAL)).toContain('/v1/spillway/dead-letters/letter-1/replay');
  });
});
