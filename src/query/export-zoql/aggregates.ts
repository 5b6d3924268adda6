import { placeIn, QueryFault } from '../filtering/query-fault.ts';
import type { FieldType } from '../objects/model.ts';
import { DECIMAL_UNITS } from '../objects/values.ts';
import type { DataSource } from './data-source.ts';
import type { Aggregate } from './syntax.ts';

export interface CompiledAggregate {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  readonly sql: string;
  readonly at: number;
}

/** SQL of a function over the rows of a group. Sums and averages are of integers of millionths, and exact. */
export function compileAggregate(aggregate: Aggregate, source: DataSource, text: string): CompiledAggregate {
  const { name, of, at } = aggregate;
  if (of === null) return { name: 'count(*)', label: 'count(*)', type: 'integer', sql: 'count(*)', at };
  const field = source.field(of);
  const called = { name: `${name}(${field.name})`, label: `${name}(${field.label})`, at };
  if (name === 'count') return { ...called, type: 'integer', sql: `count(${field.sql})` };
  if (name === 'min' || name === 'max') return { ...called, type: field.type, sql: `${name}(${field.sql})` };
  if (field.type !== 'integer' && field.type !== 'decimal') {
    const message = `${called.name}: ${field.name} is no number.`;
    throw new QueryFault('INVALID_VALUE', message, placeIn(text, at));
  }
  if (name === 'sum') return { ...called, type: field.type, sql: `sum(${field.sql})` };
  const units = field.type === 'integer' ? `${field.sql} * ${DECIMAL_UNITS}` : field.sql;
  return { ...called, type: 'decimal', sql: averageSql(`sum(${units})`, `count(${field.sql})`) };
}

/** Half up: of a sum below zero, the magnitude. Dividing by zero gives null. */
function averageSql(sum: string, count: string): string {
  const step = `(CASE WHEN ${sum} < 0 THEN -1 ELSE 1 END)`;
  return `(${sum} / ${count} + (abs(${sum} % ${count}) * 2 >= ${count}) * ${step})`;
}
