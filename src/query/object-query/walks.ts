import type { ModelObject } from '../objects/model.ts';
import { type Filter, heldColumn } from './filters.ts';
import type { ObjectQuery } from './request.ts';
import { columnOf, shapeOf, type TableIndex } from './table-indexes.ts';

/** An index that has the rows in the order that is asked for, within what some filters hold. */
export interface Walk {
  readonly index: TableIndex;
  /** The order's column; null: by id alone. */
  readonly column: string | null;
  /** Filters that the walk itself applies. */
  readonly within: readonly Filter[];
  readonly others: readonly Filter[];
}

/** Fields that every query on the object can be sorted by. */
export function sortable(object: ModelObject): string[] {
  return object.fields.flatMap((field) => {
    const column = columnOf(field);
    return column !== null &&
      shapeOf(object.table).indexes.some((index) => hasOrder(index, column, new Set()))
      ? [field.name]
      : [];
  });
}

/** Whether an index, within columns that are held at one value, has rows by this column and then by id. */
function hasOrder(
  { columns, isUnique, isPartial }: TableIndex,
  column: string | null,
  held: ReadonlySet<string>,
): boolean {
  const free = columns.findIndex((one) => !held.has(one));
  if (isPartial && free <= 0) return false;
  if (free < 0) return false;
  const rest = columns.slice(free);
  if (column === null || column === 'id') return rest[0] === 'id';
  if (rest[0] !== column) return false;
  return rest[1] === 'id' || (isUnique && rest.length === 1);
}

/** The walk for a query that leaves the fewest filters to be looked at row by row; null when no index has the order. */
export function walkFor({ selection: { object }, order, filters }: ObjectQuery): Walk | null {
  const column = order.field === null ? null : columnOf(order.field);
  if (order.field !== null && column === null) return null;
  const heldBy = new Map(
    filters.flatMap((filter) => {
      const held = heldColumn(object, filter);
      return held === null ? [] : [[held, filter] as const];
    }),
  );
  const walks = shapeOf(object.table)
    .indexes.filter((index) => hasOrder(index, column, new Set(heldBy.keys())))
    .map((index): Walk => {
      const prefix = index.columns.slice(
        0,
        index.columns.findIndex((one) => !heldBy.has(one)),
      );
      const within = filters.filter((filter) => {
        const own = columnOf(filter.field);
        return (
          own !== null &&
          ((own === column && isRange(filter)) || (prefix.includes(own) && heldBy.get(own) === filter))
        );
      });
      return { index, column, within, others: filters.filter((filter) => !within.includes(filter)) };
    });
  return walks.sort((a, b) => a.others.length - b.others.length)[0] ?? null;
}

/** Filters on the order's own column of which an index finds the first row. */
function isRange({ operator, field }: Filter): boolean {
  return (
    operator !== 'NE' &&
    operator !== 'SW' &&
    operator !== 'IN' &&
    field.type !== 'text' &&
    field.type !== 'picklist'
  );
}
