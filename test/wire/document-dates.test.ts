import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { wireNewBillRun, wirePostBillRun } from '../../src/wire/bill-runs.ts';
import { generateBody } from '../../src/wire/billing-documents.ts';
import { wireInvoiceCollect } from '../../src/wire/invoice-collect.ts';
import { orderBody } from '../../src/wire/order-schema.ts';
import { billingRun } from '../../src/wire/subscription-forms/form-values.ts';

// A document's due date follows from its date: whatever takes the date of a document leaves room for the longest term.

const LAST = '9990-12-31';
const TOO_LATE = '9991-01-01';

const DATES: ReadonlyArray<readonly [string, z.ZodType, (date: string) => object]> = [
  ['invoiceDate', wireNewBillRun, (invoiceDate) => ({ invoiceDate, targetDate: LAST })],
  ['invoiceDate', wirePostBillRun, (invoiceDate) => ({ invoiceDate })],
  ['effectiveDate', generateBody, (effectiveDate) => ({ effectiveDate })],
  [
    'documentDate',
    wireInvoiceCollect,
    (documentDate) => ({ accountKey: 'A1', targetDate: LAST, documentDate }),
  ],
  ['invoiceDate', wireInvoiceCollect, (invoiceDate) => ({ accountKey: 'A1', targetDate: LAST, invoiceDate })],
  [
    'processingOptions.billingOptions.documentDate',
    orderBody,
    (documentDate) => ({
      orderDate: LAST,
      existingAccountNumber: 'A1',
      processingOptions: { billingOptions: { documentDate } },
    }),
  ],
  ['', billingRun.documentDate, (date) => date as unknown as object],
];

describe('the date of a document', () => {
  test.each(DATES)('%s', (field, schema, bodyWith) => {
    expect(schema.safeParse(bodyWith(LAST)).error?.issues ?? []).toEqual([]);
    expect(
      schema
        .safeParse(bodyWith(TOO_LATE))
        .error?.issues.map(({ path, message }) => [path.join('.'), message]),
    ).toEqual([[field, 'must not be after 9990-12-31']]);
  });
});
