import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../../src/domain/accounts/account.ts';
import { createInvoice } from '../../../src/domain/billing/create-invoice.ts';
import { cancelInvoice, deleteInvoice } from '../../../src/domain/billing/discard-invoice.ts';
import type { Invoice } from '../../../src/domain/billing/invoice.ts';
import { postInvoice } from '../../../src/domain/billing/post-invoice.ts';
import type { MetricDelta } from '../../../src/domain/metrics/delta.ts';
import { fromMinor } from '../../../src/domain/money.ts';
import { applicationId } from '../../../src/domain/settlement/application.ts';
import { applyPayment, unapplyPayment } from '../../../src/domain/settlement/apply-payment.ts';
import { createPayment } from '../../../src/domain/settlement/create-payment.ts';
import type { RequestedPart } from '../../../src/domain/settlement/parts.ts';
import type { Payment } from '../../../src/domain/settlement/payment.ts';
import {
  expectMemosAddUp,
  MEMO_STEPS,
  type MemoStep,
  memoStep,
  putCharge,
  takeMemoStep,
} from '../../support/memo-steps.ts';
import { MemoryState } from '../../support/memory-state.ts';
import {
  PAYMENT_STEPS,
  type PaymentStep,
  paymentStep,
  takePaymentStep,
} from '../../support/payment-steps.ts';

// Whatever is done to invoices and payments, in whatever order: every document adds up, and the sum of the deltas of an account is
// what both formulas of its balance say (I5, semantics B.1).
const CURRENCIES = ['USD', 'JPY'] as const;
type Currency = (typeof CURRENCIES)[number];
const ACCOUNT_IDS = ['a'.repeat(32), 'b'.repeat(32)];

function accountOf(id: string): Account {
  return {
    id,
    revision: 1,
    accountNumber: `A-${id.slice(0, 4)}`,
    name: 'Account',
    status: 'Active',
    currency: 'USD',
    billCycleDay: 1,
    batch: 'Batch1',
    autoPay: false,
    partnerAccount: true,
    parentId: null,
    billToContactId: null,
    soldToContactId: null,
    paymentTerm: 'Net 30',
    details: {},
    customFields: {},
    createdAt: '2026-01-01T00:00:00.000Z',
    createdBy: 'tester',
    updatedAt: '2026-01-01T00:00:00.000Z',
    updatedBy: 'tester',
  };
}

/** A pick among what exists, and an amount in minor units that is often right and sometimes too much. */
interface PartPick {
  readonly pick: number;
  readonly amountMinor: number;
}
interface InvoiceStep {
  readonly kind: 'post' | 'cancel' | 'delete';
  readonly pick: number;
  readonly day: number;
}
type Step =
  | {
      kind: 'create';
      account: number;
      currency: Currency;
      posted: boolean;
      day: number;
      amountsMinor: number[];
    }
  | InvoiceStep
  | { kind: 'pay'; account: number; currency: Currency; amountMinor: number; parts: PartPick[] }
  | { kind: 'apply'; pick: number; parts: PartPick[] }
  | { kind: 'unapply'; pick: number; parts: PartPick[] }
  | PaymentStep
  | MemoStep;

const account = fc.nat({ max: 1 });
const currency = fc.constantFrom(...CURRENCIES);
const pick = fc.nat({ max: 12 });
const day = fc.integer({ min: 10, max: 28 });
const amountMinor = fc.integer({ min: -1, max: 400 });
const parts = fc.array(fc.record({ pick, amountMinor }), { minLength: 0, maxLength: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('create' as const),
    account,
    currency,
    posted: fc.boolean(),
    day,
    amountsMinor: fc.array(fc.integer({ min: -100, max: 500 }), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ kind: fc.constantFrom('post' as const, 'cancel' as const, 'delete' as const), pick, day }),
  fc.record({ kind: fc.constant('pay' as const), account, currency, amountMinor, parts }),
  fc.record({ kind: fc.constant('apply' as const), pick, parts }),
  fc.record({ kind: fc.constant('unapply' as const), pick, parts }),
  paymentStep,
  memoStep,
  memoStep,
);

