import type { Json, PageApi } from '../../api.ts';
import { type Field, initialValues, type Section } from '../../forms/fields.ts';
import type { FormValues } from '../../forms/form-values.ts';
import { problem } from '../../forms/problems.ts';
import type { PageContext } from '../../page-env.ts';
import type { PageRoutes } from '../../pages.tsx';
import { OrderForm, type Shown, sendOrder } from '../orders/order-form.tsx';
import { ChargeInputs } from '../orders/plan-rows.tsx';
import { chargeFields, type PricedCharge, pricingKind, pricingOf } from '../orders/priced-charge.ts';
import {
  aroundAction,
  blank,
  changeInitial,
  changePage,
  changeSection,
  chargeNames,
  previewOf,
  readChanged,
  refused,
} from './change-form.tsx';
import { ACTION } from './change-kinds.ts';
import { pathOfSubscription } from './paths.ts';

/** The rate plan of the subscription that is meant. */
const PLAN = 'ratePlanId';

/** Rate plans that are still part of the subscription. */
function presentPlans(subscription: Json): Json[] {
  return (subscription.ratePlans as Json[]).filter(({ lastChangeType }) => lastChangeType !== 'Remove');
}

function planField(subscription: Json, own: string): Field {
  return {
    name: PLAN,
    label: 'Rate plan',
    type: 'select',
    required: true,
    alsoNamed: [`${ACTION}.${own}.ratePlanId`],
    choices: presentPlans(subscription).map(({ id, ratePlanName, productName }) => ({
      value: id,
      label: `${productName}: ${ratePlanName}`,
    })),
  };
}

/** The charges of a rate plan as they are now: of each its last segment. One-time charges can't be updated. */
function chargesOf(subscription: Json, planId: string): PricedCharge[] {
  const plan = presentPlans(subscription).find(({ id }) => id === planId);
  const last = new Map<string, Json>();
  for (const charge of (plan?.ratePlanCharges ?? []) as Json[]) {
    const known = last.get(charge.number);
    if (known === undefined || known.segment < charge.segment) last.set(charge.number, charge);
  }
  return [...last.values()].map(toPricedCharge);
}

function toPricedCharge(charge: Json): PricedCharge {
  const isOneTime = charge.type === 'OneTime';
  return {
    key: charge.number,
    name: charge.name,
    summary: [charge.number, charge.type, charge.model, charge.billingPeriod].filter(Boolean).join(' · '),
    kind: isOneTime ? null : pricingKind(charge.type, charge.model),
    unit: charge.uom,
    currency: charge.currency,
    known: { ...charge, listPrice: charge.price },
    tiers: ((charge.tiers ?? []) as Json[]).map((tier) => ({
      tier: tier.tier,
      startingUnit: tier.startingUnit ?? 0,
      endingUnit: tier.endingUnit ?? null,
      price: tier.price ?? 0,
      priceFormat: tier.priceFormat === 'FlatFee' || tier.priceFormat === 'Flat Fee' ? 'FlatFee' : 'PerUnit',
    })),
  };
}

interface TypedUpdate {
  readonly charge: PricedCharge;
  readonly fields: Field[];
  readonly body: Json | null;
}

/** Each charge with its inputs, and what was typed into them as the API takes it. */
function updatesOf(charges: readonly PricedCharge[], values: FormValues): TypedUpdate[] {
  let sent = 0;
  return charges.map((charge, i) => {
    const prefix = `charges[${i}]`;
    const pricing = pricingOf(charge, values, prefix);
    const wire = `${ACTION}.updateProduct.chargeUpdates[${pricing === null ? -1 : sent++}]`;
    return {
      charge,
      fields: chargeFields(charge, prefix, wire, 'Now'),
      body: pricing === null ? null : { chargeNumber: charge.key, pricing },
    };
  });
}

function PickPlan({ subscription, word }: { readonly subscription: Json; readonly word: string }) {
  const path = `${pathOfSubscription(subscription.subscriptionNumber)}/change/${word}`;
  const plans = presentPlans(subscription);
  return (
    <nav class="card" aria-label="Rate plans">
      <h2>Which rate plan?</h2>
      {plans.length === 0 ? <p>The subscription has none. Add a product first.</p> : null}
      <ul>
        {plans.map(({ id, productName, ratePlanName, ratePlanCharges }) => (
          <li>
            <a href={`${path}?plan=${id}`}>
              {productName}: {ratePlanName}
            </a>{' '}
            <span class="quiet">
              {[...new Set((ratePlanCharges as Json[]).map(({ name }) => name))].join(', ')}
            </span>
          </li>
        ))}
      </ul>
      <div class="actions">
        <a class="button" href={pathOfSubscription(subscription.subscriptionNumber)}>
          Cancel
        </a>
      </div>
    </nav>
  );
}

