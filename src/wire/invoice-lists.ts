import type { Invoice, InvoiceItem } from '../domain/billing/invoice.ts';
import { toWireDateTime, toWireDecimal, toWireMoney } from './values.ts';

/** An item with what its product rate plan charge says about it. */
export interface WireItemSource {
  readonly item: InvoiceItem;
  readonly chargeType: string | null;
  readonly productName: string | null;
}

/**
 * Items of an invoice as GET /v1/invoices/{key}/items shows them.
 *
 * What is applied to an invoice is applied to the whole of it; its items' balances are shown as if their lines were paid
 * one after another. Negative items stay as they are. So the balances of all items add up to the invoice's.
 *
 * @param positiveBeforeMinor sum of the positive items on earlier lines, which are paid first
 */
export function toWireInvoiceItems(
  invoice: Invoice,
  items: readonly WireItemSource[],
  positiveBeforeMinor: number,
): object[] {
  let settledMinor = invoice.amountMinor - invoice.balanceMinor - positiveBeforeMinor;
  return items.map((source) => {
    const dueMinor = Math.max(source.item.amountMinor, 0);
    const paidMinor = Math.min(Math.max(settledMinor, 0), dueMinor);
    settledMinor -= dueMinor;
    return toWireInvoiceItem(source, invoice, source.item.amountMinor - paidMinor);
  });
}

function toWireInvoiceItem(
  { item, chargeType, productName }: WireItemSource,
  { currency }: Invoice,
  balanceMinor: number,
): object {
  const { uom, description, ...details } = item.details;
  return {
    ...details,
    id: item.id,
    appliedToItemId: null,
    availableToCreditAmount: toWireMoney(Math.max(item.amountMinor, 0), currency),
    balance: toWireMoney(balanceMinor, currency),
    chargeAmount: toWireMoney(item.amountMinor, currency),
    chargeDate: item.chargeDate.endsWith('Z') ? toWireDateTime(item.chargeDate, 'UTC') : item.chargeDate,
    chargeDescription: '',
    chargeName: item.chargeName,
    chargeType: chargeType ?? 'OneTime',
    description: description ?? '',
    processingType: item.processingType,
    quantity: toWireDecimal(item.quantity),
    serviceStartDate: item.serviceStartDate,
    sourceItemType: item.productRatePlanChargeId === null ? 'None' : 'ProductRatePlanCharge',
    taxAmount: toWireMoney(item.taxMinor, currency),
    taxationItems: { data: [] },
    unitOfMeasure: uom ?? '',
    unitPrice: toWireDecimal(item.unitPrice),
    ...present({
      productName,
      productRatePlanChargeId: item.productRatePlanChargeId,
      serviceEndDate: item.serviceEndDate,
      subscriptionId: item.subscriptionId,
    }),
    ...item.customFields,
  };
}

/** The contract has no null for these: what is not there is left out. */
function present(values: { readonly [name: string]: string | null }): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

/** An invoice as GET /v1/transactions/invoices/accounts/{key} shows it. */
export function toWireTransactionInvoice(
  invoice: Invoice,
  account: { readonly accountNumber: string; readonly name: string },
  baseUrl: string,
): object {
  const url = `${baseUrl}/v1/invoices/${invoice.id}`;
  return {
    id: invoice.id,
    accountId: invoice.accountId,
    accountNumber: account.accountNumber,
    accountName: account.name,
    invoiceDate: invoice.invoiceDate,
    invoiceNumber: invoice.invoiceNumber,
    dueDate: invoice.dueDate,
    ...present({ invoiceTargetDate: invoice.targetDate }),
    amount: toWireMoney(invoice.amountMinor, invoice.currency),
    balance: toWireMoney(invoice.balanceMinor, invoice.currency),
    creditBalanceAdjustmentAmount: 0,
    createdBy: invoice.createdBy,
    status: invoice.status,
    reversed: false,
    body: null,
    invoiceItems: `${url}/items`,
    invoiceFiles: `${url}/files`,
    ...invoice.customFields,
  };
}
