import type { Hono } from 'hono';
import { ApiProblem, encoded, type PageApi, queryOf } from '../../api.ts';
import { keyOf as formKeyOf } from '../../forms/form.tsx';
import type { PageContext, PageEnv } from '../../page-env.ts';

/** The printable page and the PDF file of a document, for people: the API's own, without a token. */
export function printingRoutes(
  app: Hono<PageEnv>,
  apiOf: (c: PageContext) => PageApi,
  section: 'invoices' | 'credit-memos' | 'debit-memos',
): void {
  const inOwnLocale = (c: PageContext) => queryOf({ locale: c.get('format').locale });
  const keyOf = (c: PageContext) => encoded(c.req.param('id') ?? '');
  app.get(`/${section}/:id/printable`, (c) =>
    apiOf(c).file(`/v1/spillway/${section}/${keyOf(c)}/printable${inOwnLocale(c)}`),
  );
  // A file is kept, so it is made by a form; the same form leads to the same file.
  app.post(`/${section}/:id/pdf`, async (c) => {
    const made = await apiOf(c).send('POST', `/v1/${section}/${keyOf(c)}/pdfs${inOwnLocale(c)}`, {
      key: formKeyOf(c),
    });
    if (!made.isOk) throw new ApiProblem(made);
    return c.redirect(`/files/${encoded(made.body.id)}/download`, 303);
  });
}
