import type { Context } from 'hono';
import { ApiProblem, encoded, type PageApi } from '../../api.ts';
import { keyOf } from '../../forms/form.tsx';
import { page, part } from '../../layout.tsx';
import { accountList } from '../../lists/account-list.tsx';
import { csvOfList, isCsv, showList } from '../../lists/object-list.tsx';
import type { PageContext, PageEnv } from '../../page-env.ts';
import type { PageRoutes } from '../../pages.tsx';
import {
  changeAccount,
  createAccount,
  deleteAccount,
  editAccountPage,
  newAccountPage,
} from './account-form.tsx';
import { accountPath, canWrite, needed, redirectToId } from './account-frame.tsx';
import { contactPage, deleteContact, saveContact } from './contact-form.tsx';
import { History, historyPath } from './history-card.tsx';
import { Metrics } from './metrics.tsx';
import { OBJECT_TABS, objectTabPage } from './object-tabs.tsx';
import { operationsPage, proofPage } from './operations.tsx';
import { overviewPage } from './overview.tsx';
import { invoicedPage, ownedAccountsPage } from './owned-accounts.tsx';
import {
  addMethod,
  deleteMethod,
  makeDefault,
  newMethodPage,
  paymentMethodsPage,
} from './payment-methods.tsx';

type Handler = (c: PageContext, api: PageApi) => Promise<Response> | Response;

async function accountsPage(c: PageContext, api: PageApi): Promise<Response> {
  const place = { path: '/accounts' };
  if (isCsv(c)) return csvOfList(c, api, accountList, place);
  const content = await showList(c, api, accountList, place);
  const actions = canWrite(c) ? (
    <a class="button primary" href="/accounts/new">
      New customer account
    </a>
  ) : undefined;
  const notice = c.req.query('done') === 'deleted' ? 'The account was deleted.' : undefined;
  return page(c, { title: 'Accounts', actions, notice }, content);
}

/** The part of the account's page that is renewed while one watches. */
async function metricsPart(c: PageContext, api: PageApi): Promise<Response> {
  const reply = await api.get(`/v1/spillway/accounts/${encoded(c.req.param('id')!)}/metrics`);
  return part(c, <Metrics c={c} metrics={needed(reply)} />);
}

async function historyPart(c: PageContext, api: PageApi): Promise<Response> {
  const reply = await api.get(historyPath(c, c.req.param('id')!));
  return part(c, <History c={c} reply={reply} />);
}

async function refreshMetrics(c: PageContext, api: PageApi): Promise<Response> {
  const id = c.req.param('id')!;
  needed(
    await api.send('POST', `/v1/spillway/accounts/${encoded(id)}/metrics/refresh`, {
      body: {},
      key: keyOf(c),
    }),
  );
  return c.redirect(`${accountPath(id)}?done=refreshed`, 303);
}

/** Pages about one account, below its address. */
const ABOUT_ONE: Readonly<Record<string, Handler>> = {
  '': overviewPage,
  '/metrics': metricsPart,
  '/metrics/operations': operationsPage,
  '/history': historyPart,
  '/proof': proofPage,
  '/owned': ownedAccountsPage,
  '/invoiced': invoicedPage,
  '/payment-methods': paymentMethodsPage,
};

/** Forms below its address, for those who may write: how each is shown and what it does. */
const FORMS: Readonly<Record<string, { readonly show?: Handler; readonly send: Handler }>> = {
  '/edit': { show: editAccountPage, send: changeAccount },
  '/delete': { send: deleteAccount },
  '/metrics/refresh': { send: refreshMetrics },
  '/contacts/new': { show: contactPage, send: saveContact },
  '/contacts/:contactId': { show: contactPage, send: saveContact },
  '/contacts/:contactId/delete': { send: deleteContact },
  '/payment-methods/new': { show: (c, api) => newMethodPage(c, api), send: addMethod },
  '/payment-methods/:methodId/default': { send: makeDefault },
  '/payment-methods/:methodId/delete': { send: deleteMethod },
};

export const accountPages: PageRoutes = (app, apiOf) => {
  const below = (handler: Handler) => async (c: Context<PageEnv>) => {
    const api = apiOf(c);
    return (await redirectToId(c, api)) ?? handler(c, api);
  };
  app.get('/accounts', (c) => accountsPage(c, apiOf(c)));
  app.get('/accounts/new', (c) => writing(c, () => newAccountPage(c)));
  app.post('/accounts/new', (c) => writing(c, () => createAccount(c, apiOf(c))));
  for (const [path, { show, send }] of Object.entries(FORMS)) {
    if (show !== undefined) app.get(`/accounts/:id${path}`, (c) => writing(c, () => below(show)(c)));
    app.post(`/accounts/:id${path}`, (c) => writing(c, () => send(c, apiOf(c))));
  }
  for (const tab of OBJECT_TABS) {
    app.get(
      `/accounts/:id/${tab.tab}`,
      below((c, api) => objectTabPage(c, api, tab)),
    );
  }
  for (const [path, handler] of Object.entries(ABOUT_ONE)) app.get(`/accounts/:id${path}`, below(handler));
};

/** Forms are for those who may write; the API would refuse what others send. */
function writing(c: PageContext, answer: () => Promise<Response> | Response): Promise<Response> | Response {
  if (canWrite(c)) return answer();
  throw new ApiProblem({
    status: 403,
    isOk: false,
    body: { message: 'Your role reads. Ask an administrator for the role standard to change something.' },
    headers: new Headers(),
  });
}
