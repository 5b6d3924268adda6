import { describe, expect, it } from 'vitest';
import { usageImportLimits } from '../../src/domain/billing/usage-import.ts';
import { readUsageFile, readUsageRows, type UsageFile } from '../../src/wire/usage-files.ts';
import { readDateTime } from '../../src/wire/values.ts';

const HEADING = 'ACCOUNT_ID,UOM,QTY,STARTDATE,ENDDATE,SUBSCRIPTION_ID,CHARGE_ID,DESCRIPTION';
const ROW = 'A-1,Minutes,2,2026-03-05,,,,';

function messageOf(text: string): string {
  const file = readUsageFile(text);
  return 'refused' in file ? file.message : 'read';
}

/** The rows of the file, piece by piece, as a job reads them. */
function rowsOf({ columns, content, pieces }: UsageFile, timeZone = 'UTC') {
  return pieces.flatMap(({ from, bytes }) =>
    readUsageRows(new TextDecoder().decode(content.slice(from, from + bytes)), columns, String, timeZone),
  );
}

describe('a file with usage', () => {
  it.each([
    ['', 'is empty'],
    ['\n\n', 'is empty'],
    [HEADING, 'has no rows'],
    [`${HEADING}\n\n`, 'has no rows'],
    [`ACCOUNT_ID,QTY,STARTDATE\n1,2,3`, 'has no column UOM'],
    [`UOM,QTY,STARTDATE\n1,2,3`, 'has none of the columns ACCOUNT_ID, SUBSCRIPTION_ID, CHARGE_ID'],
    [`${HEADING},QTY\n${ROW},`, 'has the column QTY twice'],
    [`${HEADING},COLOUR\n${ROW},`, 'has a column "COLOUR"'],
    [`account_id,uom,qty,startdate\n1,2,3,4`, 'has a column "account_id"'],
    [`${HEADING}\nA-1,Minutes,2`, 'row 2 has 3 cells; the heading has 8'],
    [`${HEADING}\n${ROW}\n${ROW},x`, 'row 3 has 9 cells; the heading has 8'],
    [`${HEADING}\n"A-1`, 'row 2 has a quote that is not closed'],
    [`${HEADING}\nA\uFFFD,Minutes,2,2026-03-05,,,,`, 'must be UTF-8 text'],
    [`\uFEFF"ACCOUNT_ID",UOM,QTY,STARTDATE\na,b,1,2026-03-05`, 'read'],
    [`${HEADING},site__c\n${ROW},S1`, 'read'],
  ])('says of %j: %s', (text, message) => expect(messageOf(text)).toContain(message));

  it('takes so many rows and no more', () => {
    const { rowsMax } = usageImportLimits;
    const rows = (count: number) => `${HEADING}\n${`${ROW}\n`.repeat(count)}`;
    expect(messageOf(rows(rowsMax))).toBe('read');
    expect(messageOf(rows(rowsMax + 1))).toBe(`has more than ${rowsMax} rows`);
  });

  it('lies in pieces of bounded size that are read one by one', () => {
    const { rowsPerPiece, charactersPerPiece } = usageImportLimits;
    const small = readUsageFile(`${HEADING}\n${`${ROW}é\n`.repeat(2 * rowsPerPiece + 1)}`) as UsageFile;
    expect(small.pieces.map(({ rows }) => rows)).toEqual([rowsPerPiece, rowsPerPiece, 1]);
    expect(rowsOf(small)).toHaveLength(small.rows);
    const long = `A-1,Minutes,2,2026-03-05,,,,,"${'é"",\n'.repeat(6_000)}"`;
    const large = readUsageFile(`${HEADING},note__c\n${`${long}\n`.repeat(20)}`) as UsageFile;
    expect(large.pieces.length).toBeGreaterThan(2);
    for (const { bytes } of large.pieces) expect(bytes).toBeLessThan(3 * charactersPerPiece);
    const read = rowsOf(large);
    expect(read).toHaveLength(20);
    for (const row of read) expect(row).toMatchObject({ customFields: { note__c: 'é",\n'.repeat(6_000) } });
  });

  it.each([
    [
      'A-1,Minutes,2.5,2026-03-05,2026-03-06,A-S1,C-1,text',
      { quantity: '2.5', description: 'text', endDateTime: '2026-03-06T00:00:00.000Z' },
    ],
    ['A-1,Minutes,-3,3/5/2026 08:30:00,,,,', { quantity: '-3', startDateTime: '2026-03-05T08:30:00.000Z' }],
    [',Minutes,1,2026-03-05T23:30:00-05:00,,A-S1,,', { startDateTime: '2026-03-06T04:30:00.000Z' }],
    [',,1,2026-03-05,,,C-1,', { category: 'missing', field: 'UOM' }],
    ['A-1,Minutes,,2026-03-05,,,,', { category: 'missing', field: 'QTY' }],
    ['A-1,Minutes,1,,,,,', { category: 'missing', field: 'STARTDATE' }],
    [',Minutes,1,2026-03-05,,,,', { category: 'missing', field: 'ACCOUNT_ID' }],
    ['A-1,Minutes,1e3,2026-03-05,,,,', { field: 'QTY' }],
    ['A-1,Minutes,"1,000",2026-03-05,,,,', { field: 'QTY' }],
    ['A-1,Minutes,1,2026-02-30,,,,', { field: 'STARTDATE' }],
    ['A-1,Minutes,1,31/12/2026,,,,', { field: 'STARTDATE' }],
    ['A-1,Minutes,1,2026-03-05,tomorrow,,,', { field: 'ENDDATE' }],
    [`${'x'.repeat(101)},Minutes,1,2026-03-05,,,,`, { field: 'ACCOUNT_ID' }],
    [`A-1,Minutes,1,2026-03-05,,,,${'x'.repeat(201)}`, { field: 'DESCRIPTION' }],
  ])('reads %s', (row, read) => {
    const file = readUsageFile(`${HEADING}\n${row}`) as UsageFile;
    expect(rowsOf(file)).toMatchObject([read]);
  });
});

