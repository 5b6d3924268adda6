import { describe, expect, test } from 'vitest';
import type { OrderActionSpec } from '../../src/domain/orders/action-specs.ts';
import { complaintOf, orderOf, readAction } from '../support/read-order.ts';

/** Every order action of the contract, all of its fields at once, comes out in the domain's words; whatever is wrong is named. */

const triggerDates = [
  { name: 'ContractEffective', triggerDate: '2026-08-01' },
  { name: 'ServiceActivation' },
];
const readDates = { contractEffective: '2026-08-01', serviceActivation: null };
const AT = 'subscriptions[0].orderActions[0]';

const chargeOverride = {
  productRatePlanChargeId: 'c1',
  name: 'Seats',
  uniqueToken: 'seats',
  pricing: { recurringPerUnit: { listPrice: 12.5, quantity: 4, listPriceBase: 'Per_Month' } },
  billing: { billingPeriod: 'Semi_Annual', billingTiming: 'IN_ARREARS', billCycleDay: 15 },
  startDate: { triggerEvent: 'SpecificDate', specificTriggerDate: '2026-09-01' },
  endDate: { endDateCondition: 'Fixed_Period', upToPeriods: 3, upToPeriodsType: 'Months' },
  customFields: { tier__c: 'gold' },
};
const ratePlan = {
  productRatePlanId: 'p1',
  ratePlanName: 'Team',
  uniqueToken: 'team',
  externallyManagedPlanId: 'ext-1',
  chargeOverrides: [chargeOverride],
  customFields: { plan__c: true },
};
const readRatePlan = {
  productRatePlan: 'p1',
  name: 'Team',
  charges: [
    {
      productRatePlanCharge: 'c1',
      name: 'Seats',
      pricing: {
        kind: 'recurringPerUnit',
        price: '12.5',
        quantity: '4',
        listPriceBase: 'Per Month',
        specificListPriceBase: null,
      },
      billing: {
        billCycleDay: 15,
        billCycleType: null,
        billingPeriod: 'Semi-Annual',
        billingPeriodAlignment: null,
        billingTiming: 'In Arrears',
        specificBillingPeriod: null,
      },
      start: { triggerEvent: 'SpecificDate', specificTriggerDate: '2026-09-01' },
      end: {
        endDateCondition: 'FixedPeriod',
        specificEndDate: null,
        upToPeriods: 3,
        upToPeriodsType: 'Months',
      },
      details: { uniqueToken: 'seats' },
      customFields: { tier__c: 'gold' },
    },
  ],
  details: { uniqueToken: 'team', externallyManagedPlanId: 'ext-1' },
  customFields: { plan__c: true },
};
const invoicing = {
  billToContactId: 'contact-1',
  clearingExistingSoldToContact: true,
  invoiceGroupNumber: 'N-0001',
  clearingExistingInvoiceGroupNumber: false,
  invoiceTemplateId: null,
  clearingExistingPaymentTerm: true,
  sequenceSetId: 'set-1',
};
const readInvoicing = {
  billToContactId: 'contact-1',
  soldToContactId: null,
  details: { invoiceGroupNumber: 'N-0001', paymentTerm: null, sequenceSetId: 'set-1' },
};

