import fc from 'fast-check';
import { expect, it } from 'vitest';
import { itemsOfPart, partItemId, refundPartId } from '../../../src/domain/settlement/part-items.ts';

// How several parts of one document fall on its lines: each in full, no line above its amount.
const line = (id: string, amountMinor: number, meantMinor: number) => ({
  id,
  amountMinor,
  taxMinor: 0,
  meantMinor,
});

it('lays what belongs to the whole after what others took of it, beside what lines were named for', () => {
  const lines = [line('a', 100, 30), line('b', 50, 0), line('c', 80, 20)];
  const first = itemsOfPart(lines, {
    amountMinor: 90,
    explicitByLine: new Map([['c', 20]]),
    wholeBeforeMinor: 0,
  });
  // 70 of the whole fill what is left of line a beside the 30 that another named.
  expect(first).toEqual([
    { lineId: 'a', amountMinor: 70 },
    { lineId: 'c', amountMinor: 20 },
  ]);
  const second = itemsOfPart(lines, {
    amountMinor: 95,
    explicitByLine: new Map([['a', 30]]),
    wholeBeforeMinor: 70,
  });
  expect(second).toEqual([
    { lineId: 'a', amountMinor: 30 },
    { lineId: 'b', amountMinor: 50 },
    { lineId: 'c', amountMinor: 15 },
  ]);
});

it('gives each part its amount and no line more than it has, whatever parts there are', () => {
  const amounts = fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 6 });
  const wanted = fc.array(
    fc.record({ line: fc.nat(), named: fc.nat({ max: 60 }), whole: fc.nat({ max: 150 }) }),
    {
      maxLength: 5,
    },
  );
  fc.assert(
    fc.property(amounts, wanted, (lineAmounts, parts) => {
      const meant = lineAmounts.map(() => 0);
      let room = lineAmounts.reduce((sum, minor) => sum + minor, 0);
      const made = parts.map(({ line: pick, named, whole }) => {
        const index = pick % lineAmounts.length;
        const explicit = Math.min(named, lineAmounts[index]! - meant[index]!, room);
        meant[index]! += explicit;
        const ofWhole = Math.min(whole, room - explicit);
        room -= explicit + ofWhole;
        return { index, explicit, ofWhole };
      });
      const lines = lineAmounts.map((minor, i) => line(`l${i}`, minor, meant[i]!));
      const onLines = lineAmounts.map(() => 0);
      let wholeBeforeMinor = 0;
      for (const { index, explicit, ofWhole } of made) {
        const explicitByLine = new Map(explicit === 0 ? [] : [[`l${index}`, explicit] as const]);
        const items = itemsOfPart(lines, {
          amountMinor: explicit + ofWhole,
          explicitByLine,
          wholeBeforeMinor,
        });
        expect(items.reduce((sum, item) => sum + item.amountMinor, 0)).toBe(explicit + ofWhole);
        for (const item of items) onLines[Number(item.lineId.slice(1))]! += item.amountMinor;
        wholeBeforeMinor += ofWhole;
      }
      for (const [i, minor] of onLines.entries()) expect(minor).toBeLessThanOrEqual(lineAmounts[i]!);
    }),
  );
});

it('gives parts and their items ids of their own', () => {
  const refund = { id: 'e'.repeat(32), sourceId: 'c'.repeat(32) };
  const partId = refundPartId(refund);
  expect(partId).toMatch(/^[0-9a-f]{32}$/);
  expect(new Set([partId, partItemId(partId, '1'.repeat(32)), partItemId(partId, '2'.repeat(32))]).size).toBe(
    3,
  );
});
