import { encoded, type Json, type PageApi } from '../../api.ts';
import { bodyOf, type Field, initialValues, type Section } from '../../forms/fields.ts';
import type { FormValues } from '../../forms/form-values.ts';
import { type Problem, problem } from '../../forms/problems.ts';
import { page } from '../../layout.tsx';
import type { PageContext } from '../../page-env.ts';
import type { PageRoutes } from '../../pages.tsx';
import { writersOnly } from '../readers-only.tsx';
import { accountSuggestions, planSuggestions, readPlans } from './catalog-plans.ts';
import { OrderForm, orderInitial, orderSection, PERIOD_TYPES, type Shown, sendOrder } from './order-form.tsx';
import { changedPlanRows, PlanRows, planBodies, planFields, planIdsOf, withTypedPlan } from './plan-rows.tsx';
import { OrderPreview } from './preview.tsx';

const ACTION = 'subscriptions[0].orderActions[0]';
const CREATE = `${ACTION}.createSubscription`;
const TERMS = `${CREATE}.terms`;
const place = (row: number) => `${CREATE}.subscribeToRatePlans[${row}]`;

const termSection: Section = {
  title: 'Term',
  fields: [
    {
      name: `${TERMS}.initialTerm.termType`,
      label: 'Term type',
      type: 'select',
      required: true,
      choices: [
        { value: 'TERMED', label: 'Termed: ends, and may renew' },
        { value: 'EVERGREEN', label: 'Evergreen: until it is cancelled' },
      ],
      initial: 'TERMED',
    },
    { name: `${TERMS}.initialTerm.period`, label: 'Initial term', type: 'integer', initial: '12' },
    {
      name: `${TERMS}.initialTerm.periodType`,
      label: 'Initial term is in',
      type: 'select',
      choices: PERIOD_TYPES,
      initial: 'Month',
    },
    { name: `${TERMS}.autoRenew`, label: 'Renews by itself', type: 'checkbox' },
    { name: `${TERMS}.renewalTerms[0].period`, label: 'Renewal term', type: 'integer', initial: '12' },
    {
      name: `${TERMS}.renewalTerms[0].periodType`,
      label: 'Renewal term is in',
      type: 'select',
      choices: PERIOD_TYPES,
      initial: 'Month',
    },
    {
      name: `${TERMS}.renewalSetting`,
      label: 'Renews',
      type: 'select',
      choices: [
        { value: 'RENEW_WITH_SPECIFIC_TERM', label: 'for the renewal term' },
        { value: 'RENEW_TO_EVERGREEN', label: 'to evergreen' },
      ],
    },
  ],
};

const DATES = ['ContractEffective', 'ServiceActivation', 'CustomerAcceptance'] as const;
const LABELS = { ContractEffective: 'Contract effective', ServiceActivation: 'Service activation' } as const;

const dateSection: Section = {
  title: 'Dates',
  hint: 'Empty: service activation and customer acceptance are on the day on which the contract is effective, and that is the order date.',
  fields: DATES.map((name, i) => ({
    name: `${ACTION}.triggerDates[${i}].triggerDate`,
    label: name === 'CustomerAcceptance' ? 'Customer acceptance' : LABELS[name],
    type: 'date',
  })),
};

const invoicingSection: Section = {
  title: 'Invoicing',
  fields: [
    { name: `${CREATE}.paymentTerm`, label: 'Payment term', hint: 'Empty: as the account has it.' },
    { name: `${CREATE}.invoiceSeparately`, label: 'Invoice separately', type: 'checkbox' },
    { name: `${CREATE}.notes`, label: 'Notes', maxLength: 500, isWide: true },
  ],
};

function accountSection(suggestions: Field['suggestions']): Section {
  const suggested = suggestions === undefined ? {} : { suggestions };
  return {
    title: 'Accounts',
    fields: [
      {
        name: 'existingAccountNumber',
        label: 'Account that is invoiced',
        required: true,
        alsoNamed: [`${CREATE}.invoiceOwnerAccountNumber`],
        hint: 'The number of the invoice owner: of the reseller, if one pays.',
        ...suggested,
      },
      {
        name: `${CREATE}.subscriptionOwnerAccountNumber`,
        label: 'Account that owns the subscription',
        hint: 'Empty: the same account. Of a reseller: the customer.',
        ...suggested,
      },
      {
        name: `subscriptions[0].subscriptionNumber`,
        label: 'Subscription number',
        hint: 'Empty: the next free number.',
        alsoNamed: [`${CREATE}.subscriptionNumber`],
      },
    ],
  };
}

const ownSections = [termSection, dateSection, invoicingSection] as const;
const OWN_FIELDS = [accountSection([]), ...ownSections].flatMap(({ fields }) => fields);

