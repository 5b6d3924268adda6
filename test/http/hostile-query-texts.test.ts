import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { compileExportZoql } from '../../src/query/export-zoql/compile.ts';
import { textSql } from '../../src/query/filtering/literals.ts';
import { QueryFault } from '../../src/query/filtering/query-fault.ts';
import { objects } from '../../src/query/objects/index.ts';
import type { FieldType } from '../../src/query/objects/model.ts';
import { onCopies } from '../support/copied-tables.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import { testAccount } from '../support/order-objects.ts';
import { insert } from '../support/worker-api.ts';

// Queries that nobody should send: answered or refused in bounded time, never with a 500, and never with what is not in the object model.

let api: InProcessApi;

beforeAll(async () => {
  api = await inProcessApi('admin');
});

const query = (queryString: string) => api.post('/v1/action/query', { queryString });

test.each(objects.filter(({ zoql }) => zoql).map(({ name, fields }) => [name, fields] as const))(
  '%s: every field can be selected and compared with null',
  async (name, fields) => {
    for (let at = 0; at < fields.length; at += 90) {
      const part = fields.slice(at, at + 90).map((field) => field.name);
      const reply = await query(
        `select ${part.join(', ')} from ${name} where ${part.map((one) => `${one} = null`).join(' or ')}`,
      );
      expect(reply.status, JSON.stringify(reply.body)).toBe(200);
    }
  },
);

test('a text in SQL is that text and nothing else', async () => {
  const texts = fc.array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom("'", '"', '\\', '?', ';', '-', '\n') }),
    ),
    { minLength: 20, maxLength: 20 },
  );
  await fc.assert(
    fc.asyncProperty(texts, async (values) => {
      const given = values.map((value) => value.replaceAll('\0', ''));
      const sql = `SELECT ${given.map((value, i) => `${textSql(value)} AS v${i}`).join(', ')}`;
      const [row] = await env.DB.prepare(sql).raw();
      expect(row).toEqual(given);
    }),
    { numRuns: 50 },
  );
});

