import { type Role, roleOfClient } from './clients.ts';
import { checkPassword, hashPassword } from './passwords.ts';
import { admitSignIn, type Delayed, giveBack } from './sign-in-rate.ts';
import { normalEmail } from './users.ts';

/** What somebody knows, and from which address (`addressOf`) it comes. */
export interface Credentials {
  readonly email: string;
  readonly password: string;
  readonly address: string;
}

interface Kept {
  readonly id: string;
  readonly passwordHash: string;
  readonly disabledAt: string | null;
}

/**
 * Whose email and password these are; null for an unknown email, a wrong password and a disabled user alike, after the same work. A hash that was made
 * at another cost than today's is renewed.
 */
export async function checkSignIn(
  db: D1Database,
  { email, password, address }: Credentials,
  nowMs: number,
): Promise<{ readonly userId: string } | Delayed | null> {
  const admission = await admitSignIn(db, address, nowMs);
  if (!admission.admitted) return admission;
  const kept = await db
    .prepare(
      'SELECT id, password_hash AS passwordHash, disabled_at AS disabledAt FROM web_user WHERE email = ?1',
    )
    .bind(normalEmail(email))
    .first<Kept>();
  const { isRight, isOutdated } = checkPassword(password, kept?.passwordHash ?? null);
  if (kept === null || !isRight || kept.disabledAt !== null) return null;
  await giveBack(db, admission);
  if (isOutdated) {
    await db
      .prepare('UPDATE web_user SET password_hash = ?2 WHERE id = ?1 AND password_hash = ?3')
      .bind(kept.id, hashPassword(password), kept.passwordHash)
      .run();
  }
  return { userId: kept.id };
}

/** The role of the API client with these credentials, null for wrong ones: guessing them is counted like guessing a password. */
export async function checkClient(
  db: D1Database,
  {
    clientId,
    secret,
    address,
  }: { readonly clientId: string; readonly secret: string; readonly address: string },
  nowMs: number,
): Promise<{ readonly role: Role } | Delayed | null> {
  const admission = await admitSignIn(db, address, nowMs);
  if (!admission.admitted) return admission;
  const role = await roleOfClient(db, clientId, secret);
  if (role === null) return null;
  await giveBack(db, admission);
  return { role };
}
