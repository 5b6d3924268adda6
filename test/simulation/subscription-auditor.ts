import { billionths } from './exact-decimals.ts';
import { groupedBy, type OrderTables, type Row } from './order-tables.ts';
import { segmentProblems } from './segment-auditor.ts';

/** All that is stored of one subscription. */
export interface Lineage {
  readonly number: string;
  /** By version. */
  readonly versions: readonly Row[];
  readonly ratePlans: ReadonlyMap<string, Row>;
  readonly charges: readonly Row[];
  readonly deltas: readonly Row[];
  /** Days from which it was suspended at any time, by the version that did it. */
  readonly suspensions: ReadonlyArray<{ readonly version: number; readonly day: string }>;
  /** Versions in which it was resumed. */
  readonly resumptions: readonly number[];
  /** Versions that took the one before back. */
  readonly reversals: readonly number[];
}

/**
 * I6: each subscription's versions are 1..n with one latest, the last; every version that ever was can still be read, segment by segment;
 * what orders moved adds up to what there is; and the sums of a version are those of its segments.
 */
export function auditSubscriptions(tables: OrderTables, today: string): string[] {
  const problems: string[] = [];
  for (const lineage of lineagesOf(tables, today)) {
    problems.push(...versionProblems(lineage), ...rowProblems(lineage));
    for (const version of lineage.versions) {
      const segments = segmentsOf(lineage, Number(version.version));
      const name = `${lineage.number} v${version.version}`;
      for (const [chargeNumber, timeline] of segments) {
        const found = [
          ...segmentProblems(version, timeline, lineage),
          ...deltaProblems(chargeNumber, timeline, Number(version.version), lineage),
        ];
        problems.push(...found.map((problem) => `I6: ${name} charge ${chargeNumber} ${problem}`));
      }
      // Dates that are set later move the segments of versions before too, in place; their sums stay as they were booked.
      if (version.is_latest_version === 1)
        problems.push(...sumProblems(version, segments).map((problem) => `I6: ${name} ${problem}`));
    }
  }
  return problems;
}

/** What each latest version is worth a month to its owner, by account and currency, from its last segments (semantics B.3). */
export function contractedByAccount(tables: OrderTables, today: string): Map<string, bigint> {
  const totals = new Map<string, bigint>();
  for (const lineage of lineagesOf(tables, today)) {
    for (const version of lineage.versions) {
      const status = String(version.status);
      if (version.is_latest_version !== 1 || ['Draft', 'Cancelled', 'Expired'].includes(status)) continue;
      const key = `${version.account_id} ${version.currency}`;
      const worth = contracted(segmentsOf(lineage, Number(version.version)), version);
      totals.set(key, (totals.get(key) ?? 0n) + worth);
    }
  }
  return totals;
}

function lineagesOf(tables: OrderTables, today: string): Lineage[] {
  const ratePlans = groupedBy(tables.ratePlans, 'subscription_original_id');
  const charges = groupedBy(tables.charges, 'subscription_original_id');
  const deltas = groupedBy(tables.deltas, 'subscription_original_id');
  const actions = groupedBy(tables.actions, 'order_subscription_id');
  const lines = groupedBy(tables.lines, 'subscription_number');
  const reversals = new Set(
    tables.orders
      .filter(({ details }) => String(details).includes('revertedOrderNumber'))
      .map(({ id }) => id),
  );
  return [...groupedBy(tables.subscriptions, 'subscription_number')].map(([number, versions]) => {
    const id = String(versions[0]!.original_id);
    const done = (lines.get(number) ?? [])
      .filter(({ new_version }) => new_version !== null)
      .flatMap((line) =>
        (actions.get(String(line.id)) ?? []).map((action) => ({ action, version: Number(line.new_version) })),
      );
    const suspendedThen = versions.flatMap(({ version, suspended_on: day }) =>
      day === null ? [] : [{ version: Number(version), day: String(day) }],
    );
    const suspendedAndResumedAtOnce = done
      .filter(({ action }) => action.type === 'Suspend')
      .flatMap(({ action, version }) => {
        const { suspend } = JSON.parse(String(action.body)) as { suspend?: Record<string, string> };
        return [{ version, day: suspend?.suspendSpecificDate ?? today }];
      });
    return {
      number,
      versions,
      ratePlans: new Map((ratePlans.get(id) ?? []).map((plan) => [String(plan.id), plan])),
      charges: charges.get(id) ?? [],
      deltas: deltas.get(id) ?? [],
      suspensions: [...suspendedThen, ...suspendedAndResumedAtOnce],
      resumptions: done.filter(({ action }) => action.type === 'Resume').map(({ version }) => version),
      reversals: versions.filter((row) => reversals.has(row.order_id!)).map((row) => Number(row.version)),
    };
  });
}

function versionProblems({ number, versions }: Lineage): string[] {
  const problems: string[] = [];
  for (const [i, row] of versions.entries()) {
    const expected = i + 1;
    if (row.version !== expected)
      problems.push(`I6: ${number} has version ${row.version} where ${expected} should be`);
    const isLast = expected === versions.length;
    if (row.is_latest_version !== (isLast ? 1 : 0)) {
      problems.push(
        `I6: ${number} v${row.version} of ${versions.length} has latest = ${row.is_latest_version}`,
      );
    }
    if (row.original_id !== versions[0]!.id)
      problems.push(`I6: ${number} v${row.version} has another origin`);
  }
  return problems;
}

