import { crc32, gunzipSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StatementOutput } from '../src/persistence/query-jobs.ts';
import { QueryError, type ResultColumn } from '../src/query/compiled-query.ts';
import { formats } from '../src/query/execution/formats/index.ts';
import { packingOf } from '../src/query/execution/formats/packing.ts';
import { sheetLimits, WorkSheetFormat } from '../src/query/execution/formats/work-sheet.ts';
import { nextPageRows, Pace, workOfPage } from '../src/query/execution/pace.ts';
import { namesOf } from '../src/query/execution/result-file.ts';
import { printerOf } from '../src/query/execution/values.ts';
import { readCsv } from '../src/wire/csv.ts';

// What other programs read out of a result file is what was put in: every format and packing, whatever the values hold.

const COLUMNS: readonly ResultColumn[] = [
  { header: 'Name', type: 'text' },
  { header: 'a,"b', type: 'decimal' },
  { header: 'On', type: 'date' },
  { header: 'Is', type: 'boolean' },
];
const output = (fields: Partial<StatementOutput>): StatementOutput => ({
  format: 'csv',
  compression: 'none',
  fileName: 'result',
  segmentRows: null,
  ...fields,
});

function textOf(fields: Partial<StatementOutput>, rows: ReadonlyArray<ReadonlyArray<string | null>>): string {
  const format = formats[fields.format ?? 'csv'].make(COLUMNS, output(fields));
  return format.head() + rows.map((row) => format.row(row)).join('') + format.tail();
}

/** Packed in parts of so many bytes. */
function packed(fields: Partial<StatementOutput>, content: Uint8Array, partBytes: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  const as = { fileName: 'result.csv', at: '2026-01-31T08:00:00.000Z' };
  const packing = packingOf(output(fields), as, (bytes) => chunks.push(bytes));
  for (let at = 0; at < content.length; at += partBytes) packing.write(content.subarray(at, at + partBytes));
  packing.end();
  return Buffer.concat(chunks);
}

/** The files of an archive by its directory, checked against their checksums and sizes. */
function unzip(archive: Uint8Array): Record<string, string> {
  const buffer = Buffer.from(archive);
  const end = buffer.length - 22;
  expect(buffer.readUInt32LE(end)).toBe(0x06054b50);
  const files: Record<string, string> = {};
  let at = buffer.readUInt32LE(end + 16);
  for (let i = 0; i < buffer.readUInt16LE(end + 10); i++) {
    expect(buffer.readUInt32LE(at)).toBe(0x02014b50);
    const [checksum, packedBytes, bytes] = [16, 20, 24].map((offset) => buffer.readUInt32LE(at + offset));
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) =>
      buffer.readUInt16LE(at + offset),
    );
    const local = buffer.readUInt32LE(at + 42);
    const name = buffer.toString('utf8', at + 46, at + 46 + nameBytes!);
    const start = local + 30 + buffer.readUInt16LE(local + 26) + buffer.readUInt16LE(local + 28);
    const content = inflateRawSync(buffer.subarray(start, start + packedBytes!));
    expect([name, content.length, crc32(content)]).toEqual([name, bytes, checksum]);
    files[name] = content.toString();
    at += 46 + nameBytes! + extraBytes! + commentBytes!;
  }
  return files;
}

const ROW = ['Ann & "Bob" <x>, Ltd.\nline;\t=1+1', '-12.5', '2026-01-31', 'true'] as const;
const NULLS = [null, null, null, null] as const;

