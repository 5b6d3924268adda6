import type { Literal, ZoqlQuery } from './syntax.ts';

/** A query as text: what the parser reads as the same query. */
export function printZoql({ fields, object, where }: ZoqlQuery): string {
  const selected = `select ${fields.map(({ name }) => name).join(', ')} from ${object.name}`;
  if (where.length === 0) return selected;
  const any = where.map((all) =>
    all.map(({ field, operator, value }) => `${field.name} ${operator} ${printLiteral(value)}`).join(' and '),
  );
  return `${selected} where ${any.join(' or ')}`;
}

function printLiteral(literal: Literal): string {
  switch (literal.kind) {
    case 'text':
      return `'${literal.value.replaceAll(/[\\']/g, '\\$&')}'`;
    case 'number':
      return literal.value;
    case 'boolean':
      return String(literal.value);
    case 'null':
      return 'null';
  }
}