const actions: ReadonlyArray<readonly [object, object]> = [
  [
    {
      type: 'CreateSubscription',
      createSubscription: {
        subscriptionOwnerAccountNumber: 'A00000002',
        invoiceOwnerAccountNumber: 'A00000003',
        currency: 'EUR',
        terms: {
          initialTerm: { termType: 'TERMED', period: 12, periodType: 'Month', startDate: '2026-08-01' },
          autoRenew: true,
          renewalSetting: 'RENEW_TO_EVERGREEN',
          renewalTerms: [{ period: 6, periodType: 'Month' }],
        },
        subscribeToRatePlans: [ratePlan],
        billToContactId: 'contact-1',
        invoiceSeparately: true,
        notes: 'By post',
        paymentTerm: 'Net 30',
      },
    },
    {
      subscriptionOwner: {
        key: 'A00000002',
        field: `${AT}.createSubscription.subscriptionOwnerAccountNumber`,
      },
      invoiceOwner: { key: 'A00000003', field: `${AT}.createSubscription.invoiceOwnerAccountNumber` },
      spec: {
        subscriptionNumber: 'A-S00000001',
        currency: 'EUR',
        terms: {
          termType: 'TERMED',
          period: 12,
          periodType: 'Month',
          startDate: '2026-08-01',
          autoRenew: true,
          renewalSetting: 'RENEW_TO_EVERGREEN',
          renewalPeriod: 6,
          renewalPeriodType: 'Month',
        },
        ratePlans: [readRatePlan],
        billToContactId: 'contact-1',
        soldToContactId: null,
        details: {
          billToContactId: 'contact-1',
          invoiceSeparately: true,
          notes: 'By post',
          paymentTerm: 'Net 30',
        },
        customFields: {},
      },
    },
  ],
  [
    {
      type: 'TermsAndConditions',
      termsAndConditions: {
        ...invoicing,
        autoRenew: true,
        renewalSetting: 'RENEW_WITH_SPECIFIC_TERM',
        renewalTerms: [{ period: 3, periodType: 'Month' }, { period: 1 }],
        lastTerm: { termType: 'TERMED', period: 375, periodType: 'Day', startDate: '2025-12-01' },
      },
    },
    {
      invoicing: readInvoicing,
      autoRenew: true,
      renewalSetting: 'RENEW_WITH_SPECIFIC_TERM',
      renewalTerms: [
        { period: 3, periodType: 'Month' },
        { period: 1, periodType: null },
      ],
      lastTerm: {
        termType: 'TERMED',
        period: 375,
        periodType: 'Day',
        startDate: '2025-12-01',
        endDate: null,
      },
    },
  ],
  [{ type: 'RenewSubscription', renewSubscription: invoicing }, { invoicing: readInvoicing }],
  [{ type: 'RenewSubscription' }, { invoicing: { details: {} } }],
  [
    {
      type: 'CancelSubscription',
      cancelSubscription: {
        cancellationPolicy: 'SpecificDate',
        cancellationEffectiveDate: '2026-12-01',
      },
    },
    { policy: 'SpecificDate', effectiveDate: '2026-12-01' },
  ],
  [
    { type: 'CancelSubscription', cancelSubscription: { cancellationPolicy: 'EndOfCurrentTerm' } },
    { policy: 'EndOfCurrentTerm', effectiveDate: null },
  ],
  [
    {
      type: 'OwnerTransfer',
      ownerTransfer: {
        destinationAccountNumber: 'A00000002',
        destinationInvoiceAccountNumber: 'A00000003',
        ...invoicing,
      },
    },
    {
      subscriptionOwner: { key: 'A00000002', field: `${AT}.ownerTransfer.destinationAccountNumber` },
      invoiceOwner: { key: 'A00000003', field: `${AT}.ownerTransfer.destinationInvoiceAccountNumber` },
      invoicing: readInvoicing,
    },
  ],
  [{ type: 'AddProduct', addProduct: ratePlan }, { ratePlan: readRatePlan }],
  [
    {
      type: 'UpdateProduct',
      updateProduct: {
        ratePlanId: 'r1',
        uniqueToken: 'team',
        specificUpdateDate: '2025-11-07',
        customFields: { plan__c: null },
        chargeUpdates: [
          {
            billing: { billingPeriodAlignment: 'AlignToCharge' },
            chargeNumber: 'C-00000210',
            customFields: { tier__c: 'silver' },
            description: 'New description',
            effectiveDate: { specificTriggerDate: '2025-12-01' },
            pricing: { recurringPerUnit: { listPrice: 20, quantity: 12 } },
            uniqueToken: 'TestUniqueToken1234',
          },
          { uniqueToken: 'seats', pricing: { recurringFlatFee: {} } },
        ],
      },
    },
    {
      ratePlan: {
        ratePlan: 'r1',
        uniqueToken: 'team',
        productRatePlan: null,
        field: 'updateProduct.ratePlanId',
      },
      specificUpdateDate: '2025-11-07',
      details: {},
      customFields: { plan__c: null },
      charges: [
        {
          chargeNumber: 'C-00000210',
          uniqueToken: 'TestUniqueToken1234',
          description: 'New description',
          pricing: { kind: 'recurringPerUnit', price: '20', quantity: '12' },
          billingPeriodAlignment: 'AlignToCharge',
          effective: { triggerEvent: null, specificTriggerDate: '2025-12-01' },
          customFields: { tier__c: 'silver' },
        },
        {
          chargeNumber: null,
          uniqueToken: 'seats',
          description: null,
          pricing: { kind: 'recurringFlatFee', price: null },
          billingPeriodAlignment: null,
          effective: null,
          customFields: {},
        },
      ],
    },
  ],
  [
    {
      type: 'RemoveProduct',
      removeProduct: { subscriptionRatePlanNumber: 'SRP-00000001', customFields: { why__c: 'x' } },
    },
    {
      ratePlan: {
        ratePlan: 'SRP-00000001',
        uniqueToken: null,
        productRatePlan: null,
        field: 'removeProduct.subscriptionRatePlanNumber',
      },
      customFields: { why__c: 'x' },
    },
  ],
  [
    {
      type: 'ChangePlan',
      changePlan: {
        productRatePlanId: 'p0',
        newProductRatePlan: ratePlan,
        effectivePolicy: 'EffectiveEndOfBillingPeriod',
        subType: 'Upgrade',
        resetBcd: true,
      },
    },
    {
      remove: {
        ratePlan: null,
        uniqueToken: null,
        productRatePlan: 'p0',
        field: 'changePlan.productRatePlanId',
      },
      add: readRatePlan,
      policy: 'EffectiveEndOfBillingPeriod',
      subType: 'Upgrade',
      resetBcd: true,
    },
  ],
  [
    {
      type: 'ChangePlan',
      changePlan: { ratePlanId: 'r1', newProductRatePlan: { productRatePlanNumber: 'PRP-1' } },
    },
    { policy: 'EffectiveImmediately', subType: null, resetBcd: false, add: { productRatePlan: 'PRP-1' } },
  ],
  [
    {
      type: 'Suspend',
      suspend: { suspendPolicy: 'FixedPeriodsFromToday', suspendPeriods: 2, suspendPeriodsType: 'Week' },
    },
    { policy: 'FixedPeriodsFromToday', periods: 2, periodsType: 'Week', specificDate: null },
  ],
  [
    { type: 'Suspend', suspend: { suspendPolicy: 'SpecificDate', suspendSpecificDate: '2026-10-01' } },
    { policy: 'SpecificDate', periods: null, periodsType: null, specificDate: '2026-10-01' },
  ],
  [
    {
      type: 'Resume',
      resume: {
        resumePolicy: 'FixedPeriodsFromSuspendDate',
        resumePeriods: 10,
        resumePeriodsType: 'Day',
        resumeSpecificDate: null,
        extendsTerm: true,
      },
    },
    {
      policy: 'FixedPeriodsFromSuspendDate',
      periods: 10,
      periodsType: 'Day',
      specificDate: null,
      extendsTerm: true,
    },
  ],
  [
    { type: 'Resume', resume: { resumePolicy: 'SuspendDate' } },
    { policy: 'SuspendDate', periods: null, extendsTerm: false },
  ],
];

