import { expect, test } from 'vitest';
import { setTriggerDates } from '../../../src/domain/orders/set-trigger-dates.ts';
import { addingProduct, resuming, suspending } from '../../support/order-actions.ts';
import { ratePlanSpec } from '../../support/order-requests.ts';
import { type ChargeFields, OrderWorld } from '../../support/order-world.ts';

// A charge gets its date when its subscription has been suspended from March to the end of April, and served again since.

const MONTHLY: ChargeFields = { price: '10', triggerEvent: 'ServiceActivation' };
const SETUP = {
  price: '99',
  chargeType: 'OneTime',
  billingPeriod: null,
  triggerEvent: 'ServiceActivation',
} as ChargeFields;

function waitingSinceBefore(charge: ChargeFields, resumption = '2026-05-01') {
  const world = new OrderWorld();
  const { number } = world.subscribe([{ price: '100' }]);
  const plan = ratePlanSpec(world.offer(charge).id);
  const adding = { ...addingProduct(plan, '2026-01-01'), triggerDates: { serviceActivation: null } };
  const { charges } = world.change(number, [adding]);
  const waiting = world.state.all('order').at(-1)!;
  world.change(number, [suspending('2026-03-01')]);
  world.change(number, [resuming(resumption)]);
  // A later version remembers it.
  world.change(number, [addingProduct(ratePlanSpec(world.offer({ price: '1' }).id), '2026-06-01')]);
  const dated = (serviceActivation: string) =>
    world.state.run(
      setTriggerDates,
      {
        order: waiting.orderNumber,
        subscriptions: [
          {
            subscriptionNumber: number,
            actions: [{ sequence: 0, triggerDates: { serviceActivation }, charges: [] }],
          },
        ],
        returnIds: false,
        numbersOnly: false,
      },
      world.today,
    );
  return { world, dated, chargeNumber: charges[0]!.chargeNumber };
}

test.each(['2026-02-01', '2026-03-01', '2026-04-30'])('%s: it would be served through the gap', (day) => {
  const { world, dated, chargeNumber } = waitingSinceBefore(MONTHLY);
  const before = world.contents();
  expect(dated(day)).toMatchObject({
    refused: true,
    category: 'rule',
    message: `charge ${chargeNumber} would start before the subscription was resumed on 2026-05-01`,
  });
  expect(world.contents()).toBe(before);
});

test('it is served from the resumption on', () => {
  const { world, dated, chargeNumber } = waitingSinceBefore(MONTHLY);
  expect(dated('2026-05-01')).not.toHaveProperty('refused');
  expect(world.segments(chargeNumber).map(({ days }) => days)).toEqual(['2026-05-01..2027-01-01']);
});

test('a suspension that was resumed on its own day leaves no gap', () => {
  const { world, dated, chargeNumber } = waitingSinceBefore(MONTHLY, '2026-03-01');
  expect(dated('2026-02-01')).not.toHaveProperty('refused');
  expect(world.segments(chargeNumber).map(({ days }) => days)).toEqual(['2026-02-01..2027-01-01']);
});

test('what is charged once has no days to leave out', () => {
  const { world, dated, chargeNumber } = waitingSinceBefore(SETUP);
  expect(dated('2026-03-15')).not.toHaveProperty('refused');
  expect(world.segments(chargeNumber).map(({ days }) => days)).toEqual(['2026-03-15..2026-03-16']);
});
