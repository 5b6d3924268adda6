import type { Examples } from '../../../wire/api-description.ts';

/** The older resources, and actions on several objects. */

const DATES = { EffectiveStartDate: '2020-01-01', EffectiveEndDate: '2099-12-31' };

export const objectExamples: Examples = {
  Object_POSTAccount: {
    body: { Name: 'Example Forwarders', Currency: 'USD', BillCycleDay: 1, Status: 'Draft' },
  },
  Object_PUTAccount: { body: { Notes: 'Ships on Mondays.' } },
  Object_DELETEAccount: { path: { id: '{{bareAccount.id}}' } },
  Object_POSTContact: { body: { AccountId: '{{customer.id}}', FirstName: 'Leo', LastName: 'Lawrence' } },
  Object_PUTContact: { path: { id: '{{spareContact.id}}' }, body: { FirstName: 'Ann' } },
  Object_DELETEContact: { path: { id: '{{spareContact.id}}' } },
  Object_POSTProduct: { body: { Name: 'Example product', SKU: 'EXAMPLE-{{day.second}}', ...DATES } },
  Object_PUTProduct: { path: { id: '{{exampleProduct.id}}' }, body: { Description: 'For schools' } },
  Object_DELETEProduct: { path: { id: '{{exampleProduct.id}}' } },
  Object_POSTProductRatePlan: {
    body: {
      Name: 'Example plan',
      ProductId: '{{exampleProduct.id}}',
      ExternalRatePlanIds: 'EXAMPLE-{{day.second}}',
      ...DATES,
    },
  },
  Object_PUTProductRatePlan: { path: { id: '{{examplePlan.id}}' }, body: { Description: 'For schools' } },
  Object_DELETEProductRatePlan: { path: { id: '{{examplePlan.id}}' } },
  Object_POSTProductRatePlanCharge: {
    body: {
      ProductRatePlanId: '{{examplePlan.id}}',
      Name: 'Monthly fee',
      ChargeModel: 'Flat Fee Pricing',
      ChargeType: 'Recurring',
      BillCycleType: 'DefaultFromCustomer',
      BillingPeriod: 'Month',
      TriggerEvent: 'ContractEffective',
      ProductRatePlanChargeTierData: { ProductRatePlanChargeTier: [{ Currency: 'USD', Price: 25 }] },
    },
  },
  Object_PUTProductRatePlanCharge: {
    path: { id: '{{exampleCharge.id}}' },
    body: { Description: 'For schools' },
  },
  Object_DELETEProductRatePlanCharge: { path: { id: '{{exampleCharge.id}}' } },
  Object_PUTProductRatePlanChargeTier: { path: { id: '{{exampleCharge.tierId}}' }, body: { Price: 30 } },
  Object_GETProductRatePlanChargeTier: { path: { id: '{{exampleCharge.tierId}}' } },
  Object_POSTUnitOfMeasure: { body: { UomName: 'Example {{day.second}}', DecimalPlaces: 2 } },
  Object_PUTUnitOfMeasure: { body: { Active: false } },
  Object_POSTBillRun: {
    body: { AccountId: '{{customer.id}}', InvoiceDate: '{{day.today}}', TargetDate: '{{day.today}}' },
  },
  Object_PUTBillRun: { path: { id: '{{completedBillRun.id}}' }, body: { Status: 'Canceled' } },
  Object_DELETEBillRun: { path: { id: '{{canceledBillRun.id}}' } },
  Object_PUTInvoice: { path: { id: '{{draftInvoice.id}}' }, body: { Status: 'Posted' } },
  Object_DELETEInvoice: { path: { id: '{{draftInvoice.id}}' } },
  Object_POSTUsage: {
    body: {
      AccountId: '{{customer.id}}',
      UOM: 'Kilometre',
      Quantity: 10,
      StartDateTime: '{{day.month}}T10:00:00Z',
    },
  },
  Object_PUTUsage: { body: { Quantity: 4 } },
  Object_POSTPayment: {
    body: {
      AccountId: '{{customer.id}}',
      Type: 'External',
      PaymentMethodId: '{{bankAccount.id}}',
      EffectiveDate: '{{day.today}}',
      Status: 'Processed',
      Amount: 20,
      InvoiceId: '{{openInvoice.id}}',
      AppliedInvoiceAmount: 20,
    },
  },
  Object_PUTPayment: { body: { Comment: 'By post' } },
  Object_DELETEPayment: { path: { id: '{{canceledPayment.id}}' } },
  Object_POSTInvoicePayment: {
    body: { Amount: 10, InvoiceId: '{{openInvoice.id}}', PaymentId: '{{unappliedPayment.id}}' },
  },
  Object_GETPaymentMethod: { path: { id: '{{card.id}}' } },
  Object_GETInvoicePayment: { path: { id: '{{appliedPayment.partId}}' } },
  Object_PUTInvoicePayment: { path: { id: '{{appliedPayment.partId}}' }, body: { Amount: 2 } },
  Object_POSTPaymentMethod: {
    body: {
      AccountId: '{{customer.id}}',
      Type: 'CreditCard',
      CreditCardType: 'Visa',
      CreditCardNumber: '4111111111111111',
      CreditCardExpirationMonth: 12,
      CreditCardExpirationYear: 2098,
      CreditCardHolderName: 'Amy Lawrence',
    },
  },
  Object_DELETEPaymentMethod: { path: { id: '{{bankAccount.id}}' } },
  Object_PUTPaymentMethod: { path: { id: '{{card.id}}' }, body: { CreditCardCountry: 'United States' } },
  Object_POSTRefund: {
    body: { PaymentId: '{{unappliedPayment.id}}', Type: 'External', MethodType: 'Check', Amount: 5 },
  },
  Object_PUTRefund: { body: { ReasonCode: 'Other' } },
  Object_DELETERefund: { path: { id: '{{canceledRefund.id}}' } },
  Object_PUTSubscription: { path: { id: '{{activeSubscription.id}}' }, body: { IsInvoiceSeparate: true } },
  Object_DELETESubscription: { path: { id: '{{freshSubscription.id}}' } },
  Object_PUTRatePlanCharge: { body: { meter__c: 'M1' } },
  Action_POSTcreate: {
    body: {
      type: 'Account',
      objects: [{ Name: 'Example Forwarders', Currency: 'USD', BillCycleDay: 1, Status: 'Draft' }],
    },
  },
  Action_POSTupdate: {
    body: { type: 'Account', objects: [{ Id: '{{customer.id}}', Notes: 'Ships on Mondays.' }] },
  },
  Action_POSTdelete: { body: { type: 'Account', ids: ['{{bareAccount.id}}'] } },
};