/** The subscription of the order as the API takes it. Dates that were left empty are not named, so that they follow from the others. */
function subscriptionOf(values: FormValues, ratePlans: readonly Json[]): Json {
  const [subscription] = bodyOf(OWN_FIELDS, values).subscriptions ?? [];
  const action = subscription?.orderActions?.[0] ?? {};
  const triggerDates = DATES.flatMap((name, i) => {
    const triggerDate = values.text(`${ACTION}.triggerDates[${i}].triggerDate`);
    return triggerDate === '' ? [] : [{ name, triggerDate }];
  });
  const { terms } = action.createSubscription ?? {};
  const isTermed = terms?.initialTerm?.termType !== 'EVERGREEN';
  return {
    ...subscription,
    orderActions: [
      {
        type: 'CreateSubscription',
        triggerDates,
        createSubscription: {
          ...action.createSubscription,
          // A term without end has no length: what still stands in those fields is not meant.
          terms: isTermed ? terms : { initialTerm: { termType: 'EVERGREEN' } },
          subscribeToRatePlans: ratePlans,
        },
      },
    ],
  };
}

async function show(c: PageContext, api: PageApi, values: FormValues, shown: Shown) {
  const currency = (await accountOf(api, values.text('existingAccountNumber')))?.currency ?? '';
  const [plans, planChoices, accounts] = await Promise.all([
    readPlans(api, planIdsOf(values), currency),
    planSuggestions(api),
    accountSuggestions(api),
  ]);
  const names = new Map(plans.flatMap(({ charges }) => charges.map(({ key, name }) => [key, name])));
  return page(
    c,
    { title: 'New order', crumbs: [{ label: 'Orders', path: '/orders' }], status: shown.status },
    <>
      <p class="quiet">
        The order creates a subscription. To change one that is there, open it and choose what to change.
      </p>
      <OrderForm
        c={c}
        action="/orders/new"
        sections={[accountSection(accounts)]}
        more={ownSections}
        values={values}
        problems={shown.problems}
        cancel="/orders"
        create="Create order"
        otherFields={planFields(plans, values, place)}
        preview={
          shown.preview === null ? null : (
            <OrderPreview
              result={shown.preview}
              format={c.get('format')}
              currency={currency}
              nameOf={(id) => names.get(id)}
            />
          )
        }
      >
        <PlanRows
          plans={plans}
          values={values}
          problems={shown.problems}
          suggestions={planChoices}
          place={place}
          action="/orders/new"
        />
      </OrderForm>
    </>,
  );
}

const blank: Shown = { problems: [], preview: null, status: 200 };
const refused = (...problems: Problem[]): Shown => ({ problems, preview: null, status: 400 });

/** The account that is invoiced, and the currency in which prices are shown; null: there is no such account. */
async function accountOf(api: PageApi, key: string) {
  if (key === '') return null;
  const { isOk, body } = await api.get(`/v1/accounts/${encoded(key)}`);
  if (!isOk) return null;
  return {
    number: body.basicInfo.accountNumber as string,
    currency: body.billingAndPayment.currency as string,
  };
}

export const newOrderPages: PageRoutes = (app, apiOf) => {
  app.get('/accounts/:id/orders/new', (c) =>
    c.redirect(`/orders/new?account=${encoded(c.req.param('id'))}`, 302),
  );
  app.use('/orders/new', writersOnly);
  app.get('/orders/new', async (c) => {
    const api = apiOf(c);
    const key = c.req.query('account') ?? '';
    const given: Record<string, string> = orderInitial(c);
    if (key !== '') {
      const account = await api.read(`/v1/accounts/${encoded(key)}`);
      given.existingAccountNumber = account.basicInfo.accountNumber;
    }
    return show(c, api, initialValues([...OWN_FIELDS, ...orderSection.fields], given), blank);
  });
  app.post('/orders/new', async (c) => {
    const api = apiOf(c);
    const changed = await changedPlanRows(api, c.get('form'));
    if (changed !== null) {
      return show(
        c,
        api,
        changed.values,
        changed.problems.length === 0 ? blank : refused(...changed.problems),
      );
    }
    const { values, problems } = await withTypedPlan(api, c.get('form'));
    if (problems.length > 0) return show(c, api, values, refused(...problems));
    const key = values.text('existingAccountNumber');
    const account = await accountOf(api, key);
    if (account === null) {
      const message = key === '' ? 'Type the number of an account.' : `There is no account ${key}.`;
      return show(c, api, values, refused(problem('existingAccountNumber', message)));
    }
    const plans = await readPlans(api, planIdsOf(values), account.currency);
    const outcome = await sendOrder(c, api, {
      accountNumber: account.number,
      subscriptions: [subscriptionOf(values, planBodies(plans, values))],
      fields: [...OWN_FIELDS, ...planFields(plans, values, place)],
    });
    return outcome instanceof Response ? outcome : show(c, api, values, outcome);
  });
};
