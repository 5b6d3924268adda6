import type { Child } from 'hono/jsx';
import { encoded, type Json, messagesOf, type PageApi } from '../../api.ts';
import { Card } from '../../components/parts.tsx';
import type { PageContext } from '../../page-env.ts';
import { today } from '../orders/order-form.tsx';
import { BilledLines } from '../orders/preview.tsx';
import { pathOfSubscription } from './paths.ts';

/** The next day on which something of it falls due: charges are invoiced up to days; where one of them is over, that is today. */
function nextDueDate(subscription: Json, day: string): string {
  const charges = (subscription.ratePlans as Json[]).flatMap(
    ({ ratePlanCharges }) => ratePlanCharges as Json[],
  );
  const open = charges.filter(({ done }) => done !== true);
  const dates = open.map((charge) => charge.chargedThroughDate ?? charge.effectiveStartDate ?? day);
  const [first = day] = dates.sort();
  return first < day ? day : first;
}

/** What the next bill would have. Previews are for those who may write. */
export async function nextBill(c: PageContext, api: PageApi, subscription: Json): Promise<Child> {
  if (c.get('user').role === 'read') return null;
  const number: string = subscription.subscriptionNumber;
  const through = c.req.query('through')?.trim() || nextDueDate(subscription, today(c));
  const reply = await api.send('POST', `/v1/subscriptions/${encoded(number)}/preview`, {
    body: {
      // From its first day: also what earlier bills have left.
      previewStartDate: {
        previewStartDatePolicy: 'specificDate',
        specificDate: subscription.subscriptionStartDate,
      },
      previewThroughDate: { previewThruDatePolicy: 'specificDate', specificDate: through },
    },
  });
  return (
    <Card title="Next bill">
      <form class="filters" method="get" action={`${pathOfSubscription(number)}/billing`}>
        <div class="field">
          <label for="through">Bill through</label>
          <input id="through" type="date" name="through" value={through} required />
        </div>
        <div class="actions">
          <button type="submit">Preview</button>
        </div>
      </form>
      {reply.isOk ? (
        <Documents c={c} reply={reply.body} currency={subscription.currency} />
      ) : (
        <p class="error">{messagesOf(reply.body)[0]}</p>
      )}
    </Card>
  );
}

function Documents({
  c,
  reply,
  currency,
}: {
  readonly c: PageContext;
  readonly reply: Json;
  readonly currency: string;
}) {
  const format = c.get('format');
  const documents = [
    ...(reply.invoices as Json[]).map((one) => ({ ...one, title: 'Invoice', lines: one.invoiceItems })),
    ...(reply.creditMemos as Json[]).map((one) => ({
      ...one,
      title: 'Credit memo',
      lines: one.creditMemoItems,
    })),
  ];
  if (documents.length === 0) return <p>Nothing of it is to be billed through that day.</p>;
  return (
    <>
      <p class="quiet">
        What is not invoiced yet. Nothing has been kept: a bill run or an invoice of the account makes it so.
      </p>
      {documents.map((document) => (
        <>
          <h3>
            {document.title} {format.money(document.amount, currency)}
          </h3>
          <BilledLines
            caption={`Lines of the next ${document.title.toLowerCase()}`}
            lines={document.lines ?? []}
            format={format}
            currency={currency}
          />
        </>
      ))}
    </>
  );
}
