import type { Json, PageApi } from '../../api.ts';
import { Card, Facts, Status } from '../../components/parts.tsx';
import { Table } from '../../components/table.tsx';
import { page } from '../../layout.tsx';
import { csvOfList, isCsv, showList } from '../../lists/object-list.tsx';
import { paymentList } from '../../lists/payment-list.tsx';
import { refundList } from '../../lists/refund-list.tsx';
import type { PageContext } from '../../page-env.ts';
import type { PageRoutes } from '../../pages.tsx';
import { AccountLink, APPLIED_SHOWN, auditFacts, readAccount, Sums } from '../documents/document-parts.tsx';
import { ActionButtons, actionRoutes, mayWrite, noticeOf, readObject } from '../object-actions.tsx';
import { applyingRoutes } from './applying.tsx';
import { DocumentLink, type OpenDocument, readAppliedParts } from './open-documents.tsx';
import { paymentObject, refundObject } from './payment-actions.ts';
import { paymentFormRoutes } from './payment-forms.tsx';

const NOTICES = {
  created: 'The payment is recorded.',
  apply: 'The payment is applied.',
  unapply: 'The payment is taken off.',
};
const REFUND_NOTICES = {
  refund: 'The refund is recorded.',
  'refund-unapply': 'The refund is recorded, and the payment is taken off for it.',
};

/** Payments and refunds: lists, one of each with what can be done with it, and the forms that make them. */
export const paymentPages: PageRoutes = (app, apiOf) => {
  app.get('/payments', async (c) => {
    const place = { path: '/payments' };
    if (isCsv(c)) return csvOfList(c, apiOf(c), paymentList, place);
    const list = await showList(c, apiOf(c), paymentList, place);
    const actions = mayWrite(c) ? (
      <a class="button primary" href="/payments/new">
        New payment
      </a>
    ) : undefined;
    return page(c, { title: 'Payments', actions, notice: noticeOf(c, paymentObject) }, list);
  });
  paymentFormRoutes(app, apiOf);
  applyingRoutes(app, apiOf, { object: paymentObject, kind: 'payment' });
  actionRoutes(app, apiOf, paymentObject);
  app.get('/payments/:id', (c) => showPayment(c, apiOf(c)));

  app.get('/refunds', async (c) => {
    const place = { path: '/refunds' };
    if (isCsv(c)) return csvOfList(c, apiOf(c), refundList, place);
    const list = await showList(c, apiOf(c), refundList, place);
    return page(c, { title: 'Refunds', notice: noticeOf(c, refundObject) }, list);
  });
  actionRoutes(app, apiOf, refundObject);
  app.get('/refunds/:id', (c) => showRefund(c, apiOf(c)));
};

async function showPayment(c: PageContext, api: PageApi): Promise<Response> {
  const payment = await readObject(c, api, paymentObject);
  const { id, currency } = payment;
  const [account, parts, refunds] = await Promise.all([
    readAccount(api, payment.accountId),
    readAppliedParts(api, 'payment', id, currency),
    readRefunds(api, `paymentid.EQ:${id}`),
  ]);
  const format = c.get('format');
  const money = (amount: number) => format.money(amount, currency);
  return page(
    c,
    {
      title: `Payment ${payment.number}`,
      crumbs: [{ label: 'Payments', path: '/payments' }],
      actions: <PaymentButtons c={c} payment={payment} />,
      notice: noticeOf(c, paymentObject, NOTICES),
      isPrinted: true,
    },
    <>
      <Sums
        sums={[
          ['Amount', money(payment.amount)],
          ['Applied', money(payment.appliedAmount)],
          ['Refunded', money(payment.refundAmount)],
          ['Unapplied', money(payment.unappliedAmount)],
        ]}
      />
      <Card title="Payment">
        <Facts
          facts={[
            ['Status', <Status value={payment.status} />],
            ['Account', <AccountLink account={account} />],
            ['Type', payment.type],
            ['Effective date', format.date(payment.effectiveDate)],
            ['Reference', payment.referenceId],
            ['Comment', payment.comment],
            ['Canceled', payment.cancelledOn],
            ...gatewayFacts(payment),
            ...auditFacts(c, payment),
          ]}
        />
      </Card>
      <AppliedTo c={c} title="Applied to" parts={parts} />
      <RefundsCard c={c} refunds={refunds} />
    </>,
  );
}

