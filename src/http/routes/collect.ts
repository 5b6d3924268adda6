import { tenantClock } from '../../account/runtime.ts';
import { refuse } from '../../domain/result.ts';
import { COLLECTED_INVOICES_MAX } from '../../domain/settlement/collect-invoices.ts';
import { databaseOf } from '../../persistence/database.ts';
import { findDueInvoices, findPayingAccount } from '../../persistence/payment-methods.ts';
import { readSettings } from '../../persistence/tenant-settings.ts';
import { fromWireInvoiceCollect, wireInvoiceCollect, withCollected } from '../../wire/invoice-collect.ts';
import { refused } from '../errors.ts';
import { commitAndAsk, gatewayNames } from '../gateway-requests.ts';
import { type AnyOperation, operation, reader } from '../operation.ts';
import { shownPayment } from './payments.ts';

/** What has become of a collection's payment. */
type Collected = { readonly status: string; readonly amount: number };

/** Ids of the invoices that are due today, in the tenant's time zone. */
async function dueInvoices(db: D1Database, accountId: string): Promise<string[]> {
  const { today } = tenantClock((await readSettings(db)).timeZone)();
  return findDueInvoices(db, accountId, today, COLLECTED_INVOICES_MAX);
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
      const invoiceIds = isNamed ? [] : await dueInvoices(databaseOf(c.env), account.id);
      return commitAndAsk(c, {
        kind: 'payment',
        lane: account.id,
        command: 'payment.collect',
        payload: fromWireInvoiceCollect(body, { invoiceIds, gateways: gatewayNames(c) }),
        idOf: (accepted) => (accepted as { readonly paymentId?: string }).paymentId ?? null,
        read: (id) => shownPayment(c, id),
        bodyOf: (accepted, recorded) => withCollected(accepted, recorded as Collected | null),
      });
    },
  }),
];
