import { beforeEach, describe, expect, test } from 'vitest';
import type { TermsAndConditionsAction } from '../../../../src/domain/orders/action-specs.ts';
import {
  addingProduct,
  changing,
  lastTerm,
  repricing,
  resuming,
  suspending,
  terms,
} from '../../../support/order-actions.ts';
import { testContact } from '../../../support/order-objects.ts';
import { evergreen, ratePlanSpec } from '../../../support/order-requests.ts';
import { deltasOf, OrderWorld, PER_UNIT, type Subscribed } from '../../../support/order-world.ts';

/**
 * TermsAndConditions: renewal, the last term and with it the end of what runs to it, how the subscription is invoiced. MRR moves only where a
 * shorter term leaves no day of what was booked.
 */

let world: OrderWorld;
let sub: Subscribed;
beforeEach(() => {
  world = new OrderWorld();
  sub = world.subscribe([{ ...PER_UNIT, defaultQuantity: '3' }]);
});

describe('the last term', () => {
  const cases: Array<[string, Parameters<typeof lastTerm>[0], string, string, string | null]> = [
    // what, the term, its end, contracted value of 30 a month, delta
    [
      'shorter, by its end',
      { endDate: '2026-07-01' },
      '2026-07-01',
      '180',
      '2026-07-01..2027-01-01 mrr -30 tcv -180 quantity -3',
    ],
    [
      'longer, by its end',
      { endDate: '2027-04-01' },
      '2027-04-01',
      '450',
      '2027-01-01..2027-04-01 mrr 30 tcv 90 quantity 3',
    ],
    [
      'longer, by its length',
      { period: 2, periodType: 'Year' },
      '2028-01-01',
      '720',
      '2027-01-01..2028-01-01 mrr 30 tcv 360 quantity 3',
    ],
    [
      'by another length in the same unit',
      { period: 6 },
      '2026-07-01',
      '180',
      '2026-07-01..2027-01-01 mrr -30 tcv -180 quantity -3',
    ],
    [
      'in days: 31',
      { period: 31, periodType: 'Day' },
      '2026-02-01',
      '30',
      '2026-02-01..2027-01-01 mrr -30 tcv -330 quantity -3',
    ],
    ['as it is', { startDate: '2026-01-01', endDate: '2027-01-01' }, '2027-01-01', '360', null],
  ];
  test.each(cases)('%s', (_, term, end, tcv, delta) => {
    const placed = world.change(sub.number, [lastTerm(term)]);
    expect(world.segments(sub.charges[0]!)).toMatchObject([{ segment: 1, days: `2026-01-01..${end}`, tcv }]);
    expect(deltasOf(placed)).toEqual(delta === null ? [] : [`0: ${delta}`]);
    expect(placed).toMatchObject({
      subscription: {
        version: 2,
        termStartDate: '2026-01-01',
        termEndDate: end,
        subscriptionEndDate: end,
        contractedMrr: '30',
        totalContractedValue: tcv,
      },
      deltaMrr: '0',
    });
    expect(world.state.deltas).toHaveLength(1);
  });

  test('becomes evergreen and back again', () => {
    const endless = world.change(sub.number, [lastTerm({ termType: 'EVERGREEN' })]);
    expect(endless.subscription).toMatchObject({
      termType: 'EVERGREEN',
      subscriptionEndDate: null,
      currentTerm: null,
      totalContractedValue: null,
      contractedMrr: '30',
    });
    expect(world.segments(sub.charges[0]!)).toMatchObject([{ days: '2026-01-01..', tcv: null }]);
    const termed = world.change(sub.number, [
      lastTerm({ termType: 'TERMED', period: 18, periodType: 'Month' }),
    ]);
    expect(termed.subscription).toMatchObject({
      termType: 'TERMED',
      subscriptionEndDate: '2027-07-01',
      currentTerm: 18,
      totalContractedValue: '540',
    });
    expect(world.booked(world.account.id)).toBe(30);
  });

  test('an evergreen subscription that gets a term gets its renewal term with it', () => {
    const endless = world.subscribe([PER_UNIT], { terms: evergreen });
    const { subscription } = world.change(endless.number, [
      lastTerm({ termType: 'TERMED', period: 6, periodType: 'Month' }),
    ]);
    expect(subscription).toMatchObject({
      renewalTerm: 6,
      renewalTermPeriodType: 'Month',
      subscriptionEndDate: '2026-07-01',
      totalContractedValue: '60',
    });
  });

  test('a shorter term cuts booked changes, fixed periods, one-time and later charges', () => {
    world.change(sub.number, [
      repricing(sub.plans[0]!, sub.charges[0]!, '2026-09-01', { quantity: '9' }),
      addingProduct(
        ratePlanSpec(world.offer({ price: '60', endDateCondition: 'FixedPeriod', upToPeriods: 6 }).id),
        '2026-04-01',
      ),
      addingProduct(
        ratePlanSpec(world.offer({ price: '25', chargeType: 'OneTime', billingPeriod: null }).id),
        '2026-08-01',
      ),
      addingProduct(ratePlanSpec(world.offer({ price: '50' }).id), '2026-08-01'),
    ]);
    expect(world.booked(world.account.id)).toBe(140);
    const { subscription } = world.change(sub.number, [lastTerm({ endDate: '2026-07-01' })]);
    expect(
      world.live(sub.number).map((c) => [c.effectiveStartDate, c.effectiveEndDate, c.totalContractedValue]),
    ).toEqual([
      ['2026-01-01', '2026-07-01', '180'],
      ['2026-04-01', '2026-07-01', '180'],
      ['2026-08-01', '2026-08-01', '0'],
      ['2026-08-01', '2026-08-01', '0'],
    ]);
    // What is left runs at 3 × 10; the charge of 50 has no day left.
    expect(subscription).toMatchObject({ contractedMrr: '30', totalContractedValue: '360' });
    expect(world.booked(world.account.id)).toBe(30);
  });

  test('a longer term gives a fixed period the days back that were agreed', () => {
    const fixed = world.offer({ price: '60', endDateCondition: 'FixedPeriod', upToPeriods: 6 });
    const added = world.change(sub.number, [addingProduct(ratePlanSpec(fixed.id), '2026-10-01')]);
    world.change(sub.number, [lastTerm({ endDate: '2027-12-01' })]);
    expect(world.segments(added.charges[0]!.chargeNumber)).toMatchObject([
      { days: '2026-10-01..2027-04-01', tcv: '360' },
    ]);
  });

  test('by its length, to before the order and booked changes: all of them are cut', () => {
    for (const [i, day] of ['2026-03-01', '2026-06-01', '2026-09-01'].entries()) {
      world.change(sub.number, [repricing(sub.plans[0]!, sub.charges[0]!, day, { quantity: `${i + 4}` })]);
    }
    const placed = world.change(sub.number, [lastTerm({ period: 4, periodType: 'Month' })], {
      orderDate: '2026-10-01',
    });
    expect(world.segments(sub.charges[0]!)).toMatchObject([
      { segment: 1, days: '2026-01-01..2026-03-01', quantity: '3', tcv: '60' },
      { segment: 2, days: '2026-03-01..2026-05-01', quantity: '4', tcv: '80' },
    ]);
    expect(placed.subscription).toMatchObject({ contractedMrr: '40', totalContractedValue: '140' });
  });

  test('of a suspended subscription', () => {
    world.change(sub.number, [suspending('2026-05-01')]);
    expect(world.change(sub.number, [lastTerm({ endDate: '2027-04-01' })]).subscription).toMatchObject({
      status: 'Suspended',
      subscriptionEndDate: '2027-04-01',
      totalContractedValue: '120',
    });
    expect(world.segments(sub.charges[0]!)[1]).toMatchObject({
      days: '2026-05-01..2027-04-01 suspended',
      tcv: '0',
    });
  });
});

