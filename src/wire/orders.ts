import type { OrderPlaced, PlacedSubscription } from '../domain/orders/order-reply.ts';
import type {
  AccountChoice,
  OrderBilling,
  OrderRequest,
  RequestedAction,
  RequestedSubscription,
} from '../domain/orders/order-request.ts';
import { isRefusal, type JsonObject, type JsonValue, type Refusal, refuse } from '../domain/result.ts';
import { fromWireOrderAccount } from './order-accounts.ts';
import { fromWireOrderAction, type WireOrderAction } from './order-actions/order-action.ts';
import { fromWireOrderLineItems } from './order-line-items.ts';
import type { WireOrder, WireOrderContent, WireSubscription } from './order-schema.ts';
import { pickGiven } from './values.ts';

export interface OrderReplyForm {
  readonly returnIds: boolean;
  /** Before version 223: `subscriptionNumbers` in place of `subscriptions`. */
  readonly numbersOnly: boolean;
}

/** What the contract has and this server has not yet: refused by name, never dropped in silence. */
const NOT_AVAILABLE = ['commitments'] as const;

function notAvailable(field: string): Refusal {
  return refuse('invalid', 'is not available yet', field);
}

/**
 * POST /v1/orders as a command's payload; refuses what is not built, naming it.
 *
 * @param ifMatch the header `If-Match`: the version that the caller thinks the order's one existing subscription has
 */
export function fromWireOrder(
  body: WireOrder,
  form: OrderReplyForm,
  ifMatch: string | null = null,
): OrderRequest | Refusal {
  const content = fromWireOrderContent({ ...body, status: body.status ?? 'Completed' });
  if (isRefusal(content)) return content;
  const subscriptions = withExpectedVersion(content.subscriptions, ifMatch);
  if ('refused' in subscriptions) return subscriptions;
  return {
    ...content,
    intent: content.intent ?? 'complete',
    subscriptions,
    orderNumber: body.orderNumber ?? null,
    account: accountOf(body),
    ...form,
  };
}

/** What an order says apart from its account, its number and the form of the reply. */
export interface OrderContent
  extends Omit<OrderRequest, 'orderNumber' | 'account' | 'intent' | keyof OrderReplyForm> {
  /** Null when no status is given. */
  readonly intent: OrderRequest['intent'] | null;
}

/** The part that creating and replacing an order share. */
export function fromWireOrderContent(body: WireOrderContent): OrderContent | Refusal {
  const problem = unavailablePart(body) ?? schedulingProblem(body);
  if (problem !== null) return problem;
  const intent = intentOf(body.status);
  if (intent !== null && typeof intent === 'object') return intent;
  const subscriptions: RequestedSubscription[] = [];
  for (const [i, subscription] of (body.subscriptions ?? []).entries()) {
    const read = fromWireSubscription(subscription, body.externallyManagedBy ?? null, `subscriptions[${i}]`);
    if (isRefusal(read)) return read;
    subscriptions.push(read);
  }
  const scheduledDate = body.schedulingOptions?.scheduledDate ?? null;
  const details = pickGiven(body, ['reasonCode', 'externallyManagedBy']);
  if (scheduledDate !== null)
    details.schedulingOptions = { scheduledDatePolicy: 'SpecificDate', scheduledDate };
  return {
    orderDate: body.orderDate,
    intent,
    scheduledDate,
    category: body.category ?? 'NewSales',
    description: body.description ?? null,
    subscriptions,
    orderLineItems: fromWireOrderLineItems(body.orderLineItems),
    details,
    customFields: (body.customFields ?? {}) as JsonObject,
    billing: billingOf(body),
  };
}

/** What is billed with the order: nothing unless `runBilling` says so. */
function billingOf({ processingOptions }: WireOrderContent): OrderBilling | null {
  if (processingOptions?.runBilling !== true) return null;
  const options = processingOptions.billingOptions;
  return {
    targetDate: options?.targetDate ?? null,
    documentDate: options?.documentDate ?? null,
    posts: options?.generateDraftInvoice !== true,
    creditMemoReasonCode: options?.creditMemoReasonCode ?? null,
  };
}

