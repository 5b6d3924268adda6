/** The shape of the API's description: src/http makes it from the operations, the documentation's pages show it. */

/** A JSON schema, draft 2020-12, as OpenAPI 3.1 has it. */
export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  title?: string;
  description?: string;
  enum?: unknown[];
  const?: unknown;
  example?: unknown;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  not?: JsonSchema;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  pattern?: string;
}

export interface OpenApiParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
  readonly example?: unknown;
}

/**
 * A call of an operation that works as it stands on the demo data (scripts/seed.mjs). In its texts `{{object.column}}` stands for an object
 * of the database that suits the operation (src/query/example-objects), `$NAME` for what the call before it gave.
 */
export interface Example {
  /** Values of the parameters of the path. */
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: ReadonlyArray<readonly [name: string, value: string]>;
  readonly body?: unknown;
  /** A file that is sent as a form, in the field `file`. */
  readonly file?: { readonly name: string; readonly content: string };
  readonly first?: FirstCall;
}

/** A call that is made before, a POST of its body or a GET where it has none, and what of its reply is used: by name, the field that holds it. */
export interface FirstCall {
  readonly path: string;
  readonly body?: unknown;
  readonly takes: Readonly<Record<string, string>>;
}

export type Examples = Readonly<Record<string, Example>>;

/** One operation, as the pages show it. */
export interface DescribedOperation {
  readonly id: string;
  readonly area: string;
  readonly method: string;
  /** With parameters in braces. */
  readonly path: string;
  readonly title: string;
  /** Null: no token is needed. */
  readonly role: string | null;
  readonly parameters: readonly OpenApiParameter[];
  readonly body: JsonSchema | null;
  readonly reply: { readonly type: string; readonly schema: JsonSchema } | null;
  readonly example: Example | null;
}

export interface ApiDescription {
  readonly areas: ReadonlyArray<{ readonly id: string; readonly name: string; readonly about: string }>;
  readonly operations: readonly DescribedOperation[];
  /** What schemas refer to, by `#/components/schemas/<name>`. */
  readonly schemas: Readonly<Record<string, JsonSchema>>;
}
