import { OBJECTS_READ } from '../../../src/http/routes/object-reads.ts';
import { objectNamed } from '../../../src/query/objects/index.ts';

/**
 * What Spillway's replies hold beyond the contract. Each is a field or a null that the contract does not declare and
 * no published sample shows; nothing here changes the meaning of a field that the contract has.
 */
export type Addition = {
  operationId: string;
  /** Path of the value in the reply, `[]` for list items: `/order/subscriptions[]/id`. */
  path: string;
  why: string;
};

const ORDER_LISTS = [
  'GET_PendingOrdersBySubscriptionNumber',
  'GET_AllOrders',
  'GET_OrdersByInvoiceOwner',
  'GET_OrdersBySubscriptionOwner',
  'GET_OrdersBySubscriptionNumber',
];
const NOTES_BY_FORM = 'PUT /v1/subscriptions changes notes by an order of TermsAndConditions, which says so';
const CHANGE_LOGS = [
  ['getSubscriptionChangeLogsBySubscriptionNumber', '/subscriptions[]'],
  ['getSubscriptionChangeLogsByOrderNumber', '/subscriptions[]'],
  ['getSubscriptionChangelogByVersion', '/subscription'],
] as const;
const CONTACT_FIELDS = [
  'homePhone',
  'mobilePhone',
  'nickname',
  'otherPhone',
  'otherPhoneType',
  'personalEmail',
];
/** What the reply about the latest version has, and the one about any version lacks in schema and sample. */
const OF_SUBSCRIPTION = [
  'accountOwnerDetails',
  'invoiceOwnerAccountDetails',
  ...['billToContact', 'soldToContact'].flatMap((contact) =>
    CONTACT_FIELDS.map((field) => `${contact}/${field}`),
  ),
];
const REFUND_READS = [
  ['GET_Refund', ''],
  ['GET_Refunds', '/refunds[]'],
  ['PUT_CancelRefund', ''],
] as const;
const FRESHNESS = 'how fresh the account metrics are, beside partnerAccount, as accounts show it';

const OWN_FILE = 'the file that was made: without it a caller would have to look for it in the list of files';

/** What the older resources read comes whole from the object model, which has the fields of Object Query beside their own. */
const OF_MODEL: readonly Addition[] = OBJECTS_READ.flatMap(({ type }) =>
  objectNamed(type)!.fields.map(({ name }) => ({
    operationId: `Object_GET${type}`,
    path: `/${name}`,
    why: 'a field of the object model, under the name that the other query surfaces have for it',
  })),
);

/** Properties of invoices and their files. */
const OF_INVOICES: readonly Addition[] = [
  ...['Get_GetInvoice', 'POST_StandaloneInvoice'].map((operationId) => ({
    operationId,
    path: '/reversed',
    why: 'a reversal took it back: the transaction list declares it, and whoever reads one invoice needs it as much',
  })),
  {
    operationId: 'POST_StandaloneInvoices',
    path: '/invoices[]/reversed',
    why: 'an invoice of a batch answers as it does when it is created alone',
  },
  {
    operationId: 'GET_InvoiceItems',
    path: '/invoiceItems[]/spillwayExplanation',
    why: 'how the amount of the line was computed, in a sentence',
  },
  ...[
    '/invoices',
    '/invoices[]/id',
    '/invoices[]/success',
    '/invoices[]/reasons',
    '/invoices[]/processId',
  ].map((path) => ({
    operationId: 'PUT_BatchUpdateInvoices',
    path,
    why: 'invoices of several accounts are changed one by one: which of them were refused, and why',
  })),
  ...['POST_CreditMemoPDF', 'POST_DebitMemoPDF'].flatMap((operationId) =>
    ['/id', '/pdfFileUrl', '/versionNumber'].map((path) => ({ operationId, path, why: OWN_FILE })),
  ),
];

