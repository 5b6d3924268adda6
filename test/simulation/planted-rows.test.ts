import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { audited } from './audited-history.ts';
import { Auditor } from './auditor.ts';
import { auditBilling } from './billing-auditor.ts';
import { TODAY } from './order-action-bodies.ts';
import { auditOrders } from './order-auditor.ts';
import { orderTables, type Row } from './order-tables.ts';
import { auditSettlement, settlementTables } from './settlement-auditor.ts';
import { auditSubscriptions } from './subscription-auditor.ts';

/**
 * The auditors are not blind: of a clean history one row is made wrong, another time each, and the auditor names it. What only the database
 * shows is in planted-rows-in-database.test.ts.
 */

type Tables = Awaited<ReturnType<typeof orderTables>> & Awaited<ReturnType<typeof settlementTables>>;
type Name = keyof Tables;
/** Table, the row in it, what is stored in its place, and what has to be said. */
type Plant = readonly [
  table: Name,
  which: (row: Row) => boolean,
  instead: (row: Row) => readonly Row[],
  said: RegExp,
];

let tables: Tables;

beforeAll(async () => {
  await audited();
  tables = { ...(await orderTables(env.DB)), ...(await settlementTables(env.DB)) };
});

const any = () => true;
const is = (fields: Row) => (row: Row) =>
  Object.entries(fields).every(([name, value]) => row[name] === value);
const set = (fields: Row) => (row: Row) => [{ ...row, ...fields }];
const more = (column: string, by: number) => (row: Row) => [{ ...row, [column]: Number(row[column]) + by }];
const gone = () => [];
const twice = (fields: Row) => (row: Row) => [row, { ...row, ...fields }];

/** Puts the rows there, in a copy. */
function planted([table, which, instead]: Plant): Tables {
  const rows = tables[table];
  const at = rows.findIndex(which);
  expect(at, `a row of ${table} to change`).toBeGreaterThanOrEqual(0);
  return { ...tables, [table]: [...rows.slice(0, at), ...instead(rows[at]!), ...rows.slice(at + 1)] };
}

function named(problems: readonly string[], said: RegExp): void {
  expect(
    problems.filter((problem) => said.test(problem)),
    `of ${JSON.stringify(problems)}`,
  ).not.toEqual([]);
}

const titled = (plants: readonly Plant[]) =>
  plants.map((plant) => [`${plant[0]}: ${plant[3]}`, plant] as const);

test('the history itself is clean', async () => {
  expect(await new Auditor(env.DB).audit([])).toEqual([]);
});

const applied = (row: Row) => row.applied_minor !== 0;
const processed = { status: 'Processed' };

const MONEY: readonly Plant[] = [
  ['invoiceItems', any, more('amount_minor', 1), /I5: invoice \w+ is \d+, its items/],
  ['invoices', any, more('payments_applied_minor', 1), /I5: invoice .* other payments/],
  ['invoices', any, more('credit_memos_applied_minor', 1), /I5: invoice .* other credit memos/],
  ['invoices', any, more('balance_minor', 1), /I5: invoice .* has balance/],
  ['invoices', any, set({ amount_minor: -1 }), /I5: invoice .* is negative/],
  ['invoices', any, more('line_count', 1), /I5: invoice .* counts \d+ lines/],
  ['debitMemos', any, more('balance_minor', -1), /I5: debitMemo .* has balance/],
  ['debitMemoItems', any, gone, /I5: debitMemo \w+ is \d+, its items/],
  ['paymentApplications', any, set({ amount_minor: 0 }), /I5: application .* is 0/],
  ['paymentApplications', any, set({ amount_minor: 10 ** 9 }), /I5: invoice .* negative balance/],
  ['paymentApplications', any, set({ amount_minor: 1 }), /I5: application .* names lines over/],
  ['paymentApplications', any, gone, /I5: payment .* notes \d+ applied/],
  ['creditMemoApplications', any, gone, /I5: credit memo .* notes \d+ applied/],
  ['creditMemoApplications', any, set({ target_id: 'none' }), /I5: application .* side that does not count/],
  ['payments', any, set({ account_id: 'other' }), /I5: application .* between accounts/],
  ['payments', any, set({ currency: 'EUR' }), /I5: application .* between accounts or currencies/],
  ['payments', any, more('unapplied_minor', 1), /I5: payment .* does not add up/],
  ['payments', any, set({ unapplied_minor: -1 }), /I5: payment .* over-applied/],
  ['payments', any, set({ status: 'Canceled' }), /I5: payment .* is Canceled and applied/],
  ['refunds', is({ source_kind: 'payment' }), gone, /I5: payment .* refunded, refunds are 0/],
  ['refunds', is({ source_kind: 'creditMemo' }), gone, /I5: credit memo .* refunded, refunds are 0/],
  ['refunds', is(processed), more('amount_minor', 1), /I5: .* refunded, refunds are/],
  ['creditMemoItems', any, more('amount_minor', -1), /I5: credit memo \w+ is \d+, its items/],
  ['invoiceItems', applied, more('applied_minor', 1), /I5: line .* applied, applications name/],
  ['invoiceItems', applied, set({ amount_minor: 1 }), /I5: line .* over-applied/],
  ['invoiceItems', (row) => row.credited_minor !== 0, more('credited_minor', 1), /I5: line .* other credits/],
  ['invoiceItems', (row) => row.credited_minor !== 0, set({ amount_minor: 1 }), /I5: line .* over-credited/],
];

