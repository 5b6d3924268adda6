import type { JsonSchema } from '../../wire/api-description.ts';
import type { Envelope } from '../../wire/errors.ts';
import type { AnyOperation } from '../operation.ts';

/** Replies of the API as OpenAPI describes them: bodies of success, and the error envelopes of wire/errors.ts with their statuses. */

interface MediaType {
  readonly schema: JsonSchema;
}

export interface OpenApiReply {
  readonly description: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, MediaType>>;
}

type Reference = { readonly $ref: string };

const reference = (kind: 'schemas' | 'responses' | 'headers', name: string): Reference => ({
  $ref: `#/components/${kind}/${name}`,
});

const reason: JsonSchema = {
  type: 'object',
  properties: {
    code: { type: 'integer', description: 'six digits of the resource and two of the category' },
    message: { type: 'string', description: 'names the field and says what would do' },
  },
  required: ['code', 'message'],
};

/** Components that replies refer to. */
export const replySchemas: Readonly<Record<string, JsonSchema>> = {
  Success: {
    type: 'object',
    properties: { success: { const: true } },
    required: ['success'],
    description: 'with the fields of what was asked for',
  },
  CrudSuccess: {
    type: 'object',
    properties: { Success: { const: true }, Id: { type: 'string' } },
    required: ['Success', 'Id'],
  },
  CrudDeleted: {
    type: 'object',
    properties: { success: { const: true }, id: { type: 'string' } },
    required: ['success', 'id'],
  },
  CrudRecord: {
    type: 'object',
    properties: { Id: { type: 'string' } },
    description: 'the fields of the object',
  },
  ActionResults: {
    type: 'array',
    items: {
      type: 'object',
      properties: {
        Success: { type: 'boolean' },
        Id: { type: 'string' },
        Errors: { type: 'array', items: { type: 'object' } },
      },
    },
    description: 'one result for each object, in their order',
  },
  QueryResult: {
    type: 'object',
    properties: {
      size: { type: 'integer' },
      done: { type: 'boolean', description: 'false: queryMore with queryLocator gives more' },
      queryLocator: { type: 'string' },
      records: { type: 'array', items: { type: 'object' } },
    },
    required: ['size', 'done'],
  },
  ObjectQueryPage: {
    type: 'object',
    properties: {
      data: { type: 'array', items: { type: 'object' } },
      nextPage: { type: 'string', description: 'the cursor of the next page; absent on the last' },
    },
    required: ['data'],
  },
  Record: { type: 'object', description: 'the fields of the object' },
  BatchQueryJob: {
    type: 'object',
    properties: {
      id: { type: 'string' },
      status: { type: 'string' },
      batches: { type: 'array', items: { type: 'object' } },
    },
    description: 'what is wrong is said here too, by errorCode and message, with status 200',
  },
  DataQueryReply: { type: 'object', properties: { data: {} }, required: ['data'] },
  Error: {
    type: 'object',
    properties: {
      success: { const: false },
      processId: { type: 'string' },
      reasons: { type: 'array', items: reason, minItems: 1 },
      currentVersion: {
        type: 'integer',
        description: 'of the object, when the one that was sent is not the latest',
      },
      requestId: { type: 'string' },
    },
    required: ['success', 'processId', 'reasons', 'requestId'],
  },
  CrudError: {
    type: 'object',
    properties: {
      Success: { const: false },
      Errors: {
        type: 'array',
        items: {
          type: 'object',
          properties: { Code: { type: 'string' }, Message: { type: 'string' } },
          required: ['Code', 'Message'],
        },
      },
    },
    required: ['Success', 'Errors'],
  },
  CrudNothing: {
    type: 'object',
    properties: { done: { const: true }, records: { type: 'array', maxItems: 0 }, size: { const: 0 } },
    required: ['done', 'records', 'size'],
  },
  ObjectQueryError: {
    type: 'object',
    properties: { reasons: { type: 'array', items: reason, minItems: 1 }, requestId: { type: 'string' } },
    required: ['reasons', 'requestId'],
  },
};

/** Statuses that are refusals, and what they mean here. 409 is no lock: there is none. */
const REFUSED: Readonly<Record<number, string>> = {
  400: 'Something in the request is wrong, or what it asks for is not possible now.',
  401: 'There is no token, or it is not valid any more.',
  403: 'The API client has not the role that this needs.',
  404: 'There is no such object.',
  409: 'A request with this idempotency key is being carried out.',
  413: 'The body is too large.',
  415: 'The body has another type than this takes.',
  422: 'The idempotency key was used for another request.',
  429: 'Over the rate or the concurrency limit; Retry-After says when to come again.',
  503: 'Nothing happened, or it is not known whether it did: the same request with the same idempotency key may be sent again.',
};

