// A reseller's customer over its whole life, by orders alone: ten seats of 12.50 for a year, changed, paused, prolonged, moved to another
// plan and another customer, and cancelled. After every order the subscription, both customers and the day's values are
// what the table says, which was computed by hand.

import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import {
  type Account,
  createAccount,
  createPlan,
  createSubscriptionAction,
  PER_UNIT_MONTHLY_CHARGE,
} from '../conformance/support/fixtures.ts';
import { expectSuccess, textAt } from '../conformance/support/reply-reading.ts';
import { changeOrder, Scenario, upTo, versionsOf } from '../support/scenario.ts';

let scenario: Scenario;
beforeAll(() => {
  scenario = new Scenario(inject('server'));
});
afterAll(() => scenario.close());

/** What is true after an order. Far dates, so that no day of the calendar renews or ends anything meanwhile. */
interface Expected {
  readonly status: string;
  /** First day that is not served. */
  readonly end: string;
  /** Monthly value of the last segments, and the sum over all days. */
  readonly contractedMrr: number;
  readonly totalContractedValue: number;
  /** Contracted MRR of the two customers. */
  readonly first: number;
  readonly second: number;
  /** Monthly value on days. */
  readonly on: Readonly<Record<string, number>>;
}

interface Step {
  readonly title: string;
  readonly order: () => Promise<object>;
  readonly expected: Expected;
}

interface Parties {
  readonly reseller: Account;
  readonly first: Account;
  readonly second: Account;
}

const on = (triggerDate: string) => ({ triggerDates: [{ name: 'ContractEffective', triggerDate }] });

/** The months of each price below: × monthly value. */
async function stepsOf({ reseller, first, second }: Parties, number: () => string): Promise<Step[]> {
  const { checked } = scenario;
  const price = (Price: number) => ({
    ProductRatePlanChargeTierData: { ProductRatePlanChargeTier: [{ Currency: 'USD', Price }] },
  });
  const seats = await createPlan(checked, {
    ...PER_UNIT_MONTHLY_CHARGE,
    DefaultQuantity: 10,
    ...price(12.5),
  });
  const flat = await createPlan(checked, price(300));
  const change = async (type: string, body: object, fields: object = {}) =>
    changeOrder(reseller, number(), type, body, fields);
  const update = async (pricing: object, date: string) => {
    const read = expectSuccess(await checked.get(`/v1/subscriptions/${number()}`));
    const chargeNumber = textAt(read, 'ratePlans.0.ratePlanCharges.0.number');
    const chargeUpdates = [{ chargeNumber, pricing: { recurringPerUnit: pricing } }];
    return change('UpdateProduct', { ratePlanId: textAt(read, 'ratePlans.0.id'), chargeUpdates }, on(date));
  };
  return [
    {
      title: 'ten seats for 2040',
      async order() {
        const owner = { subscriptionOwnerAccountNumber: first.number };
        const plans = [{ productRatePlanId: seats.ratePlanId }];
        return {
          orderDate: '2026-01-01',
          existingAccountNumber: reseller.number,
          subscriptions: [{ orderActions: [createSubscriptionAction(plans, '2040-01-01', owner)] }],
        };
      },
      expected: {
        status: 'Active',
        end: '2041-01-01',
        contractedMrr: 125,
        // 12 × 125
        totalContractedValue: 1_500,
        first: 125,
        second: 0,
        on: { '2039-12-31': 0, '2040-01-01': 125, '2040-12-31': 125, '2041-01-01': 0 },
      },
    },
    {
      title: 'sixteen seats from July on',
      order: () => update({ quantity: 16 }, '2040-07-01'),
      expected: {
        status: 'Active',
        end: '2041-01-01',
        contractedMrr: 200,
        // 6 × 125 + 6 × 200
        totalContractedValue: 1_950,
        first: 200,
        second: 0,
        on: { '2040-06-30': 125, '2040-07-01': 200 },
      },
    },
    {
      title: '15 for a seat from April on, with the quantity that is booked for July',
      order: () => update({ listPrice: 15 }, '2040-04-01'),
      expected: {
        status: 'Active',
        end: '2041-01-01',
        contractedMrr: 240,
        // 3 × 125 + 3 × 150 + 6 × 240
        totalContractedValue: 2_265,
        first: 240,
        second: 0,
        on: { '2040-03-31': 125, '2040-04-01': 150, '2040-07-01': 240 },
      },
    },
    {
      title: 'suspended from September on',
      order: () => change('Suspend', { suspendPolicy: 'SpecificDate', suspendSpecificDate: '2040-09-01' }),
      expected: {
        status: 'Suspended',
        end: '2041-01-01',
        contractedMrr: 240,
        // 3 × 125 + 3 × 150 + 2 × 240
        totalContractedValue: 1_305,
        first: 240,
        second: 0,
        on: { '2040-08-31': 240, '2040-09-01': 0, '2040-12-31': 0 },
      },
    },
    {
      title: 'resumed in October',
      order: () => change('Resume', { resumePolicy: 'SpecificDate', resumeSpecificDate: '2040-10-01' }),
      expected: {
        status: 'Active',
        end: '2041-01-01',
        contractedMrr: 240,
        // 3 × 125 + 3 × 150 + 2 × 240 + 3 × 240
        totalContractedValue: 2_025,
        first: 240,
        second: 0,
        on: { '2040-08-31': 240, '2040-09-30': 0, '2040-10-01': 240 },
      },
    },
    {
      title: 'renewed for 2041',
      order: () => change('RenewSubscription', {}),
      expected: {
        status: 'Active',
        end: '2042-01-01',
        contractedMrr: 240,
        // 375 + 450 + 480 + 15 × 240
        totalContractedValue: 4_905,
        first: 240,
        second: 0,
        on: { '2041-01-01': 240, '2041-12-31': 240, '2042-01-01': 0 },
      },
    },
    {
      title: 'a flat 300 instead of the seats in 2041',
      async order() {
        const read = expectSuccess(await checked.get(`/v1/subscriptions/${number()}`));
        const newProductRatePlan = { productRatePlanId: flat.ratePlanId };
        const body = { ratePlanId: textAt(read, 'ratePlans.0.id'), newProductRatePlan, subType: 'Upgrade' };
        return change('ChangePlan', body, on('2041-01-01'));
      },
      expected: {
        status: 'Active',
        end: '2042-01-01',
        contractedMrr: 300,
        // 375 + 450 + 480 + 3 × 240 + 12 × 300
        totalContractedValue: 5_625,
        first: 300,
        second: 0,
        on: { '2040-12-31': 240, '2041-01-01': 300 },
      },
    },
    {
      title: 'to another customer',
      order: () => change('OwnerTransfer', { destinationAccountNumber: second.number }),
      expected: {
        status: 'Active',
        end: '2042-01-01',
        contractedMrr: 300,
        totalContractedValue: 5_625,
        first: 0,
        second: 300,
        on: { '2041-06-30': 300 },
      },
    },
    {
      title: 'cancelled for July 2041',
      order: () =>
        change('CancelSubscription', {
          cancellationPolicy: 'SpecificDate',
          cancellationEffectiveDate: '2041-07-01',
        }),
      expected: {
        status: 'Cancelled',
        end: '2041-07-01',
        contractedMrr: 300,
        // 375 + 450 + 480 + 720 + 6 × 300
        totalContractedValue: 3_825,
        first: 0,
        second: 0,
        on: { '2041-06-30': 300, '2041-07-01': 0 },
      },
    },
  ];
}

