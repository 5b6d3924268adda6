import { type JsonValue, type Refusal, refuse } from '../../domain/result.ts';
import { limits } from '../../env.ts';
import { fieldNamed } from '../objects/index.ts';
import { type ModelObject, type ObjectRelation, shownNameOf } from '../objects/model.ts';
import { fromClause } from '../objects/view.ts';
import { Bindings } from './bindings.ts';
import { type QueryRecord, recordColumns, type Showing, toRecord } from './records.ts';
import type { Expansion, Selection } from './request.ts';
import { columnOf, indexLedBy } from './table-indexes.ts';

interface Expanding {
  readonly db: D1Database;
  readonly showing: Showing;
  /** Elements that each list has at most. */
  readonly pageSize: number;
  /** Records that may still be shown. */
  recordsLeft: number;
}

/** Records, and how often each is shown: one that hangs on several is read once. */
type Shown = ReadonlyMap<QueryRecord, number>;

/**
 * Adds to records what hangs on them, level by level: one statement for each relation, whatever the number of records.
 *
 * @returns a refusal when that would be more than one page may show
 */
export async function expandRecords(
  db: D1Database,
  records: readonly QueryRecord[],
  selection: Selection,
  showing: Showing,
  pageSize: number,
): Promise<Refusal | null> {
  const expanding = { db, showing, pageSize, recordsLeft: limits.objectQueryRowsExpandedMax };
  return expandLevel(expanding, new Map(records.map((record) => [record, 1])), selection);
}

async function expandLevel(
  expanding: Expanding,
  parents: Shown,
  { object, expansions }: Selection,
): Promise<Refusal | null> {
  if (parents.size === 0) return null;
  const records = [...parents.keys()];
  for (const { name, kind, below } of expansions) {
    if (below === null) {
      attach(
        records,
        { name, kind },
        records.map(() => []),
        expanding.showing,
      );
      continue;
    }
    const children = await readChildren(expanding, object, records, below);
    const shown = shownBelow(parents, children);
    for (const times of shown.values()) expanding.recordsLeft -= times;
    if (expanding.recordsLeft < 0) {
      const message = `comes to more than ${limits.objectQueryRowsExpandedMax} records: take a smaller pageSize`;
      return refuse('query', message, 'expand[]');
    }
    attach(records, { name, kind }, children, expanding.showing);
    const refused = await expandLevel(expanding, shown, below.selection);
    if (refused !== null) return refused;
  }
  return null;
}

/** A child is shown as often as all that it hangs on. */
function shownBelow(parents: Shown, children: ReadonlyArray<readonly QueryRecord[]>): Shown {
  const shown = new Map<QueryRecord, number>();
  for (const [i, times] of [...parents.values()].entries()) {
    for (const child of children[i]!) shown.set(child, (shown.get(child) ?? 0) + times);
  }
  return shown;
}

function attach(
  records: readonly QueryRecord[],
  { name, kind }: Pick<Expansion, 'name' | 'kind'>,
  children: ReadonlyArray<readonly QueryRecord[]>,
  { includeNullFields }: Showing,
): void {
  for (const [i, { shown }] of records.entries()) {
    const own = children[i]!.map((child) => child.shown as JsonValue);
    if (kind === 'many') shown[name] = own;
    else if (own.length > 0) shown[name] = own[0]!;
    else if (includeNullFields) shown[name] = null;
  }
}

/** What a child is found by: the value that its parent has, and the version that it has to be part of. */
interface Key {
  readonly value: string | number;
  readonly version: QueryRecord['version'];
}

/** For each record its children in their order; of more than may be shown one too many. */
async function readChildren(
  expanding: Expanding,
  object: ModelObject,
  records: readonly QueryRecord[],
  { relation, selection }: NonNullable<Expansion['below']>,
): Promise<QueryRecord[][]> {
  const field = fieldNamed(object, relation.field)!;
  const keys: Array<Key | null> = records.map(({ raw, version }) => {
    const value = raw.get(field) ?? null;
    return value === null ? null : { value, version: selection.object.versioned ? version : null };
  });
  const distinct = new Map<string, Key>();
  for (const key of keys) if (key !== null) distinct.set(keyText(key), key);
  const found = await readByKeys(expanding, relation, selection, [...distinct.values()]);
  const byKey = new Map([...distinct.keys()].map((text, i) => [text, found[i]!]));
  return keys.map((key) => (key === null ? [] : byKey.get(keyText(key))!));
}

const keyText = ({ value, version }: Key) => `${value} ${version?.subscriptionId ?? ''}`;

async function readByKeys(
  expanding: Expanding,
  relation: ObjectRelation,
  selection: Selection,
  keys: readonly Key[],
): Promise<QueryRecord[][]> {
  const found: QueryRecord[][] = keys.map(() => []);
  if (keys.length === 0) return found;
  const bindings = new Bindings();
  const list = bindings.add(
    JSON.stringify(keys.map(({ value, version }) => [value, version?.number ?? null])),
  );
  const read = recordColumns(selection);
  const { results } = await expanding.db
    .prepare(childrenSql(relation, selection.object, read, { bindings, list, expanding }))
    .bind(...bindings.values)
    .all();
  for (const row of results) {
    const at = row.n as number;
    const record = toRecord(row, selection, read, expanding.showing);
    found[at]!.push(ofVersion(record, selection, keys[at]!.version));
  }
  return found;
}

