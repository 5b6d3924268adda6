import type { Json, PageApi } from '../../api.ts';
import { bodyOf } from '../../forms/fields.ts';
import { Form, keyOf } from '../../forms/form.tsx';
import type { FormValues } from '../../forms/form-values.ts';
import { type Problem, problem, problemsOf } from '../../forms/problems.ts';
import { afterRowButton, RowFields, rowFieldsOf } from '../../forms/row-fields.tsx';
import { withRows } from '../../forms/rows.ts';
import { page } from '../../layout.tsx';
import type { PageContext } from '../../page-env.ts';
import type { PageRoutes } from '../../pages.tsx';
import { onlyFor } from '../../roles.ts';
import {
  comparable,
  ROUNDING,
  roundingGroup,
  roundingOf,
  SETTING_FIELDS,
  SETTING_SECTIONS,
  valuesOfSettings,
} from './settings-fields.ts';

const PATH = '/v1/spillway/settings';
/** What the form showed when it was opened: only what differs from it is changed, so that nobody undoes what others changed meanwhile. */
const SHOWN_FIELD = '_shown';

function showForm(
  c: PageContext,
  values: FormValues,
  shown: string,
  problems: readonly Problem[] = [],
): Response | Promise<Response> {
  const group = roundingGroup(values);
  const notice =
    c.req.query('saved') === undefined
      ? undefined
      : 'The settings are saved. All parts follow within seconds.';
  return page(
    c,
    { title: 'Settings', status: problems.length === 0 ? 200 : 400, notice },
    <Form
      c={c}
      action="/settings"
      sections={SETTING_SECTIONS}
      values={values}
      problems={problems}
      submit="Save settings"
      childFields={rowFieldsOf(group, values)}
    >
      <input type="hidden" name={SHOWN_FIELD} value={shown} />
      <RowFields group={group} values={values} problems={problems} />
    </Form>,
  );
}

function readShown(text: string): Record<string, string> {
  try {
    const shown: unknown = JSON.parse(text);
    return shown !== null && typeof shown === 'object' ? (shown as Record<string, string>) : {};
  } catch {
    return {};
  }
}

export const settingPages: PageRoutes = (app, apiOf) => {
  app.get('/settings', async (c) => {
    onlyFor(c, 'admin');
    const values = valuesOfSettings(await apiOf(c).read(PATH));
    return showForm(c, values, JSON.stringify(comparable(values)));
  });
  app.post('/settings', async (c) => {
    onlyFor(c, 'admin');
    const sent = c.get('form');
    const shownText = sent.text(SHOWN_FIELD);
    const changed = afterRowButton(sent, [roundingGroup(sent)], { mode: 'HALF_UP' });
    if (changed !== null) return showForm(c, changed, shownText);
    const values = withRows(sent, ROUNDING, sent.rowsOf(ROUNDING));
    return save(c, apiOf(c), values, readShown(shownText));
  });
};

async function save(
  c: PageContext,
  api: PageApi,
  values: FormValues,
  shown: Readonly<Record<string, string>>,
): Promise<Response> {
  const now = comparable(valuesOfSettings(await api.read(PATH)));
  const typed = comparable(values);
  const changed = Object.keys(typed).filter((name) => typed[name] !== shown[name]);
  const twice = repeatedCurrency(values);
  if (twice !== null) return showForm(c, values, JSON.stringify(shown), [twice]);
  const overtaken = changed.filter((name) => now[name] !== shown[name] && now[name] !== typed[name]);
  if (overtaken.length > 0) {
    const problems = overtaken.map((name) =>
      problem(
        name === ROUNDING ? null : name,
        `${name === ROUNDING ? 'The roundings were' : 'This was'} changed by somebody else meanwhile, to ${now[name]}. Save again to replace it.`,
      ),
    );
    return showForm(c, values, JSON.stringify(now), problems);
  }
  if (changed.length === 0) return c.redirect('/settings', 303);
  const reply = await api.send('PUT', PATH, { body: bodyOfChanges(values, changed), key: keyOf(c) });
  if (reply.isOk) return c.redirect('/settings?saved', 303);
  const fields = [...SETTING_FIELDS, ...rowFieldsOf(roundingGroup(values), values)];
  return showForm(c, values, JSON.stringify(shown), problemsOf(reply, fields));
}

/** Only the settings that are changed: what is absent stays. */
function bodyOfChanges(values: FormValues, changed: readonly string[]): Json {
  const fields = SETTING_FIELDS.filter(({ name }) => changed.includes(name)).map(
    (field) => ({ ...field, whenEmpty: 'text' }) as const,
  );
  const body = bodyOf(fields, values);
  if (!changed.includes(ROUNDING)) return body;
  return { ...body, billing: { ...body.billing, rounding: roundingOf(values) } };
}

function repeatedCurrency(values: FormValues): Problem | null {
  const seen = new Set<string>();
  for (const row of values.rowsOf(ROUNDING)) {
    const name = `${ROUNDING}[${row}].currency`;
    const currency = values.text(name).toUpperCase();
    if (seen.has(currency)) return problem(name, `${currency} is there twice`);
    seen.add(currency);
  }
  return null;
}
