import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../../src/domain/calendar.ts';
import { monthlyAmount } from '../../../src/domain/charge-models/mrr.ts';
import {
  contractedNetMrr,
  type Discount,
  type GrossSegment,
  netMrrOn,
  netValues,
} from '../../../src/domain/charge-models/net-mrr.ts';
import { DISCOUNT_LEVELS } from '../../../src/domain/charge-models/vocabulary.ts';
import { add, compare } from '../../../src/domain/money.ts';
import vectors from '../../vectors.json' with { type: 'json' };

// Shows net MRR against the reference vectors and semantics C.2: the order in which discounts are applied, how a fixed one goes
// over several charges, how segments are split, and that nothing is lost or goes below zero.

const YEAR = { start: '2026-01-01', endExclusive: '2027-01-01' };

function segment(chargeNumber: string, gross: string, fields: Partial<GrossSegment> = {}): GrossSegment {
  return {
    subscriptionId: 's',
    ratePlanId: 'p',
    productRatePlanChargeId: `catalog ${chargeNumber}`,
    chargeNumber,
    chargeType: 'Recurring',
    gross,
    ...YEAR,
    ...fields,
  };
}

function discount(chargeNumber: string, off: Discount['off'], fields: Partial<Discount> = {}): Discount {
  return {
    subscriptionId: 's',
    ratePlanId: 'p',
    chargeNumber,
    chargeType: 'Recurring',
    level: 'subscription',
    appliesTo: ['OneTime', 'Recurring'],
    discountClass: null,
    onlyChargeIds: null,
    off,
    ...YEAR,
    ...fields,
  };
}

/** Net of each charge on a day in the middle. */
function netByCharge(segments: readonly GrossSegment[], discounts: readonly Discount[], day = '2026-06-15') {
  const net = netMrrOn(segments, discounts, day);
  return Object.fromEntries([...net].map(([{ chargeNumber }, value]) => [chargeNumber, value]));
}

const A = segment('A', '120');
const B = segment('B', '50');

describe('the reference vectors', () => {
  const quarterly = monthlyAmount('450', { billingPeriod: 'Quarter' }, null);
  const d1 = (discountClass: string | null) => discount('D1', { amount: quarterly }, { discountClass });
  const d2 = (discountClass: string | null) => discount('D2', { percentage: '10' }, { discountClass });

  it('the fixed discount has the higher class', () => {
    const expected = vectors.discount['D1 then D2'];
    const { pieces } = netValues([A, B], [d1('1 partner'), d2('2 promotion')]);
    expect(pieces.map((piece) => [piece.segment.chargeNumber, piece.net, piece.discount])).toEqual([
      ['A', expected['A net'], expected['discount MRR A']],
      ['B', expected['B net'], expected['discount MRR B']],
    ]);
    expect(add(A.gross, B.gross)).toBe(expected['sub gross']);
    expect(add(pieces[0]!.net, pieces[1]!.net)).toBe(expected['sub net']);
  });

  it('in the same class the percentage comes first', () => {
    const expected = vectors.discount['same class: D2 (percent) then D1 (fixed)'];
    const net = netByCharge([A, B], [d1('partner'), d2('partner')]);
    expect(net).toEqual({ A: expected['A net'], B: expected['B net'] });
    expect(add(net.A!, net.B!)).toBe(expected['sub net']);
  });

  it('covers every vector', () => {
    expect(Object.keys(vectors.discount)).toHaveLength(2);
  });

  it('500 a quarter is 166.666666667 a month', () => {
    expect(monthlyAmount('500', { billingPeriod: 'Quarter' }, null)).toBe('166.666666667');
  });
});

describe('order of application', () => {
  const ten = { percentage: '10' };
  const fixed = { amount: '20' };
  it.each<[string, Discount[], string]>([
    // 100 − 20 = 80, − 10 % = 72
    ['a class before none', [discount('D1', ten), discount('D2', fixed, { discountClass: 'x' })], '72'],
    // 100 − 10 % = 90, − 20 = 70
    ['percentage before fixed', [discount('D1', fixed), discount('D2', ten)], '70'],
  ])('%s', (_, discounts, left) => {
    expect(netByCharge([segment('C', '100')], discounts)).toEqual({ C: left });
  });

  // Each takes all of a charge. The narrow one has only C1; when it goes first, the wide one is left C2.
  const all = { amount: '60' };
  const narrow = discount('D9', all, { onlyChargeIds: ['catalog C1'] });
  const wide = discount('D10', all);
  it.each<[string, Discount[], Partial<GrossSegment>, string]>([
    [
      'rate plan before subscription',
      [discount('D9', all, { level: 'rateplan' }), discount('D1', all, { level: 'subscription' })],
      { ratePlanId: 'other' },
      '0',
    ],
    [
      'subscription before account',
      [discount('D9', all, { level: 'subscription' }), discount('D1', all, { level: 'account' })],
      { subscriptionId: 'other' },
      '0',
    ],
    ['the smaller number, here of the narrow one', [wide, narrow], {}, '0'],
    ['the smaller number, here of the wide one', [{ ...wide, chargeNumber: 'D8' }, narrow], {}, '60'],
  ])('%s', (_, discounts, of, left) => {
    const charges = [segment('C1', '60'), segment('C2', '60', of)];
    expect(netByCharge(charges, discounts)).toEqual({ C1: '0', C2: left });
    expect(netByCharge(charges, discounts.toReversed())).toEqual({ C1: '0', C2: left });
  });
});

