import { isId } from '../domain/account/state.ts';
import type {
  ChargeTier,
  Product,
  ProductRatePlan,
  ProductRatePlanCharge,
} from '../domain/catalog/catalog.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';

type Row = Record<string, unknown>;

const products = entityTables.product;
const ratePlans = entityTables.productRatePlan;
const charges = entityTables.productRatePlanCharge;

/** Most charges that a list shows per rate plan (conventions 6). */
const CHARGES_PER_PLAN_MAX = 300;

/** The product with this id, number or SKU. */
export async function findProduct(db: D1Database, key: string): Promise<Product | null> {
  const where = isId(key) ? 'p.id = ?1' : 'p.product_number = ?1 OR p.sku = ?1';
  const row = await db
    .prepare(`SELECT ${selectList(products, 'p')} FROM product AS p WHERE ${where} LIMIT 1`)
    .bind(key)
    .first<Row>();
  return row === null ? null : fromRow<'product'>(products, row);
}

/** Products in the order of their creation. */
export async function listProducts(db: D1Database, limit: number, offset: number): Promise<Product[]> {
  const { results } = await db
    .prepare(`SELECT ${selectList(products, 'p')} FROM product AS p ORDER BY p.id LIMIT ?1 OFFSET ?2`)
    .bind(limit, offset)
    .all<Row>();
  return results.map((row) => fromRow<'product'>(products, row));
}

/** The rate plan with this id or number. */
export async function findProductRatePlan(db: D1Database, key: string): Promise<ProductRatePlan | null> {
  const column = isId(key) ? 'id' : 'rate_plan_number';
  const row = await db
    .prepare(`SELECT ${selectList(ratePlans, 'p')} FROM product_rate_plan AS p WHERE p.${column} = ?1`)
    .bind(key)
    .first<Row>();
  return row === null ? null : fromRow<'productRatePlan'>(ratePlans, row);
}

/** A product's rate plans in the order of their creation. */
export async function listRatePlansOfProduct(
  db: D1Database,
  productId: string,
  limit: number,
  offset: number,
): Promise<ProductRatePlan[]> {
  const { results } = await db
    .prepare(
      `SELECT ${selectList(ratePlans, 'p')} FROM product_rate_plan AS p WHERE p.product_id = ?1 ` +
        'ORDER BY p.id LIMIT ?2 OFFSET ?3',
    )
    .bind(productId, limit, offset)
    .all<Row>();
  return results.map((row) => fromRow<'productRatePlan'>(ratePlans, row));
}

/** Most rate plans that share one id of another system and are shown. */
const SAME_EXTERNAL_ID_MAX = 300;

/** The rate plans that another system knows by this id. */
export async function listRatePlansByExternalId(
  db: D1Database,
  externalId: string,
): Promise<ProductRatePlan[]> {
  const { results } = await db
    .prepare(
      `SELECT ${selectList(ratePlans, 'p')} FROM rate_plan_external_id AS e ` +
        'JOIN product_rate_plan AS p ON p.id = e.product_rate_plan_id WHERE e.external_id = ?1 ' +
        'ORDER BY p.id LIMIT ?2',
    )
    .bind(externalId, SAME_EXTERNAL_ID_MAX)
    .all<Row>();
  return results.map((row) => fromRow<'productRatePlan'>(ratePlans, row));
}

/** The charges of these rate plans by rate plan id, at most 300 of each, in the order of their creation. */
export async function chargesOfRatePlans(
  db: D1Database,
  ratePlanIds: readonly string[],
): Promise<ReadonlyMap<string, readonly ProductRatePlanCharge[]>> {
  const { results } = await db
    .prepare(
      `SELECT ${selectList(charges, 'c')} FROM json_each(?1) AS j JOIN product_rate_plan_charge AS c ON c.id IN ` +
        '(SELECT id FROM product_rate_plan_charge WHERE product_rate_plan_id = j.value ORDER BY id LIMIT ?2) ' +
        'ORDER BY c.id',
    )
    .bind(JSON.stringify(ratePlanIds), CHARGES_PER_PLAN_MAX)
    .all<Row>();
  return Map.groupBy(
    results.map((row) => fromRow<'productRatePlanCharge'>(charges, row)),
    (charge) => charge.productRatePlanId,
  );
}

/** The charge with this id or number. */
export async function findProductRatePlanCharge(
  db: D1Database,
  key: string,
): Promise<ProductRatePlanCharge | null> {
  const column = isId(key) ? 'id' : 'charge_number';
  const row = await db
    .prepare(`SELECT ${selectList(charges, 'c')} FROM product_rate_plan_charge AS c WHERE c.${column} = ?1`)
    .bind(key)
    .first<Row>();
  return row === null ? null : fromRow<'productRatePlanCharge'>(charges, row);
}

/** A tier with the charge that holds it. */
export async function findChargeTier(
  db: D1Database,
  id: string,
): Promise<{ readonly charge: ProductRatePlanCharge; readonly tier: ChargeTier } | null> {
  const row = await db
    .prepare(
      `SELECT ${selectList(charges, 'c')} FROM charge_tier_key AS k ` +
        'JOIN product_rate_plan_charge AS c ON c.id = k.product_rate_plan_charge_id WHERE k.id = ?1',
    )
    .bind(id)
    .first<Row>();
  if (row === null) return null;
  const charge = fromRow<'productRatePlanCharge'>(charges, row);
  const tier = charge.tiers.find((candidate) => candidate.id === id);
  return tier === undefined ? null : { charge, tier };
}