const ENVELOPES = {
  v1: 'Error',
  crud: 'CrudError',
  action: 'CrudError',
  objectQuery: 'ObjectQueryError',
} as const;

const json = (schema: JsonSchema): OpenApiReply['content'] => ({ 'application/json': { schema } });

/** Headers of every reply. */
export const replyHeaders = {
  'Zuora-Request-Id': { description: 'Of this request, as the log has it.', schema: { type: 'string' } },
  'Idempotency-Hit': {
    description: 'true: the reply is the first one that this key was given.',
    schema: { const: 'true' },
  },
  'Spillway-Bookmark': {
    description: 'Sent along with a read, it makes sure that the read sees this write.',
    schema: { type: 'string' },
  },
  'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } },
} as const;

/** All refusals as components: one for each envelope and status. */
export function refusalReplies(): Record<string, OpenApiReply> {
  const replies: Record<string, OpenApiReply> = {};
  for (const envelope of ['v1', 'crud', 'objectQuery'] as const) {
    for (const [status, description] of Object.entries(REFUSED)) {
      const schema = envelope === 'crud' && status === '404' ? 'CrudNothing' : ENVELOPES[envelope];
      replies[refusalName(envelope, Number(status))] = {
        description,
        headers: {
          'Zuora-Request-Id': reference('headers', 'Zuora-Request-Id'),
          ...(status === '429' || status === '503'
            ? { 'Retry-After': reference('headers', 'Retry-After') }
            : {}),
        },
        content: json(reference('schemas', schema)),
      };
    }
  }
  return replies;
}

function refusalName(envelope: Envelope, status: number): string {
  return `${ENVELOPES[envelope]}${status}`;
}

/** Statuses that an operation can refuse with. */
export function refusalsOf({ method, path, role, envelope, takes }: AnyOperation): Record<string, Reference> {
  const sends = takes.body !== undefined || takes.form !== undefined;
  const keyed = method === 'post' || method === 'patch';
  const statuses = [
    400,
    401,
    ...(role === 'read' ? [] : [403]),
    ...(path.includes('/:') ? [404] : []),
    ...(keyed ? [409, 422] : []),
    ...(sends ? [413, 415] : []),
    429,
    503,
  ];
  return Object.fromEntries(
    statuses.map((status) => [String(status), reference('responses', refusalName(envelope, status))]),
  );
}

/** Replies that are no JSON object with `success`. */
const OTHER: Readonly<Record<string, { readonly type?: string; readonly schema: string | JsonSchema }>> = {
  Action_POSTquery: { schema: 'QueryResult' },
  Action_POSTqueryMore: { schema: 'QueryResult' },
  Object_GETExport: { schema: 'CrudRecord' },
  GET_Files: { type: '*/*', schema: { type: 'string', format: 'binary', description: 'the file' } },
  GET_Describe: { type: 'text/xml', schema: { type: 'string' } },
  spillwayDescribeObjects: { type: 'text/xml', schema: { type: 'string' } },
};

/** The reply of success: status 200. */
export function successOf({ id, method, path, envelope }: AnyOperation): OpenApiReply {
  const { type = 'application/json', schema } = OTHER[id] ?? {
    schema: successSchema(id, method, path, envelope),
  };
  const isPage = id.startsWith('spillwayPrintable');
  return {
    description: 'It is done, durable and readable.',
    headers: {
      'Zuora-Request-Id': reference('headers', 'Zuora-Request-Id'),
      ...(method === 'post' ? { 'Idempotency-Hit': reference('headers', 'Idempotency-Hit') } : {}),
      ...(method === 'get' ? {} : { 'Spillway-Bookmark': reference('headers', 'Spillway-Bookmark') }),
    },
    content: isPage
      ? { 'text/html': { schema: { type: 'string' } } }
      : { [type]: { schema: typeof schema === 'string' ? reference('schemas', schema) : schema } },
  };
}

function successSchema(id: string, method: string, path: string, envelope: Envelope): string {
  if (envelope === 'objectQuery') return path.endsWith('/:key') ? 'Record' : 'ObjectQueryPage';
  if (envelope === 'action') return 'ActionResults';
  if (envelope === 'crud') {
    if (method === 'get') return 'CrudRecord';
    return method === 'delete' ? 'CrudDeleted' : 'CrudSuccess';
  }
  if (path.startsWith('/v1/batch-query')) return 'BatchQueryJob';
  if (path.startsWith('/query/')) return 'DataQueryReply';
  return id === 'spillwayObjects' ? 'Record' : 'Success';
}
