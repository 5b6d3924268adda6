import type { Entities } from '../../src/domain/entities.ts';
import { entityTables, fromRow, type StoredKind } from '../../src/persistence/entity-tables.ts';
import type { MemoryState } from './memory-state.ts';
import { testPlan, testProduct } from './order-objects.ts';
import type { OrderWorld } from './order-world.ts';
import { rowParameters } from './row-parameters.ts';

/** Worlds of orders between memory and D1. */

/** What orders write. */
const WRITTEN = ['subscription', 'ratePlan', 'charge', 'order', 'orderDelta'] as const;
const ROWS_PER_STATEMENT = 200;

export async function insertRows<K extends StoredKind>(
  db: D1Database,
  kind: K,
  entities: ReadonlyArray<Entities[K]>,
): Promise<void> {
  const table = entityTables[kind];
  for (let i = 0; i < entities.length; i += ROWS_PER_STATEMENT) {
    const part = entities.slice(i, i + ROWS_PER_STATEMENT);
    await db
      .prepare(table.insertSql)
      .bind(...rowParameters(table, part))
      .run();
  }
}

async function allRows<K extends StoredKind>(db: D1Database, kind: K): Promise<Array<Entities[K]>> {
  const { results } = await db
    .prepare(`SELECT * FROM ${entityTables[kind].tableName}`)
    .all<Record<string, unknown>>();
  return results.map((row) => fromRow<K>(entityTables[kind], row));
}

/** The world's accounts and catalog, so that orders can be placed on them. */
export async function storeBasis(db: D1Database, { state }: OrderWorld): Promise<void> {
  await insertRows(db, 'account', state.all('account'));
  for (const offer of state.all('ratePlanOffer')) {
    const { productId: id, productName: name, productSku: sku, plan, charges } = offer;
    await insertRows(db, 'product', [testProduct({ id, name, sku })]);
    await insertRows(db, 'productRatePlan', [testPlan(id, plan)]);
    await insertRows(db, 'productRatePlanCharge', charges);
  }
}

/** Everything that orders have written in the world. */
export async function storeOrders(db: D1Database, { state }: OrderWorld): Promise<void> {
  for (const kind of WRITTEN) await insertRows(db, kind, state.all(kind));
}

/** What orders have written into the database. */
export async function loadOrders(db: D1Database, state: MemoryState): Promise<void> {
  for (const kind of WRITTEN) for (const row of await allRows(db, kind)) state.put(kind, row as never);
  const { results } = await db
    .prepare(
      'SELECT account_id, currency, contracted_mrr_whole, contracted_mrr_nano, document_id FROM metric_delta',
    )
    .all<Record<string, string & number>>();
  state.deltas.length = 0;
  for (const row of results) {
    state.deltas.push({
      accountId: row.account_id!,
      currency: row.currency!,
      contractedMrrWhole: row.contracted_mrr_whole!,
      contractedMrrNano: row.contracted_mrr_nano!,
      documentKind: 'subscription',
      documentId: row.document_id!,
    });
  }
}
