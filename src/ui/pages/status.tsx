import type { Json } from '../api.ts';
import { Card, Facts, Live, Status } from '../components/parts.tsx';
import { page, part } from '../layout.tsx';
import type { PageContext } from '../page-env.ts';
import type { PageRoutes } from '../pages.tsx';
import { isAdmin } from '../roles.ts';

const HEALTH = '/v1/spillway/health';
const LIVE_S = 5;

/** How the service is: what load balancers ask, for people. */
export const statusPages: PageRoutes = (app, apiOf) => {
  // A service that is not ready says so with status 503, and the same body.
  const health = async (c: PageContext) => (await apiOf(c).get(HEALTH)).body;
  app.get('/status', async (c) => {
    const origin = new URL(c.req.url).origin;
    return page(
      c,
      { title: 'Status' },
      <>
        <Card title="Service">
          <Live from="/status/health" everySeconds={LIVE_S}>
            <Health c={c} health={await health(c)} />
          </Live>
        </Card>
        <Card title="First call">
          <p>
            Get a token with the credentials of an API client, then send any call to <code>/v1/…</code>.{' '}
            <a href="/docs">API docs</a> {isAdmin(c) ? <a href="/settings/api-clients">API clients</a> : null}
          </p>
          <pre tabindex={0}>
            {[
              `curl ${origin}/oauth/token \\`,
              '  -d grant_type=client_credentials \\',
              '  -d client_id=… -d client_secret=…',
              '',
              `curl ${origin}/v1/orders \\`,
              '  -H "Authorization: Bearer …"',
            ].join('\n')}
          </pre>
        </Card>
      </>,
    );
  });
  app.get('/status/health', async (c) => part(c, <Health c={c} health={await health(c)} />));
};

function Health({ c, health }: { readonly c: PageContext; readonly health: Json }) {
  const format = c.get('format');
  const { dueAccounts, oldestDueSeconds } = health.metrics;
  const lag =
    dueAccounts === 0
      ? 'None: all numbers are up to date'
      : `${format.number(dueAccounts)}, the oldest for ${format.number(Math.round(oldestDueSeconds))} s`;
  const letters = health.deadLetters === 0 ? 'None' : format.number(health.deadLetters);
  return (
    <div data-key="health" data-quiet="">
      <Facts
        facts={[
          ['State', <Status value={health.ready ? 'Ready' : 'Not ready'} />],
          ['Version', health.version],
          ['Last migration', health.migration ?? 'none'],
          ['Accounts waiting for their fold', lag],
          [
            'Dead letters',
            health.deadLetters > 0 && isAdmin(c) ? <a href="/jobs/dead-letters">{letters}</a> : letters,
          ],
        ]}
      />
    </div>
  );
}
