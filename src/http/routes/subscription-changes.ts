import type { z } from 'zod';
import { tenantClock } from '../../account/runtime.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/result.ts';
import {
  findChargeNumbers,
  findSubscriptionId,
  findSubscriptionTarget,
  readSubscriptions,
} from '../../persistence/subscriptions.ts';
import { readSettings } from '../../persistence/tenant-settings.ts';
import { existingPreviewBody, fromWireExistingPreview } from '../../wire/billing-previews.ts';
import { fromIfMatch } from '../../wire/orders.ts';
import { cancellationBody, fromWireCancellation } from '../../wire/subscription-forms/cancellation.ts';
import { customFieldsBody, fromWireCustomFields } from '../../wire/subscription-forms/custom-fields.ts';
import {
  fromWireNewSubscription,
  newSubscriptionBody,
} from '../../wire/subscription-forms/new-subscription.ts';
import type { FormSubscription, OrderForm } from '../../wire/subscription-forms/order-form.ts';
import { fromWirePreview, previewBody } from '../../wire/subscription-forms/preview.ts';
import { fromWireRenewal, renewalBody } from '../../wire/subscription-forms/renewal.ts';
import { fromWireResumption, resumptionBody } from '../../wire/subscription-forms/resumption.ts';
import { fromWireSuspension, suspensionBody } from '../../wire/subscription-forms/suspension.ts';
import { chargeIdsOf, fromWireSubscriptionUpdate, updateBody } from '../../wire/subscription-forms/update.ts';
import { laneOfAccount } from '../account-lane.ts';
import type { AppContext } from '../context.ts';
import { refused } from '../errors.ts';
import { type AnyOperation, ask, operation, reader, respond } from '../operation.ts';
import { laneForNewAccount } from './accounts.ts';

/** /v1/subscriptions as a client without orders uses it: every change is an order of the subscription's invoice owner. */

const RESOURCE = '531003';

function noSuchSubscription(c: AppContext, key: string): Response {
  return refused(c, refuse('not_found', `There is no subscription ${key}.`));
}

/** The tenant's day, for forms that name none. */
async function today(c: AppContext): Promise<string> {
  const { timeZone } = await readSettings(reader(c));
  return tenantClock(timeZone)().today;
}

/** The subscription that the path names, as the caller thinks it is; or why not. */
async function targetOf(c: AppContext): Promise<FormSubscription | Response> {
  const key = c.req.param('subscriptionKey') ?? '';
  const header = c.req.header('If-Match');
  const version = header === undefined ? null : fromIfMatch(header);
  if (version !== null && typeof version !== 'number') return refused(c, version);
  const target = await findSubscriptionTarget(reader(c), key);
  if (target === null) return noSuchSubscription(c, key);
  return { ...target, expectedVersion: version };
}

/** Sends a form's order to the lane of the account that it is placed on. */
async function place(c: AppContext, kind: string, form: OrderForm | Refusal): Promise<Response> {
  if (isRefusal(form)) return refused(c, form);
  const { account } = form.request;
  if ('newAccount' in account) return respond(c, laneForNewAccount(c), kind, form);
  const lane = await laneOfAccount(c, account.key);
  if (lane === null)
    return refused(c, refuse('invalid', `there is no account ${account.key}`, account.field));
  return respond(c, lane, kind, form);
}

/** One of the forms that change a subscription in a single way. */
function change<Body extends z.ZodType>(declared: {
  readonly id: string;
  readonly verb: string;
  readonly body: Body;
  readonly read: (body: z.output<Body>, target: FormSubscription, today: string) => OrderForm | Refusal;
}): AnyOperation {
  return operation({
    id: declared.id,
    method: 'put',
    path: `/v1/subscriptions/:subscriptionKey/${declared.verb}`,
    role: 'standard',
    resourceCode: RESOURCE,
    body: declared.body,
    async handle(c, { body }) {
      const target = await targetOf(c);
      if (target instanceof Response) return target;
      const form = declared.read(body as z.output<Body>, target, await today(c));
      return place(c, `subscription.${declared.verb}`, form);
    },
  });
}

