import { limits } from '../env.ts';

export type Role = 'read' | 'standard' | 'admin';
const rank: Record<Role, number> = { read: 0, standard: 1, admin: 2 };

/** Who calls: an API client and what it may do. */
export interface Caller {
  readonly clientId: string;
  readonly role: Role;
}

export function mayDo(caller: Caller, needed: Role): boolean {
  return rank[caller.role] >= rank[needed];
}

export async function sha256Hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  let hex = '';
  for (const byte of new Uint8Array(digest)) hex += byte.toString(16).padStart(2, '0');
  return hex;
}

function randomHex(bytes: number): string {
  let hex = '';
  for (const byte of crypto.getRandomValues(new Uint8Array(bytes))) hex += byte.toString(16).padStart(2, '0');
  return hex;
}

export interface ApiClient {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: string;
  readonly revokedAt: string | null;
}

/** Makes a client; the secret (40 characters) is returned here and never again. */
export async function createClient(
  db: D1Database,
  name: string,
  role: Role,
  now: string,
): Promise<ApiClient & { secret: string }> {
  return (await createClientAs(db, crypto.randomUUID(), name, role, now))!;
}

/** The same with an id that the caller chose; null when there is a client with this id, which stays as it is. */
export async function createClientAs(
  db: D1Database,
  id: string,
  name: string,
  role: Role,
  now: string,
): Promise<(ApiClient & { secret: string }) | null> {
  const secret = randomHex(20);
  const { meta } = await db
    .prepare(
      'INSERT INTO api_client (id, name, secret_hash, role, created_at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO NOTHING',
    )
    .bind(id, name, await sha256Hex(secret), role, now)
    .run();
  return meta.changes === 0 ? null : { id, name, role, createdAt: now, revokedAt: null, secret };
}

export async function listClients(db: D1Database): Promise<ApiClient[]> {
  const { results } = await db
    .prepare(
      'SELECT id, name, role, created_at AS createdAt, revoked_at AS revokedAt FROM api_client ORDER BY created_at LIMIT 500',
    )
    .all<ApiClient>();
  return results;
}

/** Ends a client and its tokens; isolates that remember a token follow within limits.tokenCacheMs. */
export async function revokeClient(db: D1Database, id: string, now: string): Promise<boolean> {
  const [updated] = await db.batch([
    db.prepare('UPDATE api_client SET revoked_at = coalesce(revoked_at, ?2) WHERE id = ?1').bind(id, now),
    db.prepare('DELETE FROM access_token WHERE client_id = ?1').bind(id),
  ]);
  return updated!.meta.changes > 0;
}

/** The role of the client with these credentials; null for wrong ones or a revoked client. */
export async function roleOfClient(db: D1Database, clientId: string, secret: string): Promise<Role | null> {
  const row = await db
    .prepare('SELECT role FROM api_client WHERE id = ?1 AND secret_hash = ?2 AND revoked_at IS NULL')
    .bind(clientId, await sha256Hex(secret))
    .first<{ role: Role }>();
  return row === null ? null : row.role;
}

/** A new secret for a client that is not revoked; its tokens end with the old one, in isolates that remember them within limits.tokenCacheMs. Null: no such client. */
export async function rotateSecret(db: D1Database, id: string): Promise<string | null> {
  const secret = randomHex(20);
  const [updated] = await db.batch([
    db
      .prepare('UPDATE api_client SET secret_hash = ?2 WHERE id = ?1 AND revoked_at IS NULL')
      .bind(id, await sha256Hex(secret)),
    db.prepare('DELETE FROM access_token WHERE client_id = ?1').bind(id),
  ]);
  for (const [token, { caller }] of remembered) if (caller.clientId === id) remembered.delete(token);
  return updated!.meta.changes > 0 ? secret : null;
}

/** An opaque token of 128 random bits for right credentials, null for wrong ones or a revoked client. */
export async function issueToken(
  db: D1Database,
  clientId: string,
  secret: string,
  nowMs: number,
): Promise<{ token: string; caller: Caller } | null> {
  const secretHash = await sha256Hex(secret);
  const role = await roleOfClient(db, clientId, secret);
  if (role === null) return null;
  const token = randomHex(16);
  // Only while the secret is still the client's: one that is rotated meanwhile gives no token that outlives it.
  const { meta } = await db
    .prepare(
      'INSERT INTO access_token (token_hash, client_id, expires_at) SELECT ?1, id, ?3 FROM api_client ' +
        'WHERE id = ?2 AND secret_hash = ?4 AND revoked_at IS NULL',
    )
    .bind(
      await sha256Hex(token),
      clientId,
      new Date(nowMs + limits.tokenLifetimeS * 1000).toISOString(),
      secretHash,
    )
    .run();
  if (meta.changes === 0) return null;
  return { token, caller: { clientId, role } };
}

interface Remembered {
  readonly caller: Caller;
  readonly expiresAtMs: number;
  readonly seenAtMs: number;
}
const remembered = new Map<string, Remembered>();

/** Who holds this token; null when nobody does (any more). One D1 read per token, isolate and limits.tokenCacheMs. */
export async function callerOf(db: D1Database, token: string, nowMs: number): Promise<Caller | null> {
  const known = remembered.get(token);
  if (known !== undefined && nowMs - known.seenAtMs < limits.tokenCacheMs && nowMs < known.expiresAtMs) {
    return known.caller;
  }
  remembered.delete(token);
  const row = await db
    .prepare(
      'SELECT t.client_id, t.expires_at, c.role FROM access_token AS t JOIN api_client AS c ON c.id = t.client_id ' +
        'WHERE t.token_hash = ?1 AND c.revoked_at IS NULL',
    )
    .bind(await sha256Hex(token))
    .first<{ client_id: string; expires_at: string; role: Role }>();
  if (row === null || Date.parse(row.expires_at) <= nowMs) return null;
  const caller: Caller = { clientId: row.client_id, role: row.role };
  if (remembered.size >= limits.tokenCacheMax) remembered.clear();
  remembered.set(token, { caller, expiresAtMs: Date.parse(row.expires_at), seenAtMs: nowMs });
  return caller;
}
