import { encoded, type Json } from '../../api.ts';
import { Card, Facts, Status } from '../../components/parts.tsx';
import { Table } from '../../components/table.tsx';
import type { Format } from '../../format.ts';
import { pathOfSubscription } from './paths.ts';
import { type ChargeLine, chargeLines, priceWords, Timeline } from './timeline.tsx';

export function AccountLink({ number, name }: { readonly number: string; readonly name?: string | null }) {
  return <a href={`/accounts/${encoded(number)}`}>{name ? `${name} (${number})` : number}</a>;
}

export function periodWords(count: number | null | undefined, type: string | null | undefined): string {
  if (count === null || count === undefined || !type) return '';
  return `${count} ${type.toLowerCase()}${count === 1 ? '' : 's'}`;
}

/** The last day of a period whose end the API shows as the first day after it is said as that day: contracts speak so. */
export function SubscriptionFacts({
  subscription: s,
  format,
}: {
  readonly subscription: Json;
  readonly format: Format;
}) {
  const isTermed = s.termType === 'TERMED';
  return (
    <Facts
      facts={[
        ['Status', <Status value={s.status} />],
        ['Subscription owner', <AccountLink number={s.accountNumber} name={s.accountName} />],
        [
          'Invoice owner',
          <>
            <AccountLink number={s.invoiceOwnerAccountNumber} name={s.invoiceOwnerAccountName} />{' '}
            {s.invoiceOwnerAccountDetails?.partnerAccount ? <span class="status">Partner</span> : null}
          </>,
        ],
        ['Contracted MRR', format.money(s.contractedMrr, s.currency)],
        ['Total contracted value', format.money(s.totalContractedValue, s.currency)],
        ['Term', isTermed ? periodWords(s.currentTerm, s.currentTermPeriodType) : 'Evergreen'],
        [
          'Present term',
          s.termStartDate
            ? `${format.date(s.termStartDate)} until ${s.termEndDate ? format.date(s.termEndDate) : 'it is cancelled'}`
            : null,
        ],
        [
          'Renews',
          !isTermed
            ? null
            : s.autoRenew
              ? s.renewalSetting === 'RENEW_TO_EVERGREEN'
                ? 'by itself, to evergreen'
                : `by itself, for ${periodWords(s.renewalTerm, s.renewalTermPeriodType) || 'the renewal term'}`
              : 'only by an order',
        ],
        ['Contract effective', format.date(s.contractEffectiveDate)],
        ['Service activation', format.date(s.serviceActivationDate)],
        ['Customer acceptance', format.date(s.customerAcceptanceDate)],
        [
          'Subscription',
          `${format.date(s.subscriptionStartDate)} until ${s.subscriptionEndDate ? format.date(s.subscriptionEndDate) : 'it is cancelled'}`,
        ],
        ['Suspended since', format.date(s.suspendedDate)],
        ['Version', String(s.version)],
        ['Made by order', <a href={`/orders/${encoded(s.orderNumber)}`}>{s.orderNumber}</a>],
        ['Payment term', s.paymentTerm],
        ['Invoiced separately', s.invoiceSeparately ? 'Yes' : null],
        ['Externally managed by', s.externallyManagedBy],
        ['Notes', s.notes],
      ]}
    />
  );
}

/** Fields that the contract does not name: custom fields end in __c, those of other systems in another suffix. */
export function customFieldsOf(body: Json): Array<readonly [string, string]> {
  return Object.entries(body as Record<string, Json>)
    .filter(([name, value]) => /__\w+$/.test(name) && value !== null && value !== '')
    .map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]);
}

interface PlansProps {
  readonly subscription: Json;
  readonly format: Format;
  readonly today: string;
  /** The subscription's rate plans can be changed here. */
  readonly canChange: boolean;
}

export function PlansAndCharges({ subscription, format, today, canChange }: PlansProps) {
  const lines = chargeLines(subscription);
  const path = pathOfSubscription(subscription.subscriptionNumber);
  return (
    <Card title="Rate plans and charges">
      <Timeline lines={lines} format={format} today={today} />
      <ChargeTable lines={lines} format={format} currency={subscription.currency} />
      {canChange && subscription.ratePlans.length > 0 ? (
        <ul class="plain">
          {(subscription.ratePlans as Json[])
            .filter(({ lastChangeType }) => lastChangeType !== 'Remove')
            .map((plan) => (
              <li>
                {plan.productName}: {plan.ratePlanName}{' '}
                <a href={`${path}/change/update-product?plan=${plan.id}`}>
                  Update<span class="hidden"> {plan.ratePlanName}</span>
                </a>{' '}
                <a href={`${path}/change/remove-product?plan=${plan.id}`}>
                  Remove<span class="hidden"> {plan.ratePlanName}</span>
                </a>
              </li>
            ))}
        </ul>
      ) : null}
    </Card>
  );
}

interface SegmentRow {
  readonly line: ChargeLine;
  readonly segment: Json;
}

function ChargeTable({
  lines,
  format,
  currency,
}: {
  readonly lines: readonly ChargeLine[];
  readonly format: Format;
  readonly currency: string;
}) {
  const rows = lines.flatMap((line): SegmentRow[] => line.segments.map((segment) => ({ line, segment })));
  return (
    <Table
      caption="Charges and their segments"
      rows={rows}
      empty={<p>No charges. Add a product to charge for something.</p>}
      columns={[
        {
          title: 'Charge',
          cell: ({ line, segment }) => (
            <>
              {line.name}
              <small>
                {line.planName} · {line.number}
                {line.segments.length > 1 ? ` · segment ${segment.segment}` : ''}
              </small>
            </>
          ),
        },
        { title: 'Price', isNumber: true, cell: ({ segment }) => priceWords(segment, format) },
        {
          title: 'Effective',
          cell: ({ segment }) =>
            segment.effectiveStartDate
              ? `${format.date(segment.effectiveStartDate)} until ${segment.effectiveEndDate ? format.date(segment.effectiveEndDate) : 'open'}`
              : 'not yet triggered',
        },
        {
          title: 'Billed',
          isWideOnly: true,
          cell: ({ segment }) =>
            [
              segment.billingPeriod,
              segment.billingTiming === 'IN_ARREARS'
                ? 'in arrears'
                : segment.billingTiming
                  ? 'in advance'
                  : null,
            ]
              .filter(Boolean)
              .join(', '),
        },
        {
          title: 'Charged through',
          isWideOnly: true,
          cell: ({ segment }) => format.date(segment.chargedThroughDate),
        },
        {
          title: `MRR (${currency})`,
          isNumber: true,
          cell: ({ segment }) => format.amount(segment.mrr, currency),
        },
        {
          title: `TCV (${currency})`,
          isNumber: true,
          isWideOnly: true,
          cell: ({ segment }) => format.amount(segment.tcv, currency),
        },
      ]}
    />
  );
}
