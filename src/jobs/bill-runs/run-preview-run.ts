import type { Command, CommandOutcome } from '../../domain/account/command.ts';
import type { PreviewedLines, PreviewPiece } from '../../domain/billing/bill-runs/preview-piece.ts';
import type { AdvancePreviewRun, PreviewedPiece } from '../../domain/billing/bill-runs/preview-run-steps.ts';
import { type BillingPreviewRun, PREVIEWED_ALL } from '../../domain/billing/billing-preview-run.ts';
import { limits } from '../../env.ts';
import { type BillableCursor, findBillableSubscriptions } from '../../persistence/billable-subscriptions.ts';
import { findOpenPreviewRuns, readPreviewRun } from '../../persistence/billing-preview-runs.ts';
import { findDueOwners } from '../../persistence/due-accounts.ts';
import { finishFile, putPieceOnce, startFile } from '../../persistence/files.ts';
import { PREVIEW_CSV_HEADER, toPreviewCsv } from '../../wire/billing-preview-runs.ts';
import { orRefused, type StepOutcome, sendAs } from './ports.ts';

/** About a billing preview run: write the next pieces of its file. */
export interface PreviewRunMessage {
  readonly version: 1;
  readonly job: 'billingPreviewRun';
  readonly runId: string;
}

export interface PreviewRunPorts {
  readonly db: D1Database;
  readonly bucket: R2Bucket;
  readonly now: () => string;
  readonly newId: (now: string) => string;
  readonly execute: (laneId: string, command: Command) => Promise<CommandOutcome>;
  readonly sendAll: (messages: readonly PreviewRunMessage[]) => Promise<unknown>;
}

const MS_PER_DAY = 86_400_000;

/** Queries that a delivery may still make for accounts and their subscriptions. */
interface Reads {
  left: number;
}

/**
 * One delivery: writes pieces of the run's file, one after another, as many as it may read for. A piece is written once, and says itself how far it
 * goes: whoever dies after writing it, or comes at the same time, finds it and goes on behind it.
 */
export async function runPreviewRun({ runId }: PreviewRunMessage, ports: PreviewRunPorts): Promise<void> {
  const reads: Reads = { left: limits.previewRunReadsPerMessage };
  for (let pieces = 0; pieces < limits.previewRunPiecesPerMessage && reads.left > 0; pieces++) {
    const run = await readPreviewRun(ports.db, runId);
    if (run === null || run.finishedAt !== null) return;
    if (run.previewedThrough === PREVIEWED_ALL) {
      await finishFile(ports, run.fileId!);
      await send(ports, run, run.id, 'billingPreviewRun.finish', { runId });
      return;
    }
    await writePiece(run, reads, ports);
  }
  await ports.sendAll([{ version: 1, job: 'billingPreviewRun', runId }]);
}

async function writePiece(run: BillingPreviewRun, reads: Reads, ports: PreviewRunPorts): Promise<void> {
  const fileId = run.fileId!;
  if (run.parts === 0) {
    const createdAt = ports.now();
    const expiresAt = new Date(Date.parse(createdAt) + limits.fileDays * MS_PER_DAY).toISOString();
    const name = `${run.runNumber}.csv`;
    const about = { id: fileId, name, contentType: 'text/csv; charset=utf-8', documentId: null };
    await startFile(ports.db, { ...about, createdAt, expiresAt });
  }
  const { csv, ...piece } = await nextPiece(run, reads, ports);
  const written = await putPieceOnce(ports.bucket, fileId, run.parts, csv, toText(piece));
  const payload: AdvancePreviewRun = { runId: run.id, parts: run.parts, ...fromText(written) };
  await send(ports, run, run.id, 'billingPreviewRun.advance', payload);
}

function toText({ through, accounts, succeededAccounts }: PreviewedPiece): Record<string, string> {
  return { through, accounts: String(accounts), succeeded: String(succeededAccounts) };
}

function fromText(about: Record<string, string>): PreviewedPiece {
  const { through, accounts, succeeded } = about;
  return { through: through!, accounts: Number(accounts), succeededAccounts: Number(succeeded) };
}

/** How far a result is: all accounts up to this one, or this one up to one of its subscriptions. */
interface Place {
  readonly accountId: string;
  readonly within: BillableCursor | null;
}

