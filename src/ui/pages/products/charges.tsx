import { encoded, type Json, messagesOf, type PageApi } from '../../api.ts';
import { confirmPage, plainProblems } from '../../components/confirm.tsx';
import { Card, Facts } from '../../components/parts.tsx';
import { Table } from '../../components/table.tsx';
import {
  bodyOf,
  type Choice,
  type Field,
  initialValues,
  type Section,
  valuesFrom,
} from '../../forms/fields.ts';
import { Form, keyOf } from '../../forms/form.tsx';
import { type FormValues, valuesOf } from '../../forms/form-values.ts';
import { type Problem, problemsOf } from '../../forms/problems.ts';
import { afterRowButton, RowFields, type RowGroup, rowFieldsOf, withRow } from '../../forms/row-fields.tsx';
import { withRows } from '../../forms/rows.ts';
import { type Crumb, page } from '../../layout.tsx';
import type { PageContext } from '../../page-env.ts';
import type { PageRoutes } from '../../pages.tsx';
import { mayWrite, onlyFor } from '../../roles.ts';
import { chargeSections, priceGroup, TIERS } from './charge-fields.ts';
import { MODEL_VIEWS, type ModelView, modelView } from './charge-models.ts';
import { readUnits } from './units.tsx';

interface ChargePage {
  readonly title: string;
  readonly crumbs: readonly Crumb[];
  readonly action: string;
  readonly submit: string;
  readonly cancel: string;
  readonly model: ModelView;
  readonly isNew: boolean;
}

/** Where the charge of the path lies. */
async function placeOf(c: PageContext, api: PageApi) {
  const product = await api.read(`/v1/catalog/products/${encoded(c.req.param('id') ?? '')}`);
  const path = `/products/${encoded(product.id)}`;
  const crumbs: Crumb[] = [
    { label: 'Products', path: '/products' },
    { label: product.name, path },
  ];
  return { product, path, crumbs };
}

async function showForm(
  c: PageContext,
  api: PageApi,
  form: ChargePage,
  values: FormValues,
  problems: readonly Problem[] = [],
): Promise<Response> {
  const { model, isNew, title, crumbs, ...rest } = form;
  const units: Choice[] = (await readUnits(api))
    .filter(({ Active }) => Active)
    .map(({ UomName }) => ({ value: UomName, label: UomName }));
  const group = priceGroup(model);
  const sections = chargeSections({ model, isNew, units });
  return page(
    c,
    { title, crumbs, status: problems.length === 0 ? 200 : 400 },
    <>
      <p class="quiet">
        {model.label}: {model.explanation}
        {model.isOnlyKept ? ' Spillway keeps such charges for other systems; it does not bill them.' : ''}
      </p>
      <Form
        c={c}
        sections={sections}
        values={values}
        problems={problems}
        childFields={rowFieldsOf(group, values)}
        {...rest}
      >
        <RowFields group={group} values={values} problems={problems} />
      </Form>
    </>,
  );
}

/** Sends the charge, or shows the form with a row more or less, or with what was refused. */
async function sendForm(
  c: PageContext,
  api: PageApi,
  form: ChargePage,
  request: { readonly method: 'POST' | 'PUT'; readonly path: string; readonly more?: object },
  then: (id: string) => string,
): Promise<Response> {
  const group = priceGroup(form.model);
  const sent = c.get('form');
  const changed = afterRowButton(sent, [group], newRow(sent, group));
  if (changed !== null) return showForm(c, api, form, changed);
  // Refusals count rows from 0: so do the fields of the form that is shown again.
  const values = withRows(sent, TIERS, sent.rowsOf(TIERS));
  const fields = allFields(form, values);
  const body = { ...bodyOf(fields, values), ...request.more };
  const reply = await api.send(request.method, request.path, { body, key: keyOf(c) });
  if (!reply.isOk) return showForm(c, api, form, values, problemsOf(reply, fields));
  return c.redirect(then(reply.body.Id), 303);
}

function allFields({ model, isNew }: ChargePage, values: FormValues): Field[] {
  const sections: Section[] = chargeSections({ model, isNew, units: [] });
  return [...sections.flatMap(({ fields }) => fields), ...rowFieldsOf(priceGroup(model), values)];
}

/** A tier goes on where the last one ended, in its currency. */
function newRow(values: FormValues, group: RowGroup): Record<string, string> {
  const last = values.rowsOf(group.name).at(-1);
  if (last === undefined) return {};
  const at = (name: string) => values.text(`${group.name}[${last}].${name}`);
  return { Currency: at('Currency'), StartingUnit: at('EndingUnit'), PriceFormat: at('PriceFormat') };
}

