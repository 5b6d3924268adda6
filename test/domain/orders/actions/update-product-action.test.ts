import { beforeEach, describe, expect, test } from 'vitest';
import type { UpdateProductAction } from '../../../../src/domain/orders/action-specs.ts';
import {
  changing,
  chargeUpdate,
  on,
  repricing,
  suspending,
  updatingProduct,
} from '../../../support/order-actions.ts';
import { evergreen, pricing } from '../../../support/order-requests.ts';
import {
  deltasOf,
  OrderWorld,
  PER_UNIT,
  type SegmentView,
  type Subscribed,
} from '../../../support/order-world.ts';

/** What UpdateProduct makes of a charge: at once, for a later date, on a date again, before a change that is booked already. */

let world: OrderWorld;
let seats: Subscribed;
beforeEach(() => {
  world = new OrderWorld();
  // 12 × 7.5 a month for 2026, as in semantics C.4
  seats = world.subscribe([{ ...PER_UNIT, price: '7.5', defaultQuantity: '12' }]);
});

type Step = readonly [date: string, change: { readonly price?: string; readonly quantity?: string }];

function update([date, change]: Step): UpdateProductAction {
  return repricing(seats.plans[0]!, seats.charges[0]!, date, change);
}

/** `days price×quantity mrr tcv` of each segment. */
function printed(segments: readonly SegmentView[]): string[] {
  return segments.map((s) => `${s.segment}: ${s.days} ${s.price}×${s.quantity} = ${s.mrr}, ${s.tcv}`);
}

describe('segments', () => {
  const cases: Array<[string, readonly Step[], readonly string[]]> = [
    [
      'a quantity from 05-01 (semantics C.4)',
      [['2026-05-01', { quantity: '16' }]],
      ['1: 2026-01-01..2026-05-01 7.5×12 = 90, 360', '2: 2026-05-01..2027-01-01 7.5×16 = 120, 960'],
    ],
    [
      'from the first day: the charge has another price, and one segment',
      [['2026-01-01', { price: '8' }]],
      ['1: 2026-01-01..2027-01-01 8×12 = 96, 1152'],
    ],
    [
      'on the last day: 1/31 of a month',
      [['2026-12-31', { price: '8' }]],
      [
        // 11 months and 30 days of December's 31 at 90; 1 day at 96
        '1: 2026-01-01..2026-12-31 7.5×12 = 90, 1077.096774194',
        '2: 2026-12-31..2027-01-01 8×12 = 96, 3.096774194',
      ],
    ],
    [
      'the same date twice: the later booking counts, in one segment',
      [
        ['2026-05-01', { quantity: '16' }],
        ['2026-05-01', { quantity: '20' }],
      ],
      ['1: 2026-01-01..2026-05-01 7.5×12 = 90, 360', '2: 2026-05-01..2027-01-01 7.5×20 = 150, 1200'],
    ],
    [
      'a price on the date of a quantity: both',
      [
        ['2026-05-01', { quantity: '16' }],
        ['2026-05-01', { price: '10' }],
      ],
      ['1: 2026-01-01..2026-05-01 7.5×12 = 90, 360', '2: 2026-05-01..2027-01-01 10×16 = 160, 1280'],
    ],
    [
      'a price before a booked price: holds until then',
      [
        ['2026-09-01', { price: '10' }],
        ['2026-05-01', { price: '8' }],
      ],
      [
        '1: 2026-01-01..2026-05-01 7.5×12 = 90, 360',
        '2: 2026-05-01..2026-09-01 8×12 = 96, 384',
        '3: 2026-09-01..2027-01-01 10×12 = 120, 480',
      ],
    ],
    [
      'a quantity before a booked price: goes through, the price stays booked',
      [
        ['2026-09-01', { price: '10' }],
        ['2026-05-01', { quantity: '16' }],
      ],
      [
        '1: 2026-01-01..2026-05-01 7.5×12 = 90, 360',
        '2: 2026-05-01..2026-09-01 7.5×16 = 120, 480',
        '3: 2026-09-01..2027-01-01 10×16 = 160, 640',
      ],
    ],
    [
      'price and quantity before a booked quantity: the price goes through, the quantity ends there',
      [
        ['2026-09-01', { quantity: '20' }],
        ['2026-05-01', { price: '10', quantity: '1' }],
      ],
      [
        '1: 2026-01-01..2026-05-01 7.5×12 = 90, 360',
        '2: 2026-05-01..2026-09-01 10×1 = 10, 40',
        '3: 2026-09-01..2027-01-01 10×20 = 200, 800',
      ],
    ],
    [
      'between two booked prices',
      [
        ['2026-03-01', { price: '8' }],
        ['2026-11-01', { price: '9' }],
        ['2026-06-01', { price: '6' }],
      ],
      [
        '1: 2026-01-01..2026-03-01 7.5×12 = 90, 180',
        '2: 2026-03-01..2026-06-01 8×12 = 96, 288',
        '3: 2026-06-01..2026-11-01 6×12 = 72, 360',
        '4: 2026-11-01..2027-01-01 9×12 = 108, 216',
      ],
    ],
    [
      'a quantity of zero',
      [['2026-07-01', { quantity: '0' }]],
      ['1: 2026-01-01..2026-07-01 7.5×12 = 90, 540', '2: 2026-07-01..2027-01-01 7.5×0 = 0, 0'],
    ],
  ];

  test.each(cases)('%s', (_, steps, expected) => {
    for (const step of steps) world.change(seats.number, [update(step)]);
    expect(printed(world.segments(seats.charges[0]!))).toEqual(expected);
    expect(world.subscription(seats.number).version).toBe(steps.length + 1);
    checkSums(expected);
  });

  test.each(cases)('%s: the same as actions of one order', (_, steps, expected) => {
    world.change(seats.number, steps.map(update));
    expect(printed(world.segments(seats.charges[0]!))).toEqual(expected);
    expect(world.subscription(seats.number).version).toBe(2);
    checkSums(expected);
  });

  /** What the subscription and its account count, from the expected segments: the last one's MRR, all values. */
  function checkSums(expected: readonly string[]): void {
    const values = expected.map((text) => Number(text.split(', ')[1]));
    const mrr = /= ([\d.]+),/.exec(expected.at(-1)!)![1]!;
    const { contractedMrr, totalContractedValue } = world.subscription(seats.number);
    expect(contractedMrr).toBe(mrr);
    expect(Number(totalContractedValue)).toBeCloseTo(
      values.reduce((sum, value) => sum + value, 0),
      8,
    );
    expect(world.booked(world.account.id)).toBe(Number(mrr));
    const live = world.live(seats.charges[0]!);
    expect(live.map(({ isLastSegment }) => isLastSegment)).toEqual(live.map((_, i) => i === live.length - 1));
    expect(new Set(live.map(({ originalChargeId }) => originalChargeId)).size).toBe(1);
  }
});

