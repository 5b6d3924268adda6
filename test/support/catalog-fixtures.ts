import type { Call } from './settlement-fixtures.ts';

/** A charge of the catalog, made through the API: a flat fee of 25 USD a month unless `fields` say otherwise. */
export async function putCharge(
  call: Call,
  fields: object = {},
): Promise<{ readonly id: string; readonly planId: string }> {
  const made = async (path: string, body: object) => {
    const reply = await call('POST', path, body);
    if (reply.body.Success !== true) throw new Error(`${path}: ${JSON.stringify(reply.body)}`);
    return reply.body.Id as string;
  };
  const ProductId = await made('/v1/object/product', {
    Name: `Product ${crypto.randomUUID()}`,
    SKU: `SKU-${crypto.randomUUID().slice(0, 8)}`,
    EffectiveStartDate: '2020-01-01',
    EffectiveEndDate: '2050-01-01',
  });
  const planId = await made('/v1/object/product-rate-plan', {
    Name: 'Plan',
    ProductId,
    EffectiveStartDate: '2020-01-01',
    EffectiveEndDate: '2050-01-01',
  });
  const id = await made('/v1/object/product-rate-plan-charge', {
    Name: 'Monthly fee',
    ChargeModel: 'Flat Fee Pricing',
    ChargeType: 'Recurring',
    BillCycleType: 'DefaultFromCustomer',
    BillingPeriod: 'Month',
    TriggerEvent: 'ContractEffective',
    UseDiscountSpecificAccountingCode: false,
    ProductRatePlanChargeTierData: { ProductRatePlanChargeTier: [{ Currency: 'USD', Price: 25 }] },
    ProductRatePlanId: planId,
    ...fields,
  });
  return { id, planId };
}
