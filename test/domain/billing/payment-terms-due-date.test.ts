import { describe, expect, test } from 'vitest';
import { dueDate, isPaymentTerm, paymentTerms } from '../../../src/domain/billing/payment-terms.ts';

describe('Payment terms', () => {
  test('count calendar days from the invoice date, over months, years and leap days', () => {
    expect(dueDate('Due Upon Receipt', '2026-01-31')).toBe('2026-01-31');
    expect(dueDate('Net 15', '2026-01-20')).toBe('2026-02-04');
    expect(dueDate('Net 30', '2026-01-31')).toBe('2026-03-02');
    expect(dueDate('Net 30', '2028-01-31')).toBe('2028-03-01');
    expect(dueDate('Net 45', '2026-12-01')).toBe('2027-01-15');
    expect(dueDate('Net 60', '2026-01-01')).toBe('2026-03-02');
    expect(dueDate('Net 90', '2026-11-22')).toBe('2027-02-20');
  });

  test('are known by their exact name only', () => {
    expect(paymentTerms).toContain('Net 30');
    expect(isPaymentTerm('net 30')).toBe(false);
    expect(isPaymentTerm('Net 31')).toBe(false);
    expect(() => dueDate('Net 31', '2026-01-01')).toThrow(RangeError);
  });
});
