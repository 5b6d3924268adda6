import { encoded, type Json, type PageApi } from '../../api.ts';
import { Card, Facts, Status } from '../../components/parts.tsx';
import type { Column } from '../../components/table.tsx';
import { ActionButton } from '../../forms/form.tsx';
import { page } from '../../layout.tsx';
import { creditMemoList } from '../../lists/credit-memo-list.tsx';
import { debitMemoList } from '../../lists/debit-memo-list.tsx';
import { csvOfList, isCsv, type ObjectList, showList } from '../../lists/object-list.tsx';
import type { PageContext } from '../../page-env.ts';
import type { PageRoutes } from '../../pages.tsx';
import {
  type ActedOn,
  ActionButtons,
  actionRoutes,
  mayWrite,
  noticeOf,
  readObject,
} from '../object-actions.tsx';
import { applyingRoutes } from '../payments/applying.tsx';
import { type OpenDocument, readAppliedParts } from '../payments/open-documents.tsx';
import { AppliedTo, RefundsCard, readRefunds } from '../payments/payments.tsx';
import { creditingRoutes } from './crediting.tsx';
import {
  AccountLink,
  AppliedCard,
  auditFacts,
  LinesCard,
  readAccount,
  readApplied,
  readLines,
  Sums,
  servicePeriod,
} from './document-parts.tsx';
import { creditMemoObject, debitMemoObject } from './memo-actions.ts';
import { memoChangeRoutes } from './memo-change.tsx';
import { memoFormRoutes } from './memo-forms.tsx';
import { printingRoutes } from './printing.ts';

const NOTICES = {
  created: 'The memo is made.',
  edited: 'The memo is changed.',
  apply: 'The credit memo is applied.',
  unapply: 'The credit memo is taken off.',
  credited: 'The credit memo is applied to the debit memo.',
  generated: 'The account is billed.',
};

const KINDS = [
  { section: 'credit-memos', object: creditMemoObject, list: creditMemoList },
  { section: 'debit-memos', object: debitMemoObject, list: debitMemoList },
] as const;

/** Credit and debit memos: lists, one of each with what can be done with it, and the forms that make and change them. */
export const memoPages: PageRoutes = (app, apiOf) => {
  for (const { section, object, list } of KINDS) {
    app.get(`/${section}`, async (c) => showMemos(c, apiOf(c), object, list));
    memoFormRoutes(app, apiOf, section, object);
    memoChangeRoutes(app, apiOf, section, object);
    printingRoutes(app, apiOf, section);
    actionRoutes(app, apiOf, object);
  }
  creditingRoutes(app, apiOf, debitMemoObject, 'debitMemos');
  applyingRoutes(app, apiOf, { object: creditMemoObject, kind: 'creditMemo' });
  app.get('/credit-memos/:id', (c) => showCreditMemo(c, apiOf(c)));
  app.get('/debit-memos/:id', (c) => showDebitMemo(c, apiOf(c)));
};

async function showMemos(c: PageContext, api: PageApi, object: ActedOn, list: ObjectList): Promise<Response> {
  const place = { path: `/${object.section}` };
  if (isCsv(c)) return csvOfList(c, api, list, place);
  const shown = await showList(c, api, list, place);
  const actions = mayWrite(c) ? (
    <a class="button primary" href={`/${object.section}/new`}>
      New {object.noun}
    </a>
  ) : undefined;
  return page(c, { title: object.title, actions, notice: noticeOf(c, object, NOTICES) }, shown);
}

async function showCreditMemo(c: PageContext, api: PageApi): Promise<Response> {
  const memo = await readObject(c, api, creditMemoObject);
  const [account, lines, parts, refunds] = await Promise.all([
    readAccount(api, memo.accountId),
    readLines(c, api, `/v1/credit-memos/${encoded(memo.id)}/items`, 'items'),
    readAppliedParts(api, 'creditMemo', memo.id, memo.currency),
    // A refund is found by the number of what it gives back among those of the account.
    memo.refundAmount === 0 ? [] : readRefundsOfMemo(api, memo),
  ]);
  const money = (amount: number) => c.get('format').money(amount, memo.currency);
  return page(
    c,
    {
      title: `Credit memo ${memo.number}`,
      crumbs: [{ label: 'Credit memos', path: '/credit-memos' }],
      actions: <CreditMemoButtons c={c} memo={memo} />,
      notice: noticeOf(c, creditMemoObject, NOTICES),
      isPrinted: true,
    },
    <>
      <Sums
        sums={[
          ['Amount', money(memo.amount)],
          ['Applied', money(memo.appliedAmount)],
          ['Refunded', money(memo.refundAmount)],
          ['Unapplied', money(memo.unappliedAmount)],
        ]}
      />
      <Card title="Credit memo">
        <Facts
          facts={[
            ...headFacts(c, memo, memo.creditMemoDate, <AccountLink account={account} />),
            ['Source', memo.source],
            ['Applied to its invoice upon posting', memo.autoApplyUponPosting ? 'Yes' : null],
            ...auditFacts(c, memo),
          ]}
        />
      </Card>
      <LinesCard
        path={`/credit-memos/${memo.id}`}
        lines={lines}
        columns={lineColumns(c, memo.currency, 'Unapplied', 'unappliedAmount')}
      />
      <AppliedTo c={c} title="Applied to" parts={parts as readonly OpenDocument[]} />
      <RefundsCard c={c} refunds={refunds} />
    </>,
  );
}

