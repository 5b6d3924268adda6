import type { CommandHandler, DecideContext } from '../../account/command.ts';
import { PlanBuilder } from '../../account/plan.ts';
import type { State } from '../../account/state.ts';
import type { CreditMemo } from '../../settlement/credit-memo.ts';
import type { BillRun, BillRunAccount } from '../bill-run.ts';
import type { Invoice } from '../invoice.ts';
import { needsOfUnbilling, takeBillingBack } from '../unbill.ts';
import { type AccountStep, findStep, needsOfStep } from './account-steps.ts';
import { isBilling, STEP_DONE } from './run-steps.ts';

export interface DiscardDocument extends AccountStep {
  readonly kind: 'invoice' | 'creditMemo';
  readonly documentId: string;
}

const needsOfDiscarding = ({ kind, documentId, ...step }: DiscardDocument) => [
  ...needsOfStep(step),
  { kind, key: documentId },
];

/** Cancels a document that is not posted: what it billed is to be billed again. Refused while it bills more than one commit sets back. */
export const cancelDocument: CommandHandler<DiscardDocument, { readonly id: string }> = {
  needs: (step) => [...needsOfDiscarding(step), ...needsOfUnbilling(step.documentId)],
  decide(state, step, context) {
    const found = findDocument(state, step, isTakenBack);
    if (found === null || (found.status !== 'Generating' && found.status !== 'Draft')) return STEP_DONE;
    const plan = new PlanBuilder();
    const refusal = takeBillingBack(state, plan, found.id);
    if (refusal !== null) return refusal;
    if ('invoiceNumber' in found) {
      plan.update('invoice', { ...found, status: 'Canceled', ...changed(context) });
    } else plan.update('creditMemo', { ...found, ...canceledMemo(context) });
    return plan.build({ id: found.id });
  },
};

/** Deletes a cancelled document; the database removes its lines with it. */
export const deleteDocument: CommandHandler<DiscardDocument, { readonly id: string }> = {
  needs: needsOfDiscarding,
  decide(state, step) {
    const found = findDocument(state, step, ({ status }) => status === 'Removing');
    if (found?.status !== 'Canceled') return STEP_DONE;
    return new PlanBuilder().delete(step.kind, found).build({ id: found.id });
  },
};

/** The run is being cancelled, or the account was refused. */
function isTakenBack(run: BillRun, row: BillRunAccount): boolean {
  return run.status === 'Canceling' || (isBilling(run) && row.failure !== null);
}

/** The document, if it is the run's and the run means to discard it. */
function findDocument(
  state: State,
  { kind, documentId, ...step }: DiscardDocument,
  isMeant: (run: BillRun, row: BillRunAccount) => boolean,
): Invoice | CreditMemo | null {
  const found = findStep(state, step);
  if (found === null || !isMeant(found.run, found.row)) return null;
  const document = state.find(kind, documentId);
  return document?.billRunId === found.run.id ? document : null;
}

function canceledMemo(context: DecideContext): Partial<CreditMemo> {
  return {
    status: 'Canceled',
    cancelledAt: context.now,
    cancelledBy: context.actor,
    ...changed(context),
  };
}

function changed({ now, actor }: DecideContext) {
  return { updatedAt: now, updatedBy: actor };
}
