import type { Fixtures } from './fixtures.ts';
import type { KnownRatePlan, KnownSubscription } from './known-subscriptions.ts';
import type { Random } from './random.ts';

/** The day on which everything is ordered; orders may carry other dates. */
export const TODAY = '2026-03-01';

/** Few, so that changes meet on the same day; before, on and after the boundaries of terms, and month ends. */
const DATES = [
  '2026-01-31',
  '2026-02-10',
  '2026-02-28',
  TODAY,
  '2026-03-02',
  '2026-03-31',
  '2026-04-15',
  '2026-06-01',
  '2026-08-31',
  '2027-02-28',
  TODAY.replace('2026', '2027'),
  '2027-07-01',
] as const;

const PERIODS = [
  { period: 1, periodType: 'Month' },
  { period: 6, periodType: 'Month' },
  { period: 12, periodType: 'Month' },
  { period: 45, periodType: 'Day' },
  { period: 1, periodType: 'Year' },
] as const;

type Body = Record<string, unknown>;

/** Bodies of order actions, as a client would send them: most of them sensible, some of them not. */
export class OrderActionBodies {
  readonly #random: Random;
  readonly #fixtures: Fixtures;

  constructor(random: Random, fixtures: Fixtures) {
    this.#random = random;
    this.#fixtures = fixtures;
  }

  /** The order date of new subscriptions: mostly early, so that much can be changed before and after this day. */
  firstDate(): string {
    return this.#random.chance(0.9)
      ? this.#random.pick([DATES[0], DATES[2], TODAY])
      : this.#random.pick(DATES);
  }

