import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { startSession } from '../../src/auth/sessions.ts';
import { operations } from '../../src/http/app.ts';
import { createInProcessApi } from '../../src/http/in-process.ts';
import { apiDescriptionOf } from '../../src/http/openapi/description.ts';
import { createPages } from '../../src/ui/pages.tsx';
import { type CountedCalls, countedDatabase } from '../support/counted-database.ts';
import { putAccount } from '../support/settlement-fixtures.ts';

// The account's page costs one round of reads and the same number of rows, whatever the account holds: what is counted is what D1 says it read.

const USER = 'f'.repeat(32);
const FEW = 300;
const MANY = 3_000;

let token: string;
beforeAll(async () => {
  await env.DB.prepare(
    "INSERT INTO web_user (id, email, name, role, password_hash, theme, created_at) VALUES (?1, 'a@example.com', 'Ann', 'standard', 'x', 'system', '2026-01-01')",
  )
    .bind(USER)
    .run();
  token = await startSession(env.DB, USER, Date.now());
});

/** Numbers from 0 on as rows `n`, for one statement that makes them all. */
const NUMBERS = 'WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?2)';

/** An account with so many subscriptions and as many deltas, over a month. */
async function filledAccount(subscriptions: number): Promise<string> {
  const { id } = await putAccount({ name: `With ${subscriptions}` });
  await env.DB.batch([
    env.DB.prepare(
      'INSERT INTO subscription (id, revision, subscription_number, original_id, version, is_latest_version, status, ' +
        'account_id, invoice_owner_account_id, order_id, order_number, currency, term_type, contract_effective_date, ' +
        'subscription_start_date, term_start_date, renewal_setting, auto_renew, contracted_mrr, details, custom_fields, ' +
        `created_at, created_by, updated_at, updated_by) ${NUMBERS} ` +
        "SELECT printf('%s%08x', substr(?1, 9), i), 1, printf('A-S%s-%d', substr(?1, 24), i), printf('%s%08x', substr(?1, 9), i), 1, 1, 'Active', " +
        "?1, ?1, 'o', 'O-1', 'USD', 'EVERGREEN', '2026-01-01', '2026-01-01', '2026-01-01', 'RENEW_WITH_SPECIFIC_TERM', 0, '10', '{}', '{}', " +
        "'2026-01-01T00:00:00.000Z', 'u', '2026-01-01T00:00:00.000Z', 'u' FROM n",
    ).bind(id, subscriptions),
    env.DB.prepare(
      'INSERT INTO metric_delta (account_id, currency, total_invoice_balance_minor, total_debit_memo_balance_minor, ' +
        'unapplied_payment_minor, unapplied_credit_memo_minor, reserved_payment_minor, contracted_mrr_whole, contracted_mrr_nano, ' +
        `command_id, document_kind, document_id, committed_at) ${NUMBERS} ` +
        "SELECT ?1, 'USD', 0, 0, 0, 0, 0, 10, 0, 'c', 'subscription', printf('%s%08x', substr(?1, 9), i), " +
        "printf('2026-01-%02dT00:00:00.000Z', 1 + i * 28 / ?2) FROM n",
    ).bind(id, subscriptions),
    env.DB.prepare(
      'INSERT INTO account_metrics (account_id, currency, total_invoice_balance_minor, total_debit_memo_balance_minor, unapplied_payment_minor, ' +
        'unapplied_credit_memo_minor, reserved_payment_minor, contracted_mrr_whole, contracted_mrr_nano) ' +
        "VALUES (?1, 'USD', 0, 0, 0, 0, 0, 10 * ?2, 0)",
    ).bind(id, subscriptions),
    env.DB.prepare(
      'INSERT INTO metrics_state (account_id, watermark) SELECT ?1, MAX(sequence) FROM metric_delta WHERE account_id = ?1 ' +
        'ON CONFLICT (account_id) DO UPDATE SET watermark = excluded.watermark',
    ).bind(id),
  ]);
  return id;
}

interface Shown extends CountedCalls {
  readonly status: number;
  readonly html: string;
}

/** Asks for a page as a browser that has signed in. */
async function show(path: string): Promise<Shown> {
  const { db, counted } = countedDatabase(env.DB);
  const execution = createExecutionContext();
  const reply = await createPages(createInProcessApi(), apiDescriptionOf(operations)).request(
    path,
    { headers: { Cookie: `spillway=${token}` } },
    { ...env, DB: db },
    execution,
  );
  const html = await reply.text();
  const cost = counted();
  await waitOnExecutionContext(execution);
  return { status: reply.status, html, ...cost };
}

/** The page once its history is complete and its reader is known: what every further look costs. */
async function settled(path: string): Promise<Shown> {
  for (;;) {
    const shown = await show(path);
    if (!shown.html.includes('A long history is read for the first time')) return show(path);
  }
}

describe('The page of an account', () => {
  test('is made from one round of reads, of as many rows for ten times the subscriptions', async () => {
    const few = await settled(`/accounts/${await filledAccount(FEW)}`);
    const many = await settled(`/accounts/${await filledAccount(MANY)}`);
    expect(few).toMatchObject({ status: 200, rounds: 1 });
    expect(many).toMatchObject({ status: 200, rounds: 1, calls: few.calls, rowsRead: few.rowsRead });
    // 3,000 subscriptions at 10.00 a month.
    expect(many.html).toContain('30,000.00 USD');
    expect(many.rowsRead).toBeLessThan(FEW);
  });

  test('at the first look gathers a long history in a bounded step', async () => {
    const path = `/accounts/${await filledAccount(MANY)}`;
    const first = await show(path);
    expect(first.status).toBe(200);
    expect(first.html).toContain('A long history is read for the first time');
    expect(first.rowsRead).toBeLessThan(40_000);
  });

  test('lists its subscriptions by reading a page of them', async () => {
    const few = await settled(`/accounts/${await filledAccount(FEW + 1)}/subscriptions`);
    const many = await settled(`/accounts/${await filledAccount(MANY + 1)}/subscriptions`);
    expect([few.status, many.status]).toEqual([200, 200]);
    // Where there are more than can be sorted the index is walked: what that costs is that of a page and its accounts.
    expect(many.rowsRead).toBeLessThan(500);
    expect(many.html).toContain('30 rows on this page, more follow');
  });

  test('renews its numbers by one round of reads', async () => {
    const id = await filledAccount(FEW + 2);
    const part = await settled(`/accounts/${id}/metrics`);
    expect(part).toMatchObject({ status: 200, rounds: 1 });
    expect(part.rowsRead).toBeLessThan(40);
  });
});