/** Refunds of a credit memo: found by its applications, which know what they are of. */
async function readRefundsOfMemo(api: PageApi, memo: Json): Promise<Json[]> {
  const { data } = await api.read(
    `/object-query/refund-applications?filter[]=creditmemoid.EQ:${memo.id}&fields[]=refundid&pageSize=50`,
  );
  const ids: string[] = data.map(({ refundId }: Json) => refundId);
  return ids.length === 0 ? [] : readRefunds(api, `id.IN:[${ids.join(',')}]`);
}

function CreditMemoButtons({ c, memo }: { readonly c: PageContext; readonly memo: Json }) {
  const isPosted = memo.status === 'Posted';
  const path = `/credit-memos/${memo.id}`;
  return (
    <>
      {mayWrite(c) && isPosted && memo.unappliedAmount > 0 ? (
        <a class="button primary" href={`${path}/apply`}>
          Apply
        </a>
      ) : null}
      {mayWrite(c) && isPosted && memo.appliedAmount > 0 && !memo.reversed ? (
        <a class="button" href={`${path}/unapply`}>
          Take off
        </a>
      ) : null}
      <Common c={c} object={creditMemoObject} memo={memo} />
    </>
  );
}

/** Buttons that both kinds have. */
function Common({
  c,
  object,
  memo,
}: {
  readonly c: PageContext;
  readonly object: ActedOn;
  readonly memo: Json;
}) {
  const path = `/${object.section}/${memo.id}`;
  return (
    <>
      <ActionButtons c={c} object={object} shown={memo}>
        {memo.status === 'Canceled' ? null : (
          <a class="button" href={`${path}/edit`}>
            Edit
          </a>
        )}
      </ActionButtons>
      <a class="button" href={`${path}/printable`}>
        Printable
      </a>
      {mayWrite(c) ? <ActionButton c={c} action={`${path}/pdf`} label="PDF" /> : null}
    </>
  );
}

function headFacts(c: PageContext, memo: Json, date: string, account: Json): Array<readonly [string, Json]> {
  const { referredInvoiceId } = memo;
  return [
    [
      'Status',
      <>
        <Status value={memo.status} /> {memo.reversed ? <Status value="Reversed" /> : null}
      </>,
    ],
    ['Account', account],
    ['Memo date', c.get('format').date(date)],
    ['Made from', referredInvoiceId ? <a href={`/invoices/${encoded(referredInvoiceId)}`}>Invoice</a> : null],
    ['Reason', memo.reasonCode],
    ['Comment', memo.comment],
  ];
}

function lineColumns(c: PageContext, currency: string, openTitle: string, open: string): Array<Column<Json>> {
  const format = c.get('format');
  return [
    {
      title: 'Charge',
      cell: (line) => (
        <>
          {line.skuName}
          {line.description || line.comment ? <small>{line.description ?? line.comment}</small> : null}
        </>
      ),
    },
    { title: 'Service', cell: (line) => servicePeriod(c, line) },
    { title: 'Quantity', isNumber: true, isWideOnly: true, cell: (line) => format.number(line.quantity) },
    { title: 'Amount', isNumber: true, cell: (line) => format.amount(line.amount, currency) },
    {
      title: openTitle,
      isNumber: true,
      isWideOnly: true,
      cell: (line) => format.amount(line[open], currency),
    },
  ];
}

async function showDebitMemo(c: PageContext, api: PageApi): Promise<Response> {
  const memo = await readObject(c, api, debitMemoObject);
  const [account, lines, applied] = await Promise.all([
    readAccount(api, memo.accountId),
    readLines(c, api, `/v1/debit-memos/${encoded(memo.id)}/items`, 'items'),
    readApplied(api, 'debitmemoid', memo.id),
  ]);
  const format = c.get('format');
  const money = (amount: number) => format.money(amount, memo.currency);
  const isOpen = memo.status === 'Posted' && memo.balance > 0;
  return page(
    c,
    {
      title: `Debit memo ${memo.number}`,
      crumbs: [{ label: 'Debit memos', path: '/debit-memos' }],
      actions: (
        <>
          {mayWrite(c) && isOpen ? (
            <>
              <a
                class="button primary"
                href={`/payments/new?account=${memo.accountId}&debit-memo=${memo.id}`}
              >
                Pay
              </a>
              <a class="button" href={`/debit-memos/${memo.id}/apply`}>
                Apply credit memo
              </a>
            </>
          ) : null}
          <Common c={c} object={debitMemoObject} memo={memo} />
        </>
      ),
      notice: noticeOf(c, debitMemoObject, NOTICES),
      isPrinted: true,
    },
    <>
      <Sums
        sums={[
          ['Amount', money(memo.amount)],
          ['Paid or credited', money(memo.beAppliedAmount)],
          ['Balance', money(memo.balance)],
        ]}
      />
      <Card title="Debit memo">
        <Facts
          facts={[
            ...headFacts(c, memo, memo.debitMemoDate, <AccountLink account={account} />),
            ['Due date', format.date(memo.dueDate)],
            ['Payment term', memo.paymentTerm],
            ['Source', memo.sourceType],
            ['Picked up by payment runs', memo.autoPay ? 'Yes' : 'No'],
            ...auditFacts(c, memo),
          ]}
        />
      </Card>
      <LinesCard
        path={`/debit-memos/${memo.id}`}
        lines={lines}
        columns={lineColumns(c, memo.currency, 'Open', 'balance')}
      />
      <AppliedCard c={c} applied={applied} currency={memo.currency} />
    </>,
  );
}
