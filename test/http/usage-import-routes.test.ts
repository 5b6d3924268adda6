import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { commands } from '../../src/account/commands.ts';
import { registered } from '../../src/account/registry.ts';
import type { DecideContext } from '../../src/domain/account/command.ts';
import { type RecordUsage, recordUsages } from '../../src/domain/billing/record-usage.ts';
import { runUsageImport } from '../../src/jobs/run-usage-import.ts';
import { sweepUsageImports } from '../../src/jobs/sweep.ts';
import { jobPorts } from '../support/job-ports.ts';
import { type Call, connect, putAccount, type Reply } from '../support/settlement-fixtures.ts';
import { testLane } from '../support/test-lane.ts';
import { putUsagePlan, subscribe, type Upload, uploader } from '../support/usage-fixtures.ts';

// Files with usage: accepted at once, recorded row by row in bounded pieces, each row once, and what became of each row.
const HEADING = 'ACCOUNT_ID,UOM,QTY,STARTDATE,ENDDATE,SUBSCRIPTION_ID,CHARGE_ID,DESCRIPTION,site__c';
let call: Call;
let upload: Upload;
let planId: string;

beforeAll(async () => {
  call = await connect('standard');
  upload = await uploader();
  planId = await putUsagePlan(await connect('admin'));
});

async function subscribed() {
  const account = await putAccount();
  return { account, ...(await subscribe(call, account, planId)) };
}

function importIdOf({ status, body }: Reply): string {
  expect(status, JSON.stringify(body)).toBe(200);
  return (body.checkImportStatus as string).split('/')[3]!;
}

/** The queue carries the import out; what the status says then. */
async function finished(importId: string): Promise<Record<string, unknown>> {
  return vi.waitFor(
    async () => {
      const { body } = await call('GET', `/v1/usage/${importId}/status`);
      expect(body.importStatus).not.toBe('Processing');
      return body;
    },
    { timeout: 50_000, interval: 100 },
  );
}

async function recordedOf(importId: string): Promise<{ n: number; total: number }> {
  const row = await env.DB.prepare(
    'SELECT count(*) AS n, sum(quantity) AS total FROM usage WHERE import_id = ?1',
  )
    .bind(importId)
    .first<{ n: number; total: number }>();
  return row!;
}

describe('POST /v1/usage', () => {
  it('records what can be recorded, and says of each row what became of it', async () => {
    const one = await subscribed();
    const two = await subscribed();
    const rows = [
      `${one.account.accountNumber},Minutes,2.5,03/05/2026,,,,"spoken, ""loudly""",S1`,
      `,Minutes,-1,2026-03-06T08:00:00Z,2026-03-06T09:00:00Z,${two.number},,,`,
      `${two.account.id},Minutes,4,2026-03-07,,,${two.chargeNumber},"two\nlines",`,
      `${one.account.accountNumber},Litres,1,2026-03-05,,,,,`,
      `A-none,Minutes,1,2026-03-05,,,,,`,
      `${one.account.accountNumber},Minutes,many,2026-03-05,,,,,`,
      `${one.account.accountNumber},Minutes,0.1234567891,2026-03-05,,,,,`,
    ];
    const text = `\uFEFF${HEADING}\r\n${rows.join('\r\n')}\r\n`;
    const accepted = await upload(text, {}, 'march.csv');
    expect(accepted.body).toEqual({
      success: true,
      size: new TextEncoder().encode(text).byteLength - 3,
      checkImportStatus: expect.stringMatching(/^\/v1\/usage\/[0-9a-f]{32}\/status$/),
    });
    const status = await finished(importIdOf(accepted));
    expect(status).toMatchObject({
      success: true,
      importStatus: 'Completed',
      fileName: 'march.csv',
      totalCount: 7,
      importedCount: 3,
      failedCount: 4,
      rows: [
        { row: 1, success: true },
        { row: 2, success: true },
        { row: 3, success: true },
        { row: 4, success: false, message: expect.stringContaining('ACCOUNT_ID') },
        { row: 5, success: false, message: expect.stringContaining('A-none') },
        { row: 6, success: false, message: expect.stringContaining('QTY') },
        { row: 7, success: false, message: expect.stringContaining('QTY') },
      ],
    });
    const listed = await call('GET', `/v1/usage/accounts/${one.account.id}`);
    expect(listed.body.usage).toMatchObject([
      {
        fileName: 'march.csv',
        sourceName: 'Import',
        quantity: 2.5,
        site__c: 'S1',
        startDateTime: '2026-03-05 00:00:00',
      },
    ]);
    const [, , third] = status.rows as Array<{ usageId: string }>;
    const read = await call('GET', `/v1/object/usage/${third!.usageId}`);
    expect(read.body).toMatchObject({ Description: 'two\nlines', ChargeNumber: two.chargeNumber });
    const page = await call('GET', `/v1/usage/${importIdOf(accepted)}/status?page=2&pageSize=3`);
    expect((page.body.rows as object[]).map((row) => (row as { row: number }).row)).toEqual([4, 5, 6]);
    expect(page.body.nextPage).toContain('page=3');
  });

  it('accepts a file once for one idempotency key, whatever boundary the form has', async () => {
    const { account } = await subscribed();
    const text = `${HEADING}\n${account.id},Minutes,1,2026-03-05,,,,,\n`;
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    const files = () => env.DB.prepare('SELECT count(*) AS n FROM stored_file').first<{ n: number }>();
    const first = await upload(text, headers);
    const before = await files();
    expect((await upload(text, headers)).body).toEqual(first.body);
    expect(await files()).toEqual(before);
    expect((await upload(`${text}\n`, headers)).status).toBe(422);
    await finished(importIdOf(first));
    expect((await call('GET', `/v1/usage/accounts/${account.id}`)).body.usage).toHaveLength(1);
  });

  it.each([
    ['file', null],
    ['file', ''],
    ['file', HEADING],
    ['UOM', 'ACCOUNT_ID,QTY,STARTDATE\na,1,2026-03-05'],
    ['COLOUR', `${HEADING},COLOUR\n1,2,3,4,5,6,7,8,9,10`],
    ['row 2', `${HEADING}\n1,2,3`],
    ['quote', `${HEADING}\n"1,2,3`],
    ['UTF-8', new Blob([new Uint8Array([0x41, 0xff, 0xfe, 0x0a])])],
  ])('names %s as what is wrong with a file', async (names, file) => {
    const { status, body } = await upload(file);
    expect(status).toBe(400);
    expect((body.reasons as Array<{ message: string }>)[0]!.message).toContain(names);
  });

  it('takes forms and nothing else, and no file past the limit', async () => {
    expect((await call('POST', '/v1/usage', { file: 'x' })).status).toBe(415);
    const broken = await call('POST', '/v1/usage', {}, { 'Content-Type': 'multipart/form-data; boundary=x' });
    expect(broken.status).toBe(400);
    expect((await upload('x'.repeat(4_000_001))).status).toBe(413);
    expect((await call('GET', `/v1/usage/${'0'.repeat(32)}/status`)).status).toBe(404);
  });
});

