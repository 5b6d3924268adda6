import { describe, expect, test } from 'vitest';
import { dueDate, isPaymentTerm } from '../../../src/domain/billing/payment-terms.ts';

/** Payment terms: which names are terms, and the day on which an invoice falls due. */
describe('Payment terms', () => {
  test.each([
    ['Due Upon Receipt', '2026-01-31', '2026-01-31'],
    ['Net 30', '2026-01-31', '2026-03-02'],
    ['Net 45', '2026-12-01', '2027-01-15'],
    ['Proximo 15', '2026-01-31', '2026-02-15'],
    ['Proximo 31', '2026-01-10', '2026-02-28'],
    ['Proximo 1', '2026-12-31', '2027-01-01'],
  ])('%s from %s is due on %s', (term, invoiceDate, due) => {
    expect(isPaymentTerm(term)).toBe(true);
    expect(dueDate(term, invoiceDate)).toBe(due);
  });

  test.each(['net 30', 'Net', 'Net 1000', 'Proximo 0', 'Proximo 32', ''])('%j is no term', (term) => {
    expect(isPaymentTerm(term)).toBe(false);
    expect(() => dueDate(term, '2026-01-01')).toThrow(RangeError);
  });
});
