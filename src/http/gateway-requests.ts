import { execute } from '../account/client.ts';
import { newTimeOrderedId } from '../account/runtime.ts';
import type { Command, CommandOutcome } from '../domain/account/command.ts';
import { gatewaysOf } from '../gateways/registry.ts';
import { askGateway } from '../jobs/ask-gateway.ts';
import { databaseOf } from '../persistence/database.ts';
import type { GatewayDocumentKind } from '../persistence/gateway-work.ts';
import { log } from '../persistence/log.ts';
import type { AppContext } from './context.ts';
import { storedReplyOf } from './middleware/stored-reply.ts';
import { commandOf, reply } from './operation.ts';

/** Names of the gateways that a request can choose from. */
export function gatewayNames(c: AppContext): string[] {
  return [...gatewaysOf(c.env).keys()];
}

/** A request for money of which the gateway is asked once it is committed. */
export interface GatewayStep {
  readonly kind: GatewayDocumentKind;
  readonly lane: string;
  readonly command: string;
  readonly payload: unknown;
  /** A refusal of the command as the reply says it; as it is when not given. */
  readonly refusedAs?: (refused: CommandOutcome) => CommandOutcome;
  /** Id of what the command made, from its reply; null when there is nothing to ask for. */
  readonly idOf: (accepted: object) => string | null;
  /** The document as replies show it, for one that was settled before. */
  readonly read: (id: string) => Promise<object | null>;
  /** The body of the reply; `recorded` is the reply about what the gateway said, null when it has not said anything yet. */
  readonly bodyOf: (accepted: object, recorded: object | null) => object;
}

/**
 * Commits the request, asks the gateway, records what it said and answers with it: three steps, each of which may be repeated. When the gateway's answer is lost
 * the reply says Processing, and the jobs queue and the sweep find out. A repeated idempotency key meets the same document at every step.
 */
export async function commitAndAsk(c: AppContext, step: GatewayStep): Promise<Response> {
  const kept = await storedReplyOf(c);
  if (kept !== null) return kept;
  return reply(c, await committedAndAsked(c, step, commandOf(c, step.command, step.payload, 0)));
}

/** The same for one of several commands of a request, which is given; the outcome is as good as the command's own. */
export async function committedAndAsked(
  c: AppContext,
  step: GatewayStep,
  command: Command,
): Promise<CommandOutcome> {
  const accepted = await execute(c.env, step.lane, command);
  if (accepted.status >= 400) return step.refusedAs?.(accepted) ?? accepted;
  const body = JSON.parse(accepted.body) as object;
  const id = step.idOf(body);
  const outcome = id === null ? null : await askNow(c, step.kind, id);
  const recorded = outcome === 'settled' ? await step.read(id!) : parsed(outcome);
  const bookmark = (outcome === 'settled' ? null : outcome)?.bookmark ?? accepted.bookmark;
  return {
    status: accepted.status,
    body: JSON.stringify(step.bodyOf(body, recorded)),
    replayed: false,
    ...(bookmark === undefined ? {} : { bookmark }),
  };
}

function parsed(outcome: CommandOutcome | null): object | null {
  return outcome === null ? null : (JSON.parse(outcome.body) as object);
}

/** Asks at once; what it is not told is left to the jobs queue, and in the end to the sweep. */
async function askNow(
  c: AppContext,
  kind: GatewayDocumentKind,
  id: string,
): Promise<CommandOutcome | 'settled' | null> {
  const { env } = c;
  const ports = {
    db: databaseOf(env),
    gateways: gatewaysOf(env),
    now: () => new Date().toISOString(),
    newId: newTimeOrderedId,
    execute: (laneId: string, command: Parameters<typeof execute>[2]) => execute(env, laneId, command),
    log,
  };
  try {
    const outcome = await askGateway(kind, id, ports, 'submit');
    if (outcome !== null) return outcome;
  } catch (error) {
    log('gateway.ask_failed', { kind, id, message: String(error) });
  }
  try {
    await env.JOBS_QUEUE.send({ version: 1, job: 'gateway', kind, id });
  } catch (error) {
    log('gateway.announce_failed', { kind, id, message: String(error) });
  }
  return null;
}
