import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from './contract-data.ts';
import { samples } from './contract-data.ts';
import { validateReply } from './reply-validator.ts';

// The validator must be able to fail: each test takes a published reply, breaks one thing, and expects to hear of it.
function publishedReply(operationId: string): JsonObject {
  const response = samples[operationId]?.response;
  if (
    response === undefined ||
    response === null ||
    typeof response !== 'object' ||
    Array.isArray(response)
  ) {
    throw new Error(`${operationId} has no published reply that is an object.`);
  }
  return structuredClone(response);
}

function object(value: JsonValue | undefined): JsonObject {
  if (value === undefined || value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new Error('not an object');
  }
  return value;
}

function pathsOf(operationId: string, status: number, body: JsonValue): string[] {
  return validateReply(operationId, status, body).map((violation) => violation.path);
}

describe('violations that the validator reports', () => {
  test('a value of another type', () => {
    const reply = publishedReply('GET_Account');
    object(reply.basicInfo).partnerAccount = 'yes';
    expect(pathsOf('GET_Account', 200, reply)).toEqual(['/basicInfo/partnerAccount']);
  });

  test('money as text where the samples show a number', () => {
    const reply = publishedReply('GET_Account');
    object(reply.metrics).balance = '12.50';
    expect(validateReply('GET_Account', 200, reply)).toEqual([
      { path: '/metrics/balance', message: 'is text, and every sample shows a number' },
    ]);
  });

  test('a property that nobody declares, also deep inside a list', () => {
    const reply = publishedReply('GET_AccountSummary');
    const [invoice] = reply.invoices as JsonObject[];
    object(invoice).colour = 'blue';
    expect(pathsOf('GET_AccountSummary', 200, reply)).toEqual(['/invoices/0/colour']);
  });

  test('a value outside an enumeration', () => {
    const reply = publishedReply('POST_CreatePayment');
    reply.status = 'Done';
    expect(pathsOf('POST_CreatePayment', 200, reply)).toEqual(['/status']);
  });

  test('a date in another notation, and no date at all', () => {
    const reply = publishedReply('POST_StandaloneInvoice');
    reply.invoiceDate = '30.07.2024';
    reply.createdDate = 'yesterday';
    expect(pathsOf('POST_StandaloneInvoice', 200, reply)).toEqual(['/createdDate', '/invoiceDate']);
  });

  test('null where neither the schema nor any sample of the area has one', () => {
    const reply = publishedReply('POST_Account');
    reply.accountId = null;
    expect(pathsOf('POST_Account', 200, reply)).toEqual(['/accountId']);
  });

  test('a text over its greatest length', () => {
    const reply = publishedReply('POST_CreateContact');
    reply.firstName = 'x'.repeat(101);
    expect(pathsOf('POST_CreateContact', 200, reply)).toEqual(['/firstName']);
  });

  test('a success body under an error status, and an error whose reason has no number', () => {
    expect(pathsOf('POST_Order', 400, { success: false, reasons: 'no' })).toEqual(['/reasons']);
    expect(pathsOf('POST_Order', 400, { success: false, reasons: [{ code: 'E1', message: 'no' }] })).toEqual([
      '/reasons/0/code',
    ]);
  });

  test('a v1 envelope from a CRUD operation', () => {
    const body = { success: false, reasons: [{ code: 1, message: 'no' }] };
    expect(pathsOf('Object_POSTAccount', 400, body)).toEqual(['/success', '/reasons']);
  });

  test('an envelope that the operation does not describe still has its required parts', () => {
    expect(pathsOf('createToken', 401, {})).toEqual(['/', '/', '/', '/']);
  });
});

describe('what the validator allows', () => {
  test('custom fields beside the standard ones', () => {
    const reply = publishedReply('Get_GetInvoice');
    reply.region__c = 'north';
    expect(validateReply('Get_GetInvoice', 200, reply)).toEqual([]);
  });

  test('null and numbers where a sample of the area shows them', () => {
    const reply = publishedReply('GET_Payment');
    reply.comment = null;
    reply.amount = 0.1;
    expect(validateReply('GET_Payment', 200, reply)).toEqual([]);
  });

  test('the error body of older API versions under status 200', () => {
    const body = {
      success: false,
      processId: '0123456789ABCDEF',
      requestId: '00000000-0000-0000-0000-000000000000',
      reasons: [{ code: 50000040, message: 'Cannot find entity by key.' }],
    };
    expect(validateReply('GET_Account', 200, body)).toEqual([]);
  });

  test('an operation outside the core is refused rather than passed', () => {
    expect(() => validateReply('POST_SignUp', 200, {})).toThrow('POST_SignUp');
  });
});
