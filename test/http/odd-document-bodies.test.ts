import fc from 'fast-check';
import { expect, it } from 'vitest';
import { provenAfterEach } from '../support/proven-metrics.ts';
import { connect, putAccount } from '../support/settlement-fixtures.ts';

// Whatever stands in a field of an invoice or payment, the answer is a success or a refusal that blames the request, never a failure.
const FIELDS = {
  '/v1/invoices': [
    'accountId accountNumber invoiceNumber invoiceDate dueDate paymentTerm currency status autoPay comments',
    'billToContactId templateId transferredToAccounting customRates invoiceItems odd__c',
  ],
  '/v1/payments': [
    'accountId accountNumber amount currency type effectiveDate paymentMethodId paymentMethodType comment',
    'referenceId invoices debitMemos standalone prepayment financeInformation odd__c',
  ],
};
const ITEM_FIELDS =
  'amount unitPrice quantity chargeName chargeDate serviceStartDate serviceEndDate productRatePlanChargeId sku odd__c';

const odd = fc.oneof(
  { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown> },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>(
      ...[0, -1, 1e-20, 1e-7, 0.005, 123456789012345, 1e21, -1e21, '', ' ', '1e5', '0x10', "' OR 1=1 --"],
      ...['\u0000', '\ud800', '9999-12-31', '1900-01-01', '2026-02-29', 'INV00000001', 'Net 999', 'Net 30'],
      ...['0'.repeat(32), '__proto__', 'x'.repeat(300), '5.00', 'JPY', 'KWD'],
    ),
  },
);

provenAfterEach();

it.each(Object.entries(FIELDS))('%s', async (path, names) => {
  const call = await connect();
  const account = await putAccount();
  const item = { chargeName: 'x', amount: 5, serviceStartDate: '2026-03-01' };
  const valid: Record<string, unknown> =
    path === '/v1/invoices'
      ? { accountId: account.id, invoiceDate: '2026-03-15', status: 'Posted', invoiceItems: [item] }
      : { accountId: account.id, type: 'External', amount: 5, currency: 'USD' };
  const field = fc.constantFrom(...names.join(' ').split(' '));
  const itemField = fc.constantFrom(...ITEM_FIELDS.split(' '));
  await fc.assert(
    fc.asyncProperty(field, itemField, fc.boolean(), odd, async (name, itemName, inItem, value) => {
      const body =
        inItem && path === '/v1/invoices'
          ? { ...valid, invoiceItems: [{ ...item, amount: undefined, unitPrice: 1, [itemName]: value }] }
          : { ...valid, [name]: value };
      const { status } = await call('POST', path, body);
      expect([200, 400]).toContain(status);
    }),
    { numRuns: 100 },
  );
});
