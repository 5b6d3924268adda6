import type { Command, CommandOutcome } from '../domain/account/command.ts';
import type { NewUsage, RecordUsage } from '../domain/billing/record-usage.ts';
import { chooseUsageCharge, usageChargesKey } from '../domain/billing/usage-charge.ts';
import type { UsageImport, UsageRowOutcome } from '../domain/billing/usage-import.ts';
import { isRefusal, type Refusal } from '../domain/result.ts';
import { pairId } from '../domain/settlement/application.ts';
import { limits } from '../env.ts';
import { readText } from '../persistence/files.ts';
import { readSettings } from '../persistence/tenant-settings.ts';
import { findRecordedUsage } from '../persistence/usage.ts';
import { readUsageCharges } from '../persistence/usage-charges.ts';
import { readUsageImport } from '../persistence/usage-imports.ts';
import { ANY_RESOURCE, toWireReason } from '../wire/errors.ts';
import { readUsageRows } from '../wire/usage-files.ts';

export interface UsageImportPorts {
  readonly db: D1Database;
  /** Holds the content of files. */
  readonly bucket: R2Bucket;
  readonly now: () => string;
  readonly newId: (now: string) => string;
  /** Sends a command to its lane and answers with its outcome; never throws for anything that happens there. */
  readonly execute: (laneId: string, command: Command) => Promise<CommandOutcome>;
}

const CONTENT_GONE = 'the content of the file is no longer kept';
const REFUSED_STATUS_MIN = 400;
const PASSING_STATUS_MIN = 500;

/**
 * Records the next pieces of a file with usage: the rows of a piece, a command for each account that they are for, then what became of them.
 * A piece that was interrupted is done again, and a row that was recorded is known by the id that its place in the file gives it.
 *
 * @throws when a piece can't be done now; the next call goes on with it
 */
export async function runUsageImport(importId: string, ports: UsageImportPorts): Promise<'done' | 'more'> {
  for (let pieces = 0; pieces < limits.usagePiecesPerMessage; pieces++) {
    const running = await readUsageImport(ports.db, importId);
    if (running?.status !== 'Processing') return 'done';
    const piece = running.pieces[running.piecesDone]!;
    const text = await readText(ports.bucket, running.fileId, piece);
    if (text === null) {
      await send(ports, running, 'usageImport.fail', { importId, failure: CONTENT_GONE });
      return 'done';
    }
    const outcomes = await recordRows(running, text, ports);
    const advance = { importId, piece: running.piecesDone, outcomes };
    await send(ports, running, 'usageImport.advance', advance);
  }
  return 'more';
}

interface LaneRows {
  readonly rows: number[];
  readonly records: NewUsage[];
}

async function recordRows(
  running: UsageImport,
  text: string,
  ports: UsageImportPorts,
): Promise<UsageRowOutcome[]> {
  const before = running.pieces.slice(0, running.piecesDone).reduce((sum, { rows }) => sum + rows, 0);
  const { timeZone } = await readSettings(ports.db);
  const usageIdOf = (index: number) => pairId(running.id, (before + index).toString(16).padStart(32, '0'));
  const rows = readUsageRows(text, running.columns, usageIdOf, timeZone);
  const { lanes, outcomes } = await byLane(rows, ports);
  await Promise.all(
    [...lanes].map(async ([laneId, { rows: indexes, records }]) => {
      for (const [i, outcome] of (await recordIn(laneId, records, running, ports)).entries()) {
        outcomes[indexes[i]!] = outcome;
      }
    }),
  );
  return outcomes;
}

/**
 * Records rows in their lane. When the lane can't record them and never will, the half of them without the guilty row is to be recorded all the
 * same, and so on with the other half, until that row is refused alone.
 */
