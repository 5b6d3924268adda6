import { VERSION } from '../domain/version.ts';

export interface Health {
  readonly ready: boolean;
  readonly version: string;
  /** Name of the last migration that is applied. */
  readonly migration: string | null;
  /** How far the fold is behind. */
  readonly metrics: { readonly dueAccounts: number; readonly oldestDueSeconds: number };
  readonly deadLetters: number;
}

/** Reads what tells whether the service can work and how far its queue is behind. */
export async function readHealth(db: D1Database, now: string): Promise<Health> {
  try {
    const [migration, due, dead] = await db.batch<Record<string, unknown>>([
      db.prepare('SELECT name FROM d1_migrations ORDER BY id DESC LIMIT 1'),
      db.prepare(
        'SELECT count(*) AS accounts, min(since) AS oldest FROM (SELECT since FROM metrics_due ORDER BY since LIMIT 10000)',
      ),
      db.prepare('SELECT count(*) AS letters FROM dead_letter WHERE replayed_at IS NULL'),
    ]);
    const oldest = due!.results[0]!.oldest as string | null;
    return {
      ready: true,
      version: VERSION,
      migration: (migration!.results[0]?.name as string | undefined) ?? null,
      metrics: {
        dueAccounts: due!.results[0]!.accounts as number,
        oldestDueSeconds: oldest === null ? 0 : Math.max(0, (Date.parse(now) - Date.parse(oldest)) / 1000),
      },
      deadLetters: dead!.results[0]!.letters as number,
    };
  } catch {
    return {
      ready: false,
      version: VERSION,
      migration: null,
      metrics: { dueAccounts: 0, oldestDueSeconds: 0 },
      deadLetters: 0,
    };
  }
}
