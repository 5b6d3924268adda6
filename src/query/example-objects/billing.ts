import { partItemId, refundPartId } from '../../domain/settlement/part-items.ts';
import { readCreditMemoPart } from '../../persistence/credit-memos.ts';
import { readItemPartsOfMemo } from '../../persistence/part-items.ts';
import { type Columns, CUSTOMER_ID, type ExampleObjects } from './example-object.ts';

const invoice = (condition: string) =>
  'SELECT i.id, i.invoice_number AS number, (SELECT id FROM invoice_item WHERE invoice_id = i.id ORDER BY line LIMIT 1) AS itemId ' +
  `FROM invoice AS i WHERE i.account_id = ${CUSTOMER_ID} AND ${condition} ORDER BY i.id DESC LIMIT 1`;

/** Posted, with nothing applied to it. */
const OPEN =
  "i.status = 'Posted' AND i.is_reversed = 0 AND i.balance_minor = i.amount_minor + i.tax_minor AND i.balance_minor >= 1000";

const memo = (kind: 'credit_memo' | 'debit_memo', condition: string) =>
  `SELECT m.id, m.memo_number AS number, (SELECT id FROM ${kind}_item WHERE ${kind}_id = m.id ORDER BY line LIMIT 1) AS itemId ` +
  `FROM ${kind} AS m WHERE m.account_id = ${CUSTOMER_ID} AND ${condition} ORDER BY m.id DESC LIMIT 1`;

const payment = (condition: string) =>
  'SELECT p.id, p.payment_number AS number FROM payment AS p ' +
  `WHERE p.account_id = ${CUSTOMER_ID} AND p.type = 'External' AND ${condition} ORDER BY p.id DESC LIMIT 1`;

const application = (source: 'payment' | 'credit_memo', key: string, number: string, condition: string) =>
  `SELECT s.id, s.${number} AS number, x.id AS partId, i.id AS invoiceId, i.invoice_number AS invoiceNumber, ` +
  '(SELECT id FROM invoice_item WHERE invoice_id = i.id ORDER BY line LIMIT 1) AS lineId ' +
  `FROM ${source}_application AS x JOIN ${source} AS s ON s.id = x.${key} JOIN invoice AS i ON i.id = x.${source === 'payment' ? 'invoice_id' : 'document_id'} ` +
  `WHERE s.account_id = ${CUSTOMER_ID} AND x.target_kind = 'invoice' AND x.amount_minor > 100 AND ${condition} ORDER BY x.id DESC LIMIT 1`;

const itemPart = (row: Readonly<Record<string, string>>) => ({
  itemPartId: partItemId(row.partId!, row.lineId!),
});

