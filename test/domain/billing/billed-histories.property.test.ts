import { expect, test } from 'vitest';
import type { NewBillingLine } from '../../../src/domain/billing/billing-line.ts';
import { type Days, NO_END, shared, together, without } from '../../../src/domain/billing/day-spans.ts';
import { addDays } from '../../../src/domain/calendar.ts';
import { Random } from '../../simulation/random.ts';
import {
  creationBy,
  dayOf,
  type HistoryWorld,
  historyWorld,
  orderBy,
  place,
} from '../../support/order-histories.ts';
import { BillingBook } from '../../support/subscription-billing.ts';

// Histories of orders and bills by chance, over the real order actions. Whatever happened: a bill leaves nothing to bill, no day is billed twice,
// what is billed is what is served, and it costs what it would have cost had the last version been billed alone.

const SEEDS = Array.from({ length: 100 }, (_, i) => i + 1);
const STEPS = 20;
const END = '2030-01-01';

/** What the histories held, so that a check that finds nothing to look at is seen. */
const seen = new Map<string, number>();
function count(kind: string, by = 1): void {
  seen.set(kind, (seen.get(kind) ?? 0) + by);
}

interface Setting {
  readonly history: HistoryWorld;
  readonly book: BillingBook;
  readonly numbers: readonly string[];
}

function settingBy(random: Random): Setting {
  const history = historyWorld();
  const { world } = history;
  const percent = world.offer({ chargeModel: 'Discount-Percentage', price: '10' });
  const fixed = world.offer({ chargeModel: 'Discount-Fixed Amount', price: '3' });
  const plans = [...history.plans, percent.id, fixed.id];
  while (history.world.state.all('subscription').length < 2)
    place(history, creationBy(random, { ...history, plans }));
  const numbers = history.world.state.all('subscription').map((s) => s.subscriptionNumber);
  return { history: { ...history, plans }, book: new BillingBook(history.world), numbers };
}

function useBy(random: Random, { history, book }: Setting, number: string): void {
  const usage = random.pick(history.world.live(number).filter((c) => c.chargeType === 'Usage'));
  if (usage === undefined) return;
  book.use(number, {
    chargeNumber: usage.chargeNumber,
    day: dayOf(random),
    quantity: String(random.integer(1, 500) / 10),
  });
}

