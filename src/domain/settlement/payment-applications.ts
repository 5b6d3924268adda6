import { demand } from '../account/demand.ts';
import type { Need, State } from '../account/state.ts';
import type { Stored } from '../entities.ts';
import { fromMinor } from '../money.ts';
import { type Refusal, refuse } from '../result.ts';
import { APPLICATION_KIND, type TargetKind } from './application.ts';
import { applicationLimits, findTarget, type ResolvedPart } from './parts.ts';
import type { Payment } from './payment.ts';

/** An application as the list of a payment shows it: `items` counts them. */
export interface ListedApplication {
  readonly id: string;
  readonly targetKind: TargetKind;
  readonly targetId: string;
  readonly amountMinor: number;
  readonly items: number;
}

/**
 * What a payment is applied to, from the last document on: at most one more than a request may name. Key and id are the payment's.
 * Whoever applies or takes off a payment changes its row, which therefore stands for the list.
 */
export interface PaymentApplications extends Stored {
  readonly payment: Payment;
  readonly applications: readonly ListedApplication[];
}

/**
 * The parts that take an amount off what a payment is applied to, from the last document on; of the document that is taken off in part,
 * what belongs to it as a whole first, then its lines from the last.
 *
 * @param amountMinor at most what is applied
 * @param action for the message, when it is more than one command may touch: 'canceled', 'refunded'
 */
export function partsFromLast(
  state: State,
  payment: Payment,
  amountMinor: number,
  action: string,
): ResolvedPart[] | Refusal {
  if (amountMinor === 0) return [];
  const { documentsMax, itemsMax } = applicationLimits;
  const taken: ListedApplication[] = [];
  let leftMinor = amountMinor;
  let items = 0;
  for (const application of state.find('paymentApplications', payment.id)?.applications ?? []) {
    items += application.items;
    if (leftMinor === 0 || taken.length === documentsMax || items > itemsMax) break;
    const takenMinor = Math.min(leftMinor, application.amountMinor);
    taken.push({ ...application, amountMinor: takenMinor });
    leftMinor -= takenMinor;
  }
  if (leftMinor > 0) {
    const message =
      `payment ${payment.paymentNumber} is applied to more than can be taken off at once, ${documentsMax} documents and ${itemsMax} items: ` +
      `unapply ${fromMinor(leftMinor, payment.currency)} ${payment.currency} of it before it is ${action}`;
    return refuse('rule', message);
  }
  demand(
    state,
    taken.flatMap(({ id, targetKind, targetId }): Need[] => [
      { kind: targetKind, key: targetId },
      { kind: APPLICATION_KIND.payment, key: id },
    ]),
  );
  return taken.map(({ targetKind, targetId, amountMinor: takenMinor }) => ({
    path: '',
    target: findTarget(state, targetKind, targetId)!,
    amountMinor: takenMinor,
    items: [],
  }));
}
