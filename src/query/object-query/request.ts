import { isRefusal, type Refusal, refuse } from '../../domain/result.ts';
import { limits } from '../../env.ts';
import { fieldNamed, objectNamed } from '../objects/index.ts';
import { lowerFirst, type ModelObject, type ObjectField, type ObjectRelation } from '../objects/model.ts';
import { type Filter, parseFilter, shown } from './filters.ts';
import { type Order, type Place, parseCursor, parseSort, queryMark } from './order.ts';

/** What of an object is to be shown: these fields, and what hangs on it. */
export interface Selection {
  readonly object: ModelObject;
  readonly fields: readonly ObjectField[];
  /** All of them: fields were not named. */
  readonly withCustomFields: boolean;
  readonly expansions: readonly Expansion[];
}

export interface Expansion {
  /** As it is shown: billTo. */
  readonly name: string;
  readonly kind: ObjectRelation['kind'];
  /** Null: there never is anything. */
  readonly below: { readonly relation: ObjectRelation; readonly selection: Selection } | null;
}

/** The id or the number of a record; a number means the latest version of what has versions. */
export interface Key {
  readonly filter: Filter;
  readonly latest: string | null;
}

export interface ObjectQuery {
  readonly selection: Selection;
  readonly filters: readonly Filter[];
  readonly order: Order;
  readonly mark: string;
  readonly after: Place | null;
  /** What one record is asked for by, which finds also what its object does not list; null: a list is asked for. */
  readonly key: Key | null;
  readonly pageSize: number;
  readonly includeNullFields: boolean;
}

const PAGE_SIZE_DEFAULT = 10;
export const PAGE_SIZE_MAX = 99;

const PLAIN = new Set(['cursor', 'pagesize', 'includenullfields']);

/** Reads the parameters of a query on an object; names and paths in any case of letters. */
export function parseObjectQuery(
  parameters: URLSearchParams,
  object: ModelObject,
  timeZone: string,
): ObjectQuery | Refusal {
  const given = parametersOf(parameters);
  if (isRefusal(given)) return given;
  const { lists, plain } = given;
  const pageSize = plain.get('pagesize') ?? String(PAGE_SIZE_DEFAULT);
  if (!/^[1-9]\d?$/.test(pageSize)) {
    return refuse('query', `must be a whole number from 1 to ${PAGE_SIZE_MAX}`, 'pageSize');
  }
  const nulls = (plain.get('includenullfields') ?? 'false').toLowerCase();
  if (nulls !== 'true' && nulls !== 'false')
    return refuse('query', 'must be true or false', 'includeNullFields');
  const filters = filtersOf(lists.get('filter') ?? [], object, timeZone);
  if ('refused' in filters) return filters;
  const order = parseSort(
    (lists.get('sort') ?? []).filter((text) => text.trim() !== ''),
    object,
  );
  if (isRefusal(order)) return order;
  const mark = queryMark(object, filters);
  const cursor = plain.get('cursor') ?? '';
  const after = cursor === '' ? null : parseCursor(cursor, order, object, mark);
  if (after !== null && isRefusal(after)) return after;
  const selection = selectionOf(object, lists);
  if (isRefusal(selection)) return selection;
  return {
    selection,
    filters,
    order,
    mark,
    after,
    key: null,
    pageSize: Number(pageSize),
    includeNullFields: nulls === 'true',
  };
}

