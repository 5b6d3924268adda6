import { describe, expect, test } from 'vitest';
import type { OrderRequest } from '../../src/domain/orders/order-request.ts';
import { isRefusal } from '../../src/domain/result.ts';
import { cancellationBody, fromWireCancellation } from '../../src/wire/subscription-forms/cancellation.ts';
import {
  fromWireNewSubscription,
  newSubscriptionBody,
} from '../../src/wire/subscription-forms/new-subscription.ts';
import {
  type FormSubscription,
  fieldOfForm,
  type OrderForm,
} from '../../src/wire/subscription-forms/order-form.ts';
import { fromWireRenewal } from '../../src/wire/subscription-forms/renewal.ts';
import { fromWireResumption, resumptionBody } from '../../src/wire/subscription-forms/resumption.ts';
import { fromWireSuspension, suspensionBody } from '../../src/wire/subscription-forms/suspension.ts';
import { fromWireSubscriptionUpdate, updateBody } from '../../src/wire/subscription-forms/update.ts';

/** Each form of /v1/subscriptions as the order that it stands for, and what its refusals call the order's fields. */

const TODAY = '2026-03-15';
const target: FormSubscription = {
  subscriptionNumber: 'A-S00000001',
  invoiceOwnerAccountId: 'a'.repeat(32),
  renewalTerm: 12,
  renewalTermPeriodType: 'Year',
  expectedVersion: 3,
};

function orderOf(form: OrderForm | object): OrderRequest {
  if (isRefusal(form)) throw new Error(form.message);
  return (form as OrderForm).request;
}
const actionsOf = (form: OrderForm | object) =>
  orderOf(form).subscriptions[0]!.actions.map(({ action }) => action);

test('every change is an order of the invoice owner on the version that the caller knows', () => {
  const order = orderOf(fromWireRenewal({}, target, TODAY));
  expect(order).toMatchObject({
    account: { key: target.invoiceOwnerAccountId },
    orderDate: TODAY,
    intent: 'complete',
    subscriptions: [{ subscriptionNumber: target.subscriptionNumber, expectedVersion: 3 }],
  });
  expect(order.subscriptions[0]!.actions).toMatchObject([{ action: { type: 'RenewSubscription' } }]);
});

describe('the date of the order', () => {
  const cases: Array<[object, string]> = [
    [{}, TODAY],
    [{ contractEffectiveDate: '2026-05-01' }, '2026-05-01'],
    [{ contractEffectiveDate: '2026-05-01', bookingDate: '2026-04-01' }, '2026-04-01'],
    [
      { contractEffectiveDate: '2026-05-01', bookingDate: '2026-04-01', orderDate: '2026-02-01' },
      '2026-02-01',
    ],
  ];
  test.each(cases)('%j', (dates, expected) => {
    const body = cancellationBody.parse({ cancellationPolicy: 'EndOfCurrentTerm', ...dates });
    expect(orderOf(fromWireCancellation(body, target, TODAY)).orderDate).toBe(expected);
  });
});

test('a new subscription is completed by months, and its flat prices fit any model', () => {
  const body = newSubscriptionBody.parse({
    accountKey: 'A00000001',
    contractEffectiveDate: '2026-01-01',
    serviceActivationDate: '2026-02-01',
    termType: 'TERMED',
    initialTerm: 12,
    renewalTerm: 6,
    subscribeToRatePlans: [
      {
        productRatePlanId: 'b'.repeat(32),
        Plan__c: 'x',
        chargeOverrides: [
          {
            productRatePlanChargeId: 'c'.repeat(32),
            price: 1.5,
            billingPeriod: 'Half_Year',
            billCycleDay: '15',
            triggerEvent: 'USA',
            endDateCondition: 'Fixed_Period',
            upToPeriods: 3,
            tiers: [{ tier: 1, startingUnit: 0, endingUnit: 10, price: 2, priceFormat: 'FlatFee' }],
          },
        ],
      },
    ],
  });
  expect(actionsOf(fromWireNewSubscription(body))).toMatchObject([
    {
      type: 'CreateSubscription',
      triggerDates: { contractEffective: '2026-01-01', serviceActivation: '2026-02-01' },
      spec: {
        terms: { period: 12, periodType: 'Month', renewalPeriod: 6, renewalPeriodType: 'Month' },
        ratePlans: [
          {
            productRatePlan: 'b'.repeat(32),
            customFields: { Plan__c: 'x' },
            charges: [
              {
                pricing: {
                  kind: 'any',
                  price: '1.5',
                  quantity: null,
                  tiers: [{ startingUnit: '0', endingUnit: '10', price: '2', priceFormat: 'Flat Fee' }],
                },
                billing: { billingPeriod: 'Semi-Annual', billCycleDay: 15, billingTiming: null },
                start: { triggerEvent: 'ServiceActivation', specificTriggerDate: null },
                end: { endDateCondition: 'FixedPeriod', upToPeriods: 3 },
              },
            ],
          },
        ],
      },
    },
  ]);
});

