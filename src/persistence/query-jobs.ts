/** A job that makes queries into files. */
export interface QueryJob {
  readonly id: string;
  /** The surface that it was asked for through. */
  readonly kind: 'export' | 'aqua' | 'dataQuery';
  readonly status: 'submitted' | 'executing' | 'completed' | 'failed' | 'cancelled';
  readonly name: string | null;
  /** What its surface wants to show again: never read by the executor. */
  readonly request: { readonly [name: string]: unknown };
  readonly statements: readonly QueryStatement[];
  /** Why it failed. */
  readonly message: string | null;
  /** Whose changes since the last time are asked for; null where the whole is. */
  readonly partner: string | null;
  readonly project: string | null;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** The instant that its rows are of. */
  readonly snapshotAt: string | null;
  /** Also of the last sign that it goes on. */
  readonly updatedAt: string;
  /** Slices in a row that ended without one. */
  readonly attempts: number;
  readonly expiresAt: string;
}

/** One query of a job and the file, or segments of it, that it is made into. */
export interface QueryStatement {
  readonly id: string;
  readonly name: string | null;
  /** As execution/languages.ts in src/query knows it: exportZoql, dataQuery. */
  readonly language: string;
  readonly text: string;
  /** What the language's compiler takes beside the text. */
  readonly options: { readonly [name: string]: unknown };
  readonly output: StatementOutput;
  readonly status: 'submitted' | 'executing' | 'completed' | 'failed' | 'cancelled';
  /** Of the finished file or files. */
  readonly rows: number;
  readonly bytes: number;
  /** One, or a file for each segment. */
  readonly fileIds: readonly string[];
  readonly message: string | null;
}

export interface StatementOutput {
  readonly format: 'csv' | 'tsv' | 'dsv' | 'jsonLines' | 'html' | 'xlsx';
  readonly compression: 'none' | 'gzip' | 'zip';
  /** Between the values of dsv: one character. */
  readonly separator?: string;
  /** What stands for a value that there is not; default: nothing. */
  readonly nullText?: string;
  /** 'dateTime': 2026-01-31T08:00:00.000Z; 'space': 2026-01-31 08:00:00.000. */
  readonly instants?: 'dateTime' | 'space';
  /** Before the file's extension. */
  readonly fileName: string;
  /** Rows of a segment; null: one file of all rows. */
  readonly segmentRows: number | null;
}
