import { describe, expect, it } from 'vitest';
import {
  byCheck,
  expectProven,
  messageOf,
  postInvoice,
  putDebitMemo,
  receive,
} from '../support/payment-calls.ts';
import { provenAfterEach } from '../support/proven-metrics.ts';
import { connect, metricsOf, putAccount } from '../support/settlement-fixtures.ts';

// External payments over HTTP: changed, canceled, deleted, transferred to other accounts and to none; how they fall on lines.
const NOBODY = '0'.repeat(32);

provenAfterEach();

describe('PUT /v1/payments/{key}', () => {
  it('changes what no money hangs on', async () => {
    const call = await connect();
    const account = await putAccount();
    const { id, number } = await receive(call, account.id, 10, {
      comment: 'before',
      financeInformation: { bankAccountAccountingCode: 'Cash' },
      region__c: 'EU',
    });
    const reply = await call('PUT', `/v1/payments/${number}`, {
      comment: 'after',
      referenceId: 'REF-2',
      financeInformation: { transferredToAccounting: 'Ignore' },
      segment__c: 'B',
    });
    expect(reply).toMatchObject({
      status: 200,
      body: {
        success: true,
        id,
        comment: 'after',
        referenceId: 'REF-2',
        region__c: 'EU',
        segment__c: 'B',
        financeInformation: { transferredToAccounting: 'Ignore' },
        unappliedAmount: 10,
      },
    });
    expect((await call('GET', `/v1/payments/${id}`)).body).toEqual(reply.body);
    expect((await call('PUT', `/v1/payments/${id}`, {})).body).toMatchObject({ comment: 'after' });
    expect((await call('PUT', `/v1/payments/${id}`, { comment: null })).body).toMatchObject({
      comment: null,
    });
  });

  it.each([
    ['comment', { comment: 'x'.repeat(256) }],
    ['referenceId', { referenceId: 7 }],
    ['gatewayState', { gatewayState: 'Gone' }],
    ['gatewayState', { gatewayState: 'Settled' }],
    ['paymentScheduleKey', { paymentScheduleKey: 'PS-1' }],
    ['financeInformation', { financeInformation: 'x' }],
  ])('names a wrong %s', async (field, body) => {
    const call = await connect();
    const { id } = await receive(call, (await putAccount()).id, 10);
    const reply = await call('PUT', `/v1/payments/${id}`, body);
    expect(reply.status).toBe(400);
    expect(messageOf(reply)).toContain(field);
  });
});

describe('PUT /v1/payments/{key}/cancel', () => {
  it('takes the payment off everything, and only then it can be deleted', async () => {
    const call = await connect();
    const account = await putAccount();
    const invoice = await postInvoice(call, account.id, 30);
    const { id, number } = await receive(call, account.id, 50, {
      invoices: [{ invoiceId: invoice.id, amount: 30 }],
    });
    expect((await call('DELETE', `/v1/payments/${id}`)).status).toBe(400);
    const reply = await call('PUT', `/v1/payments/${number}/cancel`);
    expect(reply).toMatchObject({
      status: 200,
      body: {
        success: true,
        status: 'Canceled',
        amount: 50,
        appliedAmount: 0,
        unappliedAmount: 50,
        cancelledOn: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      },
    });
    expect(await metricsOf(account)).toMatchObject({ invoices: 3_000, unapplied: 0 });
    expect((await call('GET', `/v1/invoices/${invoice.id}`)).body).toMatchObject({ balance: 30 });
    expect((await call('GET', `/v1/payments/${id}/parts`)).body).toMatchObject({ parts: [] });
    await expectProven(call, account.id);
    const again = await call('PUT', `/v1/payments/${id}/cancel`);
    expect(again.status).toBe(400);
    expect(messageOf(again)).toContain('Canceled, not Processed');
    expect(await call('DELETE', `/v1/payments/${id}`)).toMatchObject({
      status: 200,
      body: { success: true },
    });
    expect((await call('GET', `/v1/payments/${id}`)).status).toBe(404);
    await expectProven(call, account.id);
  });

  it('sees what was applied by requests at the same moment', async () => {
    const call = await connect();
    const account = await putAccount();
    const invoice = await postInvoice(call, account.id, 100);
    const { id } = await receive(call, account.id, 50);
    const apply = { invoices: [{ invoiceId: invoice.id, amount: 10 }] };
    const replies = await Promise.all([
      call('PUT', `/v1/payments/${id}/apply`, apply),
      call('PUT', `/v1/payments/${id}/apply`, apply),
      call('PUT', `/v1/payments/${id}/cancel`),
      call('PUT', `/v1/payments/${id}/apply`, apply),
      call('PUT', `/v1/payments/${id}/cancel`),
    ]);
    expect(replies.filter(({ status }) => status >= 500)).toEqual([]);
    const canceled = replies.filter(({ body }) => body.status === 'Canceled');
    expect(canceled).toHaveLength(1);
    expect((await call('GET', `/v1/invoices/${invoice.id}`)).body).toMatchObject({ balance: 100 });
    expect(await metricsOf(account)).toMatchObject({ invoices: 10_000, unapplied: 0 });
    await expectProven(call, account.id);
  });

  it('is refused while something is refunded', async () => {
    const call = await connect();
    const account = await putAccount();
    const { id } = await receive(call, account.id, 50);
    const refund = (await call('POST', `/v1/payments/${id}/refunds`, byCheck(10))).body;
    expect((await call('PUT', `/v1/payments/${id}/cancel`)).status).toBe(400);
    expect((await call('PUT', `/v1/refunds/${refund.id}/cancel`)).status).toBe(200);
    expect((await call('PUT', `/v1/payments/${id}/cancel`)).status).toBe(200);
    expect((await call('DELETE', `/v1/payments/${id}`)).status).toBe(200);
    // The refund that was taken back stays, and says that its payment is gone.
    expect((await call('GET', `/v1/refunds/${refund.id}`)).body).toMatchObject({
      paymentId: id,
      paymentNumber: null,
    });
    await expectProven(call, account.id);
  });
});