describe('what a discount applies to', () => {
  const off = { amount: '1000' };
  it.each<[string, Partial<Discount>, Partial<GrossSegment>, string]>([
    ['its rate plan', { level: 'rateplan' }, {}, '0'],
    ['no other rate plan', { level: 'rateplan' }, { ratePlanId: 'other' }, '100'],
    ['its subscription', { level: 'subscription' }, { ratePlanId: 'other' }, '0'],
    ['no other subscription', { level: 'subscription' }, { subscriptionId: 'other' }, '100'],
    ['all of the account', { level: 'account' }, { subscriptionId: 'other' }, '0'],
    ['not recurring charges, if it says so', { appliesTo: ['OneTime'] }, {}, '100'],
    ['the charges that it names', { onlyChargeIds: ['catalog C'] }, {}, '0'],
    ['no charge that it does not name', { onlyChargeIds: ['catalog D'] }, {}, '100'],
    ['nothing each month when it is one-time', { chargeType: 'OneTime' }, {}, '100'],
  ])('%s', (_, fields, of, left) => {
    expect(netByCharge([segment('C', '100', of)], [discount('D', off, fields)])).toEqual({ C: left });
  });
});

describe('pieces', () => {
  it('are the segment split where a discount starts and ends', () => {
    const spring = { start: '2026-03-01', endExclusive: '2026-06-01' };
    const { pieces } = netValues([A], [discount('D', { amount: '20' }, spring)]);
    expect(
      pieces.map(({ start, endExclusive, net, discount: off }) => [start, endExclusive, net, off]),
    ).toEqual([
      ['2026-01-01', '2026-03-01', '120', '0'],
      ['2026-03-01', '2026-06-01', '100', '20'],
      ['2026-06-01', '2027-01-01', '120', '0'],
    ]);
  });

  it('are open for evergreen, and there is none of what has not started', () => {
    const evergreen = segment('E', '10', { endExclusive: null });
    const waiting = segment('W', '10', { start: null, endExclusive: null });
    const { pieces } = netValues([evergreen, waiting], [discount('D', { percentage: '50' })]);
    expect(
      pieces.map(({ segment: { chargeNumber }, start, endExclusive, net }) => [
        chargeNumber,
        start,
        endExclusive,
        net,
      ]),
    ).toEqual([
      ['E', '2026-01-01', '2027-01-01', '5'],
      ['E', '2027-01-01', null, '10'],
    ]);
  });
});

describe('one-time charges', () => {
  const fee = (fields: Partial<GrossSegment> = {}) =>
    segment('F', '500', {
      chargeType: 'OneTime',
      start: '2026-01-01',
      endExclusive: '2026-01-02',
      ...fields,
    });

  it('get what the recurring ones leave of a fixed discount, for its whole time', () => {
    // 150 − 120 = 30 a month for 12 months
    const { oneTime } = netValues([fee(), A], [discount('D', { amount: '150' })]);
    expect(oneTime.map(({ net, discount: off }) => [net, off])).toEqual([['140', '360']]);
  });

  it('partial months count by the days of their month', () => {
    // 10 a month for 5 + 15/30 months
    const time = { start: '2026-01-10', endExclusive: '2026-06-25' };
    const { oneTime } = netValues(
      [fee({ start: '2026-02-01', endExclusive: '2026-02-02' })],
      [discount('D', { amount: '10' }, time)],
    );
    expect(oneTime.map(({ net }) => net)).toEqual(['445']);
  });

  it('by a percentage, by a one-time amount, in the order of all discounts', () => {
    const discounts = [
      discount('D1', { amount: '100' }, { chargeType: 'OneTime' }),
      discount('D2', { percentage: '10' }),
    ];
    // 500 − 10 % = 450, − 100
    expect(netValues([fee()], discounts).oneTime.map(({ net }) => net)).toEqual(['350']);
  });

  it('nothing outside of the discount’s time, and nothing of an open-ended amount', () => {
    const later = discount('D1', { percentage: '10' }, { start: '2026-02-01' });
    const open = discount('D2', { amount: '10' }, { endExclusive: null });
    expect(netValues([fee()], [later, open]).oneTime.map(({ net }) => net)).toEqual(['500']);
  });
});

