import { z } from 'zod';
import { VERSION } from '../../domain/version.ts';
import type { Example, JsonSchema, OpenApiParameter } from '../../wire/api-description.ts';
import type { AnyOperation } from '../operation.ts';
import { areaOf, areas } from './areas.ts';
import { exampleOf, withSamples } from './examples/index.ts';
import { jsonSchemaOf, SchemaCollection } from './json-schemas.ts';
import {
  type OpenApiReply,
  refusalReplies,
  refusalsOf,
  replyHeaders,
  replySchemas,
  successOf,
} from './replies.ts';
import { titleOf } from './titles.ts';

/** Builds the OpenAPI 3.1 description of the API from the operations and the schemas that check their requests. */

export interface OpenApiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly description?: string;
  readonly security?: readonly unknown[];
  readonly parameters: ReadonlyArray<OpenApiParameter | { readonly $ref: string }>;
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: Readonly<Record<string, { readonly schema: JsonSchema; readonly example?: unknown }>>;
  };
  readonly responses: Readonly<Record<string, OpenApiReply | { readonly $ref: string }>>;
}

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: object;
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly [kind: string]: object;
  };
  readonly [field: string]: unknown;
}

const text: JsonSchema = { type: 'string' };

const HEADER_PARAMETERS: Readonly<Record<string, OpenApiParameter>> = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'A request with this key takes effect once within 24 hours; its first reply is given again.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  },
  ZuoraTrackId: {
    name: 'Zuora-Track-Id',
    in: 'header',
    description: 'Given back with the reply, and kept in the log.',
    schema: { type: 'string', minLength: 1, maxLength: 64, pattern: '^[^:;"\']*$' },
  },
  ZuoraVersion: {
    name: 'Zuora-Version',
    in: 'header',
    description:
      'The version that the caller was written for, such as 2025-08-12 or 341.0; without it the newest.',
    schema: { type: 'string', pattern: '^(\\d{3}(\\.0)?|\\d{4}-\\d{2}-\\d{2})$' },
  },
  SpillwayBookmark: {
    name: 'Spillway-Bookmark',
    in: 'header',
    description: 'Of an earlier reply: this read sees at least what that one wrote.',
    schema: { type: 'string' },
  },
};

/** Their replies are kept nowhere. */
const KEYLESS: ReadonlySet<string> = new Set([
  'spillwayCreateApiClient',
  'spillwayRotateApiClient',
  'spillwaySetUserPassword',
]);

const header = (name: string) => ({ $ref: `#/components/parameters/${name}` });

/** Operations that are served beside the others, for those who have no token yet. */
const PUBLIC: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>> = {
  '/oauth/token': {
    post: {
      operationId: 'createToken',
      summary: titleOf('createToken', '/oauth/token')!,
      tags: [areaOf('/oauth/token').name],
      security: [],
      parameters: [header('ZuoraTrackId')],
      requestBody: {
        required: true,
        content: {
          'application/x-www-form-urlencoded': {
            schema: {
              type: 'object',
              properties: {
                grant_type: { const: 'client_credentials' },
                client_id: text,
                client_secret: text,
              },
              required: ['grant_type', 'client_id', 'client_secret'],
            },
          },
        },
      },
      responses: {
        200: {
          description: 'A token for an hour.',
          content: {
            'application/json': {
              schema: {
                type: 'object',
                properties: {
                  access_token: text,
                  token_type: { const: 'bearer' },
                  expires_in: { type: 'integer', description: 'seconds' },
                  scope: text,
                  jti: text,
                },
                required: ['access_token', 'token_type', 'expires_in'],
              },
            },
          },
        },
        400: { $ref: '#/components/responses/Error400' },
        401: { $ref: '#/components/responses/Error401' },
        429: { $ref: '#/components/responses/Error429' },
      },
    },
  },
  '/v1/spillway/health': {
    get: {
      operationId: 'spillwayHealth',
      summary: titleOf('spillwayHealth', '/v1/spillway/health')!,
      tags: [areaOf('/v1/spillway/health').name],
      security: [],
      parameters: [],
      responses: {
        200: {
          description: 'Ready.',
          content: {
            'application/json': {
              schema: {
                type: 'object',
                properties: { ready: { type: 'boolean' }, version: text },
                required: ['ready'],
              },
            },
          },
        },
        503: { description: 'Not ready, with the same fields.' },
      },
    },
  },
};

