import { expect } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import type { ProductRatePlanCharge, RatePlanOffer } from '../../src/domain/catalog/catalog.ts';
import type { OrderActionSpec } from '../../src/domain/orders/action-specs.ts';
import { createOrder } from '../../src/domain/orders/create-order.ts';
import type { OrderPlaced, PlacedSubscription } from '../../src/domain/orders/order-reply.ts';
import type { OrderRequest, RequestedSubscription } from '../../src/domain/orders/order-request.ts';
import { isRefusal, type Refusal } from '../../src/domain/result.ts';
import type { Charge, RatePlan, Subscription } from '../../src/domain/subscriptions/subscription.ts';
import type { SubscriptionSpec } from '../../src/domain/subscriptions/subscription-spec.ts';
import { MemoryState } from './memory-state.ts';
import { changing } from './order-actions.ts';
import { testAccount, testOffer } from './order-objects.ts';
import { creating, orderRequest, ratePlanSpec } from './order-requests.ts';

export type ChargeFields = Partial<ProductRatePlanCharge> & { readonly price?: string };

export const PER_UNIT: ChargeFields = { chargeModel: 'Per Unit Pricing', defaultQuantity: '1', price: '10' };

/** A live segment as tests look at it: when, for how much, how many, and what follows. */
export interface SegmentView {
  readonly segment: number;
  readonly days: string;
  readonly price: string | null;
  readonly quantity: string | null;
  readonly mrr: string;
  readonly tcv: string | null;
}

/** A small world in which orders are placed and looked at: one order account, and what orders made. */
export class OrderWorld {
  readonly state = new MemoryState();
  readonly account: Account;
  today = '2026-03-15';

  /** @param like a world whose accounts and offers this one has too, under the same ids */
  constructor(like?: OrderWorld) {
    this.account = like?.account ?? this.openAccount();
    for (const kind of ['account', 'ratePlanOffer', 'productRatePlanCharge'] as const) {
      for (const entity of like?.state.all(kind) ?? []) this.state.put(kind, entity as never);
    }
  }

  openAccount(fields: Partial<Account> = {}): Account {
    const account = testAccount(fields);
    this.state.put('account', account);
    return account;
  }

  offer(...charges: ChargeFields[]): RatePlanOffer {
    const { offer } = testOffer(charges);
    this.state.put('ratePlanOffer', offer);
    for (const charge of offer.charges) this.state.put('productRatePlanCharge', charge);
    return offer;
  }

  order(
    subscriptions: readonly RequestedSubscription[],
    fields: Partial<OrderRequest> = {},
  ): OrderPlaced | Refusal {
    return this.state.run(
      createOrder,
      orderRequest(this.account.accountNumber, subscriptions, fields),
      this.today,
    );
  }

  /** A subscription of 2026 to these charges, one rate plan for each. */
  subscribe(charges: readonly ChargeFields[], spec: Partial<SubscriptionSpec> = {}): Subscribed {
    const plans = charges.map((charge) => ratePlanSpec(this.offer(charge).id));
    const placed = placedOf(this.order([creating(plans, spec)]));
    const { subscription, ratePlans } = placed;
    return {
      number: subscription.subscriptionNumber,
      plans: ratePlans.map(({ id }) => id),
      charges: placed.charges.map(({ chargeNumber }) => chargeNumber),
    };
  }

  /** An order on one subscription that must succeed. */
  change(
    number: string,
    actions: readonly OrderActionSpec[],
    fields: Partial<OrderRequest> = {},
  ): PlacedSubscription {
    return placedOf(this.order([changing(number, actions)], fields));
  }

  subscription(number: string): Subscription {
    const found = this.state.find('subscription', number);
    if (found === null) throw new Error(`there is no subscription ${number}`);
    return found;
  }

  ratePlan(id: string): RatePlan {
    return this.state.find('ratePlan', id)!;
  }

  /** Live segments of a charge, or of all charges of the subscription, by charge number and segment. */
  live(key: string): Charge[] {
    const originalId = this.state.find('subscription', key)?.originalId;
    return this.state
      .all('charge')
      .filter((c) => c.chargeNumber === key || c.subscriptionOriginalId === originalId)
      .filter((c) => c.removedInVersion === null)
      .sort((a, b) => a.chargeNumber.localeCompare(b.chargeNumber) || a.segment - b.segment);
  }

  segments(chargeNumber: string): SegmentView[] {
    return this.live(chargeNumber).map((c) => ({
      segment: c.segment,
      days: `${c.effectiveStartDate ?? '?'}..${c.effectiveEndDate ?? ''}${c.isSuspended ? ' suspended' : ''}`,
      price: c.price,
      quantity: c.quantity,
      mrr: c.monthlyRecurringRevenue,
      tcv: c.totalContractedValue,
    }));
  }

  /** Contracted MRR booked on an account, in billionths. */
  bookedNano(accountId: string): bigint {
    return this.state.deltas
      .filter((delta) => delta.accountId === accountId)
      .reduce(
        (sum, d) =>
          sum + BigInt(d.contractedMrrWhole ?? 0) * 1_000_000_000n + BigInt(d.contractedMrrNano ?? 0),
        0n,
      );
  }

  /** Whole contracted MRR booked on an account. */
  booked(accountId: string): number {
    return Number(this.bookedNano(accountId)) / 1e9;
  }

  /** What is stored, as text: equal before and after an order that did nothing. */
  contents(): string {
    const kinds = [
      'subscription',
      'ratePlan',
      'charge',
      'order',
      'orderSubscription',
      'orderAction',
      'orderDelta',
    ];
    return JSON.stringify([
      ...kinds.map((kind) => this.state.all(kind as 'charge')),
      this.state.deltas,
      this.state.all('account'),
    ]);
  }

  /** Expects a refusal of this field and message, and that nothing was stored. */
  refuses(
    subscriptions: readonly RequestedSubscription[],
    refusal: { readonly field: string; readonly message: string | RegExp; readonly category?: string },
    fields: Partial<OrderRequest> = {},
  ): void {
    const before = this.contents();
    const { message, ...rest } = refusal;
    expect(this.order(subscriptions, fields)).toMatchObject({
      refused: true,
      ...rest,
      message:
        typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message),
    });
    expect(this.contents()).toBe(before);
  }
}

export interface Subscribed {
  readonly number: string;
  /** Ids of its rate plans, in the order of the charges that were asked for. */
  readonly plans: readonly string[];
  readonly charges: readonly string[];
}

export function placedOf(reply: OrderPlaced | Refusal, line = 0): PlacedSubscription {
  if (isRefusal(reply)) throw new Error(`${reply.field}: ${reply.message}`);
  return reply.subscriptions[line]!;
}

/** Order deltas as tests look at them. */
export function deltasOf({ deltas }: PlacedSubscription): string[] {
  return deltas.map(
    ({ sequence, startDate, endDate, deltaMrr, deltaTcv, deltaQuantity }) =>
      `${sequence}: ${startDate}..${endDate ?? ''} mrr ${deltaMrr} tcv ${deltaTcv} quantity ${deltaQuantity}`,
  );
}
