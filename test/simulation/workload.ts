import type { Command, CommandOutcome } from '../../src/domain/account/command.ts';
import type { PostInvoice } from '../../src/domain/billing/post-invoice.ts';
import type { JobMessage } from '../../src/jobs/consume-jobs.ts';
import { fromWireInvoice, wireNewInvoice } from '../../src/wire/invoices.ts';
import {
  fromWireMovePayment,
  fromWirePayment,
  wireMovePayment,
  wireNewPayment,
} from '../../src/wire/payments.ts';
import { DOCUMENTS, type Observed } from './auditor.ts';
import type { Fixtures } from './fixtures.ts';
import type { Intent } from './intent.ts';
import { OrderWorkload } from './order-workload.ts';
import type { Random } from './random.ts';
import { SettlementWorkload } from './settlement-workload.ts';
import type { World } from './world.ts';

/** 'passed over': each attempt so far was answered with 'nothing was done, send it again'. */
type Conclusion = Observed['result'] | 'passed over' | 'nothing yet';

interface Known {
  readonly id: string;
  readonly accountId: string;
}

const WAVES = 7;
const WAVE_COMMANDS_MAX = 12;
const REPEATS_MAX = 6;
/** Changes of subscriptions among the kinds of intents, of which there are a dozen others. */
const CHANGES = 16;

/**
 * A seeded crowd of clients on a few accounts: orders of every action, invoices, payments, applications, postings, cancellations
 * and flips of the partner flag, in waves of parallel requests, some of them repeated under their idempotency key. Notes what
 * every client saw.
 */
export class Workload {
  readonly observed: Observed[] = [];
  readonly #db: D1Database;
  readonly #world: World;
  readonly #random: Random;
  readonly #fixtures: Fixtures;
  readonly #orders: OrderWorkload;
  readonly #settlement: SettlementWorkload;
  readonly #invoices: Known[] = [];
  readonly #payments: Known[] = [];
  #count = 0;

  constructor(db: D1Database, world: World, random: Random, fixtures: Fixtures) {
    this.#db = db;
    this.#world = world;
    this.#random = random;
    this.#fixtures = fixtures;
    this.#orders = new OrderWorkload(db, random, fixtures, (kind) => this.#marker(kind));
    this.#settlement = new SettlementWorkload(db, random, fixtures, (kind) => this.#marker(kind));
  }

