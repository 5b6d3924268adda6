import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printerOf } from '../src/query/execution/values.ts';
import { toWireOffsetDateTime } from '../src/wire/values.ts';

// Shows how instants are written into files: in UTC or in the zone of the tenant, where the clock changes too.

const at = { header: 'At', type: 'datetime' } as const;

test.each([
  ['UTC', '2026-03-29T00:59:59.999Z', '2026-03-29T00:59:59+00:00'],
  // Berlin's clock jumps from 2 to 3 at 1:00 UTC on 29 March, and back from 3 to 2 at 1:00 UTC on 25 October.
  ['Europe/Berlin', '2026-03-29T00:59:59.999Z', '2026-03-29T01:59:59+01:00'],
  ['Europe/Berlin', '2026-03-29T01:00:00.000Z', '2026-03-29T03:00:00+02:00'],
  ['Europe/Berlin', '2026-10-25T00:59:59.000Z', '2026-10-25T02:59:59+02:00'],
  ['Europe/Berlin', '2026-10-25T01:00:00.000Z', '2026-10-25T02:00:00+01:00'],
  ['America/St_Johns', '2026-01-01T00:00:00.000Z', '2025-12-31T20:30:00-03:30'],
  ['Asia/Kathmandu', '2026-01-01T00:00:00.000Z', '2026-01-01T05:45:00+05:45'],
])('in %s %s is %s', (timeZone, instant, shown) => {
  expect(printerOf(at, { instants: 'seconds', timeZone })(instant)).toBe(shown);
});

test('as REST shows them, with milliseconds', () => {
  const zones = ['America/Los_Angeles', 'Europe/Berlin', 'Asia/Kolkata', 'Australia/Lord_Howe'];
  const printers = new Map(zones.map((timeZone) => [timeZone, printerOf(at, { timeZone })]));
  const instant = fc.integer({ min: Date.parse('1990-01-01'), max: Date.parse('2100-01-01') });
  fc.assert(
    fc.property(instant, fc.constantFrom(...zones), (ms, timeZone) => {
      const text = new Date(ms).toISOString();
      expect(printers.get(timeZone)!(text)).toBe(toWireOffsetDateTime(text, timeZone));
    }),
    { numRuns: 500 },
  );
});

test('what is no instant stays as it is', () => {
  expect(printerOf(at, { timeZone: 'Europe/Berlin' })('soon')).toBe('soon');
  expect(printerOf({ header: 'On', type: 'date' }, { timeZone: 'Europe/Berlin' })('2026-01-01')).toBe(
    '2026-01-01',
  );
});
