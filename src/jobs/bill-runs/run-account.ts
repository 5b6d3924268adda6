import { BILLED_ALL, type BillRun, type BillRunAccount, LEFT_IN } from '../../domain/billing/bill-run.ts';
import type { BillAccount } from '../../domain/billing/bill-runs/bill-account.ts';
import { limits } from '../../env.ts';
import { readBillRun, readBillRunAccount } from '../../persistence/bill-runs.ts';
import { type BillableCursor, findBillableSubscriptions } from '../../persistence/billable-subscriptions.ts';
import { type AtAccount, refuseUnlessMoved } from './at-account.ts';
import { deleteDocuments, finishDocuments, postDocuments, takeBackDocuments } from './documents.ts';
import {
  type BillRunAccountsMessage,
  type BillRunMessage,
  type BillRunPorts,
  orRefused,
  sendStep,
} from './ports.ts';
import { renewBeforeBilling } from './renew.ts';
import { endIfThrough } from './run-bill-run.ts';

/**
 * One delivery of a message about some accounts of a run: takes each of them a bounded number of steps further, all at once, so that those of
 * one lane share its commits. What is not through then travels in the next message, and what could not be done now in one of its own: a message
 * that comes again takes nothing with it that another message is already about.
 *
 * @throws when nothing got on, so that the message comes again
 */
export async function runBillRunAccounts(
  message: BillRunAccountsMessage,
  ports: BillRunPorts,
): Promise<void> {
  const { billRunId, accountIds } = message;
  const steps = { left: limits.billRunStepsPerMessage };
  const outcomes = await Promise.allSettled(
    accountIds.map((accountId, i) =>
      runAccount(billRunId, accountId, { steps, countsMessage: i === 0 }, ports),
    ),
  );
  const left = accountIds.filter((_, i) => {
    const outcome = outcomes[i]!;
    return outcome.status === 'fulfilled' && outcome.value === 'more';
  });
  const failed = accountIds.filter((_, i) => outcomes[i]!.status === 'rejected');
  const reason = outcomes.find((outcome) => outcome.status === 'rejected')?.reason;
  if (failed.length === accountIds.length) throw reason;
  if (failed.length > 0)
    ports.log('billRun.accounts_put_off', { billRunId, failed, message: String(reason) });
  const next: Array<BillRunAccountsMessage | BillRunMessage> = [left, failed]
    .filter((ids) => ids.length > 0)
    .map((ids) => ({ ...message, accountIds: ids }));
  const isSomeThrough = left.length + failed.length < accountIds.length;
  const run = isSomeThrough ? await readBillRun(ports.db, billRunId) : null;
  if (run !== null && (await endIfThrough(run, ports))) next.push({ version: 1, job: 'billRun', billRunId });
  if (next.length > 0) await ports.sendAll(next);
}

async function runAccount(
  billRunId: string,
  accountId: string,
  { steps, countsMessage }: { readonly steps: { left: number }; readonly countsMessage: boolean },
  ports: BillRunPorts,
): Promise<'through' | 'more'> {
  for (let taken = 0; taken === 0 || steps.left > 0; taken++) {
    steps.left--;
    const found = await readBillRunAccount(ports.db, billRunId, accountId);
    if (found === null || !LEFT_IN[found.run.status].includes(found.row.status)) return 'through';
    const at: AtAccount = { ...found, step: { billRunId, accountId, isFirst: countsMessage && taken === 0 } };
    if ((await takeStep(at, ports)) === 'through') return 'through';
  }
  return 'more';
}

type Taken = 'through' | 'more';

async function takeStep(at: AtAccount, ports: BillRunPorts): Promise<Taken> {
  switch (at.run.status) {
    case 'Posting':
      return (await postDocuments(at, ports)) ? 'more' : close(at, ports);
    case 'Canceling':
      return cancel(at, ports);
    case 'Removing':
      return (await deleteDocuments(at, ports)) ? 'more' : close(at, ports);
    default:
      return bill(at, ports);
  }
}

/** What the run is doing is done for this account, unless somebody did something with it meanwhile. */
async function close({ run, row, step }: AtAccount, ports: BillRunPorts): Promise<Taken> {
  const payload = { ...step, revision: row.revision };
  const { reply } = await sendStep(ports, run, row.accountId, 'billRun.closeAccount', payload);
  return reply === null ? 'more' : 'through';
}

/** @throws when nothing of the account can be taken back: the run is not cancelled before that is possible */
async function cancel(at: AtAccount, ports: BillRunPorts): Promise<Taken> {
  const taken = await takeBackDocuments(at, ['Generating', 'Draft'], ports);
  if (taken === 'stuck') throw new Error(`documents of account ${at.row.accountId} can't be taken back`);
  return taken === 'some' ? 'more' : close(at, ports);
}

async function bill(at: AtAccount, ports: BillRunPorts): Promise<Taken> {
  const { run, row } = at;
  if (row.failure !== null) {
    // What can't be taken back is left as it is: a run that is cancelled tries it again.
    return (await takeBackDocuments(at, ['Generating'], ports)) === 'some' ? 'more' : close(at, ports);
  }
  if (row.billedThrough === BILLED_ALL) {
    return (await finishDocuments(at, ports)) ? 'more' : close(at, ports);
  }
  if (run.options.autoRenewal && row.billedThrough === null) await renewBeforeBilling(at, ports);
  return billPiece(at, ports);
}

async function billPiece({ run, row, step }: AtAccount, ports: BillRunPorts): Promise<Taken> {
  const piece = await nextPiece(run, row, ports.db);
  const payload: BillAccount = { ...step, after: row.billedThrough, ...piece };
  const { reply, refusal } = await orRefused(
    sendStep<BillRunAccount>(ports, run, row.accountId, 'billRun.billAccount', payload),
  );
  if (reply !== null) return LEFT_IN.Processing.includes(reply.status) ? 'more' : 'through';
  await refuseUnlessMoved({ run, row, step }, refusal, ports);
  return 'more';
}

async function nextPiece(
  run: BillRun,
  row: BillRunAccount,
  db: D1Database,
): Promise<Pick<BillAccount, 'subscriptionNumbers' | 'through'>> {
  const most = limits.billRunPieceSubscriptionsMax;
  if (row.subscriptionNumbers !== null) {
    const left = row.subscriptionNumbers.filter((number) => number > (row.billedThrough ?? ''));
    const subscriptionNumbers = left.slice(0, most);
    const through = left.length > most ? subscriptionNumbers.at(-1)! : BILLED_ALL;
    return { subscriptionNumbers, through };
  }
  const after = row.billedThrough === null ? null : toCursor(row.billedThrough);
  const page = await findBillableSubscriptions(db, row.accountId, run.targetDate, after, most);
  return {
    subscriptionNumbers: page.subscriptionNumbers,
    through: page.next === null ? BILLED_ALL : fromCursor(page.next),
  };
}

/** A day, which may be empty, and an id. */
function fromCursor({ billingFrom, id }: BillableCursor): string {
  return `${billingFrom} ${id}`;
}

function toCursor(text: string): BillableCursor {
  const at = text.indexOf(' ');
  return { billingFrom: text.slice(0, at), id: text.slice(at + 1) };
}
