import { groupedBy, type OrderTables, type Row } from './order-tables.ts';

/** Statuses of orders that are kept and have made nothing. */
const KEPT = ['Draft', 'Scheduled', 'Cancelled'];

/**
 * I1, I3 and I12 for orders: each has its lines, actions and versions, or none of them; its lines say which version it made of what, and
 * that version is there and says the same; what a refused job would have done is not there.
 *
 * @param taken markers of orders, and numbers of subscriptions, that may have been deleted
 */
export function auditOrders(tables: OrderTables, taken: ReadonlySet<string>): string[] {
  return [...lineProblems(tables, taken), ...strayProblems(tables), ...jobProblems(tables, taken)];
}

function lineProblems(
  { orders, lines, actions, subscriptions }: OrderTables,
  taken: ReadonlySet<string>,
): string[] {
  const problems: string[] = [];
  const linesOf = groupedBy(lines, 'order_id');
  const actionsOf = groupedBy(actions, 'order_subscription_id');
  const versionsOf = groupedBy(subscriptions, 'order_id');
  const numbers = new Set(subscriptions.map(({ subscription_number: number }) => number));
  // Orders stay when a subscription of theirs is deleted.
  const isGone = ({ subscription_number: number }: Row) =>
    taken.has(String(number)) && !numbers.has(number ?? null);
  for (const order of orders) {
    const own = linesOf.get(String(order.id)) ?? [];
    const versions = versionsOf.get(String(order.id)) ?? [];
    if (own.length === 0) problems.push(`I3: order ${order.id} has no lines`);
    const made = own.filter(({ new_version }) => new_version !== null);
    const isKept = KEPT.includes(String(order.status)) || (order.status === 'Pending' && made.length === 0);
    const expected = isKept ? 0 : own.length;
    const gone = made.filter(isGone).length;
    if (made.length !== expected || versions.length !== expected - gone) {
      problems.push(
        `I3: order ${order.id} (${order.status}) of ${own.length} lines names ${made.length} versions and made ${versions.length}`,
      );
    }
    for (const [position, line] of own.entries()) {
      if (line.line !== position) problems.push(`I3: order ${order.id} has no line ${position}`);
      const sequences = (actionsOf.get(String(line.id)) ?? []).map(({ sequence }) => sequence);
      if (sequences.length === 0 || sequences.some((sequence, i) => sequence !== i)) {
        problems.push(`I3: line ${line.id} has the actions ${sequences.join(', ')}`);
      }
    }
    for (const line of made) if (!isGone(line)) problems.push(...madeProblems(line, versions));
  }
  return problems;
}

/** A line and the version that it made agree. */
function madeProblems(line: Row, versions: readonly Row[]): string[] {
  const base = line.base_version === null ? 0 : Number(line.base_version);
  const version = versions.find(({ id }) => id === line.subscription_id);
  const name = `line ${line.id} of ${line.subscription_number}`;
  if (version === undefined) return [`I3: ${name} made version ${line.new_version}, which is not there`];
  const problems: string[] = [];
  if (line.new_version !== base + 1) problems.push(`I6: ${name} made ${line.new_version} of ${base}`);
  const same =
    version.version === line.new_version &&
    version.subscription_number === line.subscription_number &&
    version.account_id === line.subscription_owner_account_id &&
    version.invoice_owner_account_id === line.invoice_owner_account_id;
  if (!same) problems.push(`I3: ${name} and version ${version.id} differ`);
  return problems;
}

/** No part is there without its whole. */
function strayProblems({ orders, lines, actions, deltas, subscriptions, ratePlans, charges }: OrderTables) {
  const idsOf = (rows: readonly Row[], column = 'id') => new Set(rows.map((row) => row[column]));
  const [orderIds, lineIds, actionIds] = [idsOf(orders), idsOf(lines), idsOf(actions)];
  const [lineages, ratePlanIds] = [idsOf(subscriptions, 'original_id'), idsOf(ratePlans)];
  const strays = (what: string, rows: readonly Row[], column: string, known: ReadonlySet<unknown>) =>
    rows.filter((row) => !known.has(row[column])).map(({ id }) => `I3: ${what} ${id} has no ${column}`);
  return [
    ...strays('line', lines, 'order_id', orderIds),
    ...strays('action', actions, 'order_id', orderIds),
    ...strays('action', actions, 'order_subscription_id', lineIds),
    ...strays('delta', deltas, 'order_action_id', actionIds),
    ...strays('delta', deltas, 'subscription_original_id', lineages),
    ...strays('version', subscriptions, 'order_id', orderIds),
    ...strays('rate plan', ratePlans, 'subscription_original_id', lineages),
    ...strays('charge', charges, 'subscription_original_id', lineages),
    ...strays('charge', charges, 'rate_plan_id', ratePlanIds),
  ];
}

/**
 * After draining each job is finished. What it did is there once, and it names it; of one that was refused, and of a preview, nothing is
 * there.
 */
function jobProblems({ jobs, orders }: OrderTables, taken: ReadonlySet<string>): string[] {
  const problems: string[] = [];
  const ordersOf = groupedBy(orders, 'description');
  for (const { id, status, payload, command_kind, request_id, result } of jobs) {
    const isFinished = (status === 'Completed' || status === 'Failed') && payload === 'null';
    if (!isFinished) problems.push(`I7: job ${id} is ${status}`);
    const placed = ordersOf.get(String(request_id)) ?? [];
    const expected = status === 'Completed' && command_kind === 'order.create' ? 1 : 0;
    if (placed.length === 0 && taken.has(String(request_id))) continue;
    if (placed.length !== expected) {
      problems.push(
        `I1: job ${id} of ${command_kind} is ${status}, its order is there ${placed.length} times`,
      );
    }
    if (expected === 0) continue;
    const { orderId } = JSON.parse(String(result)) as { readonly orderId?: string };
    if (orderId !== placed[0]?.id) problems.push(`I3: job ${id} names another order than its own`);
  }
  return problems;
}