test.each(actions.map(([action, spec]) => [(action as OrderActionSpec).type, action, spec] as const))(
  '%s is read whole',
  (type, action, spec) => {
    expect(readAction({ ...action, triggerDates })).toMatchObject({
      type,
      triggerDates: readDates,
      ...spec,
    });
  },
);

const updating = (fields: object) => ({
  type: 'UpdateProduct',
  updateProduct: { ratePlanId: 'r1', ...fields },
});
const updatingCharge = (fields: object) =>
  updating({ chargeUpdates: [{ chargeNumber: 'C-00000001', ...fields }] });
const adding = (fields: object) => ({
  type: 'AddProduct',
  addProduct: { productRatePlanId: 'p1', ...fields },
});
const overriding = (fields: object) =>
  adding({ chargeOverrides: [{ productRatePlanChargeId: 'c1', ...fields }] });
const cancelling = (fields: object) => ({ type: 'CancelSubscription', cancelSubscription: fields });
const suspending = (fields: object) => ({ type: 'Suspend', suspend: fields });
const resuming = (fields: object) => ({ type: 'Resume', resume: fields });
const transferring = (fields: object) => ({ type: 'OwnerTransfer', ownerTransfer: fields });
const terms = (fields: object) => ({ type: 'TermsAndConditions', termsAndConditions: fields });
const changing = (fields: object) => ({
  type: 'ChangePlan',
  changePlan: { ratePlanId: 'r1', newProductRatePlan: { productRatePlanId: 'p1' }, ...fields },
});

