import type { DecideContext } from '../account/command.ts';
import type { PlanBuilder } from '../account/plan.ts';
import type { Need } from '../account/state.ts';
import { fromMinor } from '../money.ts';
import { type JsonObject, type Refusal, refuse } from '../result.ts';
import { ITEM_KIND } from './application.ts';
import type { ReservedPart } from './gateway.ts';
import { numberOfTarget, type ResolvedPart, type Target } from './parts.ts';

/**
 * What payments that wait for their gateways mean to pay of a document, minor units, in `details.reservedMinor`. It keeps a second
 * electronic payment from asking for the same money; it leaves the balance, and everything else that may settle it, alone (J 16).
 */
export function reservedMinorOf({ details }: { readonly details: JsonObject }): number {
  const minor = details.reservedMinor;
  return typeof minor === 'number' ? minor : 0;
}

/** The document with this much more reserved, or less. */
export function withReserved(target: Target, byMinor: number): Target {
  const { reservedMinor: _, ...details } = target.document.details;
  const leftMinor = Math.max(0, reservedMinorOf(target.document) + byMinor);
  const changed = { details: leftMinor === 0 ? details : { ...details, reservedMinor: leftMinor } };
  return target.kind === 'invoice'
    ? { kind: 'invoice', document: { ...target.document, ...changed } }
    : { kind: 'debitMemo', document: { ...target.document, ...changed } };
}

export function updateTarget(plan: PlanBuilder, target: Target, { now, actor }: DecideContext): void {
  const audit = { updatedAt: now, updatedBy: actor };
  if (target.kind === 'invoice') plan.update('invoice', { ...target.document, ...audit });
  else plan.update('debitMemo', { ...target.document, ...audit });
}

/** Refuses to ask a gateway for what other payments are asking for already. */
export function refuseReserved(parts: readonly ResolvedPart[], currency: string): Refusal | null {
  const show = (minor: number) => `${fromMinor(minor, currency)} ${currency}`;
  for (const { target, amountMinor, path } of parts) {
    const freeMinor = target.document.balanceMinor - reservedMinorOf(target.document);
    if (amountMinor <= freeMinor) continue;
    const message = `${show(amountMinor)} is more than the ${show(Math.max(0, freeMinor))} of ${numberOfTarget(target)} that no payment in processing is for`;
    return refuse('rule', message, `${path}.amount`);
  }
  return null;
}

export function reservedParts(parts: readonly ResolvedPart[]): ReservedPart[] {
  return parts.map(({ target, amountMinor, items }) => ({
    targetKind: target.kind,
    targetId: target.document.id,
    amountMinor,
    items: items.map(({ targetItem, amountMinor: minor }) => ({
      targetItemId: targetItem.id,
      amountMinor: minor,
    })),
  }));
}

/** The documents and lines that reserved parts name. */
export function needsOfReserved(parts: readonly ReservedPart[]): Need[] {
  return parts.flatMap(({ targetKind, targetId, items }): Need[] => [
    { kind: targetKind, key: targetId },
    ...items.map(({ targetItemId }): Need => ({ kind: ITEM_KIND[targetKind], key: targetItemId })),
  ]);
}
