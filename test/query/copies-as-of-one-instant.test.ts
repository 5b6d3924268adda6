import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { snapshotSources } from '../../src/persistence/snapshot-triggers.ts';
import {
  closeSnapshotsOf,
  deleteUnneeded,
  openSnapshot,
  type RowValue,
} from '../../src/persistence/snapshots.ts';
import type { CopiedTable } from '../../src/query/execution/copy-plan.ts';
import {
  type CopyProgress,
  copyPage,
  firstStep,
  SnapshotLost,
} from '../../src/query/execution/copy-steps.ts';
import { CopyStore } from '../../src/query/execution/copy-store.ts';
import type { QueryObject } from '../../src/query/execution/query-object.ts';
import { Random } from '../simulation/random.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import { type TestOffer, testAccount, testOffer } from '../support/order-objects.ts';
import { insert, insertOffer } from '../support/worker-api.ts';

// A copy that takes many pages, between which accounts are written to in every way, is what plain SELECTs gave at its instant: no half of a commit,
// no row twice, none missing. Two copies of different instants at a time do not disturb each other.

const TABLES: readonly CopiedTable[] = [
  'account',
  'contact',
  'orders',
  'order_action',
  'subscription',
  'charge',
  'invoice',
  'invoice_item',
  'payment',
  'payment_application',
  'account_metrics',
].map((table) => ({ table, columns: snapshotSources.get(table)!.columns, where: null, withDeleted: false }));

let api: InProcessApi;
let offer: TestOffer;

beforeAll(async () => {
  api = await inProcessApi();
  offer = await insertOffer(testOffer([{ price: '25' }]));
});

/** Few rows to begin with: copies take a few at a time. */
beforeEach(async () => {
  const tables = [...TABLES.map(({ table }) => table).reverse(), 'deleted_record'];
  await env.DB.batch(tables.map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
});

type Rows = Record<string, RowValue[][]>;

/** All that there is now. */
async function readAll(): Promise<Rows> {
  const results = await env.DB.batch(
    TABLES.map(({ table, columns }) =>
      env.DB.prepare(
        `SELECT json_array(rowid) AS id${columns.map((name, i) => `, ${name} AS c${i}`).join('')} FROM ${table} ORDER BY rowid`,
      ),
    ),
  );
  return Object.fromEntries(
    TABLES.map(({ table }, i) => [
      table,
      (results[i]!.results as Array<Record<string, RowValue>>).map(({ id, ...values }) => [
        (JSON.parse(id as string) as number[])[0]!,
        ...Object.values(values),
      ]),
    ]),
  );
}

/** A copy on its way, in the storage of an object of its own. */
class Copy {
  readonly #owner: string;
  readonly #object: DurableObjectStub<QueryObject>;
  readonly #expected: Rows;
  #progress: CopyProgress;

  private constructor(owner: string, expected: Rows, progress: CopyProgress) {
    this.#owner = owner;
    this.#object = env.QUERIES.get(env.QUERIES.idFromName(owner));
    this.#expected = expected;
    this.#progress = progress;
  }

  static async open(owner: string): Promise<Copy> {
    const snapshot = await openSnapshot(
      env.DB,
      TABLES.map(({ table }) => table),
      { owner, openedAt: new Date().toISOString(), expiresAt: '9999-01-01T00:00:00.000Z' },
    );
    const copy = new Copy(owner, await readAll(), firstStep(snapshot, TABLES));
    await copy.#in(({ sql }) => new CopyStore(sql).create(TABLES));
    return copy;
  }

  get isDone(): boolean {
    return this.#progress.table >= TABLES.length;
  }

  async step(pageRows: number): Promise<void> {
    const progress = { ...this.#progress, pageRows };
    this.#progress = await this.#in(async (storage) => {
      const keep = (write: () => void) => storage.transactionSync(write);
      const ports = {
        db: env.DB,
        store: new CopyStore(storage.sql),
        jobId: this.#owner,
        keep,
        clock: Date.now,
      };
      return (await copyPage(progress, ports)).next;
    });
  }

  rowsOf({ table, columns }: CopiedTable): Promise<SqlStorageValue[][]> {
    const names = columns.map((name, i) => `${name} AS c${i}`).join(', ');
    return this.#in(({ sql }) =>
      Array.from(sql.exec(`SELECT row_id, ${names} FROM ${table} ORDER BY row_id`).raw()),
    );
  }

  async finish(): Promise<void> {
    await closeSnapshotsOf(env.DB, this.#owner);
    for (const table of TABLES) {
      expect([table.table, await this.rowsOf(table)]).toEqual([table.table, this.#expected[table.table]]);
    }
  }

  #in<T>(work: (storage: DurableObjectStorage) => T | Promise<T>): Promise<T> {
    return runInDurableObject(this.#object, (_, { storage }) => work(storage));
  }
}

/** Writers of all kinds, one write at a time. */
class Writers {
  readonly #random: Random;
  readonly #accounts: string[] = [];
  readonly #drafts: string[] = [];
  readonly #posted: string[] = [];
  readonly #paid: Array<{ payment: string; invoice: string }> = [];

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  async write(): Promise<void> {
    const account = this.#random.pick(this.#accounts) ?? (await this.#newAccount());
    const ways: Array<() => Promise<unknown>> = [
      () => this.#newAccount(),
      () => this.#ok(api.put(`/v1/accounts/${account}`, { notes: `note ${this.#random.id()}` })),
      () =>
        this.#ok(
          api.post('/v1/contacts', { accountId: account, firstName: 'A', lastName: 'B', country: 'Canada' }),
        ),
      () => this.#ok(api.post('/v1/orders', this.#order(account))),
      () => this.#invoice(account, 'Draft'),
      () => this.#invoice(account, 'Posted'),
      () => this.#deleteDraft(),
      () => this.#deleteDraft(),
      () => this.#pay(account),
      () => this.#unapply(),
      () => this.#deleteAccount(),
    ];
    await this.#random.pick(ways)();
  }

  async #ok(reply: ReturnType<InProcessApi['post']>): Promise<Record<string, string>> {
    const { body } = await reply;
    expect(body.success, JSON.stringify(body)).toBe(true);
    return body as Record<string, string>;
  }

  async #create(): Promise<string> {
    const billToContact = { firstName: 'Amy', lastName: 'Lawrence', country: 'Canada' };
    const account = { name: 'A', currency: 'USD', billCycleDay: 1, autoPay: false, billToContact };
    return (await this.#ok(api.post('/v1/accounts', account))).accountId!;
  }

  async #newAccount(): Promise<string> {
    const id = await this.#create();
    this.#accounts.push(id);
    return id;
  }

  /** Its contacts go with it. */
  async #deleteAccount(): Promise<void> {
    await this.#ok(api.delete(`/v1/object/account/${await this.#create()}`));
  }

  #order(accountId: string): object {
    const createSubscription = {
      terms: {
        initialTerm: { period: 12, periodType: 'Month', termType: 'TERMED' },
        renewalSetting: 'RENEW_WITH_SPECIFIC_TERM',
        renewalTerms: [{ period: 12, periodType: 'Month' }],
      },
      subscribeToRatePlans: [{ productRatePlanId: offer.offer.id }],
    };
    return {
      orderDate: '2026-07-01',
      existingAccountId: accountId,
      subscriptions: [{ orderActions: [{ type: 'CreateSubscription', createSubscription }] }],
    };
  }

  async #invoice(accountId: string, status: 'Draft' | 'Posted'): Promise<void> {
    const item = { chargeName: 'Fee', amount: 10, serviceStartDate: '2026-03-01' };
    const invoiceItems = Array.from({ length: this.#random.integer(1, 4) }, () => item);
    const body = { accountId, invoiceDate: '2026-03-01', status, invoiceItems };
    const { id } = await this.#ok(api.post('/v1/invoices', body));
    (status === 'Draft' ? this.#drafts : this.#posted).push(id!);
  }

  /** The newest one: its row ids are used again by the next. */
  async #deleteDraft(): Promise<void> {
    const id = this.#drafts.pop();
    if (id !== undefined) await this.#ok(api.delete(`/v1/invoices/${id}`));
  }

  async #pay(accountId: string): Promise<void> {
    await this.#invoice(accountId, 'Posted');
    const invoice = this.#posted.pop()!;
    const { id } = await this.#ok(
      api.post('/v1/payments', {
        accountId,
        type: 'External',
        amount: 8,
        currency: 'USD',
        effectiveDate: '2026-03-20',
        invoices: [{ invoiceId: invoice, amount: 5 }],
      }),
    );
    this.#paid.push({ payment: id!, invoice });
  }

  async #unapply(): Promise<void> {
    const paid = this.#paid.pop();
    if (paid === undefined) return;
    const invoices = [{ invoiceId: paid.invoice, amount: 5 }];
    await this.#ok(api.put(`/v1/payments/${paid.payment}/unapply`, { invoices }));
  }
}

