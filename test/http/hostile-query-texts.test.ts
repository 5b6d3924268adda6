import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { objects } from '../../src/query/objects/index.ts';
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

describe('hostile queries', () => {
  test('as many conditions as there may be, on the most costly field, are answered one way or the other', async () => {
    const conditions = Array.from({ length: 200 }, (_, i) => `Balance != ${i + 1}.25`).join(' and ');
    const reply = await query(`select Id from Account where ${conditions}`);
    expect([200, 400], JSON.stringify(reply.body).slice(0, 300)).toContain(reply.status);
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
