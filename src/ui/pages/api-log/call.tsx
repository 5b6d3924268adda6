import type { Child } from 'hono/jsx';
import { HIDDEN } from '../../../wire/without-secrets.ts';
import { encoded, type Json, queryOf } from '../../api.ts';
import { Card, Facts } from '../../components/parts.tsx';
import { page } from '../../layout.tsx';
import type { PageContext } from '../../page-env.ts';
import { curlLine } from './curl-line.ts';
import { LOG_PATH } from './filters.tsx';
import { indented } from './indented.ts';

const REFUSED_FROM = 400;
/** Ids are 32 hex digits; numbers of accounts are what people know. */
const ID = /^[0-9a-f]{32}$/;

/** The status by number and colour; codes of an error also where an older version answers it with status 200. */
export function CallStatus({ call }: { readonly call: Json }) {
  const isBad = call.status >= REFUSED_FROM || call.errorCodes.length > 0;
  return (
    <>
      <span class={`status ${isBad ? 'bad' : 'good'}`}>{call.status}</span>
      {call.errorCodes.length === 0 ? null : (
        <small class="one-line">code {call.errorCodes.join(', ')}</small>
      )}
    </>
  );
}

/** Who called, leading to all their calls. */
export function Caller({ call }: { readonly call: Json }) {
  if (call.clientId === null) return <>not known</>;
  return (
    <>
      <a href={`${LOG_PATH}${queryOf({ clientId: call.clientId })}`}>{call.clientName ?? call.clientId}</a>
      {call.source === 'page' ? <small>by a web page</small> : null}
    </>
  );
}

/** Accounts that a call named or was answered about; by number where it is known, since an id beside it is mostly the same account's. */
export function Accounts({
  accounts,
  shownMax,
}: {
  readonly accounts: readonly string[];
  readonly shownMax?: number;
}) {
  const numbers = accounts.filter((account) => !ID.test(account));
  const listed = shownMax === undefined || numbers.length === 0 ? accounts : numbers;
  const shown = listed.slice(0, shownMax);
  return (
    <>
      {shown.map((account, i) => (
        <>
          {i === 0 ? '' : ', '}
          <a href={`/accounts/${encoded(account)}`}>{account}</a>
        </>
      ))}
      {listed.length > shown.length ? ` and ${listed.length - shown.length} more` : ''}
    </>
  );
}

/** One call: what was sent, what came back. */
export function showCall(c: PageContext, call: Json) {
  const format = c.get('format');
  const { pathname } = new URL(call.path, 'http://path.internal');
  return page(
    c,
    { title: `${call.method} ${pathname}`, crumbs: [{ label: 'API log', path: LOG_PATH }] },
    <>
      <Card title="The call">
        <Facts
          facts={[
            ['Time', <TimeOfCall at={call.time} shown={format.instant(call.time)} />],
            ['Took', `${format.number(call.milliseconds)} ms`],
            ['Status', <CallStatus call={call} />],
            ['Client or user', <Caller call={call} />],
            ['Client id', call.clientId],
            ['Accounts', call.accounts.length === 0 ? null : <Accounts accounts={call.accounts} />],
            ['Request id', <code>{call.requestId}</code>],
            ['Track id', call.trackId === null ? null : <FilterLink name="trackId" value={call.trackId} />],
            [
              'Idempotency key',
              call.idempotencyKey === null ? null : (
                <FilterLink name="idempotencyKey" value={call.idempotencyKey} />
              ),
            ],
            [
              'Replayed',
              call.idempotencyKey === null
                ? null
                : call.isReplayed
                  ? 'Yes: the reply that was kept for the key, without a second effect'
                  : 'No: the first with its key',
            ],
          ]}
        />
      </Card>
      <Card title="Sent" actions={<CopyBody id="sent" body={call.requestBody} />}>
        <Headers
          first={`${call.method} ${call.path}`}
          headers={[
            ['Idempotency-Key', call.idempotencyKey],
            ['Zuora-Track-Id', call.trackId],
          ]}
          label="Headers that were sent"
        />
        <Body id="sent" label="Body that was sent" body={call.requestBody} none="No body was sent." c={c} />
      </Card>
      <Card title="Came back" actions={<CopyBody id="returned" body={call.replyBody} />}>
        <Headers
          first={`HTTP ${call.status}`}
          headers={[
            ['Zuora-Request-Id', call.requestId],
            ['Idempotency-Hit', call.isReplayed ? 'true' : null],
          ]}
          label="Headers that came back"
        />
        <Body
          id="returned"
          label="Body that came back"
          body={call.replyBody}
          none="No text came back: nothing, a file or a page."
          c={c}
        />
      </Card>
      <Curl c={c} call={call} />
    </>,
  );
}

