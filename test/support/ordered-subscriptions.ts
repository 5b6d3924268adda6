import type { ScriptClient } from '../../scripts/api-client.mjs';

/** A reseller who is invoiced, a customer who owns, and two rate plans: what tests of orders begin from. All is made over the API. */
export interface OrderedWorld {
  readonly reseller: { readonly id: string; readonly number: string };
  readonly customer: { readonly id: string; readonly number: string };
  /** 5.00 USD a seat and month, 3 seats unless more are ordered. */
  readonly seats: { readonly id: string; readonly number: string };
  /** 40.00 USD a month. */
  readonly flat: { readonly id: string; readonly number: string };
}

async function made(client: ScriptClient, path: string, body: unknown) {
  const reply = await client.post(path, body);
  if (reply.status !== 200 || reply.body.success === false || reply.body.Success === false)
    throw new Error(`POST ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
  return reply.body;
}

export async function orderedWorld(client: ScriptClient): Promise<OrderedWorld> {
  const name = crypto.randomUUID().slice(0, 8);
  const dates = { EffectiveStartDate: '2020-01-01', EffectiveEndDate: '2090-01-01' };
  const product = await made(client, '/v1/object/product', { Name: `Office ${name}`, ...dates });
  const plan = async (title: string, charge: object) => {
    const { Id } = await made(client, '/v1/object/product-rate-plan', {
      Name: title,
      ProductId: product.Id,
      ...dates,
    });
    await made(client, '/v1/object/product-rate-plan-charge', {
      Name: title,
      ProductRatePlanId: Id,
      ChargeType: 'Recurring',
      BillCycleType: 'DefaultFromCustomer',
      BillingPeriod: 'Month',
      TriggerEvent: 'ContractEffective',
      UseDiscountSpecificAccountingCode: false,
      ...charge,
    });
    const { body } = await client.get(`/v1/product-rate-plans/${Id}`);
    return { id: Id as string, number: body.productRatePlanNumber as string };
  };
  const price = (Price: number) => ({
    ProductRatePlanChargeTierData: { ProductRatePlanChargeTier: [{ Currency: 'USD', Price }] },
  });
  const account = async (title: string, partnerAccount: boolean) => {
    const { accountId, accountNumber } = await made(client, '/v1/accounts', {
      name: `${title} ${name}`,
      currency: 'USD',
      billCycleDay: 1,
      autoPay: false,
      partnerAccount,
      billToContact: {
        firstName: 'Amy',
        lastName: 'Lawrence',
        country: 'United States',
        state: 'California',
      },
    });
    return { id: accountId as string, number: accountNumber as string };
  };
  return {
    reseller: await account('Reseller', true),
    customer: await account('Customer', false),
    seats: await plan(`Seats ${name}`, {
      ChargeModel: 'Per Unit Pricing',
      UOM: 'Each',
      DefaultQuantity: 3,
      ...price(5),
    }),
    flat: await plan(`Flat ${name}`, { ChargeModel: 'Flat Fee Pricing', ...price(40) }),
  };
}

/** Orders a subscription of seats for the customer, a year from 2026-01-01, and returns its number. */
export async function orderSeats(client: ScriptClient, world: OrderedWorld): Promise<string> {
  const reply = await made(client, '/v1/orders', {
    orderDate: '2026-01-01',
    existingAccountNumber: world.reseller.number,
    subscriptions: [
      {
        orderActions: [
          {
            type: 'CreateSubscription',
            triggerDates: [{ name: 'ContractEffective', triggerDate: '2026-01-01' }],
            createSubscription: {
              subscriptionOwnerAccountNumber: world.customer.number,
              terms: {
                initialTerm: { termType: 'TERMED', period: 12, periodType: 'Month' },
                renewalTerms: [{ period: 12, periodType: 'Month' }],
              },
              subscribeToRatePlans: [{ productRatePlanId: world.seats.id }],
            },
          },
        ],
      },
    ],
  });
  return reply.subscriptions[0].subscriptionNumber;
}
