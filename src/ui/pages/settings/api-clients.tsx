import {
  ApiProblem,
  type ApiReply,
  encoded,
  type Json,
  messagesOf,
  notThere,
  type PageApi,
} from '../../api.ts';
import { confirmPage, plainProblems } from '../../components/confirm.tsx';
import { Ago, Facts, Status } from '../../components/parts.tsx';
import { Table } from '../../components/table.tsx';
import { bodyOf, initialValues, type Section } from '../../forms/fields.ts';
import { Form, keyOf } from '../../forms/form.tsx';
import type { FormValues } from '../../forms/form-values.ts';
import { type Problem, problemsOf } from '../../forms/problems.ts';
import { page } from '../../layout.tsx';
import type { PageContext } from '../../page-env.ts';
import type { PageRoutes } from '../../pages.tsx';
import { onlyFor } from '../../roles.ts';

const PATH = '/v1/spillway/api-clients';
const HERE = '/settings/api-clients';
const SETTINGS = { label: 'Settings', path: '/settings' };
const CLIENTS = { label: 'API clients', path: HERE };
const SECTIONS: readonly Section[] = [
  {
    title: 'New API client',
    fields: [
      {
        name: 'name',
        label: 'Name',
        required: true,
        maxLength: 100,
        hint: 'Which program it is for: logs and documents name its id.',
      },
      {
        name: 'role',
        label: 'Role',
        type: 'select',
        required: true,
        initial: 'standard',
        choices: [
          { value: 'read', label: 'Read: lists, queries, exports' },
          { value: 'standard', label: 'Standard: also orders, bills, payments, the catalog' },
          { value: 'admin', label: 'Admin: also settings, clients, users' },
        ],
      },
    ],
  },
];
const FIELDS = SECTIONS.flatMap(({ fields }) => fields);

async function showClients(
  c: PageContext,
  api: PageApi,
  values: FormValues,
  problems: readonly Problem[] = [],
): Promise<Response> {
  const { apiClients } = await api.read(PATH);
  return page(
    c,
    { title: 'API clients', crumbs: [SETTINGS], status: problems.length === 0 ? 200 : 400 },
    <>
      <ClientTable c={c} clients={apiClients} />
      <Form
        c={c}
        action={HERE}
        sections={SECTIONS}
        values={values}
        problems={problems}
        submit="Create client"
      />
    </>,
  );
}

function ClientTable({ c, clients }: { readonly c: PageContext; readonly clients: readonly Json[] }) {
  const link = (client: Json, action: string, label: string) => (
    <a class="button" href={`${HERE}/${encoded(client.id)}/${action}`}>
      {label}
      <span class="hidden">{` ${client.name}`}</span>
    </a>
  );
  return (
    <Table
      caption="API clients"
      rows={clients}
      columns={[
        { title: 'Name', cell: (client) => client.name },
        { title: 'Client id', cell: (client) => <span class="code">{client.id}</span>, isWideOnly: true },
        { title: 'Role', cell: (client) => client.role },
        {
          title: 'Made',
          cell: (client) => <Ago at={client.createdAt} format={c.get('format')} />,
          isWideOnly: true,
        },
        {
          title: 'Status',
          cell: (client) => <Status value={client.revokedAt === null ? 'Active' : 'Revoked'} />,
        },
        {
          title: 'Actions',
          cell: (client) =>
            client.revokedAt === null ? (
              <div class="actions">
                {link(client, 'rotate', 'Rotate')}
                {link(client, 'revoke', 'Revoke')}
              </div>
            ) : (
              <Ago at={client.revokedAt} format={c.get('format')} />
            ),
        },
      ]}
      empty={<p>No client: no program can use the API.</p>}
    />
  );
}

