import type { BillRun, BillRunAccount } from '../../domain/billing/bill-run.ts';
import type { AccountStep } from '../../domain/billing/bill-runs/account-steps.ts';
import { readBillRunAccount } from '../../persistence/bill-runs.ts';
import { type BillRunPorts, sendStep } from './ports.ts';

/** An account of a run, as it is before a step. */
export interface AtAccount {
  readonly run: BillRun;
  readonly row: BillRunAccount;
  readonly step: AccountStep;
}

/**
 * A step is refused also because somebody else took it, or because the run was cancelled: then the next look shows that. When nothing of it
 * has moved the account itself can't be billed, and is kept with the reason.
 */
export async function refuseUnlessMoved(
  { run, row, step }: AtAccount,
  reason: string,
  ports: BillRunPorts,
): Promise<void> {
  const now = await readBillRunAccount(ports.db, run.id, row.accountId);
  if (now === null || now.run.status !== run.status || now.row.revision !== row.revision) return;
  ports.log('billRun.account_refused', { run: run.billRunNumber, account: row.accountId, reason });
  await sendStep(ports, run, row.accountId, 'billRun.refuseAccount', { ...step, reason });
}
