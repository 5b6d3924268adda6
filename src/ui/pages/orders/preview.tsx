import type { Json } from '../../api.ts';
import { Card } from '../../components/parts.tsx';
import { Table } from '../../components/table.tsx';
import type { Format } from '../../format.ts';

/** Lines of a document that a preview shows. */
export const PREVIEW_LINES = 100;

interface PreviewProps {
  readonly result: Json;
  readonly format: Format;
  readonly currency: string;
  /** What a charge of the catalog is called, by its id. */
  readonly nameOf: (productRatePlanChargeId: string) => string | undefined;
}

/** What an order would bill and how it would move the figures. */
export function OrderPreview({ result, format, currency, nameOf }: PreviewProps) {
  const documents = [
    ...(result.invoices ?? []).map((one: Json) => ({ ...one, title: 'Invoice', lines: one.invoiceItems })),
    ...(result.creditMemos ?? []).map((one: Json) => ({
      ...one,
      title: 'Credit memo',
      lines: one.creditMemoItems,
    })),
  ];
  return (
    <Card title="Preview" id="preview">
      <p class="quiet">Nothing has been kept. Create the order to make it so.</p>
      {documents.length === 0 ? <p>Nothing would be billed through that day.</p> : null}
      {documents.map((document: Json) => (
        <>
          <h3>
            {document.title} {format.money(document.amount, currency)}
            {document.targetDate ? `, through ${format.date(document.targetDate)}` : ''}
          </h3>
          <BilledLines
            caption={`Lines of the previewed ${document.title.toLowerCase()}`}
            lines={document.lines ?? []}
            format={format}
            currency={currency}
          />
        </>
      ))}
      <h3>Contracted figures</h3>
      <ChargeMetrics result={result} format={format} currency={currency} nameOf={nameOf} />
    </Card>
  );
}

/** Lines that a preview would bill, of whichever of the API's previews. */
export function BilledLines({
  caption,
  lines,
  format,
  currency,
}: {
  readonly caption: string;
  readonly lines: readonly Json[];
  readonly format: Format;
  readonly currency: string;
}) {
  return (
    <>
      <Table
        caption={caption}
        rows={lines.slice(0, PREVIEW_LINES)}
        empty={<p>No lines.</p>}
        columns={[
          {
            title: 'Charge',
            cell: (line: Json) => (
              <>
                {line.chargeName ?? line.comment}
                {line.processingType === 'Charge' || !line.processingType ? null : (
                  <small>{line.processingType}</small>
                )}
              </>
            ),
          },
          {
            title: 'Service period',
            cell: (line: Json) =>
              `${format.date(line.serviceStartDate)} – ${format.date(line.serviceEndDate)}`,
          },
          {
            title: 'Quantity',
            isNumber: true,
            isWideOnly: true,
            cell: (line: Json) => {
              const { quantity, unitOfMeasure } = line.additionalInfo ?? line;
              return [format.number(quantity), unitOfMeasure].filter(Boolean).join(' ');
            },
          },
          {
            title: 'Unit price',
            isNumber: true,
            isWideOnly: true,
            cell: (line: Json) => format.amount(line.unitPrice, currency),
          },
          {
            title: `Amount (${currency})`,
            isNumber: true,
            cell: (line: Json) => format.amount(line.amountWithoutTax ?? line.chargeAmount, currency),
          },
        ]}
      />
      {lines.length > PREVIEW_LINES ? (
        <p class="quiet">
          The first {PREVIEW_LINES} of {lines.length} lines. The total is of all of them.
        </p>
      ) : null}
    </>
  );
}

function ChargeMetrics({ result, format, currency, nameOf }: PreviewProps) {
  const rows = (result.chargeMetrics ?? []).flatMap((one: Json) => one.charges ?? []);
  const value = (of: Json, delta: boolean) =>
    format.amount(delta ? (of?.regularDelta ?? of?.discountDelta) : (of?.regular ?? of?.discount), currency);
  return (
    <Table
      caption="Contracted MRR and total contracted value of each charge"
      rows={rows as Json[]}
      empty={<p>The order moves none of them.</p>}
      columns={[
        {
          title: 'Charge',
          cell: (row) => (
            <>
              {nameOf(row.productRatePlanChargeId) ?? row.chargeNumber ?? row.productRatePlanChargeId}
              {row.chargeNumber ? <small>{row.chargeNumber}</small> : null}
            </>
          ),
        },
        { title: `MRR (${currency})`, isNumber: true, cell: (row) => value(row.cmrr, false) },
        { title: 'MRR moves by', isNumber: true, cell: (row) => value(row.cmrr, true) },
        {
          title: `TCV (${currency})`,
          isNumber: true,
          isWideOnly: true,
          cell: (row) => value(row.tcv, false),
        },
        { title: 'TCV moves by', isNumber: true, isWideOnly: true, cell: (row) => value(row.tcv, true) },
      ]}
    />
  );
}
