import type { Child } from 'hono/jsx';
import { encoded, type Json, type PageApi } from '../../api.ts';
import type { Field, Section } from '../../forms/fields.ts';
import type { FormValues } from '../../forms/form-values.ts';
import type { Problem } from '../../forms/problems.ts';
import { page } from '../../layout.tsx';
import type { PageContext } from '../../page-env.ts';
import { orderInitial, type Shown, today } from '../orders/order-form.tsx';
import { OrderPreview } from '../orders/preview.tsx';
import { ACTION, changesOf } from './change-kinds.ts';
import { pathOfSubscription } from './paths.ts';

/** What the forms that change a subscription have in common. */

/** The day on which a change takes effect, and why it is made. */
export const EFFECTIVE = `${ACTION}.triggerDates[0].triggerDate`;
const REASON = `${ACTION}.changeReason`;

export function changeSection(title: string, effective: string, fields: readonly Field[]): Section {
  return {
    title,
    fields: [
      ...fields,
      {
        name: EFFECTIVE,
        label: effective,
        type: 'date',
        hint: 'Empty: the order date.',
        alsoNamed: [`${ACTION}.triggerDates`],
      },
      { name: REASON, label: 'Reason', maxLength: 255 },
    ],
  };
}

/** What every action of the form says beside its own object. */
export function aroundAction(values: FormValues): Json {
  const triggerDate = values.text(EFFECTIVE);
  const changeReason = values.text(REASON);
  return {
    ...(triggerDate === '' ? {} : { triggerDates: [{ name: 'ContractEffective', triggerDate }] }),
    ...(changeReason === '' ? {} : { changeReason }),
  };
}

export const blank: Shown = { problems: [], preview: null, status: 200 };
export const refused = (...problems: Problem[]): Shown => ({ problems, preview: null, status: 400 });

export function changeInitial(c: PageContext): Record<string, string> {
  return { ...orderInitial(c), [EFFECTIVE]: today(c) };
}

/** The subscription that is changed, with what its charges are called by the catalog's ids. */
export async function readChanged(api: PageApi, key: string): Promise<Json> {
  return api.read(`/v1/subscriptions/${encoded(key)}`);
}

export function chargeNames(subscription: Json): Map<string, string> {
  return new Map(
    (subscription.ratePlans as Json[]).flatMap(({ ratePlanCharges }) =>
      (ratePlanCharges as Json[]).map((charge) => [charge.productRatePlanChargeId, charge.name] as const),
    ),
  );
}

export function previewOf(
  c: PageContext,
  shown: Shown,
  currency: string,
  names: ReadonlyMap<string, string>,
) {
  if (shown.preview === null) return null;
  return (
    <OrderPreview
      result={shown.preview}
      format={c.get('format')}
      currency={currency}
      nameOf={(id) => names.get(id)}
    />
  );
}

/** The frame of each of these forms; a change that the subscription's status does not allow is said before it is typed. */
export function changePage(
  c: PageContext,
  subscription: Json,
  title: string,
  lead: string,
  options: {
    readonly status: number;
    readonly word: string;
  },
  form: Child,
) {
  const { subscriptionNumber: number, status } = subscription;
  const path = pathOfSubscription(number);
  const isOpen = changesOf(subscription).some(([word]) => word === options.word);
  const crumbs = [
    { label: 'Subscriptions', path: '/subscriptions' },
    { label: number, path },
  ];
  return page(
    c,
    { title: `${title}: ${number}`, crumbs, status: options.status },
    <>
      <p class="quiet">{lead}</p>
      {isOpen ? null : (
        <p class="problems">
          The subscription is {status}: the order will be refused unless another one changes that first.
        </p>
      )}
      {form}
    </>,
  );
}
