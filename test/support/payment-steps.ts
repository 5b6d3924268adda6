import fc from 'fast-check';
import { fromMinor } from '../../src/domain/money.ts';
import { isRefusal } from '../../src/domain/result.ts';
import { cancelPayment, deletePayment } from '../../src/domain/settlement/cancel-payment.ts';
import type { RefundRequest } from '../../src/domain/settlement/new-refund.ts';
import type { Payment } from '../../src/domain/settlement/payment.ts';
import { refundPayment, refundPaymentAndUnapply } from '../../src/domain/settlement/refund-payment.ts';
import { transferPayment } from '../../src/domain/settlement/transfer-payment.ts';
import { cancelRefund, deleteRefund } from '../../src/domain/settlement/undo-refund.ts';
import type { MemoryState } from './memory-state.ts';

/** Steps of a random history that take payments back, move them and refund them; an amount below zero stands for "all". */
export interface PaymentStep {
  readonly kind:
    | 'cancelPayment'
    | 'deletePayment'
    | 'transferPayment'
    | 'refundPayment'
    | 'refundAndUnapply'
    | 'cancelRefund'
    | 'deleteRefund';
  readonly pick: number;
  readonly amountMinor: number;
}

export const paymentStep: fc.Arbitrary<PaymentStep> = fc.record({
  kind: fc.constantFrom<PaymentStep['kind'][]>(
    'cancelPayment',
    'deletePayment',
    'transferPayment',
    'refundPayment',
    'refundAndUnapply',
    'cancelRefund',
    'deleteRefund',
  ),
  pick: fc.nat({ max: 12 }),
  amountMinor: fc.integer({ min: -50, max: 200 }),
});

export const PAYMENT_STEPS: ReadonlySet<string> = new Set([
  'cancelPayment',
  'deletePayment',
  'transferPayment',
  'refundPayment',
  'refundAndUnapply',
  'cancelRefund',
  'deleteRefund',
]);

/** A refund that was given by cheque. */
export const BY_CHECK: RefundRequest = {
  type: 'External',
  refundDate: null,
  methodType: 'Check',
  paymentMethodId: null,
  reasonCode: null,
  comment: null,
  referenceId: null,
  details: {},
  customFields: {},
};

/** Mostly what can be done, with amounts that fit; now and then any. @returns whether it was done */
export function takePaymentStep(
  state: MemoryState,
  step: PaymentStep,
  accountIds: readonly string[],
): boolean {
  if (step.kind === 'cancelRefund' || step.kind === 'deleteRefund') {
    const refunds = state.all('refund');
    const refundId = refunds[step.pick % Math.max(refunds.length, 1)]?.id ?? '0'.repeat(32);
    const reply: object =
      step.kind === 'cancelRefund'
        ? state.run(cancelRefund, { refundId })
        : state.run(deleteRefund, { refundId });
    return !isRefusal(reply);
  }
  const payments = state.all('payment').filter(({ status }) => step.pick === 0 || status === 'Processed');
  const payment = payments[step.pick % Math.max(payments.length, 1)];
  return payment !== undefined && !isRefusal(ofPayment(state, step, payment, accountIds));
}

function ofPayment(
  state: MemoryState,
  { kind, pick, amountMinor }: PaymentStep,
  payment: Payment,
  accountIds: readonly string[],
): object {
  const { id: paymentId, currency, unappliedMinor, appliedMinor } = payment;
  const fitting = (roomMinor: number) =>
    fromMinor(pick % 4 === 0 ? amountMinor : Math.min(Math.abs(amountMinor), roomMinor), currency);
  switch (kind) {
    case 'cancelPayment':
      return state.run(cancelPayment, { paymentId });
    case 'deletePayment':
      return state.run(deletePayment, { paymentId });
    case 'transferPayment':
      return state.run(transferPayment, { paymentId, toAccount: accountIds[pick % 3] ?? null });
    case 'refundPayment':
      return state.run(refundPayment, { ...BY_CHECK, paymentId, amount: fitting(unappliedMinor) });
    default: {
      const amount = amountMinor < 0 ? null : fitting(unappliedMinor + appliedMinor);
      return state.run(refundPaymentAndUnapply, { ...BY_CHECK, paymentId, amount, parts: [] });
    }
  }
}