test('an update is terms first, then its entries by date', () => {
  const body = updateBody.parse({
    renewalTerm: 2,
    remove: [{ ratePlanId: 'r1', contractEffectiveDate: '2026-05-01' }],
    add: [{ productRatePlanId: 'p1', contractEffectiveDate: '2026-06-01' }],
    update: [
      {
        ratePlanId: 'r2',
        contractEffectiveDate: '2026-05-01',
        chargeUpdateDetails: [{ ratePlanChargeId: 'c1', quantity: 3 }],
      },
    ],
    change: [{ ratePlanId: 'r3', newProductRatePlanId: 'p2' }],
  });
  const form = fromWireSubscriptionUpdate(body, target, new Map([['c1', 'C-00000009']]), TODAY);
  expect(actionsOf(form)).toMatchObject([
    { type: 'TermsAndConditions', renewalTerms: [{ period: 2, periodType: 'Year' }], lastTerm: null },
    { type: 'ChangePlan', policy: 'EffectiveImmediately', remove: { ratePlan: 'r3' } },
    { type: 'UpdateProduct', charges: [{ chargeNumber: 'C-00000009', pricing: { quantity: '3' } }] },
    { type: 'RemoveProduct', ratePlan: { ratePlan: 'r1', field: 'removeProduct.ratePlanId' } },
    { type: 'AddProduct', ratePlan: { productRatePlan: 'p1' } },
  ]);
  expect((form as OrderForm).actionPaths).toEqual(['', 'change[0]', 'update[0]', 'remove[0]', 'add[0]']);
  expect(orderOf(form).orderDate).toBe('2026-05-01');
});

test('an update that changes nothing is refused', () => {
  expect(fromWireSubscriptionUpdate(updateBody.parse({}), target, new Map(), TODAY)).toMatchObject({
    refused: true,
    category: 'missing',
  });
});

test('a suspension with a resumption is two actions of one order', () => {
  const body = suspensionBody.parse({
    suspendPolicy: 'FixedPeriodsFromToday',
    suspendPeriods: '10',
    suspendPeriodsType: 'Day',
    resume: true,
    resumePolicy: 'FixedPeriodsFromSuspendDate',
    resumePeriods: 2,
    resumePeriodsType: 'Week',
    extendsTerm: true,
  });
  expect(actionsOf(fromWireSuspension(body, target, TODAY))).toMatchObject([
    { type: 'Suspend', policy: 'FixedPeriodsFromToday', periods: 10, periodsType: 'Day' },
    { type: 'Resume', policy: 'FixedPeriodsFromSuspendDate', periods: 2, extendsTerm: true },
  ]);
});