describe('order deltas', () => {
  test('semantics C.4: +30 a month, +240, +4 from 05-01', () => {
    expect(deltasOf(world.change(seats.number, [update(['2026-05-01', { quantity: '16' }])]))).toEqual([
      '0: 2026-05-01..2027-01-01 mrr 30 tcv 240 quantity 4',
    ]);
  });

  test('a change that a booked one ends moves only the days until then', () => {
    world.change(seats.number, [update(['2026-09-01', { price: '10' }])]);
    const placed = world.change(seats.number, [update(['2026-05-01', { price: '8' }])]);
    expect(deltasOf(placed)).toEqual(['0: 2026-05-01..2026-09-01 mrr 6 tcv 24 quantity 0']);
    expect(placed).toMatchObject({ deltaMrr: '0', deltaTcv: '24' });
  });

  test('a quantity under two prices: a span for each', () => {
    world.change(seats.number, [update(['2026-09-01', { price: '10' }])]);
    expect(deltasOf(world.change(seats.number, [update(['2026-05-01', { quantity: '16' }])]))).toEqual([
      '0: 2026-05-01..2026-09-01 mrr 30 tcv 120 quantity 4',
      '0: 2026-09-01..2027-01-01 mrr 40 tcv 160 quantity 4',
    ]);
  });

  test('a cut without another price can move the value by a fraction of a month, and that is a delta', () => {
    // Cut on 02-14: 1 month and 13 of February's 28 days, then 10 months and 18 of December's 31.
    const described = updatingProduct(
      seats.plans[0]!,
      [chargeUpdate(seats.charges[0]!, { description: 'new' })],
      on('2026-02-14'),
    );
    const placed = world.change(seats.number, [described]);
    // 90 × 41/28 = 131.785714286 and 90 × 328/31 = 952.258064516
    expect(world.subscription(seats.number).totalContractedValue).toBe('1084.043778802');
    expect(deltasOf(placed)).toEqual(['0: 2026-01-01..2027-01-01 mrr 0 tcv 4.043778802 quantity 0']);
  });
});

describe('which date counts', () => {
  const change = { pricing: pricing('recurringPerUnit', { quantity: '16' }) };
  const cases: Array<[string, Partial<UpdateProductAction>, object, string]> = [
    ['the order date', {}, {}, '2026-06-01'],
    ['contract effective', on('2026-07-01'), {}, '2026-07-01'],
    ['the specific update date', { specificUpdateDate: '2026-08-01' }, {}, '2026-08-01'],
    [
      'the charge’s own date',
      { specificUpdateDate: '2026-08-01' },
      { triggerEvent: null, specificTriggerDate: '2026-09-01' },
      '2026-09-01',
    ],
    [
      'the date of the charge’s event',
      { triggerDates: { contractEffective: '2026-07-01', serviceActivation: '2026-10-01' } },
      { triggerEvent: 'ServiceActivation', specificTriggerDate: null },
      '2026-10-01',
    ],
    [
      'SpecificDate without its own date: the action’s',
      { specificUpdateDate: '2026-08-01' },
      { triggerEvent: 'SpecificDate', specificTriggerDate: null },
      '2026-08-01',
    ],
  ];

  test.each(cases)('%s', (_, fields, effective, date) => {
    const charge = chargeUpdate(seats.charges[0]!, {
      ...change,
      effective: Object.keys(effective).length === 0 ? null : (effective as never),
    });
    world.change(seats.number, [updatingProduct(seats.plans[0]!, [charge], fields)], {
      orderDate: '2026-06-01',
    });
    expect(world.live(seats.charges[0]!)[1]).toMatchObject({ effectiveStartDate: date, quantity: '16' });
  });

  test('an event without a date keeps the whole order until there is one', () => {
    const charge = chargeUpdate(seats.charges[0]!, {
      ...change,
      effective: { triggerEvent: 'CustomerAcceptance', specificTriggerDate: null },
    });
    const waiting = updatingProduct(seats.plans[0]!, [charge], {
      triggerDates: { contractEffective: '2026-05-01', customerAcceptance: null },
    });
    expect(world.order([changing(seats.number, [waiting])])).toMatchObject({
      status: 'Pending',
      subscriptions: [],
    });
    expect(world.subscription(seats.number)).toMatchObject({ version: 1, contractedMrr: '90' });
    expect(world.state.all('orderAction').at(-1)).toMatchObject({ spec: waiting });
  });
});

