import type {
  Expression,
  Query,
  QueryBody,
  Relation,
  Select,
  SelectItem,
  SortItem,
  Statement,
  WindowSpecification,
} from './syntax.ts';

type ColumnPrinter = (column: Extract<Expression, { kind: 'column' }>) => string;

/** A statement as text that is read as the same statement again. */
export function print(statement: Statement): string {
  switch (statement.kind) {
    case 'showTables':
      return 'SHOW TABLES';
    case 'showFunctions':
      return 'SHOW FUNCTIONS';
    case 'showColumns':
      return `SHOW COLUMNS FROM ${name(statement.table)}`;
    case 'query':
      return printQuery(statement);
  }
}

/** An expression; `column` says how columns are called, so that two spellings of one column can be told to be the same. */
export function printExpression(expression: Expression, column: ColumnPrinter = printColumn): string {
  const print = (one: Expression) => printExpression(one, column);
  /** In parentheses unless it is one word. */
  const part = (one: Expression) => (isPrimary(one) ? print(one) : `(${print(one)})`);
  const not = (negated: boolean) => (negated ? 'NOT ' : '');
  switch (expression.kind) {
    case 'column':
      return column(expression);
    case 'bigint':
    case 'double':
      return /^[\d.]+(e[+-]?\d+)?$/i.test(expression.text)
        ? expression.text
        : `DOUBLE ${text(expression.text)}`;
    case 'varchar':
      return text(expression.text);
    case 'decimal':
    case 'date':
    case 'timestamp':
      return `${expression.kind} ${text(expression.text)}`;
    case 'boolean':
      return String(expression.value);
    case 'null':
      return 'NULL';
    case 'interval':
      return `INTERVAL ${text(expression.text)} ${expression.unit}`;
    case 'negate':
      return `- ${part(expression.operand)}`;
    case 'not':
      return `NOT ${part(expression.operand)}`;
    case 'and':
    case 'or':
      return expression.terms.map(part).join(` ${expression.kind} `);
    case 'concat':
      return expression.terms.map(part).join(' || ');
    case 'arithmetic':
    case 'compare':
      return `${part(expression.left)} ${expression.operator} ${part(expression.right)}`;
    case 'quantified':
      return `${part(expression.operand)} ${expression.operator} ${expression.quantifier} (${printQuery(expression.query)})`;
    case 'distinctFrom':
      return `${part(expression.left)} IS ${not(expression.negated)}DISTINCT FROM ${part(expression.right)}`;
    case 'between':
      return `${part(expression.operand)} ${not(expression.negated)}BETWEEN ${part(expression.low)} AND ${part(expression.high)}`;
    case 'inList':
      return `${part(expression.operand)} ${not(expression.negated)}IN (${expression.items.map(print).join(', ')})`;
    case 'inQuery':
      return `${part(expression.operand)} ${not(expression.negated)}IN (${printQuery(expression.query)})`;
    case 'like': {
      const escaped = expression.escape === null ? '' : ` ESCAPE ${part(expression.escape)}`;
      return `${part(expression.operand)} ${not(expression.negated)}LIKE ${part(expression.pattern)}${escaped}`;
    }
    case 'isNull':
      return `${part(expression.operand)} IS ${not(expression.negated)}NULL`;
    case 'exists':
      return `EXISTS (${printQuery(expression.query)})`;
    case 'subquery':
      return `(${printQuery(expression.query)})`;
    case 'case':
      return printCase(expression, print);
    case 'cast': {
      const { name: type, sizes } = expression.type;
      const size = sizes.length === 0 ? '' : `(${sizes.join(', ')})`;
      return `${expression.orNull ? 'TRY_CAST' : 'CAST'}(${print(expression.operand)} AS ${type}${size})`;
    }
    case 'atTimeZone':
      return `${part(expression.operand)} AT TIME ZONE ${text(expression.zone)}`;
    case 'call':
      return printCall(expression, print);
  }
}

function isPrimary({ kind }: Expression): boolean {
  return ['column', 'bigint', 'varchar', 'boolean', 'null', 'subquery', 'exists', 'cast', 'call'].includes(
    kind,
  );
}

function printColumn({ qualifier, name: column }: Extract<Expression, { kind: 'column' }>): string {
  return qualifier === null ? name(column) : `${name(qualifier)}.${name(column)}`;
}

function name(of: string): string {
  return `"${of.replaceAll('"', '""')}"`;
}

function text(of: string): string {
  return `'${of.replaceAll("'", "''")}'`;
}

function printCase(
  { operand, branches, otherwise }: Extract<Expression, { kind: 'case' }>,
  print: (expression: Expression) => string,
): string {
  return [
    'CASE',
    ...(operand === null ? [] : [print(operand)]),
    ...branches.map(({ when, then }) => `WHEN ${print(when)} THEN ${print(then)}`),
    ...(otherwise === null ? [] : [`ELSE ${print(otherwise)}`]),
    'END',
  ].join(' ');
}

/** Calls that are written without parentheses. */
const WORDS = new Set(['current_date', 'current_timestamp', 'localtimestamp', 'current_time', 'localtime']);

