import type { CommandHandler, DecideContext } from '../../account/command.ts';
import { demand } from '../../account/demand.ts';
import { PlanBuilder } from '../../account/plan.ts';
import type { Need, State } from '../../account/state.ts';
import { isRefusal, type JsonObject, type Refusal, refuse } from '../../result.ts';
import type { BillRun, BillRunFilter } from '../bill-run.ts';

/** Accounts and subscriptions that the filter of one run names. */
export const BILL_RUN_FILTERS_MAX = 1_000;

/** A bill run as it is asked for (POST /v1/bill-runs). */
export interface NewBillRun
  extends Pick<BillRun, 'name' | 'targetDate' | 'invoiceDate' | 'options' | 'details'> {
  readonly batches: readonly string[] | null;
  readonly billCycleDay: number | null;
  /** Accounts by id or number; subscriptions by id of any version or by number. Null: all accounts. */
  readonly filters: ReadonlyArray<{
    readonly accountKey: string;
    readonly subscriptionKey: string | null;
  }> | null;
}

/** Writes the run down; who does it is asked afterwards, and by the sweep when that is lost. */
export const createBillRun: CommandHandler<NewBillRun, BillRun> = {
  needs: ({ filters }) => (filters ?? []).flatMap(needsOfFilter),
  numbers: () => [['billRun', 1]],
  decide(state, payload, context) {
    const accounts = payload.filters === null ? null : findFilters(state, payload.filters);
    if (accounts !== null && isRefusal(accounts)) return accounts;
    const run: BillRun = {
      ...newRun(context),
      name: payload.name,
      targetDate: payload.targetDate,
      invoiceDate: payload.invoiceDate,
      filter: { accounts, batches: payload.batches, billCycleDay: payload.billCycleDay },
      options: payload.options,
      details: payload.details,
    };
    return new PlanBuilder().insert('billRun', run).build(run);
  },
};

type Filter = NonNullable<NewBillRun['filters']>[number];

function needsOfFilter({ accountKey, subscriptionKey }: Filter): Need[] {
  return [
    { kind: 'account', key: accountKey },
    ...(subscriptionKey === null ? [] : [{ kind: 'subscription' as const, key: subscriptionKey }]),
  ];
}

function findFilters(state: State, filters: readonly Filter[]): BillRunFilter[] | Refusal {
  // A subscription may be named by the id of an older version, whose number is known only then.
  demand(state, filters.flatMap(needsOfFilter));
  const numbers = filters.map(({ subscriptionKey: key }) =>
    key === null ? null : (state.find('subscription', key)?.subscriptionNumber ?? null),
  );
  demand(
    state,
    numbers.flatMap((key) => (key === null ? [] : [{ kind: 'subscription' as const, key }])),
  );
  const found: BillRunFilter[] = [];
  for (const [index, { accountKey, subscriptionKey }] of filters.entries()) {
    const field = (name: string) => `billRunFilters[${index}].${name}`;
    const account = state.find('account', accountKey);
    if (account === null) return refuse('invalid', `there is no account ${accountKey}`, field('accountId'));
    if (account.status !== 'Active') {
      const message = `account ${account.accountNumber} is ${account.status}; only active accounts are billed`;
      return refuse('rule', message, field('accountId'));
    }
    if (subscriptionKey === null) {
      found.push({ accountId: account.id, subscription: null });
      continue;
    }
    const number = numbers[index]!;
    const owner = number === null ? null : state.find('subscription', number)?.invoiceOwnerAccountId;
    if (number === null || owner !== account.id) {
      const message = `account ${account.accountNumber} is not the invoice owner of a subscription ${subscriptionKey}`;
      return refuse('invalid', message, field('subscriptionId'));
    }
    found.push({ accountId: account.id, subscription: { id: subscriptionKey, number } });
  }
  return found;
}

/** What every run starts with. */
function newRun(context: DecideContext): Omit<
  BillRun,
  'name' | 'targetDate' | 'invoiceDate' | 'filter' | 'options' | 'details'
> & {
  readonly details: JsonObject;
} {
  return {
    id: context.newId(),
    revision: 0,
    billRunNumber: context.nextNumber('billRun'),
    status: 'Pending',
    plannedThrough: null,
    failure: null,
    startedAt: null,
    finishedAt: null,
    postedAt: null,
    details: {},
    customFields: {},
    createdAt: context.now,
    createdBy: context.actor,
    updatedAt: context.now,
    updatedBy: context.actor,
  };
}
