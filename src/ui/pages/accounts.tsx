import { page } from '../layout.tsx';
import { accountList } from '../lists/account-list.tsx';
import { csvOfList, isCsv, showList } from '../lists/object-list.tsx';
import type { PageRoutes } from '../pages.tsx';

/** Accounts: the list, one account, and the forms that create and change it. */
export const accountPages: PageRoutes = (app, apiOf) => {
  app.get('/accounts', async (c) => {
    const place = { path: '/accounts' };
    if (isCsv(c)) return csvOfList(c, apiOf(c), accountList, place);
    const list = await showList(c, apiOf(c), accountList, place);
    const actions = (
      <a class="button primary" href="/accounts/new">
        New customer account
      </a>
    );
    return page(c, { title: 'Accounts', actions }, list);
  });
};
