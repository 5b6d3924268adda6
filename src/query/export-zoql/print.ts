import type { Literal } from '../zoql/syntax.ts';
import type { Column, Condition, ExportQuery, Operand, OrderTerm } from './syntax.ts';

/** A query as text: what the parser reads as the same query. */
export function printExportZoql(query: ExportQuery): string {
  const { columns, source, where, groupBy, having, orderBy, limit } = query;
  const parts = [`select ${columns.map(printColumn).join(', ')}`, `from ${source.name}`];
  if (where !== null) parts.push(`where ${printCondition(where)}`);
  if (groupBy.length > 0) parts.push(`group by ${groupBy.map(printOperand).join(', ')}`);
  if (having !== null) parts.push(`having ${printCondition(having)}`);
  if (orderBy.length > 0) parts.push(`order by ${orderBy.map(printOrder).join(', ')}`);
  if (limit !== null) parts.push(`limit ${limit.offset === 0 ? '' : `${limit.offset}, `}${limit.rows}`);
  return parts.join(' ');
}

function printColumn({ value, alias }: Column): string {
  const printed = value.kind === 'star' ? [...value.names, '*'].join('.') : printOperand(value);
  return alias === null ? printed : `${printed} as ${printAlias(alias)}`;
}

function printAlias(alias: string): string {
  return alias.includes('"') ? `'${alias.replaceAll("'", "''")}'` : `"${alias}"`;
}

function printOperand(operand: Operand): string {
  if (operand.kind === 'path') return operand.names.join('.');
  return `${operand.name}(${operand.of === null ? '*' : operand.of.names.join('.')})`;
}

function printOrder({ by, descending }: OrderTerm): string {
  return `${by.kind === 'alias' ? `"${by.alias}"` : printOperand(by)}${descending ? ' desc' : ''}`;
}

function printCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.of.map(printPart).join(` ${condition.kind} `);
    case 'not':
      return `not ${printPart(condition.of)}`;
    case 'null':
      return `${printOperand(condition.left)} is ${condition.isNot ? 'not ' : ''}null`;
    case 'comparison':
      return `${printOperand(condition.left)} ${condition.operator} ${printRight(condition.right)}`;
  }
}

/** A part of a condition: lists are put in parentheses, so that they stay lists of their own. */
function printPart(condition: Condition): string {
  const isList = condition.kind === 'and' || condition.kind === 'or';
  return isList ? `(${printCondition(condition)})` : printCondition(condition);
}

function printRight(right: Literal | Operand): string {
  switch (right.kind) {
    case 'text':
      return `'${right.value.replaceAll("'", "''")}'`;
    case 'number':
      return right.value;
    case 'boolean':
      return String(right.value);
    case 'null':
      return 'null';
    default:
      return printOperand(right);
  }
}
