import type { Json } from '../../api.ts';
import { type Field, place } from '../../forms/fields.ts';
import type { FormValues } from '../../forms/form-values.ts';

/** One tier of prices. */
export interface Tier {
  readonly tier: number;
  readonly startingUnit: number;
  readonly endingUnit: number | null;
  readonly price: number;
  /** As orders spell it: FlatFee, PerUnit. */
  readonly priceFormat: string;
}

/** A charge whose quantity and prices an order may give anew: of the catalog, or of a subscription. */
export interface PricedCharge {
  /** By which the order names it: the catalog's id, or the charge's number. */
  readonly key: string;
  readonly name: string;
  /** Its type, model and billing period in words. */
  readonly summary: string;
  /** Block of `pricing` that fits it: recurringPerUnit; null for models that take none. */
  readonly kind: string | null;
  readonly unit: string | null;
  readonly currency: string;
  /** What holds unless the order says otherwise, by field of the block. */
  readonly known: Readonly<Record<string, number | null | undefined>>;
  readonly tiers: readonly Tier[];
}

const TYPES: Readonly<Record<string, string>> = {
  Recurring: 'recurring',
  OneTime: 'oneTime',
  Usage: 'usage',
};
const MODELS: Readonly<Record<string, string>> = {
  'Flat Fee Pricing': 'FlatFee',
  'Per Unit Pricing': 'PerUnit',
  'Tiered Pricing': 'Tiered',
  'Volume Pricing': 'Volume',
  'Overage Pricing': 'Overage',
  'Tiered with Overage Pricing': 'TieredWithOverage',
};

/** The block of `pricing` for a charge's type and model, in the catalog's words or the subscription's. */
export function pricingKind(type: string, model: string): string | null {
  if (/^Discount/.test(model)) return 'discount';
  const before = TYPES[type];
  const after = MODELS[model] ?? (Object.values(MODELS).includes(model) ? model : undefined);
  return before === undefined || after === undefined ? null : `${before}${after}`;
}

/** Fields of the block that people fill in, with what they are called. */
function partsOf({ kind, unit, currency, known }: PricedCharge): Array<readonly [string, string]> {
  if (kind === null) return [];
  if (kind === 'discount') {
    return known.discountPercentage == null
      ? [['discountAmount', `Discount (${currency})`]]
      : [['discountPercentage', 'Discount (percent)']];
  }
  const each = unit === null ? 'unit' : unit;
  const hasQuantity = !kind.startsWith('usage') && !kind.endsWith('FlatFee');
  const quantity: Array<readonly [string, string]> = hasQuantity
    ? [['quantity', unit === null ? 'Quantity' : `Quantity (${unit})`]]
    : [];
  if (kind.endsWith('FlatFee')) return [['listPrice', `Price (${currency})`]];
  if (kind.endsWith('PerUnit')) return [...quantity, ['listPrice', `Price per ${each} (${currency})`]];
  if (kind === 'usageOverage')
    return [
      ['includedUnits', `Included (${each})`],
      ['overagePrice', `Price per ${each} above (${currency})`],
    ];
  if (kind === 'usageTieredWithOverage') return [['overagePrice', `Price per ${each} above (${currency})`]];
  return quantity;
}

/** Inputs of a charge; what is left empty stays as the hint says. `wire` is the path of its entry in the API's body. */
export function chargeFields(charge: PricedCharge, prefix: string, wire: string, kept: string): Field[] {
  const block = `${wire}.pricing.${charge.kind}`;
  const parts = partsOf(charge).map(([part, label]): Field => {
    const known = charge.known[part];
    return {
      name: `${prefix}.${part}`,
      label,
      type: 'decimal',
      alsoNamed: [`${block}.${part}`],
      ...(known == null ? {} : { hint: `${kept}: ${known}` }),
    };
  });
  const tiers = charge.kind === 'discount' ? [] : tiersShown(charge);
  return [
    ...parts,
    ...tiers.map(
      ({ tier, startingUnit, endingUnit, price }): Field => ({
        name: `${prefix}.tiers[${tier - 1}]`,
        label: `Price from ${startingUnit}${endingUnit === null ? ' on' : ` to ${endingUnit}`} (${charge.currency})`,
        type: 'decimal',
        alsoNamed: [`${block}.tiers[${tier - 1}].price`],
        hint: `${kept}: ${price}`,
      }),
    ),
  ];
}

/** Flat and per unit prices are one tier that is no choice. */
function tiersShown({ kind, tiers }: PricedCharge): readonly Tier[] {
  return kind !== null && /(Tiered|Volume|TieredWithOverage)$/.test(kind) ? tiers : [];
}

/** `pricing` of what was typed; null when nothing was. A list of tiers is one value: those that were left empty are sent as they are. */
export function pricingOf(charge: PricedCharge, values: FormValues, prefix: string): Json | null {
  const { kind } = charge;
  if (kind === null) return null;
  const block: Record<string, Json> = {};
  for (const [part] of partsOf(charge)) {
    const text = values.text(`${prefix}.${part}`);
    if (text !== '') place(block, part, numberOr(text));
  }
  const tiers = tiersShown(charge);
  const typed = tiers.map(({ tier }) => values.text(`${prefix}.tiers[${tier - 1}]`));
  if (typed.some((text) => text !== '')) {
    block.tiers = tiers.map(({ tier, startingUnit, endingUnit, price, priceFormat }, i) => ({
      tier,
      startingUnit,
      ...(endingUnit === null ? {} : { endingUnit }),
      price: typed[i] === '' ? price : numberOr(typed[i]!),
      priceFormat,
    }));
  }
  return Object.keys(block).length === 0 ? null : { [kind]: block };
}

/** What is no number is sent as it is: the API refuses it beside its field. */
function numberOr(text: string): number | string {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : text;
}
