import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import { refuse } from '../result.ts';
import {
  catalogStateNeed,
  datesRefusal,
  numberRefusal,
  overlaid,
  touchCatalog,
  updatedBy,
} from './catalog-change.ts';
import type { CatalogReply, CreateProduct } from './create-product.ts';
import { skuRefusal } from './product-sku.ts';

/** What changes of a product; what is not given stays. Details and custom fields are laid over what is there. */
export interface UpdateProduct {
  readonly productId: string;
  readonly changes: Partial<CreateProduct>;
}

export const updateProduct: CommandHandler<UpdateProduct, CatalogReply> = {
  needs: ({ productId, changes: { productNumber, sku } }) => [
    catalogStateNeed,
    { kind: 'product', key: productId },
    ...(productNumber === undefined ? [] : [{ kind: 'product', key: productNumber } as const]),
    ...(sku === undefined ? [] : [{ kind: 'productSku', key: sku } as const]),
  ],
  decide(state, { productId, changes }, context) {
    const product = state.find('product', productId);
    if (product === null) return refuse('not_found', `There is no product ${productId}.`);
    const changed = {
      ...product,
      ...changes,
      productNumber: changes.productNumber ?? product.productNumber,
      sku: changes.sku ?? product.sku,
      details: overlaid(product.details, changes.details ?? {}),
      customFields: overlaid(product.customFields, changes.customFields ?? {}),
      ...updatedBy(context),
    };
    const refusal =
      datesRefusal(changed.effectiveStartDate, changed.effectiveEndDate) ??
      (changed.productNumber === product.productNumber
        ? null
        : numberRefusal(state, 'product', changed.productNumber, 'ProductNumber')) ??
      (changed.sku === product.sku ? null : skuRefusal(state, changed.sku));
    if (refusal !== null) return refusal;
    const plan = new PlanBuilder();
    touchCatalog(state, plan);
    plan.update('product', changed);
    return plan.build({ id: product.id });
  },
};