describe('PUT /v1/payments/{key}/transfer', () => {
  it('moves a payment to another account, to none, and back', async () => {
    const call = await connect();
    const [from, to] = [await putAccount(), await putAccount()];
    const { id, number } = await receive(call, from.id, 44.1);
    expect(
      (await call('PUT', `/v1/payments/${id}/transfer`, { accountId: to.accountNumber })).body,
    ).toMatchObject({
      success: true,
      accountId: to.id,
      accountNumber: to.accountNumber,
      unappliedAmount: 44.1,
    });
    expect(await metricsOf(from)).toMatchObject({ unapplied: 0 });
    expect(await metricsOf(to)).toMatchObject({ unapplied: 4_410 });
    const nobodys = await call('PUT', `/v1/payments/${number}/transfer`, {});
    expect(nobodys.body).toMatchObject({ success: true, id });
    expect(nobodys.body).not.toHaveProperty('accountId');
    expect(nobodys.body).not.toHaveProperty('accountNumber');
    expect(await metricsOf(to)).toMatchObject({ unapplied: 0 });
    expect((await call('GET', `/v1/payments/${id}`)).body).toEqual(nobodys.body);
    expect((await call('GET', `/v1/payments?number=${number}`)).body.payments).toMatchObject([{ id }]);
    expect((await call('GET', `/v1/payments?accountId=${to.id}`)).body.payments).toEqual([]);
    const back = await call('PUT', `/v1/payments/${id}/transfer`, { accountId: from.id });
    expect(back.body).toMatchObject({ success: true, accountId: from.id });
    // In its account again it is like any other.
    const invoice = await postInvoice(call, from.id, 40);
    const applied = await call('PUT', `/v1/payments/${id}/apply`, {
      invoices: [{ invoiceId: invoice.id, amount: 40 }],
    });
    expect(applied.body).toMatchObject({ success: true, unappliedAmount: 4.1 });
    for (const account of [from, to]) await expectProven(call, account.id);
  });

  it('lets one of two transfers at once through, from wherever the payment is', async () => {
    const call = await connect();
    const accounts = [await putAccount(), await putAccount(), await putAccount()];
    const { id } = await receive(call, accounts[0]!.id, 10);
    const replies = await Promise.all(
      [1, 2, 1, 2].map((i) => call('PUT', `/v1/payments/${id}/transfer`, { accountId: accounts[i]!.id })),
    );
    expect(replies.every(({ status }) => status === 200 || status === 400)).toBe(true);
    const { accountId } = (await call('GET', `/v1/payments/${id}`)).body;
    for (const account of accounts) {
      expect((await metricsOf(account)) ?? { unapplied: 0 }).toMatchObject({
        unapplied: account.id === accountId ? 1_000 : 0,
      });
      await expectProven(call, account.id);
    }
  });

  it('refuses what is applied, unknown accounts, and where it is already', async () => {
    const call = await connect();
    const account = await putAccount();
    const other = await putAccount();
    const invoice = await postInvoice(call, account.id, 30);
    const applied = await receive(call, account.id, 50, { invoices: [{ invoiceId: invoice.id, amount: 1 }] });
    const free = await receive(call, account.id, 50);
    const cases: Array<[string, object, string]> = [
      [applied.id, { accountId: other.id }, 'applied or refunded in part'],
      [free.id, { accountId: NOBODY }, 'accountId'],
      [free.id, { accountId: '' }, 'accountId'],
      [free.id, { accountId: account.id }, 'already'],
    ];
    for (const [id, body, message] of cases) {
      const reply = await call('PUT', `/v1/payments/${id}/transfer`, body);
      expect(reply.status).toBe(400);
      expect(messageOf(reply)).toContain(message);
    }
  });
});

