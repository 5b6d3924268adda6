import type { UpdateSubscriptionCustomFields } from '../../src/domain/subscriptions/update-custom-fields.ts';
import {
  fromWireOrderCancel,
  fromWireOrderRevert,
  fromWireOrderTriggerDates,
  orderCancelBody,
  orderRevertBody,
  orderTriggerDatesBody,
} from '../../src/wire/order-lifecycle.ts';
import type { Fixtures } from './fixtures.ts';
import type { Intent } from './intent.ts';
import { CROWDED, type KnownSubscription } from './known-subscriptions.ts';
import type { Random } from './random.ts';

/** An order as a client sees it in a list. */
interface KnownOrder {
  readonly number: string;
  readonly status: string;
  readonly accountId: string;
  /** Its marker, where a client gave it one. */
  readonly description: string;
  /** What misses a date. */
  readonly waiting: ReadonlyArray<{ readonly subscriptionNumber: string; readonly sequence: number }>;
}

/** So many of the youngest orders are known: what can be taken back is mostly the latest. */
const KNOWN_MAX = 10;

const KNOWN_SQL =
  'SELECT o.order_number, o.status, o.account_id, o.description, l.subscription_number, a.sequence FROM orders o ' +
  'LEFT JOIN order_subscription l ON l.order_id = o.id AND l.new_version IS NOT NULL ' +
  "LEFT JOIN order_action a ON a.order_subscription_id = l.id AND a.waiting <> 'null' " +
  `WHERE o.rowid IN (SELECT rowid FROM orders ORDER BY rowid DESC LIMIT ${KNOWN_MAX})`;

/** What clients and the calendar do to orders and subscriptions that are there. */
export class OrderLifecycleWorkload {
  readonly #db: D1Database;
  readonly #random: Random;
  readonly #fixtures: Fixtures;
  #known: readonly KnownOrder[] = [];

  constructor(db: D1Database, random: Random, fixtures: Fixtures) {
    this.#db = db;
    this.#random = random;
    this.#fixtures = fixtures;
  }

  async look(): Promise<void> {
    const { results } = await this.#db.prepare(KNOWN_SQL).all<Record<string, string | number | null>>();
    const known = new Map<string, KnownOrder>();
    for (const row of results) {
      const number = String(row.order_number);
      const order = known.get(number) ?? {
        number,
        status: String(row.status),
        accountId: String(row.account_id),
        description: String(row.description ?? ''),
        waiting: [],
      };
      const waits = { subscriptionNumber: String(row.subscription_number), sequence: Number(row.sequence) };
      known.set(number, row.sequence === null ? order : { ...order, waiting: [...order.waiting, waits] });
    }
    this.#known = [...known.values()];
  }

  /** Something that goes with the order's status; now and then something that does not. */
  ofOrder(): Intent | null {
    if (this.#known.length === 0) return null;
    const order = this.#random.pick(this.#known);
    if (order.waiting.length > 0 && this.#random.chance(0.7)) return this.#setTriggerDates(order);
    const kept = [() => this.#activate(order), () => this.#cancel(order), () => this.#delete(order)];
    const placed = [() => this.#delete(order), () => this.#revert(order)];
    const fitting = order.status === 'Draft' ? kept : placed;
    return this.#random.pick(this.#random.chance(0.9) ? fitting : [...kept, ...placed])();
  }

  /** The end of a term comes, as the cron would see it: the subscription renews itself or expires. */
  ofCalendar(subscriptions: readonly KnownSubscription[]): Intent | null {
    const due = subscriptions.filter(({ status, termEnd }) => status === 'Active' && termEnd !== null);
    if (due.length === 0) return null;
    const { number, termEnd, autoRenew, invoiceOwnerId } = this.#random.pick(due);
    const payload = {
      subscriptionNumber: number,
      accountId: invoiceOwnerId,
      termEndDate: termEnd,
      day: termEnd,
    };
    return this.#intent(invoiceOwnerId, autoRenew ? 'scheduled.renew' : 'scheduled.expire', payload);
  }

  /** A change in place, without an order: it races with orders that make the next version. */
  setCustomFields(subscriptions: readonly KnownSubscription[]): Intent | null {
    if (subscriptions.length === 0) return null;
    const { id, invoiceOwnerId } = this.#random.pick(subscriptions.slice(0, CROWDED));
    const customFields = { note__c: this.#random.id() };
    const payload: UpdateSubscriptionCustomFields = {
      subscriptionId: id,
      customFields,
      ratePlans: [],
      charges: [],
    };
    return this.#intent(invoiceOwnerId, 'subscription.customFields', payload);
  }

  deleteSubscription(subscriptions: readonly KnownSubscription[]): Intent | null {
    if (subscriptions.length === 0) return null;
    const { number, version, invoiceOwnerId } = this.#random.pick(subscriptions);
    const payload = {
      subscriptionNumber: number,
      expectedVersion: this.#random.chance(0.3) ? version : null,
    };
    return { ...this.#intent(invoiceOwnerId, 'subscription.delete', payload), deletes: number };
  }

  #activate({ number, accountId }: KnownOrder): Intent {
    return this.#intent(accountId, 'order.activate', {
      order: number,
      returnIds: false,
      numbersOnly: false,
    });
  }

  #cancel({ number, accountId }: KnownOrder): Intent {
    const payload = fromWireOrderCancel(orderCancelBody.parse({ cancelReason: 'no longer wanted' }), number);
    return this.#intent(accountId, 'order.cancel', payload);
  }

  #delete({ number, accountId, description }: KnownOrder): Intent {
    return { ...this.#intent(accountId, 'order.delete', { order: number }), deletes: description };
  }

  #revert({ number, accountId }: KnownOrder): Intent {
    const orderDate = this.#random.pick(['2026-03-01', '2026-06-01', '2027-07-01']);
    const payload = fromWireOrderRevert(orderRevertBody.parse({ orderDate }), number);
    return this.#intent(accountId, 'order.revert', payload);
  }

  #setTriggerDates({ number, accountId, waiting }: KnownOrder): Intent {
    const numbers = [...new Set(waiting.map(({ subscriptionNumber }) => subscriptionNumber))];
    const triggerDates = [
      { name: 'ServiceActivation', triggerDate: this.#random.pick(['2026-03-01', '2026-03-15']) },
      ...(this.#random.chance(0.6) ? [{ name: 'CustomerAcceptance', triggerDate: '2026-04-01' }] : []),
    ];
    const body = {
      subscriptions: numbers.map((subscriptionNumber) => ({
        subscriptionNumber,
        orderActions: waiting
          .filter((waits) => waits.subscriptionNumber === subscriptionNumber)
          .map(({ sequence }) => ({ sequence, triggerDates })),
      })),
    };
    const form = { returnIds: false, numbersOnly: false };
    const payload = fromWireOrderTriggerDates(orderTriggerDatesBody.parse(body), number, form);
    return this.#intent(accountId, 'order.setTriggerDates', payload);
  }

  /** Often in another lane, as when an owner has just changed: only guards stand between two lanes. */
  #intent(accountId: string, kind: string, payload: unknown): Intent {
    const lane = this.#random.chance(0.4) ? this.#random.pick(this.#fixtures.accounts).id : accountId;
    return { lane, kind, payload, marker: '', leaves: 'nothing' };
  }
}
