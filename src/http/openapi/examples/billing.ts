import type { Examples } from '../../../wire/api-description.ts';

/** Usage, bill runs, invoices, memos, payments and refunds. */

const CUSTOMER = 'A-DEMO-CUSTOMER-1';

const invoice = (fields: object = {}) => ({
  accountNumber: CUSTOMER,
  invoiceDate: '{{day.today}}',
  invoiceItems: [{ chargeName: 'Installation', amount: 120, quantity: 1, serviceStartDate: '{{day.month}}' }],
  ...fields,
});

const memo = (fields: object = {}) => ({
  accountNumber: CUSTOMER,
  effectiveDate: '{{day.today}}',
  charges: [{ amount: 30, productRatePlanChargeId: '{{setupPlan.chargeId}}' }],
  ...fields,
});

const memoItem = { amount: 10, invoiceItemId: '{{openInvoice.itemId}}', skuName: 'Correction' };
const invoicePart = (amount: number) => ({ invoices: [{ invoiceId: '{{openInvoice.id}}', amount }] });
const check = { type: 'External', methodType: 'Check' };

export const billingExamples: Examples = {
  POST_Usage: {
    file: {
      name: 'usage.csv',
      content: `ACCOUNT_ID,UOM,QTY,STARTDATE\n${CUSTOMER},Kilometre,100,{{day.monthUS}}\n`,
    },
  },

  POST_CreateBillRun: {
    body: {
      targetDate: '{{day.today}}',
      invoiceDate: '{{day.today}}',
      billRunFilters: [{ filterType: 'Account', accountId: '{{customer.id}}' }],
    },
  },
  PUT_CancelBillRun: { path: { billRunId: '{{completedBillRun.id}}' }, body: { cancelOnce: true } },
  PUT_PostBillRun: { path: { billRunId: '{{completedBillRun.id}}' }, body: { invoiceDate: '{{day.today}}' } },
  DELETE_DeleteBillRun: { path: { billRunId: '{{canceledBillRun.id}}' } },
  POST_BillingPreviewRun: { body: { targetDate: '{{day.nextMonth}}', batches: 'Batch1' } },
  GET_BillingPreviewRun: { path: { billingPreviewRunId: '{{previewRun.id}}' } },
  POST_GenerateBillingDocuments: {
    body: { targetDate: '{{day.today}}', effectiveDate: '{{day.today}}' },
  },
  POST_BillingPreview: { body: { accountNumber: CUSTOMER, targetDate: '{{day.nextMonth}}' } },

  POST_StandaloneInvoice: { body: invoice() },
  POST_StandaloneInvoices: {
    body: { invoices: [invoice({ status: 'Posted' }), invoice({ status: 'Posted' })] },
  },
  PUT_UpdateInvoice: {
    path: { invoiceKey: '{{draftInvoice.number}}' },
    body: { comments: 'As agreed by telephone' },
  },
  PUT_BatchUpdateInvoices: {
    body: { invoices: [{ id: '{{draftInvoice.id}}', invoiceDate: '{{day.month}}' }] },
  },
  spillwayUnpostInvoice: { path: { invoiceKey: '{{openInvoice.number}}' } },
  POST_PostInvoices: { body: { invoices: [{ id: '{{draftInvoice.id}}', invoiceDate: '{{day.today}}' }] } },
  DELETE_DeleteInvoice: { path: { invoiceKey: '{{draftInvoice.number}}' } },
  PUT_ReverseInvoice: { path: { invoiceKey: '{{openInvoice.number}}' }, body: { memoDate: '{{day.today}}' } },
  PUT_WriteOffInvoice: {
    path: { invoiceKey: '{{openInvoice.number}}' },
    body: { memoDate: '{{day.today}}' },
  },
  GET_BillingDocuments: { query: [['accountId', '{{customer.id}}']] },
  spillwayInvoicePdf: { body: {} },

  POST_CreditMemoFromPrpc: { body: memo() },
  POST_CreditMemoFromInvoice: {
    path: { invoiceKey: '{{openInvoice.number}}' },
    body: { effectiveDate: '{{day.today}}', items: [memoItem] },
  },
  POST_CreateCreditMemos: {
    body: { sourceType: 'Standalone', memos: [memo({ autoPost: true }), memo({ autoPost: true })] },
  },
  PUT_UpdateCreditMemos: { body: { memos: [{ id: '{{creditMemo.id}}', comment: 'Goodwill' }] } },
  PUT_UpdateCreditMemo: {
    path: { creditMemoKey: '{{draftCreditMemo.number}}' },
    body: { comment: 'Goodwill' },
  },
  DELETE_CreditMemo: { path: { creditMemoKey: '{{canceledCreditMemo.number}}' } },
  PUT_PostCreditMemo: { path: { creditMemoKey: '{{draftCreditMemo.number}}' } },
  PUT_UnpostCreditMemo: { path: { creditMemoKey: '{{openCreditMemo.number}}' } },
  PUT_CancelCreditMemo: { path: { creditMemoKey: '{{draftCreditMemo.number}}' } },
  PUT_ApplyCreditMemo: { path: { creditMemoKey: '{{openCreditMemo.number}}' }, body: invoicePart(5) },
  PUT_UnapplyCreditMemo: {
    path: { creditMemoKey: '{{appliedCreditMemo.number}}' },
    body: { invoices: [{ invoiceId: '{{appliedCreditMemo.invoiceId}}', amount: 1 }] },
  },
  applyCreditMemoAsync: { path: { creditMemoKey: '{{openCreditMemo.number}}' }, body: invoicePart(5) },
  unapplyCreditMemoAsync: {
    path: { creditMemoKey: '{{appliedCreditMemo.number}}' },
    body: { invoices: [{ invoiceId: '{{appliedCreditMemo.invoiceId}}', amount: 1 }] },
  },
  PUT_ReverseCreditMemo: {
    path: { creditMemoKey: '{{openCreditMemo.number}}' },
    body: { memoDate: '{{day.today}}' },
  },
  PUT_WriteOffCreditMemo: {
    path: { creditMemoKey: '{{openCreditMemo.number}}' },
    body: { memoDate: '{{day.today}}' },
  },
  getApplyCreditMemoAsyncJob: { path: { jobId: '{{applyJob.id}}' } },
  getUnapplyCreditMemoAsyncJob: { path: { jobId: '{{unapplyJob.id}}' } },
  POST_CreditMemoPDF: { body: {} },

  POST_DebitMemoFromPrpc: { body: memo() },
  POST_DebitMemoFromInvoice: {
    path: { invoiceKey: '{{openInvoice.number}}' },
    body: { effectiveDate: '{{day.today}}', items: [memoItem] },
  },
  POST_CreateDebitMemos: {
    body: { sourceType: 'Standalone', memos: [memo({ autoPost: true }), memo({ autoPost: true })] },
  },
  PUT_UpdateDebitMemos: { body: { memos: [{ id: '{{draftDebitMemo.id}}', comment: 'Late return' }] } },
  PUT_UpdateDebitMemosDueDates: {
    body: { debitMemos: [{ id: '{{draftDebitMemo.id}}', dueDate: '{{day.nextMonth}}' }] },
  },
  PUT_DebitMemo: { path: { debitMemoKey: '{{draftDebitMemo.number}}' }, body: { comment: 'Late return' } },
  PUT_PostDebitMemo: { path: { debitMemoKey: '{{draftDebitMemo.number}}' } },
  PUT_UnpostDebitMemo: { path: { debitMemoKey: '{{openDebitMemo.number}}' } },
  PUT_CancelDebitMemo: { path: { debitMemoKey: '{{draftDebitMemo.number}}' } },
  PUT_WriteOffDebitMemo: {
    path: { debitMemoKey: '{{openDebitMemo.number}}' },
    body: { memoDate: '{{day.today}}' },
  },
  DELETE_DebitMemo: { path: { debitMemoKey: '{{canceledDebitMemo.number}}' } },
  POST_DebitMemoPDF: { body: {} },

  POST_CreatePayment: {
    body: {
      accountNumber: CUSTOMER,
      amount: 40,
      currency: 'USD',
      type: 'External',
      paymentMethodType: 'Check',
      effectiveDate: '{{day.today}}',
    },
  },
  PUT_ApplyPayment: {
    path: { paymentKey: '{{unappliedPayment.number}}' },
    body: { effectiveDate: '{{day.today}}', ...invoicePart(10) },
  },
  PUT_UnapplyPayment: {
    path: { paymentKey: '{{appliedPayment.number}}' },
    body: { invoices: [{ invoiceId: '{{appliedPayment.invoiceId}}', amount: 1 }] },
  },
  PUT_UpdatePayment: { body: { comment: 'By post', referenceId: 'CHECK-1042' } },
  PUT_TransferPayment: {
    path: { paymentKey: '{{unappliedPayment.number}}' },
    body: { accountNumber: 'A-DEMO-CUSTOMER-2' },
  },
  PUT_CancelPayment: { path: { paymentKey: '{{unappliedPayment.number}}' } },
  DELETE_Payment: { path: { paymentKey: '{{canceledPayment.number}}' } },
  POST_TransactionInvoicePayment: { body: { accountKey: CUSTOMER, paymentMethodId: '{{card.id}}' } },

  POST_PaymentMethods: {
    body: {
      accountKey: CUSTOMER,
      type: 'ACH',
      bankABACode: '110000000',
      bankAccountName: 'Harbour Logistics',
      bankAccountNumber: '123456789',
      bankAccountType: 'Checking',
      bankName: 'Example Bank',
    },
  },
  POST_PaymentMethodsCreditCard: {
    body: {
      accountKey: CUSTOMER,
      creditCardType: 'Visa',
      creditCardNumber: '4111111111111111',
      expirationMonth: 12,
      expirationYear: 2098,
      defaultPaymentMethod: true,
      cardHolderInfo: { cardHolderName: 'Amy Lawrence' },
    },
  },
  DELETE_PaymentMethods: { path: { paymentMethodId: '{{bankAccount.id}}' } },
  PUT_PaymentMethod: { path: { paymentMethodId: '{{card.id}}' }, body: { expirationYear: 2097 } },
  PUT_PaymentMethodsCreditCard: {
    path: { paymentMethodId: '{{card.id}}' },
    body: { cardHolderName: 'Amy Lawrence' },
  },

  POST_RefundPayment: {
    path: { paymentKey: '{{unappliedPayment.number}}' },
    body: { ...check, totalAmount: 5 },
  },
  POST_RefundPaymentwithAutoUnapply: { path: { paymentKey: '{{appliedPayment.number}}' }, body: check },
  POST_RefundCreditMemo: {
    path: { creditMemoKey: '{{openCreditMemo.number}}' },
    body: { ...check, totalAmount: 5 },
  },
  PUT_UpdateRefund: { body: { reasonCode: 'Other' } },
  DELETE_Refund: { path: { refundKey: '{{canceledRefund.number}}' } },
};
