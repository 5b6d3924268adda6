import { encoded, type Json, type PageApi } from '../../api.ts';
import { Card, Facts, Status } from '../../components/parts.tsx';
import type { Column } from '../../components/table.tsx';
import { ActionButton } from '../../forms/form.tsx';
import { page } from '../../layout.tsx';
import { invoiceList } from '../../lists/invoice-list.tsx';
import { csvOfList, isCsv, showList } from '../../lists/object-list.tsx';
import type { PageContext } from '../../page-env.ts';
import type { PageRoutes } from '../../pages.tsx';
import { ActionButtons, actionRoutes, mayWrite, noticeOf, readObject } from '../object-actions.tsx';
import { creditingRoutes } from './crediting.tsx';
import {
  AccountLink,
  AppliedCard,
  auditFacts,
  LinesCard,
  MemosCard,
  readAccount,
  readApplied,
  readLines,
  readMemosOf,
  SubscriptionLink,
  Sums,
  servicePeriod,
} from './document-parts.tsx';
import { generateRoutes } from './generate.tsx';
import { invoiceObject, isChangeableInvoice, isOpenInvoice, isPostedInvoice } from './invoice-actions.ts';
import { invoiceFormRoutes } from './invoice-forms.tsx';
import { printingRoutes } from './printing.ts';

const NOTICES = {
  created: 'The invoice is made.',
  edited: 'The invoice is changed.',
  paid: 'The payment is applied to the invoice.',
  credited: 'The credit memo is applied to the invoice.',
  generated: 'The account is billed.',
};

/** Invoices: the list, one invoice with what can be done with it, its printed forms. */
export const invoicePages: PageRoutes = (app, apiOf) => {
  app.get('/invoices', async (c) => {
    const place = { path: '/invoices' };
    if (isCsv(c)) return csvOfList(c, apiOf(c), invoiceList, place);
    const list = await showList(c, apiOf(c), invoiceList, place);
    const actions = mayWrite(c) ? (
      <>
        <a class="button" href="/invoices/generate">
          Bill an account
        </a>
        <a class="button primary" href="/invoices/new">
          New invoice
        </a>
      </>
    ) : undefined;
    return page(c, { title: 'Invoices', actions, notice: noticeOf(c, invoiceObject, NOTICES) }, list);
  });
  invoiceFormRoutes(app, apiOf);
  generateRoutes(app, apiOf);
  creditingRoutes(app, apiOf, invoiceObject, 'invoices');
  printingRoutes(app, apiOf, 'invoices');
  actionRoutes(app, apiOf, invoiceObject);
  app.get('/invoices/:id', async (c) => showInvoice(c, apiOf(c)));
};

async function showInvoice(c: PageContext, api: PageApi): Promise<Response> {
  const invoice = await readObject(c, api, invoiceObject);
  const [account, lines, applied, memos] = await Promise.all([
    readAccount(api, invoice.accountId),
    readLines(c, api, `/v1/invoices/${encoded(invoice.id)}/items`, 'invoiceItems'),
    readApplied(api, 'invoiceid', invoice.id),
    readMemosOf(api, invoice.id),
  ]);
  const money = (amount: number) => c.get('format').money(amount, invoice.currency);
  return page(
    c,
    {
      title: `Invoice ${invoice.invoiceNumber}`,
      crumbs: [{ label: 'Invoices', path: '/invoices' }],
      actions: <InvoiceButtons c={c} invoice={invoice} />,
      notice: noticeOf(c, invoiceObject, NOTICES),
      isPrinted: true,
    },
    <>
      <Sums
        sums={[
          ['Amount', money(invoice.amount)],
          ['Paid', money(invoice.paymentAmount)],
          ['Credited', money(invoice.creditMemoAmount)],
          ['Balance', money(invoice.balance)],
        ]}
      />
      <Card title="Invoice">
        <Facts facts={factsOf(c, invoice, <AccountLink account={account} />)} />
      </Card>
      <LinesCard
        path={`/invoices/${invoice.id}`}
        lines={lines}
        columns={lineColumns(c, invoice.currency)}
        footer={<Totals c={c} invoice={invoice} />}
      />
      <AppliedCard c={c} applied={applied} currency={invoice.currency} />
      <MemosCard c={c} memos={memos} />
    </>,
  );
}

