import type { Child } from 'hono/jsx';
import { encoded, type Json, type PageApi, queryOf } from '../../api.ts';
import { Card, Pager, Status } from '../../components/parts.tsx';
import { type Column, Table } from '../../components/table.tsx';
import type { Field } from '../../forms/fields.ts';
import type { FormValues } from '../../forms/form-values.ts';
import { type Problem, problem } from '../../forms/problems.ts';
import type { PageContext } from '../../page-env.ts';

/** What pages of invoices and memos have alike. */

/** Lines of one page. */
export const LINES_SHOWN = 40;
/** Lines that one form is about, of a document that may have more. */
export const LINES_IN_FORM = 100;
/** Payments, memos and applications that one page names; more are in the lists. */
export const APPLIED_SHOWN = 50;

/** Who a document is of. */
export interface DocumentAccount {
  readonly id: string;
  readonly name: string;
  readonly accountNumber: string;
}

export async function readAccount(api: PageApi, id: string | null): Promise<DocumentAccount | null> {
  if (!id) return null;
  const fields = '?fields[]=id&fields[]=name&fields[]=accountnumber';
  const reply = await api.get(`/object-query/accounts/${encoded(id)}${fields}`);
  return reply.isOk ? reply.body : null;
}

export function AccountLink({ account }: { readonly account: DocumentAccount | null }) {
  if (account === null) return <span class="quiet">none</span>;
  return (
    <a href={`/accounts/${account.id}`}>
      {account.name} ({account.accountNumber})
    </a>
  );
}

