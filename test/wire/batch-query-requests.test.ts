import { describe, expect, it } from 'vitest';
import type { Batch, BatchJob, BatchQueryRequest } from '../../src/domain/aqua/batch-query.ts';
import { isAquaRefusal, refuseBatch } from '../../src/domain/aqua/batch-query.ts';
import {
  readBatchQueryRequest,
  toWireCancelledJob,
  toWireJob,
  toWireRefusal,
  toWireSubmittedJob,
} from '../../src/wire/batch-queries.ts';

// Shows how requests for jobs of several queries are read, in the forms that clients of all ages send, what each fault is answered with, and how jobs are shown.

const options = { timeZone: 'America/Los_Angeles', allowLoopback: false };
const query = { name: 'a', query: 'select Id from Account', type: 'zoqlexport' };

function read(body: unknown): BatchQueryRequest {
  const request = readBatchQueryRequest(body, options);
  if (isAquaRefusal(request)) throw new Error(`${request.errorCode} ${request.message}`);
  return request;
}

function refusal(body: unknown): string {
  const request = readBatchQueryRequest(body, options);
  return isAquaRefusal(request) ? `${request.errorCode} ${request.message}` : 'read';
}

describe('a request for a job', () => {
  it('has defaults for all but its queries', () => {
    expect(read({ queries: [{ query: 'select Id from Account' }] })).toEqual({
      name: null,
      format: 'csv',
      version: '1.0',
      partner: null,
      project: null,
      useQueryLabels: false,
      dateTimeUtc: false,
      incrementalTime: null,
      offsetS: 0,
      nullReplacement: null,
      notifyUrl: null,
      sourceData: 'LIVE',
      queries: [
        {
          name: null,
          text: 'select Id from Account',
          language: 'zoqlexport',
          apiVersion: '145.0',
          deleted: null,
        },
      ],
    });
  });

  it('is read with everything that it may have', () => {
    const notifyUrl = `https://hooks.example.com/?id=\${JOBID}&s=\${STATUS}`;
    const body = {
      format: 'ZIP',
      version: 1.2,
      name: 'nightly',
      encrypted: 'none',
      partner: 'salesforce',
      project: '00170000011K3Ub',
      useQueryLabels: 'true',
      dateTimeUtc: true,
      incrementalTime: '2026-01-21 10:30:01',
      offset: 600,
      nullReplacement: 'NULL',
      notifyUrl,
      sourceData: 'WAREHOUSE',
      warehouseSize: 'xsmall',
      queries: [
        {
          name: 'gone',
          query: 'select Id from Account',
          type: 'ZOQL',
          apiVersion: 88,
          convertToCurrencies: '',
          deleted: { column: 'Deleted', format: 'Numeric', forceExport: 'true' },
        },
      ],
    };
    expect(read(body)).toEqual({
      name: 'nightly',
      format: 'zip',
      version: '1.2',
      partner: 'salesforce',
      project: '00170000011K3Ub',
      useQueryLabels: true,
      dateTimeUtc: true,
      // Los Angeles is eight hours behind in January.
      incrementalTime: { instant: '2026-01-21T18:30:01.000Z', text: '2026-01-21 10:30:01' },
      offsetS: 600,
      nullReplacement: 'NULL',
      notifyUrl,
      sourceData: 'WAREHOUSE',
      queries: [
        {
          name: 'gone',
          text: 'select Id from Account',
          language: 'zoql',
          apiVersion: '88.0',
          deleted: { column: 'Deleted', format: 'Numeric', forceExport: true },
        },
      ],
    });
  });

  it.each([
    ['1.0', '1.0'],
    [1, '1.0'],
    ['1', '1.0'],
    ['1.1', '1.1'],
    [1.1, '1.1'],
    ['1.2', '1.2'],
  ])('version %j is %s', (version, is) => expect(read({ version, queries: [query] }).version).toBe(is));

  it.each([
    [
      { column: 'Deleted', format: 'Boolean' },
      { column: 'Deleted', format: 'Boolean', forceExport: false },
    ],
    [[{ column: 'Gone', format: 'numeric' }], { column: 'Gone', format: 'Numeric', forceExport: false }],
    [{ column: 'Deleted' }, { column: 'Deleted', format: 'Boolean', forceExport: false }],
    [[], null],
    [null, null],
  ])('deleted %j', (deleted, is) => {
    expect(read({ queries: [{ ...query, deleted }] }).queries[0]!.deleted).toEqual(is);
  });

  it('takes empty text for nothing', () => {
    const empty = { partner: '', project: '', incrementalTime: '', nullReplacement: '', notifyUrl: '' };
    expect(read({ ...empty, useQueryLabels: '', encrypted: '', queries: [query] })).toEqual({
      ...read({ queries: [query] }),
    });
  });

  it.each([
    [null, '90005 The body must be an object with format, version, name and queries.'],
    [[], '90005 The body must be an object with format, version, name and queries.'],
    ['text', '90005 The body must be an object with format, version, name and queries.'],
    [{ format: 'pdf', queries: [query] }, '90005 format must be one of csv, zip, gzip.'],
    [{ format: 7, queries: [query] }, '90005 format must be one of csv, zip, gzip.'],
    [{ version: '2.0', queries: [query] }, '90005 version must be 1.0, 1.1 or 1.2.'],
    [{ version: 'toString', queries: [query] }, '90005 version must be 1.0, 1.1 or 1.2.'],
    [{ version: {}, queries: [query] }, '90005 version must be 1.0, 1.1 or 1.2.'],
    [{ name: 'a'.repeat(256), queries: [query] }, '90005 name must have at most 255 characters.'],
    [
      { encrypted: 'pgp', queries: [query] },
      '90005 encrypted must be none: files are not encrypted, they travel by HTTPS.',
    ],
    [
      { partner: 'a/b', queries: [query] },
      String.raw`90019 partner must have at most 100 characters and none of / \ # ? %.`,
    ],
    [
      { project: 'a'.repeat(101), queries: [query] },
      String.raw`90019 project must have at most 100 characters and none of / \ # ? %.`,
    ],
    [
      { project: '..', queries: [query] },
      String.raw`90019 project must have at most 100 characters and none of / \ # ? %.`,
    ],
    [{ partner: 7, queries: [query] }, '90019 partner must be text.'],
    [{ useQueryLabels: 'yes', queries: [query] }, '90005 useQueryLabels must be true or false.'],
    [{ dateTimeUtc: 1, queries: [query] }, '90005 dateTimeUtc must be true or false.'],
    [
      { incrementalTime: 'yesterday', queries: [query] },
      '90015 incrementalTime must be a time, YYYY-MM-DD HH:MM:SS.',
    ],
    [
      { incrementalTime: '2026-02-30 00:00:00', queries: [query] },
      '90015 incrementalTime must be a time, YYYY-MM-DD HH:MM:SS.',
    ],
    [{ incrementalTime: 5, queries: [query] }, '90015 incrementalTime must be a time, YYYY-MM-DD HH:MM:SS.'],
    [{ offset: -1, queries: [query] }, '90005 offset must be from 0 to 86400.'],
    [{ offset: 86_401, queries: [query] }, '90005 offset must be from 0 to 86400.'],
    [{ offset: 1.5, queries: [query] }, '90005 offset must be a whole number of seconds.'],
    [
      { nullReplacement: 'a'.repeat(256), queries: [query] },
      '90005 nullReplacement must have at most 255 characters.',
    ],
    [
      { notifyUrl: 'http://hooks.example.com', queries: [query] },
      '90014 notifyUrl must begin with https://.',
    ],
    [
      { notifyUrl: `https://hooks.example.com/${'a'.repeat(5_000)}`, queries: [query] },
      '90014 notifyURL must be less than 5000 characters in length.',
    ],
    [{ notifyUrl: {}, queries: [query] }, '90014 notifyUrl must be text.'],
    [{ sourceData: 'ARCHIVE', queries: [query] }, '90005 sourceData must be one of live, warehouse.'],
    [{ warehouseSize: 'huge', queries: [query] }, '90005 warehouseSize must be one of xsmall, null.'],
    [{ queries: 'select' }, '90005 queries must be a list of queries.'],
    [{ queries: ['select'] }, '90005 queries[0] must be a query: name, query and type.'],
    [{ queries: [query, {}] }, '90005 queries[1].query must be text.'],
    [{ queries: [{ ...query, query: '' }] }, '90005 queries[0].query must not be empty.'],
    [
      { queries: [{ ...query, query: 'a'.repeat(50_001) }] },
      '90005 queries[0].query must have at most 50000 characters.',
    ],
    [{ queries: [{ ...query, type: 'sql' }] }, '90005 queries[0].type must be one of zoql, zoqlexport.'],
    [
      { queries: [{ ...query, apiVersion: [] }] },
      '90005 queries[0].apiVersion must be an API version such as 145.0.',
    ],
    [
      { queries: [{ ...query, convertToCurrencies: 'EUR' }] },
      '90021 queries[0].convertToCurrencies is not available: amounts are exported in their own currency.',
    ],
    [
      { queries: [{ ...query, deleted: { column: 'a b' } }] },
      '90005 queries[0].deleted.column must be a name of letters, digits and _, at most 64 characters.',
    ],
    [
      { queries: [{ ...query, deleted: 'Deleted' }] },
      '90005 queries[0].deleted must be an object with a column (a name of letters, digits and _) and a format (Boolean or Numeric).',
    ],
    [
      { queries: Array.from({ length: 51 }, () => query) },
      '90004 Invalid number of queries allowed. A maximum of 50 queries are supported in an AQuA request.',
    ],
  ])('a request with a fault is refused (%#)', (body, why) => expect(refusal(body)).toBe(why));

  it('may have fifty queries', () => {
    expect(read({ queries: Array.from({ length: 50 }, () => query) }).queries).toHaveLength(50);
  });
});

