import { z } from 'zod';
import type { DiscountChange, InvoiceItemChange } from '../domain/billing/change-lines.ts';
import type { Invoice } from '../domain/billing/invoice.ts';
import { STANDALONE_ITEMS_MAX } from '../domain/billing/invoice-items.ts';
import type { UpdateInvoice } from '../domain/billing/update-invoice.ts';
import {
  BATCH_INVOICES_MAX,
  chargeDateOf,
  DISCOUNT_SHAPE,
  DOCUMENT_TIME_ZONE,
  decimalOf,
  fromWireDiscount,
  ITEM_DETAILS,
  ITEM_SHAPE,
  TOO_MANY_ITEMS,
  withinItemsMax,
} from './invoices.ts';
import {
  customFieldsOf,
  pick,
  toWireDateTime,
  toWireMoney,
  wireBoolean,
  wireDate,
  wireDocumentDate,
  wireKey,
  wireText,
  withCustomFields,
} from './values.ts';
import { oneOf } from './words.ts';

const wireItemChange = withCustomFields({
  id: wireKey.nullish(),
  /** Spillway's addition: the item is taken out of the draft, with its discounts. */
  spillwayRemove: wireBoolean.nullish(),
  ...ITEM_SHAPE,
  serviceStartDate: wireDate.nullish(),
  discountItems: z
    .array(withCustomFields({ ...DISCOUNT_SHAPE, id: wireKey.nullish() }), {
      error: 'must be a list of discounts',
    })
    .max(STANDALONE_ITEMS_MAX, TOO_MANY_ITEMS)
    .nullish(),
});
type WireItemChange = z.output<typeof wireItemChange>;

const INVOICE_DETAILS = ['templateId', 'transferredToAccounting'] as const;
const UPDATE_SHAPE = {
  autoPay: wireBoolean.nullish(),
  comments: wireText(255).nullish(),
  dueDate: wireDate.nullish(),
  invoiceDate: wireDocumentDate.nullish(),
  templateId: wireText(64).nullish(),
  transferredToAccounting: oneOf(['Processing', 'Error', 'Ignore', 'true', 'false']).nullish(),
  invoiceItems: z
    .array(wireItemChange, { error: 'must be a list of items' })
    .max(STANDALONE_ITEMS_MAX, TOO_MANY_ITEMS)
    .refine(withinItemsMax, TOO_MANY_ITEMS)
    .nullish(),
};

/** PUT /v1/invoices/{key}. */
export const wireInvoiceUpdate = withCustomFields(UPDATE_SHAPE);
export type WireInvoiceUpdate = z.output<typeof wireInvoiceUpdate>;

/** PUT /v1/invoices. */
export const wireInvoiceUpdates = z.object({
  invoices: z
    .array(withCustomFields({ ...UPDATE_SHAPE, id: wireKey }), { error: 'must be a list of invoices' })
    .min(1, 'must have at least one invoice')
    .max(BATCH_INVOICES_MAX, `must have at most ${BATCH_INVOICES_MAX} invoices`),
});

export function fromWireInvoiceUpdate(body: WireInvoiceUpdate, invoiceId: string): UpdateInvoice {
  const { autoPay, comments, dueDate, invoiceDate } = body;
  return {
    invoiceId,
    fields: given({ autoPay, comments, dueDate, invoiceDate }),
    details: pick(body, INVOICE_DETAILS),
    customFields: customFieldsOf(body),
    items: (body.invoiceItems ?? []).map(fromWireItemChange),
  };
}

function fromWireItemChange(item: WireItemChange): InvoiceItemChange {
  return {
    itemId: item.id ?? null,
    remove: item.spillwayRemove ?? false,
    fields: given({
      amount: decimalOf(item.amount),
      unitPrice: decimalOf(item.unitPrice),
      quantity: decimalOf(item.quantity),
      chargeName: item.chargeName,
      chargeDate: item.chargeDate == null ? null : chargeDateOf(item.chargeDate),
      serviceStartDate: item.serviceStartDate,
      serviceEndDate: item.serviceEndDate,
    }),
    discounts: (item.discountItems ?? []).map(
      (discount): DiscountChange => ({ ...fromWireDiscount(discount), itemId: discount.id ?? null }),
    ),
    details: pick(item, ITEM_DETAILS),
    customFields: customFieldsOf(item),
  };
}

type Given<Fields> = { readonly [Name in keyof Fields]?: NonNullable<Fields[Name]> };

/** The fields that have a value: null says no more than absence. */
function given<Fields extends object>(fields: Fields): Given<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  ) as Given<Fields>;
}

/** An invoice as its update answers: the same facts as everywhere, under the names of this operation. */
export function toWireUpdatedInvoice(invoice: Invoice): object {
  const money = (minor: number) => toWireMoney(minor, invoice.currency);
  const at = (instant: string) => toWireDateTime(instant, DOCUMENT_TIME_ZONE);
  return {
    id: invoice.id,
    number: invoice.invoiceNumber,
    accountId: invoice.accountId,
    invoiceDate: invoice.invoiceDate,
    currency: invoice.currency,
    targetDate: invoice.targetDate,
    dueDate: invoice.dueDate,
    postedOn: invoice.postedAt === null ? null : at(invoice.postedAt),
    postedById: invoice.postedBy,
    status: invoice.status,
    amount: money(invoice.amountMinor),
    taxAmount: money(invoice.taxMinor),
    totalTaxExemptAmount: 0,
    balance: money(invoice.balanceMinor),
    discount: money(invoice.discountMinor),
    comment: invoice.comments,
    autoPay: invoice.autoPay,
    transferredToAccounting: invoice.details.transferredToAccounting ?? false,
    creditBalanceAdjustmentAmount: 0,
    createdDate: at(invoice.createdAt),
    createdById: invoice.createdBy,
    updatedDate: at(invoice.updatedAt),
    updatedById: invoice.updatedBy,
    cancelledOn: null,
    cancelledById: null,
    ...invoice.customFields,
    success: true,
  };
}
