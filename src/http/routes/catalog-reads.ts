import { tenantClock } from '../../account/runtime.ts';
import type { Product } from '../../domain/catalog/catalog.ts';
import { refuse } from '../../domain/result.ts';
import * as catalog from '../../persistence/catalog.ts';
import { readSettings } from '../../persistence/tenant-settings.ts';
import {
  selected,
  toWireChargeObject,
  toWireProductObject,
  toWireRatePlanObject,
  toWireTierObject,
} from '../../wire/catalog-objects.ts';
import {
  toWireCharge,
  toWireProduct,
  toWireRatePlan,
  toWireRatePlanAlone,
} from '../../wire/catalog-views.ts';
import { wireFields } from '../../wire/object-fields.ts';
import { wirePaging } from '../../wire/values.ts';
import type { AppContext } from '../context.ts';
import { refused } from '../errors.ts';
import { type AnyOperation, operation, reader } from '../operation.ts';
import { nextPage, pageOf } from '../paging.ts';

/** Page sizes of GET /v1/catalog/products (conventions 6). */
const CATALOG_PAGE = { default: 10, max: 40 } as const;

type CrudObject = Record<string, unknown>;

/** A read of /v1/object/<path>/{id}: the object, or an empty result with 404. */
function crudRead(
  id: string,
  path: string,
  find: (db: D1Database, key: string, timeZone: () => Promise<string>) => Promise<CrudObject | null>,
): AnyOperation {
  return operation({
    id,
    method: 'get',
    path: `/v1/object/${path}/:id`,
    role: 'read',
    envelope: 'crud',
    reads: { query: wireFields },
    handle: async (c) => {
      const db = reader(c);
      const key = c.req.param('id') ?? '';
      const object = await find(db, key, async () => (await readSettings(db)).timeZone);
      if (object === null) return refused(c, refuse('not_found', `There is no ${path} ${key}.`));
      return c.json(selected(object, c.req.query('fields')));
    },
  });
}

const crudReads = [
  crudRead('Object_GETProduct', 'product', async (db, key, timeZone) => {
    const product = await catalog.findProduct(db, key);
    return product === null ? null : toWireProductObject(product, await timeZone());
  }),
  crudRead('Object_GETProductRatePlan', 'product-rate-plan', async (db, key, timeZone) => {
    const plan = await catalog.findProductRatePlan(db, key);
    return plan === null ? null : toWireRatePlanObject(plan, await timeZone());
  }),
  crudRead('Object_GETProductRatePlanCharge', 'product-rate-plan-charge', async (db, key, timeZone) => {
    const charge = await catalog.findProductRatePlanCharge(db, key);
    return charge === null ? null : toWireChargeObject(charge, await timeZone());
  }),
  crudRead(
    'Object_GETProductRatePlanChargeTier',
    'product-rate-plan-charge-tier',
    async (db, id, timeZone) => {
      const found = await catalog.findChargeTier(db, id);
      return found === null ? null : toWireTierObject(found.charge, found.tier, await timeZone());
    },
  ),
];

function shownProduct(c: AppContext, product: Product): object {
  return toWireProduct(product, new URL(`/v1/products/${product.id}/product-rate-plans`, c.req.url).href);
}

/** GET /v1/catalog/products/{key}, and the singular spelling of the path that the product also answers. */
function productRead(id: string, path: string): AnyOperation {
  return operation({
    id,
    method: 'get',
    path: `${path}/:productKey`,
    role: 'read',
    handle: async (c) => {
      const key = c.req.param('productKey') ?? '';
      const product = await catalog.findProduct(reader(c), key);
      if (product === null) return refused(c, refuse('not_found', `There is no product ${key}.`));
      return c.json({ success: true, ...shownProduct(c, product) });
    },
  });
}

async function todayOf(db: D1Database): Promise<string> {
  return tenantClock((await readSettings(db)).timeZone)().today;
}

const reads = [
  operation({
    id: 'GET_Catalog',
    method: 'get',
    path: '/v1/catalog/products',
    role: 'read',
    query: wirePaging,
    handle: async (c, { query }) => {
      const page = pageOf(query, CATALOG_PAGE);
      const rows = await catalog.listProducts(reader(c), page.pageSize + 1, page.offset);
      const products = rows.slice(0, page.pageSize).map((product) => shownProduct(c, product));
      return c.json({ success: true, products, ...nextPage(c, page, rows.length > page.pageSize) });
    },
  }),
  productRead('GET_Product', '/v1/catalog/products'),
  productRead('GET_Product__get', '/v1/catalog/product'),
  operation({
    id: 'GET_ProductRatePlansByExternalID',
    method: 'get',
    path: '/v1/product-rate-plans/external-id/:id',
    role: 'read',
    handle: async (c) => {
      const db = reader(c);
      const plans = await catalog.listRatePlansByExternalId(db, c.req.param('id') ?? '');
      const today = await todayOf(db);
      return c.json({
        success: true,
        productRatePlans: plans.map((plan) => toWireRatePlanAlone(plan, today)),
      });
    },
  }),
  operation({
    id: 'GET_ProductRatePlan',
    method: 'get',
    path: '/v1/product-rate-plans/:id',
    role: 'read',
    handle: async (c) => {
      const db = reader(c);
      const key = c.req.param('id') ?? '';
      const plan = await catalog.findProductRatePlan(db, key);
      if (plan === null) return refused(c, refuse('not_found', `There is no product rate plan ${key}.`));
      return c.json({ success: true, ...toWireRatePlanAlone(plan, await todayOf(db)) });
    },
  }),
  operation({
    id: 'GET_ProductRatePlans',
    method: 'get',
    path: '/v1/products/:productKey/product-rate-plans',
    role: 'read',
    query: wirePaging,
    handle: async (c, { query }) => {
      const db = reader(c);
      const key = c.req.param('productKey') ?? '';
      const product = await catalog.findProduct(db, key);
      if (product === null) return refused(c, refuse('not_found', `There is no product ${key}.`));
      const page = pageOf(query);
      const rows = await catalog.listRatePlansOfProduct(db, product.id, page.pageSize + 1, page.offset);
      const plans = rows.slice(0, page.pageSize);
      const charges = await catalog.chargesOfRatePlans(
        db,
        plans.map((plan) => plan.id),
      );
      const today = await todayOf(db);
      return c.json({
        success: true,
        productRatePlans: plans.map((plan) => ({
          ...toWireRatePlan(plan, today),
          productRatePlanCharges: (charges.get(plan.id) ?? []).map(toWireCharge),
        })),
        ...nextPage(c, page, rows.length > page.pageSize),
      });
    },
  }),
  operation({
    id: 'GET_RetrieveProductRatePlanCharge',
    method: 'get',
    path: '/v1/product-rate-plan-charges/:chargeKey',
    role: 'read',
    handle: async (c) => {
      const key = c.req.param('chargeKey') ?? '';
      const charge = await catalog.findProductRatePlanCharge(reader(c), key);
      if (charge === null) {
        return refused(c, refuse('not_found', `There is no product rate plan charge ${key}.`));
      }
      return c.json({ success: true, ...toWireCharge(charge) });
    },
  }),
];

export const catalogReads: readonly AnyOperation[] = [...crudReads, ...reads];