function TimeOfCall({ at, shown }: { readonly at: string; readonly shown: string }) {
  return (
    <>
      <time datetime={at}>{shown}</time>
      <br />
      <small class="hint">{at}</small>
    </>
  );
}

function FilterLink({ name, value }: { readonly name: string; readonly value: string }) {
  return <a href={`${LOG_PATH}${queryOf({ [name]: value })}`}>{value}</a>;
}

function CopyButton({ of, label }: { readonly of: string; readonly label: string }) {
  // Script shows it: without script there is nothing that copies.
  return (
    <button type="button" data-copy={of} hidden>
      {label}
    </button>
  );
}

function CopyBody({ id, body }: { readonly id: string; readonly body: Json }) {
  return body === null || body.text === null ? null : <CopyButton of={id} label="Copy the body" />;
}

/** Text as it is, scrolled inside itself, by keyboard too. */
function Text({
  id,
  label,
  children,
}: {
  readonly id?: string;
  readonly label: string;
  readonly children?: Child;
}) {
  return (
    <section class="text" aria-label={label} tabindex={0}>
      <pre {...(id === undefined ? {} : { id })}>{children}</pre>
    </section>
  );
}

/** The headers that are kept, below the line they belong to. */
function Headers({
  first,
  headers,
  label,
}: {
  readonly first: string;
  readonly headers: ReadonlyArray<readonly [string, string | null]>;
  readonly label: string;
}) {
  const kept = headers.filter(([, value]) => value !== null);
  return <Text label={label}>{[first, ...kept.map(([name, value]) => `${name}: ${value}`)].join('\n')}</Text>;
}

function Body({
  c,
  id,
  label,
  body,
  none,
}: {
  readonly c: PageContext;
  readonly id: string;
  readonly label: string;
  readonly body: Json;
  readonly none: string;
}) {
  if (body === null) return <p class="hint">{none}</p>;
  if (body.text === null) return <p class="hint">The body is not shown: {body.leftOut}.</p>;
  const format = c.get('format');
  return (
    <>
      {body.isCut ? (
        <p class="hint">
          Cut: the first {format.number([...body.text].length)} of {format.number(body.characters)}{' '}
          characters.
        </p>
      ) : null}
      <Text id={id} label={label}>
        {indented(body.text, body.isCut)}
      </Text>
    </>
  );
}

function Curl({ c, call }: { readonly c: PageContext; readonly call: Json }) {
  const body = call.requestBody;
  const line = curlLine(new URL(c.req.url).origin, call);
  return (
    <Card title="The same call by curl" actions={<CopyButton of="curl" label="Copy the line" />}>
      <Text id="curl" label="The same call by curl">
        {line}
      </Text>
      <p class="hint">
        $TOKEN is a token of an API client.
        {call.idempotencyKey === null
          ? ''
          : ' With the same idempotency key the same client gets the kept reply; for a new effect take another key.'}
        {body === null || (body.text !== null && !body.isCut)
          ? ''
          : ' The body is not kept whole: put it into body.json.'}
        {line.includes(HIDDEN) ? ` What stands as ${HIDDEN} was a secret.` : ''}
      </p>
    </Card>
  );
}