describe('money', () => {
  test.each(titled(MONEY))('%s', (_, plant) => {
    named(auditSettlement(planted(plant)), plant[3]);
  });
});

const isUsage = (row: Row) => String(row.calculation).includes('"usage"');
const isCharge = (row: Row) => row.processing_type === 'Charge' && !isUsage(row);
const isCredit = (row: Row) => row.applied_to_item_id !== null;

const BILLED: readonly Plant[] = [
  ['invoiceItems', any, set({ subscription_number: 'A-S-none' }), /I6: line .* A-S-none, which is gone/],
  ['invoiceItems', isCharge, twice({ id: 'again' }), /I6: charge .* is billed 2 times/],
  ['invoiceItems', isCharge, set({ service_end_date: '2026-02-10' }), /I6: charge .* is billed 2 times/],
  ['invoiceItems', isUsage, twice({ id: 'again' }), /I6: charge .* bills usage twice/],
  ['creditMemoItems', isCredit, twice({ id: 'again' }), /I6: charge .* is billed -1 times/],
  ['creditMemoItems', isCredit, more('amount_minor', 1), /I5: of line .* is given back/],
];

describe('what is billed', () => {
  test.each(titled(BILLED))('%s', (_, plant) => {
    const changed = planted(plant);
    named(auditBilling(changed, changed.subscriptions), plant[3]);
  });
});

/** A line of an order that has no other. */
const made = (row: Row) => row.base_version !== null;
const strays = (table: Name, column: string): Plant => [
  table,
  any,
  set({ [column]: 'none' }),
  new RegExp(`I3: .* has no ${column}`),
];

const ORDERED: readonly Plant[] = [
  ['lines', made, gone, /I3: order .* has no lines/],
  ['lines', made, set({ new_version: null }), /I3: order .* names 0 versions and made 1/],
  ['subscriptions', any, gone, /I3: line .* made version \d+, which is not there/],
  ['orders', is({ status: 'Draft' }), set({ status: 'Completed' }), /I3: order .* names 0 versions/],
  ['lines', any, set({ line: 7 }), /I3: order .* has no line 0/],
  ['actions', any, set({ sequence: 3 }), /I3: line .* has the actions 3/],
  ['actions', any, gone, /I3: line .* has the actions $/],
  ['lines', made, more('new_version', 1), /I6: line .* made/],
  ['subscriptions', any, set({ account_id: 'other' }), /I3: line .* and version .* differ/],
  ['subscriptions', any, set({ invoice_owner_account_id: 'other' }), /I3: line .* and version .* differ/],
  strays('lines', 'order_id'),
  strays('actions', 'order_id'),
  strays('actions', 'order_subscription_id'),
  strays('deltas', 'order_action_id'),
  strays('deltas', 'subscription_original_id'),
  strays('subscriptions', 'order_id'),
  strays('ratePlans', 'subscription_original_id'),
  strays('charges', 'subscription_original_id'),
  strays('charges', 'rate_plan_id'),
  ['jobs', any, set({ status: 'Processing' }), /I7: job .* is Processing/],
  ['jobs', any, set({ status: 'Failed' }), /I1: job .* is Failed, its order is there 1 times/],
  ['jobs', any, set({ command_kind: 'order.preview' }), /I1: job .* its order is there 1 times/],
  ['jobs', any, set({ result: '{"orderId":"other"}' }), /I3: job .* names another order/],
  [
    'orders',
    (row) => row.description !== null,
    (row) => [row, { ...row, id: 'again' }],
    /I1: job .* its order is there 2 times/,
  ],
];

