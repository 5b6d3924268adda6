import { env } from 'cloudflare:workers';
import { expect } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { type InProcessApi, inProcessApi } from './in-process-api.ts';
import { type TestOffer, testAccount, testOffer } from './order-objects.ts';
import { insert, insertOffer } from './worker-api.ts';

/** A small world for the forms of /v1/subscriptions: a flat fee of 25 a month, and seats at 6.25 of which there are 4. */
export interface FormsWorld {
  readonly api: InProcessApi;
  readonly flat: TestOffer;
  readonly seats: TestOffer;
}

export async function formsWorld(): Promise<FormsWorld> {
  const seats = {
    chargeModel: 'Per Unit Pricing',
    price: '6.25',
    defaultQuantity: '4',
    unitOfMeasure: 'Each',
  };
  return {
    api: await inProcessApi(),
    flat: await insertOffer(testOffer([{ price: '25' }])),
    seats: await insertOffer(testOffer([seats])),
  };
}

export const account = (fields: Partial<Account> = {}) => insert('account', testAccount(fields));

export async function publishedMrr(accountId: string): Promise<number> {
  const row = await env.DB.prepare(
    'SELECT contracted_mrr_whole AS whole FROM account_metrics WHERE account_id = ?1',
  )
    .bind(accountId)
    .first<{ whole: number }>();
  return row?.whole ?? 0;
}

/** Twelve months from 1 January 2026 at 25 a month: 300 in all. */
export const newSubscription = ({ flat }: FormsWorld, accountKey: string, fields: object = {}) => ({
  accountKey,
  contractEffectiveDate: '2026-01-01',
  termType: 'TERMED',
  initialTerm: 12,
  renewalTerm: 12,
  autoRenew: true,
  subscribeToRatePlans: [{ productRatePlanId: flat.offer.id }],
  ...fields,
});

/** The body of a reply that must be a success. */
export async function done(reply: Promise<{ status: number; body: unknown }>): Promise<unknown> {
  const { status, body } = await reply;
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

/** A fresh account with one subscription. */
export async function subscribed(
  world: FormsWorld,
  fields: object = {},
): Promise<{ owner: Account; number: string; path: string }> {
  const owner = await account();
  const body = newSubscription(world, owner.accountNumber, fields);
  const { subscriptionNumber: number } = (await done(world.api.post('/v1/subscriptions', body))) as {
    subscriptionNumber: string;
  };
  return { owner, number, path: `/v1/subscriptions/${number}` };
}
