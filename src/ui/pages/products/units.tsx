import { ApiProblem, encoded, type Json, messagesOf, notThere, type PageApi } from '../../api.ts';
import { confirmPage, plainProblems } from '../../components/confirm.tsx';
import { Table } from '../../components/table.tsx';
import { bodyOf, initialValues, valuesFrom } from '../../forms/fields.ts';
import { Form, keyOf } from '../../forms/form.tsx';
import { type FormValues, valuesOf } from '../../forms/form-values.ts';
import { type Problem, problemsOf } from '../../forms/problems.ts';
import { page } from '../../layout.tsx';
import type { PageContext } from '../../page-env.ts';
import type { PageRoutes } from '../../pages.tsx';
import { mayWrite, onlyFor } from '../../roles.ts';
import { unitSections } from './catalog-fields.ts';

const UNITS_SHOWN_MAX = 500;
const FIELDS = 'Id, UomName, DisplayedAs, DecimalPlaces, RoundingMode, Active';
const CRUMBS = [
  { label: 'Products', path: '/products' },
  { label: 'Units of measure', path: '/products/units' },
];
const ALL_FIELDS = unitSections.flatMap(({ fields }) => fields);

/** Units of measure: ZOQL is how the API lists them. */
export async function readUnits(api: PageApi, condition = ''): Promise<Json[]> {
  const reply = await api.send('POST', '/v1/action/query', {
    body: {
      queryString: `select ${FIELDS} from UnitOfMeasure${condition}`,
      conf: { batchSize: UNITS_SHOWN_MAX },
    },
  });
  if (!reply.isOk) throw new ApiProblem(reply);
  return reply.body.records;
}

async function showUnits(
  c: PageContext,
  api: PageApi,
  values: FormValues,
  problems: readonly Problem[] = [],
): Promise<Response> {
  const units = (await readUnits(api)).sort((a, b) => (a.UomName < b.UomName ? -1 : 1));
  const title = 'Units of measure';
  return page(
    c,
    { title, crumbs: CRUMBS.slice(0, 1), status: problems.length === 0 ? 200 : 400 },
    <>
      <Table
        caption={title}
        rows={units}
        columns={[
          {
            title: 'Name',
            cell: (unit) =>
              mayWrite(c) ? <a href={`/products/units/${encoded(unit.Id)}`}>{unit.UomName}</a> : unit.UomName,
          },
          { title: 'Displayed as', cell: (unit) => unit.DisplayedAs },
          { title: 'Decimal places', isNumber: true, cell: (unit) => unit.DecimalPlaces },
          { title: 'Rounding', cell: (unit) => unit.RoundingMode, isWideOnly: true },
          { title: 'Offered', cell: (unit) => (unit.Active ? 'Yes' : 'No') },
        ]}
        empty={
          <>
            <h2>No units of measure yet</h2>
            <p>
              What per-unit charges count and usage is recorded in: Each, GB, Vehicle. A charge may also name
              a unit that is not listed here.
            </p>
          </>
        }
      />
      {mayWrite(c) ? (
        <Form
          c={c}
          action="/products/units"
          sections={unitSections.map((section) => ({ ...section, title: 'New unit of measure' }))}
          values={values}
          problems={problems}
          submit="Create unit"
        />
      ) : null}
    </>,
  );
}

async function findUnit(c: PageContext, api: PageApi): Promise<Json | null> {
  const id = c.req.param('unitId') ?? '';
  if (!/^[0-9a-f]{32}$/.test(id)) return null;
  return (await readUnits(api, ` where Id = '${id}'`))[0] ?? null;
}

async function unitOf(c: PageContext, api: PageApi): Promise<Json> {
  const unit = await findUnit(c, api);
  if (unit === null) throw notThere('There is no such unit of measure.');
  return unit;
}

function showUnit(c: PageContext, unit: Json, values: FormValues, problems: readonly Problem[] = []) {
  const path = `/products/units/${encoded(unit.Id)}`;
  const actions = (
    <a class="button" href={`${path}/delete`}>
      Delete
    </a>
  );
  return page(
    c,
    { title: unit.UomName, crumbs: CRUMBS, actions, status: problems.length === 0 ? 200 : 400 },
    <Form
      c={c}
      action={path}
      sections={unitSections}
      values={values}
      problems={problems}
      submit="Save unit"
      cancel="/products/units"
    />,
  );
}

export const unitPages: PageRoutes = (app, apiOf) => {
  app.get('/products/units', (c) => showUnits(c, apiOf(c), initialValues(ALL_FIELDS)));
  app.post('/products/units', async (c) => {
    const api = apiOf(c);
    const values = c.get('form');
    const body = bodyOf(ALL_FIELDS, values);
    const reply = await api.send('POST', '/v1/object/unit-of-measure', { body, key: keyOf(c) });
    if (!reply.isOk) return showUnits(c, api, values, problemsOf(reply, ALL_FIELDS));
    return c.redirect('/products/units', 303);
  });
  app.get('/products/units/:unitId', async (c) => {
    onlyFor(c, 'standard');
    const unit = await unitOf(c, apiOf(c));
    return showUnit(c, unit, valuesOf(valuesFrom(ALL_FIELDS, unit)));
  });
  app.post('/products/units/:unitId', async (c) => {
    const api = apiOf(c);
    const unit = await unitOf(c, api);
    const values = c.get('form');
    const body = { ...bodyOf(ALL_FIELDS, values), DisplayedAs: values.text('DisplayedAs') || null };
    const path = `/v1/object/unit-of-measure/${encoded(unit.Id)}`;
    const reply = await api.send('PUT', path, { body, key: keyOf(c) });
    if (!reply.isOk) return showUnit(c, unit, values, problemsOf(reply, ALL_FIELDS));
    return c.redirect('/products/units', 303);
  });
  const question = (unit: Json) => ({
    title: `Delete ${unit.UomName}?`,
    crumbs: CRUMBS,
    consequence: 'A unit that a charge of the catalog counts in cannot be deleted.',
    action: `/products/units/${encoded(unit.Id)}/delete`,
    label: 'Delete unit',
    cancel: '/products/units',
  });
  app.get('/products/units/:unitId/delete', async (c) => {
    onlyFor(c, 'standard');
    return confirmPage(c, question(await unitOf(c, apiOf(c))));
  });
  app.post('/products/units/:unitId/delete', async (c) => {
    const api = apiOf(c);
    const unit = await findUnit(c, api);
    if (unit === null) return c.redirect('/products/units', 303);
    const path = `/v1/object/unit-of-measure/${encoded(unit.Id)}`;
    const reply = await api.send('DELETE', path, { key: keyOf(c) });
    if (reply.isOk) return c.redirect('/products/units', 303);
    return confirmPage(c, {
      ...question(unit),
      problems: plainProblems(messagesOf(reply.body), reply.status),
    });
  });
};
