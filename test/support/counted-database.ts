/** What a request asked D1 for. */
export interface CountedCalls {
  /** Calls that waited for each other: two that run at the same time are of one round. */
  readonly rounds: number;
  readonly calls: number;
  readonly rowsRead: number;
}

interface Call {
  readonly startedAt: number;
  endedAt: number;
  rowsRead: number;
}

/**
 * A D1 binding that counts what is asked of it. Every call goes to the real database; `first` is asked as `all`, which says how many rows were read.
 */
export function countedDatabase(db: D1Database): { readonly db: D1Database; counted(): CountedCalls } {
  const calls: Call[] = [];
  let clock = 0;
  const counted = async <T>(ask: () => Promise<T>, rowsOf: (answer: T) => number): Promise<T> => {
    const call: Call = { startedAt: clock++, endedAt: Number.MAX_SAFE_INTEGER, rowsRead: 0 };
    calls.push(call);
    const answer = await ask();
    call.rowsRead = rowsOf(answer);
    call.endedAt = clock++;
    return answer;
  };
  const rowsOf = (result: D1Result) => result.meta.rows_read;
  const statementOf = (statement: D1PreparedStatement): D1PreparedStatement => {
    const bind = statement.bind.bind(statement);
    const all = statement.all.bind(statement);
    const run = statement.run.bind(statement);
    const askAll = () => counted(() => all(), rowsOf);
    Object.assign(statement, {
      bind: (...values: unknown[]) => statementOf(bind(...values)),
      all: askAll,
      run: () => counted(() => run(), rowsOf),
      first: async (column?: string) => {
        const row = (await askAll()).results[0] as Record<string, unknown> | undefined;
        return row === undefined ? null : column === undefined ? row : row[column];
      },
    });
    return statement;
  };
  const wrapped = <T extends D1Database | D1DatabaseSession>(database: T): T =>
    new Proxy(database, {
      get(target, name) {
        if (name === 'prepare') return (sql: string) => statementOf(target.prepare(sql));
        if (name === 'batch') {
          return (statements: D1PreparedStatement[]) =>
            counted(
              () => target.batch(statements),
              (results) => results.reduce((sum, result) => sum + rowsOf(result), 0),
            );
        }
        if (name === 'withSession') {
          return (constraint?: string) => wrapped((target as D1Database).withSession(constraint));
        }
        const member = Reflect.get(target, name, target) as unknown;
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  return {
    db: wrapped(db),
    counted: () => ({
      rounds: roundsOf(calls),
      calls: calls.length,
      rowsRead: calls.reduce((sum, call) => sum + call.rowsRead, 0),
    }),
  };
}

/** A call is one round later than the latest of those that had ended when it began. */
function roundsOf(calls: readonly Call[]): number {
  const rounds = new Map<Call, number>();
  for (const call of calls) {
    const before = calls.filter((one) => one.endedAt < call.startedAt).map((one) => rounds.get(one)!);
    rounds.set(call, Math.max(0, ...before) + 1);
  }
  return Math.max(0, ...rounds.values());
}
