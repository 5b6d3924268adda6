import { encoded, type Json, type PageApi } from '../../api.ts';
import { Card } from '../../components/parts.tsx';
import { bodyOf, initialValues, type Section, valuesFrom } from '../../forms/fields.ts';
import { Form, Hidden, keyOf } from '../../forms/form.tsx';
import { type FormValues, valuesOf } from '../../forms/form-values.ts';
import { type Problem, problemsOf } from '../../forms/problems.ts';
import { page } from '../../layout.tsx';
import type { PageContext } from '../../page-env.ts';
import {
  addressesOf,
  customFieldChanges,
  customFieldsOf,
  customFieldsShown,
  editSections,
  fieldsOf,
  NEW_SECTIONS,
  sentFields,
} from './account-fields.ts';
import { accountPath, belowAccount } from './account-frame.tsx';

const NEW_FIELDS = fieldsOf(NEW_SECTIONS);
/** Contacts of an account that the form offers. */
const CONTACTS_OFFERED = 99;

/** GET /accounts/new */
export function newAccountPage(
  c: PageContext,
  values: FormValues = initialValues(NEW_FIELDS, givenBy(c)),
  problems: readonly Problem[] = [],
): Response | Promise<Response> {
  return page(
    c,
    {
      title: 'New customer account',
      crumbs: [{ path: '/accounts', label: 'Accounts' }],
      ...(problems.length === 0 ? {} : { status: 400 }),
    },
    <Form
      c={c}
      action="/accounts/new"
      sections={NEW_SECTIONS}
      values={values}
      problems={problems}
      submit="Create account"
      cancel="/accounts"
    />,
  );
}

/** A new account below another begins with what the address says. */
function givenBy(c: PageContext): Record<string, string> {
  const parentId = c.req.query('parent');
  return parentId === undefined ? {} : { parentId: parentId.slice(0, 100) };
}

/** POST /accounts/new */
export async function createAccount(c: PageContext, api: PageApi): Promise<Response> {
  const values = c.get('form');
  const custom = customFieldsOf(values);
  if (custom.problems.length > 0) return newAccountPage(c, values, custom.problems);
  const body = { ...bodyOf(sentFields(NEW_FIELDS), values), ...custom.fields };
  const addresses = addressesOf(values.text('additionalEmailAddresses'));
  if (addresses.length > 0) body.additionalEmailAddresses = addresses;
  // One contact is both, whatever was typed for the other before that was said.
  if (body.soldToSameAsBillTo) delete body.soldToContact;
  const reply = await api.send('POST', '/v1/accounts', { body, key: keyOf(c) });
  if (!reply.isOk) return newAccountPage(c, values, problemsOf(reply, NEW_FIELDS));
  return c.redirect(`${accountPath(reply.body.accountId)}?done=created`, 303);
}

interface Editing {
  readonly account: Json;
  readonly sections: readonly Section[];
  readonly contacts: readonly Json[];
  readonly shown: FormValues;
}

/** The account as its form shows it: what REST shows of it, and of the object what REST leaves out. */
async function editing(api: PageApi, id: string): Promise<Editing> {
  const read = await api.read(`/v1/accounts/${encoded(id)}`);
  const key = encoded(read.basicInfo.id);
  const [object, { data: contacts }] = await Promise.all([
    api.read(`/v1/object/account/${key}`),
    api.read(`/object-query/contacts?filter[]=accountid.EQ:${key}&pageSize=${CONTACTS_OFFERED}`),
  ]);
  const sections = editSections(contacts);
  const flat = {
    ...read.basicInfo,
    ...read.billingAndPayment,
    taxInfo: read.taxInfo,
    customerServiceRepName: object.CustomerServiceRepName,
    billToContactId: read.billToContact?.id,
    soldToContactId: read.soldToContact?.id,
  };
  const custom = Object.entries(customFieldsShown(read.basicInfo))
    .map(([name, value]) => `${name} = ${value}`)
    .join('\n');
  const shown = valuesOf({
    ...valuesFrom(fieldsOf(sections), flat),
    ...(custom === '' ? {} : { customFields: custom, customFieldsWere: custom }),
  });
  return { account: read, sections, contacts, shown };
}

