import { tenantClock } from '../../account/runtime.ts';
import { PREVIEW_SUBSCRIPTIONS_MAX } from '../../domain/billing/preview-billing.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/result.ts';
import {
  findBillableSubscriptions,
  findInvoicedSubscriptions,
} from '../../persistence/billable-subscriptions.ts';
import { readSettings } from '../../persistence/tenant-settings.ts';
import { fromWireGenerate, generateBody, type WireGenerate } from '../../wire/billing-documents.ts';
import { billingPreviewBody, fromWireBillingPreview } from '../../wire/billing-previews.ts';
import { laneOfAccount } from '../account-lane.ts';
import { billInPieces, hasBilledBefore, namedPieces, type Pieces, piecesOf } from '../bill-in-pieces.ts';
import type { AppContext } from '../context.ts';
import { json, refused } from '../errors.ts';
import { type AnyOperation, ask, operation, reader, reply, respond } from '../operation.ts';

const RESOURCE = '593100';

/** The subscriptions that the request names by any of their ids or numbers; refuses one that the account is not invoiced for. */
async function namedNumbers(
  c: AppContext,
  accountId: string,
  keys: readonly string[],
): Promise<readonly string[] | Refusal> {
  const found = await findInvoicedSubscriptions(reader(c), accountId, keys);
  const missing = keys.findIndex((key) => !found.has(key));
  if (missing >= 0) {
    const message = `the account is invoiced for no subscription ${keys[missing]}`;
    return refuse('invalid', message, `subscriptionIds[${missing}]`);
  }
  return [...new Set(keys.map((key) => found.get(key)!))];
}

/**
 * What one commit bills is one command under the request's idempotency key. An account with more is billed in several commits, each whole by itself,
 * and the reply of all of them is kept under the key.
 */
async function generate(
  c: AppContext,
  body: WireGenerate,
  accountId: string,
  pieces: Pieces,
): Promise<Response> {
  const { timeZone } = await readSettings(reader(c));
  const asked = fromWireGenerate(body, accountId, tenantClock(timeZone)().today);
  const first = await pieces.next(false);
  if (first.done !== true && first.value.isLast && !(await hasBilledBefore(c))) {
    const { subscriptionNumbers } = first.value;
    return respond(c, accountId, 'billing.generate', { ...asked, subscriptionNumbers });
  }
  const { generated, stopped, bookmark } = await billInPieces(c, asked, pieces, first);
  if (stopped !== null) return reply(c, { ...stopped, replayed: false });
  const headers: Record<string, string> = bookmark === undefined ? {} : { 'Spillway-Bookmark': bookmark };
  return json(c, 200, JSON.stringify({ ...generated, success: true }), headers);
}

export const billingDocumentOperations: readonly AnyOperation[] = [
  operation({
    id: 'POST_GenerateBillingDocuments',
    method: 'post',
    path: '/v1/accounts/:accountKey/billing-documents/generate',
    role: 'standard',
    resourceCode: RESOURCE,
    body: generateBody,
    fansOut: true,
    async handle(c, { body }) {
      const key = c.req.param('accountKey') ?? '';
      const accountId = await laneOfAccount(c, key);
      if (accountId === null) return refused(c, refuse('not_found', `There is no account ${key}.`));
      if (body.autoRenew === true) return refused(c, refuse('invalid', 'is not available yet', 'autoRenew'));
      if (body.includeSubscriptions === false) return generate(c, body, accountId, namedPieces([]));
      if (body.subscriptionIds != null) {
        const numbers = await namedNumbers(c, accountId, body.subscriptionIds);
        if (isRefusal(numbers)) return refused(c, numbers);
        return generate(c, body, accountId, namedPieces(numbers));
      }
      const { timeZone } = await readSettings(reader(c));
      const targetDate = body.targetDate ?? tenantClock(timeZone)().today;
      return generate(c, body, accountId, piecesOf(c, accountId, targetDate));
    },
  }),
  operation({
    id: 'POST_BillingPreview',
    method: 'post',
    path: '/v1/operations/billing-preview',
    role: 'standard',
    resourceCode: RESOURCE,
    body: billingPreviewBody,
    async handle(c, { body }) {
      const field = body.accountId == null ? 'accountNumber' : 'accountId';
      const key = body.accountId ?? body.accountNumber ?? '';
      const accountId = await laneOfAccount(c, key);
      if (accountId === null) return refused(c, refuse('invalid', `there is no account ${key}`, field));
      const asked = fromWireBillingPreview(body, accountId);
      if (isRefusal(asked)) return refused(c, asked);
      const page = await findBillableSubscriptions(
        reader(c),
        accountId,
        body.targetDate,
        null,
        PREVIEW_SUBSCRIPTIONS_MAX,
      );
      if (page.next !== null) {
        const message = `has more than ${PREVIEW_SUBSCRIPTIONS_MAX} subscriptions to preview: use a billing preview run`;
        return refused(c, refuse('limit', message, field));
      }
      const { subscriptionNumbers } = page;
      return ask(c, accountId, 'billing.preview', { ...asked, subscriptionNumbers });
    },
  }),
];