describe('an import that is interrupted', () => {
  it('goes on where it stood, and records no row twice', async () => {
    const { account } = await subscribed();
    const rows = Array.from(
      { length: 600 },
      (_, i) => `${account.id},Minutes,1,2026-03-${String((i % 28) + 1).padStart(2, '0')},,,,,`,
    );
    const send = vi
      .spyOn(env.JOBS_QUEUE, 'send')
      .mockImplementation(() => Promise.resolve(undefined as never));
    const importId = importIdOf(await upload(`${HEADING}\n${rows.join('\n')}`));
    send.mockRestore();
    const ports = jobPorts();
    let calls = 0;
    // The rows of the second piece are recorded, and then nobody hears of it.
    const dying = jobPorts({
      execute: (lane, command) => {
        calls++;
        if (calls === 4) throw new Error('the consumer is gone');
        return ports.execute(lane, command);
      },
    });
    await expect(runUsageImport(importId, dying)).rejects.toThrow('gone');
    expect((await recordedOf(importId)).n).toBe(500);
    // Two at once, from where it stood.
    await Promise.all([runUsageImport(importId, ports), runUsageImport(importId, ports)]);
    expect(await recordedOf(importId)).toEqual({ n: 600, total: 600 });
    const { body } = await call('GET', `/v1/usage/${importId}/status?page=14&pageSize=40`);
    expect(body).toMatchObject({ importStatus: 'Completed', importedCount: 600, failedCount: 0 });
    expect((body.rows as Array<{ row: number }>).map(({ row }) => row)).toEqual(
      Array.from({ length: 40 }, (_, i) => 521 + i),
    );
  });

  it('reports what it recorded as recorded, also when the charge has ended meanwhile', async () => {
    const { account, chargeNumber } = await subscribed();
    const rows = ['2026-03-05', '2026-03-20'].map((day) => `${account.id},Minutes,1,${day},,,,,`);
    const send = vi
      .spyOn(env.JOBS_QUEUE, 'send')
      .mockImplementation(() => Promise.resolve(undefined as never));
    const importId = importIdOf(await upload(`${HEADING}\n${rows.join('\n')}`));
    send.mockRestore();
    const ports = jobPorts();
    const dying = jobPorts({
      execute: (lane, command) => {
        if (command.kind === 'usageImport.advance') throw new Error('the consumer is gone');
        return ports.execute(lane, command);
      },
    });
    await expect(runUsageImport(importId, dying)).rejects.toThrow('gone');
    await env.DB.prepare("UPDATE charge SET effective_end_date = '2026-03-10' WHERE charge_number = ?1")
      .bind(chargeNumber)
      .run();
    expect(await runUsageImport(importId, ports)).toBe('done');
    expect(await recordedOf(importId)).toEqual({ n: 2, total: 2 });
    const { body } = await call('GET', `/v1/usage/${importId}/status`);
    expect(body).toMatchObject({ importStatus: 'Completed', importedCount: 2, failedCount: 0 });
  });

  it('is found by the sweep, and fails when its file is gone', async () => {
    const { account } = await subscribed();
    const send = vi
      .spyOn(env.JOBS_QUEUE, 'send')
      .mockImplementation(() => Promise.resolve(undefined as never));
    const importId = importIdOf(await upload(`${HEADING}\n${account.id},Minutes,1,2026-03-05,,,,,`));
    send.mockRestore();
    const asked: unknown[] = [];
    const later = new Date(Date.now() + 31_000).toISOString();
    await sweepUsageImports(env.DB, new Date().toISOString(), async (messages) => asked.push(...messages));
    expect(asked).toEqual([]);
    await sweepUsageImports(env.DB, later, async (messages) => asked.push(...messages));
    expect(asked).toEqual([{ version: 1, job: 'usageImport', importId }]);
    const { objects } = await env.FILES.list();
    await env.FILES.delete(objects.map(({ key }) => key));
    await runUsageImport(importId, jobPorts());
    expect(await finished(importId)).toMatchObject({
      importStatus: 'Failed',
      importedCount: 0,
      message: expect.stringContaining('file'),
    });
  });
});

