import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openForWhole, type SharedLine, sharesOf } from '../../../src/domain/settlement/item-shares.ts';

const lineOf = (id: string, amountMinor: number, taxMinor = 0): SharedLine => ({ id, amountMinor, taxMinor });
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Lines, what is meant for some of them, and a whole that the document has room for. */
const documents = fc
  .array(fc.record({ amountMinor: fc.integer({ min: -300, max: 900 }), part: fc.nat({ max: 100 }) }), {
    minLength: 1,
    maxLength: 12,
  })
  .chain((drawn) => {
    const lines = drawn.map(({ amountMinor }, i) => lineOf(`line-${i}`, amountMinor));
    const explicit = new Map<string, number>(
      drawn.flatMap(({ amountMinor, part }, i) =>
        amountMinor > 0 && part > 50 ? [[`line-${i}`, Math.floor((amountMinor * part) / 100)] as const] : [],
      ),
    );
    const roomMinor = Math.max(sum(lines.map((l) => l.amountMinor)) - sum([...explicit.values()]), 0);
    return fc.nat({ max: roomMinor }).map((wholeMinor) => ({ lines, explicit, wholeMinor }));
  });

describe('shares of lines in what is applied to their document', () => {
  it('gives lines what is meant for them, and the rest to what is open, in their order', () => {
    const lines = [lineOf('a', 100), lineOf('b', -40), lineOf('c', 50), lineOf('d', 70, 7)];
    expect(sharesOf(lines, new Map(), 120)).toEqual([100, 0, 20, 0]);
    expect(
      sharesOf(
        lines,
        new Map([
          ['a', 30],
          ['d', 60],
        ]),
        130,
      ),
    ).toEqual([100, 0, 50, 70]);
    expect(sharesOf(lines, new Map([['c', 50]]), 0)).toEqual([0, 0, 50, 0]);
  });

  it('adds up, and gives no line more than it has', () => {
    fc.assert(
      fc.property(documents, ({ lines, explicit, wholeMinor }) => {
        const shares = sharesOf(lines, explicit, wholeMinor);
        expect(sum(shares)).toBe(sum([...explicit.values()]) + wholeMinor);
        for (const [i, share] of shares.entries()) {
          expect(share).toBeGreaterThanOrEqual(explicit.get(lines[i]!.id) ?? 0);
          expect(share).toBeLessThanOrEqual(Math.max(lines[i]!.amountMinor, 0));
        }
      }),
    );
  });

  it('is the same page by page', () => {
    fc.assert(
      fc.property(documents, fc.nat({ max: 12 }), ({ lines, explicit, wholeMinor }, cut) => {
        const before = lines.slice(0, cut);
        const openMinor = sum(before.map((line) => openForWhole(line, explicit.get(line.id) ?? 0)));
        expect([
          ...sharesOf(before, explicit, wholeMinor),
          ...sharesOf(lines.slice(cut), explicit, wholeMinor, openMinor),
        ]).toEqual(sharesOf(lines, explicit, wholeMinor));
      }),
    );
  });
});
