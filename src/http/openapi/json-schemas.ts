import { z } from 'zod';
import type { JsonSchema } from '../../wire/api-description.ts';

const REFERENCE = '#/components/schemas/';
/** A part that is used more than once becomes a component when it is longer than this, characters of JSON. */
const SHARED_FROM_CHARACTERS = 240;
/** What a schema says already by its type or its keywords. */
const SAID_BY_KEYWORDS =
  /^(is required|must be (text|a text|a number|true or false|an object|an object with .+|a list|a list of .+|one of .+)|must not be empty|must have (at most|at least) .+|what was given is none of .*|must name at least .+)$/;

/** Anything of zod that carries checks and a message of its own. */
interface Checked {
  readonly _zod: {
    readonly def: {
      readonly type?: string;
      readonly check?: string;
      readonly error?: unknown;
      readonly checks?: readonly Checked[];
    };
  };
}

/**
 * The JSON schema of what a zod schema takes. What JSON Schema has no keyword for is described by the schema's own messages: a caller
 * reads here what a refusal would say.
 */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const converted = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      const rules = rulesOf(zodSchema as unknown as Checked);
      if (rules.length > 0 && jsonSchema.description === undefined) jsonSchema.description = rules.join('; ');
      // Limits of whole numbers as JavaScript counts them say nothing.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  }) as JsonSchema & { $schema?: string };
  delete converted.$schema;
  return tidied(converted);
}

function rulesOf(schema: Checked): string[] {
  const { def } = schema._zod;
  const told = (def.checks ?? [])
    .filter((check) => check._zod.def.check === 'custom' || check._zod.def.check === 'string_format')
    .map(messageOf);
  const own = def.type === 'enum' || def.type === 'literal' ? undefined : messageOf(schema);
  const rules = [own, ...told].filter((rule) => rule !== undefined && !SAID_BY_KEYWORDS.test(rule));
  return [...new Set(rules as string[])];
}

/** The message that a schema or a check was given; none when it was given a function of the input that needs one. */
function messageOf({ _zod }: Checked): string | undefined {
  if (typeof _zod.def.error !== 'function') return undefined;
  try {
    const told = _zod.def.error({ code: 'custom', input: undefined, values: [], path: [] });
    return typeof told === 'string' ? told : told?.message;
  } catch {
    return undefined;
  }
}

/** Shorter forms of the same: `T or null` as a list of types, and no schema in a schema of its own. */
function tidied(schema: JsonSchema): JsonSchema {
  const tidy: JsonSchema = { ...schema };
  for (const list of ['anyOf', 'oneOf', 'allOf'] as const) {
    if (tidy[list] !== undefined) tidy[list] = tidy[list].map(tidied);
  }
  if (tidy.items !== undefined) tidy.items = tidied(tidy.items);
  if (typeof tidy.additionalProperties === 'object') {
    tidy.additionalProperties = tidied(tidy.additionalProperties);
  }
  if (tidy.properties !== undefined) {
    tidy.properties = Object.fromEntries(
      Object.entries(tidy.properties).map(([name, property]) => [name, tidied(property)]),
    );
  }
  return orNull(tidy);
}

function orNull(schema: JsonSchema): JsonSchema {
  const { anyOf, ...rest } = schema;
  if (anyOf?.length !== 2) return schema;
  const [only, none] = anyOf as [JsonSchema, JsonSchema];
  if (none.type !== 'null' || Object.keys(none).length > 1 || typeof only.type !== 'string') return schema;
  if (only.const !== undefined) return schema;
  const values = only.enum === undefined ? {} : { enum: [...only.enum, null] };
  return { ...rest, ...only, ...values, type: [only.type, 'null'] };
}

/**
 * Collects the schemas of a document: what is the same in several places is kept once, as a component that is named after the first
 * place it was seen at.
 */
export class SchemaCollection {
  readonly #whole = new Map<string, JsonSchema>();
  readonly #uses = new Map<string, { times: number; readonly name: string }>();

  /** Takes a whole schema in under its name. Names are unique. */
  add(name: string, schema: JsonSchema): void {
    this.#whole.set(name, schema);
    this.#count(schema, name, true);
  }

  /** All components, and for each added name a reference to its component. */
  build(): { readonly components: Record<string, JsonSchema>; readonly references: Map<string, JsonSchema> } {
    const components: Record<string, JsonSchema> = {};
    const named = new Map<string, string>();
    const references = new Map<string, JsonSchema>();
    const keep = (text: string, name: string, schema: JsonSchema): JsonSchema => {
      let component = named.get(text);
      if (component === undefined) {
        component = freeName(name, components);
        named.set(text, component);
        // The name is taken before the parts are looked at, which take names too.
        components[component] = {};
        components[component] = this.#parts(schema, keep);
      }
      return { $ref: `${REFERENCE}${component}` };
    };
    for (const [name, schema] of this.#whole) {
      references.set(name, keep(JSON.stringify(schema), name, schema));
    }
    return { components, references };
  }

  #count(schema: JsonSchema, name: string, isWhole = false): void {
    if (!isWhole && schema.properties !== undefined) {
      const text = JSON.stringify(schema);
      const seen = this.#uses.get(text);
      if (seen !== undefined) {
        seen.times += 1;
        return;
      }
      this.#uses.set(text, { times: 1, name });
    }
    for (const [part, at] of partsOf(schema, name)) this.#count(part, at);
  }

  #parts(
    schema: JsonSchema,
    keep: (text: string, name: string, schema: JsonSchema) => JsonSchema,
  ): JsonSchema {
    return withParts(schema, (part) => {
      if (part.properties !== undefined) {
        const text = JSON.stringify(part);
        const use = this.#uses.get(text);
        if (use !== undefined && use.times > 1 && text.length > SHARED_FROM_CHARACTERS) {
          return keep(text, use.name, part);
        }
      }
      return this.#parts(part, keep);
    });
  }
}

function freeName(wanted: string, taken: object): string {
  let name = wanted;
  for (let n = 2; Object.hasOwn(taken, name); n++) name = `${wanted}${n}`;
  return name;
}

function partsOf(schema: JsonSchema, name: string): Array<readonly [JsonSchema, string]> {
  const parts: Array<readonly [JsonSchema, string]> = [];
  for (const [property, part] of Object.entries(schema.properties ?? {})) {
    parts.push([part, property.charAt(0).toUpperCase() + property.slice(1)]);
  }
  if (schema.items !== undefined) parts.push([schema.items, name]);
  if (typeof schema.additionalProperties === 'object') parts.push([schema.additionalProperties, name]);
  for (const list of ['anyOf', 'oneOf', 'allOf'] as const) {
    for (const part of schema[list] ?? []) parts.push([part, name]);
  }
  return parts;
}

function withParts(schema: JsonSchema, change: (part: JsonSchema) => JsonSchema): JsonSchema {
  const changed: JsonSchema = { ...schema };
  if (schema.properties !== undefined) {
    changed.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, part]) => [name, change(part)]),
    );
  }
  if (schema.items !== undefined) changed.items = change(schema.items);
  if (typeof schema.additionalProperties === 'object') {
    changed.additionalProperties = change(schema.additionalProperties);
  }
  for (const list of ['anyOf', 'oneOf', 'allOf'] as const) {
    if (schema[list] !== undefined) changed[list] = schema[list].map(change);
  }
  return changed;
}
