/**
 * What no caller should send, as JSON text: a program's values could not hold all of it (1e309, -0 and keys such as
 * __proto__ only exist in the text).
 */
const NESTED_LEVELS = 10_000;

const text = (value: string) => JSON.stringify(value);

const NUMBERS = [
  ...['0', '-0', '-1', '1', '0.005', '1e-20', '0.1234567891', '1e15', '1e21', '1e309', '-1e309'],
  ...['9007199254740993', '999999999999.99', '99999999999999999999', '3', '31', '10001', '400000000'],
];
const OTHER_TYPES = ['null', 'true', 'false', '[]', '{}', '[null]', '[[]]', '[1,"two",{}]', '{"length":1}'];
const KEYS = ['{"__proto__":{"x":1}}', '{"constructor":{"prototype":1}}', '{"toString":null}', '{"":1}'];
const DATES = [
  ...['2026-02-30', '2026-13-01', '0000-01-01', '0001-01-01', '1899-12-31', '1900-01-01', '9999-12-31'],
  ...['10000-01-01', '99999-01-01', '2026-7-1', '2026-07-01T00:00:00Z', '2026-07-01 25:00:00'],
].map(text);
const TEXTS = [
  ...['', ' ', '\u0000', 'a\u0000b', '\ud800', 'x\udc00y', '\uffff', '🙂🏳️‍🌈', '‮rtl', 'ﷺ'],
  ...["' OR 1=1 --", "'); DROP TABLE account; --", '$where', '{{7*7}}', '%00', '../../etc', '?1', '\\'],
  ...['NaN', 'Infinity', '-Infinity', '1e5', '0x10', 'null', 'undefined', 'true', '[object Object]'],
  ...['__proto__', 'constructor', 'hasOwnProperty', 'XXX', 'usd', 'XBT', 'JPY', 'KWD', 'EUR'],
  ...['0'.repeat(32), 'f'.repeat(32), 'F'.repeat(32), 'A00000001', 'O-00000001', 'INV00000001', 'P-00000001'],
  ...['Posted', 'Draft', 'Canceled', 'Completed', 'Net 999', 'Proximo 31', 'Subscription_Term', 'Week'],
  ...['Electronic', 'External', 'Invoice', 'Standalone', 'Account', 'CreditCard', 'ACH', 'OneTime'],
  ...['x'.repeat(256), 'x'.repeat(100_000), '🙂'.repeat(128), '-5.00', '5.001', '12345678901234567890.5'],
].map(text);
const NESTED = [
  `${'['.repeat(NESTED_LEVELS)}${']'.repeat(NESTED_LEVELS)}`,
  `${'{"a":'.repeat(NESTED_LEVELS)}1${'}'.repeat(NESTED_LEVELS)}`,
];

export const HOSTILE_JSON: readonly string[] = [
  ...NUMBERS,
  ...OTHER_TYPES,
  ...KEYS,
  ...DATES,
  ...TEXTS,
  ...NESTED,
];

/** Segments of a path, as they stand in a URL: odd characters, broken percent encoding, too long, not quite ids. */
export const HOSTILE_SEGMENTS: readonly string[] = [
  ...['%', '%zz', '%E0%A4%A', '%00', 'a%00b', '%2F', '..%2F', '%5C', '%ED%A0%80', '%F0%9F%99%82', '%25'],
  ...['%20', '%0A', '%0D%0A', '%22', '%27%20OR%201%3D1%20--', "'", '"', ';', ':', '@', '+', '*', ',', '='],
  ...['null', 'undefined', 'NaN', '-1', '0', '1e309', '__proto__', 'constructor', '$', '(', '[', '{}', '|'],
  ...['0'.repeat(32), 'F'.repeat(32), 'g'.repeat(32), '0'.repeat(31), '0'.repeat(33), 'A00000001', 'é', '🙂'],
  'x'.repeat(4_000),
];

export type Path = ReadonlyArray<string | number>;

/** Raw JSON in the place of whatever stands there. */
export type Mutation = readonly [path: Path, raw: string];

/** The body as JSON text after the mutations; one whose place an earlier one took away is left out. */
export function withHostile(body: object, mutations: readonly Mutation[]): string {
  const copy = structuredClone(body);
  for (const [i, [path]] of mutations.entries()) {
    let holder: unknown = copy;
    for (const part of path.slice(0, -1)) holder = (holder as Record<string, unknown> | undefined)?.[part];
    if (typeof holder === 'object' && holder !== null) {
      (holder as Record<string, unknown>)[path.at(-1)!] = markOf(i);
    }
  }
  return mutations.reduce(
    (text, [, raw], i) => text.replace(`"${markOf(i)}"`, () => raw),
    JSON.stringify(copy),
  );
}

function markOf(mutation: number): string {
  return `@hostile ${mutation}@`;
}

/** A JSON schema as far as it names properties. */
export interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

/** Every place in a body where something can stand: what is there, and what the schema says may be there too. */
export function placesIn(body: unknown, schema: Schema | undefined, named: (ref: string) => Schema): Path[] {
  if (body === null || typeof body !== 'object') return [];
  const parts = schema === undefined ? [] : flattened(schema, named);
  if (Array.isArray(body)) {
    const items = parts.find((part) => part.items !== undefined)?.items;
    return body.flatMap((entry, i) => [
      [i],
      ...placesIn(entry, items, named).map((path): Path => [i, ...path]),
    ]);
  }
  const properties: Record<string, Schema> = Object.assign({}, ...parts.map((part) => part.properties ?? {}));
  const record = body as Record<string, unknown>;
  const names = new Set([...Object.keys(record), ...Object.keys(properties), 'odd__c']);
  return [...names].flatMap((name) => [
    [name],
    ...placesIn(record[name], properties[name], named).map((path): Path => [name, ...path]),
  ]);
}

function flattened(schema: Schema, named: (ref: string) => Schema): Schema[] {
  if (schema.$ref !== undefined) return flattened(named(schema.$ref), named);
  const inner = [...(schema.allOf ?? []), ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
  return [schema, ...inner.flatMap((part) => flattened(part, named))];
}
