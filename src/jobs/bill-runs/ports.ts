import type { Command, CommandOutcome } from '../../domain/account/command.ts';
import type { BillRun } from '../../domain/billing/bill-run.ts';

/** About a run as a whole: plan the next accounts, ask for accounts that have something left, see whether it is through. */
export interface BillRunMessage {
  readonly version: 1;
  readonly job: 'billRun';
  readonly billRunId: string;
}

/** About some of its accounts: do what the run is doing with them. */
export interface BillRunAccountsMessage {
  readonly version: 1;
  readonly job: 'billRunAccounts';
  readonly billRunId: string;
  readonly accountIds: readonly string[];
}

export interface BillRunPorts {
  readonly db: D1Database;
  readonly now: () => string;
  readonly newId: (now: string) => string;
  readonly execute: (laneId: string, command: Command) => Promise<CommandOutcome>;
  readonly log: (event: string, fields: Record<string, unknown>) => void;
  readonly sendAll: (messages: ReadonlyArray<BillRunMessage | BillRunAccountsMessage>) => Promise<unknown>;
}

/** Statuses from here on say "not now", or that the outcome is unknown. */
const PASSING_STATUS_MIN = 500;

/** What came of a command: its reply, or why it was refused. */
export type StepOutcome<Reply> =
  | { readonly reply: Reply; readonly refusal: null }
  | { readonly reply: null; readonly refusal: string };

/** Deciding a command failed by a defect of ours: asked again it would fail again. */
class CommandDefect extends Error {}

/** Sends a command of a bill run to a lane, in the name of whoever asked for what the run is doing. @throws as `sendAs` does */
export function sendStep<Reply>(
  ports: BillRunPorts,
  run: BillRun,
  laneId: string,
  kind: string,
  payload: object,
): Promise<StepOutcome<Reply>> {
  return sendAs(ports, run.updatedBy, laneId, kind, payload);
}

/**
 * Takes a defect for a refusal: for commands about one account, which is then kept with the reason and stops none of the others.
 *
 * @throws when it could not be done now
 */
export async function orRefused<Reply>(sent: Promise<StepOutcome<Reply>>): Promise<StepOutcome<Reply>> {
  try {
    return await sent;
  } catch (error) {
    if (error instanceof CommandDefect) return { reply: null, refusal: error.message };
    throw error;
  }
}

/**
 * Sends a command of a job to a lane.
 *
 * @throws when it could not be done now, or failed by a defect, so that the message comes again
 */
export async function sendAs<Reply>(
  ports: Pick<BillRunPorts, 'now' | 'newId' | 'execute'>,
  actor: string,
  laneId: string,
  kind: string,
  payload: object,
): Promise<StepOutcome<Reply>> {
  const id = ports.newId(ports.now());
  const { status, body, isDefect } = await ports.execute(laneId, {
    version: 1,
    id,
    kind,
    payload,
    actor,
    requestId: id,
    envelope: 'v1',
    resourceCode: '500000',
    bytes: JSON.stringify(payload).length,
  });
  if (isDefect === true) throw new CommandDefect(`${kind}: ${reasonsIn(body)}`);
  if (status >= PASSING_STATUS_MIN) throw new Error(`${kind}: ${status} ${body}`);
  if (status < 400) return { reply: JSON.parse(body) as Reply, refusal: null };
  return { reply: null, refusal: reasonsIn(body) };
}

function reasonsIn(body: string): string {
  const { reasons } = JSON.parse(body) as { readonly reasons: ReadonlyArray<{ readonly message: string }> };
  return reasons.map(({ message }) => message).join('; ');
}
