import type { ContractOperation, ContractSchema } from './contract-data.ts';

const TEXT: ContractSchema = { type: 'string' };

const V1_ERROR: ContractSchema = {
  type: 'object',
  required: ['success', 'processId', 'reasons', 'requestId'],
  properties: {
    success: { type: 'boolean', enum: [false] },
    processId: TEXT,
    requestId: TEXT,
    reasons: {
      type: 'array',
      items: {
        type: 'object',
        required: ['code', 'message'],
        properties: { code: { type: 'integer' }, message: TEXT },
      },
    },
  },
};

const CRUD_ERROR: ContractSchema = {
  type: 'object',
  required: ['Success', 'Errors'],
  properties: {
    Success: { type: 'boolean', enum: [false] },
    Errors: {
      type: 'array',
      items: { type: 'object', required: ['Code', 'Message'], properties: { Code: TEXT, Message: TEXT } },
    },
  },
};

const CRUD_NOT_FOUND: ContractSchema = {
  type: 'object',
  required: ['done', 'records', 'size'],
  properties: {
    done: { type: 'boolean' },
    records: { type: 'array', items: { type: 'object' } },
    size: { type: 'integer' },
  },
};

/** What clients of ZOQL look for; its own schema names no error. */
const FAULT: ContractSchema = {
  type: 'object',
  required: ['FaultCode', 'FaultMessage'],
  properties: { FaultCode: TEXT, FaultMessage: TEXT },
};

const MESSAGE: ContractSchema = { type: 'object', required: ['message'], properties: { message: TEXT } };

/** The older resources, and the actions on several of their objects. */
const OLDER_RESOURCES = /^\/v1\/(object\/|action\/(create|update|delete)$)/;

/** Error body of an operation for a status that its own description leaves out. */
export function errorEnvelope(operation: ContractOperation, status: number): ContractSchema {
  if (operation.path.startsWith('/v1/action/query')) return status === 400 ? FAULT : V1_ERROR;
  if (!OLDER_RESOURCES.test(operation.path)) return V1_ERROR;
  if (status === 401) return MESSAGE;
  return status === 404 ? CRUD_NOT_FOUND : CRUD_ERROR;
}