describe('what a policy needs is asked for by name', () => {
  const suspending: Array<[object, string]> = [
    [{ suspendPolicy: 'SpecificDate' }, 'suspendSpecificDate'],
    [{ suspendPolicy: 'FixedPeriodsFromToday' }, 'suspendPeriods'],
    [{ suspendPolicy: 'FixedPeriodsFromToday', suspendPeriods: 1 }, 'suspendPeriodsType'],
    [{ suspendPolicy: 'Today', resume: true }, 'resumePolicy'],
    [{ suspendPolicy: 'Today', resumePolicy: 'Today' }, 'resumePolicy'],
  ];
  test.each(suspending)('%j', (body, field) => {
    expect(fromWireSuspension(suspensionBody.parse(body), target, TODAY)).toMatchObject({
      refused: true,
      field,
    });
  });
  const resuming: Array<[object, string]> = [
    [{ resumePolicy: 'SpecificDate' }, 'resumeSpecificDate'],
    [{ resumePolicy: 'FixedPeriodsFromToday' }, 'resumePeriods'],
    [{ resumePolicy: 'FixedPeriodsFromSuspendDate', resumePeriods: 1 }, 'resumePeriodsType'],
  ];
  test.each(resuming)('%j', (body, field) => {
    expect(fromWireResumption(resumptionBody.parse(body), target, TODAY)).toMatchObject({
      refused: true,
      field,
    });
  });
});

describe("refusals name the form's fields", () => {
  const paths = ['', 'add[0]', 'update[1]', 'change[0]'];
  const cases: Array<[string, string]> = [
    ['accountKey', 'accountKey'],
    ['.accountNumber', 'accountNumber'],
    ['subscriptions', 'subscriptions'],
    ['subscriptions[0].subscriptionNumber', 'subscriptionNumber'],
    ['subscriptions[0].orderActions[0].createSubscription.terms.initialTerm.period', 'initialTerm'],
    [
      'subscriptions[0].orderActions[0].createSubscription.terms.initialTerm.periodType',
      'initialTermPeriodType',
    ],
    ['subscriptions[0].orderActions[0].triggerDates', 'contractEffectiveDate'],
    [
      'subscriptions[0].orderActions[0].createSubscription.subscribeToRatePlans[2].productRatePlanId',
      'subscribeToRatePlans[2].productRatePlanId',
    ],
    [
      'subscriptions[0].orderActions[0].createSubscription.subscribeToRatePlans[0].chargeOverrides[1].pricing.recurringFlatFee.listPrice',
      'subscribeToRatePlans[0].chargeOverrides[1].price',
    ],
    [
      'subscriptions[0].orderActions[0].createSubscription.subscribeToRatePlans[0].chargeOverrides[1].billing.billingPeriod',
      'subscribeToRatePlans[0].chargeOverrides[1].billingPeriod',
    ],
    ['subscriptions[0].orderActions[0].termsAndConditions.lastTerm.period', 'currentTerm'],
    ['subscriptions[0].orderActions[0].termsAndConditions.renewalTerms[0].period', 'renewalTerm'],
    [
      'subscriptions[0].orderActions[0].cancelSubscription.cancellationEffectiveDate',
      'cancellationEffectiveDate',
    ],
    ['subscriptions[0].orderActions[1].addProduct.productRatePlanId', 'add[0].productRatePlanId'],
    [
      'subscriptions[0].orderActions[1].addProduct.chargeOverrides[0].pricing.any.quantity',
      'add[0].chargeOverrides[0].quantity',
    ],
    ['subscriptions[0].orderActions[2].updateProduct.ratePlanId', 'update[1].ratePlanId'],
    [
      'subscriptions[0].orderActions[2].updateProduct.chargeUpdates[0].chargeNumber',
      'update[1].chargeUpdateDetails[0].ratePlanChargeId',
    ],
    [
      'subscriptions[0].orderActions[2].updateProduct.chargeUpdates[0].effectiveDate.specificTriggerDate',
      'update[1].chargeUpdateDetails[0].triggerDate',
    ],
    [
      'subscriptions[0].orderActions[3].changePlan.newProductRatePlan.productRatePlanId',
      'change[0].newProductRatePlanId',
    ],
    [
      'subscriptions[0].orderActions[3].changePlan.newProductRatePlan.chargeOverrides[0].pricing.recurringPerUnit.quantity',
      'change[0].chargeOverrides[0].quantity',
    ],
    ['subscriptions[0].orderActions[3].type', 'change[0]'],
  ];
  test.each(cases)('%s', (inOrder, inForm) => {
    expect(fieldOfForm(inOrder, paths)).toBe(inForm);
  });
});
