import type { DecideContext } from '../account/command.ts';
import { demand } from '../account/demand.ts';
import type { PlanBuilder } from '../account/plan.ts';
import type { Need, State } from '../account/state.ts';
import { mergeDetails } from '../accounts/merge-details.ts';
import { fromMinor } from '../money.ts';
import { isRefusal, type JsonObject, type Refusal, refuse } from '../result.ts';
import { checkTotal } from './create-invoice.ts';
import type { Invoice, InvoiceItem } from './invoice.ts';
import {
  buildDiscountItem,
  buildInvoiceItem,
  buildInvoiceItems,
  discountIdsOf,
  type LinePlace,
  type NewDiscountItem,
  type NewInvoiceItem,
  withDiscounts,
} from './invoice-items.ts';
import { type LineTotals, withLine } from './line-totals.ts';

/** Lines that an invoice can come to have by changes of it. */
export const INVOICE_LINES_MAX = 50_000;

type ItemFields = Omit<NewInvoiceItem, 'discounts' | 'productRatePlanChargeId' | 'details' | 'customFields'>;

/** What shall be different about a line, or a line more. What is absent stays. */
export interface InvoiceItemChange {
  /** Null: a new line. */
  readonly itemId: string | null;
  readonly remove: boolean;
  readonly fields: { readonly [Field in keyof ItemFields]?: NonNullable<ItemFields[Field]> };
  readonly discounts: readonly DiscountChange[];
  /** Null takes an attribute away. */
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

export interface DiscountChange extends NewDiscountItem {
  /** Null: a further discount. */
  readonly itemId: string | null;
}

export function needsOfChanges(changes: readonly InvoiceItemChange[]): Need[] {
  return changes.flatMap(({ itemId, discounts }) =>
    [itemId, ...discounts.map((discount) => discount.itemId)].flatMap((key) =>
      key === null ? [] : [{ kind: 'invoiceItem' as const, key }],
    ),
  );
}

/** Changes, adds and removes lines of a draft. Returns the draft with what its lines add up to now. */
export function changeLines(
  state: State,
  plan: PlanBuilder,
  draft: Invoice,
  changes: readonly InvoiceItemChange[],
  context: DecideContext,
): Invoice | Refusal {
  const lines = new DraftLines(state, draft, context);
  lines.demandDiscountsOfRemoved(changes);
  for (const [i, change] of changes.entries()) {
    const refusal = lines.take(change, `invoiceItems[${i}]`);
    if (refusal !== null) return refusal;
  }
  const wrong = checkTotal(lines.totals);
  if (wrong !== null) return wrong;
  if (lines.lastLine > INVOICE_LINES_MAX) {
    return refuse('invalid', `an invoice has at most ${INVOICE_LINES_MAX} items`, 'invoiceItems');
  }
  lines.addTo(plan);
  return {
    ...draft,
    ...lines.totals,
    balanceMinor: draft.balanceMinor + lines.totals.amountMinor - draft.amountMinor,
    lineCount: lines.lastLine,
  };
}

/** What lines of a posted invoice take: attributes that say more about them, and custom fields. */
export function describeLines(
  state: State,
  plan: PlanBuilder,
  invoice: Invoice,
  changes: readonly InvoiceItemChange[],
): Invoice | Refusal {
  const seen = new Set<string>();
  for (const [i, change] of changes.entries()) {
    const path = `invoiceItems[${i}]`;
    if (change.itemId === null) {
      return refuse('invalid', 'is required: a posted invoice takes no further items', `${path}.id`);
    }
    const field = firstOf(change);
    if (field !== null) {
      const message = 'of a posted invoice cannot be changed: unpost it first';
      return refuse('invalid', message, `${path}.${field}`);
    }
    const item = findItem(state, invoice, change.itemId, seen, `${path}.id`);
    if (isRefusal(item)) return item;
    plan.update('invoiceItem', described(item, change));
  }
  return invoice;
}

/** The first field of a change that is more than a description. */
function firstOf({ remove, fields, discounts }: InvoiceItemChange): string | null {
  if (remove) return 'spillwayRemove';
  const [field] = Object.keys(fields);
  return field ?? (discounts.length > 0 ? 'discountItems' : null);
}

function described(
  item: InvoiceItem,
  { details, customFields }: Pick<InvoiceItemChange, 'details' | 'customFields'>,
): InvoiceItem {
  return {
    ...item,
    details: mergeDetails(item.details, details),
    customFields: { ...item.customFields, ...customFields },
  };
}

/** A line of this invoice that was not named before, or why there is none. */
function findItem(
  state: State,
  invoice: Invoice,
  itemId: string,
  seen: Set<string>,
  field: string,
): InvoiceItem | Refusal {
  const item = state.find('invoiceItem', itemId);
  if (item?.invoiceId !== invoice.id) {
    return refuse('invalid', `invoice ${invoice.invoiceNumber} has no item ${itemId}`, field);
  }
  if (seen.has(itemId)) return refuse('invalid', `item ${itemId} is named more than once`, field);
  seen.add(itemId);
  return item;
}

/** The lines of a draft that a request names, as it changes them. Each is written once. */
class DraftLines {
  totals: LineTotals;
  lastLine: number;
  readonly #state: State;
  readonly #draft: Invoice;
  readonly #context: DecideContext;
  readonly #seen = new Set<string>();
  readonly #added: InvoiceItem[] = [];
  readonly #changed: InvoiceItem[] = [];
  readonly #removed: InvoiceItem[] = [];

