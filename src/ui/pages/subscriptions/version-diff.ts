import type { Json } from '../../api.ts';

/** A field that differs; null: it is not there. */
export interface FieldDifference {
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

type Kind = 'Added' | 'Removed' | 'Changed';

/** A segment of a charge that one version has and the other has not, or that differs in fields. */
export interface ChargeDifference {
  readonly kind: Kind;
  readonly name: string;
  readonly fields: readonly FieldDifference[];
}

/** A rate plan that was added or removed, or whose charges differ. */
export interface PlanDifference {
  readonly kind: Kind;
  readonly name: string;
  readonly charges: readonly ChargeDifference[];
}

export interface VersionDifference {
  readonly fields: readonly FieldDifference[];
  readonly plans: readonly PlanDifference[];
}

/** What a subscription says of itself, in the order in which it is shown. */
const SUBSCRIPTION_FIELDS = [
  ...[
    'status',
    'accountNumber',
    'invoiceOwnerAccountNumber',
    'termType',
    'currentTerm',
    'currentTermPeriodType',
  ],
  ...[
    'termStartDate',
    'termEndDate',
    'subscriptionStartDate',
    'subscriptionEndDate',
    'autoRenew',
    'renewalSetting',
  ],
  ...['renewalTerm', 'renewalTermPeriodType', 'contractEffectiveDate', 'serviceActivationDate'],
  ...[
    'customerAcceptanceDate',
    'suspendedDate',
    'paymentTerm',
    'invoiceSeparately',
    'invoiceGroupNumber',
    'notes',
  ],
  ...['contractedMrr', 'totalContractedValue'],
] as const;

const CHARGE_FIELDS = [
  ...['name', 'description', 'quantity', 'price', 'tiers', 'includedUnits', 'overagePrice', 'discountAmount'],
  ...['discountPercentage', 'applyDiscountTo', 'discountLevel', 'effectiveStartDate', 'effectiveEndDate'],
  ...[
    'billingPeriod',
    'billingTiming',
    'billingDay',
    'billingPeriodAlignment',
    'listPriceBase',
    'triggerEvent',
  ],
  ...['triggerDate', 'endDateCondition', 'specificEndDate', 'upToPeriods', 'mrr', 'tcv'],
] as const;

function shown(value: Json): string | null {
  if (value === null || value === undefined || value === '') return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function fieldsOf(before: Json, after: Json, names: readonly string[]): FieldDifference[] {
  return names.flatMap((field) => {
    const [was, is] = [shown(before?.[field]), shown(after?.[field])];
    return was === is ? [] : [{ field, before: was, after: is }];
  });
}

/** Custom fields of both, under their own names. */
function customNames(...bodies: readonly Json[]): string[] {
  return [
    ...new Set(bodies.flatMap((body) => Object.keys(body ?? {}).filter((name) => /__\w+$/.test(name)))),
  ];
}

interface Charge {
  readonly name: string;
  readonly body: Json;
}

/** Segments by their charge's number: the parts of which a rate plan consists, whichever version shows them. */
function segmentsOf(plan: Json): Map<string, Charge> {
  return new Map(
    ((plan?.ratePlanCharges ?? []) as Json[]).map((body) => [
      `${body.number} ${body.segment}`,
      { name: `${body.name} (${body.number}), segment ${body.segment}`, body },
    ]),
  );
}

/** A rate plan keeps its id from version to version. */
function plansOf(subscription: Json): Map<string, Json> {
  return new Map((subscription.ratePlans as Json[]).map((plan) => [plan.id, plan]));
}

function chargeDifferences(before: Json, after: Json): ChargeDifference[] {
  const [was, is] = [segmentsOf(before), segmentsOf(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((key): ChargeDifference[] => {
    const [old, now] = [was.get(key), is.get(key)];
    const names = [...CHARGE_FIELDS, ...customNames(old?.body, now?.body)];
    const fields = fieldsOf(old?.body, now?.body, names);
    const kind = old === undefined ? 'Added' : now === undefined ? 'Removed' : 'Changed';
    return kind === 'Changed' && fields.length === 0 ? [] : [{ kind, name: (now ?? old)!.name, fields }];
  });
}

/** A rate plan that is removed from a day on is still shown, with charges that end: it has a mark. */
const isRemoved = (plan: Json) => plan?.lastChangeType === 'Remove';

/** What is different between two versions of a subscription, as reads of it with all segments show them. */
export function versionDifference(before: Json, after: Json): VersionDifference {
  const fields = fieldsOf(before, after, [...SUBSCRIPTION_FIELDS, ...customNames(before, after)]);
  const [was, is] = [plansOf(before), plansOf(after)];
  const plans = [...new Set([...was.keys(), ...is.keys()])].flatMap((id): PlanDifference[] => {
    const [old, now] = [was.get(id), is.get(id)];
    const charges = chargeDifferences(old, now);
    const isGone = now === undefined || (isRemoved(now) && !isRemoved(old));
    const isNew = old === undefined || (isRemoved(old) && !isRemoved(now));
    const kind = isNew ? 'Added' : isGone ? 'Removed' : 'Changed';
    const { productName, ratePlanName } = now ?? old;
    return kind === 'Changed' && charges.length === 0
      ? []
      : [{ kind, name: `${productName}: ${ratePlanName}`, charges }];
  });
  return { fields, plans };
}

/** Names of fields as people say them: termEndDate → Term end date. */
export function fieldWords(field: string): string {
  const known: Readonly<Record<string, string>> = {
    accountNumber: 'Subscription owner',
    autoRenew: 'Renews by itself',
    contractedMrr: 'Contracted MRR',
    invoiceOwnerAccountNumber: 'Invoice owner',
    listPrice: 'Price',
    mrr: 'MRR',
    tcv: 'TCV',
    uom: 'Unit of measure',
  };
  if (known[field] !== undefined) return known[field];
  if (/__\w+$/.test(field)) return field;
  const words = field
    .replaceAll(/([A-Z])/g, ' $1')
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
