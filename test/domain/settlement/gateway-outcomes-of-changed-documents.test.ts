import { describe, expect, it } from 'vitest';
import { type CollectInvoices, collectInvoices } from '../../../src/domain/settlement/collect-invoices.ts';
import type { GatewayAnswer } from '../../../src/domain/settlement/gateway.ts';
import type { PaymentMethod } from '../../../src/domain/settlement/payment-method.ts';
import { recordPaymentOutcome } from '../../../src/domain/settlement/record-payment-outcome.ts';
import { submitPayment } from '../../../src/domain/settlement/submit-payment.ts';
import { MemoryState } from '../../support/memory-state.ts';
import { accountOf, invoiceOf } from '../../support/payment-shapes.ts';

// What becomes of electronic payments and refunds when what they are for has changed while their gateway was being asked.
const A = 'a'.repeat(32);
const METHOD = 'b'.repeat(32);
const INVOICE = '1'.repeat(32);
const APPROVED: GatewayAnswer = { outcome: 'approved', responseCode: '00', response: 'Approved' };
const GATEWAY = { gatewayId: null, gatewayField: 'gatewayId', gateways: ['Test'] };
const METHOD_SHAPE: PaymentMethod = {
  ...accountOf(),
  id: METHOD,
  accountId: A,
  type: 'CreditCard',
  status: 'Active',
  token: 'token',
  lastFour: '1111',
  brand: 'Visa',
  expirationMonth: 12,
  expirationYear: 2098,
  holderName: null,
  details: { gatewayId: 'Test' },
};

function world(): MemoryState {
  const state = new MemoryState();
  state.put('account', accountOf({ details: { defaultPaymentMethodId: METHOD } }));
  state.put('paymentMethod', METHOD_SHAPE);
  state.put('invoice', invoiceOf({ id: INVOICE }));
  return state;
}

const OF_BOTH = {
  paymentMethodId: null,
  comment: null,
  referenceId: null,
  details: {},
  customFields: {},
};

/** An electronic payment of 60.00, of which 40.00 are for the invoice. @returns its id */
function submit(state: MemoryState): string {
  const reply = state.run(submitPayment, {
    ...OF_BOTH,
    ...GATEWAY,
    accountId: A,
    accountNumber: null,
    currency: 'USD',
    amount: '60',
    effectiveDate: null,
    paymentMethodType: null,
    parts: [{ targetKind: 'invoice', key: INVOICE, keyField: 'invoiceId', amount: '40', items: [] }],
  });
  expect(reply).not.toHaveProperty('refused');
  return state.all('payment')[0]!.id;
}

function reverse(state: MemoryState): void {
  state.put('invoice', { ...state.find('invoice', INVOICE)!, isReversed: true });
}

describe('an invoice that is being reversed takes no payment', () => {
  it('that its gateway approves afterwards: the money stays unapplied', () => {
    const state = world();
    const paymentId = submit(state);
    reverse(state);
    state.run(recordPaymentOutcome, { paymentId, answer: APPROVED });
    expect(state.find('payment', paymentId)).toMatchObject({
      status: 'Processed',
      appliedMinor: 0,
      unappliedMinor: 6_000,
    });
    expect(state.find('invoice', INVOICE)).toMatchObject({ balanceMinor: 10_000, details: {} });
    expect(state.all('paymentApplication')).toEqual([]);
    expect(state.deltas).toMatchObject([{ unappliedPaymentMinor: 6_000 }]);
    expect(state.deltas[0]).not.toHaveProperty('totalInvoiceBalanceMinor');
  });

  const collect = (state: MemoryState, fields: Partial<CollectInvoices>) =>
    state.run(collectInvoices, { ...GATEWAY, accountKey: A, named: null, invoiceIds: [], ...fields });

  it('and is not collected among those that are due', () => {
    const state = world();
    reverse(state);
    expect(collect(state, { invoiceIds: [INVOICE] })).toEqual({ payment: null, invoices: [] });
    const other = '3'.repeat(32);
    state.put('invoice', invoiceOf({ id: other, invoiceNumber: 'INV-3', balanceMinor: 2_500 }));
    const reply = collect(state, { invoiceIds: [INVOICE, other] });
    expect(reply).toMatchObject({ payment: { amountMinor: 2_500 }, invoices: [{ id: other }] });
  });

  it('and is refused by name when it is named', () => {
    const state = world();
    reverse(state);
    const reply = collect(state, { named: { key: INVOICE, field: 'invoiceId' } });
    expect(reply).toMatchObject({ refused: true, category: 'rule', field: 'invoiceId' });
    expect(reply).toMatchObject({ message: 'invoice INV-1 is reversed' });
  });
});
