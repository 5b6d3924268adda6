import { getTableName, type SQL } from 'drizzle-orm';
import { getTableConfig, type SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core';
import * as schema from '../../persistence/schema/index.ts';
import type { ObjectField } from '../objects/model.ts';

/** An index of D1 that can be walked or looked up in, as the schema declares it. */
export interface TableIndex {
  /** Null: the primary key. */
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly isUnique: boolean;
  /** Holds only rows that have a value in its first column. */
  readonly isPartial: boolean;
}

interface TableShape {
  readonly indexes: readonly TableIndex[];
  readonly nullable: ReadonlySet<string>;
}

const TABLES = Object.values<unknown>(schema).filter((one) => one instanceof SQLiteTable);

const shapes = new Map<string, TableShape>();

/** Indexes of columns; those of expressions and those that hold other parts of a table are of no use here. */
export function shapeOf(table: string): TableShape {
  const known = shapes.get(table);
  if (known !== undefined) return known;
  const declared = TABLES.find((one) => getTableName(one) === table);
  if (declared === undefined) throw new RangeError(`there is no table ${table}`);
  const { indexes, columns } = getTableConfig(declared);
  const shape = {
    indexes: [PRIMARY_KEY, ...indexes.flatMap(({ config }) => indexOf(config))],
    nullable: new Set(columns.filter(({ notNull }) => !notNull).map(({ name }) => name)),
  };
  shapes.set(table, shape);
  return shape;
}

const PRIMARY_KEY: TableIndex = { name: null, columns: ['id'], isUnique: true, isPartial: false };

function indexOf(config: {
  readonly name: string;
  readonly columns: ReadonlyArray<unknown>;
  readonly unique: boolean;
  readonly where?: SQL | undefined;
}): TableIndex[] {
  const columns = config.columns.map((column) => (column as Partial<SQLiteColumn>).name);
  if (columns.some((name) => name === undefined)) return [];
  const condition = config.where === undefined ? null : textOf(config.where);
  if (condition !== null && condition !== `${columns[0]} IS NOT NULL`) return [];
  return [
    {
      name: config.name,
      columns: columns as string[],
      isUnique: config.unique,
      isPartial: condition !== null,
    },
  ];
}

function textOf({ queryChunks }: SQL): string {
  return queryChunks.flatMap((chunk) => (chunk as { readonly value?: unknown }).value ?? []).join('');
}

const COLUMN = /^t\.([a-z_]+)$/;

/** The column of `t` that a field is; null when it is more. */
export function columnOf({ sql, column }: ObjectField): string | null {
  return column ?? COLUMN.exec(sql)?.[1] ?? null;
}

/** The index by which rows with a value in this column are found; one that is unique first. */
export function indexLedBy(table: string, column: string): TableIndex | null {
  const led = shapeOf(table).indexes.filter(({ columns }) => columns[0] === column);
  return led.find(({ isUnique, columns }) => isUnique && columns.length === 1) ?? led[0] ?? null;
}