async function recordIn(
  laneId: string,
  records: readonly NewUsage[],
  running: UsageImport,
  ports: UsageImportPorts,
): Promise<UsageRowOutcome[]> {
  const payload: RecordUsage = { importId: running.id, records };
  const outcome = await ask(ports, laneId, running, 'usage.record', payload);
  if (outcome.status < REFUSED_STATUS_MIN) {
    const results = JSON.parse(outcome.body) as ReadonlyArray<{ readonly usageId: string } | Refusal>;
    return results.map((result) =>
      'refused' in result ? refused(result) : (['recorded', result.usageId] as const),
    );
  }
  if (outcome.status >= PASSING_STATUS_MIN && outcome.isDefect !== true)
    throw failed('usage.record', outcome);
  if (records.length === 1) return [['refused', firstReasonIn(outcome.body)]];
  const middle = records.length >> 1;
  return [
    ...(await recordIn(laneId, records.slice(0, middle), running, ports)),
    ...(await recordIn(laneId, records.slice(middle), running, ports)),
  ];
}

function firstReasonIn(body: string): string {
  const { reasons } = JSON.parse(body) as { readonly reasons: ReadonlyArray<{ readonly message: string }> };
  return reasons[0]!.message;
}

/**
 * The rows by the account that they are for, as far as there is a charge for them, and outcomes of the others: they are refused without asking
 * anybody, unless they were recorded when this was tried before, and their charge has changed since.
 */
async function byLane(
  rows: ReadonlyArray<NewUsage | Refusal>,
  { db }: UsageImportPorts,
): Promise<{ readonly lanes: ReadonlyMap<string, LaneRows>; readonly outcomes: UsageRowOutcome[] }> {
  const targets = rows.flatMap((row) => (isRefusal(row) ? [] : [row.target]));
  const charges = await readUsageCharges(db, targets.map(usageChargesKey));
  const choices = rows.map((row) =>
    isRefusal(row) ? row : chooseUsageCharge(row.target, charges.get(usageChargesKey(row.target))!),
  );
  const doubtful = rows.flatMap((row, i) =>
    isRefusal(row) || !isRefusal(choices[i]!) ? [] : [row.usageId!],
  );
  const recorded = await findRecordedUsage(db, doubtful);
  const outcomes = new Array<UsageRowOutcome>(rows.length);
  const lanes = new Map<string, LaneRows>();
  for (const [index, row] of rows.entries()) {
    const choice = choices[index]!;
    if (isRefusal(choice)) {
      const usageId = isRefusal(row) ? null : row.usageId;
      outcomes[index] = usageId !== null && recorded.has(usageId) ? ['recorded', usageId] : refused(choice);
      continue;
    }
    let lane = lanes.get(choice.accountId);
    if (lane === undefined) {
      lane = { rows: [], records: [] };
      lanes.set(choice.accountId, lane);
    }
    lane.rows.push(index);
    lane.records.push(row as NewUsage);
  }
  return { lanes, outcomes };
}

function refused(refusal: Refusal): UsageRowOutcome {
  return ['refused', toWireReason(refusal, ANY_RESOURCE).message];
}

/** @throws when it could not be done */
async function send(
  ports: UsageImportPorts,
  running: UsageImport,
  kind: 'usageImport.advance' | 'usageImport.fail',
  payload: object,
): Promise<void> {
  const outcome = await ask(ports, running.id, running, kind, payload);
  if (outcome.status >= REFUSED_STATUS_MIN) throw failed(kind, outcome);
}

function failed(kind: string, { status, body }: CommandOutcome): Error {
  return new Error(`${kind}: ${status} ${body}`);
}

function ask(
  { now, newId, execute }: UsageImportPorts,
  laneId: string,
  { id, createdBy }: UsageImport,
  kind: string,
  payload: object,
): Promise<CommandOutcome> {
  return execute(laneId, {
    version: 1,
    id: newId(now()),
    kind,
    payload,
    actor: createdBy,
    requestId: id,
    envelope: 'v1',
    resourceCode: ANY_RESOURCE,
    bytes: JSON.stringify(payload).length,
  });
}
