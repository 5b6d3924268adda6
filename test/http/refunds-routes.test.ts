import { describe, expect, it } from 'vitest';
import {
  byCheck,
  expectProven,
  messageOf,
  postInvoice,
  putCreditMemo,
  receive,
} from '../support/payment-calls.ts';
import { provenAfterEach } from '../support/proven-metrics.ts';
import { connect, metricsOf, putAccount } from '../support/settlement-fixtures.ts';

// Refunds over HTTP: of payments, of payments that are applied, of credit memos; shown, changed, canceled and deleted.
const NOBODY = '0'.repeat(32);

provenAfterEach();

describe('POST /v1/payments/{key}/refunds', () => {
  it('gives back what is unapplied; canceling it leaves the payment as it was', async () => {
    const call = await connect();
    const account = await putAccount();
    const { id, number } = await receive(call, account.id, 50);
    const reply = await call(
      'POST',
      `/v1/payments/${number}/refunds`,
      byCheck(12.34, {
        refundDate: '2026-03-21',
        comment: 'overpaid',
        reasonCode: 'Standard Refund',
        referenceId: 'CHK-7',
        secondRefundReferenceId: 'CHK-8',
        financeInformation: { bankAccountAccountingCode: 'Cash' },
        refundTransactionType: 'PaymentReversal',
        case__c: 'C-1',
      }),
    );
    expect(reply).toMatchObject({
      status: 200,
      body: {
        success: true,
        number: expect.stringMatching(/^R-\d{8}$/),
        status: 'Processed',
        type: 'External',
        methodType: 'Check',
        accountId: account.id,
        amount: 12.34,
        refundDate: '2026-03-21',
        paymentId: id,
        paymentNumber: number,
        creditMemoId: null,
        comment: 'overpaid',
        reasonCode: 'Standard Refund',
        referenceId: 'CHK-7',
        secondRefundReferenceId: 'CHK-8',
        financeInformation: { bankAccountAccountingCode: 'Cash' },
        case__c: 'C-1',
        cancelledOn: null,
      },
    });
    const refund = reply.body as { id: string; number: string };
    expect((await call('GET', `/v1/refunds/${refund.number}`)).body).toEqual(reply.body);
    expect((await call('GET', `/v1/payments/${id}`)).body).toMatchObject({
      unappliedAmount: 37.66,
      refundAmount: 12.34,
    });
    expect(await metricsOf(account)).toMatchObject({ unapplied: 3_766 });
    await expectProven(call, account.id);
    expect((await call('DELETE', `/v1/refunds/${refund.id}`)).status).toBe(400);
    const canceled = await call('PUT', `/v1/refunds/${refund.number}/cancel`);
    expect(canceled.body).toMatchObject({
      success: true,
      status: 'Canceled',
      paymentNumber: number,
      cancelledOn: expect.stringMatching(/^\d{4}-/),
    });
    expect(await metricsOf(account)).toMatchObject({ unapplied: 5_000 });
    await expectProven(call, account.id);
    expect((await call('PUT', `/v1/refunds/${refund.id}/cancel`)).status).toBe(400);
    expect(await call('DELETE', `/v1/refunds/${refund.id}`)).toMatchObject({
      status: 200,
      body: { success: true },
    });
    expect((await call('GET', `/v1/refunds/${refund.id}`)).status).toBe(404);
  });

  it('refunds no more than there is, however many ask at once', async () => {
    const call = await connect();
    const account = await putAccount();
    const { id } = await receive(call, account.id, 50);
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => call('POST', `/v1/payments/${id}/refunds`, byCheck(10))),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(5);
    for (const reply of replies.filter(({ status }) => status !== 200)) {
      expect(messageOf(reply)).toContain('totalAmount');
    }
    expect(await metricsOf(account)).toMatchObject({ unapplied: 0 });
    await expectProven(call, account.id);
  });

  it.each([
    ['type', { type: undefined }],
    ['type', { type: 'Electronic' }],
    ['methodType', { methodType: undefined }],
    ['methodType', { methodType: 'Barter' }],
    ['totalAmount', { totalAmount: undefined }],
    ['totalAmount', { totalAmount: 0 }],
    ['totalAmount', { totalAmount: 50.01 }],
    ['totalAmount', { totalAmount: 1.005 }],
    ['refundDate', { refundDate: '2026-03-19' }],
    ['refundDate', { refundDate: 'soon' }],
    ['comment', { comment: 'x'.repeat(256) }],
    ['refundTransactionType', { refundTransactionType: 'Gift' }],
    ['gatewayOptions', { gatewayOptions: { mode: 'x' } }],
    ['case__c', { case__c: { deep: 1 } }],
  ])('names a wrong %s', async (field, wrong) => {
    const call = await connect();
    const account = await putAccount();
    const { id } = await receive(call, account.id, 50);
    const body = byCheck(1, wrong);
    for (const path of [`/v1/payments/${id}/refunds`, `/v1/payments/${id}/refunds/unapply`]) {
      // Where the amount may be left out, everything is refunded.
      if (path.endsWith('unapply') && 'totalAmount' in wrong && wrong.totalAmount === undefined) continue;
      const reply = await call('POST', path, body);
      expect(reply.status).toBe(400);
      expect(messageOf(reply)).toContain(field);
    }
    expect(await metricsOf(account)).toMatchObject({ unapplied: 5_000 });
  });
});

