import type { CreateSubscriptionAction } from '../domain/orders/action-specs.ts';
import type { OrderPlaced } from '../domain/orders/order-reply.ts';
import type {
  AccountChoice,
  OrderRequest,
  RequestedAction,
  RequestedSubscription,
} from '../domain/orders/order-request.ts';
import { isRefusal, type JsonObject, type JsonValue, type Refusal, refuse } from '../domain/result.ts';
import { fromWireCreateSubscription } from './create-subscription.ts';
import { fromWireOrderAccount } from './order-accounts.ts';
import type { WireOrder, WireOrderAction, WireSubscription } from './order-schema.ts';
import { pick } from './values.ts';

export interface OrderReplyForm {
  readonly returnIds: boolean;
  /** Before version 223: `subscriptionNumbers` in place of `subscriptions`. */
  readonly numbersOnly: boolean;
}

/** What the contract has and this server has not yet: refused by name, never dropped in silence. */
const NOT_AVAILABLE = ['orderLineItems', 'commitments', 'schedulingOptions'] as const;
const STATUS_NOT_AVAILABLE = new Set(['Pending', 'Scheduled', 'Executing', 'Failed']);

function notAvailable(field: string): Refusal {
  return refuse('invalid', 'is not available yet', field);
}

/** POST /v1/orders as a command's payload; refuses what is not built, naming it. */
export function fromWireOrder(body: WireOrder, form: OrderReplyForm): OrderRequest | Refusal {
  const problem = unavailablePart(body);
  if (problem !== null) return problem;
  const subscriptions: RequestedSubscription[] = [];
  for (const [i, subscription] of (body.subscriptions ?? []).entries()) {
    const read = fromWireSubscription(subscription, body.externallyManagedBy ?? null, `subscriptions[${i}]`);
    if (isRefusal(read)) return read;
    subscriptions.push(read);
  }
  return {
    orderNumber: body.orderNumber ?? null,
    account: accountOf(body),
    orderDate: body.orderDate,
    intent: body.status === 'Draft' ? 'draft' : 'complete',
    scheduledDate: null,
    category: body.category ?? 'NewSales',
    description: body.description ?? null,
    subscriptions,
    details: given(body, ['reasonCode', 'externallyManagedBy']),
    customFields: (body.customFields ?? {}) as JsonObject,
    ...form,
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

function unavailablePart(body: WireOrder): Refusal | null {
  for (const field of NOT_AVAILABLE) {
    const value = body[field];
    if (value != null && !(Array.isArray(value) && value.length === 0)) return notAvailable(field);
  }
  if (body.status != null && STATUS_NOT_AVAILABLE.has(body.status)) {
    return refuse('invalid', `${body.status} can't be asked for; give Draft or Completed`, 'status');
  }
  for (const [name, value] of Object.entries(body.processingOptions ?? {})) {
    if (value === true) return notAvailable(`processingOptions.${name}`);
  }
  return null;
}

function fromWireSubscription(
  body: WireSubscription,
  managedBy: string | null,
  path: string,
): RequestedSubscription | Refusal {
  for (const field of ['quote', 'ramp'] as const)
    if (body[field] != null) return notAvailable(`${path}.${field}`);
  const customFields = (body.customFields ?? {}) as JsonObject;
  const externallyManagedBy = body.externallyManagedBy ?? managedBy;
  const actions: RequestedAction[] = [];
  let subscriptionNumber = body.subscriptionNumber ?? null;
  for (const [i, action] of body.orderActions.entries()) {
    const at = `${path}.orderActions[${i}]`;
    if (action.type !== 'CreateSubscription' || action.createSubscription == null) {
      return refuse('invalid', `the order action ${action.type} is not available yet`, `${at}.type`);
    }
    const read = fromWireCreateSubscription(
      action.createSubscription,
      action.triggerDates ?? [],
      customFields,
      at,
    );
    if (isRefusal(read)) return read;
    subscriptionNumber = read.spec.subscriptionNumber ?? subscriptionNumber;
    const create: CreateSubscriptionAction =
      externallyManagedBy === null
        ? read
        : { ...read, spec: { ...read.spec, details: { ...read.spec.details, externallyManagedBy } } };
    actions.push({ action: create, body: storedBody(action) });
  }
  return {
    subscriptionNumber,
    expectedVersion: null,
    actions,
    details: given(body, ['externallyManagedBy']),
    customFields,
  };
}

/** The action as the caller gave it, without what rows say already: its type, and an account that is opened with it. */
function storedBody({ type: _, createSubscription, ...body }: WireOrderAction): JsonObject {
  const { newSubscriptionOwnerAccount: __, ...create } = createSubscription ?? {};
  return { ...body, createSubscription: create } as unknown as JsonObject;
}

/** The named attributes that have a value, under their wire names. */
function given(body: object, names: readonly string[]): JsonObject {
  const picked = pick(body, names);
  for (const name of names) if (picked[name] === null) delete picked[name];
  return picked;
}

/** The reply of POST /v1/orders, in the caller's version's form. */
export function toWireOrderPlaced(created: OrderPlaced): object {
  const subscriptions = created.subscriptions;
  const reply: { [name: string]: JsonValue } = {
    success: true,
    ...(created.returnIds ? { orderId: created.orderId, accountId: created.accountId } : {}),
    orderNumber: created.orderNumber,
    accountNumber: created.accountNumber,
    status: created.status,
  };
  if (subscriptions.length === 0) return reply;
  if (created.returnIds) reply.subscriptionIds = subscriptions.map((s) => s.subscription.id);
  if (created.numbersOnly) {
    reply.subscriptionNumbers = subscriptions.map((s) => s.subscription.subscriptionNumber);
    return reply;
  }
  reply.subscriptions = subscriptions.map((s) => ({
    ...(created.returnIds ? { subscriptionId: s.subscription.id } : {}),
    subscriptionNumber: s.subscription.subscriptionNumber,
    subscriptionOwnerId: s.subscription.accountId,
    subscriptionOwnerNumber: s.ownerNumber,
    status: s.subscription.status,
  }));
  return reply;
}
