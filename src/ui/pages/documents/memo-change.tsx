import type { Hono } from 'hono';
import { encoded, type Json, type PageApi } from '../../api.ts';
import {
  type AmountRow,
  AmountRows,
  amountFields,
  nameOfAmount,
  problemsOfAmounts,
  typedAmounts,
  wireAmount,
} from '../../forms/amount-rows.tsx';
import { bodyOf, type Section, valuesFrom } from '../../forms/fields.ts';
import { Form, keyOf } from '../../forms/form.tsx';
import { type FormValues, valuesOf } from '../../forms/form-values.ts';
import { type Problem, problem } from '../../forms/problems.ts';
import { page } from '../../layout.tsx';
import type { PageContext, PageEnv } from '../../page-env.ts';
import { type ActedOn, afterDoing, mayWrite, readObject } from '../object-actions.tsx';
import { ReadersOnly } from '../readers-only.tsx';
import {
  CANNOT_BE_EMPTIED,
  emptiedDates,
  firstLines,
  LINES_IN_FORM,
  servicePeriod,
} from './document-parts.tsx';
import type { MemoSection } from './memo-forms.tsx';

/** Changing a memo: of a draft its date and the amounts of its lines too. */

const ITEMS = 'items';

function headOf(section: MemoSection, { status }: Json): Section {
  const isDraft = status === 'Draft';
  return {
    title: 'Memo',
    ...(isDraft ? {} : { hint: 'The memo is posted: its date and lines stay. Unpost it to change them.' }),
    fields: [
      ...(isDraft ? [{ name: 'effectiveDate', label: 'Memo date', type: 'date' } as const] : []),
      ...(section === 'debit-memos'
        ? [
            { name: 'dueDate', label: 'Due date', type: 'date' } as const,
            { name: 'autoPay', label: 'Picked up by payment runs', type: 'checkbox' } as const,
          ]
        : []),
      { name: 'reasonCode', label: 'Reason', maxLength: 255, whenEmpty: 'text' },
      { name: 'comment', label: 'Comment', maxLength: 255, whenEmpty: 'text' },
    ],
  };
}

export function memoChangeRoutes(
  app: Hono<PageEnv>,
  apiOf: (c: PageContext) => PageApi,
  section: MemoSection,
  object: ActedOn,
): void {
  const read = async (c: PageContext, api: PageApi) => {
    const read = await readObject(c, api, object);
    const memo = { ...read, effectiveDate: read.creditMemoDate ?? read.debitMemoDate };
    return { memo, lines: await changeableLines(api, object, memo) };
  };
  app.get(`/${section}/:id/edit`, async (c) => {
    const { memo, lines } = await read(c, apiOf(c));
    const amounts = lines.map(({ id, amountWithoutTax }): [string, string] => [
      nameOfAmount({ list: ITEMS, id }),
      String(amountWithoutTax),
    ]);
    const values = { ...valuesFrom(headOf(section, memo).fields, memo), ...Object.fromEntries(amounts) };
    return show(c, section, object, { memo, lines, values: valuesOf(values) });
  });
  app.post(`/${section}/:id/edit`, async (c) => {
    const api = apiOf(c);
    const { memo, lines } = await read(c, api);
    const values = c.get('form');
    const { fields } = headOf(section, memo);
    const emptied = [...emptiedDates(fields, values, memo), ...emptiedAmounts(lines, values)];
    if (emptied.length > 0) return show(c, section, object, { memo, lines, values, problems: emptied });
    const typed = typedAmounts(values, ITEMS);
    const items = typed.map(({ id, amount }) => ({ id, amount: wireAmount(amount) }));
    const reply = await api.send('PUT', `${object.apiPath}/${encoded(memo.id)}`, {
      body: { ...bodyOf(fields, values), ...(items.length === 0 ? {} : { items }) },
      key: keyOf(c),
    });
    if (!reply.isOk) {
      const problems = problemsOfAmounts(reply, fields, typed);
      return show(c, section, object, { memo, lines, values, problems });
    }
    return c.redirect(afterDoing(`/${section}/${encoded(memo.id)}`, 'edited'), 303);
  });
}

async function changeableLines(api: PageApi, { apiPath }: ActedOn, { id, status }: Json): Promise<Json[]> {
  if (status !== 'Draft') return [];
  return firstLines(api, `${apiPath}/${encoded(id)}/items`, 'items');
}

/** Lines that the form had whose amount is gone: it has one in any case. */
function emptiedAmounts(lines: readonly Json[], values: FormValues): Problem[] {
  return lines
    .map(({ id }) => nameOfAmount({ list: ITEMS, id }))
    .filter((name) => values.has(name) && values.text(name) === '')
    .map((name) => problem(name, CANNOT_BE_EMPTIED));
}

function show(
  c: PageContext,
  section: MemoSection,
  object: ActedOn,
  content: {
    readonly memo: Json;
    readonly lines: readonly Json[];
    readonly values: FormValues;
    readonly problems?: readonly Problem[];
  },
): Response | Promise<Response> {
  const { memo, lines, values, problems = [] } = content;
  const path = `/${section}/${memo.id}`;
  const rows = lines.map(
    (line): AmountRow => ({
      list: ITEMS,
      id: line.id,
      label: `Amount of ${line.skuName}`,
      cells: [line.skuName, servicePeriod(c, line)],
    }),
  );
  return page(
    c,
    {
      title: `Edit ${object.noun} ${memo.number}`,
      crumbs: [
        { label: object.title, path: `/${section}` },
        { label: memo.number, path },
      ],
      status: problems.length > 0 ? 400 : 200,
    },
    mayWrite(c) ? (
      <Form
        c={c}
        action={`${path}/edit`}
        sections={[headOf(section, memo)]}
        values={values}
        problems={problems}
        childFields={amountFields(rows)}
        submit="Save"
        cancel={path}
      >
        {rows.length === 0 ? null : (
          <>
            <p class="hint">Of a long memo the first {LINES_IN_FORM} lines are here.</p>
            <AmountRows
              caption="Lines"
              columns={[{ title: 'Charge' }, { title: 'Service', isWideOnly: true }]}
              amountTitle={`Amount (${memo.currency})`}
              rows={rows}
              values={values}
              problems={problems}
              empty={null}
            />
          </>
        )}
      </Form>
    ) : (
      <ReadersOnly />
    ),
  );
}
