// The administrator who signs in to the web pages of a local server. Deployed Workers have none until somebody sets them up.

import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { localAdmin } from './local-credentials.mjs';

/** Cost and form of hashes as the Worker makes them (src/auth/passwords.ts, docs/decisions/017). */
const COST = { N: 16_384, r: 8, p: 5 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Enough for larger costs than today's. */
const MEMORY_BYTES_MAX = 256 * 1024 * 1024;
const PASSWORD_CHARACTERS_MIN = 12;
const PASSWORD_CHARACTERS_MAX = 200;

const LOCAL_ADMIN_ID = '00000000000000000000000000000001';
const LOCAL_ADMIN_NAME = 'Local administrator';

const derive = (password, salt, cost) =>
  promisify(scrypt)(password.normalize('NFKC'), salt, HASH_BYTES, { ...cost, maxmem: MEMORY_BYTES_MAX });

async function hashOf(password) {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, COST);
  return `scrypt$${COST.N}$${COST.r}$${COST.p}$${salt.toString('hex')}$${hash.toString('hex')}`;
}

async function isPasswordOf(stored, password) {
  const [, N, r, p, salt, hash] = stored.split('$');
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'hex'), cost), Buffer.from(hash, 'hex'));
}

/** Why these cannot be signed in with; null when they can. */
function problemOf({ adminEmail, adminPassword }) {
  const characters = [...adminPassword].length;
  if (!/^[^\s@]+@[^\s@]+$/.test(adminEmail)) return 'SPILLWAY_ADMIN_EMAIL must be an email address';
  if (characters < PASSWORD_CHARACTERS_MIN || characters > PASSWORD_CHARACTERS_MAX) {
    return `SPILLWAY_ADMIN_PASSWORD must have ${PASSWORD_CHARACTERS_MIN} to ${PASSWORD_CHARACTERS_MAX} characters`;
  }
  return null;
}

/**
 * Makes these credentials an administrator's, whoever has the email, and ends what the seeded one of an earlier start could sign in with. A password that
 * is kept ends no session.
 */
export async function seedAdmin(d1, options) {
  const given = localAdmin(options);
  const problem = problemOf(given);
  if (problem !== null) throw new Error(problem);
  const email = given.adminEmail.normalize('NFC').toLowerCase();
  const now = new Date().toISOString();
  const known = await d1
    .prepare('SELECT id, password_hash AS hash FROM web_user WHERE email = ?')
    .bind(email)
    .first();
  const isKept = known !== null && (await isPasswordOf(known.hash, given.adminPassword));
  const hash = isKept ? known.hash : await hashOf(given.adminPassword);
  const id = known?.id ?? LOCAL_ADMIN_ID;
  await d1.batch([
    d1
      .prepare(
        `INSERT INTO web_user (id, email, name, role, password_hash, created_at) VALUES (?, ?, ?, 'admin', ?, ?)
         ON CONFLICT (id) DO UPDATE SET email = excluded.email, role = 'admin', password_hash = excluded.password_hash, disabled_at = NULL`,
      )
      .bind(id, email, LOCAL_ADMIN_NAME, hash, now),
    ...(isKept ? [] : [d1.prepare('DELETE FROM web_session WHERE user_id = ?').bind(id)]),
    // Somebody else has the email now: the seeded administrator is not left behind with an earlier password.
    d1
      .prepare('UPDATE web_user SET disabled_at = coalesce(disabled_at, ?) WHERE id = ? AND id <> ?')
      .bind(now, LOCAL_ADMIN_ID, id),
  ]);
}
