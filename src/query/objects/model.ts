/**
 * THE object model: which objects and fields there are, how they are called in each surface, what they mean as SQL over D1's tables, and how they
 * hang together. Object Query, ZOQL, exports, AQuA, Data Query, describe, the CRUD reads and the schema browser all come from it; a name that
 * is not here cannot be reached by any of them.
 */

/**
 * What a field's SQL yields: text; a name of a list; 0 or 1; an integer; an integer of millionths (values.ts); a calendar date YYYY-MM-DD; an
 * instant in UTC with milliseconds.
 */
export type FieldType = 'text' | 'picklist' | 'boolean' | 'integer' | 'decimal' | 'date' | 'datetime';

export interface ObjectField {
  /** As the API names it, in capitals: PartnerAccount. Names are unique whatever the case of their letters. */
  readonly name: string;
  /** For headings of exports. */
  readonly label: string;
  readonly type: FieldType;
  /** The value, over the object's aliases; 'NULL' for what the contract has and Spillway does not keep. */
  readonly sql: string;
  /** What subqueries in `sql` read beside the object's own table and joins. */
  readonly reads: readonly FieldReading[];
  /** The column of `t` that has the value where there is one, if `sql` is not that column itself. */
  readonly column: string | null;
  /** Of fields that are no column of `t`: SQL over `t` that an index answers, of the rows with this value (and perhaps others). */
  readonly rowsOf: ((value: string) => string) | null;
  /**
   * Of fields that are no column of `t`: a table with one row for each of the object's (`id` is its `t.id`), whose `column` always has the field's value
   * and has an index with `id` after it. Null: there is none.
   */
  readonly ordered: { readonly table: string; readonly id: string; readonly column: string } | null;
  /** The text is several values with commas between them: a list where there can be one. */
  readonly isList: boolean;
  /** As Object Query shows it, where that is not the name with a small first letter. */
  readonly shownAs: string | null;
  /** Can be given when an object is made, and when it is changed, by the older resources. */
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly required: boolean;
  readonly maxLength: number | null;
}

/** A table that a field's subquery reads: these columns, of rows that are found by those in `by`. */
export interface FieldReading {
  readonly table: string;
  readonly columns: readonly string[];
  readonly by: readonly string[];
}

/** A row that hangs on the object's own: at most one, so that a join adds no rows. */
export interface ObjectJoin {
  readonly alias: string;
  readonly table: string;
  /** Over `alias` and the aliases before it. */
  readonly on: string;
}

/** From an object to others, whether or not `only` has them listed: whose `remoteField` equals the object's `field`. */
export interface ObjectRelation {
  /** As Export ZOQL joins it and Object Query expands it, the latter in any case: BillToContact, Subscriptions. */
  readonly name: string;
  /** Another name that Object Query has for it: billTo. */
  readonly expandName?: string;
  readonly object: string;
  readonly kind: 'one' | 'many';
  readonly field: string;
  readonly remoteField: string;
}

export interface ModelObject {
  /** In capitals: Account. In lower case it is the table of Data Query. */
  readonly name: string;
  readonly label: string;
  /** Other names that it has in some surface: BillRun. */
  readonly otherNames: readonly string[];
  /** The last part of its path in Object Query: accounts; null where that does not list it. */
  readonly collection: string | null;
  /** D1's table, alias `t`. */
  readonly table: string;
  readonly joins: readonly ObjectJoin[];
  /** JSON list in `t` whose elements are the objects, as `j` (j.value, j.key): tiers of a charge. Null: the rows themselves. */
  readonly each: string | null;
  /** Rows of the table that are listed; null: all. Over `t`. */
  readonly only: string | null;
  /** Of objects whose Id is no column: SQL that finds their row `t` along an index, given SQL of an Id. */
  readonly rowOfId: ((id: string) => string) | null;
  /**
   * Rows are part of versions of a subscription (added_in_version, removed_in_version): listed are those of the latest one, and below a version of a
   * subscription there are that version's.
   */
  readonly versioned: boolean;
  /** When what is shown of it last changed, where its row does not say all: a datetime that nobody can ask for by name. Null: UpdatedDate says it. */
  readonly changed: ObjectField | null;
  /** Field that names the object beside Id: AccountNumber. */
  readonly numberField: string | null;
  /** Can be asked for by ZOQL, which knows neither orders nor what settles invoices. */
  readonly zoql: boolean;
  readonly customFields: boolean;
  readonly fields: readonly ObjectField[];
  /** Fields that Object Query shows only when they are named: the contract has them in other surfaces. */
  readonly byNameFields: readonly string[];
  readonly relations: readonly ObjectRelation[];
  /** What the contract can expand and nothing is ever in: TaxationItems. */
  readonly emptyRelations: ReadonlyArray<Pick<ObjectRelation, 'name' | 'kind'>>;
}

