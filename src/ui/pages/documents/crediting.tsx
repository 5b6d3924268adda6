import type { Hono } from 'hono';
import { encoded, type Json, type PageApi } from '../../api.ts';
import { bodyOf, type Choice, type Section } from '../../forms/fields.ts';
import { Form, keyOf } from '../../forms/form.tsx';
import { type FormValues, valuesOf } from '../../forms/form-values.ts';
import { type Problem, problemsOf } from '../../forms/problems.ts';
import { page } from '../../layout.tsx';
import type { PageContext, PageEnv } from '../../page-env.ts';
import { type ActedOn, afterDoing, mayWrite, pathOfObject, readObject } from '../object-actions.tsx';
import { type DocumentKind, partsOf } from '../payments/open-documents.tsx';
import { ReadersOnly } from '../readers-only.tsx';

/** Applying a credit memo of the account to an invoice or debit memo, from the document's page. */

/** Credit memos that one form offers. */
const MEMOS_OFFERED_MAX = 50;

export function creditingRoutes(
  app: Hono<PageEnv>,
  apiOf: (c: PageContext) => PageApi,
  object: ActedOn,
  kind: DocumentKind,
): void {
  const path = `/${object.section}/:id/apply`;
  app.get(path, async (c) => {
    const api = apiOf(c);
    const shown = await readObject(c, api, object);
    const memos = await readUnapplied(c, api, shown);
    const [first] = memos;
    const values = valuesOf({ ...(first === undefined ? {} : { memo: first.value }) });
    return show(c, object, shown, memos, values);
  });
  app.post(path, async (c) => {
    const api = apiOf(c);
    const shown = await readObject(c, api, object);
    const values = c.get('form');
    const [section] = sectionsOf([]);
    const { memo, amount, ...body } = bodyOf(section!.fields, values);
    const typed = [{ list: kind, id: shown.id, amount: String(amount ?? '') }];
    const reply = await api.send('PUT', `/v1/credit-memos/${encoded(memo ?? '')}/apply`, {
      body: { ...body, ...partsOf(typed) },
      key: keyOf(c),
    });
    if (reply.isOk) return c.redirect(afterDoing(pathOfObject(object, shown), 'credited'), 303);
    return show(
      c,
      object,
      shown,
      await readUnapplied(c, api, shown),
      values,
      problemsOf(reply, sectionsOf([], kind)[0]!.fields),
    );
  });
}

/** Posted credit memos of the account with something left, oldest first. */
async function readUnapplied(c: PageContext, api: PageApi, { accountId }: Json): Promise<Choice[]> {
  const filters = [`accountid.EQ:${accountId}`, 'status.EQ:Posted', 'balance.GT:0'];
  const query = new URLSearchParams([
    ...filters.map((filter) => ['filter[]', filter]),
    ['sort[]', 'memodate.ASC'],
    ['pageSize', String(MEMOS_OFFERED_MAX)],
  ]);
  const { data } = await api.read(`/object-query/credit-memos?${query}`);
  return data.map(({ id, memoNumber, balance, currency }: Json) => ({
    value: id,
    label: `${memoNumber}: ${c.get('format').money(balance, currency)} left`,
  }));
}

function sectionsOf(memos: readonly Choice[], kind?: DocumentKind): Section[] {
  return [
    {
      title: 'Credit memo',
      fields: [
        { name: 'memo', label: 'Credit memo', type: 'select', required: true, choices: memos },
        {
          name: 'amount',
          label: 'Amount',
          type: 'decimal',
          required: true,
          ...(kind === undefined ? {} : { alsoNamed: [`${kind}[0].amount`] }),
        },
        { name: 'effectiveDate', label: 'Effective date', type: 'date', hint: 'Today when left empty' },
      ],
    },
  ];
}

function show(
  c: PageContext,
  object: ActedOn,
  shown: Json,
  memos: readonly Choice[],
  values: FormValues,
  problems: readonly Problem[] = [],
): Response | Promise<Response> {
  const path = pathOfObject(object, shown);
  const number = object.numberOf(shown);
  return page(
    c,
    {
      title: `Apply a credit memo to ${object.noun} ${number}`,
      crumbs: [
        { label: object.title, path: `/${object.section}` },
        { label: number, path },
      ],
      status: problems.length > 0 ? 400 : 200,
    },
    !mayWrite(c) ? (
      <ReadersOnly />
    ) : memos.length === 0 ? (
      <div class="empty">
        <h2>The account has no credit memo with something left</h2>
        <p>Make one and post it, then apply it here or on its own page.</p>
        <a class="button" href={`/credit-memos/new?account=${shown.accountId}`}>
          New credit memo
        </a>
      </div>
    ) : (
      <>
        <p>{c.get('format').money(shown.balance, shown.currency)} are open.</p>
        <Form
          c={c}
          action={`${path}/apply`}
          sections={sectionsOf(memos)}
          values={values}
          problems={problems}
          submit="Apply"
          cancel={path}
        />
      </>
    ),
  );
}
