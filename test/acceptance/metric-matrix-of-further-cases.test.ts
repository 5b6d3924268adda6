// The matrix of operations and metrics (semantics F.1), further cases of rows 1, 6, 13, 14, 16 and 33: what is kept or only shown, charges of
// other types, transfers with the invoice owner, orders that are reverted, drafts to their end, and payments of nobody.

import { expect } from 'vitest';
import { createPlan } from '../conformance/support/fixtures.ts';
import { listAt, textAt } from '../conformance/support/reply-reading.ts';
import { type Cell, FIRST_DAY, FLAT_PRICE, type MatrixRow } from '../support/matrix-cell.ts';
import { metricMatrix } from '../support/metric-matrix.ts';

const matrix = metricMatrix();

const orders: readonly MatrixRow[] = [
  {
    row: 1,
    name: 'an order that is scheduled',
    prepare: async (cell) => () =>
      cell.order([cell.creation(cell.catalog.flat)], {
        status: 'Scheduled',
        schedulingOptions: { scheduledDatePolicy: 'SpecificDate', scheduledDate: '2099-01-01' },
      }),
    moves: {},
  },
  {
    row: 1,
    name: 'an order that is only previewed, with its bill',
    prepare: async (cell) => () =>
      cell.send('POST', '/v1/orders/preview', {
        orderDate: FIRST_DAY,
        existingAccountNumber: cell.account.number,
        subscriptions: [cell.creation(cell.catalog.flat)],
        previewOptions: {
          previewTypes: ['BillingDocs'],
          previewThruType: 'SpecificDate',
          specificPreviewThruDate: '2026-03-31',
        },
      }),
    moves: {},
  },
  {
    row: 6,
    name: 'a usage charge',
    prepare: async (cell) => {
      const usage = await createPlan(matrix.scenario.checked, {
        Name: 'Minutes',
        ChargeModel: 'Per Unit Pricing',
        ChargeType: 'Usage',
        UOM: 'Minutes',
        ProductRatePlanChargeTierData: {
          ProductRatePlanChargeTier: ['USD', 'EUR'].map((Currency) => ({ Currency, Price: FLAT_PRICE })),
        },
      });
      return () => cell.subscribe(usage);
    },
    moves: {},
  },
  {
    row: 13,
    name: 'a transfer to other owners: what was invoiced stays',
    prepare: async (cell) => {
      const { number } = await cell.subscribe(cell.catalog.flat);
      await cell.invoice(40);
      await cell.payment(15);
      return () =>
        cell.change(number, 'OwnerTransfer', {
          destinationAccountNumber: cell.other.number,
          destinationInvoiceAccountNumber: cell.other.number,
        });
    },
    moves: { CMRR: -FLAT_PRICE },
    movesOther: { CMRR: FLAT_PRICE },
  },
  {
    row: 14,
    name: 'an order that is reverted: a product is no longer added',
    prepare: async (cell) => {
      const { number } = await cell.subscribe(cell.catalog.flat);
      const own = { productRatePlanId: cell.catalog.other.ratePlanId };
      const added = await cell.change(number, 'AddProduct', own);
      const path = `/v1/orders/${textAt(added, 'orderNumber')}/revert`;
      return () => cell.send('POST', path, { orderDate: FIRST_DAY });
    },
    moves: { CMRR: -60 },
  },
];

/** What happens to a draft from being made to being gone. */
const draft = (name: string, life: (cell: Cell) => Promise<unknown>): MatrixRow => ({
  row: 16,
  name,
  prepare: async (cell) => () => life(cell),
  moves: {},
});

const memoLife = (kind: 'credit' | 'debit') => async (cell: Cell) => {
  const id = await (kind === 'credit' ? cell.creditMemo(40, {}) : cell.debitMemo(40, {}));
  const path = `/v1/${kind}-memos/${id}`;
  await cell.send('PUT', path, { comment: 'changed' });
  await cell.send('PUT', `${path}/cancel`);
  await cell.send('DELETE', path);
};

const drafts: readonly MatrixRow[] = [
  draft('a draft invoice, changed and cancelled', async (cell) => {
    const path = `/v1/invoices/${await cell.invoice(40, { status: 'Draft' })}`;
    const { body } = await matrix.scenario.client.get<never>(`${path}/items`);
    const [item] = listAt(body, 'invoiceItems');
    await cell.send('PUT', path, { invoiceItems: [{ id: textAt(item!, 'id'), amount: 55 }] });
    const canceled = await matrix.scenario.client.put(path.replace('invoices', 'object/invoice'), {
      Status: 'Canceled',
    });
    expect(canceled.status).toBe(200);
  }),
  draft('a draft credit memo, changed, cancelled and deleted', memoLife('credit')),
  draft('a draft debit memo, changed, cancelled and deleted', memoLife('debit')),
  {
    row: 16,
    name: 'a bill that stays a draft',
    prepare: async (cell) => {
      await cell.subscribe(cell.catalog.flat);
      return () =>
        cell.send('POST', `/v1/accounts/${cell.account.id}/billing-documents/generate`, {
          targetDate: '2026-02-01',
          effectiveDate: '2026-02-03',
        });
    },
    moves: {},
  },
];

const payments: readonly MatrixRow[] = [
  {
    row: 33,
    name: 'a payment that moves to nobody',
    prepare: async (cell) => {
      const id = await cell.payment(70);
      return () => cell.send('PUT', `/v1/payments/${id}/transfer`, {});
    },
    moves: { UPA: -70 },
  },
  {
    row: 33,
    name: 'a payment of nobody that moves to an account',
    prepare: async (cell) => {
      const id = await cell.payment(70);
      await cell.send('PUT', `/v1/payments/${id}/transfer`, {});
      return () => cell.send('PUT', `/v1/payments/${id}/transfer`, { accountId: cell.other.id });
    },
    moves: {},
    movesOther: { UPA: 70 },
  },
];

matrix.testEachCell([...orders, ...drafts, ...payments]);
