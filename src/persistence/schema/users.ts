import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** People who sign in to the web pages. */
export const webUser = sqliteTable(
  'web_user',
  {
    id: text('id').primaryKey(),
    /** In lower case: nobody has two accounts by writing an address in two ways. */
    email: text('email').notNull(),
    name: text('name').notNull(),
    /** 'read' | 'standard' | 'admin' */
    role: text('role').notNull(),
    /** `scrypt$N$r$p$salt$hash` (docs/decisions/017). */
    passwordHash: text('password_hash').notNull(),
    /** BCP 47, for dates and numbers; null: as the browser asks. */
    locale: text('locale'),
    /** IANA name; null: the tenant's. */
    timeZone: text('time_zone'),
    /** 'system' | 'light' | 'dark' */
    theme: text('theme').notNull().default('system'),
    createdAt: text('created_at').notNull(),
    /** Since when the user can't sign in; null: can. */
    disabledAt: text('disabled_at'),
  },
  (t) => [uniqueIndex('web_user_email').on(t.email)],
);

export const webSession = sqliteTable(
  'web_session',
  {
    /** SHA-256 of the token, hex: tokens are 256 bits of randomness, so a fast hash suffices. */
    tokenHash: text('token_hash').primaryKey(),
    userId: text('user_id').notNull(),
    createdAt: text('created_at').notNull(),
    /** Moves on while the session is used, up to its longest life. */
    expiresAt: text('expires_at').notNull(),
  },
  (t) => [index('web_session_user').on(t.userId), index('web_session_expires_at').on(t.expiresAt)],
);

/** Attempts to sign in that were not right, counted per client address and window. */
export const signInAttempt = sqliteTable(
  'sign_in_attempt',
  {
    address: text('address').notNull(),
    windowStart: text('window_start').notNull(),
    attempts: integer('attempts').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.address, t.windowStart] }),
    index('sign_in_attempt_window_start').on(t.windowStart),
  ],
);