describe('hostile queries', () => {
  test('as many conditions as there may be, on the most costly field, are answered one way or the other', async () => {
    const conditions = Array.from({ length: 200 }, (_, i) => `Balance != ${i + 1}.25`).join(' and ');
    const reply = await query(`select Id from Account where ${conditions}`);
    expect([200, 400], JSON.stringify(reply.body).slice(0, 300)).toContain(reply.status);
  });

  test('what SQLite would not take is refused as too complex', async () => {
    const { fields } = objects.find(({ name }) => name === 'RatePlanCharge')!;
    const conditions = Array.from({ length: 200 }, (_, i) => `DTCV != ${i}`).join(' and ');
    const reply = await query(
      `select ${fields.map(({ name }) => name).join(', ')} from RatePlanCharge where ${conditions}`,
    );
    expect(reply).toMatchObject({
      status: 400,
      body: { FaultCode: 'MALFORMED_QUERY', FaultMessage: expect.stringContaining('too complex') },
    });
  });

  test('a slow pattern over a long value takes no time to speak of', async () => {
    await insert('account', testAccount({ name: 'slow', details: { notes: 'a'.repeat(60_000) } }));
    const startedMs = Date.now();
    const reply = await query(`select Id from Account where Notes like '${'%a'.repeat(24)}%b'`);
    expect(reply.body).toMatchObject({ size: 0, done: true });
    expect(Date.now() - startedMs).toBeLessThan(5_000);
  });

  test('whatever is sent is answered or refused, and finds nothing outside of the model', async () => {
    const words = fc.constantFrom(
      ...[
        'select',
        'Id',
        'Name',
        'from',
        'Account',
        'account',
        'where',
        'and',
        'or',
        '=',
        '!=',
        'like',
        'null',
        ',',
      ],
      ...[
        "'a'",
        "''",
        "'",
        '"',
        '--',
        '/*',
        '*/',
        ';',
        '(',
        ')',
        '%',
        '_',
        '\\',
        '1',
        '1e999',
        '?1',
        '$x',
        '@x',
        ':x',
      ],
      ...[
        'union',
        'sqlite_master',
        'access_token',
        'rowid',
        't.id',
        '\u0000',
        '\ud800',
        '🙂',
        "') OR 1=1 --",
      ],
    );
    const written = fc.oneof(
      fc.array(words, { maxLength: 14 }).map((parts) => parts.join(' ')),
      fc.array(words, { maxLength: 8 }).map((parts) => `select Id from Account where ${parts.join(' ')}`),
      fc
        .string({ unit: 'binary', maxLength: 30 })
        .map((text) => `select Id from Account where Name = '${text.replaceAll(/['\\]/g, '\\$&')}'`),
    );
    await fc.assert(
      fc.asyncProperty(written, async (queryString) => {
        const reply = await query(queryString);
        expect([200, 400], `${queryString}: ${JSON.stringify(reply.body)}`).toContain(reply.status);
        const { records = [] } = reply.body as { records?: object[] };
        for (const record of records)
          expect(Object.keys(record).filter((name) => name !== 'Id' && name !== 'Name')).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('Export ZOQL that is compiled', () => {
  const VALUES: Readonly<Record<FieldType, readonly string[]>> = {
    text: ["'a'", "''", "'it''s'", 'null'],
    picklist: ["'Active'", 'null'],
    boolean: ['true', "'false'", 'null'],
    integer: ['1', '-1.5', "'7'"],
    decimal: ['0.1', '-999999999999.999999', 'null'],
    date: ["'2026-01-31'", "'today'", "'now - 1 month'"],
    datetime: ["'2026-01-31'", "'2026-01-31T00:00:00+14:00'", "'yesterday'"],
  };

  const query = fc.constantFrom(...objects).chain(({ name, fields }) => {
    const field = fc.constantFrom(...fields);
    const comparison = field.chain(({ name: one, type }) =>
      fc
        .tuple(fc.constantFrom('=', '!=', '<', '>='), fc.constantFrom(...VALUES[type]))
        .map(
          ([operator, value]) =>
            `${one} ${value === 'null' || type === 'boolean' ? '!=' : operator} ${value}`,
        ),
    );
    const texts = fields.filter(({ type }) => type === 'text').map((one) => one.name);
    const like = fc
      .tuple(fc.constantFrom(...texts), fc.constantFrom('a%', '%a', '%a%', 'a%b', '%a%b%', '', '%', '_%\\'))
      .map(([one, pattern]) => `${one} like '${pattern}'`);
    const condition = fc
      .tuple(
        fc.array(fc.oneof(comparison, like), { minLength: 1, maxLength: 5 }),
        fc.constantFrom(' and ', ' or '),
      )
      .map(([parts, word]) => `not (${parts.join(word)})`);
    const numbers = fields
      .filter(({ type }) => type === 'decimal' || type === 'integer')
      .map((one) => one.name);
    const aggregate = fc.constantFrom(
      'count(*)',
      `min(${texts[0]})`,
      ...numbers.flatMap((one) => [`sum(${one})`, `avg(${one})`]),
    );
    const plain = fc
      .tuple(fc.array(field, { minLength: 1, maxLength: 6 }), condition, field)
      .map(
        ([some, where, by]) =>
          `select ${some.map((one) => one.name).join(', ')} from ${name} where ${where} order by ${by.name} desc, Id limit 5`,
      );
    const grouped = fc
      .tuple(field, aggregate, aggregate, condition)
      .map(
        ([by, one, other, where]) =>
          `select ${by.name}, ${one} from ${name} where ${where} group by ${by.name} having ${other} is not null order by ${one}, ${by.name}`,
      );
    return fc.oneof(plain, grouped);
  });

  test('runs, whatever objects, fields, functions and values are in it', async () => {
    const options = {
      now: '2026-06-15T10:30:00.000Z',
      timeZone: 'Asia/Kolkata',
      headers: 'labels',
      changedSince: '2026-01-01T00:00:00.000Z',
      deletedColumn: { name: 'Deleted', asNumber: true, withRows: true },
    } as const;
    let ran = 0;
    await fc.assert(
      fc.asyncProperty(query, async (text) => {
        try {
          expect(await onCopies(compileExportZoql(text, options)), text).toBeInstanceOf(Array);
          ran += 1;
        } catch (error) {
          if (!(error instanceof QueryFault)) throw new Error(text, { cause: error });
        }
      }),
      { numRuns: 80 },
    );
    expect(ran).toBeGreaterThan(40);
  });
});
