import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  aquaLimits,
  type BatchQuery,
  type BatchQueryRequest,
  isAquaRefusal,
} from '../../../src/domain/aqua/batch-query.ts';
import { type CompletedJob, type JobPlan, planJob } from '../../../src/domain/aqua/plan-job.ts';

// Shows what a job of several queries asks for: everything, or what has changed since the job before it in the same session.

const NOW = '2026-03-01T12:00:00.000Z';

function query(text: string, deleted: BatchQuery['deleted'] = null, name: string | null = null): BatchQuery {
  return { name, text, language: 'zoqlexport', apiVersion: '145.0', deleted };
}

const accounts = query('select Id from Account');
const invoices = query('select Id from Invoice');
const deleted = { column: 'Deleted', format: 'Boolean', forceExport: false } as const;

function request(changes: Partial<BatchQueryRequest> = {}): BatchQueryRequest {
  return {
    name: null,
    format: 'csv',
    version: '1.1',
    partner: 'salesforce',
    project: '00170000011K3Ub',
    useQueryLabels: false,
    dateTimeUtc: false,
    incrementalTime: null,
    offsetS: 0,
    nullReplacement: null,
    notifyUrl: null,
    sourceData: 'LIVE',
    queries: [accounts],
    ...changes,
  };
}

function plan(changes: Partial<BatchQueryRequest>, previous: CompletedJob | null = null, now = NOW): JobPlan {
  const planned = planJob(request(changes), { previous, now, deletedRecordDays: 30, isSegmented: false });
  if (isAquaRefusal(planned)) throw new Error(planned.message);
  return planned;
}

function refusal(changes: Partial<BatchQueryRequest>, previous: CompletedJob | null = null): string {
  const planned = planJob(request(changes), {
    previous,
    now: NOW,
    deletedRecordDays: 30,
    isSegmented: false,
  });
  return isAquaRefusal(planned) ? planned.errorCode : 'none';
}

const previous: CompletedJob = { windowEnd: '2026-02-01T00:00:00.000Z', queries: [accounts] };
/** Five minutes before the window of `previous` ended. */
const SINCE = '2026-01-31T23:55:00.000Z';

describe('a job without a session', () => {
  it.each([
    ['version 1.0', { version: '1.0' }],
    ['no partner', { partner: null }],
    ['no project', { project: null }],
  ] as const)('%s: asks for everything, whatever was asked before', (_, changes) => {
    expect(plan(changes, previous)).toEqual({
      isStateful: false,
      useLastCompletedJobQueries: false,
      windowEnd: NOW,
      batches: [
        {
          query: accounts,
          full: true,
          changedSince: null,
          changedUntil: null,
          withDeleted: false,
          segmentRows: null,
        },
      ],
    });
  });

  it('has deleted rows only where that is forced', () => {
    const forced = query('select Id from Account', { ...deleted, forceExport: true });
    expect(plan({ version: '1.0', queries: [forced] }).batches[0]!.withDeleted).toBe(true);
    expect(refusal({ version: '1.0', queries: [query('select Id from Account', deleted)] })).toBe('90012');
  });

  it('knows no time since when and no queries of an earlier job', () => {
    const since = { instant: '2026-01-01T00:00:00.000Z', text: '2026-01-01 00:00:00' };
    expect(refusal({ version: '1.0', incrementalTime: since })).toBe('90015');
    expect(refusal({ version: '1.0', queries: [] }, previous)).toBe('90016');
  });

  it('is never cut into segments', () => {
    const planned = planJob(request({ version: '1.0' }), {
      previous: null,
      now: NOW,
      deletedRecordDays: 30,
      isSegmented: true,
    });
    expect(planned).toMatchObject({ batches: [{ segmentRows: null }] });
  });
});