export const chargePages: PageRoutes = (app, apiOf) => {
  const newForm = async (c: PageContext, api: PageApi, model: ModelView) => {
    const { path, crumbs } = await placeOf(c, api);
    const plan = await api.read(`/v1/product-rate-plans/${encoded(c.req.param('planId') ?? '')}`);
    const form: ChargePage = {
      title: `New charge of ${plan.name}: ${model.label.toLowerCase()}`,
      crumbs,
      action: `${path}/rate-plans/${encoded(plan.id)}/charges/new?model=${encoded(model.name)}`,
      submit: 'Create charge',
      cancel: path,
      model,
      isNew: true,
    };
    return { form, plan, path };
  };
  app.get('/products/:id/rate-plans/:planId/charges/new', async (c) => {
    onlyFor(c, 'standard');
    const api = apiOf(c);
    const model = modelView(c.req.query('model') ?? '');
    if (model === null) return chooseModel(c, api);
    const { form } = await newForm(c, api, model);
    const group = priceGroup(model);
    const values = initialValues(allFields(form, valuesOf({})));
    return showForm(c, api, form, withRow(values, group, 0, { StartingUnit: '0', PriceFormat: 'Per Unit' }));
  });
  app.post('/products/:id/rate-plans/:planId/charges/new', async (c) => {
    const api = apiOf(c);
    const model = modelView(c.req.query('model') ?? '');
    if (model === null) return chooseModel(c, api);
    const { form, plan, path } = await newForm(c, api, model);
    const more = { ProductRatePlanId: plan.id, ChargeModel: model.name };
    const request = { method: 'POST', path: '/v1/object/product-rate-plan-charge', more } as const;
    return sendForm(c, api, form, request, (id) => `${path}/charges/${id}`);
  });
  app.get('/products/:id/charges/:chargeId', async (c) => showCharge(c, apiOf(c)));
  editing(app, apiOf);
  deleting(app, apiOf);
};

/** The first step of a new charge: which fields there are follows from its model. */
async function chooseModel(c: PageContext, api: PageApi): Promise<Response> {
  const { crumbs } = await placeOf(c, api);
  const plan = await api.read(`/v1/product-rate-plans/${encoded(c.req.param('planId') ?? '')}`);
  const here = c.req.path;
  return page(
    c,
    { title: `New charge of ${plan.name}`, crumbs },
    <Table
      caption="Charge models"
      rows={MODEL_VIEWS}
      columns={[
        {
          title: 'Model',
          cell: (model) => <a href={`${here}?model=${encoded(model.name)}`}>{model.label}</a>,
        },
        {
          title: 'What it does',
          cell: (model) => (model.isOnlyKept ? `${model.explanation} Kept, not billed.` : model.explanation),
        },
      ]}
      empty=""
    />,
  );
}

const readCharge = (c: PageContext, api: PageApi) =>
  api.read(`/v1/object/product-rate-plan-charge/${encoded(c.req.param('chargeId') ?? '')}`);

const editing: PageRoutes = (app, apiOf) => {
  const formOf = async (c: PageContext, api: PageApi) => {
    const { path, crumbs } = await placeOf(c, api);
    const charge = await readCharge(c, api);
    const at = `${path}/charges/${encoded(charge.Id)}`;
    const form: ChargePage = {
      title: `Edit ${charge.Name}`,
      crumbs: [...crumbs, { label: charge.Name, path: at }],
      action: `${at}/edit`,
      submit: 'Save charge',
      cancel: at,
      model: modelView(charge.ChargeModel)!,
      isNew: false,
    };
    return { form, charge, at };
  };
  app.get('/products/:id/charges/:chargeId/edit', async (c) => {
    onlyFor(c, 'standard');
    const api = apiOf(c);
    const { form, charge } = await formOf(c, api);
    const rows = charge.ProductRatePlanChargeTierData.ProductRatePlanChargeTier as Json[];
    const names = Object.fromEntries(rows.map((_, row) => [`${TIERS}[${row}].Currency`, '']));
    const fields = allFields(form, valuesOf(names));
    const number = await api.get(`/v1/product-rate-plan-charges/${encoded(charge.Id)}`);
    const shown = {
      ...charge,
      ProductRatePlanChargeNumber: number.body?.productRatePlanChargeNumber ?? null,
    };
    return showForm(c, api, form, valuesOf(valuesFrom(fields, shown)));
  });
  app.post('/products/:id/charges/:chargeId/edit', async (c) => {
    const api = apiOf(c);
    const { form, charge, at } = await formOf(c, api);
    const path = `/v1/object/product-rate-plan-charge/${encoded(charge.Id)}`;
    return sendForm(c, api, form, { method: 'PUT', path }, () => at);
  });
};

