import { z } from 'zod';
import {
  type AquaErrorCode,
  type AquaRefusal,
  aquaLimits,
  type Batch,
  type BatchFormat,
  type BatchJob,
  type BatchQuery,
  type BatchQueryRequest,
  type BatchVersion,
  type DeletedColumn,
  isAquaRefusal,
  refuseBatch,
} from '../domain/aqua/batch-query.ts';
import { notifyUrlOf } from '../domain/aqua/notify-url.ts';
import { isDateTime, readDateTime, toWireDateTime, wireText } from './values.ts';

/** What an export of a query without one says. */
const API_VERSION_DEFAULT = '145.0';
const FLAG = 'must be true or false';

/** Clients write booleans as text too. */
const wireFlag = z
  .union([z.boolean(), z.enum(['true', 'false', ''])], { error: FLAG })
  .transform((value) => value === true || value === 'true')
  .nullish();

function oneOf<const Word extends string>(words: readonly Word[]) {
  const error = `must be one of ${words.join(', ')}`;
  return z.string({ error }).toLowerCase().pipe(z.enum(words, { error })).nullish();
}

const wireColumn = z
  .string({ error: 'must be text' })
  .regex(/^[A-Za-z]\w{0,63}$/, 'must be a name of letters, digits and _, at most 64 characters');

const wireDeletedColumn = z.object(
  { column: wireColumn, format: oneOf(['boolean', 'numeric']), forceExport: wireFlag },
  { error: 'must be an object with column and format' },
);

const wireQuery = z.object(
  {
    name: wireText(aquaLimits.nameCharactersMax).nullish(),
    query: wireText(aquaLimits.queryCharactersMax).min(1, 'must not be empty'),
    type: oneOf(['zoql', 'zoqlexport']),
    apiVersion: z
      .union([z.string().max(20), z.number()], { error: 'must be an API version such as 145.0' })
      .nullish(),
    convertToCurrencies: z
      .literal('', { error: 'is not available: amounts are exported in their own currency' })
      .nullish(),
    // The contract lists it, its examples have one object.
    deleted: z
      .union([wireDeletedColumn, z.array(wireDeletedColumn).max(1, 'must have one column')], {
        error:
          'must be an object with a column (a name of letters, digits and _) and a format (Boolean or Numeric)',
      })
      .nullish(),
  },
  { error: 'must be a query: name, query and type' },
);

const VERSIONS: Record<string, BatchVersion> = { 1: '1.0', '1.0': '1.0', '1.1': '1.1', '1.2': '1.2' };

