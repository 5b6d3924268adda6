import { z } from 'zod';
import type { PeriodUnit } from '../../domain/calendar.ts';
import type { TermsAndConditionsAction } from '../../domain/orders/action-specs.ts';
import { orderSizeLimits } from '../../domain/orders/limits.ts';
import { type JsonObject, type Refusal, refuse } from '../../domain/result.ts';
import {
  customFieldsOf,
  pickGiven,
  wireBoolean,
  wireDate,
  wireNotYet,
  wireText,
  withCustomFields,
} from '../values.ts';
import { oneOf } from '../words.ts';

import { billingOf, billingRun, periods, periodUnit } from './form-values.ts';
import { externallyManagedBy, RENEWAL_SETTINGS, TERM_TYPES } from './new-subscription.ts';
import { changeForm, type FormAction, type FormSubscription, type OrderForm } from './order-form.ts';
import {
  addEntry,
  changeEntry,
  fromWireAdd,
  fromWireChange,
  fromWireRemove,
  fromWireUpdate,
  removeEntry,
  updateEntry,
} from './product-changes.ts';

/** PUT /v1/subscriptions/{key}: an order of TermsAndConditions and of product actions. */

const ENTRIES_MAX = orderSizeLimits.synchronous.actionsMax;
const entries = <Entry extends z.ZodType>(entry: Entry) =>
  z
    .array(entry, { error: 'must be a list' })
    .max(ENTRIES_MAX, `must have at most ${ENTRIES_MAX} entries`)
    .nullish();

export const PREVIEW_TYPES = [
  'InvoiceItem',
  'ChargeMetrics',
  'InvoiceItemChargeMetrics',
  'LegalDoc',
  'LegalDocChargeMetrics',
] as const;

const terms = {
  autoRenew: wireBoolean.nullish(),
  currentTerm: periods.nullish(),
  currentTermPeriodType: periodUnit.nullish(),
  renewalSetting: oneOf(RENEWAL_SETTINGS).nullish(),
  renewalTerm: periods.nullish(),
  renewalTermPeriodType: periodUnit.nullish(),
  termStartDate: wireDate.nullish(),
  termType: oneOf(TERM_TYPES).nullish(),
};
const attributes = { invoiceSeparately: wireBoolean.nullish(), notes: wireText(500).nullish() };

export const updateBody = withCustomFields({
  add: entries(addEntry),
  update: entries(updateEntry),
  change: entries(changeEntry),
  remove: entries(removeEntry),
  ...terms,
  ...attributes,
  externallyManagedBy,
  bookingDate: wireDate.nullish(),
  preview: wireBoolean.nullish(),
  previewType: oneOf(PREVIEW_TYPES).nullish(),
  includeExistingDraftDocItems: wireNotYet,
  includeExistingDraftInvoiceItems: wireNotYet,
  ...billingRun,
}).refine((body) => body.previewType == null || body.preview === true, {
  message: 'has no effect unless preview is true',
  path: ['previewType'],
});

type WireUpdate = z.output<typeof updateBody>;

/** The ids by which an update names charges: their numbers have to be looked up. */
export function chargeIdsOf(body: WireUpdate): string[] {
  return (body.update ?? []).flatMap((entry) =>
    (entry.chargeUpdateDetails ?? []).map((update) => update.ratePlanChargeId),
  );
}

/**
 * The order of an update. Terms come first, so that what is added runs to the new term's end; then products in the order of the dates
 * from which they count, and of one date added, updated, changed and removed in this order.
 */