/** AQuA's own errors, and what its replies say of a query and of a session wherever they show them. */
const OF_BATCH_JOBS: readonly Addition[] = [
  ...['POST_BatchQueryJob', 'GET_BatchQueryJob', 'GET_LastBatchQueryJob', 'DELETE_BatchQueryJob'].flatMap(
    (operationId) =>
      ['/errorCode', '/message'].map((path) => ({
        operationId,
        path,
        why: 'errors come with HTTP 200 and a code of their own, which the product documentation lists',
      })),
  ),
  ...['GET_BatchQueryJob', 'GET_LastBatchQueryJob'].flatMap((operationId) =>
    [
      '/useLastCompletedJobQueries',
      '/offset',
      '/batches[]/localizedStatus',
      '/batches[]/deleted',
      '/batches[]/deleted[]/column',
      '/batches[]/deleted[]/format',
    ].map((path) => ({ operationId, path, why: 'a job reads as it was answered when it was submitted' })),
  ),
  {
    operationId: 'POST_BatchQueryJob',
    path: '/batches[]/message',
    why: 'what is wrong with a query, of a job that is refused for it',
  },
];

/** What `expand[]` of these lists is declared to take, and the schema of the reply leaves out. */
const EXPANDED: ReadonlyArray<readonly [list: string, one: string, path: string]> = [
  ['queryRatePlanCharges', 'queryRatePlanChargeByKey', '/ratePlanChargeTiers'],
  ['queryRatePlans', 'queryRatePlanByKey', '/ratePlanCharges[]/ratePlanChargeTiers'],
  ['querySubscriptions', 'querySubscriptionByKey', '/order'],
  ['querySubscriptions', 'querySubscriptionByKey', '/ratePlans[]/ratePlanCharges[]/ratePlanChargeTiers'],
  ['queryPayments', 'queryPaymentByKey', '/paymentScheduleItemPayments'],
  ['queryProductRatePlans', 'queryProductRatePlanByKey', '/externalProductRatePlans'],
];

const DATA_QUERY_JOBS = [
  ['POST_DataQueryJob', '/data'],
  ['GET_DataQueryJob', '/data'],
  ['DELETE_DataQueryJob', '/data'],
  ['GET_DataQueryJobs', '/data[]'],
] as const;

