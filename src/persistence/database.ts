import type { Env } from '../env.ts';

/**
 * A D1 binding whose every batch takes so many milliseconds longer: what a database in another region feels like.
 * For benchmarks on a local machine; a deployed Worker never sets the variable. Single statements are delayed where
 * they run, so that prepared statements stay what `batch` expects.
 */
export function withLatency(db: D1Database, latencyMs: number): D1Database {
  if (!(latencyMs > 0)) return db;
  const delayed = <A extends unknown[], R>(call: (...a: A) => Promise<R>) => {
    return async (...a: A): Promise<R> => {
      await new Promise<void>((resolve) => setTimeout(resolve, latencyMs));
      return call(...a);
    };
  };
  const slowStatement = (statement: D1PreparedStatement): D1PreparedStatement => {
    const bind = statement.bind.bind(statement);
    statement.bind = (...values: unknown[]) => slowStatement(bind(...values));
    for (const name of ['first', 'run', 'all', 'raw'] as const) {
      (statement as unknown as Record<string, unknown>)[name] = delayed(
        (statement[name] as (...a: unknown[]) => Promise<unknown>).bind(statement),
      );
    }
    return statement;
  };
  const slow = <T extends D1Database | D1DatabaseSession>(database: T): T =>
    new Proxy(database, {
      get(target, name) {
        if (name === 'prepare') return (sql: string) => slowStatement(target.prepare(sql));
        if (name === 'batch')
          return delayed(target.batch.bind(target) as (...a: unknown[]) => Promise<unknown>);
        if (name === 'withSession') {
          return (constraint?: string) => slow((target as D1Database).withSession(constraint));
        }
        const member = Reflect.get(target, name, target) as unknown;
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  return slow(db);
}

/** The Worker's database, slowed where a benchmark asks for it. */
export function databaseOf(env: Env): D1Database {
  return withLatency(env.DB, Number(env.SIMULATED_D1_LATENCY_MS ?? 0));
}
