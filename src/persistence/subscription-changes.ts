import type { VersionRows } from '../domain/subscriptions/change-log.ts';
import type { Charge, RatePlan, Subscription } from '../domain/subscriptions/subscription.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';
import type { RowRange } from './row-range.ts';

type Row = Record<string, unknown>;

/** Ids of a subscription's versions, newest first, by index. */
export async function findVersionIds(
  db: D1Database,
  subscriptionNumber: string,
  { rowsMax, offset }: RowRange,
): Promise<string[]> {
  return idsOf(
    db
      .prepare(
        'SELECT id FROM subscription WHERE subscription_number = ?1 ORDER BY version DESC LIMIT ?2 OFFSET ?3',
      )
      .bind(subscriptionNumber, rowsMax, offset),
  );
}

/** Ids of the versions that an order made, in the order of its subscriptions. */
export async function findVersionIdsOfOrder(
  db: D1Database,
  orderId: string,
  { rowsMax, offset }: RowRange,
): Promise<string[]> {
  return idsOf(
    db
      .prepare(
        'SELECT subscription_id AS id FROM order_subscription WHERE order_id = ?1 AND subscription_id IS NOT NULL ' +
          'ORDER BY line LIMIT ?2 OFFSET ?3',
      )
      .bind(orderId, rowsMax, offset),
  );
}

async function idsOf(statement: D1PreparedStatement): Promise<string[]> {
  const { results } = await statement.all<{ id: string }>();
  return results.map(({ id }) => id);
}

const VERSIONS = 'FROM json_each(?1) AS j CROSS JOIN subscription AS s ON s.id = j.value ';
const ofLineage = (table: string) =>
  `CROSS JOIN ${table} AS t ON t.subscription_original_id = s.original_id `;
const { subscription, ratePlan, charge } = entityTables;

const READS = [
  `SELECT ${selectList(subscription, 's')} ${VERSIONS}`,
  `SELECT s.id AS version_id, ${selectList(subscription, 't')} ${VERSIONS}` +
    'CROSS JOIN subscription AS t ON t.subscription_number = s.subscription_number AND t.version = s.version - 1',
  `SELECT s.id AS version_id, ${selectList(ratePlan, 't')} ${VERSIONS}${ofLineage('rate_plan')}ORDER BY t.rowid`,
  `SELECT s.id AS version_id, ${selectList(charge, 't')} ${VERSIONS}${ofLineage('charge')}AND t.added_in_version = s.version`,
  `SELECT s.id AS version_id, ${selectList(charge, 't')} ${VERSIONS}${ofLineage('charge')}AND t.removed_in_version = s.version`,
];

/** What each of these versions added and took away, in the order of the ids: one round trip. */
export async function readVersionRows(db: D1Database, ids: readonly string[]): Promise<VersionRows[]> {
  if (ids.length === 0) return [];
  const list = JSON.stringify(ids);
  const results = await db.batch<Row>(READS.map((sql) => db.prepare(sql).bind(list)));
  const [versions, bases, ratePlans, added, removed] = results.map((result) => result.results);
  const versionById = new Map(
    versions!.map((row) => [row.id as string, fromRow<'subscription'>(subscription, row)]),
  );
  const baseOf = grouped<Subscription>(bases!, (row) => fromRow<'subscription'>(subscription, row));
  const plansOf = grouped<RatePlan>(ratePlans!, (row) => fromRow<'ratePlan'>(ratePlan, row));
  const addedTo = grouped<Charge>(added!, (row) => fromRow<'charge'>(charge, row));
  const removedFrom = grouped<Charge>(removed!, (row) => fromRow<'charge'>(charge, row));
  return ids.flatMap((id) => {
    const version = versionById.get(id);
    if (version === undefined) return [];
    return {
      subscription: version,
      base: baseOf.get(id)?.[0] ?? null,
      ratePlans: plansOf.get(id) ?? [],
      addedCharges: addedTo.get(id) ?? [],
      removedCharges: removedFrom.get(id) ?? [],
    };
  });
}

function grouped<T>(rows: readonly Row[], read: (row: Row) => T): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = row.version_id as string;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [read(row)]);
    else group.push(read(row));
  }
  return groups;
}
