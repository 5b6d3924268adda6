import type { DecideContext } from '../account/command.ts';
import type { PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import type { MetricDelta } from '../metrics/delta.ts';
import { isRefusal, type JsonObject, type Refusal } from '../result.ts';
import { applyParts, findTooManyItems, type Moved, movedBalances, unapplyParts } from './apply-parts.ts';
import { checkApplicable, type Payer, type RequestedPart, resolveParts } from './parts.ts';
import { freeMinorOf } from './refund-hold.ts';

/** Payments and credit memos are applied and taken off in one way: what is unapplied of them becomes applied, or the other way round. */

/** What of a payment or credit memo moves. */
interface Source {
  readonly id: string;
  readonly accountId: string;
  readonly currency: string;
  readonly appliedMinor: number;
  readonly unappliedMinor: number;
  readonly details: JsonObject;
  readonly updatedAt: string;
  readonly updatedBy: string;
}

/** What is to be applied or taken off, as it is asked for. */
export interface RequestedMove {
  /** Today when null. */
  readonly effectiveDate: string | null;
  readonly parts: readonly RequestedPart[];
}

/** Adds to the plan what applying changes of documents and applications, if all of it is left of the source and open of the documents. */
export function applyRequested(
  state: State,
  plan: PlanBuilder,
  payer: Payer,
  source: Source,
  { parts: requested, effectiveDate }: RequestedMove,
  context: DecideContext,
): Moved | Refusal {
  const parts = resolveParts(state, requested, payer);
  if (isRefusal(parts)) return parts;
  const appliedMinor = checkApplicable(parts, Math.max(0, freeMinorOf(source)), payer);
  if (typeof appliedMinor !== 'number') return appliedMinor;
  const tooMany = findTooManyItems(state, payer, parts);
  if (tooMany !== null) return tooMany;
  return applyParts(state, plan, payer, parts, effectiveDate ?? context.today, context);
}

/** The same for taking off. */
export function unapplyRequested(
  state: State,
  plan: PlanBuilder,
  payer: Payer,
  requested: readonly RequestedPart[],
  context: DecideContext,
): Moved | Refusal {
  const parts = resolveParts(state, requested, payer);
  return isRefusal(parts) ? parts : unapplyParts(state, plan, payer, parts, context);
}

/** The source once this much of it is applied, or taken off (negative). */
export function withMoved<Moving extends Source>(
  source: Moving,
  { invoicesMinor, debitMemosMinor }: Moved,
  { now, actor }: DecideContext,
): Moving {
  const appliedMinor = invoicesMinor + debitMemosMinor;
  return {
    ...source,
    appliedMinor: source.appliedMinor + appliedMinor,
    unappliedMinor: source.unappliedMinor - appliedMinor,
    updatedAt: now,
    updatedBy: actor,
  };
}

const UNAPPLIED = { payment: 'unappliedPaymentMinor', creditMemo: 'unappliedCreditMemoMinor' } as const;

/** The delta that leaves the account's balance where it is (semantics F.1 rows 25, 26, 36, 37). */
export function movedDelta(
  documentKind: keyof typeof UNAPPLIED,
  { id, accountId, currency }: Source,
  moved: Moved,
): MetricDelta {
  return {
    accountId,
    currency,
    ...movedBalances(moved),
    [UNAPPLIED[documentKind]]: -(moved.invoicesMinor + moved.debitMemosMinor),
    documentKind,
    documentId: id,
  };
}
