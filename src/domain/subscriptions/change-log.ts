import type { JsonObject, JsonValue } from '../result.ts';
import { DATES_SET_IN_VERSION } from './resting-on-dates.ts';
import { RESUMED_ON } from './resumed-on.ts';
import type { Charge, RatePlan, Subscription } from './subscription.ts';

/** Values of a thing by field, as text; what it has not is not in it. */
export type FieldValues = ReadonlyMap<string, string>;

/** A field that differs from the version before; null stands for no value. */
export interface FieldChange {
  readonly field: string;
  readonly oldValue: string | null;
  readonly newValue: string | null;
}

/** A charge segment that a version adds, changes or takes away. Segments of a charge are told apart by their number. */
export interface SegmentChange {
  readonly charge: Charge;
  readonly isRemoved: boolean;
  readonly fields: readonly FieldChange[];
}

export interface RatePlanChange {
  readonly ratePlan: RatePlan;
  readonly fields: readonly FieldChange[];
  readonly charges: readonly SegmentChange[];
}

/** Everything in which a version differs from the one before; of the first version, everything. */
export interface VersionChange {
  readonly subscription: Subscription;
  readonly fields: readonly FieldChange[];
  readonly ratePlans: readonly RatePlanChange[];
}

/** A version, the one before it, and the rows of its lineage that the version added or took away. */
export interface VersionRows {
  readonly subscription: Subscription;
  readonly base: Subscription | null;
  /** Those of the rows below are among them. */
  readonly ratePlans: readonly RatePlan[];
  readonly addedCharges: readonly Charge[];
  readonly removedCharges: readonly Charge[];
}

/** What tells versions and rows apart, and what is kept for computing: none of it is a value that an order changes. */
const SUBSCRIPTION_HIDDEN = new Set<string>([
  'id',
  'revision',
  'originalId',
  'version',
  'isLatestVersion',
  'orderId',
  'orderNumber',
  'knownContractedValue',
  'billingFrom',
  'scheduledRetryOn',
  'scheduledFailure',
  DATES_SET_IN_VERSION,
  RESUMED_ON,
  'createdAt',
  'createdBy',
  'updatedAt',
  'updatedBy',
]);
const RATE_PLAN_HIDDEN = new Set<string>([
  'id',
  'revision',
  'ratePlanNumber',
  'subscriptionOriginalId',
  'addedInVersion',
  'removedInVersion',
  'endedInVersion',
  'createdAt',
]);
/** Also how far it is invoiced, which billing moves and no version. */
const CHARGE_HIDDEN = new Set<string>([
  'id',
  'revision',
  'ratePlanId',
  'subscriptionOriginalId',
  'chargeNumber',
  'segment',
  'isLastSegment',
  'isSuspended',
  'isRemoved',
  'version',
  'addedInVersion',
  'removedInVersion',
  'agreedEndDate',
  'chargedThroughDate',
  'processedThroughDate',
  'createdAt',
]);

export function subscriptionValues(subscription: Subscription): FieldValues {
  return valuesOf(subscription, SUBSCRIPTION_HIDDEN);
}

/** The values of a rate plan in a version: its end is one from the version on that booked it. */
export function ratePlanValues(ratePlan: RatePlan, version: number): FieldValues {
  const { endedInVersion } = ratePlan;
  const isEnded = endedInVersion !== null && endedInVersion <= version;
  return valuesOf(isEnded ? ratePlan : { ...ratePlan, endDate: null }, RATE_PLAN_HIDDEN);
}

export function chargeValues(charge: Charge): FieldValues {
  return valuesOf(charge, CHARGE_HIDDEN);
}

/** Compares a version with the one before it. What a suspension keeps from being served counts as gone. */
export function versionChange(rows: VersionRows): VersionChange {
  const { subscription, base } = rows;
  const before = base === null ? NOTHING : subscriptionValues(base);
  const segments = segmentChanges(rows);
  return {
    subscription,
    fields: differences(before, subscriptionValues(subscription)),
    ratePlans: rows.ratePlans.flatMap((ratePlan) => {
      const charges = segments.filter(({ charge }) => charge.ratePlanId === ratePlan.id);
      const fields = ratePlanFields(ratePlan, subscription.version);
      return charges.length === 0 && fields.length === 0 ? [] : [{ ratePlan, fields, charges }];
    }),
  };
}

const NOTHING: FieldValues = new Map();

function ratePlanFields(ratePlan: RatePlan, version: number): FieldChange[] {
  const { addedInVersion, removedInVersion } = ratePlan;
  const isPart = (v: number) => addedInVersion <= v && (removedInVersion === null || v < removedInVersion);
  const valuesIn = (v: number) => (isPart(v) ? ratePlanValues(ratePlan, v) : NOTHING);
  return differences(valuesIn(version - 1), valuesIn(version));
}

function segmentChanges({ addedCharges, removedCharges }: VersionRows): SegmentChange[] {
  const removed = new Map(
    removedCharges.filter(({ isSuspended }) => !isSuspended).map((charge) => [placeOf(charge), charge]),
  );
  const changes: SegmentChange[] = [];
  for (const charge of addedCharges.filter(({ isSuspended }) => !isSuspended)) {
    const before = removed.get(placeOf(charge));
    removed.delete(placeOf(charge));
    const values = before === undefined ? NOTHING : chargeValues(before);
    changes.push({ charge, isRemoved: false, fields: differences(values, chargeValues(charge)) });
  }
  for (const charge of removed.values()) {
    changes.push({ charge, isRemoved: true, fields: differences(chargeValues(charge), NOTHING) });
  }
  return changes.sort(({ charge: a }, { charge: b }) =>
    a.chargeNumber === b.chargeNumber ? a.segment - b.segment : a.chargeNumber < b.chargeNumber ? -1 : 1,
  );
}

function placeOf({ chargeNumber, segment }: Charge): string {
  return `${chargeNumber} ${segment}`;
}

function differences(before: FieldValues, after: FieldValues): FieldChange[] {
  const fields = [...new Set([...before.keys(), ...after.keys()])];
  return fields.flatMap((field) => {
    const oldValue = before.get(field) ?? null;
    const newValue = after.get(field) ?? null;
    return oldValue === newValue ? [] : [{ field, oldValue, newValue }];
  });
}

/** Attributes and custom fields stand beside the other fields, under their own names. */
function valuesOf(thing: object, hidden: ReadonlySet<string>): FieldValues {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(thing) as Array<[string, JsonValue]>) {
    if (hidden.has(name)) continue;
    if (name === 'details' || name === 'customFields') {
      for (const [key, inner] of Object.entries(value as JsonObject)) {
        if (!hidden.has(key)) put(values, key, inner);
      }
    } else put(values, name, value);
  }
  return values;
}

function put(values: Map<string, string>, name: string, value: JsonValue): void {
  if (value == null || (Array.isArray(value) && value.length === 0)) return;
  values.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
}
