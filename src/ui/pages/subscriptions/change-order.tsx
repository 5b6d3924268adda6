import type { Json, PageApi } from '../../api.ts';
import { bodyOf, type Field, initialValues } from '../../forms/fields.ts';
import type { FormValues } from '../../forms/form-values.ts';
import { problem } from '../../forms/problems.ts';
import type { PageContext } from '../../page-env.ts';
import type { PageRoutes } from '../../pages.tsx';
import { accountSuggestions, planSuggestions, readPlans } from '../orders/catalog-plans.ts';
import { OrderForm, type Shown, sendOrder } from '../orders/order-form.tsx';
import {
  changedPlanRows,
  PlanRows,
  planBodies,
  planFields,
  planIdsOf,
  withTypedPlan,
} from '../orders/plan-rows.tsx';
import { writersOnly } from '../readers-only.tsx';
import {
  aroundAction,
  blank,
  changeInitial,
  changePage,
  changeSection,
  chargeNames,
  previewOf,
  readChanged,
  refused,
} from './change-form.tsx';
import { CHANGE_KINDS, type ChangeKind } from './change-kinds.ts';
import { pathOfSubscription } from './paths.ts';

/** Texts of yes and no where nothing is an answer too. */
function withBooleans(value: Json): Json {
  if (value === 'true' || value === 'false') return value === 'true';
  if (Array.isArray(value)) return value.map(withBooleans);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withBooleans(one)]));
}

async function showKind(
  c: PageContext,
  api: PageApi,
  subscription: Json,
  word: string,
  values: FormValues,
  shown: Shown,
) {
  const kind = CHANGE_KINDS[word]!;
  const accounts = word === 'owner-transfer' ? await accountSuggestions(api) : [];
  const section = changeSection(kind.title, kind.effective, kind.fields({ accounts }));
  const path = pathOfSubscription(subscription.subscriptionNumber);
  return changePage(
    c,
    subscription,
    kind.title,
    kind.lead,
    { status: shown.status, word },
    <OrderForm
      c={c}
      action={`${path}/change/${word}`}
      sections={[section]}
      values={values}
      problems={shown.problems}
      preview={previewOf(c, shown, subscription.currency, chargeNames(subscription))}
      cancel={path}
      create="Create order"
    />,
  );
}

function actionOf(kind: ChangeKind, fields: readonly Field[], values: FormValues): Json {
  const own = bodyOf(fields, values).subscriptions?.[0]?.orderActions?.[0]?.[kind.own] ?? {};
  return { type: kind.type, ...aroundAction(values), [kind.own]: withBooleans(own) };
}

const addPlace = (row: number) => `subscriptions[0].orderActions[${row}].addProduct`;

async function showAdd(c: PageContext, api: PageApi, subscription: Json, values: FormValues, shown: Shown) {
  const [plans, suggestions] = await Promise.all([
    readPlans(api, planIdsOf(values), subscription.currency),
    planSuggestions(api),
  ]);
  const names = new Map([
    ...chargeNames(subscription),
    ...plans.flatMap(({ charges }) => charges.map(({ key, name }) => [key, name] as const)),
  ]);
  const path = pathOfSubscription(subscription.subscriptionNumber);
  return changePage(
    c,
    subscription,
    'Add product',
    'Rate plans of the catalog, each with its quantities and prices.',
    { status: shown.status, word: 'add-product' },
    <OrderForm
      c={c}
      action={`${path}/change/add-product`}
      sections={[changeSection('When', 'Takes effect on', [])]}
      values={values}
      problems={shown.problems}
      preview={previewOf(c, shown, subscription.currency, names)}
      cancel={path}
      create="Create order"
      otherFields={planFields(plans, values, addPlace)}
    >
      <PlanRows
        plans={plans}
        values={values}
        problems={shown.problems}
        suggestions={suggestions}
        place={addPlace}
        action={`${path}/change/add-product`}
      />
    </OrderForm>,
  );
}

async function postAdd(c: PageContext, api: PageApi, subscription: Json) {
  const changed = await changedPlanRows(api, c.get('form'));
  if (changed !== null) {
    const shown = changed.problems.length === 0 ? blank : refused(...changed.problems);
    return showAdd(c, api, subscription, changed.values, shown);
  }
  const { values, problems } = await withTypedPlan(api, c.get('form'));
  if (problems.length > 0) return showAdd(c, api, subscription, values, refused(...problems));
  const plans = await readPlans(api, planIdsOf(values), subscription.currency);
  if (plans.length === 0) {
    const missing = problem('newPlan', 'Add at least one rate plan.');
    return showAdd(c, api, subscription, values, refused(missing));
  }
  const outcome = await sendOrder(c, api, {
    accountNumber: subscription.invoiceOwnerAccountNumber,
    subscriptions: [
      {
        subscriptionNumber: subscription.subscriptionNumber,
        orderActions: planBodies(plans, values).map((addProduct) => ({
          type: 'AddProduct',
          ...aroundAction(values),
          addProduct,
        })),
      },
    ],
    fields: [...changeSection('', 'Takes effect on', []).fields, ...planFields(plans, values, addPlace)],
  });
  return outcome instanceof Response ? outcome : showAdd(c, api, subscription, values, outcome);
}

/** Forms that change a subscription: each makes an order. */
export const changePages: PageRoutes = (app, apiOf) => {
  app.use('/subscriptions/:key/change/:word', writersOnly);
  app.get('/subscriptions/:key/change/:word', async (c, next) => {
    const word = c.req.param('word');
    if (word !== 'add-product' && !Object.hasOwn(CHANGE_KINDS, word)) return next();
    const api = apiOf(c);
    const subscription = await readChanged(api, c.req.param('key'));
    const values = initialValues([], changeInitial(c));
    return word === 'add-product'
      ? showAdd(c, api, subscription, values, blank)
      : showKind(c, api, subscription, word, values, blank);
  });
  app.post('/subscriptions/:key/change/:word', async (c, next) => {
    const word = c.req.param('word');
    if (word !== 'add-product' && !Object.hasOwn(CHANGE_KINDS, word)) return next();
    const api = apiOf(c);
    const subscription = await readChanged(api, c.req.param('key'));
    if (word === 'add-product') return postAdd(c, api, subscription);
    const kind = CHANGE_KINDS[word]!;
    const { fields } = changeSection('', kind.effective, kind.fields({ accounts: [] }));
    const outcome = await sendOrder(c, api, {
      accountNumber: subscription.invoiceOwnerAccountNumber,
      subscriptions: [
        {
          subscriptionNumber: subscription.subscriptionNumber,
          orderActions: [actionOf(kind, fields, c.get('form'))],
        },
      ],
      fields,
    });
    if (outcome instanceof Response) return outcome;
    return showKind(c, api, subscription, word, c.get('form'), outcome);
  });
};
