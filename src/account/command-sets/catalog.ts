import { createCharge } from '../../domain/catalog/create-charge.ts';
import { createProduct } from '../../domain/catalog/create-product.ts';
import { createRatePlan } from '../../domain/catalog/create-rate-plan.ts';
import { deleteCharge, deleteProduct, deleteRatePlan } from '../../domain/catalog/delete-from-catalog.ts';
import {
  createUnitOfMeasure,
  deleteUnitOfMeasure,
  updateUnitOfMeasure,
} from '../../domain/catalog/unit-of-measure.ts';
import { updateCharge, updateTier } from '../../domain/catalog/update-charge.ts';
import { updateProduct } from '../../domain/catalog/update-product.ts';
import { updateRatePlan } from '../../domain/catalog/update-rate-plan.ts';
import { toWireDeleted, toWireSaved } from '../../wire/catalog.ts';
import { type RegisteredCommand, registered } from '../registry.ts';

export const catalogCommands: ReadonlyArray<readonly [string, RegisteredCommand]> = [
  ['product.create', registered(createProduct, toWireSaved)],
  ['product.update', registered(updateProduct, toWireSaved)],
  ['product.delete', registered(deleteProduct, toWireDeleted)],
  ['productRatePlan.create', registered(createRatePlan, toWireSaved)],
  ['productRatePlan.update', registered(updateRatePlan, toWireSaved)],
  ['productRatePlan.delete', registered(deleteRatePlan, toWireDeleted)],
  ['productRatePlanCharge.create', registered(createCharge, toWireSaved)],
  ['productRatePlanCharge.update', registered(updateCharge, toWireSaved)],
  ['productRatePlanCharge.delete', registered(deleteCharge, toWireDeleted)],
  ['chargeTier.update', registered(updateTier, toWireSaved)],
  ['unitOfMeasure.create', registered(createUnitOfMeasure, toWireSaved)],
  ['unitOfMeasure.update', registered(updateUnitOfMeasure, toWireSaved)],
  ['unitOfMeasure.delete', registered(deleteUnitOfMeasure, toWireDeleted)],
];
