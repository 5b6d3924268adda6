import { ApiProblem, type Json, messagesOf, type PageApi, queryOf } from '../../api.ts';
import { Pager } from '../../components/parts.tsx';
import { csvLine, csvReply } from '../../csv.ts';
import { CSV_ROWS_MAX } from '../../lists/object-list.tsx';
import type { PageContext } from '../../page-env.ts';
import type { PageRoutes } from '../../pages.tsx';
import { consolePage, LANGUAGES, QueryText } from './frame.tsx';
import {
  FILE_ROWS,
  type LiveReply,
  type PageRows,
  runObjectQuery,
  runZoql,
  SHOWN_ROWS,
} from './live-queries.ts';
import { objectOf, QUERY_FORM, SHOW_FIELD } from './query-form.ts';
import { ResultChart, ResultTable, resultOfRecords } from './result.tsx';
import type { Language } from './schema.tsx';
import { SqlForm, sqlPages } from './sql.tsx';

/** Queries by hand: three languages over the one object model, the model beside them, the rows as table, chart and CSV. */
export const consolePages: PageRoutes = (app, apiOf) => {
  app.get('/console', async (c) => {
    const api = apiOf(c);
    const { language } = LANGUAGES.find((one) => one.language === c.req.query('language')) ?? LANGUAGES[0]!;
    const query = (c.req.query('q') ?? '').trim();
    if (language === 'sql') return consolePage(c, api, language, <SqlForm c={c} query={query} />);
    if (query !== '' && c.req.query('format') === 'csv') return csvOfQuery(c, api, language, query);
    return consolePage(c, api, language, await liveQuery(c, api, language, query));
  });
  sqlPages(app, apiOf);
};

const HINTS: Readonly<Record<Exclude<Language, 'sql'>, string>> = {
  zoql: 'Read live, a page at a time: select AccountNumber, Balance from Account where PartnerAccount = true',
  'object-query':
    'Read live, a page at a time, as in a URL: accounts?filter[]=partneraccount.EQ:true&sort[]=balance.DESC&fields[]=accountnumber,balance',
};

function run(
  api: PageApi,
  language: Language,
  query: string,
  place: string | null,
  rows: PageRows = SHOWN_ROWS,
): Promise<LiveReply> {
  return (language === 'zoql' ? runZoql : runObjectQuery)(api, query, place, rows);
}

async function liveQuery(c: PageContext, api: PageApi, language: Exclude<Language, 'sql'>, query: string) {
  const place = c.req.query('cursor') ?? null;
  const object = objectOf((name) => c.req.query(name));
  const isOnlyShown = query === '' || c.req.query(SHOW_FIELD) !== undefined;
  const reply = isOnlyShown ? null : await run(api, language, query, place);
  const kept = { language, q: query, ...(object === undefined ? {} : { object }) };
  const problem =
    reply !== null && 'refused' in reply
      ? (messagesOf(reply.refused.body)[0] ?? `Status ${reply.refused.status}`)
      : null;
  return (
    <>
      <form class="form" method="get" action="/console" id={QUERY_FORM}>
        <input type="hidden" name="language" value={language} />
        <QueryText query={query} hint={HINTS[language]} problem={problem} />
        <div class="actions">
          <button type="submit" class="primary">
            Run
          </button>
          {query === '' ? null : (
            <a class="button" href={`/console${queryOf({ ...kept, format: 'csv' })}`}>
              CSV
            </a>
          )}
        </div>
      </form>
      {reply === null || 'refused' in reply ? null : (
        <LiveResult c={c} reply={reply} kept={kept} place={place} />
      )}
    </>
  );
}

function LiveResult({
  c,
  reply,
  kept,
  place,
}: {
  readonly c: PageContext;
  readonly reply: Exclude<LiveReply, { refused: unknown }>;
  readonly kept: Readonly<Record<string, string>>;
  readonly place: string | null;
}) {
  const result = resultOfRecords(reply.records);
  return (
    <>
      <ResultTable result={result} />
      <Pager
        first={place === null ? null : `/console${queryOf(kept)}`}
        next={reply.next === null ? null : `/console${queryOf({ ...kept, cursor: reply.next })}`}
        shown={`${result.rows.length} rows`}
      />
      <ResultChart c={c} result={result} kept={{ ...kept, ...(place === null ? {} : { cursor: place }) }} />
    </>
  );
}

/** All pages of a live query as a file, up to the rows that a list's file has: its columns are those that any row has. */
async function csvOfQuery(
  c: PageContext,
  api: PageApi,
  language: Language,
  query: string,
): Promise<Response> {
  const records: Json[] = [];
  for (let place: string | null = null; ; ) {
    const reply: LiveReply = await run(api, language, query, place, FILE_ROWS);
    if ('refused' in reply && place === null)
      return c.redirect(`/console${queryOf({ language, q: query })}`, 303);
    if ('refused' in reply) throw new ApiProblem(reply.refused);
    records.push(...reply.records.slice(0, CSV_ROWS_MAX - records.length));
    place = reply.next;
    if (place === null || records.length >= CSV_ROWS_MAX) break;
  }
  const { columns, rows } = resultOfRecords(records);
  const lines = async function* () {
    yield csvLine(columns);
    for (const row of rows) yield csvLine(row);
  };
  return csvReply('query.csv', lines());
}