test.each([1, 2, 3, 4])('two copies under writers are each as of their instant (seed %i)', async (seed) => {
  const random = new Random(seed * 7919);
  const writers = new Writers(seed);
  for (let i = 0; i < 12; i++) await writers.write();
  const copies = [await Copy.open(`first ${seed}`)];
  const secondAt = random.integer(1, 25);
  for (let turn = 1; copies.length > 0 || turn <= secondAt; turn++) {
    if (turn === secondAt) copies.push(await Copy.open(`second ${seed}`));
    for (let writes = random.integer(0, 1); writes > 0; writes--) await writers.write();
    const copy = random.pick(copies);
    if (copy === undefined) continue;
    await copy.step(random.integer(1, 9));
    if (copy.isDone) {
      await copy.finish();
      copies.splice(copies.indexOf(copy), 1);
    }
    // Whoever clears away takes nothing that an open snapshot needs.
    if (random.chance(0.3)) await deleteUnneeded(env.DB, random.integer(1, 4));
  }
  while ((await deleteUnneeded(env.DB, 100)) > 0);
  expect(await env.DB.prepare('SELECT count(*) AS n FROM row_before').first('n')).toBe(0);
});

test('a snapshot that was closed is noticed, and nothing is copied without it', async () => {
  for (let i = 0; i < 3; i++) await insert('account', testAccount());
  const copy = await Copy.open('closed');
  await copy.step(1);
  await closeSnapshotsOf(env.DB, 'closed');
  const before = await copy.rowsOf(TABLES[0]!);
  await expect(copy.step(1_000)).rejects.toThrow(SnapshotLost);
  expect(await copy.rowsOf(TABLES[0]!)).toEqual(before);
});
