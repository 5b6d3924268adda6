// The worked ledger (test/vectors.json, `ledger`), step by step: what is true after each step, what is shown meanwhile, and that a fold
// (step 11) makes the two equal.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalServer } from '../../scripts/local-server.mjs';
import {
  type Account,
  createAccount,
  createPayment,
  createPlan,
  PER_UNIT_MONTHLY_CHARGE,
} from '../conformance/support/fixtures.ts';
import { expectSuccess, listAt, textAt } from '../conformance/support/reply-reading.ts';
import {
  changeOrder,
  type MetricsNumbers,
  orderFor,
  type Scenario,
  startWithSlowFolds,
} from '../support/scenario.ts';
import vectors from '../vectors.json' with { type: 'json' };

let server: LocalServer;
let scenario: Scenario;
beforeAll(async () => {
  ({ server, scenario } = await startWithSlowFolds());
});
afterAll(async () => {
  scenario?.close();
  await server?.dispose();
});

/** The eleventh is the fold. */
const STEPS = vectors.ledger.slice(0, 10);
const FOLD = vectors.ledger[10]!;

/** Numbers as the ledger names them. */
function asInLedger(numbers: MetricsNumbers) {
  return {
    TIB: String(numbers.totalInvoiceBalance),
    TDB: String(numbers.totalDebitMemoBalance),
    UPA: String(numbers.unappliedPaymentAmount),
    UCM: String(numbers.unappliedCreditMemoAmount),
    CMRR: String(numbers.contractedMrr),
    LID: numbers.lastInvoiceDate,
    balance: String(numbers.balance),
  };
}

interface Parties {
  /** Invoice owner, a partner account. */
  readonly R: Account;
  /** Subscription owner, no partner account. */
  readonly E1: Account;
  /** Subscription owner, a partner account. */
  readonly E2: Account;
}

async function parties(): Promise<Parties> {
  return {
    R: await scenario.partner(),
    E1: await createAccount(scenario.checked),
    E2: await scenario.partner(),
  };
}

function priced(price: number) {
  return {
    ProductRatePlanChargeTierData: { ProductRatePlanChargeTier: [{ Currency: 'USD', Price: price }] },
  };
}

/** The ledger's steps, in order. */
async function stepsFor({ R, E1, E2 }: Parties): Promise<ReadonlyArray<() => Promise<unknown>>> {
  const { checked } = scenario;
  const flat = await createPlan(checked, priced(100));
  const perUnit = await createPlan(checked, {
    ...PER_UNIT_MONTHLY_CHARGE,
    DefaultQuantity: 12,
    ...priced(7.5),
  });
  const quarterly = await createPlan(checked, { BillingPeriod: 'Quarter', ...priced(900) });
  const order = async (owner: Account, plans: ReadonlyArray<{ ratePlanId: string }>) => {
    const ratePlans = plans.map(({ ratePlanId }) => ({ productRatePlanId: ratePlanId }));
    const body = expectSuccess(await checked.post('/v1/orders', orderFor(R, owner, ratePlans)));
    return textAt(body, 'subscriptions.0.subscriptionNumber');
  };
  const bill = async (targetDate: string, effectiveDate: string) =>
    expectSuccess(
      await checked.post(`/v1/accounts/${R.id}/billing-documents/generate`, {
        targetDate,
        effectiveDate,
        autoPost: true,
      }),
    );
  let cancelled = '';
  let invoiceId = '';
  let paymentId = '';
  let creditMemoId = '';
  let debitMemoId = '';
  return [
    () => order(E1, [flat, perUnit]),
    async () => {
      cancelled = await order(E2, [quarterly]);
    },
    async () => {
      invoiceId = textAt(await bill('2026-01-01', '2026-01-31'), 'invoices.0.id');
    },
    async () => {
      paymentId = (await createPayment(checked, R, 1_500)).id;
    },
    async () => {
      const body = { invoices: [{ invoiceId, amount: 1_090 }] };
      expectSuccess(await checked.put(`/v1/payments/${paymentId}/apply`, body));
    },
    async () => {
      const own = { cancellationPolicy: 'SpecificDate', cancellationEffectiveDate: '2026-03-01' };
      const change = changeOrder(R, cancelled, 'CancelSubscription', own);
      expectSuccess(await checked.post('/v1/orders', { ...change, orderDate: '2026-02-10' }));
    },
    async () => {
      const body = await bill('2026-02-28', '2026-02-28');
      expect(listAt(body, 'invoices')).toEqual([]);
      creditMemoId = textAt(body, 'creditMemos.0.id');
      const memo = expectSuccess(await checked.get(`/v1/credit-memos/${creditMemoId}`));
      expect(memo).toMatchObject({ amount: 110, status: 'Posted' });
    },
    async () => {
      const refund = { totalAmount: 400, type: 'External', methodType: 'Check', refundDate: '2026-03-20' };
      expectSuccess(await checked.post(`/v1/payments/${paymentId}/refunds`, refund));
    },
    async () => {
      const charges = [{ productRatePlanChargeId: flat.chargeId, amount: 60 }];
      const body = { accountId: R.id, charges, autoPost: true };
      debitMemoId = textAt(expectSuccess(await checked.post('/v1/debit-memos', body)), 'id');
    },
    async () => {
      const body = { debitMemos: [{ debitMemoId, amount: 60 }] };
      expectSuccess(await checked.put(`/v1/credit-memos/${creditMemoId}/apply`, body));
    },
  ];
}