function printCall(
  call: Extract<Expression, { kind: 'call' }>,
  print: (expression: Expression) => string,
): string {
  if (WORDS.has(call.name)) return call.name;
  const list = call.arguments.map(print);
  const quantity = call.distinct ? 'DISTINCT ' : '';
  const order = call.orderBy.length === 0 ? '' : ` ${printOrder(call.orderBy, print)}`;
  const filter = call.filter === null ? '' : ` FILTER (WHERE ${print(call.filter)})`;
  const over =
    call.over === null
      ? ''
      : ` OVER ${typeof call.over === 'string' ? name(call.over) : `(${printWindow(call.over, print)})`}`;
  const within = call.star ? '*' : `${quantity}${list.join(', ')}${order}`;
  return `${printFunctionName(call.name)}(${within})${filter}${over}`;
}

/** Names are quoted, but for the one whose own form has to be read. */
function printFunctionName(of: string): string {
  return of === 'trim' ? of : name(of);
}

function printOrder(items: readonly SortItem[], print: (expression: Expression) => string): string {
  const list = items.map(
    ({ expression, descending, nulls }) =>
      `${print(expression)}${descending ? ' DESC' : ''}${nulls === null ? '' : ` NULLS ${nulls}`}`,
  );
  return `ORDER BY ${list.join(', ')}`;
}

function printWindow(
  window: WindowSpecification,
  print: (expression: Expression) => string = printExpression,
): string {
  const { base, partitionBy, orderBy, frame } = window;
  const bound = (one: NonNullable<typeof frame>['start']) =>
    one.offset === null ? one.bound : `${one.offset} ${one.bound}`;
  return [
    ...(base === null ? [] : [name(base)]),
    ...(partitionBy.length === 0 ? [] : [`PARTITION BY ${partitionBy.map(print).join(', ')}`]),
    ...(orderBy.length === 0 ? [] : [printOrder(orderBy, print)]),
    ...(frame === null
      ? []
      : [
          frame.end === null
            ? `${frame.unit} ${bound(frame.start)}`
            : `${frame.unit} BETWEEN ${bound(frame.start)} AND ${bound(frame.end)}`,
        ]),
  ].join(' ');
}

function printQuery(query: Query): string {
  const common = query.with.map(
    (table) => `${name(table.name)}${columnList(table.columns)} AS (${printQuery(table.query)})`,
  );
  return [
    ...(common.length === 0 ? [] : [`WITH ${common.join(', ')}`]),
    printBody(query.body),
    ...(query.orderBy.length === 0 ? [] : [printOrder(query.orderBy, printExpression)]),
    ...(query.offset === null ? [] : [`OFFSET ${query.offset}`]),
    ...(query.limit === null ? [] : [`LIMIT ${query.limit}`]),
  ].join(' ');
}

function columnList(columns: readonly string[]): string {
  return columns.length === 0 ? '' : ` (${columns.map(name).join(', ')})`;
}

function printBody(body: QueryBody): string {
  switch (body.kind) {
    case 'select':
      return printSelect(body);
    case 'values':
      return `VALUES ${body.rows.map((row) => `(${row.map((one) => printExpression(one)).join(', ')})`).join(', ')}`;
    case 'query':
      return `(${printQuery(body)})`;
    default: {
      const operator = `${body.kind.toUpperCase()}${body.all ? ' ALL' : ''}`;
      // As they were read, from left to right and INTERSECT first: anything else was in parentheses and is a query.
      return `${printBody(body.left)} ${operator} ${printBody(body.right)}`;
    }
  }
}

function printSelect(select: Select): string {
  const windows = select.windows.map((one) => `${name(one.name)} AS (${printWindow(one.window)})`);
  return [
    `SELECT ${select.distinct ? 'DISTINCT ' : ''}${select.items.map(printItem).join(', ')}`,
    ...(select.from === null ? [] : [`FROM ${printRelation(select.from)}`]),
    ...(select.where === null ? [] : [`WHERE ${printExpression(select.where)}`]),
    ...(select.groupBy.length === 0
      ? []
      : [`GROUP BY ${select.groupBy.map((one) => printExpression(one)).join(', ')}`]),
    ...(select.having === null ? [] : [`HAVING ${printExpression(select.having)}`]),
    ...(windows.length === 0 ? [] : [`WINDOW ${windows.join(', ')}`]),
  ].join(' ');
}

function printItem(item: SelectItem): string {
  if (item.kind === 'star') return item.qualifier === null ? '*' : `${name(item.qualifier)}.*`;
  const expression = printExpression(item.expression);
  return item.alias === null ? expression : `${expression} AS ${name(item.alias)}`;
}

function printRelation(relation: Relation): string {
  if (relation.kind === 'join') {
    const { left, right, type, on, using } = relation;
    const condition =
      on !== null ? ` ON ${printExpression(on)}` : using.length > 0 ? ` USING${columnList(using)}` : '';
    const inner = right.kind === 'join' ? `(${printRelation(right)})` : printRelation(right);
    return `${printRelation(left)} ${type.toUpperCase()} JOIN ${inner}${condition}`;
  }
  const alias = relation.alias === null ? '' : ` AS ${name(relation.alias)}${columnList(relation.columns)}`;
  return `${relation.kind === 'table' ? name(relation.name) : `(${printQuery(relation.query)})`}${alias}`;
}
