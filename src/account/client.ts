import type { Command, CommandOutcome } from '../domain/account/command.ts';
import { type Env, limits } from '../env.ts';
import { log } from '../persistence/log.ts';
import { outcomeOf, UNKNOWN_OUTCOME } from './outcomes.ts';
import { pauseBetweenAttempts } from './runtime.ts';

/** Ids are derived from names by hashing; remembered per isolate, since that is a fifth of a call. */
const objectIds = new Map<string, DurableObjectId>();
const OBJECT_IDS_MAX = 10_000;

function objectIdOf(env: Env, laneId: string): DurableObjectId {
  let id = objectIds.get(laneId);
  if (id === undefined) {
    if (objectIds.size >= OBJECT_IDS_MAX) objectIds.clear();
    id = env.ACCOUNTS.idFromName(laneId);
    objectIds.set(laneId, id);
  }
  return id;
}

/** Objects live beside the database that they write to. */
export function placement(env: Env): DurableObjectNamespaceGetDurableObjectOptions {
  return env.LOCATION_HINT === undefined ? {} : { locationHint: env.LOCATION_HINT };
}

/**
 * Sends a command to its lane's object. After an abort a stub stays broken, so every attempt takes a fresh one; the
 * command keeps its id, so that an attempt whose reply was lost has one effect.
 */
export async function execute(env: Env, laneId: string, command: Command): Promise<CommandOutcome> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await env.ACCOUNTS.get(objectIdOf(env, laneId), placement(env)).execute(
        laneId,
        command,
        attempt > 1,
      );
    } catch (error) {
      log('account.call_failed', {
        lane: laneId,
        request: command.requestId,
        attempt,
        message: String(error),
      });
      if (attempt >= limits.commitAttemptsMax) {
        return outcomeOf(UNKNOWN_OUTCOME, command);
      }
      await pauseBetweenAttempts(attempt);
    }
  }
}

/** Lane of commands that belong to no account yet: spread, and the same for the same idempotency key. */
export function laneOfNewAccount(seed: string): string {
  let hash = 0;
  for (let i = 0; i < seed.length; i++) hash = (hash * 31 + seed.charCodeAt(i)) >>> 0;
  return `new-${hash % LANES_OF_NEW_ACCOUNTS}`;
}
const LANES_OF_NEW_ACCOUNTS = 16;

/** The catalog is one lane of its own. */
export const CATALOG_LANE = 'catalog';