function InvoiceButtons({ c, invoice }: { readonly c: PageContext; readonly invoice: Json }) {
  const { id, accountId } = invoice;
  return (
    <>
      {mayWrite(c) && isOpenInvoice(invoice) ? (
        <>
          <a class="button primary" href={`/payments/new?account=${accountId}&invoice=${id}`}>
            Pay
          </a>
          <a class="button" href={`/invoices/${id}/apply`}>
            Apply credit memo
          </a>
        </>
      ) : null}
      <ActionButtons c={c} object={invoiceObject} shown={invoice}>
        {isChangeableInvoice(invoice) ? (
          <a class="button" href={`/invoices/${id}/edit`}>
            Edit
          </a>
        ) : null}
        {isPostedInvoice(invoice) ? (
          <>
            <a class="button" href={`/credit-memos/new?invoice=${id}`}>
              Credit
            </a>
            <a class="button" href={`/debit-memos/new?invoice=${id}`}>
              Debit
            </a>
          </>
        ) : null}
      </ActionButtons>
      <a class="button" href={`/invoices/${id}/printable`}>
        Printable
      </a>
      {mayWrite(c) ? <ActionButton c={c} action={`/invoices/${id}/pdf`} label="PDF" /> : null}
    </>
  );
}

function factsOf(c: PageContext, invoice: Json, account: Json): Array<readonly [string, Json]> {
  const format = c.get('format');
  const { billRunId, sourceType, postedDate } = invoice;
  return [
    [
      'Status',
      <>
        <Status value={invoice.status} /> {invoice.reversed ? <Status value="Reversed" /> : null}
      </>,
    ],
    ['Account', account],
    ['Invoice date', format.date(invoice.invoiceDate)],
    ['Due date', format.date(invoice.dueDate)],
    ['Billed up to', format.date(invoice.targetDate)],
    ['Payment term', invoice.paymentTerm],
    ['Posted', format.date(postedDate)],
    ['Made by', billRunId ? <a href={`/bill-runs/${billRunId}`}>Bill run</a> : sourceType],
    ['Picked up by payment runs', invoice.autoPay ? 'Yes' : 'No'],
    ['Comments', invoice.comments],
    ...auditFacts(c, invoice),
  ];
}

function lineColumns(c: PageContext, currency: string): Array<Column<Json>> {
  const format = c.get('format');
  return [
    {
      title: 'Charge',
      cell: (line) => (
        <>
          {line.chargeName}
          {line.productName ? <small>{line.productName}</small> : null}
          <small>{line.spillwayExplanation}</small>
        </>
      ),
    },
    {
      title: 'Subscription',
      isWideOnly: true,
      cell: (line) => <SubscriptionLink number={line.subscriptionName} />,
    },
    { title: 'Service', cell: (line) => servicePeriod(c, line) },
    {
      title: 'Quantity',
      isNumber: true,
      isWideOnly: true,
      cell: (line) => `${format.number(line.quantity)} ${line.unitOfMeasure ?? ''}`.trim(),
    },
    {
      title: 'Unit price',
      isNumber: true,
      isWideOnly: true,
      cell: (line) => format.amount(line.unitPrice, currency),
    },
    { title: 'Amount', isNumber: true, cell: (line) => format.amount(line.chargeAmount, currency) },
    {
      title: 'Open',
      isNumber: true,
      isWideOnly: true,
      cell: (line) => format.amount(line.balance, currency),
    },
  ];
}

/** What all lines come to, whichever of them are shown. */
function Totals({ c, invoice }: { readonly c: PageContext; readonly invoice: Json }) {
  const format = c.get('format');
  const row = (name: string, amount: number) => (
    <tr>
      <th scope="row">{name}</th>
      <td class="wide-only" />
      <td />
      <td class="wide-only" />
      <td class="wide-only" />
      <td class="n">{format.money(amount, invoice.currency)}</td>
      <td class="wide-only" />
    </tr>
  );
  return (
    <>
      {invoice.taxAmount === 0 ? null : row('Without tax', invoice.amountWithoutTax)}
      {invoice.taxAmount === 0 ? null : row('Tax', invoice.taxAmount)}
      {row('Total of all lines', invoice.amount)}
      {row('Balance', invoice.balance)}
    </>
  );
}
