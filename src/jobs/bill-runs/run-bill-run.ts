import { type BillRun, type BillRunAccount, LEFT_IN, PLANNED_ALL } from '../../domain/billing/bill-run.ts';
import type { AdvanceRun, PlanAccounts } from '../../domain/billing/bill-runs/run-steps.ts';
import { limits } from '../../env.ts';
import { askAccounts, findOpenBillRuns, readBillRun, readLeftAccounts } from '../../persistence/bill-runs.ts';
import { findDueOwners, findTakenAccounts } from '../../persistence/due-accounts.ts';
import { findDuePairs } from '../../persistence/scheduled-work.ts';
import type { BillRunAccountsMessage, BillRunMessage, BillRunPorts } from './ports.ts';
import { sendStep } from './ports.ts';

/**
 * One delivery of a message about a run: plans a bounded number of pages of accounts, asks for accounts that have something left and of which
 * nothing was heard, and ends what the run is doing when none is left. Any number of deliveries, at once or one after another, come to the
 * same: what is done stands in the rows.
 */
export async function runBillRun({ billRunId }: BillRunMessage, ports: BillRunPorts): Promise<void> {
  for (let pages = 0; pages < limits.billRunPagesPerMessage; pages++) {
    const run = await readBillRun(ports.db, billRunId);
    if (run === null || LEFT_IN[run.status].length === 0) return;
    const isPlanned = !isPlanning(run);
    if (!isPlanned) await planPage(run, ports);
    const asked = await askPage(run, ports);
    if (isPlanned && asked < limits.billRunPlanPageMax) {
      const changed = await endIfThrough(run, ports);
      if (!changed) return;
    }
  }
  await ports.sendAll([{ version: 1, job: 'billRun', billRunId }]);
}

function isPlanning({ status, plannedThrough }: BillRun): boolean {
  return (status === 'Pending' || status === 'Processing') && plannedThrough !== PLANNED_ALL;
}

/** Asks for accounts in messages of several. Returns how many were asked for. */
async function askPage(run: BillRun, { db, now, sendAll }: BillRunPorts): Promise<number> {
  const at = now();
  const resend = new Date(Date.parse(at) - limits.billRunResendAfterMs).toISOString();
  const accountIds = await askAccounts(db, run.id, LEFT_IN[run.status], {
    // What was heard before the run began what it is doing now was about something else.
    since: [resend, run.updatedAt].sort()[1]!,
    now: at,
    accountsMax: limits.billRunPlanPageMax,
  });
  const messages: BillRunAccountsMessage[] = [];
  for (let from = 0; from < accountIds.length; from += limits.billRunMessageAccountsMax) {
    const part = accountIds.slice(from, from + limits.billRunMessageAccountsMax);
    messages.push({ version: 1, job: 'billRunAccounts', billRunId: run.id, accountIds: part });
  }
  if (messages.length > 0) await sendAll(messages);
  return accountIds.length;
}

/** Ends what the run is doing when no account has anything left. Returns whether the run goes on with something else. */
export async function endIfThrough(run: BillRun, ports: BillRunPorts): Promise<boolean> {
  const from = workOf(run);
  if (from === null || isPlanning(run)) return false;
  const { isLeft, failures } = await readLeftAccounts(ports.db, run.id, LEFT_IN[run.status]);
  if (isLeft) return false;
  const payload: AdvanceRun = { billRunId: run.id, from, failures };
  const { reply } = await sendStep<BillRun>(ports, run, run.id, 'billRun.advance', payload);
  return reply !== null && LEFT_IN[reply.status].length > 0 && from !== 'Removing';
}

/** What a run is doing; null when it does nothing. */
function workOf({ status }: BillRun): AdvanceRun['from'] | null {
  switch (status) {
    case 'Pending':
      return 'Processing';
    case 'Processing':
    case 'Posting':
    case 'Canceling':
    case 'Removing':
      return status;
    default:
      return null;
  }
}

