import { env } from 'cloudflare:workers';
import { expect } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { type Call, putAccount, type Reply } from './settlement-fixtures.ts';

/** Cards by what the test gateway does with them; all have their check digit. */
export const CARDS = {
  approve: '4111111111111111',
  decline: '4000000000000002',
  insufficientFunds: '4000000000009995',
  loseAnswer: '4000000000000119',
  loseRequest: '4000000000000127',
  answerTwice: '4000000000000259',
} as const;

export function cardBody(account: Account, number: string, fields: object = {}): object {
  return {
    accountKey: account.id,
    type: 'CreditCard',
    cardType: 'Visa',
    cardNumber: number,
    expirationMonth: 12,
    expirationYear: 2098,
    cardHolderInfo: { cardHolderName: 'Amy Lawrence' },
    ...fields,
  };
}

/** An account whose default payment method is a card that behaves so. */
export async function payingAccount(
  call: Call,
  number: string,
  fields: Partial<Account> = {},
): Promise<{ readonly account: Account; readonly methodId: string }> {
  const account = await putAccount(fields);
  const reply = await call('POST', '/v1/payment-methods', cardBody(account, number, { makeDefault: true }));
  expect(reply.body).toMatchObject({ success: true });
  return { account, methodId: reply.body.id as string };
}

/** A posted invoice over so much, due at once. */
export async function openInvoice(call: Call, account: Account, amount: number, fields: object = {}) {
  const reply = await call('POST', '/v1/invoices', {
    accountId: account.id,
    invoiceDate: '2026-03-15',
    dueDate: '2026-03-15',
    status: 'Posted',
    invoiceItems: [{ chargeName: 'Migrated', amount, serviceStartDate: '2026-03-01' }],
    ...fields,
  });
  expect(reply.body).toMatchObject({ success: true });
  return reply.body as { readonly id: string; readonly invoiceNumber: string };
}

export function messageOf({ body }: Reply): string {
  return (body.reasons as Array<{ message: string }>)[0]!.message;
}

/** The test gateway's books about an account's payments: how often it was asked, and what moved. */
export async function booksOf(accountId: string): Promise<object[]> {
  const { results } = await env.DB.prepare(
    'SELECT t.kind, t.amount_minor AS amountMinor, t.outcome, t.calls FROM test_gateway_transaction AS t ' +
      'WHERE t.request_id IN (SELECT id FROM payment WHERE account_id = ?1 UNION SELECT id FROM refund WHERE account_id = ?1) ' +
      'ORDER BY t.created_at, t.request_id',
  )
    .bind(accountId)
    .all();
  return results;
}