describe('a row that cannot be recorded', () => {
  /** Carries commands out, as one would with a defect that a description meets. */
  function defective(description: string) {
    const usage = registered(
      {
        ...recordUsages,
        decide(state, payload: RecordUsage, context: DecideContext) {
          if (payload.records.some((record) => record.description === description)) {
            throw new TypeError('a defect');
          }
          return recordUsages.decide(state, payload, context);
        },
      },
      (reply) => reply,
    );
    const known = new Map([...commands, ['usage.record', usage]]);
    return jobPorts({
      execute: (laneId, command) => testLane({ laneId, commands: known }).lane.submit(command, false),
    });
  }

  it('is refused alone: the account it is for keeps the others, and the import ends', async () => {
    const [one, two] = [await subscribed(), await subscribed()];
    const rows = Array.from(
      { length: 7 },
      (_, i) => `${one.account.id},Minutes,1,2026-03-0${i + 1},,,,t${i},`,
    );
    rows.push(`${two.account.id},Minutes,1,2026-03-05,,,,,`);
    const send = vi
      .spyOn(env.JOBS_QUEUE, 'send')
      .mockImplementation(() => Promise.resolve(undefined as never));
    const importId = importIdOf(await upload(`${HEADING}\n${rows.join('\n')}`));
    send.mockRestore();
    expect(await runUsageImport(importId, defective('t4'))).toBe('done');
    const { body } = await call('GET', `/v1/usage/${importId}/status`);
    expect(body).toMatchObject({ importStatus: 'Completed', importedCount: 7, failedCount: 1 });
    expect((body.rows as Array<{ row: number; success: boolean }>).filter((row) => !row.success)).toEqual([
      { row: 5, success: false, message: expect.stringContaining('could not be processed') },
    ]);
    expect(await recordedOf(importId)).toEqual({ n: 7, total: 7 });
  });
});

describe('a large file', () => {
  it('of 10,000 rows for 20 accounts is recorded in pieces of 250', async () => {
    const owners: Array<Awaited<ReturnType<typeof subscribed>>> = [];
    for (let i = 0; i < 20; i++) owners.push(await subscribed());
    const rows = Array.from({ length: 10_000 }, (_, i) => {
      const { account } = owners[i % owners.length]!;
      return `${account.accountNumber},Minutes,0.5,2026-03-${String((i % 28) + 1).padStart(2, '0')},,,,,`;
    });
    const importId = importIdOf(await upload(`${HEADING}\n${rows.join('\n')}\n`));
    const status = await finished(importId);
    expect(status).toMatchObject({
      importStatus: 'Completed',
      totalCount: 10_000,
      importedCount: 10_000,
      failedCount: 0,
    });
    expect(await recordedOf(importId)).toEqual({ n: 10_000, total: 5_000 });
    const sizes = await env.DB.prepare(
      'SELECT count(*) AS pieces, max(length(outcomes)) AS longest FROM usage_import_piece WHERE import_id = ?1',
    )
      .bind(importId)
      .first<{ pieces: number; longest: number }>();
    expect(sizes).toMatchObject({ pieces: 40 });
    expect(sizes!.longest).toBeLessThan(20_000);
  }, 120_000);
});
