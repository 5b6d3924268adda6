import { SeparatedFormat } from '../query/execution/formats/separated.ts';

const format = new SeparatedFormat([], ',', { fileName: '' });

/** One line of a CSV file (RFC 4180). */
export function csvLine(values: ReadonlyArray<string | number | boolean | null | undefined>): string {
  return format.row(values.map((value) => (value === null || value === undefined ? null : String(value))));
}

/** Lines as a file to save; the next are made when the ones before were taken. */
export function csvReply(fileName: string, lines: AsyncGenerator<string, void>): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const line = await lines.next();
      if (line.done === true) controller.close();
      else controller.enqueue(encoder.encode(line.value));
    },
    async cancel() {
      await lines.return();
    },
  });
  return new Response(body, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${fileName}"`,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    },
  });
}