function net(lines: readonly NewBillingLine[]): number {
  return lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

const daysOf = (line: NewBillingLine): Days => ({
  start: line.serviceStartDate,
  end: addDays(line.serviceEndDate!, 1),
});

/** Of a charge: days that its lines bill, less those that were given back, line by line. */
function billedDays(lines: readonly NewBillingLine[]): Days[] {
  return lines
    .filter((line) => line.processingType === 'Charge' && line.calculation!.credit === undefined)
    .flatMap((line) => {
      const back = lines.filter((other) => other.appliedToItemId === line.id && other.calculation!.credit);
      return without([daysOf(line)], back.map(daysOf));
    });
}

function checkNoDayTwice(lines: readonly NewBillingLine[]): void {
  const days = billedDays(lines);
  const sorted = [...days].sort((a, b) => (a.start < b.start ? -1 : 1));
  for (const [i, span] of sorted.entries()) {
    const next = sorted[i + 1];
    if (next !== undefined) expect(span.end <= next.start, `${JSON.stringify([span, next])}`).toBe(true);
  }
}

/** A line with what was taken off it and given back of it is never less than nothing, and credits are exact. */
function checkNets(lines: readonly NewBillingLine[]): void {
  const related = (id: string): NewBillingLine[] =>
    lines.filter((l) => l.appliedToItemId === id).flatMap((l) => [l, ...related(l.id)]);
  for (const line of lines) {
    const credit = line.calculation!.credit;
    if (credit !== undefined) expect(credit.keptMinor - credit.billedMinor).toBe(line.amountMinor);
    if (line.appliedToItemId === null) {
      expect(net([line, ...related(line.id)]), JSON.stringify(line)).toBeGreaterThanOrEqual(0);
    }
  }
}

function ofCharge(lines: readonly NewBillingLine[], chargeNumber: string): NewBillingLine[] {
  return lines.filter((line) => line.chargeNumber === chargeNumber);
}

test.each(SEEDS)(
  'after every bill nothing is left to bill and every day is billed once (seed %i)',
  (seed) => {
    const random = new Random(seed);
    const setting = settingBy(random);
    const { history, book, numbers } = setting;
    for (let step = 0; step < STEPS; step++) {
      const number = random.pick(numbers)!;
      if (random.chance(0.5)) place(history, orderBy(random, history, number));
      if (random.chance(0.3)) useBy(random, setting, number);
      if (random.chance(0.1) && book.documents.length > 0) {
        const index = random.integer(0, book.documents.length - 1);
        if (!book.gone.has(index)) {
          book.cancel(index);
          count('canceled document');
        }
      }
      const target = dayOf(random);
      if (random.chance(0.6)) {
        book.bill(number, target);
        expect(book.bill(number, target), `step ${step}`).toEqual([]);
      }
    }
    for (const number of numbers) {
      book.bill(number, END);
      expect(book.bill(number, END)).toEqual([]);
      checkFinal(setting, number);
    }
  },
);

/** After a final bill: what is billed of recurring charges is what is served, for its price within one increment a line. */
function checkFinal({ history, book }: Setting, number: string): void {
  const lines = book.live().filter((line) => line.subscriptionNumber === number);
  const segments = history.world.live(number);
  checkNets(lines);
  const afresh = new BillingBook(history.world);
  const { billingFrom } = history.world.subscription(number);
  afresh.usage.push(...book.usage);
  afresh.lookAgain(number, '');
  const once = afresh.bill(number, END);
  afresh.lookAgain(number, billingFrom);
  count('given back', lines.filter((line) => line.calculation!.credit !== undefined).length);
  // Also charges that no line knows: a served one that nobody bills would not be missed otherwise.
  const charges = new Set([...lines, ...once, ...segments].map((each) => each.chargeNumber!));
  for (const chargeNumber of charges) {
    const own = ofCharge(lines, chargeNumber);
    const last = segments.findLast((c) => c.chargeNumber === chargeNumber);
    expect(last, `charge ${chargeNumber} of the latest version`).toBeDefined();
    const { chargeType, chargeModel, isRemoved } = last!;
    if (chargeModel.startsWith('Discount')) {
      count('Discount', own.length);
      continue;
    }
    count(`${chargeType}${isRemoved ? ' removed' : ''}`);
    if (chargeType === 'Usage') expect(net(own), chargeNumber).toBe(net(ofCharge(once, chargeNumber)));
    if (chargeType === 'OneTime') {
      const charged = own.filter((line) => line.processingType === 'Charge');
      expect(charged.length, chargeNumber).toBeLessThanOrEqual(1);
      expect(net(own), chargeNumber).toBeGreaterThanOrEqual(net(ofCharge(once, chargeNumber)));
    }
    if (chargeType !== 'Recurring') continue;
    if (isRemoved && own.some((line) => line.calculation!.credit !== undefined))
      count('removed and given back');
    checkNoDayTwice(own);
    const served = together(
      segments
        .filter((c) => c.chargeNumber === chargeNumber && !c.isSuspended && c.effectiveStartDate !== null)
        .map((c) => ({ start: c.effectiveStartDate!, end: c.effectiveEndDate ?? NO_END })),
    );
    const billed = together(billedDays(own));
    expect(without(billed, served), `${chargeNumber} days that are not served`).toEqual([]);
    const reached = [{ start: '1900-01-01', end: END }];
    expect(without(shared(served, reached), billed), `${chargeNumber} days that are not billed`).toEqual([]);
    const difference = net(own) - net(ofCharge(once, chargeNumber));
    const lineCount = own.length + ofCharge(once, chargeNumber).length;
    expect(Math.abs(difference), `${chargeNumber} is minor units off`).toBeLessThanOrEqual(lineCount);
  }
}

test('every kind of charge was among them, also removed ones and what is given back', () => {
  expect(Object.fromEntries(seen)).toEqual(
    Object.fromEntries(
      [
        'Recurring',
        'Recurring removed',
        'Usage',
        'Usage removed',
        'OneTime',
        'Discount',
        'given back',
        'removed and given back',
        'canceled document',
      ].map((kind) => [kind, expect.any(Number)]),
    ),
  );
  expect(Math.min(...seen.values())).toBeGreaterThanOrEqual(5);
});
