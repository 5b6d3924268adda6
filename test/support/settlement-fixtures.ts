import { env, exports } from 'cloudflare:workers';
import { createClient, issueToken, type Role } from '../../src/auth/clients.ts';
import type { Account } from '../../src/domain/accounts/account.ts';
import { entityTables, toRow } from '../../src/persistence/entity-tables.ts';

/** Calls of the API, and accounts to call it with, for the tests of invoices and payments in workerd. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, for comparison by value. */
  readonly body: Record<string, unknown>;
}

export type Call = (method: string, path: string, body?: unknown, headers?: object) => Promise<Reply>;

/** A caller with a token of its own. */
export async function connect(role: Role = 'standard'): Promise<Call> {
  const now = new Date();
  const client = await createClient(env.DB, 'settlement tests', role, now.toISOString());
  const issued = await issueToken(env.DB, client.id, client.secret, now.getTime());
  return async (method, path, body, headers = {}) => {
    const response = await exports.default.fetch(`https://spillway.test${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${issued?.token}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
}

let accounts = 0;

/** Puts an account into the database: not a partner, so that its numbers follow in the writer's transaction. */
export async function putAccount(fields: Partial<Account> = {}): Promise<Account> {
  accounts++;
  const account: Account = {
    id: accounts.toString(16).padStart(32, 'a'),
    revision: 1,
    accountNumber: `A9${String(accounts).padStart(7, '0')}`,
    name: `Account ${accounts}`,
    status: 'Active',
    currency: 'USD',
    billCycleDay: 1,
    batch: 'Batch1',
    autoPay: false,
    partnerAccount: false,
    parentId: null,
    billToContactId: null,
    soldToContactId: null,
    paymentTerm: 'Net 30',
    details: {},
    customFields: {},
    createdAt: '2026-01-01T00:00:00.000Z',
    createdBy: 'test',
    updatedAt: '2026-01-01T00:00:00.000Z',
    updatedBy: 'test',
    ...fields,
  };
  await env.DB.prepare(entityTables.account.insertSql)
    .bind(JSON.stringify([toRow(entityTables.account, account)]))
    .run();
  return account;
}

/** Published numbers of the account in one currency, minor units. */
export async function metricsOf(account: Account, currency = account.currency): Promise<object | null> {
  return env.DB.prepare(
    'SELECT total_invoice_balance_minor AS invoices, unapplied_payment_minor AS unapplied, ' +
      'last_invoice_date AS lastInvoiceDate FROM account_metrics WHERE account_id = ?1 AND currency = ?2',
  )
    .bind(account.id, currency)
    .first();
}
