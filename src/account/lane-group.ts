import type { Command, Decision } from '../domain/account/command.ts';
import { isRefusal } from '../domain/result.ts';
import { guardName, type LaneGroup, RowPieces } from '../persistence/commit-batch.ts';
import { entityTables, type StoredKind, toRow } from '../persistence/entity-tables.ts';
import type { GroupState } from './group-state.ts';

export interface DecidedCommand<Pending> {
  readonly pending: Pending;
  readonly command: Command;
  readonly decision: Decision<unknown>;
  readonly reply: { readonly status: number; readonly body: string };
  /** Nothing of it is committed. */
  readonly readsOnly: boolean;
}

interface GroupIdentity {
  readonly laneId: string;
  readonly sequence: number;
  readonly commitId: string;
  readonly now: string;
}

/** Statuses that say "not now": nothing to keep under an idempotency key. */
const PASSING_STATUS_MIN = 500;

/** A reply that is stored under the command's key, so that no other attempt of the request can end in another way. */
export function isKeptUnderKey(command: Command, reply: { readonly status: number }): boolean {
  return command.idempotency !== undefined && reply.status < PASSING_STATUS_MIN;
}

/**
 * The rows of one commit: what the decided commands change, the guards of what they rested on, their log, their
 * stored replies, their metric deltas. Null when nothing has to be written.
 */
export function sealGroup<Pending>(
  state: GroupState,
  decided: ReadonlyArray<DecidedCommand<Pending>>,
  { laneId, sequence, commitId, now }: GroupIdentity,
): LaneGroup | null {
  const rows = new RowPieces();
  const deltaAccountIds = new Set<string>();
  const withdrawnDateAccountIds = new Set<string>();
  let logged = 0;
  for (const { command, decision, reply, readsOnly } of decided) {
    if (readsOnly) continue;
    const keeps = isKeptUnderKey(command, reply);
    if (isRefusal(decision) && !keeps) continue;
    logged++;
    rows.add('command_log', [command.id, commitId, command.kind, command.actor, command.requestId]);
    if (keeps) {
      const { key, requestHash } = command.idempotency!;
      rows.add('idempotency_expired', [key]);
      rows.add('idempotency', [key, requestHash, command.id, reply.status, reply.body, now]);
    }
    if (isRefusal(decision)) continue;
    for (const delta of decision.deltas) {
      rows.addDelta(delta, command.id, now);
      deltaAccountIds.add(delta.accountId);
      if (delta.withdrawsInvoiceDate === true) withdrawnDateAccountIds.add(delta.accountId);
    }
  }
  if (logged === 0) return null;
  const { flagAccountIds, writes } = addChanges(state, rows);
  const reads: string[] = [];
  for (const { kind, id, revision } of state.guards()) {
    rows.add(guardName(kind), [id, revision]);
    reads.push(id);
  }
  rows.add('lane_commit', [commitId, laneId, sequence, logged, now]);
  return {
    commitId,
    laneId,
    sequence,
    committedAt: now,
    commands: logged,
    rows: rows.finish(),
    deltaAccountIds: [...deltaAccountIds],
    flagAccountIds,
    withdrawnDateAccountIds: [...withdrawnDateAccountIds],
    reads,
    writes,
    bytes: rows.bytes,
  };
}

/** Returns the accounts whose row is written, as their partner flag or currency may be another, and every stored object that is. */
function addChanges(state: GroupState, rows: RowPieces): Pick<LaneGroup, 'flagAccountIds' | 'writes'> {
  const flagAccountIds: string[] = [];
  const writes: string[] = [];
  for (const { kind, entity, action } of state.written()) {
    const table = entityTables[kind as StoredKind];
    rows.add(`${action} ${kind}`, action === 'delete' ? entity.id : toRow(table, entity));
    if (kind === 'account' && action === 'delete') rows.add('account_deleted', entity.id);
    else if (kind === 'account') flagAccountIds.push(entity.id);
    if (action !== 'insert') writes.push(entity.id);
  }
  return { flagAccountIds, writes };
}