function accountOf(body: WireOrder): AccountChoice {
  if (body.newAccount != null) {
    return { newAccount: fromWireOrderAccount(body.newAccount), field: 'newAccount' };
  }
  return body.existingAccountId == null
    ? { key: body.existingAccountNumber ?? '', field: 'existingAccountNumber' }
    : { key: body.existingAccountId, field: 'existingAccountId' };
}

/** Pending is what becomes of an order that misses a trigger date: asking for it is asking for it to be placed. */
function intentOf(status: WireOrder['status']): OrderRequest['intent'] | null | Refusal {
  switch (status) {
    case null:
    case undefined:
      return null;
    case 'Draft':
      return 'draft';
    case 'Scheduled':
      return 'scheduled';
    case 'Completed':
    case 'Pending':
      return 'complete';
    case 'Executing':
    case 'Failed':
      return refuse(
        'invalid',
        `${status} can't be asked for; give Draft, Scheduled, Pending or Completed`,
        'status',
      );
  }
}

function unavailablePart(body: WireOrderContent): Refusal | null {
  for (const field of NOT_AVAILABLE) {
    const value = body[field];
    if (value != null && !(Array.isArray(value) && value.length === 0)) return notAvailable(field);
  }
  for (const [name, value] of Object.entries(body.processingOptions ?? {})) {
    if (value === true && name !== 'runBilling') return notAvailable(`processingOptions.${name}`);
  }
  return null;
}

function schedulingProblem({ status, schedulingOptions }: WireOrderContent): Refusal | null {
  if (status === 'Scheduled' && schedulingOptions == null)
    return refuse('missing', 'is required with the status Scheduled', 'schedulingOptions.scheduledDate');
  if (status !== 'Scheduled' && status != null && schedulingOptions != null)
    return refuse('invalid', `does not go with the status ${status}`, 'schedulingOptions');
  return null;
}

function fromWireSubscription(
  body: WireSubscription,
  managedBy: string | null,
  path: string,
): RequestedSubscription | Refusal {
  for (const field of ['quote', 'ramp'] as const)
    if (body[field] != null) return notAvailable(`${path}.${field}`);
  const around = {
    subscriptionNumber: body.subscriptionNumber ?? null,
    externallyManagedBy: body.externallyManagedBy ?? managedBy,
    customFields: (body.customFields ?? {}) as JsonObject,
  };
  if (around.subscriptionNumber === null && body.orderActions[0]?.type !== 'CreateSubscription') {
    const message = 'is required: the subscription to change, unless CreateSubscription comes first';
    return refuse('missing', message, `${path}.subscriptionNumber`);
  }
  const actions: RequestedAction[] = [];
  let { subscriptionNumber } = around;
  for (const [i, wireAction] of body.orderActions.entries()) {
    const at = `${path}.orderActions[${i}]`;
    if (wireAction.type === 'CreateSubscription' && i > 0)
      return refuse(
        'invalid',
        'CreateSubscription must be the first action of its subscription',
        `${at}.type`,
      );
    const action = fromWireOrderAction(wireAction, around, at);
    if (isRefusal(action)) return action;
    if (action.type === 'CreateSubscription') subscriptionNumber = action.spec.subscriptionNumber;
    actions.push({ action, body: storedBody(wireAction) });
  }
  return {
    subscriptionNumber,
    expectedVersion: null,
    actions,
    details: pickGiven(body, ['externallyManagedBy']),
    customFields: around.customFields,
  };
}

/** The action as the caller gave it, without what rows say already: its type, and an account that is opened with it. */
function storedBody({ type: _, createSubscription, ...body }: WireOrderAction): JsonObject {
  if (createSubscription == null) return body as unknown as JsonObject;
  const { newSubscriptionOwnerAccount: __, ...create } = createSubscription;
  return { ...body, createSubscription: create } as unknown as JsonObject;
}

