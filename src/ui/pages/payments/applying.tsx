import type { Hono } from 'hono';
import { encoded, type Json, type PageApi } from '../../api.ts';
import { AmountRows, amountFields, problemsOfAmounts, typedAmounts } from '../../forms/amount-rows.tsx';
import { bodyOf, type Field, type Section } from '../../forms/fields.ts';
import { Form, keyOf } from '../../forms/form.tsx';
import { type FormValues, valuesOf } from '../../forms/form-values.ts';
import { type Problem, problem } from '../../forms/problems.ts';
import { page } from '../../layout.tsx';
import type { PageContext, PageEnv } from '../../page-env.ts';
import { type ActedOn, afterDoing, mayWrite, pathOfObject, readObject } from '../object-actions.tsx';
import { ReadersOnly } from '../readers-only.tsx';
import {
  DOCUMENT_COLUMNS,
  documentRows,
  type OpenDocument,
  partsOf,
  readAppliedParts,
  readDocument,
  readOpenDocuments,
} from './open-documents.tsx';

/** Applying what is left of a payment or credit memo to documents, and taking it off them. */

type Step = 'apply' | 'unapply';

const TITLES = { apply: 'Apply', unapply: 'Take off' } as const;

const OTHER: readonly Field[] = [
  {
    name: 'otherKind',
    label: 'Kind',
    type: 'select',
    required: true,
    choices: [
      { value: 'invoices', label: 'Invoice' },
      { value: 'debitMemos', label: 'Debit memo' },
    ],
  },
  { name: 'otherNumber', label: 'Number', maxLength: 100 },
  { name: 'otherAmount', label: 'Amount', type: 'decimal' },
];

const SECTIONS: Readonly<Record<Step, readonly Section[]>> = {
  apply: [
    {
      title: 'When',
      fields: [
        { name: 'effectiveDate', label: 'Effective date', type: 'date', hint: 'Today when left empty' },
      ],
    },
    {
      title: 'Another document',
      hint: 'One that is not among those below, by its number.',
      fields: OTHER,
    },
  ],
  unapply: [
    {
      title: 'When',
      fields: [
        { name: 'effectiveDate', label: 'Effective date', type: 'date', hint: 'Today when left empty' },
      ],
    },
  ],
};

export interface Source {
  readonly object: ActedOn;
  readonly kind: 'payment' | 'creditMemo';
}

export function applyingRoutes(app: Hono<PageEnv>, apiOf: (c: PageContext) => PageApi, source: Source): void {
  const { section } = source.object;
  for (const step of ['apply', 'unapply'] as const) {
    app.get(`/${section}/:id/${step}`, async (c) => {
      const api = apiOf(c);
      const shown = await readObject(c, api, source.object);
      const documents = await documentsOf(api, source, step, shown);
      return show(c, source, step, { shown, documents, values: valuesOf({}) });
    });
    app.post(`/${section}/:id/${step}`, (c) => move(c, apiOf(c), source, step));
  }
}

async function documentsOf(api: PageApi, { kind }: Source, step: Step, shown: Json): Promise<OpenDocument[]> {
  if (step === 'unapply') return readAppliedParts(api, kind, shown.id, shown.currency);
  return shown.accountId ? readOpenDocuments(api, shown.accountId) : [];
}

async function move(c: PageContext, api: PageApi, source: Source, step: Step): Promise<Response> {
  const { object } = source;
  const shown = await readObject(c, api, object);
  const values = c.get('form');
  const again = async (problems: readonly Problem[]) =>
    show(c, source, step, {
      shown,
      documents: await documentsOf(api, source, step, shown),
      values,
      problems,
    });
  const typed = [...typedAmounts(values, 'invoices'), ...typedAmounts(values, 'debitMemos')];
  if (values.text('otherNumber') !== '') {
    const kind = values.text('otherKind') === 'debitMemos' ? 'debitMemos' : 'invoices';
    const other = await readDocument(api, kind, values.text('otherNumber'));
    if (other === null) {
      return again([problem('otherNumber', `There is no such document: ${values.text('otherNumber')}`)]);
    }
    typed.push({ list: kind, id: other.id, amount: values.text('otherAmount') });
  }
  const { effectiveDate } = bodyOf(SECTIONS[step][0]!.fields, values);
  const reply = await api.send('PUT', `${object.apiPath}/${encoded(shown.id)}/${step}`, {
    body: { ...(effectiveDate === undefined ? {} : { effectiveDate }), ...partsOf(typed) },
    key: keyOf(c),
  });
  if (reply.isOk) return c.redirect(afterDoing(pathOfObject(object, shown), step), 303);
  if (typed.length === 0) return again([problem(null, 'Type an amount for at least one document.')]);
  return again(
    problemsOfAmounts(
      reply,
      SECTIONS[step].flatMap(({ fields }) => fields),
      typed,
    ),
  );
}

function show(
  c: PageContext,
  { object }: Source,
  step: Step,
  content: {
    readonly shown: Json;
    readonly documents: readonly OpenDocument[];
    readonly values: FormValues;
    readonly problems?: readonly Problem[];
  },
): Response | Promise<Response> {
  const { shown, documents, values, problems = [] } = content;
  const path = pathOfObject(object, shown);
  const number = object.numberOf(shown);
  const money = (amount: number) => c.get('format').money(amount, shown.currency);
  const rows = documentRows(c, documents);
  return page(
    c,
    {
      title: `${TITLES[step]} ${object.noun} ${number}`,
      crumbs: [
        { label: object.title, path: `/${object.section}` },
        { label: number, path },
      ],
      status: problems.length > 0 ? 400 : 200,
    },
    <>
      <p>
        {step === 'apply'
          ? `${money(shown.unappliedAmount)} are left to apply. Type how much each document gets.`
          : `${money(shown.appliedAmount)} are applied. Type how much is taken off each document.`}
      </p>
      {mayWrite(c) ? (
        <Form
          c={c}
          action={`${path}/${step}`}
          sections={SECTIONS[step]}
          values={values}
          problems={problems}
          childFields={amountFields(rows)}
          submit={TITLES[step]}
          cancel={path}
          cancelLabel="Back"
        >
          <AmountRows
            caption={step === 'apply' ? 'Open documents, oldest first' : 'Documents that it is applied to'}
            columns={DOCUMENT_COLUMNS(step === 'apply' ? 'Balance' : 'Applied')}
            amountTitle={TITLES[step]}
            rows={rows}
            values={values}
            problems={problems}
            empty={
              <p>
                {step === 'apply' ? 'The account has no open documents.' : 'It is applied to no document.'}
              </p>
            }
          />
        </Form>
      ) : (
        <ReadersOnly />
      )}
    </>,
  );
}
