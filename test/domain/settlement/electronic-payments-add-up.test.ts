import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../../src/domain/accounts/account.ts';
import type { Invoice } from '../../../src/domain/billing/invoice.ts';
import type { MetricDelta } from '../../../src/domain/metrics/delta.ts';
import { fromMinor } from '../../../src/domain/money.ts';
import { isRefusal } from '../../../src/domain/result.ts';
import { applyPayment, unapplyPayment } from '../../../src/domain/settlement/apply-payment.ts';
import { createPayment } from '../../../src/domain/settlement/create-payment.ts';
import type { GatewayAnswer } from '../../../src/domain/settlement/gateway.ts';
import type { RequestedPart } from '../../../src/domain/settlement/parts.ts';
import type { Payment } from '../../../src/domain/settlement/payment.ts';
import {
  brandOf,
  hasCheckDigit,
  isExpired,
  lastDigits,
  type PaymentMethod,
} from '../../../src/domain/settlement/payment-method.ts';
import { recordPaymentOutcome } from '../../../src/domain/settlement/record-payment-outcome.ts';
import { recordRefundOutcome } from '../../../src/domain/settlement/record-refund-outcome.ts';
import { refundingMinorOf } from '../../../src/domain/settlement/refund-hold.ts';
import { refundPayment, refundPaymentAndUnapply } from '../../../src/domain/settlement/refund-payment.ts';
import { reservedMinorOf } from '../../../src/domain/settlement/reservation.ts';
import { submitPayment } from '../../../src/domain/settlement/submit-payment.ts';
import { MemoryState } from '../../support/memory-state.ts';

// Electronic payments and refunds among all others, answered in any order, late, twice or never: everything adds up at every moment, and nothing is
// reserved or held once every gateway has answered.
const ACCOUNT = 'a'.repeat(32);
const METHOD = 'b'.repeat(32);
const audit = {
  createdAt: '2026-01-01T00:00:00.000Z',
  createdBy: 'test',
  updatedAt: '2026-01-01T00:00:00.000Z',
  updatedBy: 'test',
};
const APPROVED: GatewayAnswer = { outcome: 'approved', responseCode: '00', response: 'Approved' };
const DECLINED: GatewayAnswer = { outcome: 'declined', responseCode: '05', response: 'Do not honor' };

function invoiceOf(index: number, amountMinor: number): Invoice {
  return {
    id: `${'1'.repeat(31)}${index}`,
    revision: 1,
    invoiceNumber: `INV${index}`,
    accountId: ACCOUNT,
    status: 'Posted',
    currency: 'USD',
    amountMinor,
    balanceMinor: amountMinor,
    paymentsAppliedMinor: 0,
    creditMemosAppliedMinor: 0,
    details: {},
    customFields: {},
    ...audit,
  } as Invoice;
}

function world(): MemoryState {
  const state = new MemoryState();
  state.put('account', {
    id: ACCOUNT,
    revision: 1,
    accountNumber: 'A1',
    currency: 'USD',
    details: { defaultPaymentMethodId: METHOD },
    ...audit,
  } as unknown as Account);
  state.put('paymentMethod', {
    id: METHOD,
    revision: 1,
    accountId: ACCOUNT,
    type: 'CreditCard',
    status: 'Active',
    token: 'token',
    lastFour: '1111',
    brand: 'Visa',
    expirationMonth: 3,
    expirationYear: 2026,
    holderName: null,
    details: { gatewayId: 'Test' },
    customFields: {},
    ...audit,
  } as PaymentMethod);
  for (const [index, amountMinor] of [300, 200, 100].entries())
    state.put('invoice', invoiceOf(index, amountMinor));
  return state;
}

const amount = (minor: number) => fromMinor(minor, 'USD');

function partsOf(state: MemoryState, picks: readonly Pick[]): RequestedPart[] {
  const invoices = state.all('invoice');
  return picks.map(({ invoice, minor }) => ({
    targetKind: 'invoice',
    key: invoices[invoice % invoices.length]!.id,
    keyField: 'invoiceId',
    amount: amount(minor),
    items: [],
  }));
}

const OF_REQUEST = {
  accountId: ACCOUNT,
  accountNumber: null,
  currency: 'USD',
  effectiveDate: null,
  paymentMethodId: null,
  paymentMethodType: null,
  comment: null,
  referenceId: null,
  details: {},
  customFields: {},
};
const OF_REFUND = {
  refundDate: null,
  methodType: 'Cash',
  paymentMethodId: null,
  reasonCode: null,
  comment: null,
  referenceId: null,
  details: {},
  customFields: {},
};
const GATEWAY = { gatewayId: null, gatewayField: 'gatewayId', gateways: ['Test'] };

interface Pick {
  readonly invoice: number;
  readonly minor: number;
}
type Step =
  | { kind: 'submit'; minor: number; parts: Pick[] }
  | { kind: 'pay'; minor: number; parts: Pick[] }
  | { kind: 'apply' | 'unapply'; payment: number; parts: Pick[] }
  | { kind: 'refund'; payment: number; minor: number; electronic: boolean; unapply: boolean }
  | { kind: 'answer'; which: number; of: 'payment' | 'refund'; approved: boolean };

