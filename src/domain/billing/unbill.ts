import type { CommandHandler } from '../account/command.ts';
import { demand } from '../account/demand.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { Need, State } from '../account/state.ts';
import { type Refusal, refuse } from '../result.ts';

/** Subscriptions that one commit sets back: a document that bills more of them is taken back in pieces first. */
export const UNBILL_SUBSCRIPTIONS_MAX = 500;

/** What `takeBillingBack` reads: for the `needs` of a command that cancels, deletes or reverses a document. */
export function needsOfUnbilling(documentId: string): Need[] {
  return [{ kind: 'documentBilling', key: documentId }];
}

/**
 * What whoever cancels, deletes or reverses an invoice or credit memo adds to its plan: its subscriptions are looked at again from the first
 * day that the document billed of them. With the document itself their days are unbilled (decision 008); none can be settled anew in
 * between, as the commit is guarded by what was read here.
 *
 * @param documentId of an invoice or credit memo whose lines count until now
 * @returns a refusal when there are more than one commit sets back: `unbillPiece` first
 */
export function takeBillingBack(state: State, plan: PlanBuilder, documentId: string): Refusal | null {
  const left = setBack(state, plan, documentId);
  if (left === 0) return null;
  const message = `what the document bills is being taken back; ${left} subscriptions are left: try again`;
  return refuse('unavailable', message);
}

/** One piece of it, for documents of more subscriptions than one commit sets back: the document stays as it is, billing only looks further back. */
export const unbillPiece: CommandHandler<{ readonly documentId: string }, { readonly left: number }> = {
  needs: ({ documentId }) => needsOfUnbilling(documentId),
  decide(state, { documentId }) {
    const plan = new PlanBuilder();
    const left = setBack(state, plan, documentId);
    return plan.build({ left });
  },
};

/** Sets back as many as one commit takes; returns how many are left. */
export function setBack(state: State, plan: PlanBuilder, documentId: string): number {
  const billing = state.find('documentBilling', documentId);
  if (billing === null) return 0;
  demand(
    state,
    billing.settled.map(({ subscriptionNumber: key }) => ({ kind: 'subscription', key })),
  );
  for (const { subscriptionNumber, from } of billing.settled) {
    const subscription = state.find('subscription', subscriptionNumber);
    if (subscription !== null && subscription.billingFrom > from) {
      plan.update('subscription', { ...subscription, billingFrom: from });
    }
  }
  return billing.count - billing.settled.length;
}
