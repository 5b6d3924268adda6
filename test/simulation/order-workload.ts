import type { RequestedSubscription } from '../../src/domain/orders/order-request.ts';
import { isRefusal } from '../../src/domain/result.ts';
import { fromWireOrderPreview, orderPreviewBody } from '../../src/wire/order-preview.ts';
import { orderBody } from '../../src/wire/order-schema.ts';
import { fromWireOrder } from '../../src/wire/orders.ts';
import type { Fixtures } from './fixtures.ts';
import type { Intent } from './intent.ts';
import { CROWDED, type KnownSubscription, knownSubscriptions } from './known-subscriptions.ts';
import { OrderActionBodies } from './order-action-bodies.ts';
import { OrderLifecycleWorkload } from './order-lifecycle-workload.ts';
import type { Random } from './random.ts';

type Body = Record<string, unknown>;

/** An order in the wire's form, and where it goes. */
interface OrderBody {
  readonly lane: string;
  readonly body: Body;
  readonly ifMatch: string | null;
  readonly marker: string;
}

/**
 * The clients' orders: new subscriptions, and every kind of change of those that are there, several to an order, at once, as a preview
 * or as a job; some of them on a version that is no longer the latest, some in a lane that is not the subscription's.
 */
export class OrderWorkload {
  readonly #db: D1Database;
  readonly #random: Random;
  readonly #fixtures: Fixtures;
  readonly #actions: OrderActionBodies;
  readonly #marker: (kind: string) => string;
  readonly #lifecycle: OrderLifecycleWorkload;
  #known: readonly KnownSubscription[] = [];

  constructor(db: D1Database, random: Random, fixtures: Fixtures, marker: (kind: string) => string) {
    this.#db = db;
    this.#random = random;
    this.#fixtures = fixtures;
    this.#marker = marker;
    this.#actions = new OrderActionBodies(random, fixtures);
    this.#lifecycle = new OrderLifecycleWorkload(db, random, fixtures);
  }

  /** The clients look at their subscriptions. What they see gets old while they order. */
  async look(): Promise<void> {
    this.#known = await knownSubscriptions(this.#db);
    await this.#lifecycle.look();
  }

  /** The subscriptions as the clients saw them last. */
  get known(): readonly KnownSubscription[] {
    return this.#known;
  }

  newSubscriptions(): Intent {
    return this.#ordered(this.#creation());
  }

  change(): Intent | null {
    const order = this.#changes();
    return order === null ? null : this.#ordered(order);
  }

  /** Accepted at once and placed when the queue or the sweep gets to it; by then it may be refused. */
  later(): Intent {
    const order = (this.#random.chance(0.7) ? this.#changes() : null) ?? this.#creation();
    const isPreview = this.#random.chance(0.15);
    const { lane, kind, payload, marker } = isPreview ? this.#previewed(order) : this.#ordered(order);
    const job = { commandKind: kind, payload, laneId: lane, resourceCode: '500000', requestId: marker };
    return { lane, kind: 'job.accept', payload: job, marker, leaves: 'job' };
  }

  preview(): Intent {
    return this.#previewed((this.#random.chance(0.8) ? this.#changes() : null) ?? this.#creation());
  }

  /** What happens to orders and subscriptions after they were placed: taken back, dated, annotated, renewed or expired. */
  afterwards(): Intent | null {
    const roll = this.#random.next();
    if (roll < 0.6) return this.#lifecycle.ofOrder();
    if (roll < 0.8) return this.#lifecycle.setCustomFields(this.#known);
    return roll < 0.95
      ? this.#lifecycle.ofCalendar(this.#known)
      : this.#lifecycle.deleteSubscription(this.#known);
  }

  #creation(): OrderBody {
    const account = this.#random.pick(this.#fixtures.accounts);
    const subscription = () => {
      const orderActions = [this.#actions.createSubscription()];
      return { orderActions };
    };
    const subscriptions = Array.from({ length: this.#random.integer(1, 2) }, subscription);
    return this.#order(account.id, subscriptions, { orderDate: this.#actions.firstDate(), ifMatch: null });
  }

  /** An order on subscriptions that are there, at times together with a new one. */
  #changes(): OrderBody | null {
    if (this.#known.length === 0) return null;
    const first = this.#subscription(this.#known);
    const lane = first.invoiceOwnerId;
    const chosen = [first];
    if (this.#random.chance(0.25)) {
      const others = this.#known.filter((s) => s !== first && s.invoiceOwnerId === lane);
      if (others.length > 0) chosen.push(this.#subscription(others));
    }
    const subscriptions: Body[] = chosen.map((subscription) => ({
      subscriptionNumber: subscription.number,
      orderActions: Array.from({ length: this.#random.pick([1, 1, 1, 2, 3]) }, () =>
        this.#actions.change(subscription),
      ),
    }));
    if (this.#random.chance(0.1)) subscriptions.push({ orderActions: [this.#actions.createSubscription()] });
    const version = first.version + this.#random.pick([-1, 0, 0, 0, 1]);
    const ifMatch = chosen.length === 1 && this.#random.chance(0.25) && version > 0 ? `"${version}"` : null;
    return this.#order(lane, subscriptions, { orderDate: this.#actions.date(first), ifMatch });
  }

  #subscription(known: readonly KnownSubscription[]): KnownSubscription {
    const alive = known.filter(({ status }) => status !== 'Cancelled');
    if (alive.length === 0 || this.#random.chance(0.05)) return this.#random.pick(known);
    return this.#random.pick(this.#random.chance(0.7) ? alive.slice(0, CROWDED) : alive);
  }

  #order(
    accountId: string,
    subscriptions: readonly Body[],
    { orderDate, ifMatch }: { readonly orderDate: string; readonly ifMatch: string | null },
  ): OrderBody {
    const account = this.#fixtures.accounts.find(({ id }) => id === accountId)!;
    const marker = this.#marker('order');
    const body = {
      orderDate,
      existingAccountNumber: account.accountNumber,
      description: marker,
      ...(this.#random.chance(0.08) ? { status: 'Draft' } : {}),
      subscriptions,
    };
    // Any lane may carry any order out: the guards know nothing of lanes.
    const lane = this.#random.chance(0.2) ? this.#random.pick(this.#fixtures.accounts).id : accountId;
    return { lane, body, ifMatch, marker };
  }

  #ordered({ lane, body, ifMatch, marker }: OrderBody): Intent {
    const form = { returnIds: false, numbersOnly: false };
    const payload = fromWireOrder(orderBody.parse(body), form, ifMatch);
    if (isRefusal(payload)) throw new Error(payload.message);
    return {
      lane,
      kind: 'order.create',
      payload,
      marker,
      leaves: 'document',
      actions: actionsOf(payload.subscriptions),
    };
  }

  #previewed({ lane, body, ifMatch, marker }: OrderBody): Intent {
    const { status: _, ...content } = body;
    const previewOptions = { previewTypes: ['ChargeMetrics', 'OrderDeltaMetrics'] };
    const payload = fromWireOrderPreview(orderPreviewBody.parse({ ...content, previewOptions }), ifMatch);
    if (isRefusal(payload)) throw new Error(payload.message);
    return {
      lane,
      kind: 'order.preview',
      payload,
      marker,
      leaves: 'nothing',
      actions: actionsOf(payload.order.subscriptions),
    };
  }
}

function actionsOf(subscriptions: readonly RequestedSubscription[]): string[] {
  return subscriptions.flatMap(({ actions }) => actions.map(({ action }) => action.type));
}