/** Mostly invoices that fit, with amounts that fit; now and then any invoice and any amount. */
function partsOf(
  state: MemoryState,
  picks: readonly PartPick[],
  { accountId, currency, payment }: { accountId: string; currency: Currency; payment?: Payment },
): RequestedPart[] {
  const invoices = state.all('invoice');
  const fitting = invoices.filter(
    (invoice) =>
      invoice.accountId === accountId &&
      invoice.currency === currency &&
      invoice.status === 'Posted' &&
      (payment === undefined || roomOf(state, invoice, payment) > 0),
  );
  return picks.flatMap(({ pick, amountMinor }): RequestedPart[] => {
    const candidates = pick === 0 || fitting.length === 0 ? invoices : fitting;
    const invoice = candidates[pick % Math.max(candidates.length, 1)];
    if (invoice === undefined) return [];
    const room = payment === undefined ? invoice.balanceMinor : roomOf(state, invoice, payment);
    const amount = fromMinor(pick % 4 === 0 ? amountMinor : Math.min(amountMinor, room), currency);
    return pick % 2 === 0
      ? [{ targetKind: 'invoice', key: invoice.id, keyField: 'invoiceId', amount, items: [] }]
      : [{ targetKind: 'invoice', key: invoice.invoiceNumber, keyField: 'invoiceNumber', amount, items: [] }];
  });
}

/** What of this payment could be taken off the invoice. */
function roomOf(state: MemoryState, invoice: Invoice, payment: Payment): number {
  return state.find('paymentApplication', applicationId(payment.id, invoice.id))?.amountMinor ?? 0;
}

function take(state: MemoryState, taken: Step): void {
  if (taken.kind === 'create') {
    state.run(createInvoice, {
      accountId: ACCOUNT_IDS[taken.account]!,
      accountNumber: null,
      invoiceNumber: null,
      invoiceDate: `2026-03-${taken.day}`,
      dueDate: null,
      paymentTerm: null,
      currency: taken.currency,
      status: taken.posted ? 'Posted' : 'Draft',
      autoPay: false,
      comments: null,
      billToContactId: null,
      soldToContactId: null,
      items: taken.amountsMinor.map((minor) => ({
        amount: fromMinor(minor, taken.currency),
        unitPrice: null,
        quantity: null,
        chargeName: 'Line',
        chargeDate: null,
        serviceStartDate: '2026-03-01',
        serviceEndDate: null,
        productRatePlanChargeId: null,
        details: {},
        customFields: {},
      })),
      details: {},
      customFields: {},
    });
  } else if (taken.kind === 'pay') {
    state.run(createPayment, {
      accountId: ACCOUNT_IDS[taken.account]!,
      accountNumber: null,
      amount: fromMinor(taken.amountMinor, taken.currency),
      currency: taken.currency,
      effectiveDate: null,
      paymentMethodId: null,
      paymentMethodType: 'Check',
      comment: null,
      referenceId: null,
      parts: partsOf(state, taken.parts, {
        accountId: ACCOUNT_IDS[taken.account]!,
        currency: taken.currency,
      }),
      details: {},
      customFields: {},
    });
  } else if (taken.kind === 'apply' || taken.kind === 'unapply') {
    const payments = state.all('payment');
    const payment = payments[taken.pick % Math.max(payments.length, 1)];
    if (payment === undefined) return;
    state.run(taken.kind === 'apply' ? applyPayment : unapplyPayment, {
      paymentId: payment.id,
      effectiveDate: null,
      parts: partsOf(state, taken.parts, {
        accountId: payment.accountId,
        currency: payment.currency as Currency,
        ...(taken.kind === 'unapply' ? { payment } : {}),
      }),
    });
  } else if (MEMO_STEPS.has(taken.kind)) {
    takeMemoStep(state, taken as MemoStep, ACCOUNT_IDS);
  } else if (PAYMENT_STEPS.has(taken.kind)) {
    takePaymentStep(state, taken as PaymentStep, ACCOUNT_IDS);
  } else {
    takeInvoiceStep(state, taken as InvoiceStep);
  }
}

