import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { readMemoItems } from '../../src/persistence/memo-items.ts';
import { putCreditMemo, putDebitMemo } from '../support/payment-calls.ts';
import { putAccount } from '../support/settlement-fixtures.ts';

// A page of lines comes with what the lines before it have room for, and with what is meant for any line of the memo: one reading.
test('of a credit memo: applied and refunded of its lines', async () => {
  const account = await putAccount();
  const { memo, items } = await putCreditMemo(account.id, 3_000, 2_000, 1_000);
  const mean = 'UPDATE credit_memo_item SET applied_minor = ?2, refunded_minor = ?3 WHERE id = ?1';
  await env.DB.prepare(mean).bind(items[0]!.id, 500, 300).run();
  await env.DB.prepare(mean).bind(items[1]!.id, 0, 2_000).run();
  const ofAll = { explicitMinor: 500, refundedFromLinesMinor: 2_300 };
  const read = (which: Parameters<typeof readMemoItems>[3]) =>
    readMemoItems(env.DB, 'creditMemoItem', memo.id, which);

  // Before the second line 30.00 − 8.00 are open; of the second nothing.
  for (const [offset, openBeforeMinor] of [
    [0, 0],
    [1, 2_200],
    [2, 2_200],
  ] as const) {
    const page = await read({ offset, rowsMax: 1 });
    expect(page).toMatchObject({ openBeforeMinor, ...ofAll });
    expect(page.items.map(({ item }) => item.id)).toEqual([items[offset]!.id]);
    expect(await read({ itemId: items[offset]!.id })).toEqual(page);
  }
  expect(await read({ offset: 3, rowsMax: 5 })).toMatchObject({ items: [] });
  expect((await read({ offset: 0, rowsMax: 10 })).items).toHaveLength(3);
});

test('of a debit memo: what is applied to its lines', async () => {
  const account = await putAccount();
  const { memo, items } = await putDebitMemo(account.id, 3_000, 2_000);
  await env.DB.prepare('UPDATE debit_memo_item SET applied_minor = 700 WHERE id = ?1')
    .bind(items[0]!.id)
    .run();
  const page = await readMemoItems(env.DB, 'debitMemoItem', memo.id, { offset: 1, rowsMax: 5 });
  expect(page).toMatchObject({ openBeforeMinor: 2_300, explicitMinor: 700, refundedFromLinesMinor: 0 });
  expect(page.items.map(({ item }) => item.id)).toEqual([items[1]!.id]);
});
