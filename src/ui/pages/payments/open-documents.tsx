import { encoded, type Json, type PageApi } from '../../api.ts';
import type { AmountRow, TypedAmount } from '../../forms/amount-rows.tsx';
import { wireAmount } from '../../forms/amount-rows.tsx';
import type { PageContext } from '../../page-env.ts';

/** What a payment or credit memo can be applied to, and what it is applied to, as rows that take an amount. */

/** Documents of each kind that one form offers: the oldest that are open. */
export const OFFERED_MAX = 50;

export type DocumentKind = 'invoices' | 'debitMemos';

/** What of each kind the API is asked for. */
const KINDS = {
  invoices: {
    collection: 'invoices',
    section: 'invoices',
    word: 'Invoice',
    number: 'invoiceNumber',
    date: 'invoicedate',
    id: 'invoiceId',
  },
  debitMemos: {
    collection: 'debit-memos',
    section: 'debit-memos',
    word: 'Debit memo',
    number: 'memoNumber',
    date: 'memodate',
    id: 'debitMemoId',
  },
} as const;

export interface OpenDocument {
  readonly kind: DocumentKind;
  readonly id: string;
  readonly number: string;
  readonly dueDate: string | null;
  readonly amount: number;
  readonly currency: string;
}

/** The account's posted documents with a balance, oldest first. */
export async function readOpenDocuments(api: PageApi, accountId: string): Promise<OpenDocument[]> {
  const read = async (kind: DocumentKind): Promise<OpenDocument[]> => {
    const { collection, number, date } = KINDS[kind];
    const filters = [`accountid.EQ:${accountId}`, 'status.EQ:Posted', 'balance.GT:0'];
    const query = new URLSearchParams([
      ...filters.map((filter) => ['filter[]', filter]),
      ['sort[]', `${date}.ASC`],
      ['pageSize', String(OFFERED_MAX)],
      ...['id', number.toLowerCase(), 'duedate', 'balance', 'currency'].map((field) => ['fields[]', field]),
    ]);
    const { data } = await api.read(`/object-query/${collection}?${query}`);
    return data.map((row: Json) => openDocumentOf(kind, row));
  };
  return (await Promise.all([read('invoices'), read('debitMemos')])).flat();
}

/** One document by id or number, whether it is open or not. */
export async function readDocument(
  api: PageApi,
  kind: DocumentKind,
  key: string,
): Promise<(OpenDocument & { readonly accountId: string }) | null> {
  const reply = await api.get(`/object-query/${KINDS[kind].collection}/${encoded(key)}`);
  return reply.isOk ? { ...openDocumentOf(kind, reply.body), accountId: reply.body.accountId } : null;
}

function openDocumentOf(kind: DocumentKind, row: Json): OpenDocument {
  const { id, dueDate = null, balance, currency } = row;
  return { kind, id, number: row[KINDS[kind].number], dueDate, amount: balance, currency };
}

/** What of a payment or credit memo is applied, document by document. */
export async function readAppliedParts(
  api: PageApi,
  source: 'payment' | 'creditMemo',
  id: string,
  currency: string,
): Promise<OpenDocument[]> {
  const [collection, field] =
    source === 'payment'
      ? ['payment-applications', 'paymentid']
      : ['credit-memo-applications', 'creditmemoid'];
  const query = `filter[]=${field}.EQ:${id}&expand[]=invoice&expand[]=debitmemo&pageSize=${2 * OFFERED_MAX - 1}`;
  const { data } = await api.read(`/object-query/${collection}?${query}`);
  return data.map((row: Json): OpenDocument => {
    const kind = row.debitMemoId ? 'debitMemos' : 'invoices';
    const document = row.debitMemoId ? row.debitMemo : row.invoice;
    return {
      kind,
      id: row.debitMemoId ?? row.invoiceId,
      number: document?.[KINDS[kind].number] ?? row.debitMemoId ?? row.invoiceId,
      dueDate: document?.dueDate ?? null,
      amount: row.applyAmount ?? row.amount,
      currency,
    };
  });
}

export function DocumentLink({ kind, id, number }: Pick<OpenDocument, 'kind' | 'id' | 'number'>) {
  return (
    <a href={`/${KINDS[kind].section}/${id}`}>
      {KINDS[kind].word} {number}
    </a>
  );
}

export const DOCUMENT_COLUMNS = (amount: string) => [
  { title: 'Document' },
  { title: 'Due date', isWideOnly: true },
  { title: amount, isNumber: true },
];

export function documentRows(c: PageContext, documents: readonly OpenDocument[]): AmountRow[] {
  const format = c.get('format');
  return documents.map((document) => ({
    list: document.kind,
    id: document.id,
    label: `Amount for ${document.number}`,
    cells: [
      <DocumentLink {...document} />,
      format.date(document.dueDate),
      format.money(document.amount, document.currency),
    ],
  }));
}

/** `invoices` and `debitMemos` of a body. */
export function partsOf(typed: readonly TypedAmount[]): Json {
  const list = (kind: DocumentKind) =>
    typed
      .filter((one) => one.list === kind)
      .map(({ id, amount }) => ({ [KINDS[kind].id]: id, amount: wireAmount(amount) }));
  const [invoices, debitMemos] = [list('invoices'), list('debitMemos')];
  return {
    ...(invoices.length === 0 ? {} : { invoices }),
    ...(debitMemos.length === 0 ? {} : { debitMemos }),
  };
}