/** Sums of a document, large. */
export function Sums({ sums }: { readonly sums: ReadonlyArray<readonly [string, string]> }) {
  return (
    <dl class="metrics">
      {sums.map(([name, amount]) => (
        <div>
          <dt>{name}</dt>
          <dd>{amount}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A page of rows that the API numbers. */
export interface NumberedPage {
  readonly rows: readonly Json[];
  readonly page: number;
  readonly hasNext: boolean;
}

/** The page of lines that the address asks for. */
export async function readLines(
  c: PageContext,
  api: PageApi,
  path: string,
  list: string,
): Promise<NumberedPage> {
  const asked = c.req.query('page') ?? '';
  const number = /^[1-9]\d{0,4}$/.test(asked) ? Number(asked) : 1;
  const body = await api.read(`${path}${queryOf({ pageSize: LINES_SHOWN, page: number })}`);
  return { rows: body[list] ?? [], page: number, hasNext: Boolean(body.nextPage) };
}

/** The first lines of a document, as many as a form is about: the API gives them by pages. */
export async function firstLines(api: PageApi, path: string, list: string): Promise<Json[]> {
  const rows: Json[] = [];
  for (let page = 1; rows.length < LINES_IN_FORM; page++) {
    const body = await api.read(`${path}${queryOf({ pageSize: LINES_SHOWN, page })}`);
    rows.push(...(body[list] ?? []));
    if (!body.nextPage) break;
  }
  return rows.slice(0, LINES_IN_FORM);
}

export function LinesCard({
  path,
  lines,
  columns,
  footer,
}: {
  readonly path: string;
  readonly lines: NumberedPage;
  readonly columns: ReadonlyArray<Column<Json>>;
  readonly footer?: Child;
}) {
  const first = (lines.page - 1) * LINES_SHOWN + 1;
  const shown = `Lines ${first} to ${first + lines.rows.length - 1}`;
  return (
    <Card title="Lines" id="lines">
      <Table
        caption="Lines"
        columns={columns}
        rows={lines.rows}
        empty={<p>No lines on this page.</p>}
        {...(footer === undefined ? {} : { footer })}
      />
      {lines.page > 1 || lines.hasNext ? (
        <Pager
          first={lines.page > 1 ? `${path}#lines` : null}
          next={lines.hasNext ? `${path}?page=${lines.page + 1}#lines` : null}
          shown={lines.rows.length === 0 ? 'No lines' : shown}
        />
      ) : null}
    </Card>
  );
}

/** Subscription of a line, when it has one. */
export function SubscriptionLink({ number }: { readonly number: string | null | undefined }) {
  return number ? <a href={`/subscriptions/${encoded(number)}`}>{number}</a> : null;
}

/** Days that a line is for. */
export function servicePeriod(c: PageContext, line: Json): string {
  const format = c.get('format');
  const [from, to] = [format.date(line.serviceStartDate), format.date(line.serviceEndDate)];
  return to === '' || to === from ? from : `${from} – ${to}`;
}

/** What was applied to a document: payments and credit memos. */
export async function readApplied(
  api: PageApi,
  field: 'invoiceid' | 'debitmemoid',
  id: string,
): Promise<Json[]> {
  const read = async (collection: string, expand: string) => {
    const query = queryOf({ 'filter[]': `${field}.EQ:${id}`, 'expand[]': expand, pageSize: APPLIED_SHOWN });
    return (await api.read(`/object-query/${collection}${query}`)).data as Json[];
  };
  const [payments, memos] = await Promise.all([
    read('payment-applications', 'payment'),
    read('credit-memo-applications', 'creditmemo'),
  ]);
  return [...payments, ...memos];
}

export function AppliedCard({
  c,
  applied,
  currency,
}: {
  readonly c: PageContext;
  readonly applied: readonly Json[];
  readonly currency: string;
}) {
  const format = c.get('format');
  const columns: Array<Column<Json>> = [
    {
      title: 'From',
      cell: (row) =>
        row.paymentId ? (
          <a href={`/payments/${row.paymentId}`}>Payment {row.payment?.paymentNumber}</a>
        ) : (
          <a href={`/credit-memos/${row.creditMemoId}`}>Credit memo {row.creditMemo?.memoNumber}</a>
        ),
    },
    { title: 'Date', cell: (row) => format.date(row.effectiveDate) },
    {
      title: 'Amount',
      isNumber: true,
      cell: (row) => format.money(row.applyAmount ?? row.amount, currency),
    },
  ];
  return (
    <Card title="Payments and credit memos applied">
      <Table
        caption="Payments and credit memos applied"
        columns={columns}
        rows={applied}
        empty={<p>Nothing is applied yet.</p>}
      />
    </Card>
  );
}

/** Documents that were made from this one. */
export function MemosCard({ c, memos }: { readonly c: PageContext; readonly memos: readonly Json[] }) {
  if (memos.length === 0) return null;
  const format = c.get('format');
  const columns: Array<Column<Json>> = [
    { title: 'Memo', cell: (row) => <a href={`/${row.section}/${row.id}`}>{row.memoNumber}</a> },
    { title: 'Kind', cell: (row) => (row.section === 'credit-memos' ? 'Credit memo' : 'Debit memo') },
    { title: 'Source', cell: (row) => row.source, isWideOnly: true },
    { title: 'Status', cell: (row) => <Status value={row.status} /> },
    { title: 'Amount', isNumber: true, cell: (row) => format.money(row.totalAmount, row.currency) },
  ];
  return (
    <Card title="Memos made from it">
      <Table caption="Memos made from it" columns={columns} rows={memos} empty={null} />
    </Card>
  );
}

export async function readMemosOf(api: PageApi, invoiceId: string): Promise<Json[]> {
  const read = async (section: string) => {
    const query = queryOf({ 'filter[]': `invoiceid.EQ:${invoiceId}`, pageSize: APPLIED_SHOWN });
    const { data } = await api.read(`/object-query/${section}${query}`);
    return data.map((memo: Json) => ({ ...memo, section }));
  };
  return (await Promise.all([read('credit-memos'), read('debit-memos')])).flat();
}

/** Who changed it and when. */
export function auditFacts(c: PageContext, shown: Json): Array<readonly [string, Child]> {
  const format = c.get('format');
  return [
    ['Created', format.instant(utc(shown.createdDate))],
    ['Last changed', format.instant(utc(shown.updatedDate))],
  ];
}

/** Replies about documents show instants in UTC, as 2026-01-31 08:30:00. */
function utc(shown: string | null | undefined): string | null {
  return shown ? `${shown.slice(0, 10)}T${shown.slice(11, 19)}Z` : null;
}

export const CANNOT_BE_EMPTIED = 'Cannot be emptied: type another value.';

/** Dates that a document has and its form has no more: the API would keep them in silence. */
export function emptiedDates(fields: readonly Field[], values: FormValues, shown: Json): Problem[] {
  return fields
    .filter(({ name, type }) => type === 'date' && values.text(name) === '' && shown[name])
    .map(({ name }) => problem(name, CANNOT_BE_EMPTIED));
}
