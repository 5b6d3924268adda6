import { recordReply } from '../domain/account/record-reply.ts';
import { accountCommands } from './command-sets/accounts.ts';
import { jobCommands } from './command-sets/async-jobs.ts';
import { billRunCommands } from './command-sets/bill-runs.ts';
import { billingPreviewRunCommands } from './command-sets/billing-preview-runs.ts';
import { catalogCommands } from './command-sets/catalog.ts';
import { creditMemoCommands } from './command-sets/credit-memos.ts';
import { debitMemoCommands } from './command-sets/debit-memos.ts';
import { invoiceCommands } from './command-sets/invoices.ts';
import { objectCommands } from './command-sets/objects.ts';
import { orderCommands } from './command-sets/orders.ts';
import { paymentMethodCommands } from './command-sets/payment-methods.ts';
import { paymentCommands } from './command-sets/payments.ts';
import { refundCommands } from './command-sets/refunds.ts';
import { scheduledCommands } from './command-sets/scheduled.ts';
import { subscriptionCommands } from './command-sets/subscriptions.ts';
import { usageCommands } from './command-sets/usage.ts';
import { type RegisteredCommand, registeredReply } from './registry.ts';

/** Every kind of command that the engine knows. */
export const commands: ReadonlyMap<string, RegisteredCommand> = new Map<string, RegisteredCommand>([
  ...catalogCommands,
  ['reply.record', registeredReply(recordReply, (reply) => reply)],
  ...accountCommands,
  ...invoiceCommands,
  ...billRunCommands,
  ...billingPreviewRunCommands,
  ...paymentCommands,
  ...paymentMethodCommands,
  ...refundCommands,
  ...creditMemoCommands,
  ...debitMemoCommands,
  ...orderCommands,
  ...jobCommands,
  ...subscriptionCommands,
  ...scheduledCommands,
  ...usageCommands,
  ...objectCommands,
]);
