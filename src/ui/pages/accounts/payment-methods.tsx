import { encoded, type Json, type PageApi } from '../../api.ts';
import { Status, Tabs } from '../../components/parts.tsx';
import { Table } from '../../components/table.tsx';
import { bodyOf } from '../../forms/fields.ts';
import { Form, Hidden, keyOf, ProblemSummary } from '../../forms/form.tsx';
import { type FormValues, valuesOf } from '../../forms/form-values.ts';
import { type Problem, problemsOf } from '../../forms/problems.ts';
import type { PageContext } from '../../page-env.ts';
import { accountPage, accountPath, belowAccount, canWrite, needed } from './account-frame.tsx';
import { METHOD_TYPES, type MethodType, methodFields, SECRET_FIELDS } from './payment-method-fields.ts';

/** GET /accounts/:id/payment-methods */
export async function paymentMethodsPage(
  c: PageContext,
  api: PageApi,
  problems: readonly Problem[] = [],
): Promise<Response> {
  const id = c.req.param('id')!;
  const [account, methods] = await Promise.all([
    api.get(`/v1/accounts/${encoded(id)}`),
    api.get(`/v1/accounts/${encoded(id)}/payment-methods`),
  ]);
  const rows = Object.values(needed(methods) as Record<string, Json>).flatMap((value) =>
    Array.isArray(value) ? (value as Json[]) : [],
  );
  return accountPage(c, needed(account), {
    tab: 'payment-methods',
    ...(problems.length === 0 ? {} : { status: 400 }),
    actions: (
      <a class="button" href={accountPath(id, 'payment-methods/new')}>
        Add a payment method
      </a>
    ),
    content: (
      <>
        <ProblemSummary problems={problems} />
        <Methods c={c} id={id} rows={rows} />
      </>
    ),
  });
}

function Methods({
  c,
  id,
  rows,
}: {
  readonly c: PageContext;
  readonly id: string;
  readonly rows: readonly Json[];
}) {
  const describe = (row: Json) => {
    const number = row.cardNumber ?? row.bankAccountNumber ?? row.tokenId;
    const name = METHOD_TYPES.find(({ type }) => type === row.type)?.label ?? row.type;
    return (
      <>
        {row.creditCardType ?? name} {number === undefined ? '' : <span class="code">{number}</span>}
      </>
    );
  };
  const expires = (row: Json) =>
    row.expirationMonth ? `${String(row.expirationMonth).padStart(2, '0')}/${row.expirationYear}` : '';
  return (
    <Table
      caption="Payment methods"
      columns={[
        { title: 'Method', cell: describe },
        { title: 'Holder', cell: (row) => row.accountHolderInfo?.accountHolderName ?? '', isWideOnly: true },
        { title: 'Expires', cell: expires },
        { title: 'Status', cell: (row) => <Status value={row.status} /> },
        { title: 'Last payment', cell: (row) => row.lastTransactionStatus ?? '', isWideOnly: true },
        {
          title: 'Default',
          cell: (row) =>
            row.isDefault ? (
              <strong>Default</strong>
            ) : canWrite(c) && row.status === 'Active' ? (
              <MethodAction c={c} id={id} row={row} action="default" label="Make default" />
            ) : (
              ''
            ),
        },
        ...(canWrite(c)
          ? [
              {
                title: 'Delete',
                cell: (row: Json) => <MethodAction c={c} id={id} row={row} action="delete" label="Delete" />,
              },
            ]
          : []),
      ]}
      rows={rows}
      empty={
        <>
          <h2>No payment methods</h2>
          <p>
            A payment method says how the account pays: a card, a bank account, or a check that comes by
            itself.
          </p>
        </>
      }
    />
  );
}

function MethodAction({
  c,
  id,
  row,
  action,
  label,
}: {
  readonly c: PageContext;
  readonly id: string;
  readonly row: Json;
  readonly action: 'default' | 'delete';
  readonly label: string;
}) {
  return (
    <form
      method="post"
      action={accountPath(id, `payment-methods/${encoded(row.id)}/${action}`)}
      data-once
      {...(action === 'delete' ? { 'data-confirm': 'Delete this payment method?' } : {})}
    >
      <Hidden c={c} />
      <button type="submit">{label}</button>
    </form>
  );
}

function typeOf(c: PageContext): MethodType {
  return METHOD_TYPES.find(({ type }) => type === c.req.query('type')) ?? METHOD_TYPES[0]!;
}

/** GET /accounts/:id/payment-methods/new?type=… */
export async function newMethodPage(
  c: PageContext,
  api: PageApi,
  values: FormValues = valuesOf({}),
  problems: readonly Problem[] = [],
): Promise<Response> {
  const id = c.req.param('id')!;
  const account = await api.read(`/v1/accounts/${encoded(id)}`);
  const chosen = typeOf(c);
  const path = (type: string) => `${accountPath(id, 'payment-methods/new')}?type=${type}`;
  return belowAccount(c, account, {
    title: 'New payment method',
    ...(problems.length === 0 ? {} : { status: 400 }),
    content: (
      <>
        <Tabs
          label="Type of payment method"
          tabs={METHOD_TYPES.map(({ type, label }) => ({ path: path(type), label }))}
          current={path(chosen.type)}
        />
        <Form
          c={c}
          action={path(chosen.type)}
          sections={[{ title: chosen.label, hint: chosen.hint, fields: methodFields(chosen.type) }]}
          values={values}
          problems={problems}
          submit="Add payment method"
          cancel={accountPath(id, 'payment-methods')}
        />
      </>
    ),
  });
}

/** POST /accounts/:id/payment-methods/new: what is secret is not shown again where it was refused. */
export async function addMethod(c: PageContext, api: PageApi): Promise<Response> {
  const id = c.req.param('id')!;
  const { type } = typeOf(c);
  const fields = methodFields(type);
  const values = c.get('form');
  const body = { ...bodyOf(fields, values), type, accountKey: id };
  const reply = await api.send('POST', '/v1/payment-methods', { body, key: keyOf(c) });
  if (reply.isOk) return c.redirect(`${accountPath(id, 'payment-methods')}?done=method-added`, 303);
  const kept = valuesOf(
    Object.fromEntries(
      fields
        .filter(({ name }) => !SECRET_FIELDS.has(name) && values.has(name))
        .map(({ name }) => [name, values.text(name)]),
    ),
  );
  return newMethodPage(c, api, kept, problemsOf(reply, fields));
}

/** POST /accounts/:id/payment-methods/:methodId/default */
export async function makeDefault(c: PageContext, api: PageApi): Promise<Response> {
  const id = c.req.param('id')!;
  const body = { defaultPaymentMethodId: c.req.param('methodId')! };
  const reply = await api.send('PUT', `/v1/accounts/${encoded(id)}`, { body, key: keyOf(c) });
  if (!reply.isOk) return paymentMethodsPage(c, api, problemsOf(reply, []));
  return c.redirect(`${accountPath(id, 'payment-methods')}?done=method-default`, 303);
}

/** POST /accounts/:id/payment-methods/:methodId/delete */
export async function deleteMethod(c: PageContext, api: PageApi): Promise<Response> {
  const id = c.req.param('id')!;
  const reply = await api.send('DELETE', `/v1/payment-methods/${encoded(c.req.param('methodId')!)}`, {
    key: keyOf(c),
  });
  if (!reply.isOk) return paymentMethodsPage(c, api, problemsOf(reply, []));
  return c.redirect(`${accountPath(id, 'payment-methods')}?done=method-deleted`, 303);
}
