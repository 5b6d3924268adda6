import { expect } from 'vitest';
import { type LocalServer, localCredentials, startLocalServer } from '../../scripts/local-server.mjs';
import { CheckedApi } from '../conformance/support/conformance.ts';
import type { JsonValue } from '../conformance/support/contract-data.ts';
import { type Account, createAccount, createSubscriptionAction } from '../conformance/support/fixtures.ts';
import { expectSuccess, listAt, textAt, valueAt } from '../conformance/support/reply-reading.ts';
import { ApiClient, type ApiReply } from './api-client.ts';
import type { ServerUnderTest } from './server-setup.ts';

/** How long a fold may take to be published under load, milliseconds: the queue waits two seconds by itself. */
const FOLD_DEADLINE_MS = 30_000;

/** So that a scenario's parallel requests are all on their way at once. */
const CONNECTIONS_MAX = 512;

/** An account's numbers as GET account and its summary show them. */
export interface Shown {
  readonly partnerAccount: boolean;
  readonly lastMetricsUpdate: string | null;
  readonly lastInvoiceDate: string | null;
  readonly balance: number;
  readonly contractedMrr: number;
  readonly totalInvoiceBalance: number;
  readonly totalDebitMemoBalance: number;
  readonly unappliedPaymentAmount: number;
  readonly unappliedCreditMemoAmount: number;
}

/** A started server as an acceptance scenario sees it: by HTTP alone. */
export class Scenario {
  /** For load: replies are judged by the scenario. */
  readonly client: ApiClient;
  /** For the rest: replies are checked against the contract as well. */
  readonly checked: CheckedApi;

  constructor(server: ServerUnderTest) {
    this.client = new ApiClient({ ...server, baseUrl: server.url, connectionsMax: CONNECTIONS_MAX });
    this.checked = new CheckedApi(this.client);
  }

  close(): void {
    this.client.close();
  }

  partner(): Promise<Account> {
    return createAccount(this.checked, { partnerAccount: true });
  }

  async shown(account: Account): Promise<Shown> {
    const path = `/v1/accounts/${account.id}`;
    const [whole, summary] = await Promise.all([
      this.checked.get(path).then(expectSuccess),
      this.checked.get(`${path}/summary`).then(expectSuccess),
    ]);
    return {
      ...(valueAt(whole, 'metrics') as unknown as Shown),
      partnerAccount: valueAt(whole, 'basicInfo.partnerAccount') as boolean,
      lastMetricsUpdate: valueAt(whole, 'basicInfo.lastMetricsUpdate') as string | null,
      lastInvoiceDate: valueAt(summary, 'basicInfo.lastInvoiceDate') as string | null,
    };
  }

  /** Published and exact numbers in the account's currency, and what is pending between them. */
  async metrics(account: Account): Promise<MetricsReading> {
    return readingOf(await this.checked.get(`/v1/spillway/accounts/${account.id}/metrics`));
  }

  /** Folds what is pending now. */
  async refresh(account: Account): Promise<MetricsReading> {
    return readingOf(await this.checked.post(`/v1/spillway/accounts/${account.id}/metrics/refresh`));
  }

  /** Every operation behind an account's numbers, oldest first. */
  async operations(account: Account): Promise<MetricOperation[]> {
    const path = `/v1/spillway/accounts/${account.id}/metrics/operations?pageSize=100`;
    return (await this.list<MetricOperation>(path, 'operations')).reverse();
  }

  /** Waits until nothing is pending, without asking for a fold. */
  async folded(account: Account): Promise<MetricsReading> {
    await expect
      .poll(async () => (await this.metrics(account)).pending.operations, {
        timeout: FOLD_DEADLINE_MS,
        interval: 50,
      })
      .toBe(0);
    return this.metrics(account);
  }

  /** The account's numbers are what a recomputation from the documents says. */
  async expectProven(...accounts: readonly Account[]): Promise<void> {
    for (const { id } of accounts) {
      const reply = await this.checked.get(`/v1/spillway/accounts/${id}/metrics/proof`);
      expect(expectSuccess(reply)).toMatchObject({ proven: true, differences: [] });
    }
  }

  /** All objects of a paged list. */
  async list<Item>(path: string, list: string): Promise<Item[]> {
    let page: string | null = path;
    const items: Item[] = [];
    while (page !== null) {
      const body: JsonValue = expectSuccess((await this.client.get(page)) as ApiReply<JsonValue>);
      items.push(...(listAt(body, list) as Item[]));
      const { nextPage } = body as { nextPage?: string };
      page = nextPage ?? null;
    }
    return items;
  }

