import { newTimeOrderedId } from '../../account/runtime.ts';
import { refuse } from '../../domain/result.ts';
import { limits } from '../../env.ts';
import { databaseOf } from '../../persistence/database.ts';
import {
  createQueryJob,
  type QueryJob,
  readQueryJob,
  type StatementOutput,
  submittedJob,
  submittedStatement,
} from '../../persistence/query-jobs.ts';
import { readSettings } from '../../persistence/tenant-settings.ts';
import { compileExportZoql, type ExportZoqlOptions } from '../../query/export-zoql/compile.ts';
import { QueryFault } from '../../query/filtering/query-fault.ts';
import { type ExportView, type NewExport, toWireExport, wireNewExport } from '../../wire/object-export.ts';
import { onlyFields, wireFields } from '../../wire/object-fields.ts';
import { announceJob } from '../announce-job.ts';
import type { AppContext } from '../context.ts';
import { json, refused } from '../errors.ts';
import { type AnyOperation, operation, reader } from '../operation.ts';

const envelope = 'crud';
const FORMATS: Readonly<Record<NewExport['Format'], StatementOutput['format']>> = {
  csv: 'csv',
  html: 'html',
  Excel: 'xlsx',
};
/** What files are not called on some system. */
const NOT_IN_FILE_NAMES = /[\p{Cc}\p{Cs}/\\:*?"<>|]/gu;

/** Takes an export in, when its query can be carried out. */
async function create(c: AppContext, body: NewExport): Promise<Response> {
  const now = new Date().toISOString();
  const { timeZone } = await readSettings(reader(c));
  const options: ExportZoqlOptions = {
    now,
    timeZone,
    headers: 'labels',
    changedSince: null,
    deletedColumn: null,
  };
  const fault = faultIn(body.Query, options);
  if (fault !== null) {
    const { code, message, place } = fault;
    const Message = `Query: ${message}${place === null ? '' : ` (line ${place.line}, column ${place.column})`}`;
    return json(c, 400, JSON.stringify({ Success: false, Errors: [{ Code: code, Message }] }));
  }
  const job = jobOf(body, options, c.get('caller').clientId);
  const created = await createQueryJob(databaseOf(c.env), job, {
    waitingMax: limits.queryJobsWaitingMax,
    bytesMax: limits.queryJobBytesMax,
  });
  if (created === 'tooMany') {
    const message = `${limits.queryJobsWaitingMax} exports and queries wait already: try again when some of them are done.`;
    return refused(c, refuse('limit', message));
  }
  if (created === 'tooLarge') return refused(c, refuse('invalid', 'is too long', 'Query'));
  announceJob(c, { version: 1, job: 'query', jobId: job.id });
  return c.json({ Success: true, Id: job.id });
}

function faultIn(query: string, options: ExportZoqlOptions): QueryFault | null {
  try {
    compileExportZoql(query, options);
    return null;
  } catch (error) {
    if (error instanceof QueryFault) return error;
    throw error;
  }
}

function jobOf(body: NewExport, options: ExportZoqlOptions, createdBy: string): QueryJob {
  const { now } = options;
  const id = newTimeOrderedId(now);
  const name = body.Name ?? null;
  const job = {
    id,
    kind: 'export' as const,
    name,
    request: { format: body.Format, zip: body.Zip ?? false },
    statements: [
      submittedStatement({
        id: newTimeOrderedId(now),
        name,
        language: 'exportZoql',
        text: body.Query,
        options: { ...options },
        output: {
          format: FORMATS[body.Format],
          compression: body.Zip === true ? 'zip' : 'none',
          instants: 'seconds',
          fileName: name?.replaceAll(NOT_IN_FILE_NAMES, '_') || `Export_${id}`,
          segmentRows: null,
        },
      }),
    ],
    partner: null,
    project: null,
    createdBy,
  };
  return submittedJob(job, now, limits.queryJobDays);
}

function viewOf(job: QueryJob): ExportView {
  const statement = job.statements[0]!;
  const { format, zip } = job.request as { readonly format: NewExport['Format']; readonly zip: boolean };
  const isDone = statement.status === 'completed';
  const { id, name, status, message, createdAt, createdBy, updatedAt } = job;
  return {
    ...{ id, name, status, message, createdAt, createdBy, updatedAt },
    query: statement.text,
    format,
    zip,
    fileId: isDone ? (statement.fileIds[0] ?? null) : null,
    bytes: isDone ? statement.bytes : null,
  };
}

/** Exports of data sources, written in Export ZOQL. */
export const objectExportOperations: readonly AnyOperation[] = [
  operation({
    id: 'Object_POSTExport',
    method: 'post',
    path: '/v1/object/export',
    role: 'read',
    envelope,
    fansOut: true,
    body: wireNewExport,
    handle: (c, { body }) => create(c, body),
  }),
  operation({
    id: 'Object_GETExport',
    method: 'get',
    path: '/v1/object/export/:id',
    role: 'read',
    envelope,
    query: wireFields,
    async handle(c, { query }) {
      const db = reader(c);
      const id = c.req.param('id') ?? '';
      const job = await readQueryJob(db, id, new Date().toISOString());
      // Jobs of other surfaces lie in the same table.
      if (job?.kind !== 'export') return refused(c, refuse('not_found', `There is no export ${id}.`));
      const { timeZone } = await readSettings(db);
      return c.json(onlyFields(toWireExport(viewOf(job), timeZone), query.fields));
    },
  }),
];
