import { encoded, type Json } from '../../api.ts';
import { Facts } from '../../components/parts.tsx';
import { Table } from '../../components/table.tsx';
import type { Format } from '../../format.ts';
import { pathOfSubscription } from './paths.ts';
import {
  type ChargeDifference,
  type FieldDifference,
  fieldWords,
  type VersionDifference,
} from './version-diff.ts';

/** Changes of one version that its row says; the comparison says all. */
const WORDS_MAX = 6;

/** Fields of a new charge that say what it is; the rest is on its page. */
const SAID_OF_NEW = new Set(['price', 'quantity', 'discountPercentage', 'discountAmount']);
/** Fields that follow from others. */
const NOT_SAID = new Set(['mrr', 'tcv', 'originalChargeId', 'isLastSegment', 'version', 'lastChangeType']);

interface LoggedField {
  readonly fieldName: string;
  readonly oldValue: string | null;
  readonly newValue: string | null;
}

const DATE = /^\d{4}-\d\d-\d\d$/;

function valueWords(value: string | null, format: Format): string {
  if (value === null) return 'nothing';
  if (value === 'true' || value === 'false') return value === 'true' ? 'yes' : 'no';
  return DATE.test(value) ? format.date(value) : value;
}

function changeWords({ fieldName, oldValue, newValue }: LoggedField, format: Format): string {
  return `${fieldWords(fieldName)} ${valueWords(oldValue, format)} → ${valueWords(newValue, format)}`;
}

function segmentWords(charge: Json, names: ReadonlyMap<string, string>, format: Format): string[] {
  const fields = charge.fields as LoggedField[];
  const name = `${names.get(charge.chargeNumber) ?? 'Charge'} (${charge.chargeNumber})`;
  if (charge.removed) return [`${name}: segment ${charge.segment} is no longer part`];
  if (fields.length > 0 && fields.every(({ oldValue }) => oldValue === null)) {
    const said = fields
      .filter(({ fieldName }) => SAID_OF_NEW.has(fieldName))
      .map(({ fieldName, newValue }) => `${fieldWords(fieldName).toLowerCase()} ${newValue}`);
    const from = charge.effectiveStartDate
      ? `from ${format.date(charge.effectiveStartDate)}`
      : 'not yet triggered';
    return [
      `${name}: ${charge.segment === 1 ? 'new' : `segment ${charge.segment}`} ${from}, ${said.join(', ')}`,
    ];
  }
  const said = fields.filter(({ fieldName }) => !NOT_SAID.has(fieldName));
  if (said.length === 0) return [];
  return [`${name}: ${said.map((field) => changeWords(field, format)).join(', ')}`];
}

/** What a version changed, each in a line. */
function wordsOf(change: Json, names: ReadonlyMap<string, string>, format: Format): string[] {
  const own = (change.fields as LoggedField[]).filter(({ fieldName }) => !NOT_SAID.has(fieldName));
  const charges = (change.ratePlans as Json[]).flatMap((plan) =>
    (plan.ratePlanCharges as Json[]).flatMap((charge) => segmentWords(charge, names, format)),
  );
  // The first version begins with everything: what it has is on its page.
  if (change.version === 1) return ['Created', ...charges];
  const owners: Readonly<Record<string, string>> = {
    accountId: `Subscription owner → ${change.accountNumber}`,
    invoiceOwnerAccountId: `Invoice owner → ${change.invoiceOwnerAccountNumber}`,
  };
  // Accounts are told by their numbers, which people know, not by ids.
  return [...own.map((field) => owners[field.fieldName] ?? changeWords(field, format)), ...charges];
}

interface VersionsProps {
  readonly number: string;
  readonly changes: readonly Json[];
  readonly names: ReadonlyMap<string, string>;
  readonly format: Format;
}