/** Properties that a reply may hold although the contract does not declare them. */
export const ADDED_PROPERTIES: readonly Addition[] = [
  ...OF_MODEL,
  ...DATA_QUERY_JOBS.flatMap(([operationId, job]) =>
    ['createdOn', 'errorMessage'].map((property) => ({
      operationId,
      path: `${job}/${property}`,
      why: 'the published sample of a submitted job has the one; without the other nobody knew why a job failed',
    })),
  ),
  ...REFUND_READS.flatMap(([operationId, refund]) =>
    ['paymentNumber', 'paymentGatewayNumber'].map((property) => ({
      operationId,
      path: `${refund}/${property}`,
      why: 'a refund reads the same wherever it is shown, and the replies that make or change one have it',
    })),
  ),
  ...OF_INVOICES,
  ...OF_BATCH_JOBS,
  ...EXPANDED.flatMap(([list, one, path]) =>
    [
      [list, `/data[]${path}`],
      [one, path],
    ].map(([operationId, whole]) => ({
      operationId: operationId!,
      path: whole!,
      why: 'the operation declares that it can be expanded',
    })),
  ),
  ...OF_SUBSCRIPTION.map((path) => ({
    operationId: 'GET_SubscriptionsByKeyAndVersion',
    path: `/${path}`,
    why: 'a version reads as the subscription itself does',
  })),
  ...CHANGE_LOGS.flatMap(([operationId, subscription]) =>
    ['segment', 'removed'].map((property) => ({
      operationId,
      path: `${subscription}/ratePlans[]/ratePlanCharges[]/${property}`,
      why: 'which segment of the charge changed, and that it is gone: without them a log could not be replayed',
    })),
  ),
  ...ORDER_LISTS.map((operationId) => ({
    operationId,
    path: '/orders[]/subscriptions[]/orderActions[]/termsAndConditions/notes',
    why: NOTES_BY_FORM,
  })),
  {
    operationId: 'GET_Order',
    path: '/order/subscriptions[]/orderActions[]/termsAndConditions/notes',
    why: NOTES_BY_FORM,
  },
  ...['PUT_OrderActivate', 'PUT_Order', 'PUT_OrderTriggerDates'].flatMap((operationId) =>
    ['subscriptionOwnerId', 'subscriptionOwnerNumber'].map((property) => ({
      operationId,
      path: `/subscriptions[]/${property}`,
      why: 'an order answers as it does when it is created, where the contract declares it',
    })),
  ),
  ...['GET_Order', ...ORDER_LISTS].flatMap((operationId) => {
    const order = operationId === 'GET_Order' ? '/order' : '/orders[]';
    return [
      {
        operationId,
        path: `${order}/cancelReason`,
        why: 'why an order was cancelled, as its cancellation said',
      },
      { operationId, path: `${order}/revertedOrderNumber`, why: 'which order a reversal takes back' },
    ];
  }),
  ...ORDER_LISTS.map((operationId) => ({
    operationId,
    path: '/orders[]/subscriptions[]/invoiceOwnerAccountNumber',
    why: 'requests may name an invoice owner for each subscription; the reply says which it is',
  })),
  ...ORDER_LISTS.map((operationId) => ({
    operationId,
    path: '/orders[]/subscriptions[]/orderActions[]/createSubscription/invoiceOwnerAccountNumber',
    why: 'requests may name it; an action is shown as it was asked for',
  })),
  ...['subscriptions[]/subscriptionOwnerId', 'subscriptions[]/subscriptionOwnerNumber', 'previewResult'].map(
    (property) => ({
      operationId: 'GET_JobStatusAndResponse',
      path: `/result/${property}`,
      why: 'a job has the result that the same request has at once, where the contract declares it',
    }),
  ),
  {
    operationId: 'GET_Order',
    path: '/order/subscriptions[]/orderActions[]/createSubscription/invoiceOwnerAccountNumber',
    why: 'requests may name it; an action is shown as it was asked for',
  },
  {
    operationId: 'GET_Order',
    path: '/order/subscriptions[]/invoiceOwnerAccountNumber',
    why: 'requests may name an invoice owner for each subscription; the reply says which it is',
  },
  {
    operationId: 'GET_Order',
    path: '/order/subscriptions[]/invoiceOwnerAccountDetails',
    why: 'the invoice owner of a subscription, as the subscription owner is shown',
  },
  {
    operationId: 'GET_Order',
    path: '/order/subscriptions[]/subscriptionOwnerAccountDetails/lastMetricsUpdate',
    why: FRESHNESS,
  },
  {
    operationId: 'GET_Order',
    path: '/order/existingAccountDetails/basicInfo/lastMetricsUpdate',
    why: FRESHNESS,
  },
  {
    operationId: 'GET_SubscriptionsByKey',
    path: '/accountOwnerDetails/lastMetricsUpdate',
    why: FRESHNESS,
  },
  {
    operationId: 'GET_SubscriptionsByKey',
    path: '/invoiceOwnerAccountDetails/lastMetricsUpdate',
    why: FRESHNESS,
  },
  {
    operationId: 'Object_POSTAccount',
    path: '/message',
    why: 'rejectUnknownFields answers with a bare message, which the product documentation shows',
  },
  {
    operationId: 'Object_GETProductRatePlanCharge',
    path: '/ProductRatePlanChargeTierData',
    why: 'the ids of the tiers, which the tier resources need and no other reply of this family holds',
  },
];

/**
 * Properties that may be null although neither the schema nor a sample of the area shows a null. The field tables of
 * the product documentation state these.
 */
export const NULL_PROPERTIES: readonly { name: string; why: string }[] = [
  { name: 'lastMetricsUpdate', why: 'null while the account is no partner account or before its first fold' },
  { name: 'initialTerm', why: 'null while the subscription is evergreen' },
  { name: 'initialTermPeriodType', why: 'null while the subscription is evergreen' },
  { name: 'currentTerm', why: 'null while the subscription is evergreen' },
  { name: 'currentTermPeriodType', why: 'null while the subscription is evergreen' },
  { name: 'renewalTerm', why: 'null while the subscription is evergreen' },
  { name: 'renewalTermPeriodType', why: 'null while the subscription is evergreen' },
  { name: 'subscriptionEndDate', why: 'null while the subscription is evergreen' },
  { name: 'termEndDate', why: 'null while the subscription is evergreen' },
  { name: 'totalContractedValue', why: 'null while the subscription is evergreen' },
  { name: 'tcv', why: 'null while the subscription is evergreen' },
  { name: 'dtcv', why: 'null while the subscription is evergreen' },
  { name: 'effectiveEndDate', why: 'null while the subscription is evergreen' },
  { name: 'triggerDate', why: 'null while the order waits for the date' },
  { name: 'lastInvoiceDate', why: 'null until an invoice was posted' },
];