/** Each row came with a version and left with a later one; a charge that a version has, all later ones have. */
function rowProblems({ number, versions, charges, ratePlans, reversals }: Lineage): string[] {
  const problems: string[] = [];
  const latest = versions.length;
  for (const row of [...charges, ...ratePlans.values()]) {
    const added = Number(row.added_in_version);
    const removed = row.removed_in_version == null ? null : Number(row.removed_in_version);
    const fits =
      added >= 1 && added <= latest && (removed === null || (removed > added && removed <= latest));
    if (!fits) problems.push(`I6: ${number} has a row ${row.id} of the versions ${added} to ${removed}`);
  }
  for (const [chargeNumber, rows] of groupedBy(charges, 'charge_number')) {
    for (const { id, removed_in_version: removed } of rows) {
      if (removed == null || rows.some((row) => isPartOf(row, Number(removed)))) continue;
      if (reversals.includes(Number(removed))) continue;
      problems.push(`I6: ${number} charge ${chargeNumber} is gone after ${id} in version ${removed}`);
    }
  }
  return problems;
}

function isPartOf(row: Row, version: number): boolean {
  const removed = row.removed_in_version;
  return Number(row.added_in_version) <= version && (removed === null || Number(removed) > version);
}

type Segments = ReadonlyMap<string, readonly Row[]>;

/** The segments of a version, by charge, in order. */
function segmentsOf({ charges }: Lineage, version: number): Segments {
  return groupedBy(
    charges.filter((row) => isPartOf(row, version)),
    'charge_number',
  );
}

/** What orders up to a version moved on a day is what the version serves on that day: MRR and quantity. */
function deltaProblems(
  chargeNumber: string,
  timeline: readonly Row[],
  version: number,
  { deltas }: Lineage,
): string[] {
  const moved = deltas.filter((row) => row.charge_number === chargeNumber && Number(row.version) <= version);
  const days = new Set<string>();
  for (const { start_date, end_date } of moved) {
    for (const day of [start_date, end_date]) if (day !== null) days.add(String(day));
  }
  for (const { effective_start_date, effective_end_date } of timeline) {
    for (const day of [effective_start_date, effective_end_date]) if (day !== null) days.add(String(day));
  }
  const problems = [...valueProblems(timeline, moved)];
  for (const day of days) {
    const served = timeline.filter(
      (row) => row.is_suspended === 0 && covers(row.effective_start_date, row.effective_end_date, day),
    );
    const reached = moved.filter(({ start_date, end_date }) => covers(start_date, end_date, day));
    for (const [has, moves] of [
      ['monthly_recurring_revenue', 'delta_mrr'],
      ['quantity', 'delta_quantity'],
    ] as const) {
      const there = served.reduce((sum, row) => sum + billionths(row[has] ?? '0'), 0n);
      const summed = reached.reduce((sum, row) => sum + billionths(row[moves]!), 0n);
      if (there !== summed) problems.push(`serves ${there} of ${has} on ${day}, its deltas are ${summed}`);
    }
  }
  return problems;
}

/** What orders moved of a charge's contracted value adds up to it, where all of it is known. */
function valueProblems(timeline: readonly Row[], moved: readonly Row[]): string[] {
  const values = timeline.map((row) => row.total_contracted_value ?? null);
  const moves = moved.map((row) => row.delta_tcv ?? null);
  if (values.includes(null) || moves.includes(null)) return [];
  const [there, summed] = [values, moves].map((list) =>
    list.reduce((sum, value) => sum + billionths(value), 0n),
  );
  return there === summed ? [] : [`is worth ${there}, its deltas are ${summed}`];
}

function covers(start: Row[string] | undefined, end: Row[string] | undefined, day: string): boolean {
  return start != null && String(start) <= day && (end == null || day < String(end));
}

/** The sums that a version carries. */
function sumProblems(version: Row, segments: Segments): string[] {
  const problems: string[] = [];
  const mrr = contracted(segments, version);
  if (billionths(version.contracted_mrr!) !== mrr)
    problems.push(`contracts ${version.contracted_mrr}, its segments ${mrr}`);
  const values = [...segments.values()].flat().map((row) => row.total_contracted_value ?? null);
  const known = values.reduce((sum, value) => sum + (value === null ? 0n : billionths(value)), 0n);
  if (billionths(version.known_contracted_value!) !== known)
    problems.push(`is worth ${version.known_contracted_value}, its segments ${known}`);
  const total = version.total_contracted_value === null ? null : billionths(version.total_contracted_value!);
  if (total !== (values.includes(null) ? null : known))
    problems.push(`is worth ${total} in all, not ${known}`);
  return problems;
}

/** Contracted MRR: last segments of recurring charges that run to the subscription's end and are not removed (semantics B.3). */
function contracted(segments: Segments, { subscription_end_date: subscriptionEnd }: Row): bigint {
  let sum = 0n;
  for (const timeline of segments.values()) {
    const last = timeline.at(-1)!;
    const start = last.effective_start_date;
    const end = last.effective_end_date;
    const runsOn = start === null || (start !== end && end === subscriptionEnd);
    const counts =
      runsOn &&
      last.charge_type === 'Recurring' &&
      last.end_date_condition === 'SubscriptionEnd' &&
      last.is_removed === 0;
    if (counts) sum += billionths(last.monthly_recurring_revenue!);
  }
  return sum;
}
