import { FormValues } from './form-values.ts';

/**
 * The values with only these rows of a repeated group, numbered from 0 as they stand: what is left after "Remove".
 *
 * @param rows numbers of the rows that stay, as `rowsOf` gives them
 */
export function withRows(values: FormValues, group: string, rows: readonly number[]): FormValues {
  const places = new Map(rows.map((row, place) => [row, place]));
  const entries = values.names().flatMap((name) => {
    const renamed = renamedIn(name, group, places);
    return renamed === null ? [] : values.all(name).map((value) => [renamed, value] as const);
  });
  return new FormValues(entries);
}

/** The name in its new place; null when its row goes. */
function renamedIn(name: string, group: string, places: ReadonlyMap<number, number>): string | null {
  if (!name.startsWith(`${group}[`)) return name;
  const inside = name.slice(group.length + 1);
  const row = /^(\d{1,4})\]/.exec(inside)?.[1];
  if (row === undefined) return name;
  const place = places.get(Number(row));
  return place === undefined ? null : `${group}[${place}${inside.slice(row.length)}`;
}

/** The values with some more, or with other ones. */
export function withValues(values: FormValues, given: Readonly<Record<string, string>>): FormValues {
  const kept = values.names().filter((name) => !(name in given));
  return new FormValues([
    ...kept.flatMap((name) => values.all(name).map((value) => [name, value] as const)),
    ...Object.entries(given),
  ]);
}
