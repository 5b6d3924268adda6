import { type ApiReply, messagesOf } from '../api.ts';
import type { Field } from './fields.ts';

/** What was refused: beside its field where the refusal names one, else above the form. */
export interface Problem {
  readonly field: string | null;
  readonly message: string;
}

/** The API's refusal as problems of a form's fields: messages name the field by its path (docs of the API: errors). */
export function problemsOf(reply: ApiReply, fields: readonly Field[]): Problem[] {
  const messages = messagesOf(reply.body);
  if (messages.length === 0) messages.push(`The request was refused with status ${reply.status}.`);
  return messages.map((message) => problemOf(message, fields));
}

function problemOf(message: string, fields: readonly Field[]): Problem {
  const colon = /^([\w.[\]]+): /.exec(message);
  const names = fields.flatMap(({ name, alsoNamed = [] }) =>
    [name, ...alsoNamed].map((known) => ({ name, known })),
  );
  const exact = names.find(({ known }) => colon !== null && same(known, colon[1]!));
  // The longest first: the name of one field may be part of another's.
  const inside = [...names]
    .sort((a, b) => b.known.length - a.known.length)
    .find(({ known }) => new RegExp(`(^|[^\\w.])${escaped(known)}($|[^\\w])`).test(message));
  const field = (exact ?? inside)?.name ?? null;
  if (field === null || colon === null || exact === undefined) return { field, message };
  const rest = message.slice(colon[0].length);
  return { field, message: rest.charAt(0).toUpperCase() + rest.slice(1) };
}

/** Refusals of the older resources write the first letter of a field as a capital. */
function same(known: string, named: string): boolean {
  return known === named || known === named.charAt(0).toLowerCase() + named.slice(1);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** A problem that the page itself finds. */
export const problem = (field: string | null, message: string): Problem => ({ field, message });