function toPlace(text: string | null): Place {
  const [accountId = '', billingFrom, id] = text?.split(' ') ?? [];
  return { accountId, within: id === undefined ? null : { billingFrom: billingFrom!, id } };
}

function fromPlace({ accountId, within }: Place): string {
  return within === null ? accountId : `${accountId} ${within.billingFrom} ${within.id}`;
}

/** Previews accounts until the piece has enough lines, or no more may be read. An account that is refused is counted and left out from there on. */
async function nextPiece(
  run: BillingPreviewRun,
  reads: Reads,
  ports: PreviewRunPorts,
): Promise<PreviewedPiece & { readonly csv: string }> {
  let place = toPlace(run.previewedThrough);
  let csv = run.parts === 0 ? PREVIEW_CSV_HEADER : '';
  let [lines, accounts, succeededAccounts] = [0, 0, 0];
  let isLast = false;
  const isFull = () => lines >= limits.previewRunPieceLinesMax || reads.left <= 0;
  while (!isLast && !isFull()) {
    reads.left--;
    const { accountIds, through } = await accountsFrom(run, place, ports.db);
    isLast = through === null;
    for (const accountId of accountIds) {
      const within = accountId === place.accountId ? place.within : null;
      reads.left--;
      const previewed = await previewPage(run, { accountId, within }, ports);
      csv += previewed.csv;
      lines += previewed.lines;
      place = { accountId, within: previewed.next };
      // The rest of the account, and what follows on it, is another look's.
      if (previewed.next !== null) break;
      accounts++;
      if (previewed.isGood) succeededAccounts++;
      if (isFull()) break;
    }
    const isThrough = place.within === null && place.accountId === (accountIds.at(-1) ?? place.accountId);
    if (isThrough && through !== null) place = { accountId: through, within: null };
    isLast = isLast && isThrough;
  }
  return { csv, accounts, succeededAccounts, through: isLast ? PREVIEWED_ALL : fromPlace(place) };
}

/** The account that is not done, or the due ones that follow. */
async function accountsFrom(run: BillingPreviewRun, { accountId, within }: Place, db: D1Database) {
  if (within !== null) return { accountIds: [accountId], through: accountId };
  const conditions = { batches: run.filter.batches, billCycleDay: null };
  return findDueOwners(db, accountId, run.targetDate, conditions, limits.previewRunAccountsMax);
}

interface PreviewedPage {
  readonly csv: string;
  readonly lines: number;
  readonly next: BillableCursor | null;
  readonly isGood: boolean;
}

async function previewPage(
  run: BillingPreviewRun,
  { accountId, within }: Place,
  ports: PreviewRunPorts,
): Promise<PreviewedPage> {
  const { targetDate, options } = run;
  const most = limits.billRunPieceSubscriptionsMax;
  const page = await findBillableSubscriptions(ports.db, accountId, targetDate, within, most);
  const { subscriptionNumbers } = page;
  const payload: PreviewPiece = { accountId, subscriptionNumbers, targetDate, options };
  const { reply } = await orRefused(
    send<PreviewedLines>(ports, run, accountId, 'billingPreviewRun.previewPiece', payload),
  );
  if (reply === null) return { csv: '', lines: 0, next: null, isGood: false };
  return { csv: toPreviewCsv(reply), lines: reply.lines.length, next: page.next, isGood: true };
}

function send<Reply>(
  ports: PreviewRunPorts,
  run: BillingPreviewRun,
  laneId: string,
  kind: string,
  payload: object,
): Promise<StepOutcome<Reply>> {
  return sendAs(ports, run.updatedBy, laneId, kind, payload);
}

/** Every minute: asks for runs that did not get on for a while. Returns how many. */
export async function sweepPreviewRuns(
  db: D1Database,
  now: string,
  sendMessages: (messages: readonly PreviewRunMessage[]) => Promise<unknown>,
): Promise<number> {
  const since = new Date(Date.parse(now) - limits.billRunResendAfterMs).toISOString();
  const ids = await findOpenPreviewRuns(db, since, limits.sweepBillRunsMax);
  if (ids.length > 0)
    await sendMessages(ids.map((runId) => ({ version: 1, job: 'billingPreviewRun', runId })));
  return ids.length;
}