describe('POST /v1/payments/{key}/refunds/unapply', () => {
  it('takes the payment off what it paid, and gives it back', async () => {
    const call = await connect();
    const account = await putAccount();
    const first = await postInvoice(call, account.id, 30);
    const second = await postInvoice(call, account.id, 30);
    const { id } = await receive(call, account.id, 50, {
      invoices: [
        { invoiceId: first.id, amount: 30 },
        { invoiceId: second.id, amount: 15 },
      ],
    });
    const refund = (fields: object = {}, amount?: number) =>
      call('POST', `/v1/payments/${id}/refunds/unapply`, byCheck(amount, fields));
    expect((await refund({}, 10)).body).toMatchObject({
      success: true,
      amount: 10,
      status: 'Processed',
      writeOff: false,
      writeOffResults: null,
    });
    expect((await call('GET', `/v1/payments/${id}`)).body).toMatchObject({
      appliedAmount: 40,
      unappliedAmount: 0,
      refundAmount: 10,
    });
    expect((await call('GET', `/v1/invoices/${second.id}`)).body).toMatchObject({ balance: 20 });
    const named = { invoices: [{ invoiceNumber: first.invoiceNumber, amount: 12 }] };
    expect((await refund(named)).body).toMatchObject({ success: true, amount: 12 });
    expect((await call('GET', `/v1/invoices/${first.id}`)).body).toMatchObject({ balance: 12 });
    expect(await metricsOf(account)).toMatchObject({ invoices: 3_200, unapplied: 0 });
    for (const [field, fields, amount] of [
      ['invoices[0].amount', { invoices: [{ invoiceId: first.id, amount: 18.01 }] }, undefined],
      ['totalAmount', named, 11],
      ['totalAmount', named, 13],
      ['totalAmount', {}, 28.01],
      ['writeOff', { writeOff: true }, 1],
      ['writeOffOptions', { writeOffOptions: { comment: 'x' } }, 1],
    ] as const) {
      const reply = await refund(fields, amount);
      expect(reply.status).toBe(400);
      expect(messageOf(reply)).toContain(field);
    }
    expect((await refund()).body).toMatchObject({ success: true, amount: 28 });
    expect((await call('GET', `/v1/payments/${id}`)).body).toMatchObject({
      appliedAmount: 0,
      unappliedAmount: 0,
      refundAmount: 50,
    });
    expect(await metricsOf(account)).toMatchObject({ invoices: 6_000, unapplied: 0 });
    expect((await refund()).status).toBe(400);
    await expectProven(call, account.id);
  });

  it('sees what others at the same moment apply and refund', async () => {
    const call = await connect();
    const account = await putAccount();
    const invoice = await postInvoice(call, account.id, 100);
    const { id } = await receive(call, account.id, 50);
    const apply = () =>
      call('PUT', `/v1/payments/${id}/apply`, { invoices: [{ invoiceId: invoice.id, amount: 20 }] });
    const refund = () => call('POST', `/v1/payments/${id}/refunds/unapply`, byCheck(15));
    const replies = await Promise.all([apply(), refund(), refund(), apply(), refund(), refund()]);
    expect(replies.every(({ status }) => status === 200 || status === 400)).toBe(true);
    const refunded = [1, 2, 4, 5].filter((i) => replies[i]!.status === 200).length;
    expect(refunded).toBe(3);
    const payment = (await call('GET', `/v1/payments/${id}`)).body as Record<string, number>;
    expect(payment.refundAmount).toBe(45);
    expect(payment.appliedAmount! + payment.unappliedAmount!).toBe(5);
    await expectProven(call, account.id);
  });
});

