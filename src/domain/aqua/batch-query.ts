/** Jobs of several queries (AQuA, conventions 9): what is asked for, and the refusals that AQuA has instead of the API's error codes. */

/** Bounds of Zuora's, and of what a request may bring. */
export const aquaLimits = {
  /** Queries of one job. */
  jobQueriesMax: 50,
  /** Jobs that have not ended, of each mode; more are refused. */
  statefulJobsMax: 50,
  statelessJobsMax: 50,
  /** Rows of one file of a segmented full load. */
  segmentRows: 500_000,
  /** A session without a completed job for longer than this begins anew, days. */
  sessionIdleDays: 180,
  /** How long a job may wait for its snapshot without losing what was deleted at the beginning of its window, days. */
  snapshotWaitDays: 1,
  /**
   * By how much an incremental load reaches back before the end of the one before. `UpdatedDate` is the clock of whoever commits, and is stamped
   * before the commit reaches the database: a row may come to light after a snapshot that is later than its own date. A commit of which the outcome
   * is unknown is tried six times, D1 gives each up to 30 s, and then is looked for: so much, and room for clocks that differ. What lies in
   * the overlap comes twice, which is harmless for rows that have an id; what is missing never comes.
   */
  overlapMs: 300_000,
  /** Furthest that `offset` moves the end of a load back, seconds. */
  offsetMaxS: 86_400,
  /** Longest URL is one shorter. */
  notifyUrlCharacters: 5_000,
  queryCharactersMax: 50_000,
  nameCharactersMax: 255,
  nullReplacementCharactersMax: 255,
} as const;

export type BatchFormat = 'csv' | 'zip' | 'gzip';
export type BatchVersion = '1.0' | '1.1' | '1.2';
export type BatchLanguage = 'zoql' | 'zoqlexport';

/** A column that says of each row whether it was deleted. */
export interface DeletedColumn {
  readonly column: string;
  readonly format: 'Boolean' | 'Numeric';
  /** Deleted rows are wanted of a stateless job as well. */
  readonly forceExport: boolean;
}

export interface BatchQuery {
  readonly name: string | null;
  readonly text: string;
  readonly language: BatchLanguage;
  readonly apiVersion: string;
  readonly deleted: DeletedColumn | null;
}

/** A checked request. */
export interface BatchQueryRequest {
  readonly name: string | null;
  readonly format: BatchFormat;
  readonly version: BatchVersion;
  readonly partner: string | null;
  readonly project: string | null;
  /** Columns are headed as the query names them, and not by labels. */
  readonly useQueryLabels: boolean;
  /** Instants are shown in UTC, and not in the tenant's zone. */
  readonly dateTimeUtc: boolean;
  /** Instant from which on rows are wanted, and the text that gave it; null: since the last job. */
  readonly incrementalTime: { readonly instant: string; readonly text: string } | null;
  /** The load ends so much before its job begins, seconds. */
  readonly offsetS: number;
  /** What stands for null; null: nothing. */
  readonly nullReplacement: string | null;
  readonly notifyUrl: string | null;
  /** Both are the same data here. */
  readonly sourceData: 'LIVE' | 'WAREHOUSE';
  /** Empty: those of the last completed job. */
  readonly queries: readonly BatchQuery[];
}

/** Whether jobs of this partner and project continue each other. */
export function isStateful(request: Pick<BatchQueryRequest, 'version' | 'partner' | 'project'>): boolean {
  return request.version !== '1.0' && request.partner !== null && request.project !== null;
}

/**
 * Zuora's own words, to the letter where clients compare them: some decide by 'syntax error in …' and by 'Objects included …' what can be
 * queried at all. What exactly is wrong with a query is said by its batch.
 */
const MESSAGES = {
  '90002': 'Invalid Job Id.',
  '90003': 'Invalid Job Id for job cancellation.',
  '90004': `Invalid number of queries allowed. A maximum of ${aquaLimits.jobQueriesMax} queries are supported in an AQuA request.`,
  '90005': 'There is a syntax error in one of the queries in the AQuA input',
  '90012': 'Stateless AQuA does not support deleted columns.',
  '90014': `notifyURL must be less than ${aquaLimits.notifyUrlCharacters} characters in length.`,
  '90015': 'The incremental timestamp is invalid.',
  '90016': 'There are no queries included in the AQuA request.',
  '90017':
    'Objects included in the queries do not support the querying of deleted records. Remove Deleted section in the JSON request and retry the request',
  '90019': 'Partner ID is not recognized.',
  '90021': 'Invalid currency specified in the convertToCurrencies request parameter.',
  '90028': 'The total number of concurrent jobs has exceeded the limit allowed by the system.',
} as const;
export type AquaErrorCode = keyof typeof MESSAGES;

export interface AquaRefusal {
  readonly errorCode: AquaErrorCode;
  readonly message: string;
}

/** @param detail said instead of Zuora's words: it names the field */
export function refuseBatch(errorCode: AquaErrorCode, detail?: string): AquaRefusal {
  return { errorCode, message: detail ?? MESSAGES[errorCode] };
}

export function isAquaRefusal(value: object): value is AquaRefusal {
  return 'errorCode' in value;
}

export type BatchJobStatus = 'submitted' | 'executing' | 'completed' | 'error' | 'aborted' | 'cancelled';
export type BatchStatus =
  | 'submitted'
  | 'pending'
  | 'executing'
  | 'completed'
  | 'aborted'
  | 'cancelled'
  | 'deleted_notallowed';

/** A query of a job, and how far it is. */
export interface Batch {
  /** Null: the job was refused, so that there is nothing to ask about. */
  readonly id: string | null;
  readonly query: BatchQuery;
  readonly full: boolean;
  readonly status: BatchStatus;
  readonly rows: number;
  /** Files of its rows when it is completed: one, or segments. */
  readonly fileIds: readonly string[];
  /** Its file was to be cut into segments. */
  readonly isSegmented: boolean;
  /** Why it was aborted; '' when it was not. */
  readonly message: string;
}

/** A job as callers see it. */
export interface BatchJob {
  readonly id: string;
  readonly status: BatchJobStatus;
  readonly request: BatchQueryRequest;
  readonly useLastCompletedJobQueries: boolean;
  /** Instant at which it began to be carried out; null: not yet. */
  readonly startedAt: string | null;
  readonly batches: readonly Batch[];
}
