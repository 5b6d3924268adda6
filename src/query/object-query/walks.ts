import type { ModelObject, ObjectField } from '../objects/model.ts';
import { type Filter, heldColumn } from './filters.ts';
import type { ObjectQuery } from './request.ts';
import { columnOf, shapeOf, type TableIndex } from './table-indexes.ts';

/** The table whose index is walked: the object's own as `t`, or one that has a row for each of the object's, as `w`. */
export interface Walked {
  readonly table: string;
  readonly alias: 't' | 'w';
  /** Its column that has the id of the object's row. */
  readonly id: string;
}

/** An index that has the rows in the order that is asked for, within what some filters hold. */
export interface Walk {
  readonly walked: Walked;
  readonly index: TableIndex;
  /** The order's column; null: by id alone. */
  readonly column: string | null;
  /** A filter holds the order's column at one value, so that rows are by id alone as well. */
  readonly isHeld: boolean;
  /** Filters that the walk itself applies. */
  readonly within: readonly Filter[];
  readonly others: readonly Filter[];
}

/** Fields that every query on the object can be sorted by. */
export function sortable(object: ModelObject): string[] {
  return object.fields
    .filter((field) => walksOf(object, field, new Map()).length > 0)
    .map(({ name }) => name);
}

/** Whether an index, within columns that are held at one value, has rows by this column and then by id. */
function hasOrder(
  { columns, isUnique, isPartial }: TableIndex,
  id: string,
  column: string | null,
  held: ReadonlySet<string>,
): boolean {
  const free = columns.findIndex((one) => !held.has(one));
  if (isPartial && free <= 0) return false;
  if (free < 0) return false;
  const rest = columns.slice(free);
  if (column === null || column === id) return rest[0] === id;
  if (rest[0] !== column) return false;
  return rest[1] === id || (isUnique && rest.length === 1);
}

type Held = ReadonlyMap<string, Filter>;

/** Indexes that have the order, each with the columns before it, which filters hold at one value. */
function walksOf(
  object: ModelObject,
  field: ObjectField | null,
  heldBy: Held,
): Array<Pick<Walk, 'walked' | 'index' | 'column' | 'isHeld'> & { readonly prefix: readonly string[] }> {
  const own = field === null ? null : columnOf(field);
  const ordered = field?.ordered ?? null;
  if (field !== null && own === null && ordered === null) return [];
  const [walked, column, held]: [Walked, string | null, Held] =
    ordered === null
      ? [{ table: object.table, alias: 't', id: 'id' }, own, heldBy]
      : [{ table: ordered.table, alias: 'w', id: ordered.id }, ordered.column, new Map()];
  const isHeld = column !== null && held.has(column);
  const by = isHeld ? null : column;
  return shapeOf(walked.table)
    .indexes.filter((index) => hasOrder(index, walked.id, by, new Set(held.keys())))
    .map((index) => {
      const free = index.columns.findIndex((one) => !held.has(one));
      return { walked, index, column, isHeld, prefix: index.columns.slice(0, free) };
    });
}

/** The walk for a query that leaves the fewest filters to be looked at row by row; null when no index has the order. */
export function walkFor({ selection: { object }, order, filters }: ObjectQuery): Walk | null {
  const heldBy = new Map(
    filters.flatMap((filter) => {
      const held = heldColumn(object, filter);
      return held === null ? [] : [[held, filter] as const];
    }),
  );
  const ranges = filters.filter((filter) => isOfOrder(filter, order.field) && isRange(filter));
  const walks = walksOf(object, order.field, heldBy).map(({ prefix, ...walk }): Walk => {
    const ends = walk.isHeld ? [] : endsOf(ranges);
    const isHeld =
      walk.isHeld || ends.some(({ operator, wholeSeconds }) => operator === 'EQ' && !wholeSeconds);
    const held = prefix.map((column) => heldBy.get(column)!);
    const within = filters.filter((filter) => ends.includes(filter) || held.includes(filter));
    return { ...walk, isHeld, within, others: filters.filter((filter) => !within.includes(filter)) };
  });
  return walks.sort((a, b) => a.others.length - b.others.length)[0] ?? null;
}

/** Whether a filter is on what the order goes by. */
export function isOfOrder({ field }: Filter, by: ObjectField | null): boolean {
  return by !== null && (field === by || (columnOf(by) !== null && columnOf(field) === columnOf(by)));
}

/** Of filters on the order's column one for each end, as an index begins at one place: of two of them it may take the one that leaves more. */
function endsOf(ranges: readonly Filter[]): Filter[] {
  const ends = (['lower', 'upper'] as const).flatMap(
    (side) =>
      [...ranges]
        .sort((a, b) => sidesOf(b).length - sidesOf(a).length)
        .find((one) => sidesOf(one).includes(side)) ?? [],
  );
  return [...new Set(ends)];
}

/** The ends of an order that a filter on it bounds. */
export function sidesOf({ operator }: Filter): ReadonlyArray<'lower' | 'upper'> {
  if (operator === 'EQ') return ['lower', 'upper'];
  return operator === 'GT' || operator === 'GE' ? ['lower'] : ['upper'];
}

/** Filters on the order's own column of which an index finds the first row. */
function isRange({ operator, field, values }: Filter): boolean {
  return (
    (values !== null || field.ordered === null) &&
    operator !== 'NE' &&
    operator !== 'SW' &&
    operator !== 'IN' &&
    field.type !== 'text' &&
    field.type !== 'picklist'
  );
}