test('a term that is cut inside the days that a suspension left out: the charge has ended and contracts nothing', () => {
  world.change(sub.number, [suspending('2026-05-01')]);
  world.change(sub.number, [resuming('2026-09-01')]);
  const placed = world.change(sub.number, [lastTerm({ endDate: '2026-07-01' })]);
  expect(world.segments(sub.charges[0]!)).toMatchObject([{ days: '2026-01-01..2026-05-01', tcv: '120' }]);
  expect(placed.subscription).toMatchObject({ contractedMrr: '0', totalContractedValue: '120' });
  expect(world.booked(world.account.id)).toBe(0);
  world.change(sub.number, [lastTerm({ endDate: '2027-01-01' })], { orderDate: '2026-12-01' });
  expect(world.booked(world.account.id)).toBe(0);
});

describe('renewal and invoicing', () => {
  test('renewal setting, auto-renewal, one renewal term, several', () => {
    const { subscription } = world.change(sub.number, [
      terms({
        autoRenew: true,
        renewalSetting: 'RENEW_TO_EVERGREEN',
        renewalTerms: [
          { period: 3, periodType: 'Month' },
          { period: 1, periodType: 'Year' },
        ],
      }),
    ]);
    expect(subscription).toMatchObject({
      autoRenew: true,
      renewalSetting: 'RENEW_TO_EVERGREEN',
      renewalTerm: 3,
      renewalTermPeriodType: 'Month',
      details: {
        renewalTerms: [
          { period: 3, periodType: 'Month' },
          { period: 1, periodType: 'Year' },
        ],
      },
      subscriptionEndDate: '2027-01-01',
    });
    const single = world.change(sub.number, [terms({ renewalTerms: [{ period: 2, periodType: 'Year' }] })]);
    expect(single.subscription).toMatchObject({
      renewalTerm: 2,
      renewalTermPeriodType: 'Year',
      autoRenew: true,
    });
    expect(single.subscription.details).not.toHaveProperty('renewalTerms');
    expect(single).toMatchObject({ charges: [], deltas: [], deltaMrr: '0', deltaTcv: '0' });
  });

  test('contacts, payment term and template are set and cleared', () => {
    const contact = testContact(world.account.id);
    world.state.put('contact', contact);
    const set = world.change(sub.number, [
      terms({
        invoicing: { billToContactId: contact.id, details: { paymentTerm: 'Net 30', sequenceSetId: 's' } },
      }),
    ]);
    expect(set.subscription.details).toEqual({
      billToContactId: contact.id,
      paymentTerm: 'Net 30',
      sequenceSetId: 's',
    });
    const cleared = world.change(sub.number, [
      terms({ invoicing: { billToContactId: null, details: { sequenceSetId: null } } }),
    ]);
    expect(cleared.subscription.details).toEqual({ paymentTerm: 'Net 30' });
  });
});