const ENTITY_TAG = /^(?:W\/)?"([1-9]\d{0,8})"$/;
const BARE_VERSION = /^[1-9]\d{0,8}$/;

/** The version that `If-Match` names: `5`, `"5"` or `W/"5"`. */
export function fromIfMatch(header: string): number | Refusal {
  const text = header.trim();
  const version = ENTITY_TAG.exec(text)?.[1] ?? BARE_VERSION.exec(text)?.[0];
  return version === undefined
    ? refuse('invalid', 'must be one version of the subscription, such as "5"', 'If-Match')
    : Number(version);
}

/** The version that `If-Match` names goes to the order's one existing subscription. */
export function withExpectedVersion(
  subscriptions: readonly RequestedSubscription[],
  ifMatch: string | null,
): readonly RequestedSubscription[] | Refusal {
  if (ifMatch === null) return subscriptions;
  const expectedVersion = fromIfMatch(ifMatch);
  if (typeof expectedVersion !== 'number') return expectedVersion;
  const isExisting = ({ actions }: RequestedSubscription) => actions[0]?.action.type !== 'CreateSubscription';
  if (subscriptions.filter(isExisting).length !== 1) {
    const message = 'is for orders that change exactly one existing subscription: it names a version of it';
    return refuse('invalid', message, 'If-Match');
  }
  return subscriptions.map((subscription) =>
    isExisting(subscription) ? { ...subscription, expectedVersion } : subscription,
  );
}

/** The reply of what places an order or keeps one, in the caller's version's form. */
export function toWireOrderPlaced(placed: OrderPlaced): object {
  const { subscriptions, orderLineItems } = placed;
  const reply: { [name: string]: JsonValue } = {
    success: true,
    ...(placed.returnIds ? { orderId: placed.orderId, accountId: placed.accountId } : {}),
    orderNumber: placed.orderNumber,
    accountNumber: placed.accountNumber,
    status: placed.status,
  };
  if (orderLineItems.length > 0)
    reply.orderLineItems = orderLineItems.map(({ id, itemNumber }) => ({ id, itemNumber }));
  Object.assign(reply, documentsOf(placed));
  if (subscriptions.length === 0) return reply;
  if (placed.returnIds) reply.subscriptionIds = subscriptions.map(({ subscription }) => subscription.id);
  if (placed.numbersOnly) reply.subscriptionNumbers = subscriptions.map(numberOf);
  else reply.subscriptions = subscriptions.map((line) => toWirePlacedSubscription(line, placed.returnIds));
  return reply;
}

/** The documents that were billed with the order: their numbers, and their ids for who asked for ids. */
function documentsOf({ documents, returnIds }: OrderPlaced): JsonObject {
  if (documents === undefined) return {};
  const invoices = documents.invoices.map(({ invoice }) => invoice);
  const creditMemos = documents.creditMemos.map(({ creditMemo }) => creditMemo);
  return {
    invoiceNumbers: invoices.map(({ invoiceNumber }) => invoiceNumber),
    creditMemoNumbers: creditMemos.map(({ memoNumber }) => memoNumber),
    ...(returnIds
      ? { invoiceIds: invoices.map(({ id }) => id), creditMemoIds: creditMemos.map(({ id }) => id) }
      : {}),
  };
}

export function numberOf({ subscription }: PlacedSubscription): string {
  return subscription.subscriptionNumber;
}

function toWirePlacedSubscription(
  { subscription, ownerNumber }: PlacedSubscription,
  withId: boolean,
): JsonObject {
  return {
    ...(withId ? { subscriptionId: subscription.id } : {}),
    subscriptionNumber: subscription.subscriptionNumber,
    subscriptionOwnerId: subscription.accountId,
    subscriptionOwnerNumber: ownerNumber,
    status: subscription.status,
  };
}