function takeInvoiceStep(state: MemoryState, { kind, pick, day }: InvoiceStep): void {
  const invoices = state.all('invoice');
  const invoice = invoices[pick % Math.max(invoices.length, 1)];
  if (invoice === undefined) return;
  const invoiceId = invoice.id;
  if (kind === 'cancel') state.run(cancelInvoice, { invoiceId });
  else if (kind === 'delete') state.run(deleteInvoice, { invoiceId });
  else state.run(postInvoice, { invoiceId, invoiceDate: `2026-03-${day}`, customFields: {} });
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);

function expectDocumentsAddUp(state: MemoryState): void {
  const applications = state.all('paymentApplication');
  for (const application of applications) expect(application.amountMinor).toBeGreaterThan(0);
  for (const invoice of state.all('invoice')) {
    const items = state.all('invoiceItem').filter((item) => item.invoiceId === invoice.id);
    expect(sum(items.map((item) => item.amountMinor))).toBe(invoice.amountMinor);
    const applied = applications.filter((application) => application.targetId === invoice.id);
    expect(invoice.paymentsAppliedMinor).toBe(sum(applied.map((a) => a.amountMinor)));
    const credited = state.all('creditMemoApplication').filter(({ targetId }) => targetId === invoice.id);
    expect(invoice.creditMemosAppliedMinor).toBe(sum(credited.map((a) => a.amountMinor)));
    expect(invoice.balanceMinor).toBe(
      invoice.amountMinor - invoice.paymentsAppliedMinor - invoice.creditMemosAppliedMinor,
    );
    if (invoice.isReversed) expect(invoice.balanceMinor).toBe(0);
    expect(invoice.balanceMinor).toBeGreaterThanOrEqual(0);
    if (invoice.status !== 'Posted') expect(applied).toEqual([]);
  }
  for (const payment of state.all('payment')) {
    const applied = applications.filter((application) => application.sourceId === payment.id);
    expect(payment.appliedMinor).toBe(sum(applied.map((a) => a.amountMinor)));
    const refunds = state
      .all('refund')
      .filter(({ sourceId, status }) => sourceId === payment.id && status === 'Processed');
    expect(payment.refundedMinor).toBe(sum(refunds.map((refund) => refund.amountMinor)));
    expect(payment.amountMinor).toBe(payment.appliedMinor + payment.unappliedMinor + payment.refundedMinor);
    if (payment.status !== 'Processed') expect(payment.unappliedMinor).toBe(payment.amountMinor);
    expect(payment.unappliedMinor).toBeGreaterThanOrEqual(0);
  }
  const pairs = applications.map(({ sourceId, targetId }) => `${sourceId} ${targetId}`);
  expect(new Set(pairs).size).toBe(pairs.length);
  const owned = new Set(state.all('invoice').map(({ id }) => id));
  for (const item of state.all('invoiceItem')) expect(owned.has(item.invoiceId)).toBe(true);
}