describe('formats', () => {
  test('csv, tsv and dsv quote what they must', () => {
    const quoted = '"Ann & ""Bob"" <x>, Ltd.\nline;\t=1+1"';
    expect(textOf({ nullText: 'n/a' }, [ROW, NULLS])).toBe(
      `Name,"a,""b",On,Is\n${quoted},-12.5,2026-01-31,true\nn/a,n/a,n/a,n/a\n`,
    );
    expect(textOf({ format: 'tsv' }, [['a,b', '1', null, 'a\tb']])).toBe(
      'Name\t"a,""b"\tOn\tIs\na,b\t1\t\t"a\tb"\n',
    );
    expect(textOf({ format: 'dsv', separator: '^' }, [['a^b', null, null, '|']])).toBe(
      'Name^"a,""b"^On^Is\n"a^b"^^^|\n',
    );
    expect(textOf({ format: 'dsv', separator: ']' }, [['a]b', 'u', '5', 'd']])).toContain('"a]b"]u]5]d');
  });

  test('csv: what is read is what was written', () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 20 });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell, cell), { maxLength: 10 }), (rows) => {
        const read = [...readCsv(textOf({}, rows))].map(({ cells }) => cells);
        expect(read).toEqual([COLUMNS.map(({ header }) => header), ...rows]);
      }),
    );
  });

  test('json lines: numbers digit by digit, and a line feed where there is no row', () => {
    const lines = textOf({ format: 'jsonLines' }, [
      ['a"\u2028', '9007199254740993.000001', '2026-01-31', 'false'],
      NULLS,
    ]);
    expect(lines).toBe(
      '{"Name":"a\\"\u2028","a,\\"b":9007199254740993.000001,"On":"2026-01-31","Is":false}\n' +
        '{"Name":null,"a,\\"b":null,"On":null,"Is":null}\n',
    );
    expect(textOf({ format: 'jsonLines' }, [])).toBe('\n');
  });

  test('html: nothing of a value is markup', () => {
    const page = textOf({ format: 'html', fileName: '<i>', nullText: '<b>' }, [ROW, NULLS]);
    expect(page).toContain('<title>&lt;i&gt;</title>');
    expect(page).toContain(
      '<td>Ann &amp; &quot;Bob&quot; &lt;x&gt;, Ltd.\nline;\t=1+1</td><td align="right">-12.5</td>',
    );
    expect(page).toContain('<td>&lt;b&gt;</td>');
    expect(page.match(/<tr>/g)).toHaveLength(3);
  });

  test('excel: a book whose cells are typed; long numbers and odd characters stay', () => {
    const values = [
      ['a\u0000\ud800<', '-12.5', '2026-01-31', 'true'],
      [' b ', '1234567890123456', '1900-02-28', 'false'],
      NULLS,
    ];
    const sheet = new TextEncoder().encode(textOf({ format: 'xlsx' }, values));
    const files = unzip(packed({ format: 'xlsx' }, sheet, 64));
    expect(Object.keys(files).sort()).toEqual([
      '[Content_Types].xml',
      '_rels/.rels',
      'xl/_rels/workbook.xml.rels',
      'xl/styles.xml',
      'xl/workbook.xml',
      'xl/worksheets/sheet1.xml',
    ]);
    const text = (value: string) => `<c t="inlineStr"><is><t xml:space="preserve">${value}</t></is></c>`;
    // 31 January 2026 is 46,053 days after 30 December 1899.
    expect(files['xl/worksheets/sheet1.xml']).toContain(
      `<row>${text('a\ufffd\ufffd&lt;')}<c><v>-12.5</v></c><c s="1"><v>46053</v></c><c t="b"><v>1</v></c></row>` +
        `<row>${text(' b ')}${text('1234567890123456')}${text('1900-02-28')}<c t="b"><v>0</v></c></row><row><c/><c/><c/><c/></row>`,
    );
  });

  test('excel: what it does not take is refused', () => {
    const format = new WorkSheetFormat([{ header: 'Notes', type: 'text' }], { fileName: 'x' });
    format.head();
    expect(() => format.row(['x'.repeat(sheetLimits.cellCharactersMax)])).not.toThrow();
    expect(() => format.row(['x'.repeat(sheetLimits.cellCharactersMax + 1)])).toThrow(QueryError);
    const rows = new WorkSheetFormat([], { fileName: 'x' });
    rows.head();
    for (let i = 1; i < sheetLimits.sheetRowsMax; i++) rows.row([]);
    expect(() => rows.row([])).toThrow('An Excel file holds 1048575 rows');
  });
});

