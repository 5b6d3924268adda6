import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { wireNewBillRun } from '../../src/wire/bill-runs.ts';
import { existingPreviewBody } from '../../src/wire/billing-previews.ts';
import { wireInvoiceUpdate } from '../../src/wire/invoice-updates.ts';
import { wireNewInvoice } from '../../src/wire/invoices.ts';
import { wirePaymentQuery } from '../../src/wire/payment-lists.ts';
import { wireRefundQuery } from '../../src/wire/refund-lists.ts';

// Messages in the words of the API, not those of the library that reads requests.

const rates = (rate: object) => ({ customRates: [{ currency: 'EUR', ...rate }] });

const REFUSED: ReadonlyArray<readonly [string, z.ZodType, object, string]> = [
  ['customRates', wireNewInvoice, { customRates: 'EUR' }, 'must be a list of rates'],
  ['customFxRate', wireNewInvoice, rates({ customFxRate: '1.1' }), 'must be a number'],
  ['customFxRate', wireNewInvoice, rates({ customFxRate: 0 }), 'must be more than 0'],
  ['customFxRate', wireNewInvoice, rates({ customFxRate: -1 }), 'must be more than 0'],
  [
    'customFxRate',
    wireNewInvoice,
    rates({ customFxRate: 0.1234567890123456 }),
    'must be a number with at most 15 significant digits',
  ],
  [
    'transferredToAccounting',
    wireNewInvoice,
    { transferredToAccounting: 'maybe' },
    '"maybe" is none of Processing, Error, Ignore, true, false',
  ],
  [
    'transferredToAccounting',
    wireInvoiceUpdate,
    { transferredToAccounting: true },
    'what was given is none of Processing, Error, Ignore, true, false',
  ],
  [
    'status',
    wirePaymentQuery,
    { accountId: 'x', status: 'Paid' },
    '"Paid" is none of Draft, Processing, Processed, Error, Canceled, Posted',
  ],
  ['type', wireRefundQuery, { accountId: 'x', type: 'Cash' }, '"Cash" is none of External, Electronic'],
  ['batches', wireNewBillRun, { batches: 'Batch1' }, 'must be a list of batches'],
  ['billRunFilters', wireNewBillRun, { billRunFilters: {} }, 'must be a list of filters'],
  ['chargeTypeToExclude', wireNewBillRun, { chargeTypeToExclude: true }, 'must be a list of charge types'],
  [
    'quantityForUsageCharges',
    existingPreviewBody,
    { quantityForUsageCharges: 1 },
    'must be a list of charges',
  ],
];

describe('a refusal of', () => {
  test.each(REFUSED)('%s', (name, schema, body, message) => {
    const { issues } = schema.safeParse(body).error!;
    expect(issues.filter(({ path }) => path.includes(name)).map((issue) => issue.message)).toEqual([message]);
  });
});
