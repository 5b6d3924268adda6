import { encoded, type Json, type PageApi } from '../../api.ts';
import { Card, Live, Progress, Status } from '../../components/parts.tsx';
import { bodyOf, type Field, initialValues } from '../../forms/fields.ts';
import { ActionButton, Form, keyOf, ProblemSummary } from '../../forms/form.tsx';
import { type FormValues, valuesOf } from '../../forms/form-values.ts';
import { type Problem, problemsOf } from '../../forms/problems.ts';
import { page, part } from '../../layout.tsx';
import { csvOfList, isCsv, showList } from '../../lists/object-list.tsx';
import { orderList } from '../../lists/order-list.tsx';
import type { PageContext } from '../../page-env.ts';
import type { PageRoutes } from '../../pages.tsx';
import { newOrderPages } from './new-order.tsx';
import { today } from './order-form.tsx';
import { LineItems, OrderFacts, OrderSubscriptions } from './order-view.tsx';

const cancelField: Field = { name: 'cancelReason', label: 'Reason', maxLength: 255 };
const revertField: Field = {
  name: 'orderDate',
  label: 'Order date of the reversal',
  type: 'date',
  required: true,
  hint: 'A new order on this day brings its subscriptions back to what they were.',
};

/** States from which an order can go on, as the API has them. */
const CAN = {
  activate: ['Draft'],
  cancel: ['Draft', 'Pending', 'Scheduled'],
  revert: ['Completed'],
  delete: ['Draft', 'Pending', 'Completed', 'Cancelled', 'Failed'],
} as const;
type Step = keyof typeof CAN;

function can(order: Json, step: Step): boolean {
  return (CAN[step] as readonly string[]).includes(order.status);
}

/** Whether the step has a form on the order's page, which says itself what was refused. */
function hasForm(order: Json, step: Step): boolean {
  return (step === 'cancel' || step === 'revert') && can(order, step);
}

const DONE: Readonly<Record<string, string>> = {
  created: 'The order has been created.',
  activate: 'The order has been carried out.',
  cancel: 'The order has been cancelled.',
  delete: 'The order has been deleted.',
};

interface Attempt {
  readonly step: Step;
  readonly problems: readonly Problem[];
  readonly values: FormValues;
}

async function showOrder(c: PageContext, api: PageApi, key: string, attempt: Attempt | null = null) {
  const { order } = await api.read(`/v1/orders/${encoded(key)}`);
  const format = c.get('format');
  const done = DONE[c.req.query('done') ?? ''];
  const asked = c.req.query('page') ?? '';
  const at = /^[1-9]\d{0,3}$/.test(asked) ? Number(asked) : 1;
  return page(
    c,
    {
      title: `Order ${order.orderNumber}`,
      crumbs: [{ label: 'Orders', path: '/orders' }],
      status: attempt === null ? 200 : 400,
      ...(done === undefined ? {} : { notice: done }),
    },
    <>
      {attempt !== null && !hasForm(order, attempt.step) ? (
        <ProblemSummary problems={attempt.problems} />
      ) : null}
      <OrderFacts order={order} format={format} />
      {c.get('user').role === 'read' ? null : <LifeCycle c={c} order={order} attempt={attempt} />}
      <OrderSubscriptions order={order} format={format} at={at} />
      <LineItems order={order} format={format} />
    </>,
  );
}

function LifeCycle({
  c,
  order,
  attempt,
}: {
  readonly c: PageContext;
  readonly order: Json;
  readonly attempt: Attempt | null;
}) {
  const path = `/orders/${encoded(order.orderNumber)}`;
  if (!(Object.keys(CAN) as Step[]).some((step) => can(order, step))) return null;
  return (
    <Card title="What can be done with it">
      <div class="actions">
        {can(order, 'activate') ? (
          <ActionButton c={c} action={`${path}/activate`} label="Activate" kind="primary" />
        ) : null}
        {can(order, 'delete') ? (
          <ActionButton
            c={c}
            action={`${path}/delete`}
            label="Delete"
            kind="danger"
            confirm={`Delete order ${order.orderNumber}, as if it had never been?`}
          />
        ) : null}
      </div>
      {can(order, 'cancel') ? (
        <StepForm
          c={c}
          path={`${path}/cancel`}
          title="Cancel the order"
          field={cancelField}
          submit="Cancel order"
          attempt={attempt?.step === 'cancel' ? attempt : null}
        />
      ) : null}
      {can(order, 'revert') ? (
        <StepForm
          c={c}
          path={`${path}/revert`}
          title="Revert the order"
          field={{ ...revertField, initial: today(c) }}
          submit="Revert order"
          attempt={attempt?.step === 'revert' ? attempt : null}
        />
      ) : null}
    </Card>
  );
}

