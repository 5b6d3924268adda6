import type { AccountObject } from './account/account-object.ts';
import type { CommitObject } from './account/commit-object.ts';
import type { LogObject } from './persistence/api-log/log-object.ts';
import type { QueryObject } from './query/execution/query-object.ts';

/** Bindings and variables of the Worker (wrangler.toml). */
export interface Env {
  readonly DB: D1Database;
  readonly ACCOUNTS: DurableObjectNamespace<AccountObject>;
  readonly COMMITS: DurableObjectNamespace<CommitObject>;
  readonly QUERIES: DurableObjectNamespace<QueryObject>;
  readonly LOG: DurableObjectNamespace<LogObject>;
  readonly METRICS_QUEUE: Queue<unknown>;
  readonly JOBS_QUEUE: Queue<unknown>;
  readonly FILES: R2Bucket;
  readonly ASSETS?: Fetcher;
  /** 'lane': every account object commits on its own. 'shared': one object per database commits for all. Otherwise whichever is faster. */
  readonly COMMIT_SEAM?: string;
  /** 'info': a line per request and commit; otherwise only what needs attention. */
  readonly LOG_LEVEL?: string;
  /** 'off': calls are not kept for the API log. */
  readonly API_LOG?: string;
  /** Where the database is, for objects to be placed beside it: a Durable Object location hint such as 'weur'. */
  readonly LOCATION_HINT?: DurableObjectLocationHint;
  /** Milliseconds added to every D1 call, to see locally what a distant database does. Never set when deployed. */
  readonly SIMULATED_D1_LATENCY_MS?: string;
  /** 'on': there is a gateway named Test, which approves payments and moves no money. Never set where payments are real. */
  readonly TEST_GATEWAY?: string;
  /** 'on': notify URLs may be of this very machine, by plain HTTP. For local tests; never set when deployed. */
  readonly NOTIFY_LOOPBACK?: string;
  /** Credentials that the pages of the documentation show in their calls. Only a local server has them; never set when deployed. */
  readonly LOCAL_CLIENT_ID?: string;
  readonly LOCAL_CLIENT_SECRET?: string;
  readonly RATE_REQUESTS_PER_MINUTE_MAX?: string;
  readonly CONCURRENT_REQUESTS_MAX?: string;
  readonly CONCURRENT_HIGH_VOLUME_MAX?: string;
  readonly CONCURRENT_OBJECT_QUERY_MAX?: string;
  readonly BODY_BYTES_MAX?: string;
}

/** What code that is tested with other limits takes. */
export type Limits = { readonly [L in keyof typeof limits]: number };

