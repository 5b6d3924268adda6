// The matrix of operations and metrics (semantics F.1), rows 1 to 15: orders, each for a partner and for an ordinary account, in the
// account's currency and in another one.

import { expect, test } from 'vitest';
import { expectRow, FIRST_DAY, FLAT_PRICE, type MatrixRow } from '../support/matrix-cell.ts';
import { metricMatrix } from '../support/metric-matrix.ts';

const matrix = metricMatrix();

const dated = (day: string) => ({
  triggerDates: ['ContractEffective', 'ServiceActivation', 'CustomerAcceptance'].map((name) => ({
    name,
    triggerDate: day,
  })),
});

const rows: readonly MatrixRow[] = [
  {
    row: 1,
    name: 'a draft order',
    prepare: async (cell) => () => cell.order([cell.creation(cell.catalog.flat)], { status: 'Draft' }),
    moves: {},
  },
  {
    row: 2,
    name: 'a new subscription',
    prepare: async (cell) => () => cell.subscribe(cell.catalog.flat),
    moves: { CMRR: FLAT_PRICE },
  },
  {
    row: 3,
    name: 'a product that is added',
    prepare: async (cell) => {
      const { number } = await cell.subscribe(cell.catalog.flat);
      const own = { productRatePlanId: cell.catalog.other.ratePlanId };
      return () => cell.change(number, 'AddProduct', own, dated('2026-03-01'));
    },
    moves: { CMRR: 60 },
  },
  {
    row: 4,
    name: 'a new price, booked for later',
    prepare: async (cell) => {
      const { number, ratePlanId, chargeNumber } = await cell.subscribe(cell.catalog.flat);
      const pricing = { recurringFlatFee: { listPrice: 130 } };
      const own = { ratePlanId, chargeUpdates: [{ chargeNumber, pricing }] };
      return () => cell.change(number, 'UpdateProduct', own, dated('2026-06-01'));
    },
    moves: { CMRR: 30 },
  },
  {
    row: 5,
    name: 'a product that is removed later',
    prepare: async (cell) => {
      const { number, ratePlanId } = await cell.subscribe(cell.catalog.flat);
      return () => cell.change(number, 'RemoveProduct', { ratePlanId }, dated('2026-06-01'));
    },
    moves: { CMRR: -FLAT_PRICE },
  },
  {
    row: 6,
    name: 'charges for a fixed period and for once',
    prepare: async (cell) => () => cell.subscribe(cell.catalog.fixedPeriod, cell.catalog.oneTime),
    moves: {},
  },
  {
    row: 7,
    name: 'a change of plan',
    prepare: async (cell) => {
      const { number, ratePlanId } = await cell.subscribe(cell.catalog.flat);
      const newProductRatePlan = { productRatePlanId: cell.catalog.other.ratePlanId };
      return () => cell.change(number, 'ChangePlan', { ratePlanId, newProductRatePlan }, dated('2026-04-01'));
    },
    moves: { CMRR: 60 - FLAT_PRICE },
  },
  {
    row: 8,
    name: 'a renewal',
    prepare: async (cell) => {
      const { number } = await cell.subscribe(cell.catalog.flat);
      return () => cell.change(number, 'RenewSubscription', {});
    },
    moves: {},
  },
  {
    row: 9,
    name: 'other terms',
    prepare: async (cell) => {
      const { number } = await cell.subscribe(cell.catalog.flat);
      return () => cell.change(number, 'TermsAndConditions', { autoRenew: true });
    },
    moves: {},
  },
  {
    row: 10,
    name: 'a cancellation for a later date',
    prepare: async (cell) => {
      const { number } = await cell.subscribe(cell.catalog.flat);
      const own = { cancellationPolicy: 'SpecificDate', cancellationEffectiveDate: '2026-08-01' };
      return () => cell.change(number, 'CancelSubscription', own);
    },
    moves: { CMRR: -FLAT_PRICE },
  },
  {
    row: 11,
    name: 'a suspension',
    prepare: async (cell) => {
      const { number } = await cell.subscribe(cell.catalog.flat);
      const own = { suspendPolicy: 'SpecificDate', suspendSpecificDate: '2026-04-01' };
      return () => cell.change(number, 'Suspend', own);
    },
    moves: {},
  },
  {
    row: 13,
    name: 'a transfer to another owner',
    prepare: async (cell) => {
      const { number } = await cell.subscribe(cell.catalog.flat);
      return () => cell.change(number, 'OwnerTransfer', { destinationAccountNumber: cell.other.number });
    },
    moves: { CMRR: -FLAT_PRICE },
    movesOther: { CMRR: FLAT_PRICE },
  },
  {
    row: 14,
    name: 'an order that is deleted',
    prepare: async (cell) => {
      const { orderNumber } = await cell.subscribe(cell.catalog.flat);
      return () => cell.send('DELETE', `/v1/orders/${orderNumber}`);
    },
    moves: { CMRR: -FLAT_PRICE },
  },
  {
    row: 15,
    name: 'an order that is billed at once',
    prepare: async (cell) => () =>
      cell.order([cell.creation(cell.catalog.flat)], {
        processingOptions: {
          runBilling: true,
          billingOptions: { targetDate: FIRST_DAY, documentDate: '2026-01-05' },
        },
      }),
    moves: { CMRR: FLAT_PRICE, TIB: FLAT_PRICE, LID: '2026-01-05' },
  },
];

matrix.testEachCell(rows);

/** The calendar does this one, with the next of its ticks: all cells wait for it together. */
test('row 12: a subscription whose term is over', { timeout: 120_000 }, async () => {
  const over: MatrixRow = {
    row: 12,
    name: 'expired',
    prepare: async (cell) => {
      const { number } = await cell.subscribe(cell.catalog.flat);
      const own = { lastTerm: { termType: 'TERMED', startDate: FIRST_DAY, period: 1, periodType: 'Month' } };
      const status = async () => {
        const reply = await matrix.scenario.client.get<{ status: string }>(`/v1/subscriptions/${number}`);
        return reply.body.status;
      };
      // Shortening the term moves no contracted MRR by itself (row 9).
      await cell.change(number, 'TermsAndConditions', own);
      return async () => {
        await matrix.server.scheduled();
        await expect.poll(status, { timeout: 90_000, interval: 100 }).toBe('Expired');
      };
    },
    moves: { CMRR: -FLAT_PRICE },
  };
  const cells = [true, false].flatMap((flagged) =>
    (['USD', 'EUR'] as const).map((currency) => ({ flagged, currency })),
  );
  await Promise.all(
    cells.map(async ({ flagged, currency }) =>
      expectRow(await matrix.cell(flagged, currency), over, flagged),
    ),
  );
});
