import type { Json } from '../../api.ts';

/** The same call for a POSIX shell: what is kept of it, to this server, with a token in $TOKEN. A body that is not kept whole is taken from a file. */
export function curlLine(origin: string, call: Json): string {
  const body = call.requestBody;
  const isWhole = body !== null && body.text !== null && !body.isCut;
  return [
    `curl -sg -X ${call.method} ${quoted(`${origin}${call.path}`)}`,
    '-H "Authorization: Bearer $TOKEN"',
    ...(body === null ? [] : [`-H 'Content-Type: application/json'`]),
    ...(call.idempotencyKey === null ? [] : [`-H ${quoted(`Idempotency-Key: ${call.idempotencyKey}`)}`]),
    ...(call.trackId === null ? [] : [`-H ${quoted(`Zuora-Track-Id: ${call.trackId}`)}`]),
    ...(body === null ? [] : [isWhole ? `--data-raw ${quoted(body.text)}` : '--data-binary @body.json']),
  ].join(' \\\n  ');
}

/** A word of a POSIX shell that stands for exactly this text. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
