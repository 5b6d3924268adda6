import { explainItem } from '../domain/billing/explain-item.ts';
import type { Invoice, InvoiceItem } from '../domain/billing/invoice.ts';
import { sharesOf } from '../domain/settlement/item-shares.ts';
import { DOCUMENT_TIME_ZONE } from './invoices.ts';
import { toWireDateTime, toWireDecimal, toWireMoney } from './values.ts';

/** An item with what its charge says about it. */
export interface WireItemSource {
  readonly item: InvoiceItem;
  readonly chargeType: string | null;
  readonly productName: string | null;
}

/**
 * A page of an invoice's items as GET /v1/invoices/{key}/items shows them. What is applied to the whole invoice is shown as if it were
 * laid over the lines in their order (decision 009), so that the balances of all items add up to the invoice's.
 */
export function toWireInvoiceItems(
  invoice: Invoice,
  page: {
    readonly items: readonly WireItemSource[];
    readonly openBeforeMinor: number;
    readonly appliedToLinesMinor: number;
  },
): object[] {
  const lines = page.items.map(({ item }) => item);
  const wholeMinor =
    invoice.paymentsAppliedMinor + invoice.creditMemosAppliedMinor - page.appliedToLinesMinor;
  const explicit = new Map(lines.map(({ id, appliedMinor }) => [id, appliedMinor]));
  const shares = sharesOf(lines, explicit, wholeMinor, page.openBeforeMinor);
  return page.items.map((source, i) => {
    const { amountMinor, taxMinor } = source.item;
    return toWireInvoiceItem(source, invoice, amountMinor + taxMinor - shares[i]!);
  });
}

function toWireInvoiceItem(
  { item, chargeType, productName }: WireItemSource,
  { currency }: Invoice,
  balanceMinor: number,
): object {
  const { uom, unitOfMeasure, description, ratePlanName: _, discountItemIds: __, ...details } = item.details;
  const creditableMinor = Math.max(item.amountMinor - item.creditedMinor, 0);
  return {
    ...details,
    id: item.id,
    appliedToItemId: item.appliedToItemId,
    availableToCreditAmount: toWireMoney(creditableMinor, currency),
    balance: toWireMoney(balanceMinor, currency),
    chargeAmount: toWireMoney(item.amountMinor, currency),
    chargeDate: item.chargeDate.endsWith('Z')
      ? toWireDateTime(item.chargeDate, DOCUMENT_TIME_ZONE)
      : item.chargeDate,
    chargeDescription: '',
    chargeName: item.chargeName,
    chargeType: details.chargeType ?? chargeType ?? 'OneTime',
    description: description ?? '',
    processingType: item.processingType,
    quantity: toWireDecimal(item.quantity),
    serviceStartDate: item.serviceStartDate,
    sourceItemType: sourceTypeOf(item),
    taxAmount: toWireMoney(item.taxMinor, currency),
    taxationItems: { data: [] },
    unitOfMeasure: uom ?? unitOfMeasure ?? '',
    unitPrice: toWireDecimal(item.unitPrice),
    spillwayExplanation: explainItem(item, currency),
    ...present({
      chargeId: item.chargeId,
      productName: (details.productName as string | undefined) ?? productName,
      productRatePlanChargeId: item.productRatePlanChargeId,
      serviceEndDate: item.serviceEndDate,
      subscriptionId: item.subscriptionId,
      subscriptionName: item.subscriptionNumber,
    }),
    ...item.customFields,
  };
}

function sourceTypeOf(item: InvoiceItem): string {
  if (item.processingType === 'Rounding') return 'Rounding';
  if (item.chargeNumber !== null) return 'SubscriptionComponent';
  return item.productRatePlanChargeId === null ? 'None' : 'ProductRatePlanCharge';
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
    reversed: invoice.isReversed,
    body: null,
    invoiceItems: `${url}/items`,
    invoiceFiles: `${url}/files`,
    ...invoice.customFields,
  };
}
