import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ContractOperation, ContractSchema, JsonValue } from './contract-data.ts';
import { components, operationById, sampleConflicts } from './contract-data.ts';
import { COMPONENTS_ID, toJsonSchema } from './json-schema-conversion.ts';
import { errorEnvelope } from './reply-envelopes.ts';
import {
  jsonTypeOf,
  propertyNameOf,
  shapesShownAt,
  textShape,
  toSamplePath,
  typesShownAt,
  typesShownFor,
  visitValues,
} from './sample-knowledge.ts';
import {
  isAddedProperty,
  isAddedValue,
  isCorrectedFormat,
  isCorrectedType,
  NULL_PROPERTIES,
} from './spillway-additions.ts';
import { undeclaredProperties } from './undeclared-properties.ts';

/** A place of a reply that the contract does not allow; `path` is a JSON pointer into the body. */
export type Violation = { path: string; message: string };

const DATE = /^\d{4}-\d{2}-\d{2}$/;
/** v1 resources write `2024-07-11 02:31:04`, CRUD `2016-10-20T05:46:04.000+02:00`, Object Query ends with `Z` too. */
const DATE_TIME = /^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}:\d{2}(\.\d{1,9})?( ?(Z|[+-]\d{2}:?\d{2}))?)?$/;
/** The contract calls object ids UUIDs too, which are 32 hex digits without dashes. */
const UUID = /^[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/i;
const EMAIL = /^[^@\s]+@[^@\s]+$/;

/** Custom fields and the integration fields of Zuora's own connectors are flat beside the standard ones. */
const CUSTOM_FIELD = /__(c|NS|QT)$/;
/** Values that travel as JSON numbers wherever the samples show them so. */
const MONEY_NAME = /amount|balance|mrr|price|tcv|discount|quantity|contractValue/i;

const ajv = new Ajv2020({
  allErrors: true,
  strict: false,
  formats: { date: DATE, 'date-time': DATE_TIME, uuid: UUID, email: EMAIL },
});
ajv.addSchema({
  $id: COMPONENTS_ID,
  $defs: Object.fromEntries(Object.entries(components).map(([name, schema]) => [name, toJsonSchema(schema)])),
});

const compiled = new WeakMap<ContractSchema, ValidateFunction>();

function validatorOf(schema: ContractSchema): ValidateFunction {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const validate = ajv.compile(toJsonSchema(schema));
  compiled.set(schema, validate);
  return validate;
}

/**
 * Checks the body of a reply against the contract. A published sample wins over the schema: what a sample of the
 * operation shows is allowed, and so are the types (null among them) that a sample of the same area shows for a property
 * of the same name. Beyond the schema, undeclared properties and money as text are violations.
 *
 * @param status HTTP status of the reply; a 200 that says `success: false` is checked as an error (older versions).
 * @returns the violations, empty when the reply keeps the contract. Throws on an operation that is not `core`.
 */
export function validateReply(operationId: string, status: number, body: JsonValue): Violation[] {
  const operation = operationById(operationId);
  const schema = replySchema(operation, status, body);
  if (schema === null) return [];
  const validate = validatorOf(schema);
  validate(body);
  const violations = (validate.errors ?? [])
    .filter((error) => !error.schemaPath.includes('/anyOf/'))
    .filter((error) => !sampleAllows(operationId, operation.area, error, body))
    .map((error) => ({ path: error.instancePath || '/', message: describeError(error) }));
  for (const pointer of undeclaredProperties(schema, body)) {
    const samplePath = toSamplePath(pointer);
    const known =
      CUSTOM_FIELD.test(pointer) ||
      typesShownAt(operationId, samplePath).size > 0 ||
      isAddedProperty(operationId, samplePath);
    if (!known) violations.push({ path: pointer, message: 'is not declared and no sample shows it' });
  }
  return [...violations, ...moneyAsText(operation.area, body)];
}

/** The schema for a status: the exact one, else that of its class, else the API family's error envelope. */
function replySchema(operation: ContractOperation, status: number, body: JsonValue): ContractSchema | null {
  const failed = body !== null && typeof body === 'object' && !Array.isArray(body) && body.success === false;
  if (status < 300 && !(failed && 'reasons' in body)) {
    const declared = operation.responses[String(status)] ?? operation.responses['200'];
    return declared ?? null;
  }
  if (status >= 500) return operation.responses['500'] ?? errorEnvelope(operation, status);
  const exact = status < 300 ? undefined : operation.responses[String(status)];
  return exact ?? operation.responses['4XX'] ?? errorEnvelope(operation, status);
}

function sampleAllows(operationId: string, area: string, error: ErrorObject, body: JsonValue): boolean {
  const samplePath = toSamplePath(error.instancePath);
  const value = valueAt(body, error.instancePath);
  switch (error.keyword) {
    case 'type':
      return typeAllowed(operationId, area, error.instancePath, value);
    case 'format':
      return (
        isCorrectedFormat(samplePath) ||
        (typeof value === 'string' && shapesShownAt(operationId, samplePath).has(textShape(value)))
      );
    case 'enum':
      if (typeof value !== 'string' && typeAllowed(operationId, area, error.instancePath, value)) return true;
      if (isAddedValue(operationId, samplePath, value)) return true;
      break;
  }
  return `${samplePath}#${error.keyword}` in (sampleConflicts[operationId]?.response ?? {});
}

function typeAllowed(operationId: string, area: string, pointer: string, value: JsonValue): boolean {
  const type = jsonTypeOf(value);
  const samplePath = toSamplePath(pointer);
  const name = propertyNameOf(pointer);
  if (typesShownAt(operationId, samplePath).has(type)) return true;
  if (isCorrectedType(area, samplePath, type)) return true;
  if (samplePath.endsWith('[]') || name === '') return false;
  if (type === 'null' && NULL_PROPERTIES.some((property) => property.name === name)) return true;
  return typesShownFor(area, name).has(type);
}

function valueAt(body: JsonValue, pointer: string): JsonValue {
  let value: JsonValue = body;
  for (const segment of pointer.split('/').slice(1)) {
    if (value === null || typeof value !== 'object') return null;
    const next: JsonValue | undefined = Array.isArray(value) ? value[Number(segment)] : value[segment];
    value = next ?? null;
  }
  return value;
}

function moneyAsText(area: string, body: JsonValue): Violation[] {
  const violations: Violation[] = [];
  visitValues(body, (value, pointer) => {
    const name = propertyNameOf(pointer);
    if (typeof value !== 'string' || !MONEY_NAME.test(name)) return;
    const shown = typesShownFor(area, name);
    if (shown.has('number') && !shown.has('string')) {
      violations.push({ path: pointer, message: 'is text, and every sample shows a number' });
    }
  });
  return violations;
}

function describeError(error: ErrorObject): string {
  const allowed = error.keyword === 'enum' ? `: ${JSON.stringify(error.params.allowedValues)}` : '';
  return `${error.message ?? error.keyword}${allowed}`;
}