const minor = fc.integer({ min: 1, max: 250 });
const parts = fc.array(fc.record({ invoice: fc.nat(2), minor }), { maxLength: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('submit' as const), minor, parts }),
  fc.record({ kind: fc.constant('pay' as const), minor, parts }),
  fc.record({ kind: fc.constantFrom('apply' as const, 'unapply' as const), payment: fc.nat(5), parts }),
  fc.record({
    kind: fc.constant('refund' as const),
    payment: fc.nat(5),
    minor,
    electronic: fc.boolean(),
    unapply: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('answer' as const),
    which: fc.nat(8),
    of: fc.constantFrom('payment' as const, 'refund' as const),
    approved: fc.boolean(),
  }),
);

function answer(state: MemoryState, of: 'payment' | 'refund', id: string, given: GatewayAnswer): void {
  const reply =
    of === 'payment'
      ? state.run(recordPaymentOutcome, { paymentId: id, answer: given })
      : state.run(recordRefundOutcome, { refundId: id, answer: given });
  expect(isRefusal(reply), JSON.stringify(reply)).toBe(false);
}

/** Does a step; most of them may be refused. */
function take(state: MemoryState, step: Step): void {
  const payments = state.all('payment');
  if (step.kind === 'answer') {
    const all = step.of === 'payment' ? payments : state.all('refund');
    const document = all[step.which % Math.max(all.length, 1)];
    if (document?.type === 'Electronic') {
      answer(state, step.of, document.id, step.approved ? APPROVED : DECLINED);
    }
    return;
  }
  if (step.kind === 'submit' || step.kind === 'pay') {
    const payment = { ...OF_REQUEST, amount: amount(step.minor), parts: partsOf(state, step.parts) };
    if (step.kind === 'pay') state.run(createPayment, payment);
    else state.run(submitPayment, { ...payment, ...GATEWAY });
    return;
  }
  const payment = payments[step.payment % Math.max(payments.length, 1)];
  if (payment === undefined) return;
  if (step.kind === 'refund') {
    const type = step.electronic ? ('Electronic' as const) : ('External' as const);
    const request = {
      ...OF_REFUND,
      type,
      paymentId: payment.id,
      amount: amount(step.minor),
      ...(step.electronic ? { gateway: GATEWAY } : {}),
    };
    if (step.unapply) {
      const applied = state.all('paymentApplication').find(({ sourceId }) => sourceId === payment.id);
      const invoice = state.all('invoice').findIndex(({ id }) => id === applied?.targetId);
      const taken =
        applied === undefined ? [] : [{ invoice, minor: Math.min(step.minor, applied.amountMinor) }];
      if (taken.length > 0) state.run(refundPaymentAndUnapply, { ...request, parts: partsOf(state, taken) });
    } else state.run(refundPayment, request);
    return;
  }
  const move = { paymentId: payment.id, effectiveDate: null, parts: partsOf(state, step.parts) };
  state.run(step.kind === 'apply' ? applyPayment : unapplyPayment, move);
}

const sum = <T>(list: readonly T[], of: (item: T) => number) =>
  list.reduce((total, item) => total + of(item), 0);

function expectAddsUp(state: MemoryState): void {
  const payments = state.all('payment');
  const refunds = state.all('refund');
  const counted = (payment: Payment) => payment.status === 'Processed';
  for (const payment of payments) {
    const { amountMinor, appliedMinor, unappliedMinor, refundedMinor } = payment;
    expect(amountMinor).toBe(appliedMinor + unappliedMinor + refundedMinor);
    expect(Math.min(appliedMinor, unappliedMinor, refundedMinor)).toBeGreaterThanOrEqual(0);
    if (!counted(payment)) expect(appliedMinor).toBe(0);
    const processing = refunds.filter((r) => r.sourceId === payment.id && r.status === 'Processing');
    expect(refundingMinorOf(payment)).toBe(sum(processing, (r) => r.amountMinor));
    expect(appliedMinor + unappliedMinor).toBeGreaterThanOrEqual(refundingMinorOf(payment));
    const done = refunds.filter((r) => r.sourceId === payment.id && r.status === 'Processed');
    expect(refundedMinor).toBe(sum(done, (r) => r.amountMinor));
  }
  for (const invoice of state.all('invoice')) {
    expect(invoice.balanceMinor).toBe(invoice.amountMinor - invoice.paymentsAppliedMinor);
    expect(invoice.balanceMinor).toBeGreaterThanOrEqual(0);
  }
  const column = (name: keyof MetricDelta) => sum(state.deltas, (delta) => Number(delta[name] ?? 0));
  const invoicesMinor = sum(state.all('invoice'), (invoice) => invoice.balanceMinor - invoice.amountMinor);
  expect(column('totalInvoiceBalanceMinor')).toBe(invoicesMinor);
  const unappliedMinor = sum(payments.filter(counted), (payment) => payment.unappliedMinor);
  expect(column('unappliedPaymentMinor')).toBe(unappliedMinor);
  const paidMinor = sum(payments.filter(counted), (p) => p.amountMinor);
  const refundedMinor = sum(
    refunds.filter((r) => r.status === 'Processed'),
    (r) => r.amountMinor,
  );
  expect(invoicesMinor - unappliedMinor).toBe(refundedMinor - paidMinor);
}

