import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect } from 'vitest';
import { execute } from '../../src/account/client.ts';
import { sweepBillRuns } from '../../src/jobs/bill-runs/run-bill-run.ts';
import { consumeJobs, type JobMessage, type JobPorts } from '../../src/jobs/consume-jobs.ts';
import { type InProcessApi, inProcessApi } from './in-process-api.ts';
import { jobPorts } from './job-ports.ts';
import { type TestOffer, testAccount, testOffer } from './order-objects.ts';
import { newId } from './test-lane.ts';
import { insert, insertOffer } from './worker-api.ts';

/** Bill runs whose queue the test holds in its hands: real D1, objects and consumer, and messages that are lost, doubled and late at will. */
export class BillRuns {
  /** What was sent and not delivered. */
  readonly messages: JobMessage[] = [];
  api!: InProcessApi;
  offer!: TestOffer;
  /** Instant of the consumer and the sweep; far ahead, so that every account that is open may be asked for again. */
  now = '2040-06-01T00:00:00.000Z';

  static async start(price = '25'): Promise<BillRuns> {
    const runs = new BillRuns();
    const send = async (message: unknown) => {
      runs.messages.push(message as JobMessage);
    };
    runs.api = await inProcessApi('admin', { JOBS_QUEUE: { send } as never });
    runs.offer = await insertOffer(testOffer([{ price }]));
    return runs;
  }

  /** An account with so many subscriptions of one flat monthly charge each, from a day on. */
  async account(subscriptions = 1, fields = {}, startDate = '2026-01-01') {
    const account = await insert('account', testAccount(fields));
    const numbers: string[] = [];
    for (let left = subscriptions; left > 0; left -= 50) {
      numbers.push(...(await this.subscribe(account.accountNumber, Math.min(left, 50), startDate)));
    }
    return { ...account, numbers };
  }

  async subscribe(
    accountNumber: string,
    count: number,
    startDate: string,
    terms: object = { termType: 'EVERGREEN' },
  ) {
    const subscription = {
      orderActions: [
        {
          type: 'CreateSubscription',
          triggerDates: [{ name: 'ContractEffective', triggerDate: startDate }],
          createSubscription: {
            terms: {
              initialTerm: { startDate, ...terms },
              autoRenew: true,
              renewalTerms: [{ period: 1, periodType: 'Month' }],
            },
            subscribeToRatePlans: [{ productRatePlanId: this.offer.offer.id }],
          },
        },
      ],
    };
    const reply = await this.api.post('/v1/orders', {
      orderDate: startDate,
      existingAccountNumber: accountNumber,
      subscriptions: Array.from({ length: count }, () => subscription),
    });
    expect(reply.body).toMatchObject({ success: true });
    return (reply.body.subscriptions as Array<{ subscriptionNumber: string }>).map(
      (each) => each.subscriptionNumber,
    );
  }

  /** Makes an account one that can't be billed by a defect: a price that is none can't come from an order. */
  async spoil({ numbers }: { readonly numbers: readonly string[] }): Promise<void> {
    await env.DB.prepare(
      "UPDATE charge SET price = 'none' WHERE subscription_original_id IN (SELECT original_id FROM subscription " +
        'WHERE subscription_number IN (SELECT value FROM json_each(?1)))',
    )
      .bind(JSON.stringify(numbers))
      .run();
  }

  /** Cancels subscriptions on a day. */
  async cancelSubscriptions(accountNumber: string, numbers: readonly string[], date: string): Promise<void> {
    for (let from = 0; from < numbers.length; from += 50) {
      const reply = await this.api.post('/v1/orders', {
        orderDate: date,
        existingAccountNumber: accountNumber,
        subscriptions: numbers.slice(from, from + 50).map((subscriptionNumber) => ({
          subscriptionNumber,
          orderActions: [
            {
              type: 'CancelSubscription',
              triggerDates: [{ name: 'ContractEffective', triggerDate: date }],
              cancelSubscription: { cancellationPolicy: 'SpecificDate', cancellationEffectiveDate: date },
            },
          ],
        })),
      });
      expect(reply.body).toMatchObject({ success: true });
    }
  }

  /** Asks for a run; its message waits. Returns its id. */
  async create(targetDate: string, fields: object = {}): Promise<string> {
    const reply = await this.api.post('/v1/bill-runs', { targetDate, invoiceDate: targetDate, ...fields });
    expect(reply.body).toMatchObject({ success: true, status: 'Pending' });
    return reply.body.id;
  }

  /** A run for these accounts that is carried out to its end. */
  async run(
    targetDate: string,
    accounts: ReadonlyArray<{ readonly id: string }>,
    fields: object = {},
  ): Promise<string> {
    const id = await this.create(targetDate, { billRunFilters: accounts.map(filterOf), ...fields });
    await this.deliverAll();
    return id;
  }