/** Versions with the latest first, each with the order that made it and what it changed. */
export function Versions({ number, changes, names, format }: VersionsProps) {
  const path = pathOfSubscription(number);
  return (
    <Table
      caption={`Versions of ${number}`}
      rows={changes}
      empty={<p>No versions on this page.</p>}
      columns={[
        {
          title: 'Version',
          cell: ({ version, orderNumber }) => (
            <>
              <a class="short" href={`${path}?version=${version}`}>
                Version {version}
              </a>
              <small>
                by{' '}
                <a class="short" href={`/orders/${encoded(orderNumber)}`}>
                  {orderNumber}
                </a>
              </small>
            </>
          ),
        },
        { title: 'Made', isWideOnly: true, cell: ({ changedTime }) => format.wallClock(changedTime) },
        {
          title: 'What it changed',
          cell: (change) => <Words words={wordsOf(change, names, format)} />,
        },
        {
          title: 'Compare',
          cell: ({ version }) =>
            version === 1 ? (
              ''
            ) : (
              <a href={`${path}/compare?from=${version - 1}&to=${version}`}>
                with {version - 1}
                <span class="hidden"> version {version}</span>
              </a>
            ),
        },
      ]}
    />
  );
}

function Words({ words }: { readonly words: readonly string[] }) {
  const more = words.length - WORDS_MAX;
  return (
    <ul class="plain">
      {words.slice(0, WORDS_MAX).map((line) => (
        <li>{line}</li>
      ))}
      {more > 0 ? <li class="quiet">and {more} more</li> : null}
    </ul>
  );
}

/** Chooses the two versions that are compared. */
export function CompareForm({
  number,
  latest,
  from,
  to,
}: {
  readonly number: string;
  readonly latest: number;
  readonly from: number;
  readonly to: number;
}) {
  const inputs = [
    ['from', 'From version', from],
    ['to', 'To version', to],
  ] as const;
  return (
    <form class="filters" method="get" action={`${pathOfSubscription(number)}/compare`}>
      {inputs.map(([name, label, value]) => (
        <div class="field">
          <label for={`v-${name}`}>{label}</label>
          <input
            id={`v-${name}`}
            name={name}
            type="number"
            min={1}
            max={latest}
            value={String(value)}
            required
          />
        </div>
      ))}
      <div class="actions">
        <button type="submit">Compare</button>
      </div>
    </form>
  );
}

/** The differences of two versions: said by word, sign and colour. */
export function Comparison({
  difference,
  format,
}: {
  readonly difference: VersionDifference;
  readonly format: Format;
}) {
  const { fields, plans } = difference;
  if (fields.length === 0 && plans.length === 0) {
    return <p class="empty">These two versions say the same.</p>;
  }
  return (
    <>
      {fields.length === 0 ? null : (
        <section class="card">
          <h2>Subscription</h2>
          <FieldTable caption="Fields of the subscription" fields={fields} format={format} />
        </section>
      )}
      {plans.map(({ kind, name, charges }) => (
        <section class={`card ${CLASSES[kind]}`}>
          <h2>
            {SIGNS[kind]} {kind}: rate plan {name}
          </h2>
          {charges.map((charge) => (
            <Charge charge={charge} format={format} />
          ))}
        </section>
      ))}
    </>
  );
}

const SIGNS = { Added: '+', Removed: '−', Changed: '±' } as const;
const CLASSES = { Added: 'added', Removed: 'removed', Changed: '' } as const;

function Charge({ charge, format }: { readonly charge: ChargeDifference; readonly format: Format }) {
  const { kind, name, fields } = charge;
  return (
    <>
      <h3>
        {SIGNS[kind]} {kind}: {name}
      </h3>
      {kind === 'Changed' ? (
        <FieldTable caption={`Changed: ${name}`} fields={fields} format={format} />
      ) : (
        <div class={`plate ${CLASSES[kind]}`}>
          <Facts
            facts={fields.map(({ field, before, after }) => [
              fieldWords(field),
              valueWords(after ?? before, format),
            ])}
          />
        </div>
      )}
    </>
  );
}

function FieldTable({
  caption,
  fields,
  format,
}: {
  readonly caption: string;
  readonly fields: readonly FieldDifference[];
  readonly format: Format;
}) {
  return (
    <Table
      caption={caption}
      rows={fields}
      empty={null}
      columns={[
        { title: 'Field', cell: ({ field }) => fieldWords(field) },
        {
          title: 'Before',
          cell: ({ before }) =>
            before === null ? <span class="quiet">nothing</span> : <del>{valueWords(before, format)}</del>,
        },
        {
          title: 'After',
          cell: ({ after }) =>
            after === null ? <span class="quiet">nothing</span> : <ins>{valueWords(after, format)}</ins>,
        },
      ]}
    />
  );
}
