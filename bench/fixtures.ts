import type { ApiClient } from '../test/support/api-client.ts';

/** Start date of everything that the benchmark orders: fixed, so that runs on different days do the same work. */
const START_DATE = '2026-01-01';
const MS_PER_DAY = 86_400_000;
const INVOICE_DATE = '2026-03-15';

export interface BenchAccount {
  readonly id: string;
  readonly number: string;
}

export interface BenchPlan {
  readonly ratePlanId: string;
  readonly chargeId: string;
}

interface Named {
  readonly Id?: string;
  readonly accountId?: string;
  readonly accountNumber?: string;
}

/** Sends a setup request; anything but a success ends the benchmark with the reply. */
async function created(api: ApiClient, path: string, body: object): Promise<Named> {
  const reply = await api.post<Named>(path, body);
  if (reply.status !== 200) {
    throw new Error(`POST ${path} was refused: ${reply.status} ${JSON.stringify(reply.body)}`);
  }
  return reply.body;
}

export async function createAccount(
  api: ApiClient,
  name: string,
  partnerAccount: boolean,
): Promise<BenchAccount> {
  const { accountId, accountNumber } = await created(api, '/v1/accounts', {
    name,
    currency: 'USD',
    billCycleDay: 1,
    autoPay: false,
    partnerAccount,
    billToContact: { firstName: 'Amy', lastName: 'Lawrence', country: 'United States', state: 'California' },
  });
  return { id: accountId!, number: accountNumber! };
}

/** A product with one plan: a seat for 6.25 USD a month. */
export async function createPlan(api: ApiClient): Promise<BenchPlan> {
  const product = await created(api, '/v1/object/product', {
    Name: 'Benchmark seats',
    EffectiveStartDate: '2020-01-01',
    EffectiveEndDate: '2050-01-01',
  });
  const plan = await created(api, '/v1/object/product-rate-plan', {
    Name: 'Benchmark monthly',
    ProductId: product.Id,
    EffectiveStartDate: '2020-01-01',
    EffectiveEndDate: '2050-01-01',
  });
  const charge = await created(api, '/v1/object/product-rate-plan-charge', {
    Name: 'Monthly fee per seat',
    ProductRatePlanId: plan.Id,
    ChargeModel: 'Per Unit Pricing',
    ChargeType: 'Recurring',
    UOM: 'Each',
    DefaultQuantity: 4,
    BillCycleType: 'DefaultFromCustomer',
    BillingPeriod: 'Month',
    TriggerEvent: 'ContractEffective',
    UseDiscountSpecificAccountingCode: false,
    ProductRatePlanChargeTierData: { ProductRatePlanChargeTier: [{ Currency: 'USD', Price: 6.25 }] },
  });
  return { ratePlanId: plan.Id!, chargeId: charge.Id! };
}

/** An order as integrations send it: one new subscription with an overridden price and quantity, 1.5 kB. */
export function orderBody(
  account: BenchAccount,
  plan: BenchPlan,
  { subscriptions = 1, termMonths = 12 } = {},
): string {
  const createSubscription = {
    terms: {
      initialTerm: { startDate: START_DATE, period: termMonths, periodType: 'Month', termType: 'TERMED' },
      renewalSetting: 'RENEW_WITH_SPECIFIC_TERM',
      renewalTerms: [{ period: 12, periodType: 'Month' }],
      autoRenew: false,
    },
    notes:
      'Ordered by the reseller for a customer in the second territory; see the reseller’s own reference.',
    subscribeToRatePlans: [
      {
        productRatePlanId: plan.ratePlanId,
        chargeOverrides: [
          {
            productRatePlanChargeId: plan.chargeId,
            description: 'Seats of the customer, price agreed with the reseller for this year',
            pricing: { recurringPerUnit: { listPrice: 5.75, quantity: 12 } },
          },
        ],
      },
    ],
  };
  const action = {
    type: 'CreateSubscription',
    triggerDates: ['ContractEffective', 'ServiceActivation', 'CustomerAcceptance'].map((name) => ({
      name,
      triggerDate: START_DATE,
    })),
    createSubscription,
  };
  return JSON.stringify({
    orderDate: START_DATE,
    existingAccountNumber: account.number,
    description: 'Order of a reseller, sent by its order system without a person in between',
    category: 'NewSales',
    processingOptions: { runBilling: false, collectPayment: false },
    subscriptions: Array.from({ length: subscriptions }, () => ({ orderActions: [action] })),
  });
}

/** Where an order finds what was sold. */
export interface SoldCharge {
  readonly subscriptionNumber: string;
  readonly ratePlanId: string;
  readonly chargeNumber: string;
}

function changeBody(account: BenchAccount, sold: SoldCharge, action: object): string {
  return JSON.stringify({
    orderDate: START_DATE,
    existingAccountNumber: account.number,
    description: 'Change of a reseller, sent by its order system without a person in between',
    subscriptions: [{ subscriptionNumber: sold.subscriptionNumber, orderActions: [action] }],
  });
}

/** An order that sets the price of what was sold, so many days after the start. */
export function updateBody(account: BenchAccount, sold: SoldCharge, days: number, price: number): string {
  const { ratePlanId, chargeNumber } = sold;
  const date = new Date(Date.parse(START_DATE) + days * MS_PER_DAY).toISOString().slice(0, 10);
  const chargeUpdates = [{ chargeNumber, pricing: { recurringPerUnit: { listPrice: price } } }];
  return changeBody(account, sold, {
    type: 'UpdateProduct',
    triggerDates: [{ name: 'ContractEffective', triggerDate: date }],
    updateProduct: { ratePlanId, chargeUpdates },
  });
}

/** An order that changes no more than whether the subscription renews itself. */
export function termsBody(account: BenchAccount, sold: SoldCharge, autoRenew: boolean): string {
  return changeBody(account, sold, { type: 'TermsAndConditions', termsAndConditions: { autoRenew } });
}

/** A standalone invoice that is posted at once: two lines with an amount each. */
export function invoiceBody(account: BenchAccount, plan: BenchPlan): string {
  return JSON.stringify({
    accountId: account.id,
    invoiceDate: INVOICE_DATE,
    dueDate: '2026-04-14',
    status: 'Posted',
    comments: 'Taken over from the ledger that the reseller used before',
    invoiceItems: [
      {
        productRatePlanChargeId: plan.chargeId,
        amount: 12.34,
        quantity: 1,
        serviceStartDate: '2026-03-01',
        serviceEndDate: '2026-03-31',
        description: 'Monthly fee, March',
      },
      { chargeName: 'Shipping', amount: 4.5, quantity: 1, serviceStartDate: '2026-03-01', sku: 'SHIP-1' },
    ],
  });
}