const batch: Batch = {
  id: 'b'.repeat(32),
  query: read({ queries: [{ ...query, deleted: { column: 'Deleted', format: 'Numeric' } }] }).queries[0]!,
  full: true,
  status: 'pending',
  rows: 0,
  fileIds: [],
  isSegmented: false,
  message: '',
};

const job: BatchJob = {
  id: 'a'.repeat(32),
  status: 'submitted',
  request: read({
    version: '1.1',
    name: 'nightly',
    partner: 'p',
    project: 'q',
    incrementalTime: '2026-01-21 10:30:01',
    queries: [query],
  }),
  useLastCompletedJobQueries: false,
  startedAt: '2026-03-01T20:00:00.000Z',
  batches: [batch],
};

describe('a job', () => {
  it('is answered with what was asked', () => {
    expect(toWireSubmittedJob(job)).toEqual({
      id: job.id,
      status: 'submitted',
      format: 'CSV',
      encrypted: 'none',
      name: 'nightly',
      sourceData: 'LIVE',
      partner: 'p',
      project: 'q',
      useLastCompletedJobQueries: false,
      offset: 0,
      version: 1.1,
      incrementalTime: '2026-01-21 10:30:01',
      batches: [
        {
          batchId: batch.id,
          status: 'pending',
          localizedStatus: 'pending',
          recordCount: 0,
          batchType: 'zoqlexport',
          query: 'select Id from Account',
          name: 'a',
          apiVersion: '145.0',
          full: true,
          deleted: [{ column: 'Deleted', format: 'Numeric' }],
        },
      ],
    });
  });

  it('is read with its files once it has some, its time in the zone of the tenant', () => {
    const done = { ...batch, status: 'completed', rows: 88, fileIds: ['f'.repeat(32)] } as const;
    const shown = toWireJob({ ...job, status: 'completed', batches: [done] }, options.timeZone);
    expect(shown).toMatchObject({ version: '1.1', startTime: '2026-03-01 12:00:00' });
    expect(shown.batches[0]).toMatchObject({ recordCount: 88, fileId: 'f'.repeat(32), message: '' });
    expect(shown.batches[0]).not.toHaveProperty('segments');
    const cut = { ...done, isSegmented: true, fileIds: ['1'.repeat(32), '2'.repeat(32)] };
    const segmented = toWireJob({ ...job, status: 'completed', batches: [cut] }, 'UTC').batches[0];
    expect(segmented).toMatchObject({ segments: ['1'.repeat(32), '2'.repeat(32)] });
    expect(segmented).not.toHaveProperty('fileId');
    const waiting = toWireJob({ ...job, startedAt: null }, 'UTC');
    expect(waiting).not.toHaveProperty('startTime');
    expect(waiting.batches[0]).not.toHaveProperty('fileId');
  });

  it('is shown when it was cancelled or refused', () => {
    const cancelled = toWireCancelledJob({ ...job, status: 'cancelled' });
    expect(cancelled).toMatchObject({ status: 'cancelled', version: '1.1' });
    expect(cancelled).not.toHaveProperty('partner');
    expect(toWireRefusal(refuseBatch('90028'), null)).toEqual({
      status: 'error',
      errorCode: '90028',
      message: 'The total number of concurrent jobs has exceeded the limit allowed by the system.',
    });
    const refused = { ...job, status: 'error', batches: [{ ...batch, message: 'There is no field Nme.' }] };
    expect(toWireRefusal(refuseBatch('90005'), refused as BatchJob)).toMatchObject({
      id: job.id,
      status: 'error',
      errorCode: '90005',
      message: 'There is a syntax error in one of the queries in the AQuA input',
      batches: [{ message: 'There is no field Nme.' }],
    });
  });
});
