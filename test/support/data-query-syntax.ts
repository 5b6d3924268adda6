import fc from 'fast-check';
import type {
  Expression,
  Query,
  QueryBody,
  Relation,
  SelectItem,
  SetOperation,
  SortItem,
  WindowSpecification,
} from '../../src/query/data-query/syntax.ts';

/** Statements of Data Query as the grammar makes them, of every kind of node. */

const at = fc.constant(0);
const name = fc.oneof(
  fc.constantFrom('a', 'account', 'order', 'select', 'limit', 'two words', 'say "x"', "it's", '--', '/*'),
  fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/),
);
const text = fc.oneof(
  fc.constantFrom('', "it's", "''", '"', '--', '/* ', '\\', '\\n', ')', '%_', "'; drop table x"),
  fc.string({ maxLength: 12 }).map((one) => one.replaceAll('\0', '')),
);
const digits = fc.nat(1_000_000).map(String);
const nullable = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null, freq: 2 });
const few = <T>(of: fc.Arbitrary<T>, minLength = 0) => fc.array(of, { minLength, maxLength: 2 });
const compared = fc.constantFrom(
  '=' as const,
  '<>' as const,
  '<' as const,
  '<=' as const,
  '>' as const,
  '>=' as const,
);

interface Nodes {
  expression: Expression;
  query: Query;
  body: QueryBody;
  term: QueryBody;
  intersections: QueryBody;
  relation: Relation;
  source: Relation;
  sort: SortItem;
  window: WindowSpecification;
}

type Arbitraries = { readonly [K in keyof Nodes]: fc.Arbitrary<Nodes[K]> };

function node<K extends string, T>(kind: K, parts: { [P in keyof T]: fc.Arbitrary<T[P]> }) {
  return fc.record({ kind: fc.constant(kind), at, ...parts }) as unknown as fc.Arbitrary<
    { kind: K; at: number } & T
  >;
}

const ONE: Query = {
  kind: 'query',
  at: 0,
  with: [],
  body: {
    kind: 'select',
    at: 0,
    distinct: false,
    items: [{ kind: 'star', at: 0, qualifier: null }],
    from: { kind: 'table', at: 0, name: 'account', alias: null, columns: [] },
    where: null,
    groupBy: [],
    having: null,
    windows: [],
  },
  orderBy: [],
  offset: null,
  limit: null,
};

/** What has nothing below it. */
const simple: Arbitraries = {
  expression: fc.constant({ kind: 'null', at: 0 }),
  query: fc.constant(ONE),
  body: fc.constant(ONE.body),
  term: fc.constant(ONE.body),
  intersections: fc.constant(ONE.body),
  relation: fc.constant({ kind: 'table', at: 0, name: 'account', alias: null, columns: [] }),
  source: fc.constant({ kind: 'table', at: 0, name: 'account', alias: null, columns: [] }),
  sort: fc.constant({ expression: { kind: 'null', at: 0 }, descending: true, nulls: null }),
  window: fc.constant({ base: null, partitionBy: [], orderBy: [], frame: null }),
};

function branchOf([when, result]: readonly [Expression, Expression]) {
  // biome-ignore lint/suspicious/noThenProperty: the word of SQL
  return { when, then: result };
}

