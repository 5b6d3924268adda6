import { env, exports } from 'cloudflare:workers';
import { createClient, issueToken } from '../../src/auth/clients.ts';
import type { Account } from '../../src/domain/accounts/account.ts';
import { putCharge } from './catalog-fixtures.ts';
import type { Call, Reply } from './settlement-fixtures.ts';

export const USAGE_CHARGE = {
  Name: 'Minutes',
  ChargeModel: 'Per Unit Pricing',
  ChargeType: 'Usage',
  UOM: 'Minutes',
  ProductRatePlanChargeTierData: { ProductRatePlanChargeTier: [{ Currency: 'USD', Price: 0.5 }] },
};

/** Orders a subscription from 2026-01-01 to a plan with one usage charge. */
export async function subscribe(
  call: Call,
  account: Account,
  planId: string,
): Promise<{ readonly number: string; readonly id: string; readonly chargeNumber: string }> {
  const startDate = '2026-01-01';
  const reply = await call('POST', '/v1/orders?returnIds=true', {
    orderDate: startDate,
    existingAccountNumber: account.accountNumber,
    subscriptions: [
      {
        orderActions: [
          {
            type: 'CreateSubscription',
            triggerDates: ['ContractEffective', 'ServiceActivation', 'CustomerAcceptance'].map((name) => ({
              name,
              triggerDate: startDate,
            })),
            createSubscription: {
              terms: {
                initialTerm: { startDate, period: 12, periodType: 'Month', termType: 'TERMED' },
                autoRenew: false,
              },
              subscribeToRatePlans: [{ productRatePlanId: planId }],
            },
          },
        ],
      },
    ],
  });
  if (reply.body.success !== true) throw new Error(JSON.stringify(reply.body));
  const [made] = reply.body.subscriptions as Array<{ subscriptionNumber: string }>;
  const number = made!.subscriptionNumber;
  const row = await env.DB.prepare(
    'SELECT s.id AS id, c.charge_number AS chargeNumber FROM subscription AS s ' +
      'JOIN charge AS c ON c.subscription_original_id = s.original_id WHERE s.subscription_number = ?1',
  )
    .bind(number)
    .first<{ id: string; chargeNumber: string }>();
  return { number, ...row! };
}

export async function putUsagePlan(call: Call, fields: object = {}): Promise<string> {
  return (await putCharge(call, { ...USAGE_CHARGE, ...fields })).planId;
}

export type Upload = (file: string | Blob | null, headers?: object, name?: string) => Promise<Reply>;

/** Uploads files with usage, as a form. */
export async function uploader(): Promise<Upload> {
  const now = new Date();
  const client = await createClient(env.DB, 'usage tests', 'standard', now.toISOString());
  const issued = await issueToken(env.DB, client.id, client.secret, now.getTime());
  return async (file, headers = {}, name = 'usage.csv') => {
    const body = new FormData();
    if (file !== null) body.set('file', new File([file], name, { type: 'text/csv' }));
    const response = await exports.default.fetch('https://spillway.test/v1/usage', {
      method: 'POST',
      headers: { Authorization: `Bearer ${issued?.token}`, ...headers },
      body,
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
}
