import { expect, test } from 'vitest';
import { isAquaRefusal } from '../src/domain/aqua/batch-query.ts';
import { planJob } from '../src/domain/aqua/plan-job.ts';
import type { QueryJob } from '../src/persistence/query-jobs.ts';
import { completedJobOf, newBatchJob, toBatchJob } from '../src/query/aqua/batch-jobs.ts';
import { readBatchQueryRequest } from '../src/wire/batch-queries.ts';

// Shows what becomes of a job of several queries in its callers' eyes: what was kept of it reads as what was asked, and what did not end ends with it.

const NOW = '2026-03-01T12:00:00.000Z';
const context = { now: NOW, timeZone: 'UTC', newId: () => 'b'.repeat(32) };

function asked() {
  const request = readBatchQueryRequest(
    {
      version: '1.1',
      partner: 'p',
      project: 'q',
      offset: 600,
      queries: [
        { name: 'a', query: 'select Id from Account', deleted: { column: 'Gone', format: 'Numeric' } },
        { name: 'b', query: 'select Id from Contact', type: 'zoql' },
        { name: 'c', query: 'select Id from Invoice' },
      ],
    },
    { timeZone: 'UTC', allowLoopback: false },
  );
  if (isAquaRefusal(request)) throw new Error(request.message);
  return request;
}

function job(changes: Partial<QueryJob> = {}): QueryJob {
  const request = asked();
  const plan = planJob(request, { previous: null, now: NOW, deletedRecordDays: 30, isSegmented: true });
  if (isAquaRefusal(plan)) throw new Error(plan.message);
  return {
    ...newBatchJob(request, plan, context),
    id: 'a'.repeat(32),
    status: 'submitted',
    message: null,
    createdAt: NOW,
    createdBy: 'client',
    startedAt: null,
    finishedAt: null,
    snapshotAt: null,
    updatedAt: NOW,
    attempts: 0,
    expiresAt: '2026-09-01T12:00:00.000Z',
    ...changes,
  };
}

const statuses = (kept: QueryJob) => {
  const { status, batches } = toBatchJob(kept);
  return [status, ...batches.map((batch) => batch.status)];
};

test('what was kept reads as what was asked, and the next job rests on it', () => {
  const kept = JSON.parse(JSON.stringify(job())) as QueryJob;
  expect(toBatchJob(kept)).toMatchObject({ request: asked(), status: 'submitted', startedAt: null });
  // Ten minutes before the job was accepted.
  expect(completedJobOf(kept)).toEqual({ windowEnd: '2026-03-01T11:50:00.000Z', queries: asked().queries });
  expect(kept).toMatchObject({ kind: 'aqua', partner: 'p', project: 'q' });
  expect(kept.statements.map(({ language, output }) => [language, output.segmentRows])).toEqual([
    ['exportZoql', 500_000],
    ['zoql', 500_000],
    ['exportZoql', 500_000],
  ]);
  expect(statuses(kept)).toEqual(['submitted', 'pending', 'pending', 'pending']);
});

test.each([
  ['executing', ['executing', 'completed', 'executing', 'pending']],
  // A query that fails while it is carried out ends its job: what was done stays, the rest is not begun.
  ['failed', ['aborted', 'completed', 'aborted', 'aborted']],
  ['cancelled', ['cancelled', 'completed', 'cancelled', 'cancelled']],
] as const)('of a job that is %s, what has not ended ends with it', (status, shown) => {
  const { statements } = job();
  const reached = (['completed', 'executing', 'submitted'] as const).map((one, i) => ({
    ...statements[i]!,
    status: one,
  }));
  expect(statuses(job({ status, statements: reached }))).toEqual(shown);
});

test('a query that failed says why', () => {
  const { statements } = job();
  const failed = statements.map((one) => ({ ...one, status: 'failed' as const, message: 'Too many rows.' }));
  const { status, batches } = toBatchJob(job({ status: 'failed', statements: failed }));
  expect([status, batches[0]!.status, batches[0]!.message]).toEqual(['aborted', 'aborted', 'Too many rows.']);
});