/** What must be possible in a path, where the session's last job is asked for. */
const wireSessionPart = z
  .string({ error: 'must be text' })
  .regex(
    /^(?!\.{1,2}$)[^\p{Cc}/\\#?%]{0,100}$/u,
    String.raw`must have at most 100 characters and none of / \ # ? %`,
  )
  .nullish();

export const wireBatchQueryRequest = z.object(
  {
    name: wireText(aquaLimits.nameCharactersMax).nullish(),
    format: oneOf(['csv', 'zip', 'gzip']),
    version: z
      .union([z.string(), z.number()], { error: 'must be 1.0, 1.1 or 1.2' })
      .refine((version) => Object.hasOwn(VERSIONS, version), 'must be 1.0, 1.1 or 1.2')
      .nullish(),
    encrypted: z
      .enum(['none', ''], { error: 'must be none: files are not encrypted, they travel by HTTPS' })
      .nullish(),
    partner: wireSessionPart,
    project: wireSessionPart,
    useQueryLabels: wireFlag,
    dateTimeUtc: wireFlag,
    incrementalTime: z
      .string({ error: 'must be a time, YYYY-MM-DD HH:MM:SS' })
      .refine((text) => text === '' || isDateTime(text), 'must be a time, YYYY-MM-DD HH:MM:SS')
      .nullish(),
    offset: z
      .int({ error: 'must be a whole number of seconds' })
      .min(0, `must be from 0 to ${aquaLimits.offsetMaxS}`)
      .max(aquaLimits.offsetMaxS, `must be from 0 to ${aquaLimits.offsetMaxS}`)
      .nullish(),
    nullReplacement: wireText(aquaLimits.nullReplacementCharactersMax).nullish(),
    notifyUrl: z.string({ error: 'must be text' }).nullish(),
    sourceData: oneOf(['live', 'warehouse']),
    warehouseSize: oneOf(['xsmall', 'null']),
    queries: z
      .array(z.unknown(), { error: 'must be a list of queries' })
      .max(aquaLimits.jobQueriesMax)
      .pipe(z.array(wireQuery))
      .nullish(),
  },
  { error: 'The body must be an object with format, version, name and queries.' },
);

/** Fields that have a code of their own; all others are a fault of the input. */
const FIELD_CODES: Record<string, AquaErrorCode> = {
  partner: '90019',
  project: '90019',
  incrementalTime: '90015',
  notifyUrl: '90014',
  convertToCurrencies: '90021',
};

function refusalOf({ path, message, code }: z.core.$ZodIssue): AquaRefusal {
  if (code === 'too_big' && path.length === 1 && path[0] === 'queries') return refuseBatch('90004');
  const field = path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${String(part)}`))
    .join('');
  const errorCode = FIELD_CODES[String(path.at(-1))] ?? '90005';
  return refuseBatch(errorCode, field === '' ? message : `${field} ${message}.`);
}

export interface ReadingOptions {
  /** In which times without an offset are meant. */
  readonly timeZone: string;
  readonly allowLoopback: boolean;
}

/** A job's id and status stand for themselves: what is looked at here is the URL around them. */
const ANY_NOTICE = { jobId: '0'.repeat(32), status: 'completed' };

/** POST /v1/batch-query/: the request, or what is wrong with it. */
export function readBatchQueryRequest(
  body: unknown,
  { timeZone, allowLoopback }: ReadingOptions,
): BatchQueryRequest | AquaRefusal {
  const parsed = wireBatchQueryRequest.safeParse(body);
  if (!parsed.success) return refusalOf(parsed.error.issues[0]!);
  const wire = parsed.data;
  const incrementalTime = readIncrementalTime(wire.incrementalTime, timeZone);
  if (incrementalTime !== null && isAquaRefusal(incrementalTime)) return incrementalTime;
  if (wire.notifyUrl) {
    const url = notifyUrlOf(wire.notifyUrl, ANY_NOTICE, { allowLoopback });
    if (isAquaRefusal(url)) return url;
  }
  return {
    name: wire.name ?? null,
    format: wire.format ?? 'csv',
    version: VERSIONS[wire.version ?? '1.0']!,
    partner: wire.partner || null,
    project: wire.project || null,
    useQueryLabels: wire.useQueryLabels ?? false,
    dateTimeUtc: wire.dateTimeUtc ?? false,
    incrementalTime,
    offsetS: wire.offset ?? 0,
    nullReplacement: wire.nullReplacement || null,
    notifyUrl: wire.notifyUrl || null,
    sourceData: SOURCES[wire.sourceData ?? 'live'],
    queries: (wire.queries ?? []).map(fromWireQuery),
  };
}

const SOURCES = { live: 'LIVE', warehouse: 'WAREHOUSE' } as const;

function readIncrementalTime(
  text: string | null | undefined,
  timeZone: string,
): BatchQueryRequest['incrementalTime'] | AquaRefusal {
  if (!text) return null;
  const time = readDateTime(text, timeZone);
  return time === null ? refuseBatch('90015') : { instant: time.instant, text };
}

function fromWireQuery(query: z.output<typeof wireQuery>): BatchQuery {
  return {
    name: query.name ?? null,
    text: query.query,
    language: query.type ?? 'zoqlexport',
    apiVersion: apiVersionOf(query.apiVersion),
    deleted: fromWireDeleted(Array.isArray(query.deleted) ? query.deleted[0] : query.deleted),
  };
}

/** Numbers lose their last zero in JSON: 145.0 comes as 145. */
function apiVersionOf(given: string | number | null | undefined): string {
  if (given === null || given === undefined || given === '') return API_VERSION_DEFAULT;
  return typeof given === 'number' && Number.isInteger(given) ? given.toFixed(1) : String(given);
}

function fromWireDeleted(given: z.output<typeof wireDeletedColumn> | null | undefined): DeletedColumn | null {
  if (!given) return null;
  return {
    column: given.column,
    format: given.format === 'numeric' ? 'Numeric' : 'Boolean',
    forceExport: given.forceExport ?? false,
  };
}

const FORMAT_NAMES: Record<BatchFormat, string> = { csv: 'CSV', zip: 'ZIP', gzip: 'GZIP' };

function orAbsent<Value>(name: string, value: Value | null): Record<string, Value> {
  return value === null ? {} : { [name]: value };
}

function jobFields({ status, request }: BatchJob) {
  return {
    status,
    format: FORMAT_NAMES[request.format],
    encrypted: 'none',
    ...orAbsent('name', request.name),
    sourceData: request.sourceData,
  };
}

function sessionFields({ request, useLastCompletedJobQueries }: BatchJob) {
  return {
    ...orAbsent('partner', request.partner),
    ...orAbsent('project', request.project),
    useLastCompletedJobQueries,
    offset: request.offsetS,
  };
}

/** What every reply says of a query. */
function batchFields({ id, query, status, rows }: Batch) {
  return {
    ...orAbsent('batchId', id),
    status,
    recordCount: rows,
    batchType: query.language,
    query: query.text,
    ...orAbsent('name', query.name),
  };
}

/** What the reply to a cancellation does not say again. */
function askedFields({ query: { apiVersion, deleted }, status, full }: Batch) {
  return {
    localizedStatus: status,
    apiVersion,
    full,
    ...orAbsent('deleted', deleted && [{ column: deleted.column, format: deleted.format }]),
  };
}

function resultFields({ status, isSegmented, fileIds, message }: Batch) {
  const isDone = status === 'completed';
  return {
    ...orAbsent('segments', isDone && isSegmented ? fileIds : null),
    ...orAbsent('fileId', isDone && !isSegmented ? fileIds[0]! : null),
    message,
  };
}

/** The reply to the request that made the job. */
export function toWireSubmittedJob(job: BatchJob) {
  const { request } = job;
  return {
    id: job.id,
    ...jobFields(job),
    ...sessionFields(job),
    version: Number(request.version),
    ...orAbsent('incrementalTime', request.incrementalTime?.text ?? null),
    ...orAbsent('notifyUrl', request.notifyUrl),
    batches: job.batches.map((batch) => ({
      ...batchFields(batch),
      ...askedFields(batch),
      ...orAbsent('message', batch.message || null),
    })),
  };
}

/** A job as it is read: its version is text here (sample-conflicts). */
export function toWireJob(job: BatchJob, timeZone: string) {
  return {
    id: job.id,
    ...jobFields(job),
    ...sessionFields(job),
    version: job.request.version,
    ...orAbsent('startTime', job.startedAt === null ? null : toWireDateTime(job.startedAt, timeZone)),
    batches: job.batches.map((batch) => ({
      ...batchFields(batch),
      ...askedFields(batch),
      ...resultFields(batch),
    })),
  };
}

/** A job that was cancelled. */
export function toWireCancelledJob(job: BatchJob) {
  return {
    id: job.id,
    ...jobFields(job),
    version: job.request.version,
    batches: job.batches.map((batch) => ({ ...batchFields(batch), ...resultFields(batch) })),
  };
}

/** A request that is not carried out. Clients read `message`, and some go on to cancel `id`. */
export function toWireRefusal(refusal: AquaRefusal, job: BatchJob | null) {
  return { ...(job === null ? { status: 'error' } : toWireSubmittedJob(job)), ...refusal };
}
