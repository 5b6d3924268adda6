import { type ReachedTier, reachedTiers } from '../charge-models/price-tiers.ts';
import { compare, type Decimal, subtract } from '../money.ts';
import type { BilledTerms } from './document-line.ts';

/** Prints an amount of money. */
export type Money = (amount: Decimal) => string;

/** How a quantity is priced by a charge's model, in plain English: "12 units x 7.50". */
export function priceInWords(terms: BilledTerms, quantity: Decimal, money: Money): string {
  const { chargeModel, price, tiers, includedUnits, overagePrice } = terms;
  switch (chargeModel) {
    case 'Per Unit Pricing':
      return unitsAt(quantity, price ?? '0', money);
    case 'Tiered Pricing':
      return tiersInWords(reachedTiers(tiers, quantity), money);
    case 'Volume Pricing': {
      const last = reachedTiers(tiers, quantity).at(-1);
      return last === undefined ? money('0') : tierInWords({ ...last, units: quantity }, money);
    }
    case 'Overage Pricing':
      return beyond(quantity, includedUnits ?? '0', overagePrice ?? '0', money);
    case 'Tiered with Overage Pricing': {
      const end = tiers.at(-1)?.endingUnit ?? '0';
      if (compare(quantity, end) <= 0) return tiersInWords(reachedTiers(tiers, quantity), money);
      const inTiers = tiersInWords(reachedTiers(tiers, end), money);
      return `${inTiers} + ${beyond(quantity, end, overagePrice ?? '0', money)}`;
    }
    default:
      return money(price ?? '0');
  }
}

export function unitsInWords(quantity: Decimal): string {
  return `${quantity} ${quantity === '1' ? 'unit' : 'units'}`;
}

function unitsAt(quantity: Decimal, price: Decimal, money: Money): string {
  return `${unitsInWords(quantity)} x ${money(price)}`;
}

function beyond(quantity: Decimal, included: Decimal, price: Decimal, money: Money): string {
  const rest = compare(quantity, included) > 0 ? subtract(quantity, included) : '0';
  return `${unitsInWords(rest)} beyond ${included} x ${money(price)}`;
}

function tiersInWords(reached: readonly ReachedTier[], money: Money): string {
  return reached.length === 0 ? money('0') : reached.map((tier) => tierInWords(tier, money)).join(' + ');
}

function tierInWords({ tier, units }: ReachedTier, money: Money): string {
  if (tier.priceFormat !== 'Flat Fee') return unitsAt(units, tier.price, money);
  return `${money(tier.price)} for the tier from ${tier.startingUnit}`;
}