describe('parts for debit memos and for lines', () => {
  it('fall on the lines that were named, and what is of the whole on the lines in their order', async () => {
    const call = await connect();
    const account = await putAccount();
    const { memo, items } = await putDebitMemo(account.id, 3_000, 2_000, 1_000);
    const [first, second, third] = items.map((item) => item.id);
    const named = await receive(call, account.id, 25, {
      debitMemos: [
        {
          debitMemoNumber: memo.memoNumber,
          amount: 25,
          items: [
            { debitMemoItemId: first, amount: 10 },
            { debitMemoItemId: third, amount: 5 },
            { debitMemoItemId: second, amount: 10 },
          ],
        },
      ],
    });
    const whole = await receive(call, account.id, 40, { debitMemos: [{ debitMemoId: memo.id, amount: 32 }] });
    const rest = await receive(call, account.id, 5, { debitMemos: [{ debitMemoId: memo.id, amount: 3 }] });
    const itemsOf = async (paymentId: string) => {
      const { parts } = (await call('GET', `/v1/payments/${paymentId}/parts`)).body as {
        parts: Array<{ id: string }>;
      };
      const path = `/v1/payments/${paymentId}/parts/${parts[0]!.id}/item-parts`;
      return { path, reply: await call('GET', path) };
    };
    const shown = (body: object) =>
      (body as { itemParts: Array<{ debitMemoItemId: string; amount: number }> }).itemParts.map((part) => [
        part.debitMemoItemId,
        part.amount,
      ]);
    const ofNamed = await itemsOf(named.id);
    expect(shown(ofNamed.reply.body)).toEqual([
      [first, 10],
      [second, 10],
      [third, 5],
    ]);
    const ofWhole = await itemsOf(whole.id);
    expect(shown(ofWhole.reply.body)).toEqual([
      [first, 20],
      [second, 10],
      [third, 2],
    ]);
    expect(shown((await itemsOf(rest.id)).reply.body)).toEqual([[third, 3]]);
    const { itemParts } = ofWhole.reply.body as { itemParts: Array<{ id: string }> };
    const last = await call('GET', `${ofWhole.path}?page=2&pageSize=2`);
    expect([shown(last.body), last.body.nextPage]).toEqual([[[third, 2]], undefined]);
    const middle = await call('GET', `${ofWhole.path}?page=2&pageSize=1`);
    expect(shown(middle.body)).toEqual([[second, 10]]);
    expect(middle.body.nextPage).toContain('page=3');
    const one = await call('GET', `${ofWhole.path}/${itemParts[1]!.id}`);
    expect(one.body).toMatchObject({
      debitMemoItemId: second,
      invoiceItemId: null,
      amount: 10,
      success: true,
    });
    expect((await call('GET', ofWhole.path.replace('item-parts', 'itemparts'))).body).toEqual(
      ofWhole.reply.body,
    );
    const page = await call('GET', `${ofWhole.path}?pageSize=2`);
    expect(shown(page.body)).toHaveLength(2);
    const next = (page.body.nextPage as string).replace('https://spillway.test', '');
    expect(shown((await call('GET', next)).body)).toEqual([[third, 2]]);
    expect((await call('GET', `${ofWhole.path}/${NOBODY}`)).status).toBe(404);
    const off = {
      debitMemos: [{ debitMemoId: memo.id, amount: 5, items: [{ debitMemoItemId: first, amount: 5 }] }],
    };
    expect((await call('PUT', `/v1/payments/${named.id}/unapply`, off)).body).toMatchObject({
      appliedAmount: 20,
    });
    expect((await call('PUT', `/v1/payments/${whole.id}/unapply`, off)).status).toBe(400);
    expect((await call('PUT', `/v1/payments/${named.id}/cancel`)).body).toMatchObject({ status: 'Canceled' });
    // What of the whole fell on later lines moves up when the named lines are free again.
    expect(shown((await itemsOf(whole.id)).reply.body)).toEqual([
      [first, 30],
      [second, 2],
    ]);
  });

  it('are named with the invoice’s items', async () => {
    const call = await connect();
    const account = await putAccount();
    const invoice = await postInvoice(call, account.id, 30, 20);
    const { invoiceItems } = (await call('GET', `/v1/invoices/${invoice.id}/items`)).body as {
      invoiceItems: Array<{ id: string }>;
    };
    const { id } = await receive(call, account.id, 60);
    const apply = (amount: number, itemAmount: number, invoiceItemId = invoiceItems[1]!.id) =>
      call('PUT', `/v1/payments/${id}/apply`, {
        invoices: [{ invoiceId: invoice.id, amount, items: [{ invoiceItemId, amount: itemAmount }] }],
      });
    expect(messageOf(await apply(20.01, 20.01))).toContain('items[0].amount');
    expect(messageOf(await apply(2, 1))).toContain('items');
    expect(messageOf(await apply(1, 1, NOBODY))).toContain('items[0].invoiceItemId');
    expect((await apply(20, 20)).body).toMatchObject({ success: true, appliedAmount: 20 });
    const { parts } = (await call('GET', `/v1/payments/${id}/parts`)).body as {
      parts: Array<{ id: string }>;
    };
    const shown = await call('GET', `/v1/payments/${id}/parts/${parts[0]!.id}/item-parts`);
    expect(shown.body.itemParts).toMatchObject([{ invoiceItemId: invoiceItems[1]!.id, amount: 20 }]);
    await expectProven(call, account.id);
  });
});