const deleting: PageRoutes = (app, apiOf) => {
  const question = (charge: Json, path: string, crumbs: readonly Crumb[]) => {
    const at = `${path}/charges/${encoded(charge.Id)}`;
    return {
      title: `Delete ${charge.Name}?`,
      crumbs: [...crumbs, { label: charge.Name, path: at }],
      consequence:
        'The charge is deleted with its prices. What a subscription has, or ever had, cannot be deleted.',
      action: `${at}/delete`,
      label: 'Delete charge',
      cancel: at,
    };
  };
  app.get('/products/:id/charges/:chargeId/delete', async (c) => {
    onlyFor(c, 'standard');
    const api = apiOf(c);
    const { path, crumbs } = await placeOf(c, api);
    return confirmPage(c, question(await readCharge(c, api), path, crumbs));
  });
  app.post('/products/:id/charges/:chargeId/delete', async (c) => {
    const api = apiOf(c);
    const { path, crumbs } = await placeOf(c, api);
    const at = `/v1/object/product-rate-plan-charge/${encoded(c.req.param('chargeId'))}`;
    const charge = await api.find(at);
    if (charge === null) return c.redirect(path, 303);
    const reply = await api.send('DELETE', at, { key: keyOf(c) });
    if (reply.isOk) return c.redirect(path, 303);
    const problems = plainProblems(messagesOf(reply.body), reply.status);
    return confirmPage(c, { ...question(charge, path, crumbs), problems });
  });
};

/** What is said of a charge beside what its form has. */
const NOT_SHOWN = new Set([
  'Id',
  'Name',
  'ProductRatePlanId',
  'ProductRatePlanChargeTierData',
  'Description',
]);

async function showCharge(c: PageContext, api: PageApi): Promise<Response> {
  const { path, crumbs } = await placeOf(c, api);
  const charge = await readCharge(c, api);
  const at = `${path}/charges/${encoded(charge.Id)}`;
  const actions = mayWrite(c) ? (
    <>
      <a class="button primary" href={`${at}/edit`}>
        Edit
      </a>
      <a class="button" href={`${at}/delete`}>
        Delete
      </a>
    </>
  ) : undefined;
  return page(
    c,
    { title: charge.Name, crumbs, actions },
    <>
      <Prices c={c} charge={charge} />
      <Card title="Terms">
        <Facts facts={[['Description', charge.Description], ...termsOf(c, charge)]} />
      </Card>
    </>,
  );
}

function termsOf(c: PageContext, charge: Json): Array<[string, Json]> {
  const labels = new Map(
    chargeSections({ model: modelView(charge.ChargeModel)!, isNew: true, units: [] })
      .flatMap(({ fields }) => fields)
      .map(({ name, label }) => [name, label]),
  );
  return Object.entries(charge as Record<string, Json>)
    .filter(([name, value]) => !NOT_SHOWN.has(name) && typeof value !== 'object')
    .map(([name, value]) => [
      labels.get(name) ?? name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' '),
      name.endsWith('Date') ? c.get('format').instant(value) : shownValue(value),
    ]);
}

function shownValue(value: Json): string {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  return String(value);
}

function Prices({ c, charge }: { readonly c: PageContext; readonly charge: Json }) {
  const format = c.get('format');
  const tiers = charge.ProductRatePlanChargeTierData.ProductRatePlanChargeTier as Json[];
  const isTiered = modelView(charge.ChargeModel)?.prices === 'tiers';
  const range = (tier: Json) => {
    if (tier.IsOveragePrice) return 'beyond';
    const from = format.number(tier.StartingUnit ?? 0);
    return tier.EndingUnit === undefined ? `${from} and more` : `${from} – ${format.number(tier.EndingUnit)}`;
  };
  const amount = (tier: Json) =>
    tier.DiscountPercentage === undefined
      ? format.money(tier.DiscountAmount ?? tier.Price, tier.Currency)
      : `${format.number(tier.DiscountPercentage)}%`;
  return (
    <Card title={modelView(charge.ChargeModel)?.label ?? charge.ChargeModel}>
      <Table
        caption="Prices"
        rows={tiers}
        columns={[
          { title: 'Currency', cell: (tier) => tier.Currency },
          ...(isTiered ? [{ title: 'Units', cell: range }] : []),
          { title: 'Price', isNumber: true, cell: amount },
          ...(isTiered ? [{ title: 'For', cell: (tier: Json) => tier.PriceFormat }] : []),
        ]}
        empty={<p>This charge has no price of its own.</p>}
      />
    </Card>
  );
}