/** The key of the form as a UUID. */
function idOfForm(c: PageContext): string {
  return keyOf(c).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The one page on which a secret stands: the reply to the form itself, in no address and no cache. */
function showSecret(c: PageContext, title: string, reply: ApiReply): Response | Promise<Response> {
  const { clientId, clientSecret } = reply.body;
  return page(
    c,
    { title, crumbs: [SETTINGS, CLIENTS] },
    <section class="card" aria-labelledby="credentials">
      <h2 id="credentials">Credentials</h2>
      <p>
        Keep the secret now: it is shown here once and stored nowhere. Who loses it gets a new one by Rotate.
      </p>
      <Facts
        facts={[
          ['Client id', <code id="client-id">{clientId}</code>],
          ['Client secret', <code id="client-secret">{clientSecret}</code>],
        ]}
      />
      <div class="actions">
        <button type="button" data-copy="client-secret">
          Copy secret
        </button>
        <button type="button" data-copy="client-id">
          Copy id
        </button>
        <a class="button" href={HERE}>
          Done
        </a>
      </div>
    </section>,
  );
}

async function clientOf(c: PageContext, api: PageApi): Promise<Json> {
  const { apiClients } = await api.read(PATH);
  const client = (apiClients as Json[]).find(({ id }) => id === c.req.param('clientId'));
  if (client === undefined) throw notThere('There is no such API client.');
  return client;
}

const rotateQuestion = (client: Json) => ({
  title: `New secret for ${client.name}?`,
  crumbs: [SETTINGS, CLIENTS],
  consequence:
    'The client gets a new secret. The old one and the tokens that it gave end: the program that uses it is refused until it has the new one.',
  action: `${HERE}/${encoded(client.id)}/rotate`,
  label: 'Rotate secret',
  cancel: HERE,
});
const revokeQuestion = (client: Json) => ({
  title: `Revoke ${client.name}?`,
  crumbs: [SETTINGS, CLIENTS],
  consequence: 'The client and its tokens end for ever. What it did stays.',
  action: `${HERE}/${encoded(client.id)}/revoke`,
  label: 'Revoke client',
  cancel: HERE,
});

export const apiClientPages: PageRoutes = (app, apiOf) => {
  app.get(HERE, (c) => {
    onlyFor(c, 'admin');
    return showClients(c, apiOf(c), initialValues(FIELDS));
  });
  app.post(HERE, async (c) => {
    const values = c.get('form');
    // Without a key, since the reply holds a secret, which is kept nowhere: the form's key is the client's id, so that it is made once.
    const reply = await apiOf(c).send('POST', PATH, { body: { ...bodyOf(FIELDS, values), id: idOfForm(c) } });
    if (reply.status === 403) throw new ApiProblem(reply);
    if (!reply.isOk) return showClients(c, apiOf(c), values, problemsOf(reply, FIELDS));
    return showSecret(c, `${reply.body.name} is made`, reply);
  });
  app.get(`${HERE}/:clientId/rotate`, async (c) => {
    onlyFor(c, 'admin');
    return confirmPage(c, rotateQuestion(await clientOf(c, apiOf(c))));
  });
  app.post(`${HERE}/:clientId/rotate`, async (c) => {
    const client = await clientOf(c, apiOf(c));
    const reply = await apiOf(c).send('POST', `${PATH}/${encoded(client.id)}/rotate`, { body: {} });
    if (reply.isOk) return showSecret(c, `New secret for ${client.name}`, reply);
    const problems = plainProblems(messagesOf(reply.body), reply.status);
    return confirmPage(c, { ...rotateQuestion(client), problems });
  });
  app.get(`${HERE}/:clientId/revoke`, async (c) => {
    onlyFor(c, 'admin');
    return confirmPage(c, revokeQuestion(await clientOf(c, apiOf(c))));
  });
  app.post(`${HERE}/:clientId/revoke`, async (c) => {
    const client = await clientOf(c, apiOf(c));
    const reply = await apiOf(c).send('DELETE', `${PATH}/${encoded(client.id)}`, { key: keyOf(c) });
    if (reply.isOk) return c.redirect(HERE, 303);
    const problems = plainProblems(messagesOf(reply.body), reply.status);
    return confirmPage(c, { ...revokeQuestion(client), problems });
  });
};