interface Parameters {
  /** filter, sort, expand, fields and `<path>.fields`, without their brackets. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly plain: ReadonlyMap<string, string>;
}

const LIST = /^(filter|sort|expand|(?:[a-z.]+\.)?fields)(\[\])?$/;

function parametersOf(parameters: URLSearchParams): Parameters | Refusal {
  const lists = new Map<string, string[]>();
  const plain = new Map<string, string>();
  for (const [given, value] of parameters) {
    const name = given.toLowerCase();
    const list = LIST.exec(name)?.[1];
    if (list !== undefined) lists.set(list, [...(lists.get(list) ?? []), value]);
    else if (PLAIN.has(name)) plain.set(name, value);
    else if (name.endsWith('[]')) return refuse('query', `there is no parameter ${shown(given)}`);
  }
  return { lists, plain };
}

function filtersOf(texts: readonly string[], object: ModelObject, timeZone: string): Filter[] | Refusal {
  if (texts.length > limits.objectQueryFiltersMax) {
    return refuse('query', `a query has at most ${limits.objectQueryFiltersMax} filters`, 'filter[]');
  }
  const filters: Filter[] = [];
  for (const text of texts) {
    const filter = parseFilter(text, object, timeZone);
    if (isRefusal(filter)) return filter;
    filters.push(filter);
  }
  return filters;
}

const commaSeparated = (texts: readonly string[]): string[] =>
  texts.flatMap((text) => text.split(',')).flatMap((name) => name.trim() || []);

/** Paths as a tree. */
interface Branch extends Map<string, Branch> {}

function selectionOf(object: ModelObject, lists: Parameters['lists']): Selection | Refusal {
  const paths = [...new Set(commaSeparated(lists.get('expand') ?? []).map((path) => path.toLowerCase()))];
  if (paths.length > limits.objectQueryExpandsMax) {
    return refuse('query', `a query expands at most ${limits.objectQueryExpandsMax} paths`, 'expand[]');
  }
  const tree: Branch = new Map();
  for (const path of paths) {
    let branch = tree;
    const names = path.split('.');
    if (names.length > limits.objectQueryExpandLevelsMax) {
      return refuse('query', `a path has at most ${limits.objectQueryExpandLevelsMax} names`, 'expand[]');
    }
    for (const name of names) {
      const next: Branch = branch.get(name) ?? new Map();
      branch.set(name, next);
      branch = next;
    }
  }
  const wanted = new Map(
    [...lists].flatMap(([name, texts]) =>
      name === 'fields' || name.endsWith('.fields')
        ? [[name === 'fields' ? '' : name.slice(0, -'.fields'.length), commaSeparated(texts)] as const]
        : [],
    ),
  );
  const count = [...wanted.values()].reduce((sum, names) => sum + names.length, 0);
  if (count > limits.objectQueryFieldsMax) {
    return refuse('query', `a query names at most ${limits.objectQueryFieldsMax} fields`, 'fields[]');
  }
  const used = new Set<string>();
  const selection = selectionBelow(object, tree, { wanted, used, path: '' });
  if (isRefusal(selection)) return selection;
  const left = [...wanted.keys()].find((path) => !used.has(path));
  if (left === undefined) return selection;
  return refuse('query', `${shown(left)} is not among what is expanded`, `${left}.fields[]`);
}

interface Naming {
  readonly wanted: ReadonlyMap<string, readonly string[]>;
  /** Paths of `wanted` that something was found for. */
  readonly used: Set<string>;
  readonly path: string;
}

function selectionBelow(object: ModelObject, tree: Branch, naming: Naming): Selection | Refusal {
  const named = namedFields(object, naming);
  if (named !== null && 'refused' in named) return named;
  const expansions: Expansion[] = [];
  for (const [name, branch] of tree) {
    const expansion = expansionOf(object, name, branch, naming);
    if (isRefusal(expansion)) return expansion;
    expansions.push(expansion);
  }
  const all = object.fields.filter(({ name }) => !object.byNameFields.includes(name));
  return {
    object,
    fields: named ?? all,
    withCustomFields: named === null && object.customFields,
    expansions,
  };
}

function namedFields(object: ModelObject, { wanted, used, path }: Naming): ObjectField[] | null | Refusal {
  const last = path.split('.').at(-1)!;
  const key = [path, last].find((one) => wanted.has(one));
  if (key === undefined) return null;
  used.add(key);
  const fields: ObjectField[] = [];
  for (const name of wanted.get(key)!) {
    const field = fieldNamed(object, name);
    if (field === undefined) {
      const where = key === '' ? 'fields[]' : `${key}.fields[]`;
      return refuse('query', `${shown(name)} is no field of ${object.collection ?? object.name}`, where);
    }
    if (!fields.includes(field)) fields.push(field);
  }
  return fields;
}

function expansionOf(object: ModelObject, name: string, branch: Branch, naming: Naming): Expansion | Refusal {
  const empty = object.emptyRelations.find((one) => one.name.toLowerCase() === name);
  if (empty !== undefined) return { name: lowerFirst(empty.name), kind: empty.kind, below: null };
  const relation = object.relations.find((one) => shownRelation(one).toLowerCase() === name);
  if (relation === undefined) {
    const known = [...object.relations, ...object.emptyRelations].map(shownRelation);
    return refuse(
      'query',
      `${shown(name)} cannot be expanded; of ${object.collection ?? object.name} there are ${known.join(', ')}`,
      'expand[]',
    );
  }
  const path = naming.path === '' ? name : `${naming.path}.${name}`;
  const selection = selectionBelow(objectNamed(relation.object)!, branch, { ...naming, path });
  if (isRefusal(selection)) return selection;
  return { name: shownRelation(relation), kind: relation.kind, below: { relation, selection } };
}

export function shownRelation({ name, expandName }: Pick<ObjectRelation, 'name' | 'expandName'>): string {
  return expandName ?? lowerFirst(name);
}