/** Several types that a bill run leaves out, in the order in which they were given. */
const SEVERAL_CHARGE_TYPES = ['OneTime', 'Recurring', 'Usage'].flatMap((one, _, all) =>
  all.flatMap((two) => (one === two ? [] : [`${one},${two}`])),
);

/** Values of an enumeration that the product documentation has and the schema of the operation lacks. */
export const ADDED_VALUES: readonly (Addition & { value: string })[] = [
  ...['GET_Order', ...ORDER_LISTS].map((operationId) => ({
    operationId,
    path: operationId === 'GET_Order' ? '/order/status' : '/orders[]/status',
    value: 'Reverted',
    why: 'what becomes of an order that another one reverts; the contract lists the operation and not the status',
  })),
  {
    operationId: 'Get_GetInvoice',
    path: '/status',
    value: 'Canceled',
    why: 'a draft can be cancelled; PUT_UpdateInvoice lists the status',
  },
  {
    operationId: 'Object_GETPayment',
    path: '/TransferredToAccounting',
    value: 'No',
    why: 'what Object Query says of a payment that was not transferred; refunds and invoices have any text here',
  },
  ...['queryBillingRuns', 'queryBillingRunByKey'].flatMap((operationId) =>
    SEVERAL_CHARGE_TYPES.map((value) => ({
      operationId,
      path: operationId === 'queryBillingRuns' ? '/data[]/chargeTypeToExclude' : '/chargeTypeToExclude',
      value,
      why: 'a bill run takes a list of types to leave out; here the contract has a text of one',
    })),
  ),
  ...['GET_BatchQueryJob', 'DELETE_BatchQueryJob'].map((operationId) => ({
    operationId,
    path: '/batches[]/status',
    value: 'cancelled',
    why: 'a query that had not begun when its job was cancelled; the contract lists the status of the job alone',
  })),
];

export function isAddedValue(operationId: string, samplePath: string, value: unknown): boolean {
  return ADDED_VALUES.some(
    (addition) =>
      addition.operationId === operationId && addition.path === samplePath && addition.value === value,
  );
}

/** Types that the schema misdeclares and no sample of the contract shows. */
export const CORRECTED_TYPES: readonly { area: string; pathEnd: string; type: string; why: string }[] = [
  {
    area: 'accounts',
    pathEnd: '/totalContractedValue',
    type: 'number',
    why: 'text in this schema alone: subscriptions and their samples have it as a number',
  },
  {
    area: 'subscriptions',
    pathEnd: '/chargeMetrics',
    type: 'array',
    why: 'the schema declares the metrics of one charge; the product documentation shows a list of them',
  },
  {
    area: 'catalog',
    pathEnd: '/pricing[]/tiers[]',
    type: 'object',
    why: 'the schema declares a list of lists of tiers; the product documentation shows a list of tiers',
  },
];

export function isCorrectedType(area: string, samplePath: string, type: string): boolean {
  return CORRECTED_TYPES.some(
    (corrected) =>
      corrected.area === area && corrected.type === type && samplePath.endsWith(corrected.pathEnd),
  );
}

export function isAddedProperty(operationId: string, samplePath: string): boolean {
  return ADDED_PROPERTIES.some(
    (addition) => addition.operationId === operationId && addition.path === samplePath,
  );
}

/** Text of any kind that the schema takes for a date, because its one sample shows a date. */
export const CORRECTED_FORMATS: readonly { pathEnd: string; why: string }[] = [
  { pathEnd: '/fields[]/oldValue', why: 'the value of whichever field changed' },
  { pathEnd: '/fields[]/newValue', why: 'the value of whichever field changed' },
];

export function isCorrectedFormat(samplePath: string): boolean {
  return CORRECTED_FORMATS.some(({ pathEnd }) => samplePath.endsWith(pathEnd));
}