type FieldOptions = Partial<
  Pick<
    ObjectField,
    'label' | 'sql' | 'maxLength' | 'reads' | 'column' | 'rowsOf' | 'ordered' | 'isList' | 'shownAs'
  >
> & {
  /** c: can be given to create, u: to update, r: must be given to create. */
  readonly writes?: string;
};

/** A field; without `sql` it is the column of its name. */
export function field(name: string, type: FieldType, options: FieldOptions = {}): ObjectField {
  const writes = options.writes ?? '';
  return {
    name,
    type,
    label: options.label ?? labelOf(name),
    sql: options.sql ?? `t.${toSnakeCase(name)}`,
    reads: options.reads ?? [],
    column: options.column ?? null,
    rowsOf: options.rowsOf ?? null,
    ordered: options.ordered ?? null,
    isList: options.isList ?? false,
    shownAs: options.shownAs ?? null,
    createable: writes.includes('c') || writes.includes('r'),
    updateable: writes.includes('u'),
    required: writes.includes('r'),
    maxLength: options.maxLength ?? null,
  };
}

/** A field that lies in the row's `details` under its name with a small first letter, or under another one. */
export function detail(
  name: string,
  type: FieldType,
  path: string = lowerFirst(name),
  options: Omit<FieldOptions, 'sql'> = {},
): ObjectField {
  return field(name, type, { ...options, sql: `json_extract(t.details, '$.${path}')` });
}

/** Fields that the contract has and Spillway keeps nothing for: always null. */
export function absent(type: FieldType, ...names: readonly string[]): ObjectField[] {
  return names.map((name) => field(name, type, { sql: 'NULL' }));
}

/** CreatedDate, CreatedById, UpdatedDate, UpdatedById of tables that keep them. */
export const auditFields: readonly ObjectField[] = [
  field('CreatedById', 'text', { label: 'Created By ID', sql: 't.created_by' }),
  field('CreatedDate', 'datetime', { sql: 't.created_at' }),
  field('UpdatedById', 'text', { label: 'Updated By ID', sql: 't.updated_by' }),
  field('UpdatedDate', 'datetime', { sql: 't.updated_at' }),
];

/** The same of tables whose rows are parts of another object's: they say when they were made and when they last changed, the other by whom. */
export function partAuditFields(createdBy: string, updatedBy: string): ObjectField[] {
  return [
    field('CreatedById', 'text', { label: 'Created By ID', sql: createdBy }),
    field('CreatedDate', 'datetime', { sql: 't.created_at' }),
    field('UpdatedById', 'text', { label: 'Updated By ID', sql: updatedBy }),
    field('UpdatedDate', 'datetime', { sql: 't.changed_at' }),
  ];
}

export const idField = field('Id', 'text', { label: 'ID', sql: 't.id' });

/** To the object whose id `field` holds. */
export function one(
  name: string,
  object: string,
  fieldName: string,
  options: { readonly expandName?: string; readonly remoteField?: string } = {},
): ObjectRelation {
  const { expandName, remoteField = 'Id' } = options;
  return {
    name,
    object,
    kind: 'one',
    field: fieldName,
    remoteField,
    ...(expandName === undefined ? {} : { expandName }),
  };
}

/** To the objects whose `remoteField` holds this one's id, or its `field`. */
export function many(name: string, object: string, remoteField: string, fieldName = 'Id'): ObjectRelation {
  return { name, object, kind: 'many', field: fieldName, remoteField };
}

/** As Object Query shows a field. */
export function shownNameOf(one: ObjectField): string {
  return one.shownAs ?? lowerFirst(one.name);
}

export function defineObject(
  object: Pick<ModelObject, 'name' | 'table' | 'fields'> & Partial<ModelObject>,
): ModelObject {
  return {
    label: labelOf(object.name),
    otherNames: [],
    collection: null,
    joins: [],
    each: null,
    only: null,
    rowOfId: null,
    versioned: false,
    changed: null,
    numberField: null,
    zoql: true,
    customFields: true,
    byNameFields: [],
    relations: [],
    emptyRelations: [],
    ...object,
  };
}

/** As Object Query shows a field: accountNumber, and, by the same rule, mRR and uOM. */
export function lowerFirst(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}

function toSnakeCase(name: string): string {
  return lowerFirst(name).replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** PartnerAccount → Partner Account, BillToId → Bill To ID. */
export function labelOf(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replaceAll(/\bId\b/g, 'ID');
}