function StepForm({
  c,
  path,
  title,
  field,
  submit,
  attempt,
}: {
  readonly c: PageContext;
  readonly path: string;
  readonly title: string;
  readonly field: Field;
  readonly submit: string;
  readonly attempt: Attempt | null;
}) {
  return (
    <details open={attempt !== null}>
      <summary>{title}</summary>
      <Form
        c={c}
        action={path}
        sections={[{ title, fields: [field] }]}
        values={attempt?.values ?? initialValues([field])}
        problems={attempt?.problems ?? []}
        submit={submit}
      />
    </details>
  );
}

/** One step of an order's life: what is sent, and where its success leads. */
async function step(c: PageContext, api: PageApi, name: Step, key: string) {
  const at = `/v1/orders/${encoded(key)}`;
  const values = c.get('form') ?? valuesOf({});
  const fields = name === 'cancel' ? [cancelField] : name === 'revert' ? [revertField] : [];
  const reply = await api.send(
    name === 'delete' ? 'DELETE' : name === 'revert' ? 'POST' : 'PUT',
    name === 'delete' ? at : `${at}/${name}`,
    {
      ...(name === 'cancel' || name === 'revert' ? { body: bodyOf(fields, values) } : {}),
      key: keyOf(c),
    },
  );
  if (name === 'delete' && (reply.isOk || reply.status === 404))
    return c.redirect('/orders?done=delete', 303);
  if (!reply.isOk) return showOrder(c, api, key, { step: name, problems: problemsOf(reply, fields), values });
  const shown = name === 'revert' ? reply.body.orderNumber : key;
  return c.redirect(`/orders/${encoded(shown)}?done=${name === 'revert' ? 'created' : name}`, 303);
}

/** How far an order is that is carried out in the background. */
async function Job({ api, id }: { readonly api: PageApi; readonly id: string }) {
  const { status, errors, result } = await api.read(`/v1/async-jobs/${encoded(id)}`);
  const isDone = status === 'Completed' || status === 'Failed';
  return (
    <div class="card" {...(isDone ? { 'data-done': true } : {})}>
      <h2>
        <Status value={status} />
      </h2>
      <Progress label="Order" done={isDone ? 1 : 0} total={1} />
      {status === 'Completed' && result?.orderNumber ? (
        <p>
          Order <a href={`/orders/${encoded(result.orderNumber)}`}>{result.orderNumber}</a> has been created:{' '}
          {result.status}.
        </p>
      ) : null}
      {status === 'Failed' ? (
        <>
          <p class="error">{errors}</p>
          <p>Nothing has been kept. Go back to the form, mend it and send it again.</p>
        </>
      ) : null}
      {isDone ? null : (
        <p class="quiet">The order is being carried out. This page follows it; reload it without script.</p>
      )}
    </div>
  );
}

/** Orders: the list, one order with its life cycle, new ones and those in the background. */
export const orderPages: PageRoutes = (app, apiOf) => {
  app.get('/orders', async (c) => {
    const place = { path: '/orders' };
    if (isCsv(c)) return csvOfList(c, apiOf(c), orderList, place);
    const list = await showList(c, apiOf(c), orderList, place);
    const isReader = c.get('user').role === 'read';
    const actions = (
      <a class="button primary" href="/orders/new">
        New order
      </a>
    );
    const notice = DONE[c.req.query('done') ?? ''];
    return page(
      c,
      { title: 'Orders', ...(isReader ? {} : { actions }), ...(notice === undefined ? {} : { notice }) },
      list,
    );
  });
  newOrderPages(app, apiOf);
  app.get('/orders/jobs/:id', async (c) => {
    const id = c.req.param('id');
    const job = await Job({ api: apiOf(c), id });
    if (c.req.header('Spillway-Part') !== undefined) return part(c, job);
    return page(
      c,
      { title: 'Order in the background', crumbs: [{ label: 'Orders', path: '/orders' }] },
      <Live from={`/orders/jobs/${encoded(id)}`} everySeconds={1}>
        {job}
      </Live>,
    );
  });
  app.get('/orders/:key', (c) => showOrder(c, apiOf(c), c.req.param('key')));
  for (const name of Object.keys(CAN) as Step[]) {
    app.post(`/orders/:key/${name}`, (c) => step(c, apiOf(c), name, c.req.param('key') ?? ''));
  }
};
