import type { LiveValues } from '../../query/example-objects/index.ts';
import { exampleObjects } from '../../query/example-objects/index.ts';
import type { DescribedOperation, Example, FirstCall } from '../../wire/api-description.ts';

/** Where calls go, and what placeholders of examples stand for there. */
export interface CurlContext {
  readonly origin: string;
  /** Null: nothing is known of the database; placeholders stay as names in capitals. */
  readonly live: LiveValues | null;
}

export interface CurlLine {
  /** What can be pasted into a shell; null when something it needs is not there. */
  readonly text: string | null;
  /** Names of example objects that are not there, or for which the reader puts values in. */
  readonly needs: readonly string[];
}

const PLACEHOLDER = /\{\{([\w-]+)\.(\w+)\}\}/g;
const VARIABLE = /\$([A-Z]+)/g;

/** Names of the example objects that an example stands on. */
export function objectsOf(example: Example | null): string[] {
  const names = [...JSON.stringify(example ?? {}).matchAll(PLACEHOLDER)].map(([, name]) => name!);
  return [...new Set(names)];
}

/** The curl call of an operation. */
export function curlOf(operation: DescribedOperation, context: CurlContext): CurlLine {
  const { id, method, path, example, role } = operation;
  if (example === null) return { text: null, needs: [] };
  const needs = objectsOf(example).filter((name) => !isThere(example, name, context));
  if (context.live !== null && needs.length > 0) return { text: null, needs };
  const filled = fill(example, context);
  const target = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => filled.path?.[name] ?? name);
  const call = [
    ...(filled.file === undefined ? [] : [`printf ${quoted(filled.file.content.replaceAll('\n', '\\n'))} |`]),
    ...['curl', ...(method === 'get' ? [] : ['-X', method.toUpperCase()])],
    address(context.origin + target),
    ...(role === null ? [] : ['-H "Authorization: Bearer $TOKEN"']),
    ...(filled.query ?? []).map(([name, value]) => `--data-urlencode ${quoted(`${name}=${value}`)}`),
    ...(filled.query === undefined ? [] : ['-G']),
    ...(filled.file === undefined
      ? []
      : [`-F ${quoted(`file=@-;filename=${filled.file.name};type=text/csv`)}`]),
    ...(filled.body === undefined ? [] : sent(filled.body)),
  ];
  const first = filled.first === undefined ? '' : `${firstCall(filled.first, context.origin)}\n`;
  return {
    text: first + (id === 'createToken' ? '' : call.join(' ')),
    needs: context.live === null ? needs : [],
  };
}

/** Fetches a token and keeps it in the shell for the calls after it. */
export function tokenLine(
  origin: string,
  credentials: { readonly id: string; readonly secret: string },
): string {
  const form = [`client_id=${credentials.id}`, `client_secret=${credentials.secret}`].map(
    (field) => `--data-urlencode ${literal(field)}`,
  );
  return `TOKEN=$(curl -s ${origin}/oauth/token -d grant_type=client_credentials ${form.join(' ')} | ${taken('access_token')})`;
}

function isThere(example: Example, name: string, { live }: CurlContext): boolean {
  const columns = [...JSON.stringify(example).matchAll(PLACEHOLDER)].filter(([, object]) => object === name);
  return columns.every(([, , column]) => live?.get(name)?.[column!] !== undefined);
}

function fill<V>(value: V, context: CurlContext): V {
  if (typeof value === 'string') {
    return value.replaceAll(PLACEHOLDER, (_, name: string, column: string) =>
      context.live === null ? inCapitals(name, column) : (context.live.get(name)?.[column] ?? ''),
    ) as V;
  }
  if (Array.isArray(value)) return value.map((part) => fill(part, context)) as V;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, fill(part, context)])) as V;
}

/** draftInvoice, number → DRAFT_INVOICE_NUMBER */
export function inCapitals(name: string, column: string): string {
  return `${name}-${column}`
    .replaceAll(/[A-Z]/g, (letter) => `-${letter}`)
    .replaceAll('-', '_')
    .toUpperCase();
}

/** What an example object is, in words. */
export function whatIs(name: string): string {
  return exampleObjects[name]?.what ?? `one of the ${name.replaceAll('-', ' ')}`;
}

function firstCall({ path, body, takes }: FirstCall, origin: string): string {
  const call = [
    ...['curl', '-s', ...(body === undefined ? [] : ['-X', 'POST']), address(origin + path)],
    '-H "Authorization: Bearer $TOKEN"',
    ...(body === undefined ? [] : sent(body)),
  ];
  const lines = [`REPLY=$(${call.join(' ')})`];
  for (const [name, field] of Object.entries(takes)) lines.push(`${name}=$(echo "$REPLY" | ${taken(field)})`);
  return lines.join('\n');
}

function taken(field: string): string {
  return `sed -E 's/.*"${field}":"([^"]+)".*/\\1/'`;
}

function sent(body: unknown): string[] {
  return ['-H "Content-Type: application/json"', `-d ${quoted(JSON.stringify(body, null, 2))}`];
}

/** An address with a variable in it stands in quotes, and so does one with characters that a shell reads. */
function address(url: string): string {
  return /^[\w:/.-]+$/.test(url) ? url : `"${url}"`;
}

/** In single quotes; variables stand between them. */
function quoted(text: string): string {
  return literal(text).replaceAll(VARIABLE, `'"$$$1"'`);
}

/** In single quotes, whatever it is. */
function literal(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