describe('orders', () => {
  test.each(titled(ORDERED))('%s', (_, plant) => {
    named(auditOrders(planted(plant), new Set()), plant[3]);
  });
});

const now = (row: Row) => row.removed_in_version === null;
const second = (row: Row) => now(row) && row.segment === 2;
const first = (row: Row) => now(row) && row.segment === 1 && row.is_last_segment === 0;
const suspended = is({ is_suspended: 1 });
const runsOn = (row: Row) => now(row) && row.is_removed === 0 && row.charge_type === 'Recurring';
const removed = (row: Row) => now(row) && row.is_removed === 1;
const latest = is({ is_latest_version: 1, status: 'Active' });

const VERSIONS: readonly Plant[] = [
  ['subscriptions', any, more('version', 1), /I6: .* has version 2 where 1 should be/],
  ['subscriptions', latest, set({ is_latest_version: 0 }), /I6: .* has latest = 0/],
  ['subscriptions', is({ is_latest_version: 0 }), set({ is_latest_version: 1 }), /I6: .* has latest = 1/],
  ['subscriptions', is({ version: 2 }), set({ original_id: 'other' }), /I6: .* has another origin/],
  ['charges', any, set({ added_in_version: 99 }), /I6: .* has a row .* of the versions 99/],
  ['ratePlans', any, set({ added_in_version: 0 }), /I6: .* has a row .* of the versions 0/],
  ['charges', removed, gone, /I6: .* is gone after/],
  ['charges', second, set({ segment: 3 }), /I6: .* has segment 3 as its number 2/],
  ['charges', first, set({ is_last_segment: 1 }), /I6: .* segment 1 of 2 has last = 1/],
  ['charges', second, set({ effective_start_date: null }), /I6: .* segment 2 has no start/],
  ['charges', first, set({ effective_end_date: '2025-01-01' }), /I6: .* segment 1 is from/],
  ['charges', second, set({ effective_start_date: '2026-02-01' }), /I6: .* overlaps the one before/],
  ['charges', second, set({ effective_start_date: '2026-03-05' }), /I6: .* is not served from/],
  [
    'charges',
    suspended,
    set({ effective_start_date: '2026-05-01' }),
    /I6: .* is suspended, the subscription/,
  ],
  ['charges', suspended, set({ is_suspended: 0 }), /I6: .* the subscription is suspended on/],
  ['subscriptions', is({ status: 'Suspended' }), set({ suspended_on: null }), /I6: .* from no day/],
  [
    'ratePlans',
    (row) => row.ended_in_version !== null,
    set({ ended_in_version: null }),
    /I6: .* removed = 1/,
  ],
  [
    'subscriptions',
    (row) => row.subscription_end_date !== null && row.is_latest_version === 1,
    set({ subscription_end_date: '2026-01-15' }),
    /I6: .* the subscription ends on/,
  ],
  ['charges', runsOn, set({ effective_end_date: '2026-12-01' }), /I6: .* not with the subscription on/],
  ['deltas', (row) => row.delta_mrr !== '0', gone, /I6: .* of monthly_recurring_revenue on/],
  ['charges', runsOn, set({ quantity: '77' }), /I6: .* of quantity on/],
  ['charges', runsOn, set({ monthly_recurring_revenue: '0.000000001' }), /I6: .* contracts/],
  [
    'charges',
    (row) => row.effective_end_date === '2027-03-01',
    set({ total_contracted_value: '0.000000001' }),
    /I6: .* is worth .*, its deltas are/,
  ],
  ['subscriptions', latest, set({ contracted_mrr: '1' }), /I6: .* contracts 1, its segments/],
  ['subscriptions', latest, set({ known_contracted_value: '1' }), /I6: .* is worth 1, its segments/],
  ['subscriptions', latest, set({ total_contracted_value: '1' }), /I6: .* in all, not/],
];

describe('versions and segments', () => {
  test.each(titled(VERSIONS))('%s', (_, plant) => {
    named(auditSubscriptions(planted(plant), TODAY), plant[3]);
  });
});
