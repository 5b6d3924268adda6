import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { OWN_OBJECTS } from '../../src/wire/order-actions/order-action.ts';
import { runSeed } from './run-seed.ts';

const SEEDS_PER_TEST = 10;

const SETTLEMENT_KINDS = [
  ...['create', 'post', 'unpost', 'cancel', 'reverse', 'writeOff'].map((name) => `invoice.${name}`),
  ...['createFromCharges', 'createFromInvoice', 'post', 'unpost', 'cancel', 'apply', 'unapply'].map(
    (name) => `creditMemo.${name}`,
  ),
  'creditMemo.reverse',
  'creditMemo.writeOff',
  ...['createFromCharges', 'post', 'unpost', 'cancel'].map((name) => `debitMemo.${name}`),
  ...['create', 'apply', 'unapply', 'cancel', 'transfer'].map((name) => `payment.${name}`),
  ...['ofPayment', 'ofPaymentAndUnapply', 'ofCreditMemo', 'cancel'].map((name) => `refund.${name}`),
  'billing.generate',
  ...['create', 'post', 'cancel'].map((name) => `billRun.${name}`),
];

/**
 * Seeded crowds on a few accounts, two rival copies of every account's object, and every fault of the way to D1 and the queue: afterwards
 * the auditor finds the invariants of docs/architecture.md in the tables. A failure prints its seed.
 */
export function testSeeds(first: number, seeds: number): void {
  describe('with guards', () => {
    const actionsDone = new Set<string>();
    const kindsDone = new Set<string>();
    const starts = Array.from({ length: seeds / SEEDS_PER_TEST }, (_, i) => first + i * SEEDS_PER_TEST);
    test.each(starts)('seeds from %i on keep every invariant', async (start) => {
      const totals = { commands: 0, done: 0, faults: 0 };
      for (let seed = start; seed < start + SEEDS_PER_TEST; seed++) {
        const report = await runSeed(env.DB, seed);
        expect(report.problems, `seed ${seed}`).toEqual([]);
        totals.commands += report.commands;
        totals.done += report.done;
        totals.faults += report.faults;
        for (const { result, kind, actions } of report.observed) {
          if (result !== 'done') continue;
          kindsDone.add(kind);
          for (const action of actions) actionsDone.add(action);
        }
      }
      // A simulation in which nothing succeeds, or nothing fails, shows nothing.
      expect(totals.done).toBeGreaterThan(totals.commands / 4);
      expect(totals.faults).toBeGreaterThan(0);
    });

    test('orders of every kind of action were among what succeeded', () => {
      expect([...actionsDone].sort()).toEqual(Object.keys(OWN_OBJECTS).sort());
    });

    test('every kind of billing and settlement was among what succeeded', () => {
      expect(SETTLEMENT_KINDS.filter((kind) => !kindsDone.has(kind))).toEqual([]);
    });
  });
}
