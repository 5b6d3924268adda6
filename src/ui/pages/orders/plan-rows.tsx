import type { Json, PageApi } from '../../api.ts';
import type { Choice, Field } from '../../forms/fields.ts';
import { FieldInput } from '../../forms/form.tsx';
import type { FormValues } from '../../forms/form-values.ts';
import { type Problem, problem } from '../../forms/problems.ts';
import { withRows, withValues } from '../../forms/rows.ts';
import { type CatalogPlan, findPlanId } from './catalog-plans.ts';
import { DO_FIELD } from './order-form.tsx';
import { chargeFields, type PricedCharge, pricingOf } from './priced-charge.ts';

/** The rate plans that a form adds, a row each: plans[0].id, plans[0].charges[1].quantity. */
const GROUP = 'plans';
/** Where the number of one more is typed. */
const NEW_PLAN = 'newPlan';
const ADD = 'add-plan';
const REMOVE = 'remove-plan-';
/** Rate plans of one form; bigger orders are for the API. */
export const PLAN_ROWS_MAX = 25;

export function planIdsOf(values: FormValues): string[] {
  return values.rowsOf(GROUP).map((row) => values.text(`${GROUP}[${row}].id`));
}

/** The form after "Add" or "Remove", with rows numbered from 0; null when another button was pressed. */
export async function changedPlanRows(
  api: PageApi,
  values: FormValues,
): Promise<{ readonly values: FormValues; readonly problems: readonly Problem[] } | null> {
  const what = values.text(DO_FIELD);
  const rows = values.rowsOf(GROUP);
  if (what.startsWith(REMOVE)) {
    const gone = Number(what.slice(REMOVE.length));
    return {
      values: withRows(
        values,
        GROUP,
        rows.filter((row) => row !== gone),
      ),
      problems: [],
    };
  }
  if (what !== ADD) return null;
  const kept = withRows(values, GROUP, rows);
  if (rows.length >= PLAN_ROWS_MAX)
    return {
      values: kept,
      problems: [problem(NEW_PLAN, `A form takes at most ${PLAN_ROWS_MAX} rate plans.`)],
    };
  const added = await withPlan(api, kept, values.text(NEW_PLAN));
  return added ?? { values: kept, problems: [noSuchPlan(values.text(NEW_PLAN))] };
}

async function withPlan(api: PageApi, values: FormValues, key: string) {
  const id = key === '' ? null : await findPlanId(api, key);
  if (id === null) return null;
  const row = values.rowsOf(GROUP).length;
  return { values: withValues(values, { [`${GROUP}[${row}].id`]: id, [NEW_PLAN]: '' }), problems: [] };
}

function noSuchPlan(key: string): Problem {
  const message =
    key === '' ? 'Type the number of a rate plan, then add it.' : `There is no rate plan ${key}.`;
  return problem(NEW_PLAN, message);
}

/** A number that was typed and not added is meant too: the form with it as a row, or what is wrong with it. */
export async function withTypedPlan(
  api: PageApi,
  values: FormValues,
): Promise<{ readonly values: FormValues; readonly problems: readonly Problem[] }> {
  const key = values.text(NEW_PLAN);
  const kept = withRows(values, GROUP, values.rowsOf(GROUP));
  if (key === '') return { values: kept, problems: [] };
  return (await withPlan(api, kept, key)) ?? { values: kept, problems: [noSuchPlan(key)] };
}

/** Where a rate plan stands in the API's body. */
export type WirePlace = (row: number) => string;

interface TypedCharge {
  readonly charge: PricedCharge;
  readonly prefix: string;
  readonly pricing: Json | null;
}

function typedCharges(plan: CatalogPlan, row: number, values: FormValues): TypedCharge[] {
  return plan.charges.map((charge, i) => {
    const prefix = `${GROUP}[${row}].charges[${i}]`;
    return { charge, prefix, pricing: pricingOf(charge, values, prefix) };
  });
}

/** The rate plans as orders take them: what was not typed is left to the catalog. */
export function planBodies(plans: readonly CatalogPlan[], values: FormValues): Json[] {
  return plans.map((plan, row) => {
    const overrides = typedCharges(plan, row, values).flatMap(({ charge, pricing }) =>
      pricing === null ? [] : [{ productRatePlanChargeId: charge.key, pricing }],
    );
    return {
      productRatePlanId: plan.id,
      ...(overrides.length === 0 ? {} : { chargeOverrides: overrides }),
    };
  });
}

