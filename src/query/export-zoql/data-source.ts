import type { SourceTable } from '../compiled-query.ts';
import type { Compared } from '../filtering/comparison.ts';
import { operandSql } from '../filtering/literals.ts';
import { placeIn, QueryFault } from '../filtering/query-fault.ts';
import { changeOf, fieldNamed, objectNamed } from '../objects/index.ts';
import type { ModelObject, ObjectField, ObjectRelation } from '../objects/model.ts';
import { labelOf } from '../objects/model.ts';
import { columnsOf, joinsFor } from '../objects/view.ts';
import type { Path, Star } from './syntax.ts';

/** An object of a data source: the one that rows are of, or one that hangs on it. */
interface Node {
  readonly object: ModelObject;
  /** Before each alias of the model: nothing for the base. */
  readonly prefix: string;
  /** As headings name it: Bill To Contact. */
  readonly label: string;
  readonly parent: { readonly node: Node; readonly relation: ObjectRelation } | null;
  readonly fields: Set<ObjectField>;
}

/** A field that a query names, as it is found. */
export interface FoundField extends Compared {
  /** Account: Account Number */
  readonly label: string;
  /** Only columns of the base's own table are in its SQL. */
  readonly isOwn: boolean;
}

/** How far relations of relations are looked through for a name that the base has none of: BillToContact of an invoice is its account's. */
const RELATION_STEPS_MAX = 3;
const TEXT = /('(?:[^']|'')*')/;

/**
 * What a query reads from: a base object, and others that are reached from it along relations to one object, joined when something of
 * them is asked for. Each object's aliases are the model's with a prefix of its own, so that an account can hang on an account.
 */
export class DataSource {
  readonly base: ModelObject;
  readonly #text: string;
  readonly #nodes: Node[];

  /** @throws QueryFault when there is no such object; the message says noSuchDataSource, which clients look for */
  constructor(text: string, { name, at }: { readonly name: string; readonly at: number }) {
    const base = objectNamed(name);
    if (base === undefined) {
      throw new QueryFault(
        'INVALID_TYPE',
        `noSuchDataSource: there is no data source ${name}.`,
        placeIn(text, at),
      );
    }
    this.base = base;
    this.#text = text;
    this.#nodes = [{ object: base, prefix: '', label: base.label, parent: null, fields: new Set() }];
  }

  /** @throws QueryFault when the path names no field */
  field({ names, at }: Path): FoundField {
    const node = this.#nodeOf(names.slice(0, -1), at);
    const name = names.at(-1)!;
    const found = fieldNamed(node.object, name);
    if (found === undefined) {
      throw new QueryFault(
        'INVALID_FIELD',
        `There is no field ${name} in ${node.object.name}.`,
        placeIn(this.#text, at),
      );
    }
    return { ...this.#found(node, found, names.join('.')), at };
  }

  /** All fields of the base, or of what the star stands behind. Custom fields are not among them: any name of their form is one. */
  allFields({ names, at }: Star): FoundField[] {
    const node = this.#nodeOf(names, at);
    const before = names.length === 0 ? this.base.name : names.join('.');
    return node.object.fields.map((field) => this.#found(node, field, `${before}.${field.name}`));
  }

  /** When a row of the base changed last; undefined where it does not say. */
  changed(): FoundField | undefined {
    const changed = changeOf(this.base);
    return changed === undefined ? undefined : this.#found(this.#nodes[0]!, changed, changed.name);
  }

  /** FROM without the word: after all fields have been asked for. */
  fromSql(): string {
    return this.#nodes.map((node) => this.#joinedSql(node)).join(' ');
  }

  /** Tables and columns that are read. `ownWhere` is what holds for each row of the base's own table. */
  sources(ownWhere: string | null, withDeleted: boolean): Map<string, SourceTable> {
    const tables = new Map<string, { columns: Set<string>; uses: number }>();
    for (const { object, fields, parent } of this.#nodes) {
      const needed = [
        ...fields,
        ...(parent === null ? [] : [fieldNamed(object, parent.relation.remoteField)!]),
      ];
      const used = [object.table, ...this.#joinsOf(object, needed).map(({ table }) => table)];
      for (const [table, columns] of columnsOf(object, needed)) {
        const known = tables.get(table) ?? { columns: new Set<string>(), uses: 0 };
        for (const column of columns) known.columns.add(column);
        // A table that is read for more than the base's own rows has others too.
        known.uses += Math.max(1, used.filter((one) => one === table).length);
        tables.set(table, known);
      }
    }
    const { table: own } = this.base;
    return new Map(
      [...tables].map(([table, { columns, uses }]) => [
        table,
        {
          columns,
          where: table === own && uses === 1 && !this.#isReadInside(own) ? ownWhere : null,
          withDeleted: table === own && withDeleted,
        },
      ]),
    );
  }

  /** Subqueries of fields may read the base's own table once more. */
  #isReadInside(own: string): boolean {
    return this.#nodes.some(({ fields }) =>
      [...fields].some(({ reads }) => reads.some(({ table }) => table === own)),
    );
  }

  #found(node: Node, field: ObjectField, name: string): FoundField {
    node.fields.add(field);
    const sql = operandSql(field.sql);
    return {
      name,
      type: field.type,
      sql: this.#prefixed(node, sql),
      at: 0,
      label: `${node.label}: ${field.label}`,
      isOwn:
        node.parent === null &&
        this.#joinsOf(node.object, [field]).length === 0 &&
        !/\bSELECT\b|\bj\./.test(sql),
    };
  }

  #joinsOf(object: ModelObject, fields: Iterable<ObjectField>): ModelObject['joins'] {
    return joinsFor(object, [...[...fields].map(({ sql }) => sql), object.each ?? '']);
  }

