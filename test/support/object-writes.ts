import { expect } from 'vitest';
import { openInvoice } from './paying-accounts.ts';
import { type Call, putAccount, type Reply } from './settlement-fixtures.ts';

/** Writes of the older resources under /v1/object, and what their replies must be. */

export const NOBODY = '0'.repeat(32);
const ID = /^[0-9a-f]{32}$/;

/** The id of what was written. */
export function idOf({ status, body }: Reply): string {
  expect(body, JSON.stringify(body)).toEqual({ Success: true, Id: expect.stringMatching(ID) });
  expect(status).toBe(200);
  return body.Id as string;
}

/** A refusal in the envelope of these resources whose message names what is wrong. */
export function expectRefused({ status, body }: Reply, names: string, code = 'INVALID_VALUE'): void {
  expect([status, body.Success], JSON.stringify(body)).toEqual([400, false]);
  const [error] = body.Errors as Array<{ Code: string; Message: string }>;
  expect(error!.Message).toContain(names);
  expect(error!.Code).toBe(code);
}

/** An external payment; without a method that exists, as nothing is asked of it. */
export const external = (accountId: string, fields: object = {}) => ({
  AccountId: accountId,
  Type: 'External',
  PaymentMethodId: NOBODY,
  EffectiveDate: '2026-03-20',
  Status: 'Processed',
  ...fields,
});

/** An external payment of 100, of which 60 is applied to an invoice over 80. */
export async function paidInPart(call: Call) {
  const account = await putAccount();
  const invoice = await openInvoice(call, account, 80);
  const applied = { Amount: 100, InvoiceId: invoice.id, AppliedInvoiceAmount: 60 };
  const id = idOf(await call('POST', '/v1/object/payment', external(account.id, applied)));
  return { account, invoice, id };
}
