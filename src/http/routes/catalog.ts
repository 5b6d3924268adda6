import { CATALOG_LANE } from '../../account/client.ts';
import { readSettings } from '../../persistence/tenant-settings.ts';
import {
  createProductBody,
  createRatePlanBody,
  fromWireCreateProduct,
  fromWireCreateRatePlan,
  fromWireUpdateProduct,
  fromWireUpdateRatePlan,
  fromWireUpdateTier,
  updateProductBody,
  updateRatePlanBody,
  updateTierBody,
} from '../../wire/catalog.ts';
import {
  createChargeBody,
  fromWireCreateCharge,
  fromWireUpdateCharge,
  updateChargeBody,
} from '../../wire/catalog-charges.ts';
import { type AnyOperation, operation, reader, respond } from '../operation.ts';
import { catalogReads } from './catalog-reads.ts';

const PRODUCT = '/v1/object/product';
const RATE_PLAN = '/v1/object/product-rate-plan';
const CHARGE = '/v1/object/product-rate-plan-charge';
const TIER = '/v1/object/product-rate-plan-charge-tier';

/** Writing the catalog: all of it is one lane, and every change moves the catalog's revision. */
const write = { role: 'standard', envelope: 'crud' } as const;

const productWrites = [
  operation({
    ...write,
    id: 'Object_POSTProduct',
    method: 'post',
    path: PRODUCT,
    body: createProductBody,
    handle: (c, { body }) => respond(c, CATALOG_LANE, 'product.create', fromWireCreateProduct(body)),
  }),
  operation({
    ...write,
    id: 'Object_PUTProduct',
    method: 'put',
    path: `${PRODUCT}/:id`,
    body: updateProductBody,
    handle: (c, { body }) =>
      respond(c, CATALOG_LANE, 'product.update', {
        productId: c.req.param('id'),
        changes: fromWireUpdateProduct(body),
      }),
  }),
  deletion('Object_DELETEProduct', PRODUCT, 'product.delete'),
];

const ratePlanWrites = [
  operation({
    ...write,
    id: 'Object_POSTProductRatePlan',
    method: 'post',
    path: RATE_PLAN,
    body: createRatePlanBody,
    handle: (c, { body }) => respond(c, CATALOG_LANE, 'productRatePlan.create', fromWireCreateRatePlan(body)),
  }),
  operation({
    ...write,
    id: 'Object_PUTProductRatePlan',
    method: 'put',
    path: `${RATE_PLAN}/:id`,
    body: updateRatePlanBody,
    handle: (c, { body }) =>
      respond(c, CATALOG_LANE, 'productRatePlan.update', {
        productRatePlanId: c.req.param('id'),
        changes: fromWireUpdateRatePlan(body),
      }),
  }),
  deletion('Object_DELETEProductRatePlan', RATE_PLAN, 'productRatePlan.delete'),
];

const chargeWrites = [
  operation({
    ...write,
    id: 'Object_POSTProductRatePlanCharge',
    method: 'post',
    path: CHARGE,
    body: createChargeBody,
    handle: async (c, { body }) => {
      const { homeCurrency } = await readSettings(reader(c));
      const payload = fromWireCreateCharge(body, homeCurrency);
      return respond(c, CATALOG_LANE, 'productRatePlanCharge.create', payload);
    },
  }),
  operation({
    ...write,
    id: 'Object_PUTProductRatePlanCharge',
    method: 'put',
    path: `${CHARGE}/:id`,
    body: updateChargeBody,
    handle: async (c, { body }) => {
      const { homeCurrency } = await readSettings(reader(c));
      const payload = fromWireUpdateCharge(c.req.param('id') ?? '', body, homeCurrency);
      return respond(c, CATALOG_LANE, 'productRatePlanCharge.update', payload);
    },
  }),
  deletion('Object_DELETEProductRatePlanCharge', CHARGE, 'productRatePlanCharge.delete'),
  operation({
    ...write,
    id: 'Object_PUTProductRatePlanChargeTier',
    method: 'put',
    path: `${TIER}/:id`,
    body: updateTierBody,
    handle: (c, { body }) =>
      respond(c, CATALOG_LANE, 'chargeTier.update', {
        tierId: c.req.param('id'),
        changes: fromWireUpdateTier(body),
      }),
  }),
];

function deletion(id: string, path: string, kind: string): AnyOperation {
  return operation({
    ...write,
    id,
    method: 'delete',
    path: `${path}/:id`,
    handle: (c) => respond(c, CATALOG_LANE, kind, { id: c.req.param('id') }),
  });
}

export const catalogOperations: readonly AnyOperation[] = [
  ...productWrites,
  ...ratePlanWrites,
  ...chargeWrites,
  ...catalogReads,
];