/** A part that was read below a version of a subscription says so, and so does what is read below it. */
function ofVersion(record: QueryRecord, { object }: Selection, version: Key['version']): QueryRecord {
  if (version === null) return record;
  const subscriptionId = fieldNamed(object, 'SubscriptionId')!;
  if (record.raw.has(subscriptionId)) record.shown[shownNameOf(subscriptionId)] = version.subscriptionId;
  return { ...record, version };
}

interface ChildrenStatement {
  readonly bindings: Bindings;
  /** JSON list of pairs of a key and a version. */
  readonly list: string;
  readonly expanding: Expanding;
}

function childrenSql(
  relation: ObjectRelation,
  remote: ModelObject,
  read: ReturnType<typeof recordColumns>,
  { bindings, list, expanding }: ChildrenStatement,
): string {
  const field = fieldNamed(remote, relation.remoteField)!;
  const keys =
    'k AS MATERIALIZED (SELECT e.key AS n, e.value ->> 0 AS key, e.value ->> 1 AS version ' +
    `FROM json_each(${list}) AS e)`;
  const from = fromClause(remote, [...read.expressions, field.sql]);
  const { finds, isCut, order } = found(relation, remote, expanding.pageSize, bindings);
  const isKey = `${field.sql} = k.key`;
  const rows = bindings.add(expanding.recordsLeft + 1);
  if (isCut || relation.kind === 'one') {
    return (
      `WITH ${keys} SELECT k.n, ${read.columns} FROM k CROSS JOIN ${from} WHERE ${finds} AND ${isKeyOrVersion(remote, relation, isKey)} ` +
      `ORDER BY k.n, ${order} LIMIT ${rows}`
    );
  }
  const size = bindings.add(expanding.pageSize);
  return (
    `WITH ${keys}, c AS (SELECT k.n, ${read.columns}, row_number() OVER (PARTITION BY k.n ORDER BY ${order}) AS place ` +
    `FROM k CROSS JOIN ${from} WHERE ${finds} AND ${isKeyOrVersion(remote, relation, isKey)} AND ${listed(remote)}) ` +
    `SELECT * FROM c WHERE place <= ${size} ORDER BY n, place LIMIT ${rows}`
  );
}

/** Parts below a version of a subscription are found by its lineage, and are of that version; others by the field that names their parent. */
function isKeyOrVersion(remote: ModelObject, relation: ObjectRelation, isKey: string): string {
  return remote.versioned && relation.remoteField === 'SubscriptionId' ? 'TRUE' : isKey;
}

/** Rows of an object that are listed: of parts of versions those of the version that is asked for, else of the latest. */
function listed(object: ModelObject): string {
  // Elements of a row that was found.
  if (object.each !== null) return 'TRUE';
  if (!object.versioned) return object.only ?? 'TRUE';
  const suspended = object.only!.replace('t.removed_in_version IS NULL', 'TRUE');
  return (
    `${suspended} AND CASE WHEN k.version IS NULL THEN t.removed_in_version IS NULL ` +
    'ELSE t.added_in_version <= k.version AND (t.removed_in_version IS NULL OR t.removed_in_version > k.version) END'
  );
}

/** Columns by which lines of one parent are in their own order; of other lists the latest comes first. */
const ASCENDING = new Set(['line', 'sequence', 'segment']);

/**
 * SQL by which an index finds the children of `k.key`; where the index holds them by nothing but their parent's key, it finds no more than a list
 * shows, in the index's order.
 */
function found(
  { kind, remoteField }: ObjectRelation,
  remote: ModelObject,
  pageSize: number,
  bindings: Bindings,
): { readonly finds: string; readonly isCut: boolean; readonly order: string } {
  const byRow = remote.each === null ? 't.id' : 't.id, j.key';
  const field = fieldNamed(remote, remoteField)!;
  const rowsOf = remoteField === 'Id' ? (remote.rowOfId ?? field.rowsOf) : field.rowsOf;
  if (rowsOf !== null) return { finds: rowsOf('k.key'), isCut: false, order: byRow };
  const column = columnOf(field);
  const index = column === null ? null : indexLedBy(remote.table, column);
  if (index === null) throw new RangeError(`nothing leads to ${remote.name} by ${remoteField}`);
  const isPlain = kind === 'many' && remote.each === null && column !== 'id' && !remote.versioned;
  if (!isPlain) return { finds: `t.${column} = k.key`, isCut: false, order: byRow };
  const rest = index.columns.slice(1);
  const direction = ASCENDING.has(rest[0] ?? '') ? 'ASC' : 'DESC';
  const order = (alias: string) =>
    [...rest.map((name) => `${alias}.${name}`), `${alias}.rowid`]
      .map((name) => `${name} ${direction}`)
      .join(', ');
  const only = (remote.only ?? 'TRUE').replaceAll(/\bt\./g, 'y.');
  return {
    finds:
      `t.rowid IN (SELECT y.rowid FROM ${remote.table} AS y WHERE y.${column} = k.key AND ${only} ` +
      `ORDER BY ${order('y')} LIMIT ${bindings.add(pageSize)})`,
    isCut: true,
    order: order('t'),
  };
}
