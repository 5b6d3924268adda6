import type { z } from 'zod';
import { execute } from '../../account/client.ts';
import { tenantClock } from '../../account/runtime.ts';
import { refuse } from '../../domain/result.ts';
import { COLLECTED_INVOICES_MAX } from '../../domain/settlement/collect-invoices.ts';
import { databaseOf } from '../../persistence/database.ts';
import { findDueInvoices, findPayingAccount, readMemoTotals } from '../../persistence/payment-methods.ts';
import { readSettings } from '../../persistence/tenant-settings.ts';
import {
  type CollectedMemo,
  fromWireInvoiceCollect,
  targetDateOf,
  wireInvoiceCollect,
  withCollected,
} from '../../wire/invoice-collect.ts';
import type { AppContext } from '../context.ts';
import { refused } from '../errors.ts';
import { commitAndAsk, gatewayNames } from '../gateway-requests.ts';
import { storedReplyOf } from '../middleware/stored-reply.ts';
import { type AnyOperation, commandOf, operation, reader, reply } from '../operation.ts';
import { type Generated, generatePiece, piecesOf } from './billing-documents.ts';
import { shownPayment } from './payments.ts';

/** What has become of a collection's payment. */
type Collected = { readonly status: string; readonly amount: number };

/** Ids of the invoices that are due today, in the tenant's time zone. */
async function dueInvoices(db: D1Database, accountId: string): Promise<string[]> {
  const { today } = tenantClock((await readSettings(db)).timeZone)();
  return findDueInvoices(db, accountId, today, COLLECTED_INVOICES_MAX);
}

/** Bills the account up to the target date, if there is one, and posts what that makes. The answer of what went wrong; null when nothing did. */
async function generateFirst(
  c: AppContext,
  accountId: string,
  body: z.output<typeof wireInvoiceCollect>,
  generated: Generated,
): Promise<Response | null> {
  const targetDate = targetDateOf(body);
  if (targetDate === null) return null;
  const kept = await storedReplyOf(c);
  if (kept !== null) return kept;
  const { idempotency: _, ...check } = commandOf(c, 'payment.checkCollection', {
    accountKey: accountId,
    gatewayId: body.paymentGateway ?? null,
    gatewayField: 'paymentGateway',
    gateways: gatewayNames(c),
  });
  const checked = await execute(c.env, accountId, check);
  if (checked.status >= 400) return reply(c, checked);
  const { today } = tenantClock((await readSettings(databaseOf(c.env))).timeZone)();
  const asked = {
    accountId,
    targetDate,
    documentDate: body.documentDate ?? body.invoiceDate ?? today,
    chargeTypesToExclude: [],
    posts: true,
    creditMemoReasonCode: null,
  };
  for await (const subscriptionNumbers of piecesOf(c, accountId, targetDate)) {
    const outcome = await generatePiece(c, asked, subscriptionNumbers, generated);
    if (outcome.status !== 200) return reply(c, outcome);
  }
  return null;
}

async function memosOf(c: AppContext, { creditMemos }: Generated): Promise<CollectedMemo[]> {
  if (creditMemos.length === 0) return [];
  return readMemoTotals(
    databaseOf(c.env),
    creditMemos.map(({ id }) => id),
  );
}

export const collectOperations: readonly AnyOperation[] = [
  operation({
    id: 'POST_TransactionInvoicePayment',
    method: 'post',
    path: '/v1/operations/invoice-collect',
    role: 'standard',
    body: wireInvoiceCollect,
    async handle(c, { body }) {
      const account = await findPayingAccount(reader(c), body.accountKey);
      if (account === null) {
        return refused(c, refuse('invalid', `There is no account ${body.accountKey}.`, 'accountKey'));
      }
      const isNamed = body.invoiceId != null || body.invoiceNumber != null;
      const generated: Generated = { invoices: [], creditMemos: [] };
      const failed = await generateFirst(c, account.id, body, generated);
      if (failed !== null) return failed;
      const due = isNamed ? [] : await dueInvoices(databaseOf(c.env), account.id);
      const invoiceIds = [...new Set([...generated.invoices.map(({ id }) => id), ...due])];
      const memos = await memosOf(c, generated);
      return commitAndAsk(c, {
        kind: 'payment',
        lane: account.id,
        command: 'payment.collect',
        payload: fromWireInvoiceCollect(body, {
          invoiceIds: invoiceIds.slice(0, COLLECTED_INVOICES_MAX),
          gateways: gatewayNames(c),
        }),
        idOf: (accepted) => (accepted as { readonly paymentId?: string }).paymentId ?? null,
        read: (id) => shownPayment(c, id),
        bodyOf: (accepted, recorded) => withCollected(accepted, memos, recorded as Collected | null),
      });
    },
  }),
];
