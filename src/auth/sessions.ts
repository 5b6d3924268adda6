import { limits } from '../env.ts';
import { sha256Hex } from './clients.ts';
import type { WebUser } from './users.ts';

/** Of web_user AS u: what makes a WebUser. */
export const USER_COLUMNS = 'u.id, u.email, u.name, u.role, u.locale, u.time_zone AS timeZone, u.theme';

const TOKEN_BYTES = 32;
const TOKEN = /^[0-9a-f]{64}$/;

interface Remembered {
  readonly user: WebUser;
  readonly expiresAtMs: number;
  readonly seenAtMs: number;
}
const remembered = new Map<string, Remembered>();
/** Counts what made remembered sessions end: a read that began before does not bring one back. */
let endings = 0;

/** Starts a session and returns its token (64 hex digits), which is kept nowhere but with its holder. */
export async function startSession(db: D1Database, userId: string, nowMs: number): Promise<string> {
  let token = '';
  for (const byte of crypto.getRandomValues(new Uint8Array(TOKEN_BYTES))) {
    token += byte.toString(16).padStart(2, '0');
  }
  await db
    .prepare('INSERT INTO web_session (token_hash, user_id, created_at, expires_at) VALUES (?1, ?2, ?3, ?4)')
    .bind(
      await sha256Hex(token),
      userId,
      new Date(nowMs).toISOString(),
      new Date(endOf(nowMs, nowMs)).toISOString(),
    )
    .run();
  return token;
}

/** When a session that is used now ends: after its idle time, never after its lifetime. */
function endOf(createdAtMs: number, nowMs: number): number {
  return Math.min(nowMs + limits.sessionIdleS * 1_000, createdAtMs + limits.sessionLifetimeS * 1_000);
}

/**
 * Who holds this token; null when nobody does (any more). One D1 read per token, isolate and limits.tokenCacheMs, and one write each time the end
 * has moved by limits.sessionRenewS.
 */
export async function userOfSession(db: D1Database, token: string, nowMs: number): Promise<WebUser | null> {
  if (!TOKEN.test(token)) return null;
  const known = remembered.get(token);
  if (known !== undefined && nowMs - known.seenAtMs < limits.tokenCacheMs && nowMs < known.expiresAtMs) {
    return known.user;
  }
  remembered.delete(token);
  const endingsBefore = endings;
  const tokenHash = await sha256Hex(token);
  const row = await db
    .prepare(
      `SELECT ${USER_COLUMNS}, s.created_at AS createdAt, s.expires_at AS expiresAt ` +
        'FROM web_session AS s JOIN web_user AS u ON u.id = s.user_id WHERE s.token_hash = ?1 AND u.disabled_at IS NULL',
    )
    .bind(tokenHash)
    .first<WebUser & { createdAt: string; expiresAt: string }>();
  if (row === null || Date.parse(row.expiresAt) <= nowMs) return null;
  const { createdAt, expiresAt, ...user } = row;
  const expiresAtMs = endOf(Date.parse(createdAt), nowMs);
  if (expiresAtMs - Date.parse(expiresAt) >= limits.sessionRenewS * 1_000) {
    await db
      .prepare('UPDATE web_session SET expires_at = max(expires_at, ?2) WHERE token_hash = ?1')
      .bind(tokenHash, new Date(expiresAtMs).toISOString())
      .run();
  }
  if (endings === endingsBefore) {
    if (remembered.size >= limits.tokenCacheMax) remembered.clear();
    remembered.set(token, { user, expiresAtMs, seenAtMs: nowMs });
  }
  return user;
}

/** Ends a session: at once in this isolate, in others within limits.tokenCacheMs. */
export async function endSession(db: D1Database, token: string): Promise<void> {
  await db
    .prepare('DELETE FROM web_session WHERE token_hash = ?1')
    .bind(await sha256Hex(token))
    .run();
  endings += 1;
  remembered.delete(token);
}

/** After a change to a user: what this isolate remembers of their sessions is read again. */
export function forgetSessionsOf(userId: string): void {
  endings += 1;
  for (const [token, { user }] of remembered) if (user.id === userId) remembered.delete(token);
}
