import type { Json } from '../../api.ts';
import type { PageContext } from '../../page-env.ts';

/** What a charge costs, a line for each tier and currency, as /v1/products/{id}/product-rate-plans shows it. */
export function PriceLines({ c, charge }: { readonly c: PageContext; readonly charge: Json }) {
  const lines = (charge.pricing as Json[]).flatMap((pricing) => linesOf(c, charge, pricing));
  return (
    <>
      {lines.map((line) => (
        <div>{line}</div>
      ))}
    </>
  );
}

function linesOf(c: PageContext, charge: Json, pricing: Json): string[] {
  const format = c.get('format');
  const { currency } = pricing;
  const each = charge.uom === null ? '' : ` per ${charge.uom}`;
  if (pricing.discountPercentage !== null) return [`${format.number(pricing.discountPercentage)}% off`];
  if (pricing.discountAmount !== null) return [`${format.money(pricing.discountAmount, currency)} off`];
  const beyond =
    pricing.overagePrice === null
      ? []
      : [
          charge.model === 'Overage'
            ? `${format.number(pricing.includedUnits ?? 0)} included, then ${format.money(pricing.overagePrice, currency)}${each}`
            : `beyond: ${format.money(pricing.overagePrice, currency)}${each}`,
        ];
  if (pricing.tiers !== null) {
    const tiers = (pricing.tiers as Json[]).slice(0, pricing.overagePrice === null ? undefined : -1);
    return [
      ...tiers.map((tier) => {
        const from = format.number(tier.startingUnit ?? 0);
        const range =
          tier.endingUnit === null ? `${from} and more` : `${from} – ${format.number(tier.endingUnit)}`;
        return `${range}: ${format.money(tier.price, currency)}${tier.priceFormat === 'FlatFee' ? ' flat' : each}`;
      }),
      ...beyond,
    ];
  }
  if (charge.model === 'Overage') return beyond;
  return [`${format.money(pricing.price, currency)}${charge.model === 'FlatFee' ? '' : each}`];
}