  async run(): Promise<void> {
    for (let wave = 0; wave < WAVES; wave++) {
      await this.#orders.look();
      await this.#settlement.look();
      const clients = Array.from({ length: this.#random.integer(1, WAVE_COMMANDS_MAX) }, () =>
        this.#client(),
      );
      if (this.#random.chance(0.7)) clients.push(this.#world.deliver());
      if (this.#random.chance(0.3)) clients.push(this.#world.sweep());
      await Promise.all(clients);
    }
  }

  /** One client with one intent: sends, repeats under its key while it does not know, and notes what it was told. */
  async #client(): Promise<void> {
    const intent = this.#intent();
    // The reply of a preview is kept under no key: it may change while the client does not know.
    const key =
      intent.kind !== 'order.preview' && this.#random.chance(0.5) ? `key-${this.#random.id()}` : null;
    const commandIds: string[] = [];
    const replies: CommandOutcome[] = [];
    let conclusion: Conclusion = 'nothing yet';
    const repeats = key === null ? 1 : REPEATS_MAX;
    for (let i = 0; i < repeats; i++) {
      const command = this.#command(intent, key);
      commandIds.push(command.id);
      const outcome = await this.#world.send(intent.lane, command);
      if (outcome !== null) replies.push(outcome);
      const work = workIn(intent, outcome);
      if (work !== null) await this.#world.announce([work]).catch(() => undefined);
      conclusion = judge(outcome, conclusion);
      // A client that knows sometimes asks again all the same: the reply must be the first one.
      if ((conclusion === 'done' || conclusion === 'refused') && !this.#random.chance(0.3)) break;
    }
    this.#remember(intent, replies);
    const readBack = conclusion !== 'done' || (await isReadable(this.#db, intent));
    const result = conclusion === 'passed over' || conclusion === 'nothing yet' ? 'refused' : conclusion;
    const { marker, leaves } = intent;
    this.observed.push({
      marker,
      leaves,
      kind: intent.kind,
      actions: intent.actions ?? [],
      deletes: intent.deletes ?? '',
      key,
      commandIds,
      replies,
      result,
      readBack,
    });
  }

  #command({ kind, payload }: Intent, key: string | null): Command {
    return {
      version: 1,
      id: this.#random.id(),
      kind,
      payload,
      actor: 'simulation',
      requestId: '00000000-0000-0000-0000-000000000000',
      envelope: 'v1',
      resourceCode: '500000',
      bytes: this.#random.integer(100, 2_000),
      ...(key === null ? {} : { idempotency: { key, requestHash: `hash of ${kind}` } }),
    };
  }

  #intent(): Intent {
    const makers: Array<() => Intent | null> = [
      () => this.#orders.newSubscriptions(),
      () => this.#orders.newSubscriptions(),
      () => this.#orders.later(),
      () => this.#orders.later(),
      () => this.#orders.preview(),
      () => this.#orders.afterwards(),
      () => this.#orders.afterwards(),
      () => this.#orders.afterwards(),
      ...Array.from({ length: CHANGES }, () => () => this.#orders.change()),
      () => this.#invoice(),
      () => this.#invoice(),
      () => this.#payment(),
      () => this.#move('payment.apply'),
      () => this.#move('payment.unapply'),
      () => this.#onInvoice('invoice.post'),
      () => this.#onInvoice('invoice.cancel'),
      () => this.#flip(),
      ...this.#settlement.makers(() => this.#orders.known),
    ];
    for (;;) {
      const intent = this.#random.pick(makers)();
      if (intent !== null) return intent;
    }
  }

  #invoice(): Intent {
    const account = this.#random.pick(this.#fixtures.accounts);
    const marker = this.#marker('invoice');
    const body = wireNewInvoice.parse({
      accountId: account.id,
      invoiceDate: `2026-0${this.#random.integer(1, 3)}-1${this.#random.integer(0, 9)}`,
      status: this.#random.chance(0.75) ? 'Posted' : 'Draft',
      comments: marker,
      currency: this.#random.chance(0.8) ? 'USD' : 'JPY',
      invoiceItems: Array.from({ length: this.#random.integer(1, 3) }, () => ({
        amount: this.#random.integer(0, 300),
        chargeName: 'Charge',
        serviceStartDate: '2026-03-01',
      })),
    });
    return {
      lane: account.id,
      kind: 'invoice.create',
      payload: fromWireInvoice(body),
      marker,
      leaves: 'document',
    };
  }

  #payment(): Intent {
    const account = this.#random.pick(this.#fixtures.accounts);
    const marker = this.#marker('payment');
    const invoices = this.#invoices.filter(({ accountId }) => accountId === account.id);
    const parts =
      invoices.length > 0 && this.#random.chance(0.5) ? [this.#part(this.#random.pick(invoices).id)] : [];
    const body = wireNewPayment.parse({
      accountId: account.id,
      amount: this.#random.integer(1, 400),
      currency: 'USD',
      type: 'External',
      comment: marker,
      invoices: parts,
    });
    return {
      lane: account.id,
      kind: 'payment.create',
      payload: fromWirePayment(body),
      marker,
      leaves: 'document',
    };
  }

  #move(kind: 'payment.apply' | 'payment.unapply'): Intent | null {
    if (this.#payments.length === 0) return null;
    const payment = this.#random.pick(this.#payments);
    const invoices = this.#invoices.filter(({ accountId }) => accountId === payment.accountId);
    if (invoices.length === 0) return null;
    const body = wireMovePayment.parse({ invoices: [this.#part(this.#random.pick(invoices).id)] });
    return {
      lane: payment.accountId,
      kind,
      payload: fromWireMovePayment(body, payment.id),
      marker: '',
      leaves: 'nothing',
    };
  }

  #onInvoice(kind: 'invoice.post' | 'invoice.cancel'): Intent | null {
    if (this.#invoices.length === 0) return null;
    const { id, accountId } = this.#random.pick(this.#invoices);
    const payload: PostInvoice = { invoiceId: id, invoiceDate: null, customFields: {} };
    return { lane: accountId, kind, payload, marker: '', leaves: 'nothing' };
  }

  #flip(): Intent {
    const { id } = this.#random.pick(this.#fixtures.accounts);
    const payload = { accountId: id, partnerAccount: this.#random.chance(0.5) };
    return { lane: id, kind: 'simulation.flip', payload, marker: '', leaves: 'nothing' };
  }

  #part(invoiceId: string) {
    return { invoiceId, amount: this.#random.integer(1, 200) };
  }

  #marker(kind: string): string {
    this.#count++;
    return `${kind} ${this.#count}`;
  }

  #remember({ kind, lane }: Intent, replies: readonly CommandOutcome[]): void {
    const done = replies.find((reply) => reply.status === 200);
    if (done === undefined) return;
    const { id } = JSON.parse(done.body) as { id?: string };
    if (id === undefined) return;
    if (kind === 'invoice.create') this.#invoices.push({ id, accountId: lane });
    if (kind === 'payment.create') this.#payments.push({ id, accountId: lane });
  }
}

/** 202 is an accepted job. */
function isSuccess(outcome: CommandOutcome | null): boolean {
  return outcome?.status === 200 || outcome?.status === 202;
}

/** The work that a reply says was accepted. */
function workIn({ kind, payload }: Intent, outcome: CommandOutcome | null): JobMessage | null {
  if (!isSuccess(outcome)) return null;
  if (kind === 'job.accept') {
    const { jobId } = JSON.parse(outcome!.body) as { readonly jobId: string };
    return { version: 1, job: 'run', jobId };
  }
  if (!kind.startsWith('billRun.')) return null;
  const { id } = JSON.parse(outcome!.body) as { readonly id?: string };
  const billRunId = id ?? (payload as { readonly billRunId: string }).billRunId;
  return { version: 1, job: 'billRun', billRunId };
}

/** Whether a read right after the reply finds what the reply confirmed (I10). */
async function isReadable(db: D1Database, { leaves, marker }: Intent): Promise<boolean> {
  if (leaves === 'nothing') return true;
  if (leaves === 'job') {
    return (await db.prepare('SELECT 1 FROM async_job WHERE request_id = ?1').bind(marker).first()) !== null;
  }
  const tables = DOCUMENTS.map(([table, column]) => `EXISTS (SELECT 1 FROM ${table} WHERE ${column} = ?1)`);
  const found = await db
    .prepare(`SELECT 1 WHERE ${tables.join(' OR ')}`)
    .bind(marker)
    .first();
  return found !== null;
}

/** What a client may conclude from all the outcomes of one intent: a later one tells more, unless an earlier one was final. */
function judge(outcome: CommandOutcome | null, before: Conclusion): Conclusion {
  if (before === 'done' || before === 'refused') return before;
  if (outcome === null) return 'unknown';
  if (isSuccess(outcome)) return 'done';
  // 409 is a key that is in use right now, or a version that is not the latest: then the reply names the latest.
  if (outcome.status === 409) return outcome.body.includes('currentVersion') ? 'refused' : 'unknown';
  if (outcome.status !== 503) return 'refused';
  // 503 is kept under no key. "Nothing was done" is final for what was sent, until the client sends it again.
  return outcome.body.includes('nothing was done') && before !== 'unknown' ? 'passed over' : 'unknown';
}
