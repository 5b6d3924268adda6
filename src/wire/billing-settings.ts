import { z } from 'zod';
import { type BillingRules, billingRuleDefaults } from '../domain/billing/billing-rules.ts';
import { isCurrency } from '../domain/currencies.ts';
import { wireBoolean } from './values.ts';

/** Largest step that amounts are rounded to, in minor units. */
const INCREMENT_MAX = 1_000_000;

function oneOf<const Word extends string>(words: readonly Word[]) {
  return z.enum(words, { error: `must be one of ${words.join(', ')}` });
}

const increment = z
  .int({ error: 'must be a whole number of minor units' })
  .min(1, `must be from 1 to ${INCREMENT_MAX}`)
  .max(INCREMENT_MAX, `must be from 1 to ${INCREMENT_MAX}`);

const strictly: z.core.$ZodErrorMap = (issue) =>
  issue.code === 'unrecognized_keys' ? `there is no setting ${issue.keys.join(', ')}` : 'must be an object';

const currencyRounding = z.strictObject(
  {
    mode: oneOf(['HALF_UP', 'UP', 'DOWN']),
    incrementMinor: increment,
    invoiceIncrementMinor: increment.nullable(),
  },
  { error: strictly },
);

/** The billing rules of PUT /v1/spillway/settings: what is absent stays; `rounding` is replaced as a whole. */
export const wireBillingRules = z.strictObject(
  {
    billPartialMonth: wireBoolean.optional(),
    proratePartialMonth: wireBoolean.optional(),
    billPartialWeek: wireBoolean.optional(),
    proratePartialWeek: wireBoolean.optional(),
    monthBasis: oneOf(['actual', '30', '30strict']).optional(),
    longPeriods: oneOf(['monthFirst', 'day']).optional(),
    stubMonth: oneOf(['anchor', 'calendar']).optional(),
    creditMethod: oneOf(['kept', 'credited']).optional(),
    creditOneTime: wireBoolean.optional(),
    prorateFixedDiscountCredit: wireBoolean.optional(),
    rounding: z
      .record(
        z.string().refine(isCurrency, 'must be an ISO 4217 currency code such as USD'),
        currencyRounding,
        { error: 'must be an object of currency codes' },
      )
      .optional(),
  },
  { error: strictly },
);
export type WireBillingRules = z.output<typeof wireBillingRules>;

/** The rules with those that are given laid over them. */
export function withBillingRules(rules: BillingRules, given: WireBillingRules): BillingRules {
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...rules, ...(present as Partial<BillingRules>) };
}

/** What differs from the defaults: what is kept, so that a default that changes is followed. */
export function changedBillingRules(rules: BillingRules): Partial<BillingRules> {
  const defaults: Readonly<Record<string, unknown>> = { ...billingRuleDefaults };
  return Object.fromEntries(
    Object.entries(rules).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(defaults[name])),
  );
}