  /** A date on which a subscription mostly is there: often this day, else before or after it. */
  date({ start }: KnownSubscription): string {
    if (start <= TODAY && this.#random.chance(0.3)) return TODAY;
    const later = DATES.filter((date) => date >= start);
    return this.#random.pick(later.length > 0 && this.#random.chance(0.95) ? later : DATES);
  }

  createSubscription(): Body {
    const ratePlans = Array.from({ length: this.#random.chance(0.3) ? 2 : 1 }, () => this.#ratePlan());
    const createSubscription = {
      terms: {
        initialTerm: this.#random.chance(0.25)
          ? { termType: 'EVERGREEN' }
          : { termType: 'TERMED', ...this.#random.pick(PERIODS) },
        autoRenew: this.#random.chance(0.5),
      },
      subscriptionOwnerAccountNumber: this.#accountNumber(),
      ...(this.#random.chance(0.1) ? { invoiceOwnerAccountNumber: this.#accountNumber() } : {}),
      subscribeToRatePlans: ratePlans,
    };
    return { type: 'CreateSubscription', createSubscription, ...this.#missingDates() };
  }

  /** What a client might want to do to a subscription that it sees like this. */
  change(subscription: KnownSubscription): Body {
    const { status } = subscription;
    if (status === 'Suspended' && this.#random.chance(0.5)) return this.#resume(subscription);
    const makers: Array<() => Body | null> = [
      () => this.#addProduct(subscription),
      () => this.#updateProduct(subscription),
      () => this.#updateProduct(subscription),
      () => this.#updateProduct(subscription),
      () => this.#updateProduct(subscription),
      () => this.#removeProduct(subscription),
      () => this.#changePlan(subscription),
      () => ({ type: 'RenewSubscription', renewSubscription: {} }),
      () => this.#termsAndConditions(subscription),
      () => this.#ownerTransfer(),
      () => this.#ownerTransfer(),
      () => this.#suspend(subscription),
      () => this.#suspend(subscription),
      () => (this.#random.chance(0.4) ? this.#cancel(subscription) : null),
    ];
    for (;;) {
      const body = this.#random.pick(makers)();
      if (body !== null) return body;
    }
  }

  #addProduct(subscription: KnownSubscription): Body {
    return { type: 'AddProduct', addProduct: this.#ratePlan(), ...this.#triggerDates(subscription) };
  }

  #updateProduct(subscription: KnownSubscription): Body | null {
    const plan = this.#plan(subscription.ratePlans);
    const charges = plan?.charges.filter(({ type }) => type === 'Recurring') ?? [];
    if (plan === null || charges.length === 0) return null;
    const update = ({ number, model }: (typeof charges)[number]) => {
      const price = { listPrice: this.#random.integer(1, 4_000) / 100 };
      const quantity = { quantity: this.#random.integer(1, 80) / 4 };
      if (this.#random.chance(0.1)) return { chargeNumber: number, description: `note ${this.#random.id()}` };
      if (model !== 'Per Unit Pricing')
        return {
          chargeNumber: number,
          pricing: { recurringFlatFee: price },
          ...this.#effectiveDate(subscription),
        };
      const block = this.#random.pick([price, quantity, quantity, { ...price, ...quantity }]);
      return {
        chargeNumber: number,
        pricing: { recurringPerUnit: block },
        ...this.#effectiveDate(subscription),
      };
    };
    const chosen = this.#random.chance(0.2) ? charges : [this.#random.pick(charges)];
    const updateProduct = {
      ratePlanId: plan.id,
      chargeUpdates: chosen.map(update),
      ...(this.#random.chance(0.4) ? { specificUpdateDate: this.date(subscription) } : {}),
    };
    return { type: 'UpdateProduct', updateProduct, ...this.#triggerDates(subscription) };
  }

  #effectiveDate(subscription: KnownSubscription): Body {
    if (this.#random.chance(0.1)) return { effectiveDate: { triggerEvent: 'ServiceActivation' } };
    return this.#random.chance(0.2)
      ? { effectiveDate: { triggerEvent: 'SpecificDate', specificTriggerDate: this.date(subscription) } }
      : {};
  }

  #removeProduct(subscription: KnownSubscription): Body | null {
    const plan = this.#plan(subscription.ratePlans);
    if (plan === null || (subscription.ratePlans.length === 1 && this.#random.chance(0.7))) return null;
    return {
      type: 'RemoveProduct',
      removeProduct: { ratePlanId: plan.id },
      ...this.#triggerDates(subscription),
    };
  }

  #changePlan(subscription: KnownSubscription): Body | null {
    const plan = this.#plan(subscription.ratePlans);
    if (plan === null) return null;
    const changePlan = {
      ratePlanId: plan.id,
      newProductRatePlan: this.#ratePlan(),
      effectivePolicy: this.#random.pick([
        'EffectiveImmediately',
        'EffectiveImmediately',
        'EffectiveEndOfBillingPeriod',
      ]),
    };
    return { type: 'ChangePlan', changePlan, ...this.#triggerDates(subscription) };
  }

  #termsAndConditions(subscription: KnownSubscription): Body {
    const termsAndConditions = this.#random.pick<() => Body>([
      () => ({ autoRenew: this.#random.chance(0.5) }),
      () => ({ lastTerm: { termType: 'TERMED', ...this.#random.pick(PERIODS) } }),
      () => ({ lastTerm: { termType: 'TERMED', endDate: this.date(subscription) } }),
      () => ({ lastTerm: { termType: 'EVERGREEN' } }),
      () => ({ renewalSetting: this.#random.pick(['RENEW_TO_EVERGREEN', 'RENEW_WITH_SPECIFIC_TERM']) }),
      () => ({ renewalTerms: [this.#random.pick(PERIODS), this.#random.pick(PERIODS)] }),
    ])();
    return { type: 'TermsAndConditions', termsAndConditions };
  }

  #ownerTransfer(): Body {
    const [subscription, invoice] = this.#random.pick([
      [true, false],
      [true, true],
      [false, true],
    ] as const);
    const ownerTransfer = {
      ...(subscription ? { destinationAccountNumber: this.#accountNumber() } : {}),
      ...(invoice ? { destinationInvoiceAccountNumber: this.#accountNumber() } : {}),
    };
    return { type: 'OwnerTransfer', ownerTransfer };
  }

  #suspend(subscription: KnownSubscription): Body {
    const suspend = this.#random.pick<() => Body>([
      () => ({ suspendPolicy: 'Today' }),
      () => ({ suspendPolicy: 'SpecificDate', suspendSpecificDate: this.date(subscription) }),
      () => ({ suspendPolicy: 'SpecificDate', suspendSpecificDate: this.date(subscription) }),
      () => ({ suspendPolicy: 'FixedPeriodsFromToday', suspendPeriods: 5, suspendPeriodsType: 'Week' }),
      () => ({ suspendPolicy: 'EndOfLastInvoicePeriod' }),
    ])();
    return { type: 'Suspend', suspend };
  }

  #resume(subscription: KnownSubscription): Body {
    const policy = this.#random.pick<() => Body>([
      () => ({ resumePolicy: 'Today' }),
      () => ({ resumePolicy: 'SuspendDate' }),
      () => ({ resumePolicy: 'SpecificDate', resumeSpecificDate: this.date(subscription) }),
      () => ({ resumePolicy: 'SpecificDate', resumeSpecificDate: this.date(subscription) }),
      () => ({
        resumePolicy: 'FixedPeriodsFromSuspendDate',
        resumePeriods: 20,
        resumePeriodsType: 'Day',
      }),
    ])();
    return { type: 'Resume', resume: { ...policy, extendsTerm: this.#random.chance(0.4) } };
  }

  #cancel(subscription: KnownSubscription): Body {
    const cancelSubscription = this.#random.pick<() => Body>([
      () => ({ cancellationPolicy: 'EndOfCurrentTerm' }),
      () => ({ cancellationPolicy: 'EndOfLastInvoicePeriod' }),
      () => ({ cancellationPolicy: 'SpecificDate', cancellationEffectiveDate: this.date(subscription) }),
    ])();
    return { type: 'CancelSubscription', cancelSubscription };
  }

  #plan(ratePlans: readonly KnownRatePlan[]): KnownRatePlan | null {
    return ratePlans.length === 0 ? null : this.#random.pick(ratePlans);
  }

  #ratePlan(): Body {
    return { productRatePlanId: this.#random.pick(this.#fixtures.ratePlanIds) };
  }

  #accountNumber(): string {
    return this.#random.pick(this.#fixtures.accounts).accountNumber;
  }

  /** Product-level actions may take effect on another day than the order's. */
  #triggerDates(subscription: KnownSubscription): Body {
    if (this.#random.chance(0.08)) return { triggerDates: [{ name: 'ServiceActivation' }] };
    return this.#random.chance(0.3)
      ? { triggerDates: [{ name: 'ContractEffective', triggerDate: this.date(subscription) }] }
      : {};
  }

  /** A date that is named without a value is missing: the subscription is pending. */
  #missingDates(): Body {
    return this.#random.chance(0.1)
      ? { triggerDates: [{ name: this.#random.pick(['ServiceActivation', 'CustomerAcceptance']) }] }
      : {};
  }
}
