import type { Payment } from '../domain/settlement/payment.ts';
import { checkSort, wireSort } from './sorting.ts';
import { toWireMoney, wireCurrency, wireDate, wireKey, wireNotFilterable, wirePaging } from './values.ts';
import { oneOf } from './words.ts';

/** Query of GET /v1/payments. Only filters that an index answers are taken: status, type … narrow one account's list. */
export const wirePaymentQuery = wirePaging
  .extend({
    accountId: wireKey.optional(),
    number: wireKey.optional(),
    effectiveDate: wireDate.optional(),
    currency: wireCurrency.optional(),
    status: oneOf(['Draft', 'Processing', 'Processed', 'Error', 'Canceled', 'Posted']).optional(),
    type: oneOf(['External', 'Electronic']).optional(),
    sort: wireSort,
    amount: wireNotFilterable,
    appliedAmount: wireNotFilterable,
    unappliedAmount: wireNotFilterable,
    refundAmount: wireNotFilterable,
    creditBalanceAmount: wireNotFilterable,
    createdById: wireNotFilterable,
    createdDate: wireNotFilterable,
    updatedById: wireNotFilterable,
    updatedDate: wireNotFilterable,
  })
  .superRefine((query, context) => {
    checkSort(query, query.accountId === undefined ? ['createdDate', 'number'] : ['effectiveDate'], context);
    if (query.accountId !== undefined || query.number !== undefined) return;
    for (const name of ['effectiveDate', 'currency', 'status', 'type'] as const) {
      if (query[name] === undefined) continue;
      context.addIssue({ code: 'custom', path: [name], message: 'needs accountId or number beside it' });
    }
  });

/** A payment as GET /v1/transactions/payments/accounts/{key} shows it. */
export function toWireTransactionPayment(
  payment: Payment,
  account: { readonly accountNumber: string; readonly name: string },
  paidInvoices: ReadonlyArray<{
    readonly invoiceId: string;
    readonly invoiceNumber: string;
    readonly amountMinor: number;
  }>,
): object {
  const money = (minor: number) => toWireMoney(minor, payment.currency);
  return {
    id: payment.id,
    accountId: payment.accountId,
    accountNumber: account.accountNumber,
    accountName: account.name,
    paymentNumber: payment.paymentNumber,
    paymentMethodId: payment.paymentMethodId,
    effectiveDate: payment.effectiveDate,
    status: payment.status,
    type: payment.type,
    amount: money(payment.amountMinor),
    gatewayTransactionNumber: null,
    paidInvoices: paidInvoices.map((paid) => ({
      invoiceId: paid.invoiceId,
      invoiceNumber: paid.invoiceNumber,
      appliedPaymentAmount: money(paid.amountMinor),
    })),
    ...payment.customFields,
  };
}
