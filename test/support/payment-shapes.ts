import type { Account } from '../../src/domain/accounts/account.ts';
import type { Invoice } from '../../src/domain/billing/invoice.ts';
import type { Payment } from '../../src/domain/settlement/payment.ts';
import type { Refund } from '../../src/domain/settlement/refund.ts';

/** Accounts, invoices, payments and refunds as they lie in the database, for tables of what can be done to them. */
const AUDIT = {
  createdAt: '2026-01-01T00:00:00.000Z',
  createdBy: 'test',
  updatedAt: '2026-01-01T00:00:00.000Z',
  updatedBy: 'test',
};

export function accountOf(fields: Partial<Account> = {}): Account {
  return {
    id: 'a'.repeat(32),
    revision: 1,
    accountNumber: 'A-1',
    name: 'Account',
    status: 'Active',
    currency: 'USD',
    billCycleDay: 1,
    batch: 'Batch1',
    autoPay: false,
    partnerAccount: false,
    parentId: null,
    billToContactId: null,
    soldToContactId: null,
    paymentTerm: 'Net 30',
    details: {},
    customFields: {},
    ...AUDIT,
    ...fields,
  };
}

/** Posted, of 100.00, nothing applied. */
export function invoiceOf(fields: Partial<Invoice> = {}): Invoice {
  return {
    id: '1'.repeat(32),
    revision: 1,
    invoiceNumber: 'INV-1',
    accountId: 'a'.repeat(32),
    status: 'Posted',
    invoiceDate: '2026-03-01',
    dueDate: '2026-03-31',
    targetDate: null,
    currency: 'USD',
    amountMinor: 10_000,
    taxMinor: 0,
    balanceMinor: 10_000,
    paymentsAppliedMinor: 0,
    creditMemosAppliedMinor: 0,
    paymentTerm: null,
    autoPay: false,
    sourceType: 'Standalone',
    sourceId: null,
    billRunId: null,
    isReversed: false,
    lineCount: 0,
    postedAt: AUDIT.createdAt,
    postedBy: 'test',
    comments: null,
    billToContactId: null,
    soldToContactId: null,
    details: {},
    customFields: {},
    ...AUDIT,
    ...fields,
  };
}

/** External, processed, of 50.00, unapplied. */
export function paymentOf(fields: Partial<Payment> = {}): Payment {
  return {
    id: 'c'.repeat(32),
    revision: 1,
    paymentNumber: 'P-1',
    accountId: 'a'.repeat(32),
    type: 'External',
    status: 'Processed',
    currency: 'USD',
    amountMinor: 5_000,
    appliedMinor: 0,
    unappliedMinor: 5_000,
    refundedMinor: 0,
    effectiveDate: '2026-03-10',
    paymentMethodId: null,
    paymentMethodType: 'Check',
    comment: null,
    referenceId: null,
    gatewayState: 'NotSubmitted',
    cancelledAt: null,
    details: {},
    customFields: {},
    ...AUDIT,
    ...fields,
  };
}

/** External, processed, of 20.00 of the payment above. */
export function refundOf(fields: Partial<Refund> = {}): Refund {
  return {
    id: 'e'.repeat(32),
    revision: 1,
    refundNumber: 'R-1',
    accountId: 'a'.repeat(32),
    type: 'External',
    status: 'Processed',
    currency: 'USD',
    amountMinor: 2_000,
    sourceKind: 'payment',
    sourceId: 'c'.repeat(32),
    refundDate: '2026-03-12',
    methodType: 'Check',
    paymentMethodId: null,
    reasonCode: null,
    comment: null,
    referenceId: null,
    gatewayState: 'NotSubmitted',
    items: [],
    cancelledAt: null,
    details: {},
    customFields: {},
    ...AUDIT,
    ...fields,
  };
}