export function fromWireSubscriptionUpdate(
  body: WireUpdate,
  target: FormSubscription,
  chargeNumbers: ReadonlyMap<string, string>,
  today: string,
): OrderForm | Refusal {
  const customFields = customFieldsOf(body);
  const products = [
    ...(body.add ?? []).map((entry, i) => dated(entry, fromWireAdd(entry, `add[${i}]`))),
    ...(body.update ?? []).map((entry, i) =>
      dated(entry, fromWireUpdate(entry, `update[${i}]`, chargeNumbers)),
    ),
    ...(body.change ?? []).map((entry, i) => dated(entry, fromWireChange(entry, `change[${i}]`))),
    ...(body.remove ?? []).map((entry, i) => dated(entry, fromWireRemove(entry, `remove[${i}]`))),
  ].sort((a, b) => (a.date === b.date ? 0 : a.date < b.date ? -1 : 1));
  const onlyCustomFields = products.length === 0 && Object.keys(customFields).length > 0;
  const termsAction = termsActionOf(body, target, onlyCustomFields);
  const actions = [...termsAction, ...products.map(({ action }) => action)];
  if (actions.length === 0) {
    return refuse('missing', 'nothing is changed: give add, update, change, remove, terms or notes');
  }
  if (actions.length > ENTRIES_MAX) {
    return refuse('invalid', `has more than ${ENTRIES_MAX} changes`);
  }
  const booked = body.bookingDate ?? products.find(({ bookingDate }) => bookingDate !== null)?.bookingDate;
  const orderDate = booked ?? products.find(({ date }) => date !== '')?.date ?? today;
  return changeForm(target, orderDate, actions, {
    details: pickGiven(body, ['externallyManagedBy']),
    customFields,
    billing: billingOf(body),
  });
}

interface Dated {
  readonly date: string;
  readonly bookingDate: string | null;
  readonly action: FormAction;
}

/** An entry without a date counts from today: '' sorts before every date. */
function dated(
  entry: {
    readonly contractEffectiveDate?: string | null | undefined;
    readonly bookingDate?: string | null | undefined;
  },
  action: FormAction,
): Dated {
  return { date: entry.contractEffectiveDate ?? '', bookingDate: entry.bookingDate ?? null, action };
}

/** TermsAndConditions for what the body says beside products; none when it says nothing, unless it is wanted all the same. */
function termsActionOf(body: WireUpdate, target: FormSubscription, wanted: boolean): FormAction[] {
  const given = pickGiven(body, [...Object.keys(terms), ...Object.keys(attributes), 'externallyManagedBy']);
  if (Object.keys(given).length === 0 && !wanted) return [];
  const action: TermsAndConditionsAction = {
    type: 'TermsAndConditions',
    triggerDates: {},
    invoicing: { details: pickGiven(body, [...Object.keys(attributes), 'externallyManagedBy']) },
    autoRenew: body.autoRenew ?? null,
    renewalSetting: body.renewalSetting ?? null,
    renewalTerms: renewalTermsOf(body, target),
    lastTerm: lastTermOf(body),
  };
  return [{ action, body: { termsAndConditions: orderBodyOf(body, action) }, path: '' }];
}

/** A length alone keeps its unit, a unit alone its length. */
function renewalTermsOf(
  body: WireUpdate,
  target: FormSubscription,
): TermsAndConditionsAction['renewalTerms'] {
  if (body.renewalTerm == null && body.renewalTermPeriodType == null) return null;
  const periodType = body.renewalTermPeriodType ?? target.renewalTermPeriodType ?? 'Month';
  return [{ period: body.renewalTerm ?? target.renewalTerm, periodType: periodType as PeriodUnit }];
}

function lastTermOf(body: WireUpdate): TermsAndConditionsAction['lastTerm'] {
  const lastTerm = {
    termType: body.termType ?? null,
    period: body.currentTerm ?? null,
    periodType: body.currentTermPeriodType ?? null,
    startDate: body.termStartDate ?? null,
    endDate: null,
  };
  return Object.values(lastTerm).every((value) => value === null) ? null : lastTerm;
}

function orderBodyOf(body: WireUpdate, { lastTerm, renewalTerms }: TermsAndConditionsAction): JsonObject {
  return {
    ...pickGiven(body, ['autoRenew', 'renewalSetting', ...Object.keys(attributes)]),
    ...(renewalTerms === null
      ? {}
      : { renewalTerms: renewalTerms.map((term) => pickGiven(term, ['period', 'periodType'])) }),
    ...(lastTerm === null
      ? {}
      : { lastTerm: pickGiven(lastTerm, ['termType', 'period', 'periodType', 'startDate']) }),
  };
}
