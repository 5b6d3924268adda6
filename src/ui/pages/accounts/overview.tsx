import { encoded, type Json, type PageApi } from '../../api.ts';
import { Card, Facts } from '../../components/parts.tsx';
import { Table } from '../../components/table.tsx';
import type { PageContext } from '../../page-env.ts';
import { customFieldsShown } from './account-fields.ts';
import { accountPage, accountPath, canWrite, needed } from './account-frame.tsx';
import { HistoryCard, historyPath } from './history-card.tsx';
import { DocumentLink, MetricsCard, Moved } from './metrics.tsx';

/** Newest operations that the overview shows. */
const ACTIVITY_ROWS = 8;

/**
 * GET /accounts/:id: one parallel round of reads, none of which grows with what the account holds.
 */
export async function overviewPage(c: PageContext, api: PageApi): Promise<Response> {
  const id = c.req.param('id')!;
  const key = encoded(id);
  const [accountReply, metricsReply, activityReply, historyReply] = await Promise.all([
    api.get(`/v1/accounts/${key}`),
    api.get(`/v1/spillway/accounts/${key}/metrics`),
    api.get(`/v1/spillway/accounts/${key}/metrics/operations?pageSize=${ACTIVITY_ROWS}`),
    api.get(historyPath(c, id)),
  ]);
  const account = needed(accountReply);
  return accountPage(c, account, {
    tab: '',
    content: (
      <>
        <MetricsCard c={c} metrics={needed(metricsReply)} />
        <HistoryCard c={c} id={id} reply={historyReply} />
        <Activity c={c} id={id} operations={needed(activityReply).operations} />
        <div class="cards">
          <BasicFacts c={c} account={account} />
          <div class="stack">
            {account.billToContact?.id === account.soldToContact?.id ? (
              <ContactCard
                c={c}
                id={id}
                title="Bill-to and sold-to contact"
                contact={account.billToContact}
              />
            ) : (
              <>
                <ContactCard c={c} id={id} title="Bill-to contact" contact={account.billToContact} />
                <ContactCard c={c} id={id} title="Sold-to contact" contact={account.soldToContact} />
              </>
            )}
          </div>
        </div>
      </>
    ),
  });
}

function Activity({
  c,
  id,
  operations,
}: {
  readonly c: PageContext;
  readonly id: string;
  readonly operations: readonly Json[];
}) {
  return (
    <Card
      title="Newest activity"
      actions={
        <a class="button" href={accountPath(id, 'metrics/operations')}>
          All operations
        </a>
      }
    >
      <Table
        caption="The newest operations that moved the numbers"
        columns={[
          { title: 'When', cell: (row: Json) => c.get('format').instant(row.committedAt) },
          { title: 'Document', cell: (row: Json) => <DocumentLink operation={row} /> },
          { title: 'Moved', cell: (row: Json) => <Moved c={c} operation={row} /> },
          {
            title: 'Published',
            isWideOnly: true,
            cell: (row: Json) => (row.published ? 'Yes' : <strong>Pending</strong>),
          },
        ]}
        rows={operations}
        empty={
          <p>
            Nothing has moved yet. An order, an invoice or a payment is the first thing that will be listed
            here.
          </p>
        }
      />
    </Card>
  );
}

function BasicFacts({ c, account }: { readonly c: PageContext; readonly account: Json }) {
  const { basicInfo, billingAndPayment, taxInfo } = account;
  const { parentId } = basicInfo;
  const custom = Object.entries(customFieldsShown(basicInfo));
  const yes = (value: unknown) => (value ? 'Yes' : 'No');
  return (
    <Card title="Details">
      <Facts
        facts={[
          ['Account number', basicInfo.accountNumber],
          ['Partner account', yes(basicInfo.partnerAccount)],
          ['Parent account', parentId === undefined ? '' : <a href={accountPath(parentId)}>Show it</a>],
          ['Currency', billingAndPayment.currency],
          ['Payment term', billingAndPayment.paymentTerm],
          [
            'Bill cycle day',
            billingAndPayment.billCycleDay === 0 ? 'Set by the first charge' : billingAndPayment.billCycleDay,
          ],
          ['Batch', basicInfo.batch],
          ['Automatic payment', yes(billingAndPayment.autoPay)],
          ['Payment gateway', billingAndPayment.paymentGateway],
          ['Invoices by e-mail', yes(billingAndPayment.invoiceDeliveryPrefsEmail)],
          ['Further e-mail addresses', billingAndPayment.additionalEmailAddresses.join(', ')],
          ['VAT id', taxInfo?.VATId],
          ['CRM account id', basicInfo.crmId],
          ['Sales representative', basicInfo.salesRep],
          ['Purchase order number', basicInfo.purchaseOrderNumber],
          ['Organization', basicInfo.organizationLabel],
          ['Last invoice', c.get('format').date(account.metricsData?.[0]?.lastInvoiceDate)],
          ...custom,
          ['Notes', basicInfo.notes],
          ['Id', <span class="code">{basicInfo.id}</span>],
        ]}
      />
    </Card>
  );
}

function ContactCard({
  c,
  id,
  title,
  contact,
}: {
  readonly c: PageContext;
  readonly id: string;
  readonly title: string;
  readonly contact: Json | undefined;
}) {
  const actions = canWrite(c) ? (
    <>
      {contact === undefined ? null : (
        <a class="button" href={accountPath(id, `contacts/${encoded(contact.id)}`)}>
          Edit
        </a>
      )}
      <a class="button" href={accountPath(id, 'contacts/new')}>
        Add a contact
      </a>
    </>
  ) : undefined;
  if (contact === undefined) {
    return (
      <Card title={title} actions={actions}>
        <p class="quiet">None yet: add a contact, then choose it where the account is edited.</p>
      </Card>
    );
  }
  const place = [contact.zipCode, contact.city].filter(Boolean).join(' ');
  return (
    <Card title={title} actions={actions}>
      <Facts
        facts={[
          ['Name', `${contact.firstName} ${contact.lastName}`],
          [
            'E-mail',
            contact.workEmail === '' ? '' : <a href={`mailto:${contact.workEmail}`}>{contact.workEmail}</a>,
          ],
          ['Telephone', contact.workPhone],
          [
            'Address',
            [contact.address1, contact.address2, place, contact.state, contact.country]
              .filter(Boolean)
              .join(', '),
          ],
          ['Tax region', contact.taxRegion],
        ]}
      />
    </Card>
  );
}
