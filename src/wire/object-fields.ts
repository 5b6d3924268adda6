import { z } from 'zod';
import type { JsonObject, JsonValue } from '../domain/result.ts';
import { wireText } from './values.ts';

/** What the older resources under /v1/object have in common: their names for attributes, and their words for accounting. */

export const TRANSFERRED_TO_ACCOUNTING = ['Processing', 'Yes', 'No', 'Error', 'Ignore'] as const;

/** Name here → the word that /v1 has for it: documents say 'true' where these say Yes. */
const TRANSFERRED: Readonly<Record<string, string>> = { Yes: 'true', No: 'false' };

/** The attributes that a body gives, under their own names. */
export function detailsUnder(body: object, names: Readonly<Record<string, string>>): JsonObject {
  const given = body as { readonly [name: string]: JsonValue | undefined };
  const details: { [name: string]: JsonValue } = {};
  for (const [name, field] of Object.entries(names)) {
    const value = given[name];
    if (value != null) details[field] = value;
  }
  return details;
}

/** The accounting attributes of a payment or refund that a body gives. */
export function financeOf({
  AccountingCode: code,
  TransferredToAccounting: word,
}: {
  readonly AccountingCode?: string | null | undefined;
  readonly TransferredToAccounting?: string | null | undefined;
}): JsonObject {
  if (code == null && word == null) return {};
  return {
    financeInformation: {
      ...(code == null ? {} : { bankAccountAccountingCode: code }),
      ...(word == null ? {} : { transferredToAccounting: transferredOf(word) }),
    },
  };
}

export function transferredOf(word: string): string {
  return TRANSFERRED[word] ?? word;
}

/** The name here of an attribute; of any other field its own, which replies begin with a capital. */
export function fieldUnder(field: string, names: Readonly<Record<string, string>>): string {
  return Object.entries(names).find(([, own]) => own === field)?.[0] ?? field;
}

/** Characters of the names that a read asks for. */
const FIELDS_LENGTH_MAX = 4_000;

/** `?fields=A,B`: only these. */
export const wireFields = z.object({ fields: wireText(FIELDS_LENGTH_MAX).optional() });

/** A body with these fields alone, as they are written, and its id. */
export function onlyFields(body: JsonObject, fields: string | undefined): JsonObject {
  if (fields === undefined || fields === '') return body;
  const wanted = new Set(fields.split(',').map((field) => field.trim()));
  return Object.fromEntries(Object.entries(body).filter(([name]) => name === 'Id' || wanted.has(name)));
}
