import { beforeEach, describe, expect, it } from 'vitest';
import type { CommandHandler, DecideContext } from '../../../src/domain/account/command.ts';
import { BILLED_ALL, billRunAccountId } from '../../../src/domain/billing/bill-run.ts';
import { billAccount } from '../../../src/domain/billing/bill-runs/bill-account.ts';
import { previewPiece } from '../../../src/domain/billing/bill-runs/preview-piece.ts';
import { billSubscription } from '../../../src/domain/billing/bill-subscription.ts';
import { billingKey } from '../../../src/domain/billing/billable.ts';
import { billingRuleDefaults } from '../../../src/domain/billing/billing-rules.ts';
import { roundingLine } from '../../../src/domain/billing/document-rows.ts';
import { generateDocuments } from '../../../src/domain/billing/generate-documents.ts';
import { previewBilling, previewSubscriptionBilling } from '../../../src/domain/billing/preview-billing.ts';
import { MAX_AMOUNT_MINOR } from '../../../src/domain/money.ts';
import { createOrder } from '../../../src/domain/orders/create-order.ts';
import { previewOrder } from '../../../src/domain/orders/preview-order.ts';
import { creating, evergreen, orderRequest, ratePlanSpec } from '../../support/order-requests.ts';
import { type ChargeFields, OrderWorld } from '../../support/order-world.ts';
import { BillingBook } from '../../support/subscription-billing.ts';

// Shows that a subscription whose price, quantity and period are each allowed, but come to more than a line can hold, is refused by its number
// wherever it is billed, and that nothing of it is stored.

/** The largest price a month, for 60 of them. */
const HUGE: ChargeFields = {
  price: '999999999999',
  listPriceBase: 'Per Month',
  billingPeriod: 'Five Years',
};

let world: OrderWorld;
let number: string;

function refusalOf(subscriptionNumber: string) {
  return {
    refused: true,
    category: 'rule',
    message: `subscription ${subscriptionNumber} can't be billed: an amount is more than a line in USD can hold`,
  };
}

beforeEach(() => {
  world = new OrderWorld();
  number = world.subscribe([HUGE], { terms: evergreen }).number;
  const billing = new BillingBook(world).billingOf(number);
  world.state.put('subscriptionBilling', { ...billing, id: billingKey(number) });
});

function refuses<Payload, Reply>(handler: CommandHandler<Payload, Reply>, payload: Payload): void {
  const stored = () =>
    JSON.stringify(
      (['subscription', 'invoice', 'invoiceItem'] as const).map((kind) => world.state.all(kind)),
    );
  const before = stored();
  expect(world.state.run(handler, payload)).toEqual(refusalOf(number));
  expect(stored()).toBe(before);
}

describe('an amount that no line can hold', () => {
  it('refuses the subscription, one minor unit less does not', () => {
    const options = {
      targetDate: '2026-01-01',
      rules: billingRuleDefaults,
      billCycleDay: 1,
      chargeTypesToExclude: new Set<never>(),
      newId: () => 'id',
      usageOf: () => {
        throw new Error('there is no usage');
      },
    };
    const billing = new BillingBook(world).billingOf(number);
    expect(billSubscription(billing, options)).toEqual(refusalOf(number));
    const fitting = billing.charges.map((one) => ({
      ...one,
      charge: { ...one.charge, price: '9999999999999.99', listPriceBase: 'Per Billing Period' },
    }));
    expect(billSubscription({ ...billing, charges: fitting }, options)).toMatchObject({
      lines: [{ amountMinor: MAX_AMOUNT_MINOR }],
    });
  });

  it('refuses documents that are generated, and previews of them', () => {
    const asked = {
      accountId: world.account.id,
      subscriptionNumbers: [number],
      targetDate: '2026-01-01',
      chargeTypesToExclude: [],
    };
    const rest = { documentDate: '2026-01-01', posts: true, creditMemoReasonCode: null };
    refuses(generateDocuments, { ...asked, ...rest });
    refuses(previewBilling, { ...asked, includesEvergreen: true });
    refuses(previewSubscriptionBilling, {
      subscriptionNumber: number,
      start: 'startOfTerm',
      through: { kind: 'date', date: '2026-01-01' },
      usage: [],
    } as never);
  });

  it('refuses an order that is billed at once, and its preview', () => {
    const plan = ratePlanSpec(world.offer(HUGE).id);
    const order = orderRequest(
      world.account.accountNumber,
      [creating([plan], { subscriptionNumber: 'A-S-HUGE', terms: evergreen })],
      {
        billing: {
          targetDate: '2026-01-01',
          documentDate: null,
          posts: true,
          creditMemoReasonCode: null,
        },
      },
    );
    const before = world.contents();
    expect(world.state.run(createOrder, order)).toEqual(refusalOf('A-S-HUGE'));
    expect(world.contents()).toBe(before);
    expect(world.state.run(previewOrder, { order, types: ['BillingDocs'] })).toEqual(refusalOf('A-S-HUGE'));
  });

  it.each([BILLED_ALL, 'a later page'])('refuses the account in a bill run (page up to %s)', (through) => {
    const run = {
      id: 'a'.repeat(32),
      status: 'Processing',
      targetDate: '2026-01-01',
      invoiceDate: '2026-01-01',
      options: { autoPost: true, autoRenewal: false, chargeTypesToExclude: [] },
    };
    const accountId = world.account.id;
    const row = {
      id: billRunAccountId(run.id, accountId),
      status: 'Pending',
      billedThrough: null,
      failure: null,
    };
    world.state.put('billRun', run as never);
    world.state.put('billRunAccount', row as never);
    const step = { billRunId: run.id, accountId, isFirst: true };
    refuses(billAccount, { ...step, after: null, through, subscriptionNumbers: [number] });
  });

  it('refuses the account in a billing preview run', () => {
    refuses(previewPiece, {
      accountId: world.account.id,
      subscriptionNumbers: [number],
      targetDate: '2026-01-01',
      options: { includingEvergreenSubscription: true, chargeTypesToExclude: [] },
    } as never);
  });
});

describe('a total that can’t be rounded up any more', () => {
  const context = { newId: () => 'id', now: '2026-01-01T00:00:00.000Z' } as DecideContext;
  const round = (totalMinor: number) =>
    roundingLine(
      totalMinor,
      { currency: 'USD', documentDate: '2026-01-01' },
      {
        ...billingRuleDefaults,
        rounding: { USD: { mode: 'UP', incrementMinor: 1, invoiceIncrementMinor: 10 } },
      },
      context,
    );

  it('is refused, a smaller one is rounded', () => {
    expect(round(MAX_AMOUNT_MINOR)).toEqual({
      refused: true,
      category: 'rule',
      message: 'the lines add up to more than a document can hold',
    });
    expect(round(MAX_AMOUNT_MINOR - 10)).toMatchObject({ amountMinor: 1 });
  });
});
