import type { Json } from '../../api.ts';
import type { Format } from '../../format.ts';
import { periodWords } from '../subscriptions/overview.tsx';
import { fieldWords } from '../subscriptions/version-diff.ts';

/** What the types of order actions are called. */
const TITLES: Readonly<Record<string, string>> = {
  CreateSubscription: 'Create subscription',
  TermsAndConditions: 'Terms and conditions',
  AddProduct: 'Add product',
  UpdateProduct: 'Update product',
  RemoveProduct: 'Remove product',
  RenewSubscription: 'Renew subscription',
  CancelSubscription: 'Cancel subscription',
  OwnerTransfer: 'Owner transfer',
  Suspend: 'Suspend',
  Resume: 'Resume',
  ChangePlan: 'Change plan',
};

export function actionTitle(type: string): string {
  return TITLES[type] ?? type;
}

/** Ids and blocks that are said otherwise, or say nothing to a reader. */
const NOT_SAID = new Set([
  ...['customFields', 'chargeOverrides', 'chargeUpdates', 'subscribeToRatePlans', 'newProductRatePlan'],
  ...['uniqueToken', 'newRatePlanId', 'productRatePlanId', 'newRatePlanChargeId', 'ratePlanId'],
  ...['productRatePlanNumber', 'subscriptionRatePlanNumber'],
]);

/** What an action says of itself, by the words for its fields. */
export function actionFacts(action: Json, format: Format): Array<readonly [string, string]> {
  const own = ownObject(action);
  const dates = ((action.triggerDates ?? []) as Json[]).flatMap(({ name, triggerDate }) =>
    triggerDate ? [[fieldWords(name), format.date(triggerDate)] as const] : [],
  );
  const reason = action.changeReason ? [['Reason', String(action.changeReason)] as const] : [];
  const known = action.orderMetrics?.[0]?.subscriptionRatePlanNumber ?? own.ratePlanId;
  const plan = own.ratePlanId == null ? [] : [['Rate plan', String(known)] as const];
  const { terms, ...others } = own;
  return [...plan, ...termWords(terms), ...flattened(others, '', format), ...dates, ...reason];
}

/** The terms of a new subscription, as its page says them. */
function termWords(terms: Json): Array<readonly [string, string]> {
  if (terms == null) return [];
  const { initialTerm = {}, autoRenew, renewalSetting, renewalTerms = [] } = terms;
  if (initialTerm.termType === 'EVERGREEN') return [['Term', 'Evergreen']];
  const [renewal] = (renewalTerms ?? []) as Json[];
  return [
    ['Term', periodWords(initialTerm.period, initialTerm.periodType)],
    [
      'Renews',
      autoRenew !== true
        ? 'only by an order'
        : renewalSetting === 'RENEW_TO_EVERGREEN'
          ? 'by itself, to evergreen'
          : `by itself, for ${periodWords(renewal?.period, renewal?.periodType) || 'the renewal term'}`,
    ],
  ];
}

function ownObject(action: Json): Json {
  const name = String(action.type).charAt(0).toLowerCase() + String(action.type).slice(1);
  // What the reply says of the term twice is said once.
  const { initialTerm: _, ...own } = action[name] ?? {};
  return own;
}

function flattened(value: Json, prefix: string, format: Format): Array<readonly [string, string]> {
  return Object.entries(value as Record<string, Json>).flatMap(
    ([name, one]): Array<readonly [string, string]> => {
      if (one === null || one === undefined || one === '' || NOT_SAID.has(name)) return [];
      const label = `${prefix}${prefix === '' ? fieldWords(name) : fieldWords(name).toLowerCase()}`;
      if (Array.isArray(one)) return one.flatMap((each, i) => flattened(each, `${label} ${i + 1}: `, format));
      if (typeof one === 'object') return flattened(one, `${label}: `, format);
      return [[label, words(one, format)]];
    },
  );
}

function words(value: Json, format: Format): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return format.number(value);
  return /^\d{4}-\d\d-\d\d$/.test(value) ? format.date(value) : String(value);
}

/** Rate plans and charges that an action adds or changes, a line each. */
export function actionParts(action: Json, format: Format): string[] {
  const own = ownObject(action);
  const plans: Json[] = own.subscribeToRatePlans ?? (own.newProductRatePlan ? [own.newProductRatePlan] : []);
  if (action.type === 'AddProduct') plans.push(own);
  const added = plans.flatMap((plan) => [
    `Rate plan ${plan.subscriptionRatePlanNumber ?? ''} of ${plan.productRatePlanNumber ?? plan.productRatePlanId}`.replace(
      'plan  of',
      'plan of',
    ),
    ...((plan.chargeOverrides ?? []) as Json[]).map((charge) => chargeWords(charge, format)),
  ]);
  const updated = ((own.chargeUpdates ?? []) as Json[]).map((charge) => chargeWords(charge, format));
  return [...added, ...updated];
}

const PRICES = [
  'quantity',
  'listPrice',
  'includedUnits',
  'overagePrice',
  'discountAmount',
  'discountPercentage',
];

function chargeWords(charge: Json, format: Format): string {
  const key = charge.chargeNumber ?? charge.productRatePlanChargeNumber ?? charge.productRatePlanChargeId;
  const [block] = Object.values((charge.pricing ?? {}) as Record<string, Json>).filter(Boolean);
  const said = PRICES.flatMap((name) =>
    block?.[name] == null ? [] : [`${fieldWords(name).toLowerCase()} ${format.number(block[name])}`],
  );
  const tiers = block?.tiers?.length ? [`${block.tiers.length} tiers`] : [];
  return [`Charge ${key}`, ...said, ...tiers].join(', ');
}