function showUpdate(c: PageContext, subscription: Json, values: FormValues, shown: Shown) {
  const word = 'update-product';
  const path = pathOfSubscription(subscription.subscriptionNumber);
  const planId = values.text(PLAN);
  const plan = presentPlans(subscription).find(({ id }) => id === planId);
  const frame = { status: shown.status, word };
  const lead = 'Quantities and prices from a day on. What is left empty stays as it is now.';
  if (plan === undefined) {
    return changePage(
      c,
      subscription,
      'Update product',
      lead,
      frame,
      <PickPlan subscription={subscription} word={word} />,
    );
  }
  const updates = updatesOf(chargesOf(subscription, planId), values);
  const messageOf = (name: string) => shown.problems.find(({ field }) => field === name)?.message;
  return changePage(
    c,
    subscription,
    'Update product',
    lead,
    frame,
    <OrderForm
      c={c}
      action={`${path}/change/${word}`}
      sections={[updateSection]}
      values={values}
      problems={shown.problems}
      preview={previewOf(c, shown, subscription.currency, chargeNames(subscription))}
      cancel={path}
      create="Create order"
      otherFields={updates.flatMap(({ fields }) => fields)}
    >
      <fieldset>
        <legend>
          {plan.productName}: {plan.ratePlanName}
        </legend>
        <input type="hidden" name={PLAN} value={planId} />
        <div class="rows">
          {updates.map(({ charge, fields }) => (
            <ChargeInputs charge={charge} fields={fields} values={values} messageOf={messageOf} />
          ))}
        </div>
      </fieldset>
    </OrderForm>,
  );
}

const updateSection: Section = changeSection('When', 'Takes effect on', []);

async function postUpdate(c: PageContext, api: PageApi, subscription: Json) {
  const values = c.get('form');
  const updates = updatesOf(chargesOf(subscription, values.text(PLAN)), values);
  const chargeUpdates = updates.flatMap(({ body }) => body ?? []);
  if (chargeUpdates.length === 0) {
    const message = 'Type at least one quantity or price that is to change.';
    return showUpdate(c, subscription, values, refused(problem(null, message)));
  }
  const action = {
    type: 'UpdateProduct',
    ...aroundAction(values),
    updateProduct: { ratePlanId: values.text(PLAN), chargeUpdates },
  };
  const fields = [...updateSection.fields, ...updates.flatMap((update) => update.fields)];
  const outcome = await sendOrder(c, api, orderOf(subscription, action, fields));
  return outcome instanceof Response ? outcome : showUpdate(c, subscription, values, outcome);
}

function orderOf(subscription: Json, action: Json, fields: readonly Field[]) {
  const { subscriptionNumber, invoiceOwnerAccountNumber } = subscription;
  return {
    accountNumber: invoiceOwnerAccountNumber,
    subscriptions: [{ subscriptionNumber, orderActions: [action] }],
    fields,
  };
}

function removeSection(subscription: Json): Section {
  return changeSection('Remove product', 'Takes effect on', [planField(subscription, 'removeProduct')]);
}

function showRemove(c: PageContext, subscription: Json, values: FormValues, shown: Shown) {
  const word = 'remove-product';
  const path = pathOfSubscription(subscription.subscriptionNumber);
  return changePage(
    c,
    subscription,
    'Remove product',
    'The rate plan with all its charges ends on that day. What was invoiced beyond it is credited with the next bill.',
    { status: shown.status, word },
    <OrderForm
      c={c}
      action={`${path}/change/${word}`}
      sections={[removeSection(subscription)]}
      values={values}
      problems={shown.problems}
      preview={previewOf(c, shown, subscription.currency, chargeNames(subscription))}
      cancel={path}
      create="Create order"
    />,
  );
}

async function postRemove(c: PageContext, api: PageApi, subscription: Json) {
  const values = c.get('form');
  const ratePlanId = values.text(PLAN);
  const action = {
    type: 'RemoveProduct',
    ...aroundAction(values),
    removeProduct: ratePlanId === '' ? {} : { ratePlanId },
  };
  const outcome = await sendOrder(c, api, orderOf(subscription, action, removeSection(subscription).fields));
  return outcome instanceof Response ? outcome : showRemove(c, subscription, values, outcome);
}

/** Forms that change or remove a rate plan of a subscription. */
export const productChangePages: PageRoutes = (app, apiOf) => {
  for (const word of ['update-product', 'remove-product'] as const) {
    const path = `/subscriptions/:key/change/${word}` as const;
    app.get(path, async (c) => {
      const subscription = await readChanged(apiOf(c), c.req.param('key'));
      const values = initialValues([], { ...changeInitial(c), [PLAN]: c.req.query('plan') ?? '' });
      return word === 'update-product'
        ? showUpdate(c, subscription, values, blank)
        : showRemove(c, subscription, values, blank);
    });
    app.post(path, async (c) => {
      const api = apiOf(c);
      const subscription = await readChanged(api, c.req.param('key'));
      return word === 'update-product' ? postUpdate(c, api, subscription) : postRemove(c, api, subscription);
    });
  }
};