describe('dates and times of usage', () => {
  it.each([
    ['2026-03-05', 'America/New_York', '2026-03-05T05:00:00.000Z', '2026-03-05'],
    ['2026-03-08 12:00:00', 'America/New_York', '2026-03-08T16:00:00.000Z', '2026-03-08'],
    ['2026-03-08 00:30:00', 'America/New_York', '2026-03-08T05:30:00.000Z', '2026-03-08'],
    ['2026-11-01 12:00:00', 'America/New_York', '2026-11-01T17:00:00.000Z', '2026-11-01'],
    ['2026-11-01 00:30:00', 'America/New_York', '2026-11-01T04:30:00.000Z', '2026-11-01'],
    ['2026-03-05T23:59:59.999Z', 'Pacific/Auckland', '2026-03-05T23:59:59.999Z', '2026-03-06'],
    ['2026-03-05T00:00:00+0100', 'UTC', '2026-03-04T23:00:00.000Z', '2026-03-04'],
    ['12/31/2026', 'UTC', '2026-12-31T00:00:00.000Z', '2026-12-31'],
    ['9990-12-31 23:59:59', 'America/New_York', '9991-01-01T04:59:59.000Z', '9990-12-31'],
    ['1900-01-01T00:00:00+05:00', 'Etc/GMT-5', '1899-12-31T19:00:00.000Z', '1900-01-01'],
    // What a clock leaves out: an hour, midnight, a whole day. Counted by the clock before.
    ['2026-03-29 02:30:00', 'Europe/Berlin', '2026-03-29T01:30:00.000Z', '2026-03-29'],
    ['2026-03-08 02:30:00', 'America/New_York', '2026-03-08T07:30:00.000Z', '2026-03-08'],
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z', '2018-11-04'],
    ['2011-12-30 12:00:00', 'Pacific/Apia', '2011-12-30T22:00:00.000Z', '2011-12-31'],
    // An hour that comes twice.
    ['2026-10-25 02:30:00', 'Europe/Berlin', '2026-10-25T00:30:00.000Z', '2026-10-25'],
    ['2026-11-01 01:30:00', 'America/New_York', '2026-11-01T05:30:00.000Z', '2026-11-01'],
  ])('reads %s in %s', (text, zone, instant, day) =>
    expect(readDateTime(text, zone)).toEqual({ instant, day }),
  );

  it.each([
    '',
    '2026',
    '2026-3-5',
    '2026-03-05T24:00:00',
    '2026-03-05T10:00',
    '13/01/2026',
    '2026-03-05T10:00:00+99:00',
    ' 2026-03-05',
    '1899-12-31',
    '2026-02-30',
    '9991-01-01',
    '9999-12-31T23:30:00-05:00',
    '1900-01-01T00:00:00+05:00',
  ])('refuses %j', (text) => expect(readDateTime(text, 'UTC')).toBeNull());

  it('refuses what lies outside the calendar in the zone only', () => {
    expect(readDateTime('1900-01-01T04:00:00Z', 'UTC')).not.toBeNull();
    expect(readDateTime('1900-01-01T04:00:00Z', 'America/New_York')).toBeNull();
    expect(readDateTime('9999-12-31 22:00:00', 'America/New_York')).toBeNull();
  });
});