function expectDeltasAddUp(state: MemoryState, accountId: string, currencyOf: Currency): void {
  const mine = (x: { accountId: string; currency: string }) =>
    x.accountId === accountId && x.currency === currencyOf;
  const deltas = state.deltas.filter(mine);
  const of = (name: keyof MetricDelta) =>
    sum(deltas.map((delta) => (delta[name] as number | undefined) ?? 0));
  const posted = state.all('invoice').filter((invoice) => mine(invoice) && invoice.status === 'Posted');
  const payments = state.all('payment').filter((payment) => mine(payment) && payment.status === 'Processed');
  const refunds = state.all('refund').filter((refund) => mine(refund) && refund.status === 'Processed');
  const invoiceBalance = sum(posted.map((invoice) => invoice.balanceMinor));
  const unapplied = sum(payments.map((payment) => payment.unappliedMinor));
  const ofPosted = <M extends { accountId: string; currency: string; status: string }>(memos: M[]) =>
    memos.filter((memo) => mine(memo) && memo.status === 'Posted');
  const credits = ofPosted(state.all('creditMemo'));
  const debits = ofPosted(state.all('debitMemo'));
  expect(of('totalInvoiceBalanceMinor')).toBe(invoiceBalance);
  expect(of('totalDebitMemoBalanceMinor')).toBe(sum(debits.map((memo) => memo.balanceMinor)));
  expect(of('unappliedPaymentMinor')).toBe(unapplied);
  expect(of('unappliedCreditMemoMinor')).toBe(sum(credits.map((memo) => memo.unappliedMinor)));
  // The second formula knows nothing of applications.
  const owed = of('totalInvoiceBalanceMinor') + of('totalDebitMemoBalanceMinor');
  expect(owed - of('unappliedPaymentMinor') - of('unappliedCreditMemoMinor')).toBe(
    sum(posted.map((invoice) => invoice.amountMinor)) +
      sum(debits.map((memo) => memo.amountMinor)) -
      sum(credits.map((memo) => memo.amountMinor)) -
      sum(payments.map((payment) => payment.amountMinor)) +
      sum(refunds.map((refund) => refund.amountMinor)),
  );
  const latest = (dates: string[]) => dates.sort().at(-1);
  expect(latest(deltas.flatMap(({ lastInvoiceDate }) => lastInvoiceDate ?? []))).toBe(
    latest(posted.map((invoice) => invoice.invoiceDate)),
  );
}

describe('invoices and payments', () => {
  it('add up after every step of any sequence', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
        const state = new MemoryState();
        for (const id of ACCOUNT_IDS) state.put('account', accountOf(id));
        putCharge(state);
        for (const taken of steps) {
          take(state, taken);
          expectDocumentsAddUp(state);
          expectMemosAddUp(state);
        }
        for (const id of ACCOUNT_IDS) for (const code of CURRENCIES) expectDeltasAddUp(state, id, code);
      }),
      { numRuns: 200 },
    );
  }, 60_000);

  it('reach all kinds of states: the sequences above are not refused into nothing', () => {
    const seen = {
      applications: 0,
      takenOff: 0,
      canceled: 0,
      posted: 0,
      refunded: 0,
      transferred: 0,
      voided: 0,
      creditedAndApplied: 0,
      invoicesReversed: 0,
      invoicesWrittenOff: 0,
      memosReversed: 0,
      creditedLines: 0,
    };
    for (const steps of fc.sample(fc.array(step, { minLength: 30, maxLength: 40 }), {
      numRuns: 600,
      seed: 7,
    })) {
      const state = new MemoryState();
      for (const id of ACCOUNT_IDS) state.put('account', accountOf(id));
      putCharge(state);
      for (const taken of steps) {
        const before = state.deltas.length;
        take(state, taken);
        if (taken.kind === 'unapply' && state.deltas.length > before) seen.takenOff++;
        if (taken.kind === 'transferPayment' && state.deltas.length > before) seen.transferred++;
        if (taken.kind === 'cancelPayment' && state.deltas.length > before) seen.voided++;
      }
      seen.applications += state.all('paymentApplication').length;
      const memos = state.all('creditMemo');
      seen.creditedAndApplied += state.all('creditMemoApplication').length;
      seen.invoicesReversed += state.all('invoice').filter(({ isReversed }) => isReversed).length;
      seen.invoicesWrittenOff += memos.filter(({ sourceType }) => sourceType === 'WriteOff').length;
      seen.memosReversed += memos.filter((m) => m.isReversed && m.sourceType !== 'Reversal').length;
      seen.creditedLines += state.all('invoiceItem').filter(({ creditedMinor }) => creditedMinor > 0).length;
      seen.refunded += state.all('refund').filter(({ status }) => status === 'Processed').length;
      seen.canceled += state.all('invoice').filter(({ status }) => status === 'Canceled').length;
      seen.posted += state.all('invoice').filter(({ status }) => status === 'Posted').length;
    }
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(50);
  }, 60_000);
});
