import type { ModelObject, ObjectField } from './model.ts';

const COLUMN = /\b([a-z]\w*)\.([a-z]\w*)\b/g;
const TEXT = /'(?:[^']|'')*'/g;

/** The columns that an SQL expression of the model names, by alias. */
export function columnsIn(sql: string): Array<readonly [alias: string, column: string]> {
  return [...sql.replaceAll(TEXT, "''").matchAll(COLUMN)].map((match) => [match[1]!, match[2]!] as const);
}

/** The joins that these expressions need, each with those that it needs itself. */
export function joinsFor(object: ModelObject, expressions: readonly string[]): ModelObject['joins'] {
  const wanted = new Set(expressions.flatMap((sql) => columnsIn(sql).map(([alias]) => alias)));
  return [...object.joins]
    .reverse()
    .filter(({ alias, on }) => {
      if (!wanted.has(alias)) return false;
      for (const [other] of columnsIn(on)) wanted.add(other);
      return true;
    })
    .reverse();
}

/** `account AS t LEFT JOIN …`: what these expressions over an object are selected from, with the joins they need and no others. */
export function fromClause(object: ModelObject, expressions: readonly string[]): string {
  const joins = joinsFor(object, [...expressions, object.only ?? '']);
  const elements = object.each === null ? [] : [`CROSS JOIN json_each(${object.each}) AS j`];
  return [
    `${object.table} AS t`,
    ...elements,
    ...joins.map(({ table, alias, on }) => `LEFT JOIN ${table} AS ${alias} ON ${on}`),
  ].join(' ');
}

/** D1's tables and columns that fields of an object are made of. What subqueries find rows by is among them: a copy needs an index on it. */
export function columnsOf(object: ModelObject, fields: readonly ObjectField[]): Map<string, Set<string>> {
  const expressions = fields.map(({ sql }) => sql);
  const own = [object.only ?? '', object.each ?? ''];
  const joins = joinsFor(object, [...expressions, ...own]);
  const tables = new Map([['t', object.table], ...joins.map(({ alias, table }) => [alias, table] as const)]);
  const columns = new Map<string, Set<string>>();
  for (const table of tables.values()) columns.set(table, new Set());
  for (const sql of [...expressions, ...own, ...joins.map(({ on }) => on)]) {
    for (const [alias, column] of columnsIn(sql)) {
      const table = tables.get(alias);
      if (table !== undefined) columns.get(table)!.add(column);
    }
  }
  for (const { table, columns: read, by } of fields.flatMap(({ reads }) => reads)) {
    const known = columns.get(table) ?? new Set<string>();
    for (const column of [...read, ...by]) known.add(column);
    columns.set(table, known);
  }
  return columns;
}