/** The whole document. Schemas are converted anew with each call: callers keep what they get. */
export function openApiDocument(operations: readonly AnyOperation[]): OpenApiDocument {
  const schemas = new SchemaCollection();
  for (const { id, takes } of operations) {
    if (takes.body !== undefined) schemas.add(bodyName(id), jsonSchemaOf(takes.body));
    if (takes.form !== undefined) schemas.add(bodyName(id), jsonSchemaOf(takes.form));
  }
  const { components, references } = schemas.build();
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const [path, methods] of Object.entries(PUBLIC)) paths[path] = { ...methods };
  for (const operation of operations) {
    const path = operation.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = {
      ...paths[path],
      [operation.method]: described(operation, references.get(bodyName(operation.id))),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Spillway',
      version: VERSION,
      description:
        'Zuora’s REST contract, and under /v1/spillway what Spillway adds. Unknown fields of bodies are dropped; with ' +
        '`?rejectUnknownFields=true` they are refused.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ oauth: [] }],
    tags: areas.map(({ name, about }) => ({ name, description: about })),
    paths,
    components: {
      schemas: { ...replySchemas, ...components },
      parameters: HEADER_PARAMETERS,
      headers: replyHeaders,
      responses: refusalReplies(),
      securitySchemes: {
        oauth: {
          type: 'oauth2',
          description: 'Client credentials for an opaque bearer token of one hour.',
          flows: { clientCredentials: { tokenUrl: '/oauth/token', scopes: {} } },
        },
      },
    },
  };
}

function bodyName(id: string): string {
  return `${id}Body`;
}

function described(operation: AnyOperation, body: JsonSchema | undefined): OpenApiOperation {
  const { id, path, method, role } = operation;
  const example = exampleOf(operation);
  return {
    operationId: id,
    summary: titleOf(id, path) ?? id,
    tags: [areaOf(path).name],
    description: `Needs an API client with role ${role}.`,
    parameters: [
      ...pathParameters(path, example),
      ...queryParameters(operation, example),
      ...((method === 'post' || method === 'patch') && !KEYLESS.has(id) ? [header('IdempotencyKey')] : []),
      header('ZuoraTrackId'),
      header('ZuoraVersion'),
      ...(method === 'get' ? [header('SpillwayBookmark')] : []),
    ],
    ...(body === undefined ? {} : { requestBody: requestBody(operation, body, example) }),
    responses: { 200: successOf(operation), ...refusalsOf(operation) },
  };
}

function pathParameters(path: string, example: Example | null): OpenApiParameter[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name: name!,
    in: 'path',
    required: true,
    schema: text,
    ...(example?.path?.[name!] === undefined ? {} : { example: withSamples(example.path[name!]!) }),
  }));
}

function queryParameters({ takes }: AnyOperation, example: Example | null): OpenApiParameter[] {
  if (takes.query === undefined) return [];
  const { properties = {}, required = [] } = jsonSchemaOf(takes.query);
  const given = new Map(example?.query ?? []);
  return Object.entries(properties)
    .filter(([, schema]) => !isRefused(schema))
    .map(([name, { description, ...schema }]) => ({
      name,
      in: 'query',
      required: required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema,
      ...(given.has(name) ? { example: withSamples(given.get(name)!) } : {}),
    }));
}

/** What is named in a schema only to be refused by name. */
function isRefused(schema: JsonSchema): boolean {
  return /not (available|supported)/.test(schema.description ?? '') && schema.type === undefined;
}

function requestBody(
  { takes, envelope, method }: AnyOperation,
  schema: JsonSchema,
  example: Example | null,
): OpenApiOperation['requestBody'] {
  const type = takes.form === undefined ? 'application/json' : 'multipart/form-data';
  const required = takes.body === undefined || !acceptsNothing(takes.body);
  return {
    required: required && !(envelope === 'crud' && method === 'delete'),
    content: {
      [type]: {
        schema,
        ...(example?.body === undefined ? {} : { example: withSamples(example.body) }),
      },
    },
  };
}

function acceptsNothing(schema: z.ZodType): boolean {
  return schema instanceof z.ZodOptional;
}
