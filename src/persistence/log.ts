/** One structured line per event; ids let one follow a request through Worker, object and queue. */
export function log(event: string, fields: Record<string, unknown>): void {
  console.log(JSON.stringify({ event, ...fields }));
}
