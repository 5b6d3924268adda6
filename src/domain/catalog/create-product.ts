import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { Product } from './catalog.ts';
import {
  catalogStateNeed,
  createdBy,
  datesRefusal,
  generated,
  numberRefusal,
  overlaid,
  touchCatalog,
} from './catalog-change.ts';
import { skuRefusal } from './product-sku.ts';

/** A new product; number and SKU are generated when not given. Dates are YYYY-MM-DD. */
export interface CreateProduct
  extends Pick<
    Product,
    | 'name'
    | 'effectiveStartDate'
    | 'effectiveEndDate'
    | 'description'
    | 'category'
    | 'allowFeatureChanges'
    | 'details'
    | 'customFields'
  > {
  readonly productNumber?: string | undefined;
  readonly sku?: string | undefined;
}

/** The id of what was written. */
export interface CatalogReply {
  readonly id: string;
}

export const createProduct: CommandHandler<CreateProduct, CatalogReply> = {
  needs: ({ productNumber, sku }) => [
    catalogStateNeed,
    ...(productNumber === undefined ? [] : [{ kind: 'product', key: productNumber } as const]),
    ...(sku === undefined ? [] : [{ kind: 'productSku', key: sku } as const]),
  ],
  numbers: ({ productNumber, sku }) => [...generated('product', productNumber), ...generated('sku', sku)],
  decide(state, payload, context) {
    const refusal =
      datesRefusal(payload.effectiveStartDate, payload.effectiveEndDate) ??
      (payload.productNumber === undefined
        ? null
        : numberRefusal(state, 'product', payload.productNumber, 'ProductNumber')) ??
      (payload.sku === undefined ? null : skuRefusal(state, payload.sku));
    if (refusal !== null) return refusal;
    const plan = new PlanBuilder();
    touchCatalog(state, plan);
    const id = context.newId();
    plan.insert('product', {
      ...payload,
      id,
      revision: 0,
      productNumber: payload.productNumber ?? context.nextNumber('product'),
      sku: payload.sku ?? context.nextNumber('sku'),
      details: overlaid({}, payload.details),
      customFields: overlaid({}, payload.customFields),
      ...createdBy(context),
    });
    return plan.build({ id });
  },
};
