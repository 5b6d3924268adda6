import { describe, expect, it } from 'vitest';
import { dueDate, isPaymentTerm } from '../../../src/domain/billing/payment-terms.ts';

// A payment term says when an invoice is due, counted from its date.
describe('payment terms', () => {
  it.each([
    ['Due Upon Receipt', '2026-03-15', '2026-03-15'],
    ['Net 0', '2026-03-15', '2026-03-15'],
    ['Net 30', '2024-07-30', '2024-08-29'],
    ['Net 30', '2026-03-15', '2026-04-14'],
    ['Net 90', '2026-12-31', '2027-03-31'],
    ['Proximo 15', '2026-03-31', '2026-04-15'],
    ['Proximo 31', '2026-01-31', '2026-02-28'],
    ['Proximo 1', '2026-12-01', '2027-01-01'],
  ])('%s from %s is %s', (term, from, due) => {
    expect(isPaymentTerm(term)).toBe(true);
    expect(dueDate(term, from)).toBe(due);
  });

  it.each(['', 'net 30', 'Net', 'Net -1', 'Net 1000', 'Proximo 0', 'Proximo 32', 'Whenever'])(
    '%j names none',
    (term) => {
      expect(isPaymentTerm(term)).toBe(false);
      expect(() => dueDate(term, '2026-03-15')).toThrow(RangeError);
    },
  );
});