describe('contracted net MRR', () => {
  it('takes the discounts that run as long as the segments do', () => {
    const short = discount('D1', { percentage: '50' }, { endExclusive: '2026-06-01' });
    const long = discount('D2', { percentage: '10' });
    expect([...contractedNetMrr([A, B], [short, long]).values()]).toEqual(['108', '45']);
  });

  it('of evergreen segments takes open-ended discounts only, and counts what has not started', () => {
    const open = segment('E', '100', { start: null, endExclusive: null });
    const ending = discount('D1', { percentage: '50' });
    const always = discount('D2', { percentage: '10' }, { endExclusive: null });
    expect([...contractedNetMrr([open], [ending, always]).values()]).toEqual(['90']);
  });
});

describe('whatever the charges and discounts', () => {
  const day = fc.integer({ min: 0, max: 400 }).map((n) => addDays('2026-01-01', n));
  const time = fc
    .tuple(day, fc.integer({ min: 1, max: 400 }), fc.boolean())
    .map(([start, days, isOpen]) => ({ start, endExclusive: isOpen ? null : addDays(start, days) }));
  const cents = fc.nat(100_000).map((n) => `${Math.floor(n / 100)}.${String(n % 100).padStart(2, '0')}`);
  const chargeType = fc.constantFrom('Recurring' as const, 'OneTime' as const);
  const plan = fc.constantFrom('p', 'q');
  const segments = fc
    .array(fc.tuple(cents, chargeType, plan, time), { minLength: 1, maxLength: 6 })
    .map((list) =>
      list.map(([gross, type, ratePlanId, when], i) =>
        segment(`C${i}`, gross, { chargeType: type, ratePlanId, ...when }),
      ),
    );
  const off = fc.oneof(
    cents.map((amount) => ({ amount })),
    fc.nat(100).map((n) => ({ percentage: String(n) })),
  );
  const discounts = fc
    .array(
      fc.tuple(
        off,
        chargeType,
        plan,
        fc.constantFrom(...DISCOUNT_LEVELS),
        fc.constantFrom(null, 'a', 'b'),
        time,
      ),
      {
        maxLength: 5,
      },
    )
    .map((list) =>
      list.map(([what, type, ratePlanId, level, discountClass, when], i) =>
        discount(`D${i}`, what, { chargeType: type, ratePlanId, level, discountClass, ...when }),
      ),
    );

  it('net is never below zero, and discount and net are the gross', () => {
    fc.assert(
      fc.property(segments, discounts, (charges, offs) => {
        const { pieces, oneTime } = netValues(charges, offs);
        for (const part of [...pieces, ...oneTime]) {
          expect(compare(part.net, '0')).toBeGreaterThanOrEqual(0);
          expect(compare(part.discount, '0')).toBeGreaterThanOrEqual(0);
          expect(compare(add(part.net, part.discount), part.segment.gross)).toBe(0);
        }
      }),
    );
  });

  it('the pieces tile their segment, and each shows the net of its days', () => {
    fc.assert(
      fc.property(segments, discounts, (charges, offs) => {
        const { pieces } = netValues(charges, offs);
        for (const charge of charges.filter((c) => c.chargeType === 'Recurring')) {
          const own = pieces.filter((piece) => piece.segment === charge);
          expect(own[0]!.start).toBe(charge.start);
          expect(own.at(-1)!.endExclusive).toBe(charge.endExclusive);
          for (const [i, piece] of own.entries()) {
            if (i > 0) expect(piece.start).toBe(own[i - 1]!.endExclusive);
            expect(netMrrOn(charges, offs, piece.start).get(charge)).toBe(piece.net);
          }
        }
      }),
    );
  });

  it('the order in which they are given does not matter', () => {
    const byCharge = (charges: readonly GrossSegment[], offs: readonly Discount[]) => {
      const { pieces, oneTime } = netValues(charges, offs);
      return [...pieces, ...oneTime]
        .map((part) => JSON.stringify({ ...part, start: 'start' in part ? part.start : '' }))
        .sort();
    };
    fc.assert(
      fc.property(segments, discounts, (charges, offs) => {
        expect(byCharge(charges.toReversed(), offs.toReversed())).toEqual(byCharge(charges, offs));
      }),
    );
  });
});