  /** One delivery of one message. Returns whether it was acknowledged; what it sent waits with the others. */
  async deliver(message: JobMessage, overrides: Partial<JobPorts> = {}, attempts = 1): Promise<boolean> {
    const batch = createMessageBatch('spillway-jobs', [
      { id: newId(), timestamp: new Date(), attempts, body: message } as never,
    ]);
    const send = async (sent: JobMessage) => this.messages.push(sent);
    await consumeJobs(batch, jobPorts({ now: () => this.now, send, ...overrides }));
    const { explicitAcks } = await getQueueResult(batch, createExecutionContext());
    return explicitAcks.length === 1;
  }

  /** Delivers what waits and all that follows from it. Returns how many messages that took. */
  async deliverAll(overrides: Partial<JobPorts> = {}): Promise<number> {
    let delivered = 0;
    for (let message = this.messages.shift(); message !== undefined; message = this.messages.shift()) {
      await this.deliver(message, overrides);
      delivered++;
    }
    return delivered;
  }

  /** A tick of the cron, so much later that nothing counts as on its way. */
  async sweep(): Promise<void> {
    this.now = new Date(Date.parse(this.now) + 3_600_000).toISOString();
    await sweepBillRuns(env.DB, async (messages) => this.messages.push(...messages));
  }

  async shown(id: string) {
    return (await this.api.get(`/v1/bill-runs/${id}`)).body;
  }

  async progress(id: string) {
    return (await this.api.get(`/v1/spillway/bill-runs/${id}/progress`)).body;
  }

  /** Documents of a run and account: invoices first. */
  async documents(billRunId: string, accountId?: string): Promise<RunDocumentRow[]> {
    const { results } = await env.DB.prepare(
      "SELECT 'invoice' AS kind, id, account_id AS accountId, status, amount_minor AS amount, line_count AS lines, " +
        '(SELECT count(*) FROM invoice_item WHERE invoice_id = invoice.id) AS items, ' +
        '(SELECT coalesce(sum(amount_minor), 0) FROM invoice_item WHERE invoice_id = invoice.id) AS sum ' +
        'FROM invoice WHERE bill_run_id = ?1 AND (?2 IS NULL OR account_id = ?2) ' +
        "UNION ALL SELECT 'creditMemo', id, account_id, status, amount_minor, line_count, " +
        '(SELECT count(*) FROM credit_memo_item WHERE credit_memo_id = credit_memo.id), ' +
        '(SELECT coalesce(sum(amount_minor), 0) FROM credit_memo_item WHERE credit_memo_id = credit_memo.id) ' +
        'FROM credit_memo WHERE bill_run_id = ?1 AND (?2 IS NULL OR account_id = ?2)',
    )
      .bind(billRunId, accountId ?? null)
      .all<RunDocumentRow & Record<string, unknown>>();
    for (const { amount, sum, lines, items } of results)
      expect({ amount, lines }).toEqual({ amount: sum, lines: items });
    return results;
  }

  /** What live documents bill of an account, by service day and subscription: each has to be billed once. */
  async billedDays(
    accountId: string,
  ): Promise<Array<{ number: string; day: string; lines: number; amount: number }>> {
    const { results } = await env.DB.prepare(
      'SELECT i.subscription_number AS number, i.service_start_date AS day, count(*) AS lines, sum(i.amount_minor) AS amount ' +
        "FROM invoice AS d JOIN invoice_item AS i ON i.invoice_id = d.id WHERE d.account_id = ?1 AND d.status <> 'Canceled' " +
        "AND i.processing_type = 'Charge' GROUP BY 1, 2 ORDER BY 1, 2",
    )
      .bind(accountId)
      .all<{ number: string; day: string; lines: number; amount: number }>();
    return results;
  }
}

export interface RunDocumentRow {
  readonly kind: 'invoice' | 'creditMemo';
  readonly id: string;
  readonly accountId: string;
  readonly status: string;
  readonly amount: number;
  readonly lines: number;
  readonly items: number;
  readonly sum: number;
}

export function filterOf({ id }: { readonly id: string }) {
  return { filterType: 'Account', accountId: id };
}

/** Carries commands out until the one with this place, counted from 0, whose sender dies before or after it is done. */
export function dyingAt(
  place: number,
  moment: 'before' | 'after',
): { execute: JobPorts['execute']; readonly died: () => boolean } {
  let calls = 0;
  let died = false;
  return {
    died: () => died,
    execute: async (laneId, command) => {
      const dies = calls++ === place;
      if (dies) died = true;
      if (dies && moment === 'before') throw new Error('the consumer dies');
      const outcome = await execute(env, laneId, command);
      if (dies) throw new Error('the consumer dies');
      return outcome;
    },
  };
}
