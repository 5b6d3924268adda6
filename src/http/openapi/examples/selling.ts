import type { Examples, FirstCall } from '../../../wire/api-description.ts';

/** Accounts, orders and subscriptions. */

const CUSTOMER = 'A-DEMO-CUSTOMER-1';
const MONTHLY = 'PRP-DEMO-MONTHLY';

const CONTACT = { firstName: 'Amy', lastName: 'Lawrence', country: 'United States', state: 'California' };

const TERMS = {
  terms: {
    initialTerm: { startDate: '{{day.year}}', period: 12, periodType: 'Month', termType: 'TERMED' },
    renewalSetting: 'RENEW_WITH_SPECIFIC_TERM',
    renewalTerms: [{ period: 12, periodType: 'Month' }],
    autoRenew: true,
  },
};

const onDay = (...names: readonly string[]) => names.map((name) => ({ name, triggerDate: '{{day.year}}' }));

const newSubscription = {
  type: 'CreateSubscription',
  triggerDates: onDay('ContractEffective', 'ServiceActivation', 'CustomerAcceptance'),
  createSubscription: { ...TERMS, subscribeToRatePlans: [{ productRatePlanNumber: MONTHLY }] },
};

const newOrder = {
  existingAccountNumber: CUSTOMER,
  orderDate: '{{day.today}}',
  subscriptions: [{ orderActions: [newSubscription] }],
};

const draftOrder: FirstCall = {
  path: '/v1/orders',
  body: { ...newOrder, status: 'Draft' },
  takes: { ORDER: 'orderNumber' },
};

const completedOrder: FirstCall = { ...draftOrder, body: newOrder };

/** Its subscription waits for the day on which the customer accepts. */
const waitingOrder: FirstCall = {
  path: '/v1/orders',
  body: {
    ...newOrder,
    subscriptions: [
      {
        orderActions: [
          {
            ...newSubscription,
            triggerDates: [
              ...onDay('ContractEffective', 'ServiceActivation'),
              { name: 'CustomerAcceptance' },
            ],
          },
        ],
      },
    ],
  },
  takes: { ORDER: 'orderNumber', SUBSCRIPTION: 'subscriptionNumber' },
};

const lineItem = {
  itemNumber: '1',
  itemName: 'Tracker',
  itemType: 'Product',
  quantity: 2,
  amountPerUnit: 50.25,
  transactionStartDate: '{{day.today}}',
};

const createSubscription = {
  accountKey: CUSTOMER,
  contractEffectiveDate: '{{day.year}}',
  termType: 'TERMED',
  initialTerm: 12,
  renewalTerm: 12,
  autoRenew: true,
  subscribeToRatePlans: [{ productRatePlanNumber: MONTHLY }],
};

const tag = { customFields: { CustomTag__c: 'internal' } };