describe('what else an update carries', () => {
  test('a description leaves each segment its own attributes: what changes at renewal was booked for one of them', () => {
    const renewal = { priceChangeOption: 'SpecificPercentageValue', priceIncreasePercentage: '5' } as const;
    world.change(seats.number, [update(['2026-09-01', { price: '10', ...renewal }])]);
    const charge = chargeUpdate(seats.charges[0]!, { description: 'more' });
    world.change(seats.number, [updatingProduct(seats.plans[0]!, [charge], on('2026-05-01'))]);
    expect(world.live(seats.charges[0]!).map(({ details }) => details)).toEqual([
      {},
      { description: 'more' },
      { description: 'more', priceChangeOption: 'SpecificPercentageValue', priceIncreasePercentage: 5 },
    ]);
  });

  test('alignment, description and custom fields go with every segment from the date on', () => {
    world.change(seats.number, [update(['2026-09-01', { price: '10' }])]);
    const charge = chargeUpdate(seats.charges[0]!, {
      description: 'more',
      billingPeriodAlignment: 'AlignToTermStart',
      customFields: { shade__c: 'red' },
    });
    world.change(seats.number, [
      updatingProduct(seats.plans[0]!, [charge], {
        ...on('2026-05-01'),
        details: { externallyManagedPlanId: 'x' },
        customFields: { plan__c: 1 },
      }),
    ]);
    const changed = {
      billingPeriodAlignment: 'AlignToTermStart',
      details: { description: 'more' },
      customFields: { shade__c: 'red' },
    };
    expect(world.live(seats.charges[0]!)).toMatchObject([
      { billingPeriodAlignment: 'AlignToCharge', customFields: {} },
      { ...changed, price: '7.5' },
      { ...changed, price: '10' },
    ]);
    expect(world.ratePlan(seats.plans[0]!)).toMatchObject({
      details: { externallyManagedPlanId: 'x' },
      customFields: { plan__c: 1 },
    });
  });

  test('several charges in one action, also of one plan with two', () => {
    const two = world.subscribe([{ price: '100' }, PER_UNIT]);
    const [flat, unit] = two.charges;
    world.change(two.number, [
      repricing(two.plans[0]!, flat!, '2026-07-01', { price: '120' }, 'recurringFlatFee'),
      repricing(two.plans[1]!, unit!, '2026-07-01', { quantity: '4' }),
    ]);
    expect(world.subscription(two.number)).toMatchObject({
      version: 2,
      contractedMrr: '160',
      // 600 + 720 + 60 + 240
      totalContractedValue: '1620',
    });
  });

  test('an evergreen charge has no end before and after', () => {
    const endless = world.subscribe([PER_UNIT], { terms: evergreen });
    const placed = world.change(endless.number, [
      repricing(endless.plans[0]!, endless.charges[0]!, '2040-01-01', { price: '11' }),
    ]);
    expect(world.segments(endless.charges[0]!)).toMatchObject([
      { days: '2026-01-01..2040-01-01', tcv: '1680' },
      { days: '2040-01-01..', tcv: null },
    ]);
    expect(deltasOf(placed)).toEqual(['0: 2040-01-01.. mrr 1 tcv null quantity 0']);
    expect(placed.subscription).toMatchObject({ totalContractedValue: null, knownContractedValue: '1680' });
  });

  test('and a suspension in the same order', () => {
    world.change(seats.number, [update(['2026-05-01', { quantity: '16' }]), suspending('2026-07-01')]);
    expect(printed(world.segments(seats.charges[0]!))).toEqual([
      '1: 2026-01-01..2026-05-01 7.5×12 = 90, 360',
      '2: 2026-05-01..2026-07-01 7.5×16 = 120, 240',
      '3: 2026-07-01..2027-01-01 suspended 7.5×16 = 120, 0',
    ]);
    expect(world.subscription(seats.number)).toMatchObject({
      status: 'Suspended',
      contractedMrr: '120',
      totalContractedValue: '600',
    });
  });
});