describe('refunds of credit memos', () => {
  it('pay out what is unapplied, of the lines that are named, at every spelling of the path', async () => {
    const call = await connect();
    const account = await putAccount();
    const { memo, items } = await putCreditMemo(account.id, 3_000, 2_000);
    const [first, second] = items.map((item) => item.id);
    const named = await call(
      'POST',
      `/v1/credit-memos/${memo.memoNumber}/refund`,
      byCheck(25, {
        items: [
          { creditMemoItemId: second, amount: 20 },
          { creditMemoItemId: first, amount: 5 },
        ],
      }),
    );
    expect(named).toMatchObject({
      status: 200,
      body: { success: true, amount: 25, creditMemoId: memo.id, paymentId: null, paymentNumber: null },
    });
    const whole = await call('POST', `/v1/creditmemos/${memo.id}/refunds`, byCheck(10));
    expect(whole.body).toMatchObject({ success: true, amount: 10 });
    const itemsOf = async (refundId: unknown) => {
      const { parts } = (await call('GET', `/v1/refunds/${refundId}/parts`)).body as {
        parts: Array<{ id: string }>;
      };
      expect(parts).toMatchObject([{ creditMemoId: memo.id, paymentId: null }]);
      const path = `/v1/refunds/${refundId}/parts/${parts[0]!.id}`;
      expect((await call('GET', path)).body).toEqual({ ...parts[0], success: true });
      const reply = await call('GET', `${path}/item-parts`);
      return {
        path,
        itemParts: reply.body.itemParts as Array<{ id: string; creditMemoItemId: string; amount: number }>,
      };
    };
    const ofNamed = await itemsOf(named.body.id);
    expect(ofNamed.itemParts).toMatchObject([
      { creditMemoItemId: first, amount: 5 },
      { creditMemoItemId: second, amount: 20 },
    ]);
    expect((await itemsOf(whole.body.id)).itemParts).toMatchObject([{ creditMemoItemId: first, amount: 10 }]);
    const onSecondPage = await call('GET', `${ofNamed.path}/item-parts?page=2&pageSize=1`);
    expect(onSecondPage.body).toEqual({ itemParts: [ofNamed.itemParts[1]], success: true });
    const one = await call('GET', `${ofNamed.path}/itemparts/${ofNamed.itemParts[1]!.id}`);
    expect(one.body).toEqual({ ...ofNamed.itemParts[1], success: true });
    expect((await call('GET', `${ofNamed.path}/item-parts/${NOBODY}`)).status).toBe(404);
    for (const [field, body] of [
      ['totalAmount', byCheck(15.01)],
      ['items[0].amount', byCheck(1, { items: [{ creditMemoItemId: second, amount: 1 }] })],
      ['items[0].creditMemoItemId', byCheck(1, { items: [{ creditMemoItemId: NOBODY, amount: 1 }] })],
      ['items', byCheck(2, { items: [{ creditMemoItemId: first, amount: 1 }] })],
      [
        'items[0].creditTaxItemId',
        byCheck(1, { items: [{ creditMemoItemId: first, amount: 1, creditTaxItemId: NOBODY }] }),
      ],
      ['paymentMethodId', byCheck(1, { paymentMethodId: NOBODY })],
    ] as const) {
      const reply = await call('POST', `/v1/credit-memos/${memo.id}/refund`, body);
      expect(reply.status).toBe(400);
      expect(messageOf(reply)).toContain(field);
    }
    expect((await call('PUT', `/v1/refunds/${named.body.id}/cancel`)).body).toMatchObject({
      success: true,
      status: 'Canceled',
    });
    // Canceled, it is still shown on the lines that it was of.
    expect((await itemsOf(named.body.id)).itemParts).toMatchObject([{ amount: 5 }, { amount: 20 }]);
    const again = byCheck(20, { items: [{ creditMemoItemId: second, amount: 20 }] });
    expect((await call('POST', `/v1/credit-memos/${memo.id}/refund`, again)).body).toMatchObject({
      success: true,
    });
  });
});

