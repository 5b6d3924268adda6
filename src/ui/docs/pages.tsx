import type { Hono } from 'hono';
import { databaseOf } from '../../persistence/database.ts';
import { readLiveValues } from '../../query/example-objects/index.ts';
import type { ApiDescription, DescribedOperation, JsonSchema } from '../../wire/api-description.ts';
import { ErrorPage } from '../components/error-page.tsx';
import { page, part } from '../layout.tsx';
import type { PageContext, PageEnv } from '../page-env.ts';
import { type CurlContext, objectsOf, tokenLine } from './curl.ts';
import { OperationLink, OperationSection } from './operation.tsx';
import { Fields, shapesOf } from './schema-tables.tsx';

const QUERY_CHARACTERS_MAX = 100;
const RESULTS_MAX = 50;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * The documentation of the API, for everybody: a page per area and per operation, and a search. Calls that it shows work against the server that
 * shows them; a local one also puts its credentials in, and the newest objects that suit.
 */
export function docsPages(app: Hono<PageEnv>, describe: () => ApiDescription): void {
  app.get('/docs', (c) => {
    const description = describe();
    const text = (c.req.query('q') ?? '').slice(0, QUERY_CHARACTERS_MAX).trim();
    if (c.req.header('Spillway-Part') !== undefined)
      return part(c, <Found description={description} text={text} />);
    return page(c, { title: 'API', isWide: true }, <Overview c={c} description={description} text={text} />);
  });
  app.get('/docs/:area', (c) => areaPage(c, describe(), c.req.param('area')));
  app.get('/docs/:area/:operation', (c) =>
    operationPage(c, describe(), c.req.param('area'), c.req.param('operation')),
  );
}

const CRUMBS = [{ label: 'API', path: '/docs' }];

async function areaPage(c: PageContext, description: ApiDescription, id: string) {
  const area = description.areas.find((one) => one.id === id);
  if (area === undefined) return nothingHere(c, 'The API has no such area.');
  const operations = description.operations.filter((operation) => operation.area === area.id);
  const context = await contextOf(c, operations);
  return page(
    c,
    { title: area.name, isWide: true, crumbs: CRUMBS },
    <div class="docs">
      <Areas description={description} current={area.id} />
      <div class="operations">
        <p>{area.about}</p>
        <TokenBlock c={c} />
        <nav aria-label="Operations on this page">
          <ul class="found">
            {operations.map((operation) => (
              <li>
                <OperationLink operation={operation} />
              </li>
            ))}
          </ul>
        </nav>
        {operations.map((operation) => (
          <OperationSection operation={operation} description={description} context={context} />
        ))}
        <Shapes operations={operations} description={description} />
      </div>
    </div>,
  );
}

async function operationPage(c: PageContext, description: ApiDescription, areaId: string, id: string) {
  const operation = description.operations.find((one) => one.id === id && one.area === areaId);
  const area = description.areas.find((one) => one.id === areaId);
  if (operation === undefined || area === undefined) return nothingHere(c, 'The API has no such operation.');
  const crumbs = [...CRUMBS, { label: area.name, path: `/docs/${area.id}` }];
  return page(
    c,
    { title: operation.title, isWide: true, crumbs },
    <div class="docs">
      <Areas description={description} current={area.id} />
      <div class="operations">
        <OperationSection
          operation={operation}
          description={description}
          context={await contextOf(c, [operation])}
        />
        <TokenBlock c={c} />
        <Shapes operations={[operation]} description={description} />
      </div>
    </div>,
  );
}

function nothingHere(c: PageContext, message: string): Response | Promise<Response> {
  const title = 'There is no such page';
  return page(
    c,
    { title, status: 404, isWide: true, crumbs: CRUMBS },
    <ErrorPage title={title} message={`${message} All that there is can be found from the page before.`} />,
  );
}

/** Live values only where the server is the reader's own machine: elsewhere they would be somebody's data. */
async function contextOf(c: PageContext, operations: readonly DescribedOperation[]): Promise<CurlContext> {
  const { origin } = new URL(c.req.url);
  if (localCredentials(c) === null) return { origin, live: null };
  const names = new Set(operations.flatMap(({ example }) => objectsOf(example)));
  return { origin, live: await readLiveValues(databaseOf(c.env), [...names]) };
}

/** What the local server says that it may be shown; a deployed one says nothing. */
function localCredentials(c: PageContext): { readonly id: string; readonly secret: string } | null {
  const { LOCAL_CLIENT_ID: id, LOCAL_CLIENT_SECRET: secret } = c.env;
  if (id === undefined || secret === undefined || !LOOPBACK.has(new URL(c.req.url).hostname)) return null;
  return { id, secret };
}

