// What the platform gives without the product: served in place of src/worker.ts, under the same bindings.

import { DurableObject } from 'cloudflare:workers';
import { zValidator } from '@hono/zod-validator';
import { Hono } from 'hono';
import { newTimeOrderedId } from '../src/account/runtime.ts';
import type { Env } from '../src/env.ts';
import { mountOauth } from '../src/http/routes/oauth.ts';
import { databaseOf } from '../src/persistence/database.ts';
import { wireNewInvoice } from '../src/wire/invoices.ts';
import { orderBody } from '../src/wire/order-schema.ts';
import type { RowTemplate } from './row-template.ts';

export { CommitObject } from '../src/account/commit-object.ts';
export { QueryObject } from '../src/query/execution/query-object.ts';

const SUCCESS = { success: true };

/** Rows to write, per kind of request. Of the isolate, not of the object, which is evicted after seconds without work. */
const templates = new Map<string, RowTemplate>();
let numbers = 0;

/** Writes one request's rows as one D1 batch, one request after another. Named as wrangler.toml binds it. */
export class AccountObject extends DurableObject<Env> {
  #last: Promise<unknown> = Promise.resolve();

  write(kind: string, body: unknown): Promise<void> {
    const template = templates.get(kind);
    if (template === undefined || body === undefined) throw new Error(`There are no rows for ${kind}.`);
    const written = this.#last.then(() => this.#commit(template));
    this.#last = written.catch(() => {});
    return written;
  }

  async #commit(template: RowTemplate): Promise<void> {
    const now = new Date().toISOString();
    const number = String(++numbers).padStart(8, '0');
    const values = template.values.map((value) => (value === 'id' ? newTimeOrderedId(now) : value + number));
    const db = databaseOf(this.env);
    await db.batch(
      template.tables.map(({ sql, pieces, placeholders }) => {
        let text = pieces[0]!;
        for (const [i, placeholder] of placeholders.entries()) text += values[placeholder]! + pieces[i + 1]!;
        return db.prepare(sql).bind(text);
      }),
    );
  }
}

const app = new Hono<{ Bindings: Env }>();

/** The real one, so that the harness starts this Worker as it starts the product. */
mountOauth(app as never);

const objectOf = (env: Env) =>
  env.ACCOUNTS.getByName('ceiling') as unknown as DurableObjectStub<AccountObject>;

app.put('/template/:kind', async (c) => {
  templates.set(c.req.param('kind'), await c.req.json());
  return c.json(SUCCESS);
});

app.post('/bare/orders', zValidator('json', orderBody), (c) => c.json(SUCCESS));
app.post('/bare/invoices', zValidator('json', wireNewInvoice), (c) => c.json(SUCCESS));
app.post('/batch/orders', zValidator('json', orderBody), async (c) => {
  await objectOf(c.env).write('orders', c.req.valid('json'));
  return c.json(SUCCESS);
});
app.post('/batch/invoices', zValidator('json', wireNewInvoice), async (c) => {
  await objectOf(c.env).write('invoices', c.req.valid('json'));
  return c.json(SUCCESS);
});

export default {
  fetch: app.fetch,
  // The metrics queue and the sweep are bound, but nothing here is ever due.
  async queue() {},
  async scheduled() {},
} satisfies ExportedHandler<Env>;
