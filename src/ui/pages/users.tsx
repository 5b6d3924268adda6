import type { ListedUser } from '../../auth/users.ts';
import { encoded } from '../api.ts';
import { ErrorPage } from '../components/error-page.tsx';
import { Facts, Status } from '../components/parts.tsx';
import { type Column, Table } from '../components/table.tsx';
import { bodyOf, type Field, initialValues, type Section, valuesFrom } from '../forms/fields.ts';
import { Form, keyOf } from '../forms/form.tsx';
import { type FormValues, valuesOf } from '../forms/form-values.ts';
import { type Problem, problemsOf } from '../forms/problems.ts';
import { page } from '../layout.tsx';
import type { PageContext } from '../page-env.ts';
import type { PageRoutes } from '../pages.tsx';
import { NEW_PASSWORD } from './setup.tsx';
import { secretOf } from './sign-in.tsx';

const LIST = '/settings/users';
const CRUMBS = [{ label: 'Users', path: LIST }];

const NAME: Field = {
  name: 'name',
  label: 'Name',
  required: true,
  maxLength: 100,
  autocomplete: 'off',
  whenEmpty: 'text',
};
const ROLE: Field = {
  name: 'role',
  label: 'Role',
  type: 'select',
  required: true,
  initial: 'standard',
  hint: 'The same roles as those of API clients.',
  choices: [
    { value: 'read', label: 'read: looks at everything' },
    { value: 'standard', label: 'standard: writes and bills too' },
    { value: 'admin', label: 'admin: settings and users too' },
  ],
};
const NEW_FIELDS: readonly Field[] = [
  NAME,
  { name: 'email', label: 'Email', type: 'email', required: true, autocomplete: 'off' },
  ROLE,
  {
    ...NEW_PASSWORD,
    label: 'First password',
    hint: '12 to 200 characters. They change it in their profile.',
  },
];
const CHANGED_FIELDS: readonly Field[] = [
  NAME,
  ROLE,
  {
    name: 'disabled',
    label: 'Disabled',
    type: 'checkbox',
    hint: 'Can’t sign in, and is signed out within seconds. What they did stays theirs.',
  },
];
const PASSWORD_FIELDS: readonly Field[] = [
  {
    ...NEW_PASSWORD,
    hint: '12 to 200 characters. They are signed out everywhere and sign in with this one.',
  },
];
const NOTICES: Readonly<Record<string, string>> = {
  created: 'The user was created and can sign in.',
  saved: 'Saved.',
  password: 'The password was set. The user was signed out everywhere.',
};

const pathOf = (id: string) => `${LIST}/${encoded(id)}`;
const noticeOf = (c: PageContext) =>
  c.req.method === 'GET' ? NOTICES[c.req.query('done') ?? ''] : undefined;

function columnsOf(c: PageContext): ReadonlyArray<Column<ListedUser>> {
  const format = c.get('format');
  return [
    { title: 'Name', cell: ({ id, name }) => <a href={pathOf(id)}>{name}</a> },
    { title: 'Email', cell: ({ email }) => email },
    { title: 'Role', cell: ({ role }) => role },
    {
      title: 'State',
      cell: ({ disabledAt }) => <Status value={disabledAt === null ? 'Active' : 'Disabled'} />,
    },
    { title: 'Created', cell: ({ createdAt }) => format.instant(createdAt), isWideOnly: true },
  ];
}

function listPage(c: PageContext, users: readonly ListedUser[]) {
  const actions = (
    <a class="button primary" href={`${LIST}/new`}>
      New user
    </a>
  );
  const empty = <p>Nobody can sign in yet. Create a user for everybody who works with these pages.</p>;
  return page(
    c,
    { title: 'Users', actions, notice: noticeOf(c) },
    <Table caption="Users" columns={columnsOf(c)} rows={users} empty={empty} />,
  );
}

function newPage(c: PageContext, values: FormValues, problems: readonly Problem[] = [], status = 200) {
  const section: Section = { title: 'Who signs in', fields: NEW_FIELDS };
  return page(
    c,
    { title: 'New user', crumbs: CRUMBS, status },
    <Form
      c={c}
      action={`${LIST}/new`}
      sections={[section]}
      values={values}
      problems={problems}
      submit="Create user"
      cancel={LIST}
    />,
  );
}

