import type { z } from 'zod';
import { execute } from '../../account/client.ts';
import { tenantClock } from '../../account/runtime.ts';
import { refuse } from '../../domain/result.ts';
import { COLLECTED_INVOICES_MAX } from '../../domain/settlement/collect-invoices.ts';
import { databaseOf } from '../../persistence/database.ts';
import { findDueInvoices, findPayingAccount, readMemoTotals } from '../../persistence/payment-methods.ts';
import { readSettings } from '../../persistence/tenant-settings.ts';
import { type GeneratedIds, toWireStoppedBilling } from '../../wire/billing-documents.ts';
import {
  type CollectedMemo,
  fromWireInvoiceCollect,
  targetDateOf,
  wireInvoiceCollect,
  withCollected,
} from '../../wire/invoice-collect.ts';
import { billInPieces, hasBilledBefore, piecesOf } from '../bill-in-pieces.ts';
import type { AppContext } from '../context.ts';
import { refused } from '../errors.ts';
import { commitAndAsk, gatewayNames } from '../gateway-requests.ts';
import { type AnyOperation, commandOf, operation, reader, reply } from '../operation.ts';
import { shownPayment } from './payments.ts';

/** What has become of a collection's payment. */
type Collected = { readonly status: string; readonly amount: number };

/** Ids of the invoices that are due today, in the tenant's time zone. */
async function dueInvoices(db: D1Database, accountId: string): Promise<string[]> {
  const { today } = tenantClock((await readSettings(db)).timeZone)();
  return findDueInvoices(db, accountId, today, COLLECTED_INVOICES_MAX);
}

const NOTHING: GeneratedIds = { invoices: [], creditMemos: [] };

/** Bills the account up to the target date, if there is one, and posts what that makes. Returns the answer instead when something went wrong. */
async function generateFirst(
  c: AppContext,
  accountId: string,
  body: z.output<typeof wireInvoiceCollect>,
): Promise<GeneratedIds | Response> {
  const targetDate = targetDateOf(body);
  if (targetDate === null) return NOTHING;
  if (!(await hasBilledBefore(c))) {
    const { idempotency: _, ...check } = commandOf(c, 'payment.checkCollection', {
      accountKey: accountId,
      gatewayId: body.paymentGateway ?? null,
      gatewayField: 'paymentGateway',
      gateways: gatewayNames(c),
    });
    const checked = await execute(c.env, accountId, check);
    if (checked.status >= 400) return reply(c, checked);
  }
  const { today } = tenantClock((await readSettings(databaseOf(c.env))).timeZone)();
  const asked = {
    accountId,
    targetDate,
    documentDate: body.documentDate ?? body.invoiceDate ?? today,
    chargeTypesToExclude: [],
    posts: true,
    creditMemoReasonCode: null,
  };
  const pieces = piecesOf(c, accountId, targetDate);
  const { generated, stopped } = await billInPieces(c, asked, pieces, await pieces.next(false));
  return stopped === null ? generated : reply(c, { ...stopped, replayed: false });
}

async function memosOf(c: AppContext, { creditMemos }: GeneratedIds): Promise<CollectedMemo[]> {
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
    fansOut: true,
    async handle(c, { body }) {
      const account = await findPayingAccount(reader(c), body.accountKey);
      if (account === null) {
        return refused(c, refuse('invalid', `There is no account ${body.accountKey}.`, 'accountKey'));
      }
      const isNamed = body.invoiceId != null || body.invoiceNumber != null;
      const generated = await generateFirst(c, account.id, body);
      if (generated instanceof Response) return generated;
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
        refusedAs: (outcome) => toWireStoppedBilling(outcome, generated),
        idOf: (accepted) => (accepted as { readonly paymentId?: string }).paymentId ?? null,
        read: (id) => shownPayment(c, id),
        bodyOf: (accepted, recorded) => withCollected(accepted, memos, recorded as Collected | null),
      });
    },
  }),
];