async function observed(number: string, parties: Parties, days: readonly string[]): Promise<Expected> {
  const read = async (query = '') =>
    expectSuccess(await scenario.checked.get(`/v1/subscriptions/${number}${query}`)) as Record<
      string,
      unknown
    >;
  const latest = await read();
  const values = await Promise.all(
    days.map(async (day) => [day, (await read(`?getDetailedMetrics=true&asOfDay=${day}`)).asOfDayGrossMrr]),
  );
  return {
    status: latest.status as string,
    end: latest.subscriptionEndDate as string,
    contractedMrr: latest.contractedMrr as number,
    totalContractedValue: latest.totalContractedValue as number,
    first: (await scenario.shown(parties.first)).contractedMrr,
    second: (await scenario.shown(parties.second)).contractedMrr,
    on: Object.fromEntries(values) as Record<string, number>,
  };
}

test('nine orders, and what is true after each', async () => {
  const { checked } = scenario;
  const parties: Parties = {
    reseller: await scenario.partner(),
    first: await createAccount(checked),
    second: await createAccount(checked),
  };
  let number = '';
  const steps = await stepsOf(parties, () => number);
  for (const [i, { title, order, expected }] of steps.entries()) {
    const reply = expectSuccess(await checked.post('/v1/orders', await order()));
    if (number === '') number = textAt(reply, 'subscriptions.0.subscriptionNumber');
    expect({ title, ...(await observed(number, parties, Object.keys(expected.on))) }).toEqual({
      title,
      ...expected,
    });
    expect(await versionsOf(scenario, number)).toEqual(upTo(i + 1));
  }
  const { reseller, first, second } = parties;
  expect((await scenario.folded(reseller)).published).toMatchObject({ contractedMrr: 0, balance: 0 });
  expect(expectSuccess(await checked.get(`/v1/subscriptions/${number}`))).toMatchObject({
    accountNumber: second.number,
    invoiceOwnerAccountNumber: reseller.number,
  });
  await scenario.expectProven(reseller, first, second);
});