interface Refused {
  readonly form: 'user' | 'password';
  readonly problems: readonly Problem[];
}

function userPage(c: PageContext, user: ListedUser, refused?: Refused) {
  const format = c.get('format');
  const problemsOf = (form: Refused['form']) => (refused?.form === form ? refused.problems : []);
  const kept = valuesOf(valuesFrom(CHANGED_FIELDS, { ...user, disabled: user.disabledAt !== null }));
  return page(
    c,
    {
      title: user.name,
      crumbs: CRUMBS,
      notice: noticeOf(c),
      ...(refused === undefined ? {} : { status: 400 }),
    },
    <>
      <Facts
        facts={[
          ['Email', user.email],
          ['Created', format.instant(user.createdAt)],
          ['Disabled since', user.disabledAt === null ? null : format.instant(user.disabledAt)],
        ]}
      />
      <Form
        c={c}
        action={pathOf(user.id)}
        sections={[{ title: 'What they may do', fields: CHANGED_FIELDS }]}
        values={refused?.form === 'user' ? c.get('form') : kept}
        problems={problemsOf('user')}
        submit="Save"
        cancel={LIST}
      />
      <Form
        c={c}
        action={`${pathOf(user.id)}/password`}
        sections={[{ title: 'Set a password', fields: PASSWORD_FIELDS }]}
        values={valuesOf({})}
        problems={problemsOf('password')}
        submit="Set password"
      />
    </>,
  );
}

type Handler = (c: PageContext) => Response | Promise<Response>;

/** Says it before a form is filled in: the API would refuse it after. */
function forAdmins(handler: Handler): Handler {
  return (c) => {
    if (c.get('user').role === 'admin') return handler(c);
    const title = 'Not for your role';
    const message = 'Users are managed by administrators. Ask one of them.';
    return page(c, { title, status: 403 }, <ErrorPage title={title} message={message} />);
  };
}

/** Who may sign in: for administrators. */
export const userPages: PageRoutes = (app, apiOf) => {
  const apiPathOf = (c: PageContext) => `/v1/spillway/users/${encoded(c.req.param('id')!)}`;
  const userOf = (c: PageContext): Promise<ListedUser> => apiOf(c).read(apiPathOf(c));
  app.get(
    LIST,
    forAdmins(async (c) => listPage(c, (await apiOf(c).read('/v1/spillway/users')).users)),
  );
  app.get(
    `${LIST}/new`,
    forAdmins((c) => newPage(c, initialValues(NEW_FIELDS))),
  );
  app.post(
    `${LIST}/new`,
    forAdmins(async (c) => {
      const form = c.get('form');
      const body = { ...bodyOf(NEW_FIELDS, form), password: secretOf(form, NEW_PASSWORD.name) };
      const reply = await apiOf(c).send('POST', '/v1/spillway/users', { body, key: keyOf(c) });
      if (reply.isOk) return c.redirect(`${LIST}?done=created`, 303);
      return newPage(c, form, problemsOf(reply, NEW_FIELDS), 400);
    }),
  );
  app.get(
    `${LIST}/:id`,
    forAdmins(async (c) => userPage(c, await userOf(c))),
  );
  app.post(
    `${LIST}/:id`,
    forAdmins(async (c) => {
      const body = bodyOf(CHANGED_FIELDS, c.get('form'));
      const reply = await apiOf(c).send('PUT', apiPathOf(c), { body, key: keyOf(c) });
      if (reply.isOk) return c.redirect(`${pathOf(c.req.param('id')!)}?done=saved`, 303);
      return userPage(c, await userOf(c), { form: 'user', problems: problemsOf(reply, CHANGED_FIELDS) });
    }),
  );
  // Without the form's key, which would be kept; setting the same password twice is setting it once.
  app.post(
    `${LIST}/:id/password`,
    forAdmins(async (c) => {
      const body = { password: secretOf(c.get('form'), NEW_PASSWORD.name) };
      const reply = await apiOf(c).send('POST', `${apiPathOf(c)}/password`, { body });
      if (reply.isOk) return c.redirect(`${pathOf(c.req.param('id')!)}?done=password`, 303);
      return userPage(c, await userOf(c), { form: 'password', problems: problemsOf(reply, PASSWORD_FIELDS) });
    }),
  );
};
