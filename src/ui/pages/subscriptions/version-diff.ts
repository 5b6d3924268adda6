import type { Json } from '../../api.ts';

/** A field that differs; null: it is not there. */
export interface FieldDifference {
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** A part that one version has and the other has not, or that differs in fields. */
export interface PartDifference {
  readonly kind: 'Added' | 'Removed' | 'Changed';
  readonly what: 'Rate plan' | 'Charge';
  readonly name: string;
  readonly fields: readonly FieldDifference[];
}

export interface VersionDifference {
  readonly fields: readonly FieldDifference[];
  readonly parts: readonly PartDifference[];
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

/** By the first charge: a rate plan keeps its id from version to version. */
function plansOf(subscription: Json): Map<string, Json> {
  const present = (subscription.ratePlans as Json[]).filter(
    ({ lastChangeType }) => lastChangeType !== 'Remove',
  );
  return new Map(present.map((plan) => [plan.id, plan]));
}

const nameOfPlan = (plan: Json) => `${plan.productName}: ${plan.ratePlanName}`;

function chargeDifferences(before: Json, after: Json): PartDifference[] {
  const [was, is] = [segmentsOf(before), segmentsOf(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((key): PartDifference[] => {
    const [old, now] = [was.get(key), is.get(key)];
    const names = [...CHARGE_FIELDS, ...customNames(old?.body, now?.body)];
    const fields = fieldsOf(old?.body, now?.body, names);
    const kind = old === undefined ? 'Added' : now === undefined ? 'Removed' : 'Changed';
    if (kind === 'Changed' && fields.length === 0) return [];
    return [{ kind, what: 'Charge', name: (now ?? old)!.name, fields }];
  });
}

/** What is different between two versions of a subscription, as reads of it show them. */
export function versionDifference(before: Json, after: Json): VersionDifference {
  const fields = fieldsOf(before, after, [...SUBSCRIPTION_FIELDS, ...customNames(before, after)]);
  const [was, is] = [plansOf(before), plansOf(after)];
  const parts = [...new Set([...was.keys(), ...is.keys()])].flatMap((id): PartDifference[] => {
    const [old, now] = [was.get(id), is.get(id)];
    const charges = chargeDifferences(old, now);
    if (old !== undefined && now !== undefined) return charges;
    const kind = old === undefined ? 'Added' : 'Removed';
    return [{ kind, what: 'Rate plan', name: nameOfPlan(now ?? old), fields: [] }, ...charges];
  });
  return { fields, parts };
}

/** Names of fields as people say them: termEndDate → Term end date. */
export function fieldWords(field: string): string {
  const known: Readonly<Record<string, string>> = {
    accountNumber: 'Subscription owner',
    contractedMrr: 'Contracted MRR',
    invoiceOwnerAccountNumber: 'Invoice owner',
    mrr: 'MRR',
    tcv: 'TCV',
    uom: 'Unit of measure',
  };
  if (known[field] !== undefined) return known[field];
  if (/__\w+$/.test(field)) return field;
  const words = field.replaceAll(/([A-Z])/g, ' $1').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
