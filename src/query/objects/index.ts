import { account } from './account.ts';
import { billingRun } from './billing-run.ts';
import { contact, contactSnapshot } from './contact.ts';
import { creditMemo, creditMemoApplication, creditMemoItem } from './credit-memo.ts';
import { debitMemo, debitMemoItem } from './debit-memo.ts';
import { invoice } from './invoice.ts';
import { invoiceItem } from './invoice-item.ts';
import { field, type ModelObject, type ObjectField } from './model.ts';
import { order, orderAction } from './order.ts';
import { orderLineItem } from './order-line-item.ts';
import { invoicePayment, payment, paymentApplication } from './payment.ts';
import { paymentMethod } from './payment-method.ts';
import { externalProductRatePlan, product, productRatePlan } from './product.ts';
import { productRatePlanCharge, productRatePlanChargeTier } from './product-rate-plan-charge.ts';
import { ratePlan } from './rate-plan.ts';
import { ratePlanCharge, ratePlanChargeTier } from './rate-plan-charge.ts';
import { refund, refundApplication, refundApplicationItem } from './refund.ts';
import { subscription } from './subscription.ts';
import { unitOfMeasure } from './unit-of-measure.ts';
import { usage } from './usage.ts';

/** All objects, in the order in which they are listed to people. */
export const objects: readonly ModelObject[] = [
  account,
  contact,
  contactSnapshot,
  product,
  productRatePlan,
  externalProductRatePlan,
  productRatePlanCharge,
  productRatePlanChargeTier,
  unitOfMeasure,
  order,
  orderAction,
  orderLineItem,
  subscription,
  ratePlan,
  ratePlanCharge,
  ratePlanChargeTier,
  usage,
  billingRun,
  invoice,
  invoiceItem,
  invoicePayment,
  payment,
  paymentApplication,
  paymentMethod,
  refund,
  refundApplication,
  refundApplicationItem,
  creditMemo,
  creditMemoItem,
  creditMemoApplication,
  debitMemo,
  debitMemoItem,
];

const BY_NAME: ReadonlyMap<string, ModelObject> = new Map(
  objects.flatMap((object) =>
    [object.name, ...object.otherNames].map((name) => [name.toLowerCase(), object] as const),
  ),
);
const BY_COLLECTION: ReadonlyMap<string, ModelObject> = new Map(
  objects.flatMap((object) => (object.collection === null ? [] : [[object.collection, object]])),
);
const FIELDS: ReadonlyMap<ModelObject, ReadonlyMap<string, ObjectField>> = new Map(
  objects.map((object) => [object, new Map(object.fields.map((one) => [one.name.toLowerCase(), one]))]),
);

/** The object of this name in any case of letters; undefined when there is none. */
export function objectNamed(name: string): ModelObject | undefined {
  return BY_NAME.get(name.toLowerCase());
}

/** The object that Object Query lists under this path: accounts. */
export function objectOfCollection(collection: string): ModelObject | undefined {
  return BY_COLLECTION.get(collection);
}

const CUSTOM_FIELD = /^[a-z]\w{0,96}__(c|ns|qt)$/i;

/** The field of this name in any case of letters. Custom fields are what tenants make of them: any name of their form is one, and text. */
export function fieldNamed(object: ModelObject, name: string): ObjectField | undefined {
  const own = FIELDS.get(object)?.get(name.toLowerCase());
  if (own !== undefined || !object.customFields || !CUSTOM_FIELD.test(name)) return own;
  return field(name, 'text', {
    sql: `json_extract(t.custom_fields, '$.${name}')`,
    label: name,
    writes: 'cu',
  });
}

/** SQL that leaves the latest version of an object whose versions share its number; null where there are none. */
export function latestSql(object: ModelObject): string | null {
  return fieldNamed(object, 'IsLatestVersion') === undefined ? null : 't.is_latest_version = 1';
}

/** When rows of an object changed last: what asks for changes goes by it. Undefined for objects that do not say. */
export function changeOf(object: ModelObject): ObjectField | undefined {
  const changed = object.changed ?? fieldNamed(object, 'UpdatedDate');
  return changed === undefined || changed.sql === 'NULL' ? undefined : changed;
}
