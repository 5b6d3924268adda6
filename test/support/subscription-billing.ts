import {
  type BillingOptions,
  billSubscription,
  usageKeysOf,
} from '../../src/domain/billing/bill-subscription.ts';
import type { BilledLine, SubscriptionBilling } from '../../src/domain/billing/billable.ts';
import type { NewBillingLine } from '../../src/domain/billing/billing-line.ts';
import { type BillingRules, billingRuleDefaults } from '../../src/domain/billing/billing-rules.ts';
import type { UsageTotal } from '../../src/domain/billing/usage.ts';
import type { CalendarDate } from '../../src/domain/calendar.ts';
import { add } from '../../src/domain/money.ts';
import { isRefusal } from '../../src/domain/result.ts';
import type { Charge } from '../../src/domain/subscriptions/subscription.ts';
import type { OrderWorld } from './order-world.ts';

/** A record of usage as tests write it. */
export interface UsedUnits {
  readonly chargeNumber: string;
  readonly day: CalendarDate;
  readonly quantity: string;
}

export type BillFields = Partial<
  Pick<BillingOptions, 'billCycleDay' | 'chargeTypesToExclude'> & { readonly rules: Partial<BillingRules> }
>;

/** Bills of the subscriptions of a world: each bill is a document, whose lines count while it is live. */
export class BillingBook {
  readonly world: OrderWorld;
  readonly usage: UsedUnits[] = [];
  /** Documents: their lines, in the order in which they were billed. */
  readonly documents: NewBillingLine[][] = [];
  /** Documents that were cancelled or reversed. */
  readonly gone = new Set<number>();
  #ids = 0;

  constructor(world: OrderWorld) {
    this.world = world;
  }

  /** Bills up to a target date and books what came of it. */
  bill(number: string, targetDate: CalendarDate, fields: BillFields = {}): NewBillingLine[] {
    const billing = this.billingOf(number);
    const options = this.#options(targetDate, fields);
    const keys = new Set(usageKeysOf(billing, options));
    const billed = billSubscription(billing, {
      ...options,
      usageOf: (key) => {
        if (!keys.has(key)) throw new Error(`usage of ${key} was not asked for`);
        return this.#total(key);
      },
    });
    if (isRefusal(billed)) throw new Error(billed.message);
    const { lines, billingFrom } = billed;
    if (lines.length > 0) this.documents.push([...lines]);
    const { subscription } = billing;
    this.world.state.put('subscription', { ...subscription, billingFrom });
    return [...lines];
  }

  /** A document is cancelled or reversed: the subscription is looked at again from the first day that it billed. */
  cancel(index: number): void {
    this.gone.add(index);
    for (const line of this.documents[index]!)
      this.lookAgain(line.subscriptionNumber!, line.serviceStartDate);
  }

  lookAgain(number: string, day: CalendarDate): void {
    const subscription = this.world.subscription(number);
    const billingFrom = day < subscription.billingFrom ? day : subscription.billingFrom;
    this.world.state.put('subscription', { ...subscription, billingFrom });
  }

  /** Units are used; late ones are looked at again. */
  use(number: string, used: UsedUnits): void {
    this.usage.push(used);
    this.lookAgain(number, used.day);
  }

  /** Lines of live documents. */
  live(): NewBillingLine[] {
    return this.documents.filter((_, i) => !this.gone.has(i)).flat();
  }

  /** What the database's query reads. */
  billingOf(number: string): SubscriptionBilling {
    const subscription = this.world.subscription(number);
    const from = subscription.billingFrom;
    const all = this.world.live(number);
    const charges = all.filter((charge) => isOpen(charge, all, chargesFrom(all, from)));
    const lines = this.live().filter((line) => line.subscriptionNumber === number);
    const reached = lines.filter((line) => line.serviceEndDate! >= from);
    const oneTime = new Set(
      charges.flatMap((c) => (c.chargeType === 'OneTime' && isOpen(c, all, from) ? [c.chargeNumber] : [])),
    );
    const first = reached.map((line) => line.serviceStartDate).sort()[0] ?? from;
    return {
      id: number,
      revision: subscription.revision,
      subscription,
      charges: charges.map((charge) => ({
        charge,
        ratePlan: this.world.ratePlan(charge.ratePlanId),
        firstStartDate: all.find((other) => other.chargeNumber === charge.chargeNumber)!.effectiveStartDate,
      })),
      billed: lines
        .filter((line) => line.serviceEndDate! >= first || oneTime.has(line.chargeNumber!))
        .map(billedLine),
    };
  }