describe('a job of a session', () => {
  it.each(['1.1', '1.2'] as const)('of version %s, the first: asks for everything', (version) => {
    expect(plan({ version })).toMatchObject({
      isStateful: true,
      windowEnd: NOW,
      batches: [{ full: true, changedSince: null }],
    });
  });

  it('then asks for what has changed since, and a little more for clocks and commits on their way', () => {
    expect(plan({}, previous).batches).toEqual([
      {
        query: accounts,
        full: false,
        changedSince: SINCE,
        changedUntil: null,
        withDeleted: false,
        segmentRows: null,
      },
    ]);
  });

  it.each([
    ['another query', [accounts, invoices], [false, true]],
    ['another text', [query('select Id, Name from Account')], [true]],
    ['another language', [{ ...accounts, language: 'zoql' }], [true]],
    ['a new deleted column', [query('select Id from Account', deleted)], [true]],
    ['another name', [query('select Id from Account', null, 'renamed')], [false]],
    ['the query twice', [accounts, accounts], [false, false]],
  ] as const)('%s: everything of it, changes of the rest', (_, queries, full) => {
    expect(plan({ queries }, previous).batches.map((batch) => batch.full)).toEqual(full);
  });

  it.each([
    ['dropped', null, true],
    ['renamed', { ...deleted, column: 'Gone' }, true],
    ['of another format', { ...deleted, format: 'Numeric' }, true],
    ['the same', deleted, false],
    ['the same, and forced', { ...deleted, forceExport: true }, false],
  ] as const)('a deleted column that is %s', (_, column, full) => {
    const before = { ...previous, queries: [query('select Id from Account', deleted)] };
    const { batches } = plan({ queries: [query('select Id from Account', column)] }, before);
    expect(batches[0]!.full).toBe(full);
    // Of everything nothing is deleted: the column is there and says so.
    expect(batches[0]!.withDeleted).toBe(!full && column !== null);
  });

  it('begins anew after 180 days without a completed job', () => {
    // 180 days before 1 March 2026, 12:00, is 2 September 2025.
    const lastDay = { ...previous, windowEnd: '2025-09-02T12:00:00.000Z' };
    const dayAfter = { ...previous, windowEnd: '2025-09-02T11:59:59.999Z' };
    expect(plan({}, lastDay).batches[0]!.full).toBe(false);
    expect(plan({}, dayAfter).batches[0]!.full).toBe(true);
  });

  it('without queries repeats those of the last completed job', () => {
    const before = { ...previous, queries: [accounts, invoices] };
    const planned = plan({ queries: [] }, before);
    expect(planned.useLastCompletedJobQueries).toBe(true);
    expect(planned.batches.map((batch) => [batch.query, batch.full])).toEqual([
      [accounts, false],
      [invoices, false],
    ]);
    expect(plan({}, before).useLastCompletedJobQueries).toBe(false);
    expect(refusal({ queries: [] })).toBe('90016');
  });

  it('takes a time that is named to the letter, also for a query that is new', () => {
    const since = { instant: '2026-01-01T00:00:00.000Z', text: '2026-01-01 00:00:00' };
    for (const before of [null, previous]) {
      expect(plan({ incrementalTime: since }, before).batches[0]).toMatchObject({
        full: false,
        changedSince: since.instant,
      });
    }
  });

  it('asks for everything where deletions of its window may be forgotten, which a row that is not there shows', () => {
    const withDeleted = query('select Id from Account', deleted);
    const day = (days: number) => new Date(Date.parse(NOW) - days * 86_400_000).toISOString();
    const batchesOf = (since: string) => [
      plan({ queries: [withDeleted] }, { windowEnd: since, queries: [withDeleted] }).batches[0]!,
      plan({ queries: [withDeleted], incrementalTime: { instant: since, text: '' } }).batches[0]!,
    ];
    const everything = { full: true, changedSince: null, changedUntil: null, withDeleted: false };
    for (const batch of batchesOf(day(29.01))) expect(batch).toMatchObject(everything);
    for (const batch of batchesOf(day(28.9))) expect(batch).toMatchObject({ full: false, withDeleted: true });
    // Without the column nothing is said of deleted rows.
    expect(plan({}, { windowEnd: day(100), queries: [accounts] }).batches[0]!.full).toBe(false);
  });

  it('ends by its offset before it begins, and the next goes on there', () => {
    const planned = plan({ offsetS: 600 }, previous);
    expect(planned.windowEnd).toBe('2026-03-01T11:50:00.000Z');
    expect(planned.batches[0]!.changedUntil).toBe('2026-03-01T11:50:00.000Z');
    const next = plan({}, { windowEnd: planned.windowEnd, queries: [accounts] }, '2026-03-02T12:00:00.000Z');
    expect(next.batches[0]).toMatchObject({ changedSince: '2026-03-01T11:45:00.000Z', changedUntil: null });
    // A full load holds everything that there is.
    expect(plan({ offsetS: 600 }).batches[0]!.changedUntil).toBeNull();
  });

  it('is cut into segments where the tenant wants it and it asks for everything', () => {
    const segments = (before: CompletedJob | null) => {
      const planned = planJob(request(), {
        previous: before,
        now: NOW,
        deletedRecordDays: 30,
        isSegmented: true,
      });
      return isAquaRefusal(planned) ? planned : planned.batches[0]!.segmentRows;
    };
    expect(segments(null)).toBe(500_000);
    expect(segments(previous)).toBeNull();
  });

  it('misses no instant, however its jobs follow each other and whatever their offsets', () => {
    const steps = fc.array(
      fc.record({
        minutes: fc.integer({ min: 0, max: 200_000 }),
        offsetS: fc.integer({ min: 0, max: 86_400 }),
      }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(steps, (jobs) => {
        let before: CompletedJob | null = null;
        let ms = Date.parse(NOW);
        for (const { minutes, offsetS } of jobs) {
          ms += minutes * 60_000;
          const planned: JobPlan = plan({ offsetS }, before, new Date(ms).toISOString());
          const { changedSince, full } = planned.batches[0]!;
          expect(full || changedSince! <= before!.windowEnd).toBe(true);
          if (!full) {
            expect(Date.parse(before!.windowEnd) - Date.parse(changedSince!)).toBe(aquaLimits.overlapMs);
          }
          before = { windowEnd: planned.windowEnd, queries: [accounts] };
        }
      }),
    );
  });
});