describe('PUT and GET /v1/refunds', () => {
  it('change what no money hangs on, whatever the status', async () => {
    const call = await connect();
    const account = await putAccount();
    const payment = await receive(call, account.id, 50);
    const { id } = (await call('POST', `/v1/payments/${payment.id}/refunds`, byCheck(1, { comment: 'a' })))
      .body;
    const change = {
      reasonCode: 'Other',
      referenceId: 'R',
      financeInformation: { transferredToAccounting: 'true' },
      x__c: 1,
    };
    expect((await call('PUT', `/v1/refunds/${id}`, change)).body).toMatchObject({
      success: true,
      ...change,
      comment: 'a',
      paymentNumber: payment.number,
    });
    await call('PUT', `/v1/refunds/${id}/cancel`);
    expect((await call('PUT', `/v1/refunds/${id}`, { comment: 'b' })).body).toMatchObject({
      comment: 'b',
      reasonCode: 'Other',
      status: 'Canceled',
    });
    expect((await call('PUT', `/v1/refunds/${id}`, { reasonCode: 5 })).status).toBe(400);
  });

  it('show a payment’s part and its one item', async () => {
    const call = await connect();
    const payment = await receive(call, (await putAccount()).id, 50);
    const { id } = (await call('POST', `/v1/payments/${payment.id}/refunds`, byCheck(7))).body;
    const { parts } = (await call('GET', `/v1/refunds/${id}/parts`)).body as { parts: Array<{ id: string }> };
    expect(parts).toMatchObject([{ amount: 7, paymentId: payment.id, creditMemoId: null }]);
    const path = `/v1/refunds/${id}/parts/${parts[0]!.id}/item-parts`;
    expect((await call('GET', path)).body.itemParts).toMatchObject([{ amount: 7, creditMemoItemId: null }]);
    expect((await call('GET', path.replace(parts[0]!.id, NOBODY))).status).toBe(404);
  });

  it('list by account and by payment, a page at a time', async () => {
    const call = await connect();
    const account = await putAccount();
    const [one, two] = [await receive(call, account.id, 50), await receive(call, account.id, 50)];
    const made: string[] = [];
    for (const [payment, date] of [
      [one, '2026-04-02'],
      [two, '2026-04-01'],
      [one, '2026-04-03'],
    ] as const) {
      const reply = await call(
        'POST',
        `/v1/payments/${payment.id}/refunds`,
        byCheck(1, { refundDate: date }),
      );
      made.push(reply.body.number as string);
    }
    const [middle, oldest, newest] = made;
    const numbers = async (query: string) =>
      ((await call('GET', `/v1/refunds?${query}`)).body.refunds as Array<{ number: string }>).map(
        (r) => r.number,
      );
    expect(await numbers(`accountId=${account.id}`)).toEqual([newest, middle, oldest]);
    expect(await numbers(`accountId=${account.id}&sort=refundDate`)).toEqual([oldest, middle, newest]);
    expect(await numbers(`paymentId=${one.id}`)).toEqual([newest, middle]);
    expect(await numbers(`paymentId=${one.id}&accountId=${account.id}&sort=createdDate`)).toEqual([
      middle,
      newest,
    ]);
    expect(await numbers(`number=${oldest}`)).toEqual([oldest]);
    expect(
      await numbers(
        `accountId=${account.id}&methodType=Check&status=Processed&type=External&refundDate=2026-04-01`,
      ),
    ).toEqual([oldest]);
    expect(await numbers(`accountId=${account.id}&methodType=Cash`)).toEqual([]);
    expect(await numbers('pageSize=3')).toEqual([newest, oldest, middle]);
    const page = await call('GET', `/v1/refunds?accountId=${account.id}&pageSize=2`);
    const next = (page.body.nextPage as string).replace('https://spillway.test', '');
    expect((await call('GET', next)).body.refunds).toMatchObject([{ number: oldest }]);
  });

  it.each([
    ['status', 'status=Processed'],
    ['refundDate', 'refundDate=2026-04-01'],
    ['amount', 'accountId=x&amount=1'],
    ['createdDate', 'createdDate=2026-04-01'],
    ['sort', 'sort=refundDate'],
    ['sort', 'accountId=x&sort=number'],
    ['sort', 'paymentId=x&sort=refundDate'],
    ['methodType', 'accountId=x&methodType=Barter'],
  ])('refuse a wrong %s', async (field, query) => {
    const call = await connect();
    const reply = await call('GET', `/v1/refunds?${query}`);
    expect(reply.status).toBe(400);
    expect(messageOf(reply)).toMatch(new RegExp(`^${field}`));
    expect(reply.body.reasons).toHaveLength(1);
  });
});

it('answers 404 for refunds, and for what is to be refunded, that are not there', async () => {
  const call = await connect();
  for (const [method, path, body] of [
    ['GET', `/v1/refunds/${NOBODY}`, undefined],
    ['GET', '/v1/refunds/R-nothing', undefined],
    ['PUT', `/v1/refunds/${NOBODY}`, {}],
    ['PUT', `/v1/refunds/${NOBODY}/cancel`, undefined],
    ['DELETE', `/v1/refunds/${NOBODY}`, undefined],
    ['GET', `/v1/refunds/${NOBODY}/parts`, undefined],
    ['GET', `/v1/refunds/${NOBODY}/parts/${NOBODY}`, undefined],
    ['GET', `/v1/refunds/${NOBODY}/parts/${NOBODY}/item-parts`, undefined],
    ['GET', `/v1/refunds/${NOBODY}/parts/${NOBODY}/item-parts/${NOBODY}`, undefined],
    ['POST', `/v1/payments/${NOBODY}/refunds`, byCheck(1)],
    ['POST', `/v1/payments/${NOBODY}/refunds/unapply`, byCheck(1)],
    ['POST', `/v1/credit-memos/${NOBODY}/refund`, byCheck(1)],
  ] as const) {
    expect((await call(method, path, body)).status).toBe(404);
  }
});
