import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isRefusal } from '../../../src/domain/result.ts';
import { applicationId } from '../../../src/domain/settlement/application.ts';
import {
  createInvoicePayment,
  updateInvoicePayment,
} from '../../../src/domain/settlement/invoice-payments.ts';
import { MemoryState } from '../../support/memory-state.ts';
import { accountOf, invoiceOf, paymentOf } from '../../support/payment-shapes.ts';

// An invoice payment has the amount that it was last set to, whatever it had before: what the invoice owes and the payment has left follow, and
// the account's balance never moves. What is more than either holds is refused and changes nothing.

const INVOICE = '1'.repeat(32);
const PAYMENT = 'c'.repeat(32);
const INVOICE_PAYMENT = applicationId(PAYMENT, INVOICE);
/** An invoice of 100.00 and a payment of 50.00 (payment-shapes.ts). */
const INVOICE_MINOR = 10_000;
const PAYMENT_MINOR = 5_000;

function world(): MemoryState {
  const state = new MemoryState();
  state.put('account', accountOf());
  state.put('invoice', invoiceOf());
  state.put('payment', paymentOf());
  return state;
}

const cents = (minor: number) => `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`;

function expectApplied(state: MemoryState, appliedMinor: number): void {
  expect(state.find('paymentApplication', INVOICE_PAYMENT)).toMatchObject({ amountMinor: appliedMinor });
  expect(state.find('invoice', INVOICE)).toMatchObject({ balanceMinor: INVOICE_MINOR - appliedMinor });
  expect(state.find('payment', PAYMENT)).toMatchObject({
    appliedMinor,
    unappliedMinor: PAYMENT_MINOR - appliedMinor,
  });
}

test('amounts that are set one after another', () => {
  const amounts = fc.array(fc.integer({ min: 1, max: PAYMENT_MINOR + 500 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: PAYMENT_MINOR }), amounts, (first, others) => {
      const state = world();
      const made = state.run(createInvoicePayment, {
        paymentId: PAYMENT,
        invoiceId: INVOICE,
        amount: cents(first),
      });
      expect(made).toEqual({ invoicePaymentId: INVOICE_PAYMENT });
      let applied = first;
      for (const wanted of others) {
        const reply = state.run(updateInvoicePayment, {
          invoicePaymentId: INVOICE_PAYMENT,
          amount: cents(wanted),
        });
        expect(isRefusal(reply)).toBe(wanted > PAYMENT_MINOR);
        if (wanted <= PAYMENT_MINOR) applied = wanted;
        expectApplied(state, applied);
      }
      const moved = state.deltas.reduce(
        (sum, delta) => sum + (delta.totalInvoiceBalanceMinor ?? 0) - (delta.unappliedPaymentMinor ?? 0),
        0,
      );
      expect(moved).toBe(0);
    }),
  );
});

test('what is applied to a debit memo is no invoice payment', () => {
  const state = world();
  const refused = state.run(updateInvoicePayment, { invoicePaymentId: INVOICE_PAYMENT, amount: '1' });
  expect(refused).toMatchObject({ refused: true, category: 'not_found' });
  state.run(createInvoicePayment, { paymentId: PAYMENT, invoiceId: INVOICE, amount: '1' });
  const application = state.find('paymentApplication', INVOICE_PAYMENT)!;
  state.put('paymentApplication', { ...application, targetKind: 'debitMemo' });
  expect(state.run(updateInvoicePayment, { invoicePaymentId: INVOICE_PAYMENT, amount: '2' })).toMatchObject({
    refused: true,
    category: 'not_found',
  });
});
