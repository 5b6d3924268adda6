import { z } from 'zod';
import { laneOfNewAccount } from '../../account/client.ts';
import { refuse } from '../../domain/result.ts';
import { findAccountId, readAccount, readAccountSummary } from '../../persistence/accounts.ts';
import { toWireAccount, toWireAccountSummary } from '../../wire/account-replies.ts';
import {
  fromWireAccountChanges,
  fromWireNewAccount,
  wireAccountChanges,
  wireNewAccount,
} from '../../wire/accounts.ts';
import { newSubscriptionOrder } from '../../wire/subscription-forms/new-subscription.ts';
import type { AppContext } from '../context.ts';
import { json, refused } from '../errors.ts';
import { type AnyOperation, operation, reader, respond } from '../operation.ts';

export function noSuchAccount(c: AppContext): Response {
  return refused(c, refuse('not_found', 'There is no such account.'));
}

/** Lane of a command that creates an account: the same for a repeated idempotency key. */
export function laneForNewAccount(c: AppContext): string {
  return laneOfNewAccount(c.get('idempotency')?.key ?? c.get('requestId'));
}

export const accountOperations: readonly AnyOperation[] = [
  operation({
    id: 'POST_Account',
    method: 'post',
    path: '/v1/accounts',
    role: 'standard',
    body: wireNewAccount,
    handle(c, { body }) {
      const account = fromWireNewAccount(body);
      const { subscription } = body;
      if (subscription == null) return respond(c, laneForNewAccount(c), 'account.create', account);
      const { runBilling, invoice, targetDate, invoiceTargetDate, documentDate, creditMemoReasonCode } = body;
      const billing = {
        runBilling,
        invoice,
        targetDate,
        invoiceTargetDate,
        documentDate,
        creditMemoReasonCode,
      };
      const form = newSubscriptionOrder(
        { ...subscription, ...billing },
        {
          owner: { newAccount: account, field: '' },
          invoiceOwnerKey: subscription.invoiceOwnerAccountKey ?? null,
        },
        'subscription',
      );
      return respond(c, laneForNewAccount(c), 'account.createWithSubscription', form);
    },
  }),
  operation({
    id: 'GET_Account',
    method: 'get',
    path: '/v1/accounts/:accountKey',
    role: 'read',
    handle: async (c) => {
      const view = await readAccount(reader(c), c.req.param('accountKey')!);
      return view === null ? noSuchAccount(c) : json(c, 200, JSON.stringify(toWireAccount(view)));
    },
  }),
  operation({
    id: 'PUT_Account',
    method: 'put',
    path: '/v1/accounts/:accountKey',
    role: 'standard',
    body: wireAccountChanges,
    handle: async (c, { body }) => {
      const accountId = await findAccountId(reader(c), c.req.param('accountKey')!);
      if (accountId === null) return noSuchAccount(c);
      return respond(c, accountId, 'account.update', fromWireAccountChanges(accountId, body));
    },
  }),
  operation({
    id: 'DELETE_Account',
    method: 'delete',
    path: '/v1/accounts/:accountKey',
    role: 'standard',
    handle: async (c) => {
      const accountId = await findAccountId(reader(c), c.req.param('accountKey')!);
      if (accountId === null) return noSuchAccount(c);
      return respond(c, accountId, 'account.delete', { accountId });
    },
  }),
  operation({
    id: 'GET_AccountSummary',
    method: 'get',
    path: '/v1/accounts/:accountKey/summary',
    role: 'read',
    query: z.object({
      excludeUsage: z.enum(['true', 'false'], { error: 'must be true or false' }).optional(),
    }),
    handle: async (c, { query }) => {
      const view = await readAccountSummary(reader(c), c.req.param('accountKey')!);
      if (view === null) return noSuchAccount(c);
      return json(c, 200, JSON.stringify(toWireAccountSummary(view, query.excludeUsage !== 'true')));
    },
  }),
];