function Overview({
  c,
  description,
  text,
}: {
  readonly c: PageContext;
  readonly description: ApiDescription;
  readonly text: string;
}) {
  return (
    <div class="docs">
      <Areas description={description} current={null} />
      <div class="operations">
        <p>
          {description.operations.length} operations, described for programs as OpenAPI 3.1 in{' '}
          <a href="/openapi.json">openapi.json</a>. Names, fields and envelopes are those of Zuora’s REST
          contract; what Spillway adds is under <code>/v1/spillway</code>, in new fields or in headers of its
          own.
        </p>
        <search>
          <form method="get" action="/docs" class="filters">
            <div class="field">
              <label for="docs-q">Find an operation</label>
              <input
                id="docs-q"
                type="search"
                name="q"
                value={text}
                maxlength={QUERY_CHARACTERS_MAX}
                placeholder="reverse invoice"
                autocomplete="off"
                data-search="found"
              />
            </div>
            <button type="submit">Find</button>
          </form>
        </search>
        <div id="found" aria-live="polite">
          <Found description={description} text={text} />
        </div>
        <TokenBlock c={c} />
        <ul class="area-cards">
          {description.areas.map(({ id, name, about }) => (
            <li class="card">
              <h2>
                <a href={`/docs/${id}`}>{name}</a>
              </h2>
              <p>{about}</p>
              <p class="quiet">{countOf(description.operations.filter(({ area }) => area === id).length)}</p>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function Found({ description, text }: { readonly description: ApiDescription; readonly text: string }) {
  if (text === '') return null;
  const found = search(description, text);
  if (found.length === 0)
    return <p class="empty">No operation has all of these words in its title, path or id.</p>;
  return (
    <ul class="found">
      {found.slice(0, RESULTS_MAX).map((operation) => (
        <li>
          <OperationLink operation={operation} />
        </li>
      ))}
      {found.length > RESULTS_MAX ? <li class="quiet">and {found.length - RESULTS_MAX} more</li> : null}
    </ul>
  );
}

/** Operations that have every word; those that have them in their titles first. */
function search({ operations }: ApiDescription, text: string): DescribedOperation[] {
  const words = text.toLowerCase().split(/\s+/);
  const has = (where: string) => words.every((word) => where.toLowerCase().includes(word));
  const found = operations.filter(({ title, path, id, method }) => has(`${title} ${path} ${id} ${method}`));
  return [...found.filter(({ title }) => has(title)), ...found.filter(({ title }) => !has(title))];
}

function Areas({
  description,
  current,
}: {
  readonly description: ApiDescription;
  readonly current: string | null;
}) {
  return (
    <nav class="areas" aria-label="Areas of the API">
      <ul>
        {description.areas.map(({ id, name }) => (
          <li>
            <a href={`/docs/${id}`} {...(id === current ? { 'aria-current': 'page' } : {})}>
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The first line of every session in a shell. */
function TokenBlock({ c }: { readonly c: PageContext }) {
  const local = localCredentials(c);
  const credentials = local ?? { id: 'CLIENT_ID', secret: 'CLIENT_SECRET' };
  return (
    <section class="card" aria-labelledby="token-title">
      <h2 id="token-title">First, once per shell: a token for an hour</h2>
      <div class="copyable">
        <pre tabindex={0}>
          <code id="token-curl">{tokenLine(new URL(c.req.url).origin, credentials)}</code>
        </pre>
        <button type="button" class="button" data-copy="token-curl">
          Copy
        </button>
      </div>
      {local === null ? (
        <p class="hint">
          Put in the id and the secret of an API client; an administrator makes one in the settings.
        </p>
      ) : null}
      <p class="hint">
        Send an <code>Idempotency-Key</code> with POST and PATCH: whatever is repeated with it within 24 hours
        takes effect once.
      </p>
    </section>
  );
}

function Shapes({
  operations,
  description,
}: {
  readonly operations: readonly DescribedOperation[];
  readonly description: ApiDescription;
}) {
  const starts: JsonSchema[] = operations.flatMap(({ body }) => (body === null ? [] : [body]));
  const replies: JsonSchema[] = operations.flatMap(({ reply }) => (reply === null ? [] : [reply.schema]));
  const own = replies.flatMap(({ $ref }) => ($ref === undefined ? [] : [$ref.split('/').at(-1)!]));
  const names = [...new Set([...shapesOf([...starts, ...replies], description.schemas), ...own])];
  if (names.length === 0) return null;
  return (
    <section aria-labelledby="shapes">
      <h2 id="shapes">Shapes on this page</h2>
      {names.map((name) => (
        <section class="card" id={`shape-${name}`}>
          <h3>{name}</h3>
          {description.schemas[name]?.description === undefined ? null : (
            <p>{description.schemas[name].description}</p>
          )}
          <Fields schema={description.schemas[name]!} schemas={description.schemas} />
        </section>
      ))}
    </section>
  );
}

function countOf(operations: number): string {
  return operations === 1 ? '1 operation' : `${operations} operations`;
}