/** Every limit of the engine by name; the unit is the last word. Limits of the published API are beside their resource. */
export const limits = {
  /** Commands that one commit of a lane takes at the most. */
  groupCommandsMax: 256,
  /** Request bytes that one commit of a lane takes; a single larger request still commits alone. */
  groupBytesMax: 500_000,
  /** Turns of the event loop that a lane under load spends on taking in what has arrived. */
  gatherTurnsMax: 20,
  /** JSON bytes that one D1 batch takes from all lanes together. */
  batchBytesMax: 4_000_000,
  ownCommitCommandsMin: 16,
  contendedFactor: 2,
  contendedMinMs: 6,
  sharedCommits: 20,
  /** Commands that wait in one lane; above it callers get 503 with Retry-After. */
  queueCommandsMax: 10_000,
  /** Objects that a lane keeps in memory between commits. */
  cacheEntitiesMax: 4_000,
  /** How often a command is decided again because somebody else was first, before the caller gets 503. */
  decideAttemptsMax: 12,
  /** Rounds of following references that were not known beforehand. */
  loadRoundsMax: 8,
  /** How often one batch is sent while its outcome is unknown. */
  commitAttemptsMax: 6,
  /** How often D1 is asked whether a commit is there. */
  lookupAttemptsMax: 6,
  /** First and longest pause between attempts, milliseconds. */
  retryPauseMinMs: 10,
  retryPauseMaxMs: 1_000,
  /** Numbers leased at once: first lease, doubling up to the largest. */
  leaseNumbersMin: 10,
  leaseNumbersMax: 1_000,
  /** How long a first reply is kept for its idempotency key, hours. */
  idempotencyHours: 24,
  /** Account ids in one queue message. */
  messageAccountsMax: 100,
  /** Deltas that one page of an account's operations looks at for those that moved a metric. */
  metricOperationsScannedMax: 2_000,
  /** Deltas that a reader of an account's history adds to its days at once; the rest follows after the reply, in so many such steps. */
  metricHistoryStepDeltasMax: 2_000,
  metricHistoryStepsMax: 50,
  /** So long an isolate believes that the steps it began are still being done, milliseconds. */
  metricHistoryRunMs: 30_000,
  /** Fewer days than this are shown by their latest deltas instead, at most so many. */
  metricHistoryDaysMin: 3,
  metricHistoryLatestDeltasMax: 100,
  /** The longest history that one request shows, days, and what it shows when nothing is asked for. */
  metricHistoryDaysMax: 1_100,
  metricHistoryDefaultDays: 90,
  /** Rows of each kind of object that a search finds. */
  searchRowsMax: 10,
  /** Accounts that the consumer folds in one transaction. */
  foldAccountsMax: 100,
  /** A due account that is older than this at a sweep is sent again, milliseconds. */
  dueResendAfterMs: 10_000,
  /** Due accounts that one sweep sends. */
  sweepAccountsMax: 10_000,
  /** Expired rows that one transaction deletes. */
  expireRowsMax: 2_000,
  /** A job that was accepted longer ago than this and is not finished at a sweep is asked for again, milliseconds. */
  asyncJobResendAfterMs: 30_000,
  /** Such jobs that one sweep asks for. */
  sweepJobsMax: 1_000,
  /** How often one message about a job is delivered while the job can't be carried out; after that the sweep asks again. */
  asyncJobDeliveriesMax: 3,
  /** Commits of one job of several pieces that one delivery of a message makes. */
  asyncJobPiecesMax: 100,
  /** How long such a message waits for its next delivery, seconds. */
  asyncJobRetryDelayS: 5,
  /** Age at which a job that can't be carried out is given up as Failed, milliseconds. */
  asyncJobGiveUpAfterMs: 3_600_000,
  /** How long a gateway may take to answer before its answer counts as lost, milliseconds. */
  gatewayAnswerMs: 30_000,
  /** A payment or refund that has been Processing for longer than this at a sweep is asked for again, milliseconds. */
  gatewayAskAgainAfterMs: 60_000,
  /** Such payments, and such refunds, that one sweep asks for: the longest waiting, and as many of the others. */
  sweepGatewayMax: 1_000,
  /** How long a finished job can be read, days. */
  asyncJobDays: 30,
  /** How long a file can be fetched, days. */
  fileDays: 3,
  /** Lines of a document that is made into a PDF file, which is in memory as a whole. */
  pdfLinesMax: 5_000,
  /** Expired files that one delivery deletes with their content. */
  expireFilesMax: 200,
  /** Due objects of one account that are read, and whose commands are sent, at once. */
  scheduledPageMax: 250,
  /** Such pages that one delivery of a message does before the rest travels in the next message. */
  scheduledPagesPerMessage: 4,
  /** How long an account's scheduled work is left to the message that was sent for it, milliseconds. */
  scheduledClaimMs: 300_000,
  /** Pairs of account and day with due work that one tick looks at. */
  scheduledPairsMax: 10_000,
  /** Pairs that are read at once. */
  scheduledPairsPageMax: 500,
  /** Due objects that are counted for people to see; above it the count says so much. */
  scheduledCountMax: 10_000,
  /** Accounts that are looked at in one page when a bill run is planned, and that get their rows in one commit. */
  billRunPlanPageMax: 500,
  /** Such pages, and pages of accounts that are asked for, that one delivery of a message about a bill run does. */
  billRunPagesPerMessage: 4,
  /** Accounts of a bill run that one queue message names. A batch of ten messages is one invocation, which has 1,000 queries. */
  billRunMessageAccountsMax: 10,
  /** Subscriptions of one account that one commit of a bill run bills. */
  billRunPieceSubscriptionsMax: 200,
  /** Steps of its accounts, of all together, that one delivery does before the rest travels in the next message; each takes one at least. */
  billRunStepsPerMessage: 20,
  /** Lines that one commit moves from an invoice below zero into its credit memo. */
  billRunMoveLinesMax: 500,
  /** Documents of one account that one step finishes, posts, cancels or deletes. */
  billRunDocumentsMax: 100,
  /** An account of a bill run of which nothing was heard for so long is asked for again, milliseconds. */
  billRunResendAfterMs: 300_000,
  /** Accounts that one look at a billing preview run's next ones takes in. */
  previewRunAccountsMax: 20,
  /** Lines after which a piece of a billing preview run's file ends. */
  previewRunPieceLinesMax: 5_000,
  /** Such pieces that one delivery writes before the rest travels in the next message. */
  previewRunPiecesPerMessage: 4,
  /** Queries for accounts and their subscriptions that one delivery makes for them. */
  previewRunReadsPerMessage: 80,
  /** Bill runs and billing preview runs that one sweep asks for. */
  sweepBillRunsMax: 100,
  /** Pieces of a file with usage that one delivery of a message records before the rest travels in the next message. */
  usagePiecesPerMessage: 10,
  /** An import of usage that has not moved for so long at a sweep is asked for again, milliseconds. */
  usageImportResendAfterMs: 30_000,
  /** Such imports that one sweep asks for. */
  sweepUsageImportsMax: 1_000,
  /** How long a file with usage is kept, days. */
  usageFileDays: 30,
  /** Rows that the first page of a copy looks at, and the largest. Pages in between are so large that D1 is busy with one for `copyPageMs`. */
  copyPageRowsMin: 20,
  copyPageRowsMax: 5_000,
  /** How long D1 shall be busy with one page of a copy, milliseconds: a commit waits for at most one. */
  copyPageMs: 10,
  /** Above this the next page of a copy is smaller, bytes. */
  copyPageBytes: 2_000_000,
  /** What a job may copy, bytes. */
  copyBytesMax: 4_000_000_000,
  /** While there are commits, all running query jobs together work for so much of the time, percent. */
  queryWorkPercent: 8,
  /** So long after the last commit there are no writers any more, milliseconds. */
  queryCalmMs: 3_000,
  /** The longest rest between two pieces of a query job's work, milliseconds. */
  queryRestMsMax: 5_000,
  /** How long a query job works at a time, milliseconds: the message that asks for it waits for the first slice. */
  querySliceMs: 2_000,
  /** How long a query job may take from its start, seconds. */
  querySecondsMax: 14_400,
  /** What was asked for with a job, bytes. */
  queryJobBytesMax: 1_000_000,
  /** Rows that one query gives. */
  queryRowsMax: 5_000_000,
  /** A file that a query is made into, bytes: uncompressed and as it is stored. */
  queryFileBytesMax: 2_047_000_000,
  /** A piece of such a file in R2, bytes; the last one is smaller, others may be a little larger. */
  queryFilePieceBytes: 1_000_000,
  /** Query jobs that run at once, and that wait for their turn. */
  queryJobsRunningMax: 5,
  queryJobsWaitingMax: 100,
  /** Slices of a query job in a row that ended by an error or not at all; then it has failed. */
  queryAttemptsMax: 5,
  /** A running query job that gave no sign for so long at a sweep is asked for again, milliseconds. */
  queryResendAfterMs: 60_000,
  /** Such jobs that one sweep asks for. */
  sweepQueryJobsMax: 100,
  /** How long a query job can be read, days. */
  queryJobDays: 180,
  /** How long deleted objects are remembered for incremental exports, days. */
  deletedRecordDays: 30,
  /** How long a notify URL may take to answer, milliseconds. */
  notifyTimeoutMs: 10_000,
  /** How often one is called while it doesn't take the notice. */
  notifyDeliveriesMax: 5,
  /** How long the first of the next calls waits, seconds; each waits twice as long as the one before. */
  notifyRetryDelayS: 30,
  /** A job's end that should have been told for so long at a sweep is asked for again, milliseconds. */
  notifyResendAfterMs: 30_000,
  /** Such jobs that one sweep asks for. */
  sweepNoticesMax: 1_000,
  /** Filters of one Object Query, values of a list that it filters by, paths that it expands and their names, fields that it names. */
  objectQueryFiltersMax: 50,
  objectQueryListValuesMax: 500,
  objectQueryExpandsMax: 50,
  objectQueryExpandLevelsMax: 6,
  objectQueryFieldsMax: 1_000,
  objectQueryCursorCharactersMax: 4_000,
  /** Rows that one page looks at along an index for those that its filters leave. */
  objectQueryRowsScannedMax: 10_000,
  /** Rows that a page is sorted from where no index has its order. */
  objectQueryRowsSortedMax: 20_000,
  /** Records that one page expands to, of all its lists and objects together, each as often as it is shown. */
  objectQueryRowsExpandedMax: 20_000,
  /** How long the Worker trusts a token that it has seen, milliseconds: a revocation takes effect within it. */
  tokenCacheMs: 10_000,
  /** Tokens that one isolate remembers. */
  tokenCacheMax: 1_000,
  /** Calls that an isolate keeps for the API log in one second: those that succeeded, and those that failed beside them. */
  apiLogCallsPerSecondMax: 50,
  apiLogFailuresPerSecondMax: 25,
  /** Calls that the log as a whole takes at once, and in each second afterwards; of failures half as many beside them. */
  apiLogBurstCallsMax: 20_000,
  apiLogSustainedCallsPerSecond: 10,
  /** How long an isolate gathers calls before it sends them to the log, milliseconds. */
  apiLogPauseMs: 1_000,
  /** Calls that wait in an isolate, and what their bodies hold, characters: more are not kept. */
  apiLogBufferCallsMax: 500,
  apiLogBufferCharactersMax: 8_000_000,
  /** Seconds for which an isolate remembers how many calls it did not keep, until the log has taken it. */
  apiLogSecondsMax: 600,
  /** What is kept of a body, and of a path with its query, characters. */
  apiLogBodyCharactersMax: 16_000,
  apiLogPathCharactersMax: 2_000,
  /** What is looked through of a body for the accounts that it names, characters. */
  apiLogLookedThroughCharactersMax: 100_000,
  /** Accounts that a call can be found by. */
  apiLogAccountsMax: 10,
  /** Codes that are kept of a reply that says what is wrong. */
  apiLogErrorCodesMax: 10,
  /** How long a call is kept, days; how many are; how much, bytes. */
  apiLogDays: 7,
  apiLogCallsMax: 500_000,
  apiLogBytesMax: 2_000_000_000,
  /** Calls that are removed in one step, beside as many as came in with it. */
  apiLogRemovedCallsMax: 200,
  /** How long the log waits before it looks for calls that are too old, milliseconds, and between two steps of removing them. */
  apiLogRemoveAfterMs: 3_600_000,
  apiLogRemoveNextMs: 1_000,
  /** Calls that one page of the log looks at for those that its filters leave. */
  apiLogCallsScannedMax: 2_000,
  /** Seconds with calls that were not kept that one page of the log tells. */
  apiLogSecondsShownMax: 100,
  /** Lifetime of an access token, seconds. */
  tokenLifetimeS: 3_600,
  /** A web session that is not used ends after so long, seconds. */
  sessionIdleS: 28_800,
  /** The longest life of a web session, seconds: then its user signs in again. */
  sessionLifetimeS: 604_800,
  /** A used session's end is written again when it has moved by so much, seconds. */
  sessionRenewS: 300,
  /** Wrong sign-ins of one client address in a window; above them 429 with Retry-After. */
  signInAttemptsMax: 10,
  /** That window, seconds. */
  signInWindowS: 300,
  /** Wrong sign-ins, of all addresses, for which one isolate hashes in a minute: hashing takes the isolate's only thread. */
  wrongPasswordsPerMinuteMax: 30,
  /** Characters of a password. */
  passwordCharactersMin: 12,
  passwordCharactersMax: 200,
  /** Web users, disabled ones among them. */
  usersMax: 1_000,
} as const;