function fieldsOfPlan(plan: CatalogPlan, row: number, values: FormValues, place: WirePlace): Field[][] {
  let sent = 0;
  return typedCharges(plan, row, values).map(({ charge, prefix, pricing }) => {
    const wire = `${place(row)}.chargeOverrides[${pricing === null ? -1 : sent++}]`;
    return chargeFields(charge, prefix, wire, 'Catalog');
  });
}

/** All fields of the rows, for refusals that name them. */
export function planFields(plans: readonly CatalogPlan[], values: FormValues, place: WirePlace): Field[] {
  const rows = plans.flatMap((plan, row): Field[] => [
    {
      name: `${GROUP}[${row}].id`,
      label: plan.name,
      type: 'hidden',
      alsoNamed: [`${place(row)}.productRatePlanId`],
    },
    ...fieldsOfPlan(plan, row, values, place).flat(),
  ]);
  return [...rows, newPlanField([])];
}

function newPlanField(suggestions: readonly Choice[]): Field {
  return {
    name: NEW_PLAN,
    label: 'Rate plan number',
    suggestions,
    hint: 'Choose from the catalog, or type a number. Then add it to see its charges.',
  };
}

interface PlanRowsProps {
  readonly plans: readonly CatalogPlan[];
  readonly values: FormValues;
  readonly problems: readonly Problem[];
  readonly suggestions: readonly Choice[];
  readonly place: WirePlace;
  /** The form's own address: adding a row leads back to the rows. */
  readonly action: string;
}

export function PlanRows({ plans, values, problems, suggestions, place, action }: PlanRowsProps) {
  const messageOf = (name: string) => problems.find(({ field }) => field === name)?.message;
  return (
    <fieldset id="plans">
      <legend>Rate plans</legend>
      <div class="rows">
        {plans.map((plan, row) => {
          const id = `${GROUP}[${row}].id`;
          const fields = fieldsOfPlan(plan, row, values, place);
          return (
            <section class="row" aria-label={`${plan.productName}: ${plan.name}`}>
              <div class="title">
                <h2>
                  {plan.productName}: {plan.name}
                </h2>
                <button
                  type="submit"
                  name={DO_FIELD}
                  value={`${REMOVE}${row}`}
                  formaction={`${action}#plans`}
                  formnovalidate
                >
                  Remove<span class="hidden"> {plan.name}</span>
                </button>
              </div>
              <input type="hidden" name={id} value={plan.id} />
              {messageOf(id) === undefined ? null : <p class="error">{messageOf(id)}</p>}
              {plan.charges.map((charge, i) => (
                <ChargeInputs charge={charge} fields={fields[i]!} values={values} messageOf={messageOf} />
              ))}
            </section>
          );
        })}
        {plans.length === 0 ? (
          <p class="quiet">None yet. A rate plan brings its charges with the catalog's prices.</p>
        ) : null}
        <div class="fields">
          <FieldInput
            field={newPlanField(suggestions)}
            value={values.text(NEW_PLAN)}
            isOn={false}
            message={messageOf(NEW_PLAN)}
          />
        </div>
        <div class="actions">
          <button type="submit" name={DO_FIELD} value={ADD} formaction={`${action}#plans`} formnovalidate>
            Add rate plan
          </button>
        </div>
      </div>
    </fieldset>
  );
}

/** A charge with the quantity and prices that may be given anew. */
export function ChargeInputs({
  charge,
  fields,
  values,
  messageOf,
}: {
  readonly charge: PricedCharge;
  readonly fields: readonly Field[];
  readonly values: FormValues;
  readonly messageOf: (name: string) => string | undefined;
}) {
  return (
    <fieldset class="charge">
      <legend>
        {charge.name} <small class="quiet">{charge.summary}</small>
      </legend>
      {fields.length === 0 ? <p class="quiet">Nothing of it can be given here.</p> : null}
      <div class="fields">
        {fields.map((field) => (
          <FieldInput
            field={field}
            value={values.text(field.name)}
            isOn={false}
            message={messageOf(field.name)}
          />
        ))}
      </div>
    </fieldset>
  );
}
