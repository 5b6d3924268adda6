import { expect, test } from 'vitest';
import type { DecideContext } from '../../../src/domain/account/command.ts';
import { PlanBuilder } from '../../../src/domain/account/plan.ts';
import type { State } from '../../../src/domain/account/state.ts';
import type { BilledLines } from '../../../src/domain/billing/bill-lines.ts';
import type { NewBillingLine } from '../../../src/domain/billing/bill-subscription.ts';
import { DOCUMENT_LINES_MAX } from '../../../src/domain/billing/document-group.ts';
import { NOT_BILLED } from '../../../src/domain/billing/document-line.ts';
import { writeDocuments } from '../../../src/domain/billing/write-documents.ts';
import { isRefusal } from '../../../src/domain/result.ts';
import { testAccount } from '../../support/order-objects.ts';
import { defaultRules } from '../../support/tenant-rules.ts';

// What is more than one document holds goes into the next; together they hold every line once.

const line = (n: number): NewBillingLine => ({
  ...NOT_BILLED,
  id: n.toString(16).padStart(32, '0'),
  chargeName: 'Seat',
  chargeDate: '2026-03-01 00:00:00',
  amountMinor: 7,
  taxMinor: 0,
  quantity: '1',
  unitPrice: '0.07',
  serviceStartDate: '2026-03-01',
  serviceEndDate: '2026-03-31',
  productRatePlanChargeId: null,
  subscriptionId: null,
  processingType: 'Charge',
  details: {},
});

function written(lines: number): Array<{ lines: number; amountMinor: number }> {
  let ids = 0;
  const context: DecideContext = {
    now: '2026-03-01T00:00:00.000Z',
    today: '2026-03-01',
    actor: 'test',
    rules: defaultRules,
    newId: () => (1_000_000 + ids++).toString(16).padStart(32, '0'),
    nextNumber: () => `INV${ids++}`,
  };
  const billed = {
    account: testAccount(),
    subscription: { currency: 'USD', subscriptionNumber: 'A-S1', details: {} },
    lines: Array.from({ length: lines }, (_, i) => line(i)),
  } as unknown as BilledLines;
  const terms = {
    documentDate: '2026-03-01',
    targetDate: '2026-03-01',
    sourceType: 'Subscription' as const,
    sourceId: null,
    billRunId: null,
    creditMemoReasonCode: null,
  };
  const state: State = { find: () => null };
  const documents = writeDocuments([billed], terms, false, { state, plan: new PlanBuilder(), context });
  if (isRefusal(documents)) throw new Error(documents.message);
  return documents.invoices.map(({ invoice, items }) => ({
    lines: items.length,
    amountMinor: invoice.amountMinor,
  }));
}

test('an invoice holds DOCUMENT_LINES_MAX lines, and the next one takes the rest', () => {
  expect(written(DOCUMENT_LINES_MAX)).toEqual([{ lines: 20_000, amountMinor: 140_000 }]);
  expect(written(DOCUMENT_LINES_MAX + 1)).toEqual([
    { lines: 20_000, amountMinor: 140_000 },
    { lines: 1, amountMinor: 7 },
  ]);
});