/** Nodes of so many levels. */
function nodesOf(levels: number): Arbitraries {
  const below = levels === 0 ? simple : nodesOf(levels - 1);
  const { expression, query } = below;
  const tie = <K extends keyof Nodes>(kind: K): Arbitraries[K] => below[kind];
  const negated = fc.boolean();
  const leaf: fc.Arbitrary<Expression> = fc.oneof(
    node('column', { qualifier: nullable(name), name }),
    node('bigint', { text: digits }),
    node('double', { text: fc.constantFrom('1e3', '2.5E-1', '.5e0', 'not a number') }),
    node('decimal', { text: fc.constantFrom('1.5', '.5', '10.', 'x') }),
    node('varchar', { text }),
    node('date', { text }),
    node('timestamp', { text }),
    node('boolean', { value: fc.boolean() }),
    node('null', {}),
    node('interval', {
      text: fc.constantFrom('1', '-5', 'x'),
      unit: fc.constantFrom('day', 'month', 'fortnight'),
    }),
  );
  const call = fc.oneof(
    node('call', {
      name: fc.oneof(name, fc.constantFrom('sum', 'coalesce', 'substr', 'if')),
      arguments: few(expression, 1),
      star: fc.constant(false),
      distinct: fc.boolean(),
      orderBy: few(tie('sort')),
      filter: nullable(expression),
      over: fc.oneof(fc.constant(null), name, tie('window')),
    }),
    node('call', {
      name: fc.constantFrom('count', 'trim'),
      arguments: fc.constant([]),
      star: fc.constant(true),
      distinct: fc.constant(false),
      orderBy: fc.constant([]),
      filter: nullable(expression),
      over: fc.constant(null),
    }).filter((one) => one.name === 'count'),
    node('call', {
      name: fc.constantFrom('current_date', 'current_timestamp'),
      arguments: fc.constant([]),
      star: fc.constant(false),
      distinct: fc.constant(false),
      orderBy: fc.constant([]),
      filter: fc.constant(null),
      over: fc.constant(null),
    }),
  );
  const isLoneSubquery = (items: readonly Expression[]) =>
    items.length === 1 && items[0]!.kind === 'subquery';
  return {
    expression: fc.oneof(
      leaf,
      call as fc.Arbitrary<Expression>,
      node('not', { operand: expression }),
      node('negate', { operand: expression }),
      node('and', { terms: few(expression, 2) }),
      node('or', { terms: few(expression, 2) }),
      node('concat', { terms: few(expression, 2) }),
      node('arithmetic', {
        operator: fc.constantFrom('+' as const, '-' as const, '*' as const, '/' as const, '%' as const),
        left: expression,
        right: expression,
      }),
      node('compare', { operator: compared, left: expression, right: expression }),
      node('distinctFrom', { negated, left: expression, right: expression }),
      node('between', { negated, operand: expression, low: expression, high: expression }),
      node('inList', {
        negated,
        operand: expression,
        items: few(expression, 1).filter((items) => !isLoneSubquery(items)),
      }),
      node('inQuery', { negated, operand: expression, query }),
      node('like', { negated, operand: expression, pattern: expression, escape: nullable(expression) }),
      node('isNull', { negated, operand: expression }),
      node('quantified', {
        operator: compared,
        quantifier: fc.constantFrom('all' as const, 'any' as const),
        operand: expression,
        query,
      }),
      node('exists', { query }),
      node('subquery', { query }),
      node('case', {
        operand: nullable(expression),
        branches: few(fc.tuple(expression, expression).map(branchOf), 1),
        otherwise: nullable(expression),
      }),
      node('cast', {
        orNull: fc.boolean(),
        operand: expression,
        type: fc.record({
          at,
          name: fc.constantFrom('bigint', 'varchar', 'decimal'),
          sizes: fc.constantFrom([], [5], [18, 6]),
        }),
      }),
      node('atTimeZone', { operand: expression, zone: text }),
    ) as fc.Arbitrary<Expression>,
    sort: fc.record({
      expression,
      descending: fc.boolean(),
      nulls: fc.constantFrom(null, 'first' as const, 'last' as const),
    }),
    window: fc.record({
      base: nullable(name),
      partitionBy: few(expression),
      orderBy: few(tie('sort')),
      frame: nullable(
        fc.record({
          unit: fc.constantFrom('rows' as const, 'range' as const, 'groups' as const),
          start: fc.record({
            bound: fc.constantFrom('preceding' as const, 'following' as const),
            offset: digits,
          }),
          end: nullable(
            fc.record({
              bound: fc.constantFrom('current row' as const, 'unbounded following' as const),
              offset: fc.constant(null),
            }),
          ),
        }),
      ),
    }),
    source: fc.oneof(
      node('table', { name, alias: fc.constant(null), columns: fc.constant([]) }),
      node('table', { name, alias: name, columns: few(name) }),
      node('derived', { query, alias: name, columns: few(name) }),
    ) as fc.Arbitrary<Relation>,
    relation: fc.oneof(
      tie('source'),
      fc
        .tuple(
          fc.constantFrom('cross', 'inner', 'left', 'right', 'full'),
          tie('relation'),
          tie('relation'),
          nullable(expression),
          few(name, 1),
        )
        .map(([type, left, right, on, using]) => ({
          kind: 'join',
          at: 0,
          type,
          left,
          right,
          on: type === 'cross' ? null : on,
          using: type === 'cross' || on !== null ? [] : using,
        })),
    ) as fc.Arbitrary<Relation>,
    term: fc.oneof(
      node('select', {
        distinct: fc.boolean(),
        items: few(
          fc.oneof(
            node('star', { qualifier: nullable(name) }),
            node('item', { expression, alias: nullable(name) }),
          ) as fc.Arbitrary<SelectItem>,
          1,
        ),
        from: nullable(tie('relation')),
        where: nullable(expression),
        groupBy: few(expression),
        having: nullable(expression),
        windows: few(fc.record({ name, window: tie('window') })),
      }),
      fc
        .integer({ min: 1, max: 3 })
        .chain((width) =>
          node('values', { rows: few(fc.array(expression, { minLength: width, maxLength: width }), 1) }),
        ),
      query,
    ) as fc.Arbitrary<QueryBody>,
    intersections: fc.oneof(
      tie('term'),
      node('intersect', {
        all: fc.boolean(),
        left: tie('intersections'),
        right: tie('term'),
      }) as fc.Arbitrary<SetOperation>,
    ),
    body: fc.oneof(
      tie('intersections'),
      node('union', {
        all: fc.boolean(),
        left: tie('body'),
        right: tie('intersections'),
      }) as fc.Arbitrary<SetOperation>,
      node('except', {
        all: fc.boolean(),
        left: tie('body'),
        right: tie('intersections'),
      }) as fc.Arbitrary<SetOperation>,
    ),
    query: node('query', {
      with: few(fc.record({ at, name, columns: few(name), query })),
      body: tie('body'),
      orderBy: few(tie('sort')),
      offset: nullable(digits),
      limit: nullable(digits),
    }) as unknown as fc.Arbitrary<Query>,
  };
}

export const anyQuery: fc.Arbitrary<Query> = nodesOf(3).query;

/** A tree without the places of its nodes. */
export function withoutPlaces(tree: unknown): unknown {
  return JSON.parse(JSON.stringify(tree, (key, value) => (key === 'at' ? undefined : value)));
}
