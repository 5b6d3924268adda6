import type { Hono } from 'hono';
import { ApiProblem, encoded, type Json, type PageApi, queryOf } from '../../api.ts';
import type { PageContext, PageEnv } from '../../page-env.ts';

/** The printable page and the PDF file of a document, for people: the API's own, without a token. */
export function printingRoutes(
  app: Hono<PageEnv>,
  apiOf: (c: PageContext) => PageApi,
  section: 'invoices' | 'credit-memos' | 'debit-memos',
): void {
  const inOwnLocale = (c: PageContext) => queryOf({ locale: c.get('format').locale });
  const keyOf = (c: PageContext) => encoded(c.req.param('id') ?? '');
  app.get(`/${section}/:id/printable`, async (c) => {
    const reply = await apiOf(c).fetch(`/v1/spillway/${section}/${keyOf(c)}/printable${inOwnLocale(c)}`);
    return reply.ok ? reply : refused(reply);
  });
  app.get(`/${section}/:id/pdf`, async (c) => {
    const api = apiOf(c);
    const made = await api.send('POST', `/v1/${section}/${keyOf(c)}/pdfs${inOwnLocale(c)}`);
    if (!made.isOk) throw new ApiProblem(made);
    const file = await api.fetch(made.body.pdfFileUrl);
    return file.ok ? file : refused(file);
  });
}

async function refused(response: Response): Promise<never> {
  const body: Json = await response.json();
  throw new ApiProblem({ status: response.status, isOk: false, body, headers: response.headers });
}