  #options(targetDate: CalendarDate, fields: BillFields): Omit<BillingOptions, 'usageOf'> {
    return {
      targetDate,
      billCycleDay: fields.billCycleDay ?? 1,
      chargeTypesToExclude: fields.chargeTypesToExclude ?? new Set(),
      rules: { ...billingRuleDefaults, ...fields.rules },
      newId: () => `b${(++this.#ids).toString(16).padStart(31, '0')}`,
    };
  }

  #total(key: string): UsageTotal {
    const [start, end, chargeNumber] = key.split('@') as [string, string, string];
    const records = this.usage
      .map((used, i) => ({ ...used, sequence: i + 1 }))
      .filter((used) => used.chargeNumber === chargeNumber && start <= used.day && used.day < end);
    return {
      id: key,
      revision: 1,
      quantity: records.reduce((sum, { quantity }) => add(sum, quantity), '0'),
      throughSequence: records.at(-1)?.sequence ?? 0,
      records: records.length,
    };
  }
}

/** The first day of fixed monthly discounts, where one ends on the day or later. */
function chargesFrom(all: readonly Charge[], from: CalendarDate): CalendarDate {
  const fixed = all.filter((c) => c.chargeModel === 'Discount-Fixed Amount' && c.chargeType === 'Recurring');
  if (!fixed.some(({ effectiveEndDate: end }) => end !== null && end >= from)) return from;
  return [from, ...fixed.flatMap(({ effectiveStartDate: start }) => start ?? [])].sort()[0]!;
}

/** Charges that had not ended before the day, each from the segment on that covers it or lies before it. */
function isOpen(charge: Charge, all: readonly Charge[], from: CalendarDate): boolean {
  const segments = all.filter((other) => other.chargeNumber === charge.chargeNumber);
  const end = segments.at(-1)!.effectiveEndDate;
  const before = segments.filter(
    (other) => other.effectiveStartDate !== null && other.effectiveStartDate < from,
  );
  return (end === null || end >= from) && charge.segment >= (before.at(-1)?.segment ?? 0);
}

/** A line as it is read again: through JSON, as it is stored. */
function billedLine(line: NewBillingLine): BilledLine {
  return {
    itemId: line.id,
    documentKind: 'invoice',
    documentId: 'document',
    chargeNumber: line.chargeNumber!,
    processingType: line.processingType as BilledLine['processingType'],
    amountMinor: line.amountMinor,
    serviceStartDate: line.serviceStartDate,
    serviceEndDate: line.serviceEndDate!,
    appliedToItemId: line.appliedToItemId,
    chargeId: line.chargeId!,
    chargeName: line.chargeName,
    quantity: line.quantity,
    unitPrice: line.unitPrice,
    productRatePlanChargeId: line.productRatePlanChargeId,
    details: line.details,
    calculation: JSON.parse(JSON.stringify(line.calculation)),
  };
}

/** Lines as tables show them: `2026-01-01..2026-01-31 100.00` with what they are when they are no plain charges. */
export function shown(lines: readonly NewBillingLine[], digits = 2): string[] {
  return lines.map((line) => {
    const amount = (line.amountMinor / 10 ** digits).toFixed(digits);
    const kind =
      line.calculation!.credit !== undefined
        ? line.processingType === 'Discount'
          ? ' discount back'
          : ' credit'
        : line.processingType === 'Discount'
          ? ' discount'
          : '';
    return `${line.serviceStartDate}..${line.serviceEndDate} ${amount}${kind}`;
  });
}
