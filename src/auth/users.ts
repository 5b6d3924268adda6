import { type Refusal, refuse } from '../domain/result.ts';
import { limits } from '../env.ts';
import { type Role, sha256Hex } from './clients.ts';
import { hashPassword, passwordProblem } from './passwords.ts';
import { forgetSessionsOf, USER_COLUMNS } from './sessions.ts';

export type Theme = 'system' | 'light' | 'dark';

/** Who is signed in to the web pages, and how things are shown to them. */
export interface WebUser {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** BCP 47; null: as the browser asks. */
  readonly locale: string | null;
  /** IANA name; null: the tenant's. */
  readonly timeZone: string | null;
  readonly theme: Theme;
}

/** As administrators see a user. */
export interface ListedUser extends WebUser {
  readonly createdAt: string;
  /** Since when the user can't sign in; null: can. */
  readonly disabledAt: string | null;
}

export interface NewUser {
  /** 32 hex digits, time-ordered. */
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly password: string;
}

/** What is absent stays. */
export interface UserChanges {
  readonly name?: string | undefined;
  readonly role?: Role | undefined;
  readonly disabled?: boolean | undefined;
  readonly locale?: string | null | undefined;
  readonly timeZone?: string | null | undefined;
  readonly theme?: Theme | undefined;
}

const LISTED = `SELECT ${USER_COLUMNS}, u.created_at AS createdAt, u.disabled_at AS disabledAt FROM web_user AS u`;

/** An address as it is stored and looked for. */
export function normalEmail(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}

/** Makes a user; refused when the address is taken, the password breaks a rule, or there are limits.usersMax. */
export async function createUser(db: D1Database, user: NewUser, now: string): Promise<ListedUser | Refusal> {
  const problem = passwordProblem(user.password, user.email) ?? (await placeProblem(db, user.email));
  if (problem !== null) return problem;
  const made = await insertUser(db, user, now, `(SELECT count(*) FROM web_user) < ${limits.usersMax}`);
  return made ?? (await placeProblem(db, user.email)) ?? full();
}

/** Looked at before the password is hashed, which costs more than all the rest. */
async function placeProblem(db: D1Database, email: string): Promise<Refusal | null> {
  const { taken, users } = (await db
    .prepare(
      'SELECT EXISTS (SELECT 1 FROM web_user WHERE email = ?1) AS taken, (SELECT count(*) FROM web_user) AS users',
    )
    .bind(normalEmail(email))
    .first<{ taken: number; users: number }>())!;
  if (taken === 1) return refuse('rule', 'There is a user with this email already.', 'email');
  return users >= limits.usersMax ? full() : null;
}

function full(): Refusal {
  return refuse('rule', `There are ${limits.usersMax} users, more are not possible.`);
}

/** Makes the first user, an administrator; refused when there is any, also one that is made at the same moment. */
export async function createFirstUser(
  db: D1Database,
  user: Omit<NewUser, 'role'>,
  now: string,
): Promise<ListedUser | Refusal> {
  const problem = passwordProblem(user.password, user.email);
  if (problem !== null) return problem;
  const made = await insertUser(db, { ...user, role: 'admin' }, now, 'NOT EXISTS (SELECT 1 FROM web_user)');
  return made ?? refuse('rule', 'There are users already: sign in as one of them.');
}

/** Null when the condition does not hold, or the address is taken. */
async function insertUser(
  db: D1Database,
  { id, email, name, role, password }: NewUser,
  now: string,
  condition: string,
): Promise<ListedUser | null> {
  const stored = normalEmail(email);
  const { meta } = await db
    .prepare(
      'INSERT INTO web_user (id, email, name, role, password_hash, created_at) ' +
        `SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE ${condition} ON CONFLICT (email) DO NOTHING`,
    )
    .bind(id, stored, name, role, hashPassword(password), now)
    .run();
  if (meta.changes === 0) return null;
  const shown = { locale: null, timeZone: null, theme: 'system' } as const;
  return { id, email: stored, name, role, ...shown, createdAt: now, disabledAt: null };
}