describe('GET /v1/payments', () => {
  it('sorts by what an index is in the order of, and says what it is not', async () => {
    const call = await connect();
    const account = await putAccount();
    const made: string[] = [];
    for (const day of ['02', '01', '03']) {
      made.push((await receive(call, account.id, 1, { effectiveDate: `2026-05-${day}` })).number);
    }
    const numbers = async (query: string) =>
      ((await call('GET', `/v1/payments?${query}`)).body.payments as Array<{ number: string }>).map(
        (p) => p.number,
      );
    const [second, first, third] = made;
    expect(await numbers(`accountId=${account.id}&sort=effectiveDate`)).toEqual([first, second, third]);
    expect(await numbers(`accountId=${account.id}&sort=-effectiveDate`)).toEqual([third, second, first]);
    expect(await numbers('sort=-createdDate&pageSize=3')).toEqual([third, first, second]);
    expect(await numbers('sort=-number&pageSize=3')).toEqual([third, first, second]);
    expect(await numbers('sort=%2Bnumber&pageSize=1')).not.toEqual([third]);
    for (const query of [`accountId=${account.id}&sort=number`, 'sort=effectiveDate', 'sort=amount']) {
      const reply = await call('GET', `/v1/payments?${query}`);
      expect(reply.status).toBe(400);
      expect(messageOf(reply)).toMatch(/^sort/);
    }
  });
});

it('answers 404 for payments that are not there', async () => {
  const call = await connect();
  const path = `/v1/payments/${NOBODY}`;
  for (const [method, suffix, body] of [
    ['PUT', '', { comment: 'x' }],
    ['PUT', '/transfer', {}],
    ['PUT', '/cancel', undefined],
    ['DELETE', '', undefined],
    ['GET', `/parts/${NOBODY}/item-parts`, undefined],
    ['GET', `/parts/${NOBODY}/item-parts/${NOBODY}`, undefined],
  ] as const) {
    expect((await call(method, `${path}${suffix}`, body)).status).toBe(404);
  }
});