export const sellingExamples: Examples = {
  POST_Account: {
    body: { name: 'Example Forwarders', currency: 'USD', billCycleDay: 1, billToContact: CONTACT },
  },
  PUT_Account: { body: { notes: 'Ships on Mondays.' } },
  DELETE_Account: { path: { accountKey: '{{bareAccount.number}}' } },
  POST_CreateContact: { body: { accountNumber: CUSTOMER, ...CONTACT, firstName: 'Leo' } },
  PUT_Contact: { path: { contactId: '{{spareContact.id}}' }, body: { city: 'Oakland' } },
  DELETE_Contact: { path: { contactId: '{{spareContact.id}}' } },
  transferContent: {
    path: { contactId: '{{spareContact.id}}' },
    body: { destinationAccountKey: 'A-DEMO-CUSTOMER-2' },
  },

  GET_ProductRatePlansByExternalID: { path: { id: '{{externalPlan.externalId}}' } },

  POST_Order: { body: { ...newOrder, orderLineItems: [lineItem] } },
  POST_PreviewOrder: {
    body: {
      ...newOrder,
      previewOptions: {
        previewTypes: ['BillingDocs'],
        previewThruType: 'SpecificDate',
        specificPreviewThruDate: '{{day.nextMonth}}',
      },
    },
  },
  GET_OrdersByInvoiceOwner: { path: { accountNumber: CUSTOMER } },
  GET_OrdersBySubscriptionOwner: { path: { accountNumber: CUSTOMER } },
  PUT_OrderActivate: { first: draftOrder, path: { orderNumber: '$ORDER' } },
  PUT_Order: {
    first: draftOrder,
    path: { orderNumber: '$ORDER' },
    body: { ...newOrder, description: 'Changed before it is activated' },
  },
  PUT_OrderCancel: {
    first: draftOrder,
    path: { orderNumber: '$ORDER' },
    body: { cancelReason: 'The customer changed their mind.' },
  },
  DELETE_Order: { first: draftOrder, path: { orderNumber: '$ORDER' } },
  revertOrder: {
    first: completedOrder,
    path: { orderNumber: '$ORDER' },
    body: { orderDate: '{{day.today}}' },
  },
  PUT_OrderTriggerDates: {
    first: waitingOrder,
    path: { orderNumber: '$ORDER' },
    body: {
      subscriptions: [
        {
          subscriptionNumber: '$SUBSCRIPTION',
          orderActions: [
            { sequence: 0, triggerDates: [{ name: 'CustomerAcceptance', triggerDate: '{{day.today}}' }] },
          ],
        },
      ],
    },
  },
  PUT_UpdateOrderCustomFields: { body: tag },
  PUT_OrderActions: { path: { id: '{{orderAction.id}}' }, body: { changeReason: 'More vehicles', ...tag } },
  POST_CreateOrderAsynchronously: { body: newOrder },
  POST_PreviewOrderAsynchronously: {
    body: {
      ...newOrder,
      previewOptions: {
        previewTypes: ['BillingDocs'],
        previewThruType: 'SpecificDate',
        specificPreviewThruDate: '{{day.nextMonth}}',
      },
    },
  },
  deleteOrderAsynchronously: { first: draftOrder, path: { orderNumber: '$ORDER' } },
  GET_JobStatusAndResponse: { path: { jobId: '{{orderJob.id}}' } },
  Post_OrderLineItems: {
    body: { orderLineItems: [{ id: '{{orderLineItem.id}}', itemState: 'SentToBilling' }] },
  },
  PUT_OrderLineItem: { body: { description: 'With a longer cable' } },

  POST_Subscription: { body: createSubscription },
  POST_PreviewSubscription: { body: createSubscription },
  GetMetricsBySubscriptionNumbers: { query: [['subscriptionNumbers[]', '{{subscription.number}}']] },
  GET_SubscriptionsByKeyAndVersion: { path: { subscriptionKey: '{{subscription.number}}', version: '1' } },
  getSubscriptionChangelogByVersion: {
    path: { subscriptionNumber: '{{subscription.number}}', version: '1' },
  },
  PUT_Subscription: {
    path: { subscriptionKey: '{{activeSubscription.number}}' },
    body: { notes: 'Asked for one bill a month.' },
  },
  PUT_RenewSubscription: { path: { subscriptionKey: '{{activeSubscription.number}}' }, body: {} },
  PUT_CancelSubscription: {
    path: { subscriptionKey: '{{activeSubscription.number}}' },
    body: { cancellationPolicy: 'EndOfCurrentTerm' },
  },
  PUT_SuspendSubscription: {
    path: { subscriptionKey: '{{activeSubscription.number}}' },
    body: { suspendPolicy: 'SpecificDate', suspendSpecificDate: '{{activeSubscription.aMonthLater}}' },
  },
  PUT_ResumeSubscription: {
    path: { subscriptionKey: '{{suspendedSubscription.number}}' },
    body: { resumePolicy: 'FixedPeriodsFromSuspendDate', resumePeriods: '2', resumePeriodsType: 'Month' },
  },
  PUT_DeleteSubscription: { path: { subscriptionKey: '{{freshSubscription.number}}' } },
  PreviewExistingSubscription: {
    path: { subscriptionKey: '{{activeSubscription.number}}' },
    body: { previewThroughDate: { previewThruDatePolicy: 'endOfTerm' } },
  },
  PUT_UpdateSubscriptionCustomFields: { body: tag },
  PUT_UpdateSubscriptionCustomFieldsOfASpecifiedVersion: {
    path: { subscriptionNumber: '{{subscription.number}}', version: '1' },
    body: tag,
  },
};
