import { env } from 'cloudflare:workers';
import { createQueryJob, type QueryJob, type QueryStatement } from '../../src/persistence/query-jobs.ts';
import type { CompiledQuery, ResultColumn, SourceTable } from '../../src/query/compiled-query.ts';
import { QueryError } from '../../src/query/compiled-query.ts';
import { languages } from '../../src/query/execution/languages.ts';

/** A language for tests of the executor alone: its text is what other languages are compiled to, as JSON. */
export const PLAIN = 'plain';

export interface PlainQuery {
  readonly sql: string;
  readonly columns: ReadonlyArray<readonly [header: string, type: ResultColumn['type']]>;
  readonly sources: Readonly<
    Record<string, { columns: readonly string[] } & Partial<Omit<SourceTable, 'columns'>>>
  >;
  readonly parameters?: CompiledQuery['parameters'];
}

languages.set(PLAIN, (text) => {
  if (text === 'nonsense') throw new QueryError('It is nonsense.', { line: 1, column: 1 });
  const { sql, columns, sources, parameters = [] } = JSON.parse(text) as PlainQuery;
  return {
    sql,
    parameters,
    columns: columns.map(([header, type]) => ({ header, type })),
    sources: new Map(
      Object.entries(sources).map(([table, source]) => [
        table,
        { where: null, withDeleted: false, ...source, columns: new Set(source.columns) },
      ]),
    ),
  };
});

let created = 0;

/** An id later than all before: jobs wait in this order. */
export function queryJobId(): string {
  created += 1;
  return Date.now().toString(16).padStart(12, '0') + created.toString(16).padStart(20, '0');
}

export function statementOf(
  query: PlainQuery | string,
  output: Partial<QueryStatement['output']> = {},
): QueryStatement {
  created += 1;
  return {
    id: `statement ${created}`,
    name: null,
    language: PLAIN,
    text: typeof query === 'string' ? query : JSON.stringify(query),
    options: {},
    output: { format: 'csv', compression: 'none', fileName: 'result', segmentRows: null, ...output },
    status: 'submitted',
    rows: 0,
    bytes: 0,
    fileIds: [],
    message: null,
  };
}

export function jobOf(statements: readonly QueryStatement[], fields: Partial<QueryJob> = {}): QueryJob {
  const now = new Date().toISOString();
  return {
    id: queryJobId(),
    kind: 'export',
    status: 'submitted',
    name: null,
    request: {},
    statements,
    message: null,
    partner: null,
    project: null,
    createdAt: now,
    createdBy: 'test',
    startedAt: null,
    finishedAt: null,
    snapshotAt: null,
    updatedAt: now,
    attempts: 0,
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    ...fields,
  };
}

/** Stores a job as a surface does. */
export async function submit(job: QueryJob): Promise<QueryJob> {
  const outcome = await createQueryJob(env.DB, job, { waitingMax: 100, bytesMax: 1_000_000 });
  if (outcome !== 'created') throw new Error(outcome);
  return job;
}
