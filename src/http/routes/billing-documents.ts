import { execute } from '../../account/client.ts';
import { tenantClock } from '../../account/runtime.ts';
import { GENERATE_SUBSCRIPTIONS_MAX } from '../../domain/billing/generate-documents.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/result.ts';
import {
  type BillableCursor,
  findBillableSubscriptions,
  findInvoicedSubscriptions,
} from '../../persistence/billable-subscriptions.ts';
import { databaseOf } from '../../persistence/database.ts';
import { readSettings } from '../../persistence/tenant-settings.ts';
import { fromWireGenerate, generateBody, type WireGenerate } from '../../wire/billing-documents.ts';
import { laneOfAccount } from '../account-lane.ts';
import type { AppContext } from '../context.ts';
import { json, refused } from '../errors.ts';
import { type AnyOperation, commandOf, operation, reader, reply, respond } from '../operation.ts';

const RESOURCE = '593100';

/** Numbers of the subscriptions to bill, in pieces of one commit each; lazily, since each page is read when the one before is billed. */
type Pieces = AsyncGenerator<readonly string[]>;

async function* piecesOf(c: AppContext, accountId: string, targetDate: string): Pieces {
  let after: BillableCursor | null = null;
  do {
    const db = databaseOf(c.env);
    const page = await findBillableSubscriptions(
      db,
      accountId,
      targetDate,
      after,
      GENERATE_SUBSCRIPTIONS_MAX,
    );
    yield page.subscriptionNumbers;
    after = page.next;
  } while (after !== null);
}

/** The subscriptions that the request names by any of their ids or numbers; refuses one that the account is not invoiced for. */
async function* namedPieces(numbers: readonly string[]): Pieces {
  for (let i = 0; i < numbers.length; i += GENERATE_SUBSCRIPTIONS_MAX) {
    yield numbers.slice(i, i + GENERATE_SUBSCRIPTIONS_MAX);
  }
}

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
  return [...new Set(found.values())];
}

/**
 * One piece is one command under the request's idempotency key. An account with more is billed in several commits, each whole by itself, and
 * the reply of all of them is kept under the key: asked again after a crash, what is billed already is not billed again (I6).
 */
async function generate(
  c: AppContext,
  body: WireGenerate,
  accountId: string,
  pieces: Pieces,
): Promise<Response> {
  const { timeZone } = await readSettings(reader(c));
  const payload = fromWireGenerate(body, accountId, tenantClock(timeZone)().today);
  const generated = { invoices: [] as unknown[], creditMemos: [] as unknown[] };
  let current = await pieces.next();
  let next = await pieces.next();
  if (next.done === true) {
    return respond(c, accountId, 'billing.generate', {
      ...payload,
      subscriptionNumbers: current.value ?? [],
    });
  }
  const headers: Record<string, string> = {};
  while (current.done !== true) {
    const { idempotency: _, ...command } = commandOf(c, 'billing.generate', {
      ...payload,
      subscriptionNumbers: current.value,
    });
    const outcome = await execute(c.env, accountId, command);
    if (outcome.status !== 200) return reply(c, outcome);
    const part = JSON.parse(outcome.body) as typeof generated;
    generated.invoices.push(...part.invoices);
    generated.creditMemos.push(...part.creditMemos);
    if (outcome.bookmark !== undefined) headers['Spillway-Bookmark'] = outcome.bookmark;
    current = next;
    if (next.done !== true) next = await pieces.next();
  }
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
];