function PaymentButtons({ c, payment }: { readonly c: PageContext; readonly payment: Json }) {
  if (!mayWrite(c)) return null;
  const isProcessed = payment.status === 'Processed';
  return (
    <>
      {isProcessed && payment.unappliedAmount > 0 && payment.accountId ? (
        <a class="button primary" href={`/payments/${payment.id}/apply`}>
          Apply
        </a>
      ) : null}
      {isProcessed && payment.appliedAmount > 0 ? (
        <a class="button" href={`/payments/${payment.id}/unapply`}>
          Take off
        </a>
      ) : null}
      <ActionButtons c={c} object={paymentObject} shown={payment} />
    </>
  );
}

/** What the gateway was asked and said; an external payment has none. */
function gatewayFacts(shown: Json): Array<readonly [string, Json]> {
  if (shown.type !== 'Electronic') return [];
  return [
    ['Gateway', shown.gatewayId],
    ['Gateway state', shown.gatewayState],
    ['Gateway’s answer', [shown.gatewayResponseCode, shown.gatewayResponse].filter(Boolean).join(': ')],
    ['Payment method', shown.paymentMethodId],
    ['Submitted', shown.submittedOn],
  ];
}

/** Documents that a payment or credit memo is applied to. */
export function AppliedTo({
  c,
  title,
  parts,
}: {
  readonly c: PageContext;
  readonly title: string;
  readonly parts: readonly OpenDocument[];
}) {
  const format = c.get('format');
  return (
    <Card title={title}>
      <Table
        caption={title}
        columns={[
          { title: 'Document', cell: (part) => <DocumentLink {...part} /> },
          { title: 'Due date', isWideOnly: true, cell: (part) => format.date(part.dueDate) },
          { title: 'Amount', isNumber: true, cell: (part) => format.money(part.amount, part.currency) },
        ]}
        rows={parts}
        empty={<p>Nothing of it is applied.</p>}
      />
    </Card>
  );
}

export async function readRefunds(api: PageApi, filter: string): Promise<Json[]> {
  const { data } = await api.read(`/object-query/refunds?filter[]=${filter}&pageSize=${APPLIED_SHOWN}`);
  return data;
}

export function RefundsCard({ c, refunds }: { readonly c: PageContext; readonly refunds: readonly Json[] }) {
  if (refunds.length === 0) return null;
  const format = c.get('format');
  return (
    <Card title="Refunds">
      <Table
        caption="Refunds"
        columns={[
          { title: 'Refund', cell: (refund) => <a href={`/refunds/${refund.id}`}>{refund.refundNumber}</a> },
          { title: 'Date', cell: (refund) => format.date(refund.refundDate) },
          { title: 'Status', cell: (refund) => <Status value={refund.status} /> },
          {
            title: 'Amount',
            isNumber: true,
            cell: (refund) => format.money(refund.amount, refund.currency),
          },
        ]}
        rows={refunds}
        empty={null}
      />
    </Card>
  );
}

async function showRefund(c: PageContext, api: PageApi): Promise<Response> {
  const refund = await readObject(c, api, refundObject);
  // Refunds of REST name no currency.
  const [account, { currency }] = await Promise.all([
    readAccount(api, refund.accountId),
    api.read(`/object-query/refunds/${refund.id}?fields[]=currency`),
  ]);
  const format = c.get('format');
  const source = refund.paymentId
    ? { section: 'payments', id: refund.paymentId, word: `Payment ${refund.paymentNumber ?? ''}` }
    : { section: 'credit-memos', id: refund.creditMemoId, word: 'Credit memo' };
  return page(
    c,
    {
      title: `Refund ${refund.number}`,
      crumbs: [{ label: 'Refunds', path: '/refunds' }],
      actions: <ActionButtons c={c} object={refundObject} shown={refund} />,
      notice: noticeOf(c, refundObject, REFUND_NOTICES),
      isPrinted: true,
    },
    <Card title="Refund">
      <Facts
        facts={[
          ['Amount', format.money(refund.amount, currency)],
          ['Status', <Status value={refund.status} />],
          ['Of', <a href={`/${source.section}/${source.id}`}>{source.word.trim()}</a>],
          ['Account', <AccountLink account={account} />],
          ['Type', refund.type],
          ['Method', refund.methodType],
          ['Refund date', format.date(refund.refundDate)],
          ['Reference', refund.referenceId],
          ['Reason', refund.reasonCode],
          ['Comment', refund.comment],
          ...gatewayFacts(refund),
          ...auditFacts(c, refund),
        ]}
      />
    </Card>,
  );
}
