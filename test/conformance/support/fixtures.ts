import { randomUUID } from 'node:crypto';
import type { CheckedApi } from './conformance.ts';
import type { JsonValue } from './contract-data.ts';
import { expectCreated, expectSuccess, textAt } from './reply-reading.ts';

/** A name that no other test uses. */
export function uniqueName(prefix: string): string {
  return `${prefix} ${randomUUID().slice(0, 13)}`;
}

export const CONTACT = {
  firstName: 'Amy',
  lastName: 'Lawrence',
  address1: '1 Long Row',
  city: 'San Mateo',
  state: 'California',
  country: 'United States',
  zipCode: '94403',
  workEmail: 'amy.lawrence@example.com',
};

export type Account = { id: string; number: string; billToContactId: string };

/** Creates an account in USD billed on the first; `fields` override or add to the request. */
export async function createAccount(api: CheckedApi, fields: object = {}): Promise<Account> {
  const body = expectSuccess(
    await api.post('/v1/accounts', {
      name: uniqueName('Conformance account'),
      currency: 'USD',
      billCycleDay: 1,
      autoPay: false,
      billToContact: CONTACT,
      ...fields,
    }),
  );
  return {
    id: textAt(body, 'accountId'),
    number: textAt(body, 'accountNumber'),
    billToContactId: textAt(body, 'billToContactId'),
  };
}

export type Plan = { productId: string; ratePlanId: string; chargeId: string };

export const FLAT_MONTHLY_CHARGE = {
  Name: 'Monthly fee',
  ChargeModel: 'Flat Fee Pricing',
  ChargeType: 'Recurring',
  BillCycleType: 'DefaultFromCustomer',
  BillingPeriod: 'Month',
  TriggerEvent: 'ContractEffective',
  UseDiscountSpecificAccountingCode: false,
  ProductRatePlanChargeTierData: { ProductRatePlanChargeTier: [{ Currency: 'USD', Price: 25 }] },
};

export async function createProduct(api: CheckedApi, fields: object = {}): Promise<string> {
  return expectCreated(
    await api.post('/v1/object/product', {
      Name: uniqueName('Conformance product'),
      EffectiveStartDate: '2020-01-01',
      EffectiveEndDate: '2050-01-01',
      ...fields,
    }),
  );
}

export async function createRatePlan(
  api: CheckedApi,
  productId: string,
  fields: object = {},
): Promise<string> {
  return expectCreated(
    await api.post('/v1/object/product-rate-plan', {
      Name: uniqueName('Conformance plan'),
      ProductId: productId,
      EffectiveStartDate: '2020-01-01',
      EffectiveEndDate: '2050-01-01',
      ...fields,
    }),
  );
}

/** Creates a product with one plan and one charge: a flat fee of 25 USD a month unless `charge` says otherwise. */
export async function createPlan(api: CheckedApi, charge: object = {}): Promise<Plan> {
  const productId = await createProduct(api);
  const ratePlanId = await createRatePlan(api, productId);
  const chargeId = expectCreated(
    await api.post('/v1/object/product-rate-plan-charge', {
      ...FLAT_MONTHLY_CHARGE,
      ProductRatePlanId: ratePlanId,
      ...charge,
    }),
  );
  return { productId, ratePlanId, chargeId };
}

export const PER_UNIT_MONTHLY_CHARGE = {
  Name: 'Monthly fee per seat',
  ChargeModel: 'Per Unit Pricing',
  UOM: 'Each',
  DefaultQuantity: 4,
  ProductRatePlanChargeTierData: { ProductRatePlanChargeTier: [{ Currency: 'USD', Price: 6.25 }] },
};

/** The order action that creates a subscription of twelve months to these plans, starting on `startDate`. */
export function createSubscriptionAction(
  ratePlans: readonly object[],
  startDate: string,
  fields: object = {},
): object {
  return {
    type: 'CreateSubscription',
    triggerDates: ['ContractEffective', 'ServiceActivation', 'CustomerAcceptance'].map((name) => ({
      name,
      triggerDate: startDate,
    })),
    createSubscription: {
      terms: {
        initialTerm: { startDate, period: 12, periodType: 'Month', termType: 'TERMED' },
        renewalSetting: 'RENEW_WITH_SPECIFIC_TERM',
        renewalTerms: [{ period: 12, periodType: 'Month' }],
        autoRenew: false,
      },
      subscribeToRatePlans: ratePlans,
      ...fields,
    },
  };
}

export type OrderedSubscription = { orderNumber: string; subscriptionNumber: string; body: JsonValue };

/** Orders one subscription to a plan for an account from 2026-01-01; `fields` go into `createSubscription`. */
export async function orderSubscription(
  api: CheckedApi,
  account: Account,
  plan: Plan,
  fields: object = {},
): Promise<OrderedSubscription> {
  const action = createSubscriptionAction([{ productRatePlanId: plan.ratePlanId }], '2026-01-01', fields);
  const body = expectSuccess(
    await api.post('/v1/orders', {
      orderDate: '2026-01-01',
      existingAccountNumber: account.number,
      subscriptions: [{ orderActions: [action] }],
    }),
  );
  return {
    orderNumber: textAt(body, 'orderNumber'),
    subscriptionNumber: textAt(body, 'subscriptions.0.subscriptionNumber'),
    body,
  };
}

/** The request for a standalone invoice with one line of `amount`. */
export function standaloneInvoice(account: Account, amount: number, fields: object = {}): object {
  return {
    accountId: account.id,
    invoiceDate: '2026-03-15',
    invoiceItems: [{ chargeName: 'Migrated balance', amount, quantity: 1, serviceStartDate: '2026-03-01' }],
    ...fields,
  };
}

export type Invoice = { id: string; number: string; body: JsonValue };

export async function createInvoice(
  api: CheckedApi,
  account: Account,
  amount: number,
  fields: object = {},
): Promise<Invoice> {
  const body = expectSuccess(await api.post('/v1/invoices', standaloneInvoice(account, amount, fields)));
  return { id: textAt(body, 'id'), number: textAt(body, 'invoiceNumber'), body };
}

export function createPostedInvoice(api: CheckedApi, account: Account, amount: number): Promise<Invoice> {
  return createInvoice(api, account, amount, { status: 'Posted' });
}

/** The request for an external payment of an account in USD. */
export function externalPayment(account: Account, amount: number, fields: object = {}): object {
  return {
    accountId: account.id,
    amount,
    currency: 'USD',
    type: 'External',
    paymentMethodType: 'Check',
    effectiveDate: '2026-03-20',
    ...fields,
  };
}

export type Payment = { id: string; number: string; body: JsonValue };

export async function createPayment(
  api: CheckedApi,
  account: Account,
  amount: number,
  fields: object = {},
): Promise<Payment> {
  const body = expectSuccess(await api.post('/v1/payments', externalPayment(account, amount, fields)));
  return { id: textAt(body, 'id'), number: textAt(body, 'number'), body };
}