describe('what is wrong is named', () => {
  const cases: ReadonlyArray<readonly [string, object]> = [
    ['createSubscription', { type: 'CreateSubscription' }],
    ['createSubscription.terms', { type: 'CreateSubscription', createSubscription: {} }],
    ['termsAndConditions', { type: 'TermsAndConditions' }],
    ['addProduct', { type: 'AddProduct' }],
    ['updateProduct', { type: 'UpdateProduct', updateProduct: null }],
    ['removeProduct', { type: 'RemoveProduct' }],
    ['cancelSubscription', { type: 'CancelSubscription' }],
    ['ownerTransfer', { type: 'OwnerTransfer' }],
    ['suspend', { type: 'Suspend' }],
    ['resume', { type: 'Resume' }],
    ['changePlan', { type: 'ChangePlan' }],
    ['removeProduct', { ...adding({}), removeProduct: { ratePlanId: 'r1' } }],
    ['type', { type: 'LaunchRocket' }],
    ['triggerDates[0].name', { ...adding({}), triggerDates: [{ name: 'FullMoon' }] }],
    ['customFields.region', { ...adding({}), customFields: { region: 'EU' } }],
    ['termsAndConditions.lastTerm.termType', terms({ lastTerm: { period: 1 } })],
    ['termsAndConditions.renewalTerms[0].period', terms({ renewalTerms: [{ period: -1 }] })],
    ['termsAndConditions.autoRenew', terms({ autoRenew: 'yes' })],
    ['termsAndConditions.paymentTerm', terms({ paymentTerm: 'Net 1000' })],
    [
      'termsAndConditions.billToContactId',
      terms({ billToContactId: 'c', clearingExistingBillToContact: true }),
    ],
    [
      'renewSubscription.paymentTerm',
      {
        type: 'RenewSubscription',
        renewSubscription: { paymentTerm: 'Net 30', clearingExistingPaymentTerm: true },
      },
    ],
    ['ownerTransfer.destinationAccountNumber', transferring({ paymentTerm: 'Net 30' })],
    [
      'ownerTransfer.invoiceTemplateId',
      transferring({
        destinationAccountNumber: 'A1',
        invoiceTemplateId: 't',
        clearingExistingInvoiceTemplate: true,
      }),
    ],
    ['cancelSubscription.cancellationPolicy', cancelling({ cancellationPolicy: 'Tomorrow' })],
    ['cancelSubscription.cancellationEffectiveDate', cancelling({ cancellationPolicy: 'SpecificDate' })],
    [
      'cancelSubscription.cancellationEffectiveDate',
      cancelling({ cancellationPolicy: 'EndOfCurrentTerm', cancellationEffectiveDate: '2026-12-01' }),
    ],
    ['suspend.suspendPolicy', suspending({})],
    ['suspend.suspendSpecificDate', suspending({ suspendPolicy: 'SpecificDate' })],
    ['suspend.suspendPeriods', suspending({ suspendPolicy: 'FixedPeriodsFromToday' })],
    ['suspend.suspendPeriodsType', suspending({ suspendPolicy: 'FixedPeriodsFromToday', suspendPeriods: 1 })],
    ['suspend.suspendPeriods', suspending({ suspendPolicy: 'Today', suspendPeriods: 1 })],
    ['resume.resumePolicy', resuming({ resumePolicy: 'EndOfLastInvoicePeriod' })],
    ['resume.resumePeriods', resuming({ resumePolicy: 'FixedPeriodsFromSuspendDate' })],
    ['resume.resumeSpecificDate', resuming({ resumePolicy: 'Today', resumeSpecificDate: '2026-12-01' })],
    ['addProduct.productRatePlanId', adding({ productRatePlanId: null })],
    ['addProduct.subscriptionRatePlanNumber', adding({ subscriptionRatePlanNumber: 'SRP-mine' })],
    ['addProduct.subscriptionProductFeatures', adding({ subscriptionProductFeatures: [{ featureId: 'f' }] })],
    ['addProduct.chargeOverrides[0].chargeNumber', overriding({ chargeNumber: 'C-mine' })],
    ['addProduct.chargeOverrides[0].prepaidQuantity', overriding({ prepaidQuantity: 5 })],
    [
      'addProduct.chargeOverrides[0].startDate.startDatePolicy',
      overriding({ startDate: { startDatePolicy: 'AlignToApplyToCharge' } }),
    ],
    [
      'addProduct.chargeOverrides[0].pricing.recurringPerUnit',
      overriding({ pricing: { recurringFlatFee: {}, recurringPerUnit: {} } }),
    ],
    ['updateProduct.ratePlanId', updating({ ratePlanId: null })],
    ['updateProduct.externalCatalogPlanId', updating({ externalCatalogPlanId: 'x' })],
    ['updateProduct.specificUpdateDate', updating({ specificUpdateDate: '2026-02-30' })],
    ['updateProduct.chargeUpdates', updating({ chargeUpdates: {} })],
    ['updateProduct.chargeUpdates[0].chargeNumber', updatingCharge({ chargeNumber: null })],
    ['updateProduct.chargeUpdates[0].prepaidQuantity', updatingCharge({ prepaidQuantity: 5 })],
    [
      'updateProduct.chargeUpdates[0].pricing.recurringPerUnit.quantity',
      updatingCharge({ pricing: { recurringPerUnit: { quantity: -1 } } }),
    ],
    [
      'updateProduct.chargeUpdates[0].billing.billingPeriodAlignment',
      updatingCharge({ billing: { billingPeriodAlignment: 'AlignToMoon' } }),
    ],
    [
      'updateProduct.chargeUpdates[0].effectiveDate.specificTriggerDate',
      updatingCharge({ effectiveDate: { specificTriggerDate: 'soon' } }),
    ],
    ['removeProduct.ratePlanId', { type: 'RemoveProduct', removeProduct: {} }],
    [
      'removeProduct.chargeUpdates',
      { type: 'RemoveProduct', removeProduct: { ratePlanId: 'r1', chargeUpdates: [{}] } },
    ],
    ['changePlan.newProductRatePlan', changing({ newProductRatePlan: undefined })],
    ['changePlan.newProductRatePlan.productRatePlanId', changing({ newProductRatePlan: {} })],
    ['changePlan.ratePlanId', changing({ ratePlanId: undefined })],
    ['changePlan.effectivePolicy', changing({ effectivePolicy: 'EndOfLastInvoicePeriod' })],
    ['changePlan.subType', changing({ subType: 'Sidegrade' })],
    ['changePlan.resetBcd', changing({ resetBcd: 1 })],
  ];
  test.each(cases)('%s', (field, action) => {
    expect(complaintOf(orderOf([action]))?.field).toBe(`${AT}.${field}`);
  });

  test('an object that is missing is said to be required', () => {
    expect(complaintOf(orderOf([{ type: 'UpdateProduct' }]))).toEqual({
      field: `${AT}.updateProduct`,
      message: 'is required',
    });
  });
});
