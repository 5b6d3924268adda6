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

/** A call that is made before, and what of its reply is used: by name, the field that holds it. */
export interface FirstCall {
  readonly path: string;
  readonly body: unknown;
  readonly takes: Readonly<Record<string, string>>;
}

export type Examples = Readonly<Record<string, Example>>;
