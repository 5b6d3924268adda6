import { z } from 'zod';

/** Data Query's jobs: SQL in, a file out (conventions 11). */

const FORMATS = { JSON: 'jsonLines', CSV: 'csv', TSV: 'tsv', DSV: 'dsv' } as const;
const COMPRESSIONS = { NONE: 'none', GZIP: 'gzip', ZIP: 'zip' } as const;
/** What separates lines and quotes values cannot separate values. */
const SEPARATOR = /^[^"\r\n]$/u;

export const wireNewDataQuery = z
  .object({
    query: z.string({ error: 'must be a text' }).refine((text) => text.trim() !== '', 'must not be empty'),
    outputFormat: z.enum(['JSON', 'CSV', 'TSV', 'DSV'], { error: 'must be JSON, CSV, TSV or DSV' }),
    compression: z.enum(['NONE', 'GZIP', 'ZIP'], { error: 'must be NONE, GZIP or ZIP' }),
    output: z.object(
      { target: z.literal('S3', { error: 'must be S3: a file that is fetched by its address' }) },
      { error: 'must be an object with target' },
    ),
    columnSeparator: z
      .string({ error: 'must be a text' })
      .regex(SEPARATOR, 'must be one character, no quote and no line break')
      .refine((text) => text.length === 1, 'must be one character of the basic plane')
      .optional(),
    encryptionKey: z.undefined({ error: 'is not supported: files are not encrypted' }).optional(),
    readDeleted: z.boolean({ error: 'must be true or false' }).optional(),
    useIndexJoin: z.boolean({ error: 'must be true or false' }).optional(),
    sourceData: z.enum(['LIVE', 'WAREHOUSE'], { error: 'must be LIVE or WAREHOUSE' }).optional(),
    warehouseSize: z.enum(['xsmall', 'NULL'], { error: 'must be xsmall' }).nullish(),
  })
  .refine(({ outputFormat, columnSeparator }) => columnSeparator === undefined || outputFormat === 'DSV', {
    path: ['columnSeparator'],
    error: 'goes with outputFormat DSV',
  });

export type NewDataQuery = z.output<typeof wireNewDataQuery>;

/** How a request wants its file. */
export function fromWireOutput({ outputFormat, compression, columnSeparator }: NewDataQuery) {
  return {
    format: FORMATS[outputFormat],
    compression: COMPRESSIONS[compression],
    ...(columnSeparator === undefined ? {} : { separator: columnSeparator }),
  };
}

/** What a job's reply shows again of its request. */
export interface DataQueryRequest {
  readonly useIndexJoin: boolean;
  readonly sourceData: 'LIVE' | 'WAREHOUSE';
}

export function fromWireRequest({ useIndexJoin, sourceData }: NewDataQuery): DataQueryRequest {
  return { useIndexJoin: useIndexJoin ?? false, sourceData: sourceData ?? 'LIVE' };
}

type Status = 'submitted' | 'executing' | 'completed' | 'failed' | 'cancelled';

/** A job that waits has been looked at: its query is one that can be carried out. */
const WIRE_STATUS = {
  submitted: 'accepted',
  executing: 'in_progress',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
} as const satisfies Record<Status, string>;

const STATUS_OF_WIRE: Readonly<Record<string, Status>> = {
  submitted: 'submitted',
  accepted: 'submitted',
  in_progress: 'executing',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};

export const wireDataQueryList = z.object({
  queryStatus: z
    .enum(['submitted', 'accepted', 'in_progress', 'completed', 'failed', 'cancelled'], {
      error: 'must be accepted, in_progress, completed, failed or cancelled',
    })
    .optional(),
  pageSize: z
    .string()
    .regex(/^[1-9]\d{0,5}$/, 'must be a whole number from 1')
    .optional(),
});

export function fromWireStatus(status: string | undefined): Status | null {
  return status === undefined ? null : (STATUS_OF_WIRE[status] ?? null);
}

/** A job, as far as replies show it. Instants are in UTC with milliseconds. */
export interface DataQueryJob {
  readonly id: string;
  readonly status: Status;
  readonly query: string;
  readonly request: DataQueryRequest;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly updatedAt: string;
  readonly rows: number;
  readonly message: string | null;
  /** Address of the file; null until it is there. */
  readonly fileUrl: string | null;
  readonly remainingRetries: number;
}

export function toWireDataQuery(job: DataQueryJob) {
  const { startedAt, finishedAt } = job;
  const done = job.status === 'completed';
  return {
    id: toWireJobId(job.id),
    query: job.query,
    queryStatus: WIRE_STATUS[job.status],
    ...(done && job.fileUrl !== null ? { dataFile: job.fileUrl, outputRows: job.rows } : {}),
    ...(done && startedAt !== null && finishedAt !== null
      ? { processingTime: Date.parse(finishedAt) - Date.parse(startedAt) }
      : {}),
    ...(job.status === 'failed' ? { errorMessage: job.message ?? '' } : {}),
    useIndexJoin: job.request.useIndexJoin,
    sourceData: job.request.sourceData,
    remainingRetries: job.remainingRetries,
    createdBy: job.createdBy,
    createdOn: job.createdAt,
    updatedOn: job.updatedAt,
  };
}

/** Ids of these jobs are shown as UUIDs. */
export function toWireJobId(id: string): string {
  return [id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20)].join('-');
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** The id that a path names, with or without dashes; null when it is none. */
export function fromWireJobId(text: string): string | null {
  const id = text.toLowerCase();
  if (/^[0-9a-f]{32}$/.test(id)) return id;
  return isUuid(id) ? id.replaceAll('-', '') : null;
}