/** GET /accounts/:id/edit */
export async function editAccountPage(c: PageContext, api: PageApi): Promise<Response> {
  const edited = await editing(api, c.req.param('id')!);
  return showEdit(c, edited, edited.shown, []);
}

function showEdit(
  c: PageContext,
  { account, sections, contacts }: Editing,
  values: FormValues,
  problems: readonly Problem[],
): Response | Promise<Response> {
  const id: string = account.basicInfo.id;
  return belowAccount(c, account, {
    title: 'Edit account',
    ...(problems.length === 0 ? {} : { status: 400 }),
    content: (
      <>
        <p class="quiet">
          {account.basicInfo.accountNumber}, in {account.billingAndPayment.currency}: neither can change.
        </p>
        <Form
          c={c}
          action={accountPath(id, 'edit')}
          sections={sections}
          values={values}
          problems={problems}
          submit="Save changes"
          cancel={accountPath(id)}
        />
        <Card
          title="Contacts of this account"
          actions={
            <a class="button" href={accountPath(id, 'contacts/new')}>
              Add a contact
            </a>
          }
        >
          <ul>
            {contacts.map((contact) => (
              <li>
                <a href={accountPath(id, `contacts/${encoded(contact.id)}`)}>
                  {contact.firstName} {contact.lastName}
                </a>
              </li>
            ))}
          </ul>
        </Card>
        <Card title="Delete this account">
          <p class="quiet">
            Only an account on which nothing hangs can be deleted: no subscriptions, orders, documents,
            payments, usage, payment methods or child accounts. Its contacts go with it.
          </p>
          <form
            method="post"
            action={accountPath(id, 'delete')}
            data-once
            data-confirm={`Delete ${account.basicInfo.name}? This cannot be undone.`}
          >
            <Hidden c={c} />
            <button type="submit" class="danger">
              Delete account
            </button>
          </form>
        </Card>
      </>
    ),
  });
}

/** POST /accounts/:id/edit */
export async function changeAccount(c: PageContext, api: PageApi): Promise<Response> {
  const id = c.req.param('id')!;
  const values = c.get('form');
  const edited = await editing(api, id);
  const fields = fieldsOf(edited.sections);
  const custom = customFieldsOf(values);
  if (custom.problems.length > 0) return showEdit(c, edited, values, custom.problems);
  // Of what the form showed, not of what there is now: the same form says the same, however often it is sent.
  const before = customFieldsOf(values, 'customFieldsWere').fields;
  const body = {
    ...bodyOf(sentFields(fields), values),
    // It cannot be without one: 0 is the day of the first charge.
    ...(values.text('billCycleDay') === '' ? { billCycleDay: 0 } : {}),
    ...customFieldChanges(before, custom.fields),
    additionalEmailAddresses: addressesOf(values.text('additionalEmailAddresses')),
  };
  const reply = await api.send('PUT', `/v1/accounts/${encoded(id)}`, { body, key: keyOf(c) });
  if (!reply.isOk) return showEdit(c, edited, values, problemsOf(reply, fields));
  return c.redirect(`${accountPath(id)}?done=changed`, 303);
}

/** POST /accounts/:id/delete */
export async function deleteAccount(c: PageContext, api: PageApi): Promise<Response> {
  const id = c.req.param('id')!;
  const reply = await api.send('DELETE', `/v1/accounts/${encoded(id)}`, { key: keyOf(c) });
  if (reply.isOk) return c.redirect('/accounts?done=deleted', 303);
  const edited = await editing(api, id);
  return showEdit(c, edited, edited.shown, problemsOf(reply, []));
}
