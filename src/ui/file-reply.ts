import { encoded, type PageApi } from './api.ts';

/** Headers of the API's files that a browser needs. */
const HEADERS_PASSED_ON = ['Content-Type', 'Content-Disposition', 'Content-Length'];

/** A file of the API to save, for people: without a token. */
export async function fileReply(api: PageApi, fileId: string): Promise<Response> {
  const file = await api.file(`/v1/files/${encoded(fileId)}`);
  const headers = new Headers({ 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' });
  for (const name of HEADERS_PASSED_ON) {
    const value = file.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  // A file in HTML is saved, not shown as a page of this origin.
  if (!headers.has('Content-Disposition')) headers.set('Content-Disposition', 'attachment');
  return new Response(file.body, { headers });
}