  #joinedSql(node: Node): string {
    const { object, parent, prefix } = node;
    const remote = parent === null ? null : fieldNamed(object, parent.relation.remoteField)!;
    const joins = this.#joinsOf(object, remote === null ? node.fields : [...node.fields, remote]);
    const own = `${object.table} AS ${prefix}t`;
    const others = joins.map(
      ({ alias, table, on }) => `LEFT JOIN ${table} AS ${prefix}${alias} ON ${this.#prefixed(node, on)}`,
    );
    if (parent === null || remote === null) {
      const elements = object.each === null ? [] : [`CROSS JOIN json_each(${object.each}) AS j`];
      return [own, ...elements, ...others].join(' ');
    }
    const key = fieldNamed(parent.node.object, parent.relation.field)!;
    const on = `${this.#prefixed(node, remote.sql)} = ${this.#prefixed(parent.node, key.sql)}`;
    const kept = `${prefix}t._deleted = 0`;
    return [`LEFT JOIN ${own} ON ${on} AND ${kept}`, ...others].join(' ');
  }

  /** The model's SQL with the aliases of this node; texts in it stay what they are. */
  #prefixed({ object, prefix }: Node, sql: string): string {
    if (prefix === '') return sql;
    const aliases = ['t', 'j', ...object.joins.map(({ alias }) => alias)].join('|');
    const reference = new RegExp(`(?<![\\w.])(${aliases})\\.(?=[a-z_])`, 'g');
    return sql
      .split(TEXT)
      .map((part, i) => (i % 2 === 1 ? part : part.replaceAll(reference, `${prefix}$1.`)))
      .join('');
  }

  #nodeOf(names: readonly string[], at: number): Node {
    let node = this.#nodes[0]!;
    names.forEach((name, i) => {
      const isBase = i === 0 && objectNamed(name) === this.base && relationOf(this.base, name) === undefined;
      if (!isBase) node = this.#reached(node, name, at);
    });
    return node;
  }

  #reached(from: Node, name: string, at: number): Node {
    const path = pathTo(from.object, name);
    if (path === null) {
      const many = from.object.relations.find((one) => one.name.toLowerCase() === name.toLowerCase());
      const message =
        many?.kind === 'many'
          ? `${from.object.name} has many ${many.name}: take ${many.object} as the data source.`
          : `There is no object ${name} that hangs on ${from.object.name}.`;
      throw new QueryFault('INVALID_FIELD', message, placeIn(this.#text, at));
    }
    return path.reduce((node, relation) => this.#child(node, relation), from);
  }

  #child(node: Node, relation: ObjectRelation): Node {
    const known = this.#nodes.find(({ parent }) => parent?.node === node && parent.relation === relation);
    if (known !== undefined) return known;
    node.fields.add(fieldNamed(node.object, relation.field)!);
    const child: Node = {
      object: objectNamed(relation.object)!,
      prefix: `r${this.#nodes.length}_`,
      label: labelOf(relation.name),
      parent: { node, relation },
      fields: new Set(),
    };
    this.#nodes.push(child);
    return child;
  }
}

/** To one object whose rows are a table's: what can hang on a row without adding others. */
function relationsOf(object: ModelObject): ObjectRelation[] {
  return object.relations.filter(
    ({ kind, object: remote }) => kind === 'one' && objectNamed(remote)?.each === null,
  );
}

function relationOf(object: ModelObject, name: string): ObjectRelation | undefined {
  return relationsOf(object).find((relation) => relation.name.toLowerCase() === name.toLowerCase());
}

/** The shortest way to a relation of this name, the first of equally short ones. */
function pathTo(object: ModelObject, name: string): ObjectRelation[] | null {
  let ways: ReadonlyArray<{ readonly object: ModelObject; readonly path: ObjectRelation[] }> = [
    { object, path: [] },
  ];
  for (let step = 0; step < RELATION_STEPS_MAX; step += 1) {
    for (const way of ways) {
      const relation = relationOf(way.object, name);
      if (relation !== undefined) return [...way.path, relation];
    }
    ways = ways.flatMap((way) =>
      relationsOf(way.object).map((relation) => ({
        object: objectNamed(relation.object)!,
        path: [...way.path, relation],
      })),
    );
  }
  return null;
}
