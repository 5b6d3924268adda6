import { env } from 'cloudflare:workers';
import { expect } from 'vitest';
import type { Entities } from '../../src/domain/entities.ts';
import { entityTables, type StoredKind } from '../../src/persistence/entity-tables.ts';
import { creditMemoOf, debitMemoOf } from './memo-shapes.ts';
import { rowParameters } from './row-parameters.ts';
import type { Call, Reply } from './settlement-fixtures.ts';

/** What the tests of payments and refunds do over HTTP again and again. */

export async function postInvoice(call: Call, accountId: string, ...amounts: number[]) {
  const reply = await call('POST', '/v1/invoices', {
    accountId,
    invoiceDate: '2026-03-15',
    status: 'Posted',
    invoiceItems: amounts.map((amount) => ({
      chargeName: 'Migrated',
      amount,
      serviceStartDate: '2026-03-01',
    })),
  });
  expect(reply.body).toMatchObject({ success: true });
  return reply.body as { id: string; invoiceNumber: string };
}

/** An external payment of the account, as its creation replies. */
export async function receive(call: Call, accountId: string, amount: number, fields: object = {}) {
  const reply = await call('POST', '/v1/payments', {
    accountId,
    type: 'External',
    amount,
    currency: 'USD',
    effectiveDate: '2026-03-20',
    ...fields,
  });
  expect(reply.body).toMatchObject({ success: true });
  return reply.body as { id: string; number: string };
}

/** A refund by cheque. */
export function byCheck(totalAmount: number | undefined, fields: object = {}): object {
  return { type: 'External', methodType: 'Check', totalAmount, ...fields };
}

export function messageOf({ body }: Reply): string {
  return (body.reasons as Array<{ message: string }>)[0]!.message;
}

/** Puts objects into the database as they are. */
async function putRows<K extends StoredKind>(kind: K, entities: ReadonlyArray<Entities[K]>): Promise<void> {
  const table = entityTables[kind];
  await env.DB.prepare(table.insertSql)
    .bind(...rowParameters(table, entities))
    .run();
}

/** What a memo that is put there adds to its account's published numbers. */
async function publish(
  accountId: string,
  column: 'unapplied_credit_memo_minor' | 'total_debit_memo_balance_minor',
  minor: number,
): Promise<void> {
  const [credit, debit] = column === 'unapplied_credit_memo_minor' ? [minor, 0] : [0, minor];
  await env.DB.prepare(
    "INSERT INTO account_metrics VALUES (?1, 'USD', 0, ?3, 0, ?2, 0, 0, 0, NULL) " +
      `ON CONFLICT DO UPDATE SET ${column} = ${column} + excluded.${column}`,
  )
    .bind(accountId, credit, debit)
    .run();
}

let memos = 0;
function newId(): string {
  return `${(++memos).toString(16).padStart(8, '0')}${'d'.repeat(24)}`;
}

export async function putDebitMemo(accountId: string, ...linesMinor: number[]) {
  const { memo, items } = debitMemoOf({ id: newId(), accountId, linesMinor });
  const named = { ...memo, memoNumber: `DM9${memo.id.slice(0, 8)}` };
  await putRows('debitMemo', [named]);
  await putRows('debitMemoItem', items);
  await publish(accountId, 'total_debit_memo_balance_minor', memo.balanceMinor);
  return { memo: named, items };
}

export async function putCreditMemo(accountId: string, ...linesMinor: number[]) {
  const { memo, items } = creditMemoOf({ id: newId(), accountId, linesMinor });
  const named = { ...memo, memoNumber: `CM9${memo.id.slice(0, 8)}` };
  await putRows('creditMemo', [named]);
  await putRows('creditMemoItem', items);
  await publish(accountId, 'unapplied_credit_memo_minor', memo.unappliedMinor);
  return { memo: named, items };
}

/** Whether the account's published numbers are what its documents say, by both formulas of the balance. */
export async function expectProven(call: Call, accountId: string): Promise<void> {
  const proof = await call('GET', `/v1/spillway/accounts/${accountId}/metrics/proof`);
  expect(proof.body).toMatchObject({ success: true, proven: true, differences: [] });
}
