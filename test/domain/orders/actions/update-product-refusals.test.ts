import { beforeEach, test } from 'vitest';
import type { UpdateProductAction } from '../../../../src/domain/orders/action-specs.ts';
import {
  addingProduct,
  changing,
  chargeUpdate,
  on,
  removingProduct,
  repricing,
  updatingProduct,
} from '../../../support/order-actions.ts';
import { chargeSpec, pricing, ratePlanSpec } from '../../../support/order-requests.ts';
import { OrderWorld, PER_UNIT, placedOf, type Subscribed } from '../../../support/order-world.ts';

/** What UpdateProduct refuses, by its field, leaving everything as it was. */

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

const at = 'subscriptions[0].orderActions[0]';
const one = `${at}.updateProduct.chargeUpdates[0]`;
const refuses = (action: UpdateProductAction, field: string, message: string | RegExp) =>
  world.refuses([changing(seats.number, [action])], { field, message });

test('a date before the charge starts, on its end, after it', () => {
  refuses(
    update(['2025-12-31', { price: '1' }]),
    `${one}.effectiveDate`,
    `charge ${seats.charges[0]} starts only on 2026-01-01`,
  );
  for (const date of ['2027-01-01', '2028-01-01']) {
    refuses(
      update([date, { price: '1' }]),
      `${one}.effectiveDate`,
      `charge ${seats.charges[0]} ends on 2027-01-01`,
    );
  }
});

test('an unknown plan, an unknown charge, a charge of another plan, no charge', () => {
  const other = world.subscribe([PER_UNIT, PER_UNIT]);
  const field = `${at}.updateProduct.ratePlanId`;
  refuses(repricing('x', 'C', '2026-05-01', {}), field, `x is no running rate plan of`);
  refuses(repricing(other.plans[0]!, 'C', '2026-05-01', {}), field, 'is no running rate plan of');
  refuses(
    repricing(seats.plans[0]!, other.charges[0]!, '2026-05-01', {}),
    `${one}.chargeNumber`,
    `has no running charge ${other.charges[0]}`,
  );
  const unnamed = chargeUpdate('', { chargeNumber: null });
  refuses(
    updatingProduct(seats.plans[0]!, [unnamed], on('2026-05-01')),
    `${one}.chargeNumber`,
    'is required',
  );
  const token = { ...unnamed, uniqueToken: 'none' };
  refuses(
    updatingProduct(seats.plans[0]!, [token], on('2026-05-01')),
    `${one}.uniqueToken`,
    'has no running charge none',
  );
});

test('no plan named at all; a catalog plan that is there twice', () => {
  const action = update(['2026-05-01', { price: '1' }]);
  const none = {
    ratePlan: null,
    uniqueToken: null,
    productRatePlan: null,
    field: 'updateProduct.ratePlanId',
  };
  refuses({ ...action, ratePlan: none }, `${at}.updateProduct.ratePlanId`, 'is required');
  const [plan] = world.state.all('ratePlan');
  world.change(seats.number, [
    {
      type: 'AddProduct',
      ratePlan: {
        productRatePlan: plan!.productRatePlanId,
        name: null,
        charges: [],
        details: {},
        customFields: {},
      },
      ...on('2026-02-01'),
    },
  ]);
  refuses(
    { ...action, ratePlan: { ...none, productRatePlan: plan!.productRatePlanId } },
    `${at}.updateProduct.ratePlanId`,
    /more than once: give its ratePlanId/,
  );
});

test('a plan whose removal is booked', () => {
  world.change(seats.number, [removingProduct(seats.plans[0]!, '2026-10-01')]);
  refuses(
    update(['2026-05-01', { price: '1' }]),
    `${at}.updateProduct.ratePlanId`,
    'has been removed from subscription',
  );
});

test('pricing of another model, a negative quantity', () => {
  refuses(
    repricing(seats.plans[0]!, seats.charges[0]!, '2026-05-01', { price: '1' }, 'recurringFlatFee'),
    `${one}.pricing.recurringFlatFee`,
    'takes recurringPerUnit',
  );
  refuses(update(['2026-05-01', { quantity: '-1' }]), `${one}.pricing.recurringPerUnit.quantity`, /./);
});

test('SpecificDate without any date; a second update that is wrong undoes the first', () => {
  const charge = chargeUpdate(seats.charges[0]!, {
    effective: { triggerEvent: 'SpecificDate', specificTriggerDate: null },
  });
  refuses(
    updatingProduct(seats.plans[0]!, [charge]),
    `${one}.effectiveDate.specificTriggerDate`,
    'is required for SpecificDate',
  );
  world.refuses(
    [
      changing(seats.number, [
        update(['2026-05-01', { price: '1' }]),
        update(['2020-01-01', { price: '2' }]),
      ]),
    ],
    {
      field: 'subscriptions[0].orderActions[1].updateProduct.chargeUpdates[0].effectiveDate',
      message: 'starts only on',
    },
  );
});

test('a monthly value that no metric can hold', () => {
  // Each is worth 999,999,999,999 × 30/7 a month: 23 fit, 24 do not.
  const weekly = world.offer({ ...PER_UNIT, billingPeriod: 'Week', defaultQuantity: '1' });
  const { number } = world.subscribe([{}]);
  const override = [
    chargeSpec(weekly.charges[0]!.id, { pricing: pricing('recurringPerUnit', { price: '999999999999' }) }),
  ];
  const many = Array.from({ length: 24 }, () =>
    addingProduct(ratePlanSpec(weekly.id, override), '2026-05-01'),
  );
  world.refuses([changing(number, many)], {
    field: 'subscriptions[0].orderActions',
    message: 'the monthly value of the subscription is too large',
  });
});

test('a charge that has no start yet', () => {
  const adding = world.offer({ ...PER_UNIT, triggerEvent: 'ServiceActivation' });
  const placed = placedOf(
    world.order([
      changing(seats.number, [
        {
          type: 'AddProduct',
          ratePlan: { productRatePlan: adding.id, name: null, charges: [], details: {}, customFields: {} },
          triggerDates: { contractEffective: '2026-02-01', serviceActivation: null },
        },
      ]),
    ]),
  );
  const { chargeNumber } = placed.charges[0]!;
  refuses(
    repricing(placed.ratePlans[0]!.id, chargeNumber, '2026-05-01', { price: '1' }),
    one,
    `charge ${chargeNumber} has no start date yet`,
  );
});