  /** How many objects a paged list holds. */
  async count(path: string, list: string): Promise<number> {
    return (await this.list(path, list)).length;
  }
}

export interface MetricsReading {
  readonly published: MetricsNumbers;
  readonly exact: MetricsNumbers;
  readonly pending: { readonly operations: number; readonly deltas: number };
  readonly watermark: number;
  readonly asOf: string | null;
}

/** What one command moved on an account; both sides of a transfer have the same command. */
export interface MetricOperation {
  readonly sequence: number;
  readonly commandId: string;
  readonly contractedMrr: number;
  readonly published: boolean;
}

export type MetricsNumbers = Omit<Shown, 'partnerAccount' | 'lastMetricsUpdate'>;

function readingOf(reply: ApiReply<JsonValue>): MetricsReading {
  const body = expectSuccess(reply);
  const first = (list: string) => listAt(body, list)[0] as unknown as MetricsNumbers;
  return {
    ...(body as unknown as MetricsReading),
    published: first('published'),
    exact: first('exact'),
  };
}

/**
 * A server of one's own whose folds wait for an hour: what is published on it before the first minute's sweep was asked for.
 */
export function startWithSlowFolds(): Promise<{ server: LocalServer; scenario: Scenario }> {
  return startWithFoldDelay(3600);
}

/** A server of one's own. */
export async function startWithFoldDelay(
  foldDelaySeconds: number,
): Promise<{ server: LocalServer; scenario: Scenario }> {
  const credentials = localCredentials();
  const server = await startLocalServer({ port: 0, ...credentials });
  await server.ready;
  const scenario = new Scenario({ url: server.url, ...credentials });
  const settings = await scenario.client.put('/v1/spillway/settings', {
    metrics: { foldDelaySeconds },
  });
  expect(settings.status, settings.text).toBe(200);
  return { server, scenario };
}

/** Runs `count` tasks, at most `workers` at once; their results in order. */
export async function inParallel<Result>(
  count: number,
  workers: number,
  task: (index: number) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(count);
  let next = 0;
  const work = async () => {
    while (next < count) {
      const index = next++;
      results[index] = await task(index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, count) }, work));
  return results;
}

/** Expects that every request of a load succeeded; shows those that did not. */
export function expectAllSucceeded(replies: readonly ApiReply[]): void {
  const failures = replies
    .filter(({ status, body }) => status !== 200 || (body as { success?: boolean }).success !== true)
    .map(({ status, text }) => `${status} ${text}`);
  expect(failures).toEqual([]);
}

/** An order of one new subscription: invoiced to `invoiceOwner`, owned by `owner`. */
export function orderFor(invoiceOwner: Account, owner: Account, ratePlans: readonly object[]): object {
  return {
    orderDate: '2026-01-01',
    existingAccountNumber: invoiceOwner.number,
    subscriptions: [
      {
        orderActions: [
          createSubscriptionAction(ratePlans, '2026-01-01', { subscriptionOwnerAccountNumber: owner.number }),
        ],
      },
    ],
  };
}

/** An order of one action on an existing subscription; `fields` go beside the action's own object. */
export function changeOrder(
  invoiceOwner: Account,
  subscriptionNumber: string,
  type: string,
  body: object,
  fields: object = {},
): object {
  const own = type.charAt(0).toLowerCase() + type.slice(1);
  return {
    orderDate: '2026-01-01',
    existingAccountNumber: invoiceOwner.number,
    subscriptions: [{ subscriptionNumber, orderActions: [{ type, [own]: body, ...fields }] }],
  };
}

/** Versions that the orders on a subscription made of it, ascending. */
export async function versionsOf(scenario: Scenario, subscriptionNumber: string): Promise<number[]> {
  const orders = await scenario.list<{ subscriptions: Array<{ newVersion: number }> }>(
    `/v1/orders/subscription/${subscriptionNumber}?pageSize=40`,
    'orders',
  );
  return orders
    .flatMap((order) => order.subscriptions.map(({ newVersion }) => newVersion))
    .sort((a, b) => a - b);
}

/** The whole numbers from 1. */
export function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, i) => i + 1);
}

export function idOf(reply: ApiReply): string {
  return textAt(reply.body as JsonValue, 'id');
}
