import { beforeEach, describe, expect, test } from 'vitest';
import { billingRuleDefaults } from '../../src/domain/billing/billing-rules.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import { testOffer } from '../support/order-objects.ts';
import { provenAfterEach } from '../support/proven-metrics.ts';
import { done, account as openAccount } from '../support/subscription-forms.ts';
import { insertOffer } from '../support/worker-api.ts';

/** The tenant's billing rules, set over HTTP, are those that the next bill follows. */

let api: InProcessApi;

provenAfterEach();

beforeEach(async () => {
  api = await inProcessApi('admin');
  await rules({ ...billingRuleDefaults, rounding: {} });
});

async function rules(billing: object): Promise<void> {
  await done(api.put('/v1/spillway/settings', { billing }));
}

interface Line {
  readonly serviceStartDate: string;
  readonly serviceEndDate: string;
  readonly chargeAmount: number;
}

async function generate(accountId: string, targetDate: string): Promise<string[]> {
  const path = `/v1/accounts/${accountId}/billing-documents/generate`;
  const { invoices } = (await done(api.post(path, { targetDate, effectiveDate: targetDate }))) as {
    invoices: Array<{ id: string }>;
  };
  const lines: string[] = [];
  for (const { id } of invoices) {
    const { invoiceItems } = (await done(api.get(`/v1/invoices/${id}/items`))) as { invoiceItems: Line[] };
    for (const { serviceStartDate, serviceEndDate, chargeAmount } of invoiceItems)
      lines.push(`${serviceStartDate}..${serviceEndDate} ${chargeAmount}`);
  }
  return lines.sort();
}

/** A fresh account, whose lane has read no settings yet, with a monthly price in USD from 16 January 2026 on. */
async function subscribed(price: string): Promise<string> {
  const { offer } = await insertOffer(testOffer([{ price }]));
  const { id, accountNumber } = await openAccount();
  const body = {
    accountKey: accountNumber,
    contractEffectiveDate: '2026-01-16',
    termType: 'EVERGREEN',
    renewalTerm: 0,
    autoRenew: false,
    subscribeToRatePlans: [{ productRatePlanId: offer.id }],
  };
  await done(api.post('/v1/subscriptions', body));
  return id;
}

describe('billing rules that were put', () => {
  // 93 for 16 of January's 31 days; at 30 days a month, for 16 of 30.
  test.each([
    ['actual', 48],
    ['30', 49.6],
  ])('a month of basis %s prices the rest of January at %d', async (monthBasis, amount) => {
    await rules({ monthBasis });
    expect(await generate(await subscribed('93'), '2026-01-31')).toEqual([
      `2026-01-16..2026-01-31 ${amount}`,
    ]);
  });

  test('a leading part of a month is free where parts are not billed', async () => {
    await rules({ billPartialMonth: false, proratePartialMonth: false });
    expect(await generate(await subscribed('93'), '2026-02-28')).toEqual([
      '2026-01-16..2026-01-31 0',
      '2026-02-01..2026-02-28 93',
    ]);
  });

  // 10 for 16 of 31 days is 5.1612…
  test.each([
    ['CHF', 5.16],
    ['USD', 5.15],
  ])('amounts in USD, with steps of five cents for %s, come to %d', async (currency, amount) => {
    const steps = { mode: 'HALF_UP', incrementMinor: 5, invoiceIncrementMinor: null };
    await rules({ rounding: { [currency]: steps } });
    expect(await generate(await subscribed('10'), '2026-01-31')).toEqual([
      `2026-01-16..2026-01-31 ${amount}`,
    ]);
  });
});
