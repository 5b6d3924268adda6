import type { JsonSchema, OpenApiParameter } from '../../wire/api-description.ts';

const REFERENCE = '#/components/schemas/';
/** Objects that are described in place, not as a shape of their own, are shown so deep in one table. */
const LEVELS_MAX = 4;
const ENUM_SHOWN_MAX = 24;

type Schemas = Readonly<Record<string, JsonSchema>>;

interface Field {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
}

export function Parameters({ parameters }: { readonly parameters: readonly OpenApiParameter[] }) {
  if (parameters.length === 0) return null;
  return (
    <div class="table">
      <table>
        <caption class="hidden">Parameters</caption>
        <thead>
          <tr>
            <th scope="col">Parameter</th>
            <th scope="col">In</th>
            <th scope="col">Type</th>
            <th scope="col">Meaning</th>
          </tr>
        </thead>
        <tbody>
          {parameters.map(({ name, in: place, required, schema, description }) => (
            <tr>
              <td>
                <code>{name}</code>
                {required === true ? <small>required</small> : null}
              </td>
              <td>{place}</td>
              <td>
                <Type schema={schema} />
              </td>
              <td>{meaning({ ...schema, ...(description === undefined ? {} : { description }) })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The fields of a body or shape. */
export function Fields({ schema, schemas }: { readonly schema: JsonSchema; readonly schemas: Schemas }) {
  const fields = fieldsOf(resolve(schema, schemas), '', 0);
  if (fields.length === 0) return <p class="quiet">Nothing has to be said.</p>;
  return (
    <div class="table">
      <table>
        <caption class="hidden">Fields of the body</caption>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Type</th>
            <th scope="col">Meaning and limits</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ name, schema: field, isRequired }) => (
            <tr>
              <td>
                <code>{name}</code>
                {isRequired ? <small>required</small> : null}
              </td>
              <td>
                <Type schema={field} />
              </td>
              <td>{meaning(field)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Shapes that these schemas lead to, each once, in the order in which a reader meets them. */
export function shapesOf(starts: readonly JsonSchema[], schemas: Schemas): string[] {
  const found = new Set<string>();
  const visit = (schema: JsonSchema) => {
    for (const [, name] of JSON.stringify(schema).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)) {
      if (found.has(name!)) continue;
      found.add(name!);
      visit(schemas[name!]!);
    }
  };
  for (const start of starts) visit(resolve(start, schemas));
  return [...found];
}

export function resolve(schema: JsonSchema, schemas: Schemas): JsonSchema {
  return schema.$ref === undefined ? schema : (schemas[schema.$ref.slice(REFERENCE.length)] ?? schema);
}

/** What is told apart by one of its fields is shown as all its forms together. */
function fieldsOf(schema: JsonSchema, prefix: string, level: number): Field[] {
  const fields = new Map<string, Field>();
  const add = (field: Field) => {
    if (!fields.has(field.name)) fields.set(field.name, field);
  };
  for (const [name, part] of Object.entries(schema.properties ?? {})) {
    const isRequired = schema.required?.includes(name) === true;
    add({ name: prefix + name, schema: part, isRequired });
    if (level >= LEVELS_MAX) continue;
    const inside = part.items ?? part;
    const path = `${prefix}${name}${part.items === undefined ? '' : '[]'}.`;
    for (const field of fieldsOf(inside, path, level + 1)) add(field);
  }
  for (const part of [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]) {
    for (const field of fieldsOf(part, prefix, level)) add(field);
  }
  return [...fields.values()];
}

/** Types by name; a shape leads to its table. */
function Type({ schema }: { readonly schema: JsonSchema }) {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.slice(REFERENCE.length);
    return <a href={`#shape-${name}`}>{name}</a>;
  }
  if (schema.items !== undefined) {
    return (
      <>
        list of <Type schema={schema.items} />
      </>
    );
  }
  return <>{typeName(schema)}</>;
}

function typeName(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.format === 'date') return 'date';
  const types = [schema.type ?? []].flat().filter((type) => type !== 'null');
  if (types.length > 0) return types.join(' or ');
  const parts = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  const names = [...new Set(parts.filter((part) => part.type !== 'null').map(typeName))];
  return names.length > 0 ? names.join(' or ') : 'any';
}

function meaning(schema: JsonSchema): string {
  const { items } = schema;
  const values = schema.enum?.filter((value) => value !== null);
  return [
    schema.description,
    values === undefined ? undefined : listed(values),
    schema.maxLength === undefined ? undefined : `at most ${schema.maxLength} characters`,
    range(schema.minimum, schema.maximum),
    schema.maxItems === undefined ? undefined : `at most ${schema.maxItems}`,
    items?.enum === undefined ? undefined : listed(items.enum),
    items?.$ref === undefined ? items?.description : undefined,
  ]
    .filter((text) => text !== undefined)
    .join('; ');
}

function listed(values: readonly unknown[]): string {
  const shown = values.slice(0, ENUM_SHOWN_MAX).map(String).join(', ');
  return values.length > ENUM_SHOWN_MAX ? `one of ${values.length}, such as ${shown}` : shown;
}

function range(least: number | undefined, most: number | undefined): string | undefined {
  if (least === undefined && most === undefined) return undefined;
  if (most === undefined) return `from ${least}`;
  return least === undefined ? `at most ${most}` : `from ${least} to ${most}`;
}