describe('packing', () => {
  /** Text that repeats itself, with bytes by chance between. */
  const contents = fc
    .record({
      bytes: fc.integer({ min: 0, max: 300_000 }),
      seed: fc.integer({ min: 1 }),
      every: fc.integer({ min: 2, max: 50 }),
    })
    .map(({ bytes, seed, every }) => {
      let state = seed;
      return Uint8Array.from({ length: bytes }, (_, i) => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        return i % every === 0 ? state >>> 24 : 65 + (i % 26);
      });
    });

  test('gzip is one member and zip one entry, of whatever size and however written', () => {
    fc.assert(
      fc.property(contents, fc.integer({ min: 500, max: 100_000 }), (content, partBytes) => {
        const gzip = packed({ compression: 'gzip' }, content, partBytes);
        expect(Buffer.compare(gunzipSync(gzip), Buffer.from(content))).toBe(0);
        // node:zlib goes on after a member's end: that there is one is what the length in the last four bytes says.
        expect(Buffer.from(gzip).readUInt32LE(gzip.length - 4)).toBe(content.length);
        const zip = packed({ compression: 'zip' }, content, partBytes);
        expect(unzip(zip)).toEqual({ 'result.csv': Buffer.from(content).toString() });
        const again = packed({ compression: 'zip' }, content, partBytes);
        expect(Buffer.compare(again, zip)).toBe(0);
      }),
      { numRuns: 15 },
    );
  });

  test.each([
    [{ compression: 'none' }, null, 'result.csv', 'result.csv', 'text/csv; charset=utf-8'],
    [{ compression: 'gzip' }, null, 'result.csv.gz', 'result.csv', 'application/gzip'],
    [{ compression: 'zip', format: 'jsonLines' }, 3, 'result_3.zip', 'result_3.jsonl', 'application/zip'],
  ] as const)('names of %j', (fields, segment, name, contentName, contentType) => {
    expect(namesOf(output(fields), segment)).toEqual({ name, contentName, contentType });
  });
});

test.each([
  ['decimal', '12500000', {}, '12.5'],
  ['decimal', '-9223372036854775808', {}, '-9223372036854.775808'],
  ['integer', '9007199254740993', {}, '9007199254740993'],
  ['boolean', 1, {}, 'true'],
  ['boolean', 0, {}, 'false'],
  ['double', 0.1, {}, '0.1'],
  ['datetime', '2026-01-31T08:00:00.123Z', {}, '2026-01-31T08:00:00.123Z'],
  ['datetime', '2026-01-31T08:00:00.123Z', { instants: 'seconds' }, '2026-01-31T08:00:00+00:00'],
  ['datetime', '2026-01-31T08:00:00.123Z', { instants: 'space' }, '2026-01-31 08:00:00.123'],
] as const)('%s %s is written %j as %s', (type, value, options, text) => {
  expect(printerOf({ header: 'x', type }, options)(value)).toBe(text);
});

describe('pace', () => {
  const limits = { queryWorkPercent: 8, queryRestMsMax: 5_000, queryCalmMs: 3_000 };
  const lastCommitAt = '2026-01-31T08:00:00.000Z';
  const at = (ms: number) => Date.parse(lastCommitAt) + ms;

  test('rests while there are commits, so that all jobs together work eight per cent of the time', () => {
    const pace = new Pace(limits);
    pace.observe({ lastCommitAt, runningJobs: 1 });
    // 10 of 125 ms.
    expect(pace.restAfter(10, at(0))).toBe(115);
    expect(pace.restAfter(10, at(3_000))).toBe(115);
    expect(pace.restAfter(10, at(3_001))).toBe(0);
    pace.observe({ lastCommitAt, runningJobs: 5 });
    // 10 of 625 ms, five times.
    expect(pace.restAfter(10, at(1))).toBe(615);
    expect(pace.restAfter(1_000, at(1))).toBe(limits.queryRestMsMax);
    pace.observe({ lastCommitAt: null, runningJobs: 5 });
    expect(pace.restAfter(10, at(1))).toBe(0);
  });

  test('a page’s work is D1’s time and twice as much beside it, but for what it waited', () => {
    expect(workOfPage({ busyMs: 10, wallMs: 400 })).toBe(30);
    expect(workOfPage({ busyMs: 10, wallMs: 25 })).toBe(25);
  });

  test('pages grow until D1 is busy for the wished time, and shrink when they are too much', () => {
    const pages = { copyPageRowsMin: 100, copyPageRowsMax: 5_000, copyPageMs: 10, copyPageBytes: 2_000_000 };
    expect(nextPageRows(100, { busyMs: 0, bytes: 0 }, pages)).toBe(200);
    expect(nextPageRows(100, { busyMs: 1, bytes: 0 }, pages)).toBe(200);
    expect(nextPageRows(4_000, { busyMs: 8, bytes: 0 }, pages)).toBe(5_000);
    expect(nextPageRows(4_000, { busyMs: 40, bytes: 0 }, pages)).toBe(1_000);
    expect(nextPageRows(1_000, { busyMs: 1, bytes: 8_000_000 }, pages)).toBe(250);
    expect(nextPageRows(200, { busyMs: 900, bytes: 0 }, pages)).toBe(100);
  });
});