describe('what is refused', () => {
  const at = 'subscriptions[0].orderActions[0].termsAndConditions';
  const cases: Array<[string, TermsAndConditionsAction, string, string | RegExp]> = [
    [
      'another start',
      lastTerm({ startDate: '2026-02-01', endDate: '2027-01-01' }),
      'lastTerm.startDate',
      'must be 2026-01-01',
    ],
    [
      'an end on the start',
      lastTerm({ endDate: '2026-01-01' }),
      'lastTerm.endDate',
      'must lie after the term starts',
    ],
    ['a period of nothing', lastTerm({ period: 0 }), 'lastTerm.period', /whole number from 1 to 10000/],
    [
      'a period beyond the calendar',
      lastTerm({ period: 9000, periodType: 'Year' }),
      'lastTerm.period',
      /whose end is a date/,
    ],
    [
      'a renewal term of nothing',
      terms({ renewalTerms: [{ period: 0, periodType: 'Month' }] }),
      'renewalTerms[0].period',
      /whole number/,
    ],
    [
      'a second renewal term without a unit',
      terms({
        renewalTerms: [
          { period: 1, periodType: 'Month' },
          { period: 1, periodType: null },
        ],
      }),
      'renewalTerms[1].periodType',
      /is required/,
    ],
    [
      'an unknown contact',
      terms({ invoicing: { billToContactId: 'x', details: {} } }),
      'billToContactId',
      'there is no contact x',
    ],
  ];
  test.each(cases)('%s', (_, action, field, message) => {
    world.refuses([changing(sub.number, [action])], { field: `${at}.${field}`, message });
  });

  test('a term of an evergreen subscription without its length', () => {
    const endless = world.subscribe([PER_UNIT], { terms: evergreen });
    world.refuses([changing(endless.number, [lastTerm({ termType: 'TERMED' })])], {
      field: `${at}.lastTerm.period`,
      message: 'is required for a TERMED subscription',
    });
  });

  test('an end before the suspension', () => {
    world.change(sub.number, [suspending('2026-05-01')]);
    world.refuses([changing(sub.number, [lastTerm({ endDate: '2026-05-01' })])], {
      field: `${at}.lastTerm`,
      message: 'would end the subscription before its suspension on 2026-05-01',
    });
  });

  test('a contact of another account', () => {
    const contact = testContact(world.openAccount().id);
    world.state.put('contact', contact);
    world.refuses(
      [changing(sub.number, [terms({ invoicing: { soldToContactId: contact.id, details: {} } })])],
      { field: `${at}.soldToContactId`, message: 'belongs to another account' },
    );
  });
});
