/** Everything that was asked for and takes longer than a request, in one shape: what a list of jobs shows, and nothing of what they carry. */
export const JOB_KINDS = [
  'operation',
  'export',
  'aqua',
  'dataQuery',
  'usageImport',
  'billingPreviewRun',
] as const;
export type JobKind = (typeof JOB_KINDS)[number];

/** One query of a job, or its only result: how far it is and the files that were made. */
export interface JobPart {
  readonly name: string | null;
  readonly status: string;
  readonly rows: number;
  readonly bytes: number;
  readonly fileIds: readonly string[];
  readonly message: string | null;
}

export interface ListedJob {
  /** Time-ordered: the larger, the later the job was asked for. */
  readonly id: string;
  readonly kind: JobKind;
  /** What it does, where its kind does several things: AsyncCreateOrder, csv. */
  readonly type: string | null;
  readonly name: string | null;
  /** In the words of its table. */
  readonly status: string;
  readonly message: string | null;
  /** Id of the document that it is about. */
  readonly referenceId: string | null;
  /** How much is done of how much: rows of an import; null where that is not known. */
  readonly done: number | null;
  readonly total: number | null;
  readonly parts: readonly JobPart[];
  readonly createdAt: string;
  readonly createdBy: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}
