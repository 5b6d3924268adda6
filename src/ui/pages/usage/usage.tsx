import type { PageApi } from '../../api.ts';
import { bodyOf, type Field, initialValues, type Section } from '../../forms/fields.ts';
import { Form, keyOf } from '../../forms/form.tsx';
import type { FormValues } from '../../forms/form-values.ts';
import { type Problem, problemsOf } from '../../forms/problems.ts';
import { page } from '../../layout.tsx';
import { csvOfList, isCsv, showList } from '../../lists/object-list.tsx';
import { usageList } from '../../lists/usage-list.tsx';
import type { PageContext } from '../../page-env.ts';
import type { PageRoutes } from '../../pages.tsx';
import { accountNumberOf, suggestedAccounts, today } from '../documents/suggestions.ts';
import { afterDoing, mayWrite } from '../object-actions.tsx';
import { ReadersOnly } from '../readers-only.tsx';
import { usageImportRoutes } from './usage-import.tsx';

function sectionOf(accounts: Field['suggestions']): Section {
  return {
    title: 'What was used',
    hint: 'Name the charge, or the subscription, or the account: what you leave out is found by the unit.',
    fields: [
      {
        name: 'AccountNumber',
        label: 'Account number',
        ...(accounts === undefined ? {} : { suggestions: accounts }),
        alsoNamed: ['AccountId'],
      },
      { name: 'SubscriptionNumber', label: 'Subscription number', maxLength: 100 },
      { name: 'ChargeNumber', label: 'Charge number', maxLength: 100 },
      { name: 'UOM', label: 'Unit', required: true, maxLength: 255, hint: 'As the charge names it' },
      { name: 'Quantity', label: 'Quantity', type: 'decimal', required: true },
      {
        name: 'StartDateTime',
        label: 'Started',
        required: true,
        initial: today(),
        hint: 'A date, or a date and time such as 2026-01-31T08:30:00+01:00',
      },
      { name: 'EndDateTime', label: 'Ended' },
      { name: 'Description', label: 'Description', maxLength: 200 },
    ],
  };
}

/** Usage: the list, one record, and files of them. */
export const usagePages: PageRoutes = (app, apiOf) => {
  app.get('/usage', async (c) => {
    const place = { path: '/usage' };
    if (isCsv(c)) return csvOfList(c, apiOf(c), usageList, place);
    const list = await showList(c, apiOf(c), usageList, place);
    const actions = mayWrite(c) ? (
      <>
        <a class="button" href="/usage/import">
          Import a file
        </a>
        <a class="button primary" href="/usage/new">
          Record usage
        </a>
      </>
    ) : undefined;
    const notice =
      c.req.query('done') === 'recorded' ? 'The usage is recorded; the next bill run bills it.' : undefined;
    return page(c, { title: 'Usage', actions, notice }, list);
  });
  app.get('/usage/new', async (c) => {
    const api = apiOf(c);
    const AccountNumber = await accountNumberOf(api, c.req.query('account'));
    return showForm(c, api, initialValues(sectionOf([]).fields, { AccountNumber }));
  });
  app.post('/usage/new', async (c) => {
    const api = apiOf(c);
    const values = c.get('form');
    const { fields } = sectionOf([]);
    const reply = await api.send('POST', '/v1/object/usage', {
      body: bodyOf(fields, values),
      key: keyOf(c),
    });
    if (!reply.isOk) return showForm(c, api, values, problemsOf(reply, fields));
    return c.redirect(afterDoing('/usage', 'recorded'), 303);
  });
  usageImportRoutes(app, apiOf);
};

async function showForm(
  c: PageContext,
  api: PageApi,
  values: FormValues,
  problems: readonly Problem[] = [],
): Promise<Response> {
  const section = sectionOf(await suggestedAccounts(api));
  return page(
    c,
    {
      title: 'Record usage',
      crumbs: [{ label: 'Usage', path: '/usage' }],
      status: problems.length > 0 ? 400 : 200,
    },
    mayWrite(c) ? (
      <Form
        c={c}
        action="/usage/new"
        sections={[section]}
        values={values}
        problems={problems}
        submit="Record usage"
        cancel="/usage"
      />
    ) : (
      <ReadersOnly />
    ),
  );
}