export async function hasUsers(db: D1Database): Promise<boolean> {
  return (await db.prepare('SELECT 1 FROM web_user LIMIT 1').first()) !== null;
}

/** All users, the oldest first. */
export async function listUsers(db: D1Database): Promise<ListedUser[]> {
  const { results } = await db
    .prepare(`${LISTED} ORDER BY u.id LIMIT ?1`)
    .bind(limits.usersMax)
    .all<ListedUser>();
  return results;
}

export function findUser(db: D1Database, id: string): Promise<ListedUser | null> {
  return db.prepare(`${LISTED} WHERE u.id = ?1`).bind(id).first<ListedUser>();
}

/**
 * Changes what is given. One who is disabled is signed out everywhere. The last active administrator can neither be disabled nor have another role:
 * decided by the statement that changes, so that two administrators can't take each other's place away at once.
 */
export async function changeUser(
  db: D1Database,
  id: string,
  changes: UserChanges,
  now: string,
): Promise<ListedUser | Refusal> {
  const staysAdmin = changes.disabled !== true && (changes.role ?? 'admin') === 'admin';
  const statements = [
    db
      .prepare(
        'UPDATE web_user SET name = coalesce(?2, name), role = coalesce(?3, role), theme = coalesce(?4, theme), ' +
          'locale = CASE WHEN ?5 THEN ?6 ELSE locale END, time_zone = CASE WHEN ?7 THEN ?8 ELSE time_zone END, ' +
          'disabled_at = CASE ?9 WHEN 1 THEN coalesce(disabled_at, ?10) WHEN 0 THEN NULL ELSE disabled_at END ' +
          "WHERE id = ?1 AND (?11 OR role <> 'admin' OR disabled_at IS NOT NULL OR EXISTS " +
          "(SELECT 1 FROM web_user AS other WHERE other.role = 'admin' AND other.disabled_at IS NULL AND other.id <> ?1))",
      )
      .bind(
        id,
        changes.name ?? null,
        changes.role ?? null,
        changes.theme ?? null,
        Number(changes.locale !== undefined),
        changes.locale ?? null,
        Number(changes.timeZone !== undefined),
        changes.timeZone ?? null,
        changes.disabled === undefined ? null : Number(changes.disabled),
        now,
        Number(staysAdmin),
      ),
    db
      .prepare(
        'DELETE FROM web_session WHERE user_id = ?1 AND EXISTS ' +
          '(SELECT 1 FROM web_user WHERE id = ?1 AND disabled_at IS NOT NULL)',
      )
      .bind(id),
  ];
  const [updated] = await db.batch(statements);
  forgetSessionsOf(id);
  const user = await findUser(db, id);
  if (user === null) return refuse('not_found', 'There is no such user.');
  if (updated!.meta.changes > 0) return user;
  return refuse(
    'rule',
    'The last active administrator can neither be disabled nor get another role: make another one first.',
    changes.disabled === true ? 'disabled' : 'role',
  );
}

/** Sets a password and signs the user out everywhere but in the session with this token. */
export async function setPassword(
  db: D1Database,
  id: string,
  password: string,
  keptToken: string | null = null,
): Promise<Refusal | null> {
  const user = await findUser(db, id);
  if (user === null) return refuse('not_found', 'There is no such user.');
  const problem = passwordProblem(password, user.email);
  if (problem !== null) return problem;
  const keptTokenHash = keptToken === null ? null : await sha256Hex(keptToken);
  await db.batch([
    db.prepare('UPDATE web_user SET password_hash = ?2 WHERE id = ?1').bind(id, hashPassword(password)),
    db.prepare('DELETE FROM web_session WHERE user_id = ?1 AND token_hash IS NOT ?2').bind(id, keptTokenHash),
  ]);
  forgetSessionsOf(id);
  return null;
}