  constructor(state: State, draft: Invoice, context: DecideContext) {
    this.#state = state;
    this.#draft = draft;
    this.#context = context;
    this.lastLine = draft.lineCount;
    const { amountMinor, discountMinor, oneTimeLines, recurringLines, usageLines } = draft;
    this.totals = { amountMinor, discountMinor, oneTimeLines, recurringLines, usageLines };
  }

  /** They go with their line: one round trip for all of them. */
  demandDiscountsOfRemoved(changes: readonly InvoiceItemChange[]): void {
    const ids = changes.flatMap(({ itemId, remove }) => {
      const item = itemId === null || !remove ? null : this.#state.find('invoiceItem', itemId);
      return item === null ? [] : discountIdsOf(item);
    });
    demand(
      this.#state,
      ids.map((key) => ({ kind: 'invoiceItem', key })),
    );
  }

  /** Does one change; why not otherwise. */
  take(change: InvoiceItemChange, path: string): Refusal | null {
    if (change.itemId === null) return this.#add(change, path);
    const item = findItem(this.#state, this.#draft, change.itemId, this.#seen, `${path}.id`);
    if (isRefusal(item)) return item;
    const field = firstOf(change);
    if (field !== null && item.chargeNumber !== null) {
      const message = `cannot be changed: the item bills charge ${item.chargeNumber}. Cancel the invoice to bill it anew`;
      return refuse('invalid', message, `${path}.${field}`);
    }
    return change.remove ? this.#remove(item, path) : this.#change(item, change, path);
  }

  addTo(plan: PlanBuilder): void {
    for (const item of this.#removed) plan.delete('invoiceItem', item);
    for (const item of this.#changed) plan.update('invoiceItem', item);
    for (const item of this.#added) plan.insert('invoiceItem', item);
  }

  #place(path: string, line: number): LinePlace {
    return { invoiceId: this.#draft.id, currency: this.#draft.currency, path, line };
  }

  #add({ fields, discounts, ...change }: InvoiceItemChange, path: string): Refusal | null {
    const { serviceStartDate } = fields;
    if (change.remove) return refuse('invalid', 'is required: which item is to be removed', `${path}.id`);
    if (serviceStartDate === undefined) {
      return refuse('invalid', 'is required of a new item', `${path}.serviceStartDate`);
    }
    const named = discounts.findIndex(({ itemId }) => itemId !== null);
    if (named >= 0) {
      return refuse('invalid', 'must not be given in a new item', `${path}.discountItems[${named}].id`);
    }
    const wanted: NewInvoiceItem = {
      amount: null,
      unitPrice: null,
      quantity: null,
      chargeName: null,
      chargeDate: null,
      serviceEndDate: null,
      productRatePlanChargeId: null,
      ...fields,
      serviceStartDate,
      discounts,
      details: mergeDetails({}, change.details),
      customFields: change.customFields,
    };
    const built = buildInvoiceItems(this.#state, wanted, this.#place(path, this.lastLine + 1), this.#context);
    if (isRefusal(built)) return built;
    this.#insert(built);
    return null;
  }

  #insert(items: readonly InvoiceItem[]): void {
    this.lastLine += items.length;
    this.#added.push(...items);
    for (const item of items) this.totals = withLine(this.totals, item);
  }

  #remove(item: InvoiceItem, path: string): Refusal | null {
    for (const id of [item.id, ...discountIdsOf(item)]) {
      const gone = this.#state.find('invoiceItem', id);
      if (gone === null) continue;
      if (id !== item.id && this.#seen.has(id)) {
        return refuse('invalid', `its discount ${id} is named too`, `${path}.id`);
      }
      this.#seen.add(id);
      this.#removed.push(gone);
      this.totals = withLine(this.totals, gone, -1);
    }
    return null;
  }

  #change(item: InvoiceItem, change: InvoiceItemChange, path: string): Refusal | null {
    const rebuilt = this.#rebuild(item, change.fields, path);
    if (isRefusal(rebuilt)) return rebuilt;
    const further: InvoiceItem[] = [];
    for (const [i, discount] of change.discounts.entries()) {
      const at = `${path}.discountItems[${i}]`;
      if (discount.itemId !== null) {
        const refusal = this.#changeDiscount(rebuilt, discount, at);
        if (refusal !== null) return refusal;
        continue;
      }
      const place = this.#place(at, this.lastLine + further.length + 1);
      const built = buildDiscountItem(this.#state, discount, rebuilt, place, this.#context);
      if (isRefusal(built)) return built;
      further.push(built);
    }
    this.#replace(item, withDiscounts(described(rebuilt, change), further));
    this.#insert(further);
    return null;
  }

  #changeDiscount(item: InvoiceItem, change: DiscountChange, path: string): Refusal | null {
    const discount = findItem(this.#state, this.#draft, change.itemId ?? '', this.#seen, `${path}.id`);
    if (isRefusal(discount)) return discount;
    if (discount.appliedToItemId !== item.id) {
      return refuse('invalid', `item ${item.id} has no discount ${discount.id}`, `${path}.id`);
    }
    const { amount, unitPrice, chargeName, chargeDate } = change;
    const fields = {
      amount,
      ...(unitPrice === null ? {} : { unitPrice }),
      ...(chargeName === null ? {} : { chargeName }),
      ...(chargeDate === null ? {} : { chargeDate }),
    };
    const rebuilt = this.#rebuild(discount, fields, path);
    if (isRefusal(rebuilt)) return rebuilt;
    this.#replace(discount, described(rebuilt, change));
    return null;
  }

  #replace(before: InvoiceItem, after: InvoiceItem): void {
    this.#changed.push(after);
    this.totals = withLine(withLine(this.totals, before, -1), after);
  }

  /** A given amount wins; a new price or quantity makes the amount anew; else it stays. */
  #rebuild(item: InvoiceItem, fields: InvoiceItemChange['fields'], path: string): InvoiceItem | Refusal {
    if (Object.keys(fields).length === 0) return item;
    const { currency } = this.#draft;
    const repriced = fields.unitPrice !== undefined || fields.quantity !== undefined;
    const isDiscount = item.processingType === 'Discount';
    const wanted = {
      chargeName: fields.chargeName ?? item.chargeName,
      chargeDate: fields.chargeDate ?? item.chargeDate,
      serviceStartDate: fields.serviceStartDate ?? item.serviceStartDate,
      serviceEndDate: fields.serviceEndDate ?? item.serviceEndDate,
      details: item.details,
      customFields: item.customFields,
      // What the line has from its charge stays, also when the charge is gone from the catalog.
      productRatePlanChargeId: null,
    };
    const amount = fields.amount ?? (repriced ? null : fromMinor(item.amountMinor, currency));
    const unitPrice = fields.unitPrice ?? (fields.amount === undefined ? item.unitPrice : null);
    const place = this.#place(path, item.line);
    const built = isDiscount
      ? buildDiscountItem(
          this.#state,
          { ...wanted, amount: amount ?? fromMinor(item.amountMinor, currency), unitPrice },
          { ...item, serviceStartDate: wanted.serviceStartDate, serviceEndDate: wanted.serviceEndDate },
          place,
          this.#context,
        )
      : buildInvoiceItem(
          this.#state,
          { ...wanted, amount, unitPrice, quantity: fields.quantity ?? item.quantity },
          place,
          this.#context,
        );
    if (isRefusal(built)) return built;
    const { id, revision, productRatePlanChargeId, appliedToItemId, createdAt } = item;
    return { ...built, id, revision, productRatePlanChargeId, appliedToItemId, createdAt };
  }
}