describe('electronic payments and refunds', () => {
  it('add up after every step, and hold nothing once all is answered', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), fc.boolean(), (steps, approved) => {
        const state = world();
        for (const one of steps) {
          take(state, one);
          expectAddsUp(state);
        }
        const last = approved ? APPROVED : DECLINED;
        for (const { id, status } of state.all('refund')) {
          if (status === 'Processing') answer(state, 'refund', id, last);
        }
        for (const { id, status } of state.all('payment')) {
          if (status === 'Processing') answer(state, 'payment', id, last);
        }
        expectAddsUp(state);
        expect(sum(state.all('invoice'), reservedMinorOf) + sum(state.all('payment'), refundingMinorOf)).toBe(
          0,
        );
      }),
      { numRuns: 400 },
    );
  });

  it('are answered once: later answers change nothing', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }), (first, later) => {
        const state = world();
        take(state, { kind: 'submit', minor: 250, parts: [{ invoice: 0, minor: 200 }] });
        const { id } = state.all('payment')[0]!;
        answer(state, 'payment', id, first ? APPROVED : DECLINED);
        const settled = state.find('payment', id);
        const deltas = state.deltas.length;
        for (const approved of later) answer(state, 'payment', id, approved ? APPROVED : DECLINED);
        expect(state.find('payment', id)).toEqual(settled);
        expect(state.deltas).toHaveLength(deltas);
      }),
    );
  });

  it('an approved payment whose invoice was settled meanwhile keeps what does not fit', () => {
    const state = world();
    take(state, { kind: 'submit', minor: 250, parts: [{ invoice: 0, minor: 200 }] });
    take(state, { kind: 'pay', minor: 250, parts: [{ invoice: 0, minor: 250 }] });
    const { id } = state.all('payment').find(({ type }) => type === 'Electronic')!;
    answer(state, 'payment', id, APPROVED);
    expect(state.find('payment', id)).toMatchObject({ appliedMinor: 50, unappliedMinor: 200 });
    expect(state.find('invoice', 'INV0')).toMatchObject({ balanceMinor: 0, details: {} });
  });

  it('are refused when the card has run out, is closed, or belongs to a gateway that is not there', () => {
    const refusals = (fields: Partial<PaymentMethod>, today = '2026-03-15') => {
      const state = world();
      state.put('paymentMethod', { ...state.find('paymentMethod', METHOD)!, ...fields });
      const payment = { ...OF_REQUEST, ...GATEWAY, amount: '1', parts: [] };
      const reply = state.run(submitPayment, payment, today);
      return isRefusal(reply) ? reply.message : null;
    };
    expect(refusals({})).toBeNull();
    expect(refusals({}, '2026-03-31')).toBeNull();
    expect(refusals({}, '2026-04-01')).toContain('expired');
    expect(refusals({ status: 'Closed' })).toContain('Closed');
    expect(refusals({ type: 'Cash' })).toContain('Cash');
    expect(refusals({ details: { gatewayId: 'Gone' } })).toContain('no gateway Gone');
  });
});

describe('numbers', () => {
  it.each([
    ['4111111111111111', true, 'Visa'],
    ['5555555555554444', true, 'MasterCard'],
    ['2223003122003222', true, 'MasterCard'],
    ['378282246310005', true, 'AmericanExpress'],
    ['6011111111111117', true, 'Discover'],
    ['3530111333300000', true, 'JCB'],
    ['30569309025904', true, 'Diners'],
    ['4111111111111112', false, 'Visa'],
    ['9999999999999995', true, null],
  ])('%s: check digit %s, brand %s', (number, valid, brand) => {
    expect(hasCheckDigit(number)).toBe(valid);
    expect(brandOf(number)).toBe(brand);
  });

  it('any other digit in any place is noticed', () => {
    fc.assert(
      fc.property(fc.nat(15), fc.integer({ min: 1, max: 9 }), (place, by) => {
        const digits = [...'4111111111111111'];
        digits[place] = String((Number(digits[place]) + by) % 10);
        expect(hasCheckDigit(digits.join(''))).toBe(false);
      }),
    );
  });

  it('shows no more than four digits and never more than half', () => {
    expect(['4111111111111111', '1234567', '1234'].map(lastDigits)).toEqual(['1111', '567', '34']);
  });

  it('a card is good to the end of its month', () => {
    expect(isExpired(3, 2026, '2026-03-31')).toBe(false);
    expect(isExpired(3, 2026, '2026-04-01')).toBe(true);
    expect(isExpired(12, 2025, '2026-01-01')).toBe(true);
    expect(isExpired(1, 2027, '2026-12-31')).toBe(false);
  });
});