const OWNERS = 'owners';
const RENEWALS = 'renewals';

/** Gives the next page of accounts their rows. A page that somebody else planned first is refused, and read again by the next turn. */
async function planPage(run: BillRun, ports: BillRunPorts): Promise<void> {
  const { accounts, through } = await nextAccounts(run, ports.db);
  const payload: PlanAccounts = { billRunId: run.id, after: run.plannedThrough, through, accounts };
  await sendStep(ports, run, run.id, 'billRun.plan', payload);
}

type Planned = Pick<PlanAccounts, 'accounts' | 'through'>;

/**
 * The accounts that follow on `plannedThrough`: those that the filter names; or invoice owners with days that are not settled, in the order of
 * their ids, and then, when the run renews, those with terms that end by the target date.
 */
async function nextAccounts(run: BillRun, db: D1Database): Promise<Planned> {
  const [stage = OWNERS, first = '', second = ''] = run.plannedThrough?.split(' ') ?? [];
  if (run.filter.accounts !== null) return namedAccounts(run, first, db);
  if (stage === RENEWALS) return renewedAccounts(run, { day: first, accountId: second }, db);
  const { accountIds, through } = await findDueOwners(
    db,
    first,
    run.targetDate,
    run.filter,
    limits.billRunPlanPageMax,
  );
  const afterwards = run.options.autoRenewal ? `${RENEWALS}  ` : PLANNED_ALL;
  return {
    accounts: accountIds.map(whole),
    through: through === null ? afterwards : `${OWNERS} ${through}`,
  };
}

async function namedAccounts(run: BillRun, after: string, db: D1Database): Promise<Planned> {
  const byAccount = new Map<string, BillRunAccount['subscriptionNumbers']>();
  for (const { accountId, subscription } of run.filter.accounts!) {
    const known = byAccount.get(accountId);
    // The whole account wins over some of its subscriptions.
    if (subscription === null || known === null) byAccount.set(accountId, null);
    else byAccount.set(accountId, [...(known ?? []), subscription.number]);
  }
  const left = [...byAccount.keys()].filter((id) => id > after).sort();
  const page = left.slice(0, limits.billRunPlanPageMax);
  const taken = await findTakenAccounts(db, page, run.filter);
  return {
    accounts: taken.map((accountId) => {
      const numbers = byAccount.get(accountId) ?? null;
      return { accountId, subscriptionNumbers: numbers === null ? null : [...new Set(numbers)].sort() };
    }),
    through: page.length < left.length ? `${OWNERS} ${page.at(-1)!}` : PLANNED_ALL,
  };
}

async function renewedAccounts(
  run: BillRun,
  after: { readonly day: string; readonly accountId: string },
  db: D1Database,
): Promise<Planned> {
  const pairsMax = limits.billRunPlanPageMax;
  const pairs = await findDuePairs(db, 'subscriptions', { after, through: run.targetDate, pairsMax });
  const ids = [...new Set(pairs.map(({ accountId }) => accountId))];
  const last = pairs.at(-1);
  return {
    accounts: (await findTakenAccounts(db, ids, run.filter)).map(whole),
    through:
      pairs.length < pairsMax || last === undefined
        ? PLANNED_ALL
        : `${RENEWALS} ${last.day} ${last.accountId}`,
  };
}

function whole(accountId: string): PlanAccounts['accounts'][number] {
  return { accountId, subscriptionNumbers: null };
}

/** Every minute: asks for each run that is not through, so that nothing rests on a message that was lost. Returns how many. */
export async function sweepBillRuns(
  db: D1Database,
  send: (messages: readonly BillRunMessage[]) => Promise<unknown>,
): Promise<number> {
  const ids = await findOpenBillRuns(db, limits.sweepBillRunsMax);
  if (ids.length > 0) await send(ids.map((billRunId) => ({ version: 1, job: 'billRun', billRunId })));
  return ids.length;
}
