import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type JsonValue = null | boolean | number | string | JsonValue[] | { [name: string]: JsonValue };
export type JsonObject = { [name: string]: JsonValue };

/** A schema of the contract: OpenAPI 3.0 keywords, references of the form `#/components/schemas/X`. */
export type ContractSchema = {
  $ref?: string;
  type?: string;
  format?: string;
  enum?: JsonValue[];
  nullable?: boolean;
  properties?: Record<string, ContractSchema>;
  additionalProperties?: boolean | ContractSchema;
  required?: string[];
  items?: ContractSchema;
  allOf?: ContractSchema[];
  oneOf?: ContractSchema[];
  anyOf?: ContractSchema[];
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  maxItems?: number;
};

export type ContractOperation = {
  method: string;
  path: string;
  area: string;
  request?: ContractSchema;
  /** By status (`200`, `4XX`); null where the contract declares no JSON body. */
  responses: Record<string, ContractSchema | null>;
};

/** `[keyword, what the schema says, what the sample shows]`; a type is named as in Python (`str`, `int`). */
export type SampleConflict = [keyword: string, declared: string, shown: string];

export type OperationSample = { request?: JsonValue; response?: JsonValue };

function readContractFile<T>(name: string): T {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../contract', name), 'utf8')) as T;
}

/** The `core` operations of the contract by operationId (scripts/extract-contract.mjs writes the files). */
export const operations = readContractFile<Record<string, ContractOperation>>('operations.json');
export const components = readContractFile<Record<string, ContractSchema>>('components.json');
export const samples = readContractFile<Record<string, OperationSample>>('samples.json');
/** Keyed by operationId, then by the path of the value in the body, `#` and the keyword when it is not `type`. */
export const sampleConflicts =
  readContractFile<
    Record<string, { request?: Record<string, SampleConflict>; response?: Record<string, SampleConflict> }>
  >('sample-conflicts.json');

/** By path of a list of Object Query: the schema of what it lists, and what it can be filtered and sorted by and expand. Names are in lower case. */
export const objectQueryLists =
  readContractFile<Record<string, { schema: string; filter: string[]; sort: string[]; expand: string[] }>>(
    'object-query.json',
  );

export const SCHEMA_REFERENCE_PREFIX = '#/components/schemas/';

/** Follows references until a schema that is none. Throws on a reference that the extract does not hold. */
export function resolveSchema(schema: ContractSchema): ContractSchema {
  let resolved = schema;
  while (resolved.$ref !== undefined) {
    const name = resolved.$ref.slice(SCHEMA_REFERENCE_PREFIX.length);
    const target = components[name];
    if (target === undefined) throw new Error(`The contract extract lacks the schema ${name}.`);
    resolved = target;
  }
  return resolved;
}

/** The operation with this id. Throws on an id that is not a `core` operation of the contract. */
export function operationById(operationId: string): ContractOperation {
  const operation = operations[operationId];
  if (operation === undefined) throw new Error(`${operationId} is not a core operation of the contract.`);
  return operation;
}
