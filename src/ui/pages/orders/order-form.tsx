import type { Child } from 'hono/jsx';
import { encoded, type Json, type PageApi } from '../../api.ts';
import { bodyOf, choicesOf, type Field, type Section } from '../../forms/fields.ts';
import { FormSection, Hidden, keyOf, ProblemSummary } from '../../forms/form.tsx';
import type { FormValues } from '../../forms/form-values.ts';
import { type Problem, problemsOf } from '../../forms/problems.ts';
import type { PageContext } from '../../page-env.ts';

/** Name of the buttons of an order's form: what is to be done with what was typed. */
export const DO_FIELD = '_do';

/** The day on which it is now for this reader. */
export function today(c: PageContext): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: c.get('format').timeZone }).format(new Date());
}

export const orderSection: Section = {
  title: 'Order',
  fields: [
    { name: 'orderDate', label: 'Order date', type: 'date', required: true },
    { name: 'description', label: 'Description', maxLength: 500 },
    {
      name: 'schedulingOptions.scheduledDate',
      label: 'Carry out on',
      type: 'date',
      hint: 'Empty: at once. With a day the order is kept as Scheduled and carried out then.',
      alsoNamed: ['schedulingOptions'],
    },
  ],
};

export const billingSection: Section = {
  title: 'Billing',
  fields: [
    {
      name: 'processingOptions.runBilling',
      label: 'Bill the account with this order',
      type: 'checkbox',
      hint: 'Without it the next bill run bills what the order made.',
    },
    {
      name: 'processingOptions.billingOptions.targetDate',
      label: 'Bill through',
      type: 'date',
      hint: 'Target date. Empty: today.',
    },
    {
      name: 'processingOptions.billingOptions.generateDraftInvoice',
      label: 'Leave the invoice as a draft',
      type: 'checkbox',
    },
  ],
};

const PREVIEW_FIELDS: readonly Field[] = [
  {
    name: 'previewOptions.previewThruType',
    label: 'Preview bills through',
    type: 'select',
    choices: [
      { value: 'NumberOfPeriods', label: 'so many billing periods' },
      { value: 'TermEnd', label: 'the end of the term' },
      { value: 'SpecificDate', label: 'a day' },
    ],
    hint: 'Empty: as far as the order itself would bill.',
  },
  { name: 'previewOptions.previewNumberOfPeriods', label: 'Periods', type: 'integer' },
  { name: 'previewOptions.specificPreviewThruDate', label: 'Day', type: 'date' },
];

const previewSection: Section = {
  title: 'What the preview shows',
  hint: 'A preview shows what would be billed and how the figures would move. Nothing is kept.',
  fields: PREVIEW_FIELDS,
};

const ORDER_FIELDS: readonly Field[] = [...orderSection.fields, ...billingSection.fields];

/** What a new form starts from. */
export function orderInitial(c: PageContext): Record<string, string> {
  return {
    orderDate: today(c),
    'previewOptions.previewThruType': 'NumberOfPeriods',
    'previewOptions.previewNumberOfPeriods': '1',
  };
}

/** An order as it is sent: what all forms have, and the subscriptions that the form in hand makes of its values. */
export interface OrderDraft {
  readonly accountNumber: string;
  readonly subscriptions: readonly Json[];
  /** Fields of the form, for refusals that name them. */
  readonly fields: readonly Field[];
}

/** What became of it: a reply that leads on, or what the form shows. */
export type Outcome = Response | Shown;
export interface Shown {
  readonly problems: readonly Problem[];
  readonly preview: Json | null;
  readonly status: number;
}

/** Does with an order what the button said. */
export async function sendOrder(c: PageContext, api: PageApi, draft: OrderDraft): Promise<Outcome> {
  const values = c.get('form');
  const order = {
    ...bodyOf(ORDER_FIELDS, values),
    existingAccountNumber: draft.accountNumber,
    subscriptions: draft.subscriptions,
  } as Json;
  const fields = [...draft.fields, ...ORDER_FIELDS, ...PREVIEW_FIELDS];
  const what = values.text(DO_FIELD);
  if (what === 'preview' || what === '') return previewed(api, order, values, fields);
  const isAsync = what === 'background';
  const status =
    what === 'draft' ? 'Draft' : order.schedulingOptions === undefined ? 'Completed' : 'Scheduled';
  const reply = await api.send('POST', isAsync ? '/v1/async/orders' : '/v1/orders', {
    body: { ...order, status },
    key: keyOf(c),
  });
  if (!reply.isOk) {
    return { problems: problemsOf(reply, fields), preview: null, status: Math.max(reply.status, 400) };
  }
  const next = isAsync
    ? `/orders/jobs/${encoded(reply.body.jobId)}`
    : `/orders/${encoded(reply.body.orderNumber)}?done=created`;
  return c.redirect(next, 303);
}

async function previewed(
  api: PageApi,
  { schedulingOptions: _, ...order }: Json,
  values: FormValues,
  fields: readonly Field[],
): Promise<Shown> {
  const { previewOptions } = bodyOf(PREVIEW_FIELDS, values);
  const reply = await api.send('POST', '/v1/orders/preview', {
    body: {
      ...order,
      previewOptions: { ...previewOptions, previewTypes: ['BillingDocs', 'ChargeMetrics'] },
    },
  });
  if (reply.isOk) return { problems: [], preview: reply.body.previewResult, status: 200 };
  return { problems: problemsOf(reply, fields), preview: null, status: Math.max(reply.status, 400) };
}

interface OrderFormProps {
  readonly c: PageContext;
  readonly action: string;
  /** What this form is about, before its children. */
  readonly sections: readonly Section[];
  /** And after them, before what all orders have. */
  readonly more?: readonly Section[];
  readonly values: FormValues;
  readonly problems: readonly Problem[];
  readonly preview: Child;
  readonly cancel: string;
  readonly create: string;
  /** Fields of repeated groups, so that refusals lead to them. */
  readonly otherFields?: readonly Field[];
  readonly children?: Child;
}

/** The form of an order, with its preview above the buttons. What was typed stays through previews and refusals. */
export function OrderForm(props: OrderFormProps) {
  const {
    c,
    action,
    sections,
    values,
    problems,
    preview,
    cancel,
    create,
    otherFields = [],
    children,
    more = [],
  } = props;
  const all = [...sections, ...more, orderSection, billingSection, previewSection];
  const linked = [...all, { title: '', fields: otherFields }];
  return (
    <form method="post" action={`${action}#preview`} class="form" data-once>
      <Hidden c={c} />
      {/* Enter in a field means this, not the first button of a row. */}
      <button type="submit" name={DO_FIELD} value="preview" class="hidden" tabindex={-1}>
        Preview
      </button>
      <ProblemSummary problems={problems} sections={linked} />
      {sections.map((section) => (
        <FormSection section={section} values={values} problems={problems} />
      ))}
      {children}
      {[...more, orderSection, billingSection, previewSection].map((section) => (
        <FormSection section={section} values={values} problems={problems} />
      ))}
      {preview}
      <div class="actions">
        <button type="submit" name={DO_FIELD} value="preview" class={preview ? '' : 'primary'}>
          Preview
        </button>
        <button type="submit" name={DO_FIELD} value="create" class={preview ? 'primary' : ''}>
          {create}
        </button>
        <button type="submit" name={DO_FIELD} value="draft">
          Save as draft
        </button>
        <button type="submit" name={DO_FIELD} value="background">
          Create in the background
        </button>
        <a class="button" href={cancel}>
          Cancel
        </a>
      </div>
    </form>
  );
}

export const PERIOD_TYPES = choicesOf('Month', 'Year', 'Week', 'Day');
