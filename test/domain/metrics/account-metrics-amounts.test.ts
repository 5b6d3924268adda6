import { describe, expect, test } from 'vitest';
import {
  emptySums,
  exactSums,
  inCurrencyOrder,
  type MetricSums,
  toAccountMetrics,
} from '../../../src/domain/metrics/account-metrics.ts';
import { emptyTotals, proveMetrics } from '../../../src/domain/metrics/metrics-proof.ts';

// Metrics as people read them: exact at any size, in the digits of their currency, never added across currencies.

const sums = (currency: string, fields: Partial<MetricSums>): MetricSums => ({
  ...emptySums(currency),
  ...fields,
});

describe('Account metrics', () => {
  test('show the worked example of several currencies, the own currency first', () => {
    const rows = inCurrencyOrder(
      [
        sums('JPY', { totalInvoiceBalanceMinor: 48_000n, unappliedPaymentMinor: 50_000n }),
        sums('USD', { totalInvoiceBalanceMinor: 109_000n }),
        sums('EUR', { contractedMrrWhole: 150n }),
      ],
      'USD',
    ).map(toAccountMetrics);
    expect(rows).toMatchObject([
      { currency: 'USD', totalInvoiceBalance: '1090', balance: '1090', contractedMrr: '0' },
      { currency: 'EUR', totalInvoiceBalance: '0', balance: '0', contractedMrr: '150' },
      { currency: 'JPY', totalInvoiceBalance: '48000', unappliedPaymentAmount: '50000', balance: '-2000' },
    ]);
  });

  test('have a row of zeros for an own currency that was never used', () => {
    expect(inCurrencyOrder([sums('EUR', {})], 'KWD').map((row) => row.currency)).toEqual(['KWD', 'EUR']);
  });

  test('balance is the four-term sum', () => {
    const metrics = toAccountMetrics(
      sums('USD', {
        totalInvoiceBalanceMinor: 100_00n,
        totalDebitMemoBalanceMinor: 60_00n,
        unappliedPaymentMinor: 10_00n,
        unappliedCreditMemoMinor: 50_00n,
      }),
    );
    expect(metrics.balance).toBe('100');
  });

  test('stay exact beyond 2^53 minor units', () => {
    const metrics = toAccountMetrics(sums('USD', { totalInvoiceBalanceMinor: 9_007_199_254_740_993n }));
    expect(metrics.totalInvoiceBalance).toBe('90071992547409.93');
  });

  test.each([
    ['USD', 189n, 999_999_999n, '190'],
    ['USD', 18n, 333_333_333n, '18.33'],
    ['USD', 0n, 5_000_000n, '0.01'],
    ['USD', 0n, -5_000_000n, '-0.01'],
    ['JPY', 18n, 499_999_999n, '18'],
    ['KWD', 18n, 333_500_000n, '18.334'],
  ])(
    'contracted MRR is kept with nine places and shown half up (%s %s.%s)',
    (currency, whole, nano, shown) => {
      const metrics = toAccountMetrics(
        sums(currency, { contractedMrrWhole: whole, contractedMrrNano: nano }),
      );
      expect(metrics.contractedMrr).toBe(shown);
    },
  );

  test('exact numbers are the published ones and what waits, currency by currency', () => {
    const published = [sums('USD', { totalInvoiceBalanceMinor: 5n, lastInvoiceDate: '2026-02-01' })];
    const tail = [
      sums('USD', { totalInvoiceBalanceMinor: -2n, contractedMrrNano: 7n, lastInvoiceDate: '2026-01-31' }),
      sums('EUR', { unappliedPaymentMinor: 3n }),
    ];
    expect(exactSums(published, tail)).toEqual([
      sums('USD', { totalInvoiceBalanceMinor: 3n, contractedMrrNano: 7n, lastInvoiceDate: '2026-02-01' }),
      sums('EUR', { unappliedPaymentMinor: 3n }),
    ]);
  });
});

describe('The proof of metrics', () => {
  const documents = {
    ...emptyTotals('USD'),
    invoiceBalanceMinor: 100_00n,
    invoicedMinor: 120_50n,
    paidMinor: 100_25n,
    unappliedPaymentMinor: 79_75n,
    contractedMrrWhole: 25n,
    lastInvoiceDate: '2026-03-15',
  };
  const exact = sums('USD', {
    totalInvoiceBalanceMinor: 100_00n,
    unappliedPaymentMinor: 79_75n,
    contractedMrrWhole: 24n,
    contractedMrrNano: 1_000_000_000n,
    lastInvoiceDate: '2026-03-15',
  });

  test('finds no difference where there is none', () => {
    expect(proveMetrics([exact], [documents])).toEqual([]);
    expect(proveMetrics([], [])).toEqual([]);
  });

  test('names each metric that differs, with both numbers', () => {
    const wrong = { ...exact, totalInvoiceBalanceMinor: 100_01n, unappliedCreditMemoMinor: 1n };
    expect(proveMetrics([wrong], [documents])).toEqual([
      { currency: 'USD', metric: 'totalInvoiceBalance', fromDeltas: '100.01', fromDocuments: '100' },
      { currency: 'USD', metric: 'unappliedCreditMemoAmount', fromDeltas: '0.01', fromDocuments: '0' },
    ]);
  });

  test('finds an application that one side forgot, by the balance that knows no applications', () => {
    const differences = proveMetrics(
      [{ ...exact, totalInvoiceBalanceMinor: 90_00n }],
      [{ ...documents, invoiceBalanceMinor: 90_00n }],
    );
    expect(differences).toEqual([
      { currency: 'USD', metric: 'balance', fromDeltas: '10.25', fromDocuments: '20.25' },
    ]);
  });

  test('finds documents in a currency that no delta knows', () => {
    const yen = { ...emptyTotals('JPY'), invoicedMinor: 5n, invoiceBalanceMinor: 5n };
    expect(proveMetrics([exact], [documents, yen]).map(({ currency, metric }) => [currency, metric])).toEqual(
      [
        ['JPY', 'balance'],
        ['JPY', 'totalInvoiceBalance'],
      ],
    );
  });
});
