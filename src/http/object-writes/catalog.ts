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
import {
  fromWireNewUnitOfMeasure,
  fromWireUnitOfMeasureChanges,
  wireNewUnitOfMeasure,
  wireUnitOfMeasureChanges,
} from '../../wire/object-units-of-measure.ts';
import { reader } from '../operation.ts';
import { type ObjectWrites, type Writer, type Written, write } from './object-write.ts';

/** Writing the catalog: all of it is one lane, and every change moves the catalog's revision. */
const send = (writer: Writer, kind: string, payload: unknown) => writer.send(CATALOG_LANE, kind, payload);
const remove =
  (kind: string) =>
  (writer: Writer, id: string): Promise<Written> =>
    send(writer, kind, { id });

const productWrites: ObjectWrites = {
  type: 'Product',
  create: write(createProductBody, (writer, body) =>
    send(writer, 'product.create', fromWireCreateProduct(body)),
  ),
  update: write(updateProductBody, (writer, body, productId) =>
    send(writer, 'product.update', { productId, changes: fromWireUpdateProduct(body) }),
  ),
  remove: remove('product.delete'),
};

const ratePlanWrites: ObjectWrites = {
  type: 'ProductRatePlan',
  create: write(createRatePlanBody, (writer, body) =>
    send(writer, 'productRatePlan.create', fromWireCreateRatePlan(body)),
  ),
  update: write(updateRatePlanBody, (writer, body, productRatePlanId) =>
    send(writer, 'productRatePlan.update', { productRatePlanId, changes: fromWireUpdateRatePlan(body) }),
  ),
  remove: remove('productRatePlan.delete'),
};

const chargeWrites: ObjectWrites = {
  type: 'ProductRatePlanCharge',
  create: write(createChargeBody, async (writer, body) => {
    const { homeCurrency } = await readSettings(reader(writer.c));
    return send(writer, 'productRatePlanCharge.create', fromWireCreateCharge(body, homeCurrency));
  }),
  update: write(updateChargeBody, async (writer, body, id) => {
    const { homeCurrency } = await readSettings(reader(writer.c));
    return send(writer, 'productRatePlanCharge.update', fromWireUpdateCharge(id, body, homeCurrency));
  }),
  remove: remove('productRatePlanCharge.delete'),
};

const tierWrites: ObjectWrites = {
  type: 'ProductRatePlanChargeTier',
  update: write(updateTierBody, (writer, body, tierId) =>
    send(writer, 'chargeTier.update', { tierId, changes: fromWireUpdateTier(body) }),
  ),
};

const unitWrites: ObjectWrites = {
  type: 'UnitOfMeasure',
  create: write(wireNewUnitOfMeasure, (writer, body) =>
    send(writer, 'unitOfMeasure.create', fromWireNewUnitOfMeasure(body)),
  ),
  update: write(
    wireUnitOfMeasureChanges,
    (writer, body, unitOfMeasureId) =>
      send(writer, 'unitOfMeasure.update', { unitOfMeasureId, changes: fromWireUnitOfMeasureChanges(body) }),
    { nullable: ['DisplayedAs'] },
  ),
  remove: remove('unitOfMeasure.delete'),
};

export const catalogWrites: readonly ObjectWrites[] = [
  productWrites,
  ratePlanWrites,
  chargeWrites,
  tierWrites,
  unitWrites,
];