async function changeCustomFields(
  c: AppContext,
  body: z.output<typeof customFieldsBody>,
  version: number | null,
): Promise<Response> {
  const key = c.req.param('subscriptionNumber') ?? '';
  const db = reader(c);
  const id = await findSubscriptionId(db, key, version);
  const [record] = id === null ? [] : await readSubscriptions(db, [id]);
  if (record === undefined)
    return noSuchSubscription(c, version === null ? key : `${key} in version ${version}`);
  const lane = record.subscription.invoiceOwnerAccountId;
  return respond(c, lane, 'subscription.customFields', fromWireCustomFields(body, record));
}

export const subscriptionChangeOperations: readonly AnyOperation[] = [
  operation({
    id: 'POST_Subscription',
    method: 'post',
    path: '/v1/subscriptions',
    role: 'standard',
    resourceCode: RESOURCE,
    body: newSubscriptionBody,
    handle: (c, { body }) => place(c, 'subscription.create', fromWireNewSubscription(body)),
  }),
  operation({
    id: 'POST_PreviewSubscription',
    method: 'post',
    path: '/v1/subscriptions/preview',
    role: 'standard',
    resourceCode: RESOURCE,
    body: previewBody,
    handle: (c, { body }) => place(c, 'subscription.preview', fromWirePreview(body)),
  }),
  operation({
    id: 'PUT_Subscription',
    method: 'put',
    path: '/v1/subscriptions/:subscriptionKey',
    role: 'standard',
    resourceCode: RESOURCE,
    body: updateBody,
    async handle(c, { body }) {
      const target = await targetOf(c);
      if (target instanceof Response) return target;
      const chargeNumbers = await findChargeNumbers(reader(c), chargeIdsOf(body));
      const form = fromWireSubscriptionUpdate(body, target, chargeNumbers, await today(c));
      return place(c, body.preview === true ? 'subscription.previewUpdate' : 'subscription.update', form);
    },
  }),
  change({ id: 'PUT_RenewSubscription', verb: 'renew', body: renewalBody, read: fromWireRenewal }),
  change({
    id: 'PUT_CancelSubscription',
    verb: 'cancel',
    body: cancellationBody,
    read: fromWireCancellation,
  }),
  change({ id: 'PUT_SuspendSubscription', verb: 'suspend', body: suspensionBody, read: fromWireSuspension }),
  change({ id: 'PUT_ResumeSubscription', verb: 'resume', body: resumptionBody, read: fromWireResumption }),
  operation({
    id: 'PUT_DeleteSubscription',
    method: 'put',
    path: '/v1/subscriptions/:subscriptionKey/delete',
    role: 'standard',
    resourceCode: RESOURCE,
    async handle(c) {
      const target = await targetOf(c);
      if (target instanceof Response) return target;
      const { subscriptionNumber, invoiceOwnerAccountId: lane } = target;
      return respond(c, lane, 'subscription.delete', {
        subscriptionNumber,
        expectedVersion: target.expectedVersion,
      });
    },
  }),
  operation({
    id: 'PreviewExistingSubscription',
    method: 'post',
    path: '/v1/subscriptions/:subscriptionKey/preview',
    role: 'standard',
    resourceCode: RESOURCE,
    body: existingPreviewBody,
    async handle(c, { body }) {
      const target = await targetOf(c);
      if (target instanceof Response) return target;
      const { subscriptionNumber, invoiceOwnerAccountId: lane } = target;
      return ask(c, lane, 'billing.previewSubscription', fromWireExistingPreview(body, subscriptionNumber));
    },
  }),
  operation({
    id: 'PUT_UpdateSubscriptionCustomFields',
    method: 'put',
    path: '/v1/subscriptions/:subscriptionNumber/customFields',
    role: 'standard',
    resourceCode: RESOURCE,
    body: customFieldsBody,
    handle: (c, { body }) => changeCustomFields(c, body, null),
  }),
  operation({
    id: 'PUT_UpdateSubscriptionCustomFieldsOfASpecifiedVersion',
    method: 'put',
    path: '/v1/subscriptions/:subscriptionNumber/versions/:version/customFields',
    role: 'standard',
    resourceCode: RESOURCE,
    body: customFieldsBody,
    handle(c, { body }) {
      const version = c.req.param('version') ?? '';
      if (!/^[1-9]\d{0,6}$/.test(version)) {
        return refused(c, refuse('invalid', 'must be a whole number from 1', 'version'));
      }
      return changeCustomFields(c, body, Number(version));
    },
  }),
];
