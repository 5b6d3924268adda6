import { encoded, type Json, type PageApi } from '../../api.ts';
import { bodyOf, type Field, valuesFrom } from '../../forms/fields.ts';
import { Form, Hidden, keyOf } from '../../forms/form.tsx';
import { type FormValues, valuesOf } from '../../forms/form-values.ts';
import { type Problem, problemsOf } from '../../forms/problems.ts';
import type { PageContext } from '../../page-env.ts';
import { contactFields } from './account-fields.ts';
import { accountPath, belowAccount, needed } from './account-frame.tsx';

const FIELDS: readonly Field[] = contactFields('', true).map((field) => ({ ...field, whenEmpty: 'text' }));

interface Shown {
  /** Null: one that is not there yet. */
  readonly contact: Json | null;
  readonly values: FormValues;
  readonly problems?: readonly Problem[];
}

async function readContact(api: PageApi, id: string, contactId: string | undefined) {
  const [account, contact] = await Promise.all([
    api.get(`/v1/accounts/${encoded(id)}`),
    contactId === undefined ? null : api.get(`/v1/contacts/${encoded(contactId)}`),
  ]);
  return { account: needed(account), contact: contact === null ? null : needed(contact) };
}

/** GET /accounts/:id/contacts/new and /accounts/:id/contacts/:contactId */
export async function contactPage(c: PageContext, api: PageApi): Promise<Response> {
  const { account, contact } = await readContact(api, c.req.param('id')!, c.req.param('contactId'));
  return show(c, account, { contact, values: valuesOf(contact === null ? {} : valuesFrom(FIELDS, contact)) });
}

function show(c: PageContext, account: Json, { contact, values, problems = [] }: Shown) {
  const id: string = account.basicInfo.id;
  const path = contact === null ? 'contacts/new' : `contacts/${encoded(contact.id)}`;
  return belowAccount(c, account, {
    title: contact === null ? 'New contact' : `${contact.firstName} ${contact.lastName}`,
    ...(problems.length === 0 ? {} : { status: 400 }),
    content: (
      <>
        <Form
          c={c}
          action={accountPath(id, path)}
          sections={[{ title: 'Contact', fields: FIELDS }]}
          values={values}
          problems={problems}
          submit={contact === null ? 'Add contact' : 'Save changes'}
          cancel={accountPath(id)}
        />
        {contact === null ? null : (
          <form
            method="post"
            action={accountPath(id, `${path}/delete`)}
            data-once
            data-confirm="Delete this contact?"
          >
            <Hidden c={c} />
            <button type="submit" class="danger">
              Delete contact
            </button>
          </form>
        )}
      </>
    ),
  });
}

/** POST of either form */
export async function saveContact(c: PageContext, api: PageApi): Promise<Response> {
  const id = c.req.param('id')!;
  const contactId = c.req.param('contactId');
  const values = c.get('form');
  const body = bodyOf(FIELDS, values);
  const reply =
    contactId === undefined
      ? await api.send('POST', '/v1/contacts', { body: { ...body, accountId: id }, key: keyOf(c) })
      : await api.send('PUT', `/v1/contacts/${encoded(contactId)}`, { body, key: keyOf(c) });
  if (reply.isOk) {
    return c.redirect(
      `${accountPath(id)}?done=contact-${contactId === undefined ? 'added' : 'changed'}`,
      303,
    );
  }
  const { account, contact } = await readContact(api, id, contactId);
  return show(c, account, { contact, values, problems: problemsOf(reply, FIELDS) });
}

/** POST /accounts/:id/contacts/:contactId/delete */
export async function deleteContact(c: PageContext, api: PageApi): Promise<Response> {
  const id = c.req.param('id')!;
  const contactId = c.req.param('contactId')!;
  const reply = await api.send('DELETE', `/v1/contacts/${encoded(contactId)}`, { key: keyOf(c) });
  if (reply.isOk) return c.redirect(`${accountPath(id)}?done=contact-deleted`, 303);
  const { account, contact } = await readContact(api, id, contactId);
  return show(c, account, {
    contact,
    values: valuesOf(valuesFrom(FIELDS, contact)),
    problems: problemsOf(reply, []),
  });
}
