import { type Json, type PageApi, queryOf } from '../../api.ts';
import type { Choice } from '../../forms/fields.ts';
import { type PricedCharge, pricingKind } from './priced-charge.ts';

/** A rate plan of the catalog with what it charges. */
export interface CatalogPlan {
  readonly id: string;
  readonly name: string;
  readonly productName: string;
  readonly charges: readonly PricedCharge[];
}

/** Rate plans that are offered while one types; any other may be typed by its number. */
const SUGGESTIONS_MAX = 99;

function path(parameters: ReadonlyArray<readonly [string, string]>): string {
  return `/object-query/product-rate-plans?${new URLSearchParams(parameters.map(([name, value]) => [name, value]))}`;
}

/** The rate plans that were changed last, as choices by their numbers. */
export async function planSuggestions(api: PageApi): Promise<Choice[]> {
  const reply = await api.get(
    path([
      ['expand[]', 'product'],
      ['pageSize', String(SUGGESTIONS_MAX)],
    ]),
  );
  if (!reply.isOk) return [];
  return (reply.body.data as Json[]).map((plan) => ({
    value: plan.productRatePlanNumber ?? plan.id,
    label: `${plan.product?.name ?? ''}: ${plan.name}`,
  }));
}

/** The id of the rate plan that has this number or id; null: there is none. */
export async function findPlanId(api: PageApi, key: string): Promise<string | null> {
  for (const field of ['productrateplannumber', 'id']) {
    const reply = await api.get(path([['filter[]', `${field}.EQ:${key}`]]));
    const [plan] = reply.isOk ? reply.body.data : [];
    if (plan !== undefined) return plan.id;
  }
  return null;
}

/** Rate plans with their charges and the prices in a currency, in the order of the ids. */
export async function readPlans(
  api: PageApi,
  ids: readonly string[],
  currency: string,
): Promise<CatalogPlan[]> {
  const known = [...new Set(ids)].filter((id) => /^[0-9a-f]{32}$/.test(id));
  if (known.length === 0) return [];
  const body = await api.read(
    path([
      ['filter[]', `id.IN:[${known.join(',')}]`],
      ['expand[]', 'product'],
      ['expand[]', 'productrateplancharges.productrateplanchargetiers'],
      ['pageSize', '99'],
    ]),
  );
  const plans = (body.data as Json[]).map((plan) => toPlan(plan, currency));
  return ids.flatMap((id) => plans.find((plan) => plan.id === id) ?? []);
}

function toPlan(plan: Json, currency: string): CatalogPlan {
  return {
    id: plan.id,
    name: plan.name,
    productName: plan.product?.name ?? '',
    charges: (plan.productRatePlanCharges as Json[]).map((charge) => toCharge(charge, currency)),
  };
}

function toCharge(charge: Json, currency: string): PricedCharge {
  const own = (charge.productRatePlanChargeTiers as Json[]).filter((tier) => tier.currency === currency);
  const overage = own.find((tier) => tier.overagePrice != null);
  const tiers = own.filter((tier) => tier !== overage).sort((a, b) => a.tier - b.tier);
  const [first] = tiers;
  return {
    key: charge.id,
    name: charge.name,
    summary: [charge.chargeType, charge.chargeModel, charge.billingPeriod].filter(Boolean).join(' · '),
    kind: pricingKind(charge.chargeType, charge.chargeModel),
    unit: charge.uOM ?? null,
    currency,
    known: {
      quantity: charge.defaultQuantity,
      listPrice: first?.price,
      includedUnits: charge.includedUnits,
      overagePrice: overage?.overagePrice,
      discountAmount: first?.discountAmount,
      discountPercentage: first?.discountPercentage,
    },
    tiers: tiers.map((tier) => ({
      tier: tier.tier,
      startingUnit: tier.startingUnit ?? 0,
      endingUnit: tier.endingUnit ?? null,
      price: tier.price ?? 0,
      priceFormat: tier.priceFormat === 'Flat Fee' ? 'FlatFee' : 'PerUnit',
    })),
  };
}

/** Accounts that are offered while one types a number. */
const ACCOUNTS_MAX = 50;

/** The accounts that were changed last, as choices by their numbers. */
export async function accountSuggestions(api: PageApi): Promise<Choice[]> {
  const reply = await api.get(
    `/object-query/accounts${queryOf({ pageSize: ACCOUNTS_MAX, 'sort[]': 'updateddate.DESC' })}`,
  );
  if (!reply.isOk) return [];
  return (reply.body.data as Json[]).map(({ accountNumber, name }) => ({
    value: accountNumber,
    label: name,
  }));
}