export const billingObjects: ExampleObjects = {
  usage: {
    what: 'a usage record that is not billed',
    madeBy: 'Object_POSTUsage',
    sql: `SELECT u.id FROM usage AS u WHERE u.account_id = ${CUSTOMER_ID} AND u.import_id IS NULL ORDER BY u.id DESC LIMIT 1`,
  },
  usageImport: {
    what: 'an import of usage',
    madeBy: 'POST_Usage',
    sql: 'SELECT id FROM usage_import ORDER BY id DESC LIMIT 1',
  },
  invoice: { what: 'an invoice', madeBy: 'POST_StandaloneInvoice', sql: invoice('i.line_count > 0') },
  draftInvoice: {
    what: 'a draft invoice',
    madeBy: 'POST_StandaloneInvoice',
    sql: invoice("i.status = 'Draft' AND i.bill_run_id IS NULL"),
  },
  openInvoice: {
    what: 'a posted invoice to which nothing is applied',
    madeBy: 'POST_StandaloneInvoices',
    sql: invoice(`${OPEN} AND i.source_type = 'Standalone'`),
  },
  creditMemo: {
    what: 'a credit memo',
    madeBy: 'POST_CreditMemoFromPrpc',
    sql: memo('credit_memo', 'm.line_count > 0'),
  },
  draftCreditMemo: {
    what: 'a draft credit memo',
    madeBy: 'POST_CreditMemoFromPrpc',
    sql: memo('credit_memo', "m.status = 'Draft' AND m.source_type = 'Standalone'"),
  },
  openCreditMemo: {
    what: 'a posted credit memo that is not applied',
    madeBy: 'POST_CreateCreditMemos',
    sql: memo(
      'credit_memo',
      "m.status = 'Posted' AND m.is_reversed = 0 AND m.applied_minor = 0 AND m.refunded_minor = 0 AND m.amount_minor >= 1000 " +
        "AND m.source_type = 'Standalone'",
    ),
  },
  canceledCreditMemo: {
    what: 'a canceled credit memo',
    madeBy: 'PUT_CancelCreditMemo',
    sql: memo('credit_memo', "m.status = 'Canceled'"),
  },
  appliedCreditMemo: {
    what: 'a credit memo that is applied to an invoice',
    madeBy: 'PUT_ApplyCreditMemo',
    sql: application(
      'credit_memo',
      'credit_memo_id',
      'memo_number',
      "s.status = 'Posted' AND s.source_type = 'Standalone'",
    ),
    async more({ id, partId }, db): Promise<Columns> {
      const part = await readCreditMemoPart(db, id!, partId!);
      const items = part === null ? [] : await readItemPartsOfMemo(db, part);
      return items[0] === undefined ? {} : { itemPartId: items[0].id };
    },
  },
  debitMemo: {
    what: 'a debit memo',
    madeBy: 'POST_DebitMemoFromPrpc',
    sql: memo('debit_memo', 'm.line_count > 0'),
  },
  draftDebitMemo: {
    what: 'a draft debit memo',
    madeBy: 'POST_DebitMemoFromPrpc',
    sql: memo('debit_memo', "m.status = 'Draft'"),
  },
  openDebitMemo: {
    what: 'a posted debit memo to which nothing is applied',
    madeBy: 'POST_CreateDebitMemos',
    sql: memo(
      'debit_memo',
      "m.status = 'Posted' AND m.balance_minor = m.amount_minor + m.tax_minor AND m.balance_minor > 0",
    ),
  },
  canceledDebitMemo: {
    what: 'a canceled debit memo',
    madeBy: 'PUT_CancelDebitMemo',
    sql: memo('debit_memo', "m.status = 'Canceled'"),
  },
  payment: { what: 'a payment', madeBy: 'POST_CreatePayment', sql: payment("p.status <> 'Draft'") },
  unappliedPayment: {
    what: 'a payment that is not applied',
    madeBy: 'POST_CreatePayment',
    sql: payment(
      "p.status = 'Processed' AND p.applied_minor = 0 AND p.refunded_minor = 0 AND p.amount_minor >= 1000",
    ),
  },
  appliedPayment: {
    what: 'a payment that is applied to an invoice',
    madeBy: 'PUT_ApplyPayment',
    sql: application(
      'payment',
      'payment_id',
      'payment_number',
      "s.status = 'Processed' AND s.type = 'External' AND s.refunded_minor = 0",
    ),
    more: itemPart,
  },
  canceledPayment: {
    what: 'a canceled payment',
    madeBy: 'PUT_CancelPayment',
    sql: payment("p.status = 'Canceled'"),
  },
  bankAccount: {
    what: 'a bank account that is not the default',
    madeBy: 'POST_PaymentMethods',
    sql:
      `SELECT id FROM payment_method WHERE account_id = ${CUSTOMER_ID} AND status = 'Active' AND type = 'ACH' ` +
      'ORDER BY id DESC LIMIT 1',
  },
  card: {
    what: 'a credit card',
    madeBy: 'POST_PaymentMethodsCreditCard',
    sql:
      `SELECT id FROM payment_method WHERE account_id = ${CUSTOMER_ID} AND status = 'Active' AND type = 'CreditCard' ` +
      'ORDER BY id DESC LIMIT 1',
  },
  refund: {
    what: 'a refund',
    madeBy: 'POST_RefundPayment',
    sql:
      'SELECT id, refund_number AS number, source_id AS sourceId FROM refund ' +
      `WHERE account_id = ${CUSTOMER_ID} AND type = 'External' AND status = 'Processed' AND source_kind = 'payment' ORDER BY id DESC LIMIT 1`,
    more({ id, sourceId }) {
      const partId = refundPartId({ id: id!, sourceId: sourceId! });
      return { partId, itemPartId: partItemId(partId, sourceId!) };
    },
  },
  canceledRefund: {
    what: 'a canceled refund',
    madeBy: 'PUT_CancelRefund',
    sql:
      'SELECT id, refund_number AS number FROM refund ' +
      `WHERE account_id = ${CUSTOMER_ID} AND status = 'Canceled' ORDER BY id DESC LIMIT 1`,
  },
};
