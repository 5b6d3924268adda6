import { describe, expect, test } from 'vitest';
import { operationById } from './support/contract-data.ts';
import { coverageLine, coverageOf, coverageTable, RELEASE_SCOPE } from './support/coverage.ts';
import { matchOperation } from './support/operation-matching.ts';

// The count of covered operations only counts passed tests, and each request finds the operation that it calls.
describe('coverage', () => {
  test('every operation in scope of the release is a core operation, named once', () => {
    const inScope = Object.values(RELEASE_SCOPE).flat();
    for (const operationId of inScope) operationById(operationId);
    expect(new Set(inScope).size).toBe(inScope.length);
  });

  test('a failed test covers nothing, and what is missing is named', () => {
    const coverage = coverageOf([
      { file: 'a.test.ts', title: 'creates', operationIds: ['POST_Account', 'GET_Account'], passed: true },
      { file: 'a.test.ts', title: 'pays', operationIds: ['POST_CreatePayment'], passed: false },
    ]);
    expect(coverage.covered).toEqual(['POST_Account', 'GET_Account']);
    expect(coverageLine(coverage)).toContain(`covered 2 of ${coverage.inScope.length} core operations`);
    expect(coverageLine(coverage)).toContain('POST_CreatePayment');
    const table = coverageTable(coverage);
    expect(table).toContain('| accounts | POST_Account | POST /v1/accounts | creates (a.test.ts) |');
    expect(table).toContain('| settlement | POST_CreatePayment | POST /v1/payments | – |');
  });
});

describe('operation of a request', () => {
  test.each([
    ['GET', '/v1/accounts/A00000001', 'GET_Account'],
    ['GET', '/v1/accounts/A00000001/summary?excludeUsage=true', 'GET_AccountSummary'],
    ['POST', '/v1/orders/preview', 'POST_PreviewOrder'],
    ['GET', 'http://host:1/v1/orders/O-00000001', 'GET_Order'],
    ['GET', '/v1/orders/subscriptionOwner/A1', 'GET_OrdersBySubscriptionOwner'],
    ['POST', '/v1/invoices/bulk-post', 'POST_PostInvoices'],
    ['PUT', '/v1/object/account/00', 'Object_PUTAccount'],
    ['GET', '/v1/spillway/health', undefined],
    ['PATCH', '/v1/accounts/A00000001', undefined],
  ])('%s %s is %s', (method, target, operationId) => {
    expect(matchOperation(method, target)).toBe(operationId);
  });
});