test('before the fold each step is true at once and shown only where the owner is no partner', async () => {
  const accounts = await parties();
  const { R, E1, E2 } = accounts;
  const run = await stepsFor(accounts);
  for (const [i, step] of STEPS.entries()) {
    await run[i]!();
    const shownOfR = await scenario.shown(R);
    const mrrOf = {
      E1: (await scenario.shown(E1)).contractedMrr,
      E2: (await scenario.metrics(E2)).exact.contractedMrr,
      shownE2: (await scenario.shown(E2)).contractedMrr,
    };
    expect({
      step: step.step,
      'R true': asInLedger((await scenario.metrics(R)).exact),
      'R shown': asInLedger(shownOfR),
      'E1 CMRR': String(mrrOf.E1),
      'E2 CMRR true/shown': `${mrrOf.E2}/${mrrOf.shownE2}`,
      'R.lmu': shownOfR.lastMetricsUpdate,
    }).toEqual(step);
  }

  // The ledger's recalculation is the scheduled one; here a client asks for it, and the date is that of the fold.
  const { step: _, 'R.lmu': __, ...last } = FOLD;
  const folded = await scenario.refresh(R);
  await scenario.refresh(E2);
  const shown = await scenario.shown(R);
  const ofE2 = [(await scenario.metrics(E2)).exact, await scenario.shown(E2)];
  expect({
    'R true': asInLedger((await scenario.metrics(R)).exact),
    'R shown': asInLedger(shown),
    'E1 CMRR': String((await scenario.shown(E1)).contractedMrr),
    'E2 CMRR true/shown': ofE2.map(({ contractedMrr }) => contractedMrr).join('/'),
  }).toEqual(last);
  expect(shown.lastMetricsUpdate).toBe(folded.asOf);
  expect(folded).toMatchObject({ asOf: expect.any(String), pending: { operations: 0, deltas: 0 } });
  await scenario.expectProven(R, E1, E2);
});

test('with a fold after every step, what is shown is what is true', async () => {
  const accounts = await parties();
  const { R, E1, E2 } = accounts;
  const run = await stepsFor(accounts);
  for (const [i, step] of STEPS.entries()) {
    await run[i]!();
    await scenario.refresh(R);
    await scenario.refresh(E2);
    const [trueOfE2] = step['E2 CMRR true/shown'].split('/');
    expect({
      R: asInLedger(await scenario.shown(R)),
      E1: String((await scenario.shown(E1)).contractedMrr),
      E2: String((await scenario.shown(E2)).contractedMrr),
    }).toEqual({ R: step['R true'], E1: step['E1 CMRR'], E2: trueOfE2 });
  }
  expect((await scenario.shown(E1)).lastMetricsUpdate).toBeNull();
  await scenario.expectProven(R, E1, E2);
});
