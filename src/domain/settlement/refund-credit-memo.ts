import type { CommandHandler, DecideContext } from '../account/command.ts';
import { type Plan, PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import { type Decimal, fromMinor } from '../money.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import type { CreditMemo, CreditMemoItem } from './credit-memo.ts';
import type { GatewayChoice } from './gateway.ts';
import {
  amountToRefund,
  newRefund,
  type RefundReply,
  type RefundRequest,
  type RefundSource,
} from './new-refund.ts';
import { openOfLine, positiveMinor } from './parts.ts';
import { needOfMethod } from './payment-method.ts';
import type { Refund } from './refund.ts';
import { freeMinorOf, withRefunding } from './refund-hold.ts';
import { chooseGateway, findMethodToCharge } from './submit-payment.ts';
import { submittedRefund } from './submit-refund.ts';

/** A part of a refund that is meant for one line of the memo, as it is asked for. */
export interface RequestedRefundItem {
  readonly creditMemoItemId: string;
  readonly amount: Decimal;
}

/** Money to give back of a credit memo. */
export interface RefundCreditMemo extends RefundRequest {
  readonly creditMemoId: string;
  readonly amount: Decimal;
  /** Empty: of the memo as a whole. Otherwise their sum is the amount. */
  readonly items: readonly RequestedRefundItem[];
}

/** Pays out credit that a posted memo has left: what is unapplied becomes less (semantics F.1 row 38). */
export const refundCreditMemo: CommandHandler<RefundCreditMemo, RefundReply> = {
  needs: ({ creditMemoId, items, paymentMethodId }) => [
    { kind: 'creditMemo', key: creditMemoId },
    ...items.map(({ creditMemoItemId: key }) => ({ kind: 'creditMemoItem' as const, key })),
    ...needOfMethod(paymentMethodId),
  ],
  numbers: () => [['refund', 1]],
  decide(state, payload, context) {
    const memo = findRefundableMemo(state, payload.creditMemoId);
    if (isRefusal(memo)) return memo;
    const source = sourceOfMemo(memo);
    const amountMinor = amountToRefund(source, payload);
    if (typeof amountMinor !== 'number') return amountMinor;
    const items = resolveRefundItems(state, payload.items, memo, amountMinor);
    if ('refused' in items) return items;
    const refund = newRefund(payload, source, { status: 'Processed', amountMinor, items }, context);
    if (payload.gateway !== undefined) return submitMemoRefund(state, memo, refund, payload.gateway, context);
    const plan = new PlanBuilder().insert('refund', refund);
    return takeMemoRefund(state, plan, memo, refund, 1, context).build({ refund, paymentNumber: null });
  },
};

/** The refund that a gateway is to be asked to pay to a method of the account: it has moved nothing yet, and what it needs is held. */
function submitMemoRefund(
  state: State,
  memo: CreditMemo,
  refund: Refund,
  choice: GatewayChoice,
  context: DecideContext,
): Plan<RefundReply> | Refusal {
  const account = state.find('account', memo.accountId);
  if (account === null) return refuse('not_found', `There is no account ${memo.accountId}.`);
  const method = findMethodToCharge(state, account, refund.paymentMethodId, context);
  if (isRefusal(method)) return method;
  const chosen = chooseGateway(method, choice);
  if (typeof chosen !== 'string') return chosen;
  const work = { gatewayId: chosen, token: method.token, parts: [] };
  const submitted = submittedRefund(refund, work, method, context);
  const held = withRefunding(memo, refund.amountMinor);
  return new PlanBuilder()
    .insert('refund', submitted)
    .update('creditMemo', { ...held, updatedAt: context.now, updatedBy: context.actor })
    .build({ refund: submitted, paymentNumber: null });
}

/** A posted credit memo, or why it cannot be refunded. */
export function findRefundableMemo(state: State, creditMemoId: string): CreditMemo | Refusal {
  const memo = state.find('creditMemo', creditMemoId);
  if (memo === null) return refuse('not_found', `There is no credit memo ${creditMemoId}.`);
  if (memo.status === 'Posted') return memo;
  return refuse('rule', `credit memo ${memo.memoNumber} is ${memo.status}, not Posted`);
}

export function sourceOfMemo(memo: CreditMemo): RefundSource {
  const { id, accountId, currency, memoDate, memoNumber } = memo;
  return {
    kind: 'creditMemo',
    id,
    accountId,
    currency,
    date: memoDate,
    freeMinor: freeMinorOf(memo),
    name: `credit memo ${memoNumber}`,
  };
}

/** The lines that are refunded: of this memo, each once, no more than is open of it, together the refund's amount. */
export function resolveRefundItems(
  state: State,
  requested: readonly RequestedRefundItem[],
  { id, memoNumber, currency }: CreditMemo,
  amountMinor: number,
): Refund['items'] | Refusal {
  const show = (minor: number) => `${fromMinor(minor, currency)} ${currency}`;
  const resolved = new Map<string, number>();
  let sumMinor = 0;
  for (const [i, { creditMemoItemId, amount }] of requested.entries()) {
    const field = `items[${i}].creditMemoItemId`;
    const item = state.find('creditMemoItem', creditMemoItemId);
    if (item?.creditMemoId !== id) {
      return refuse('invalid', `credit memo ${memoNumber} has no item ${creditMemoItemId}`, field);
    }
    if (resolved.has(item.id)) return refuse('invalid', `item ${item.id} is named more than once`, field);
    const minor = positiveMinor(amount, currency, `items[${i}].amount`);
    if (typeof minor !== 'number') return minor;
    if (minor > openOfLine(item)) {
      const message = `${show(minor)} is more than the ${show(openOfLine(item))} that is open of item ${item.id}`;
      return refuse('invalid', message, `items[${i}].amount`);
    }
    resolved.set(item.id, minor);
    sumMinor += minor;
  }
  if (requested.length > 0 && sumMinor !== amountMinor) {
    const message = `the items add up to ${show(sumMinor)}, not to the total ${show(amountMinor)}`;
    return refuse('invalid', message, 'items');
  }
  return [...resolved].map(([creditMemoItemId, minor]) => ({ creditMemoItemId, amountMinor: minor }));
}

/**
 * Adds to the plan what a refund changes of its credit memo, the lines that it names and the account's metrics: when it takes effect (1),
 * or is taken back (-1). The refund itself is inserted or updated by the caller.
 */
export function takeMemoRefund(
  state: State,
  plan: PlanBuilder,
  memo: CreditMemo,
  refund: Refund,
  sign: 1 | -1,
  { now, actor }: DecideContext,
): PlanBuilder {
  const amountMinor = sign * refund.amountMinor;
  for (const { creditMemoItemId, amountMinor: minor } of refund.items) {
    const item: CreditMemoItem | null = state.find('creditMemoItem', creditMemoItemId);
    if (item !== null) {
      plan.update('creditMemoItem', { ...item, refundedMinor: item.refundedMinor + sign * minor });
    }
  }
  return plan
    .update('creditMemo', {
      ...memo,
      unappliedMinor: memo.unappliedMinor - amountMinor,
      refundedMinor: memo.refundedMinor + amountMinor,
      updatedAt: now,
      updatedBy: actor,
    })
    .delta({
      accountId: memo.accountId,
      currency: memo.currency,
      unappliedCreditMemoMinor: -amountMinor,
      documentKind: 'refund',
      documentId: refund.id,
    });
}
