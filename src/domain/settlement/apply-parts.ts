import type { DecideContext } from '../account/command.ts';
import { demand } from '../account/demand.ts';
import type { PlanBuilder } from '../account/plan.ts';
import type { Need, State } from '../account/state.ts';
import { fromMinor } from '../money.ts';
import { type Refusal, refuse } from '../result.ts';
import {
  APPLICATION_KIND,
  type Application,
  type ApplicationItem,
  applicationId,
  ITEM_KIND,
} from './application.ts';
import {
  applicationLimits,
  numberOfTarget,
  type Payer,
  type ResolvedItem,
  type ResolvedPart,
  type Target,
} from './parts.ts';

/** How much was applied to each kind of document, or taken off it (negative), in minor units. */
export interface Moved {
  readonly invoicesMinor: number;
  readonly debitMemosMinor: number;
}

/** The metric columns that applying moves on the side of the documents (semantics F.1 rows 25, 26, 36, 37). */
export function movedBalances({ invoicesMinor, debitMemosMinor }: Moved) {
  return {
    ...(invoicesMinor === 0 ? {} : { totalInvoiceBalanceMinor: -invoicesMinor }),
    ...(debitMemosMinor === 0 ? {} : { totalDebitMemoBalanceMinor: -debitMemosMinor }),
  };
}

/** Whether a payer is applied to more lines of a document than an application holds; of a new payer a request names fewer. */
export function findTooManyItems(state: State, payer: Payer, parts: readonly ResolvedPart[]): Refusal | null {
  const kind = APPLICATION_KIND[payer.kind];
  const { itemsPerApplicationMax } = applicationLimits;
  demandApplications(state, payer, parts);
  for (const { path, target, items } of parts) {
    const present = state.find(kind, applicationId(payer.id, target.document.id))?.items ?? [];
    if (present.length + items.length <= itemsPerApplicationMax) continue;
    if (joined(present, piecesOf(items)).length <= itemsPerApplicationMax) continue;
    const message = `${payer.name} would be applied to more than ${itemsPerApplicationMax} items of ${numberOfTarget(target)}: apply the rest to it as a whole`;
    return refuse('rule', message, `${path}.items`);
  }
  return null;
}

/** Adds to the plan what applying checked parts changes: the documents, the named lines, the applications. Not the payer itself. */
export function applyParts(
  state: State,
  plan: PlanBuilder,
  payer: Payer,
  parts: readonly ResolvedPart[],
  effectiveDate: string,
  context: DecideContext,
): Moved {
  const kind = APPLICATION_KIND[payer.kind];
  if (payer.isNew !== true) demandApplications(state, payer, parts);
  const moves: LineMove[] = [];
  for (const { target, amountMinor, items } of parts) {
    settle(plan, target, payer, amountMinor, context);
    const pieces = piecesOf(items);
    moves.push({ target, pieces });
    const id = applicationId(payer.id, target.document.id);
    const existing = payer.isNew === true ? null : state.find(kind, id);
    if (existing === null) {
      plan.insert(
        kind,
        newApplication(id, payer, target, { amountMinor, effectiveDate, items: pieces }, context),
      );
      continue;
    }
    plan.update(kind, {
      ...existing,
      amountMinor: existing.amountMinor + amountMinor,
      effectiveDate,
      items: joined(existing.items, pieces),
      updatedAt: context.now,
      updatedBy: context.actor,
    });
  }
  moveLines(state, plan, moves, 1);
  return movedBy(parts, 1);
}

/** Adds to the plan what taking the parts off again changes; refuses what is not applied. */
export function unapplyParts(
  state: State,
  plan: PlanBuilder,
  payer: Payer,
  parts: readonly ResolvedPart[],
  context: DecideContext,
): Moved | Refusal {
  const kind = APPLICATION_KIND[payer.kind];
  demandApplications(state, payer, parts);
  const moves: LineMove[] = [];
  for (const part of parts) {
    const { target, amountMinor } = part;
    const application = state.find(kind, applicationId(payer.id, target.document.id));
    const presentMinor = application?.amountMinor ?? 0;
    if (application === null || amountMinor > presentMinor) {
      const show = (minor: number) => `${fromMinor(minor, payer.currency)} ${payer.currency}`;
      const message = `${show(amountMinor)} is more than the ${show(presentMinor)} of ${payer.name} that is applied to ${numberOfTarget(target)}`;
      return refuse('invalid', message, `${part.path}.amount`);
    }
    const released = releasedItems(application, part);
    if ('refused' in released) return released;
    settle(plan, target, payer, -amountMinor, context);
    moves.push({ target, pieces: released });
    if (amountMinor === presentMinor) {
      plan.delete(kind, application);
      continue;
    }
    plan.update(kind, {
      ...application,
      amountMinor: presentMinor - amountMinor,
      items: joined(
        application.items,
        released.map((item) => ({ ...item, amountMinor: -item.amountMinor })),
      ),
      updatedAt: context.now,
      updatedBy: context.actor,
    });
  }
  moveLines(state, plan, moves, -1);
  return movedBy(parts, -1);
}

/** All at once: one round trip, however many documents there are. */
function demandApplications(state: State, payer: Payer, parts: readonly ResolvedPart[]): void {
  const kind = APPLICATION_KIND[payer.kind];
  demand(
    state,
    parts.map(({ target }) => ({ kind, key: applicationId(payer.id, target.document.id) })),
  );
}

/**
 * Which lines lose how much: those that are named; else what is applied to the document as a whole goes first, then its lines from the
 * last.
 */
function releasedItems(
  application: Application,
  { path, amountMinor, items }: ResolvedPart,
): ApplicationItem[] | Refusal {
  if (items.length === 0) {
    const ofLinesMinor = application.items.reduce((sum, item) => sum + item.amountMinor, 0);
    let leftMinor = amountMinor - (application.amountMinor - ofLinesMinor);
    const released: ApplicationItem[] = [];
    for (const item of application.items.toReversed()) {
      if (leftMinor <= 0) break;
      const takenMinor = Math.min(leftMinor, item.amountMinor);
      released.push({ ...item, amountMinor: takenMinor });
      leftMinor -= takenMinor;
    }
    return released;
  }
  const released: ApplicationItem[] = [];
  for (const { path: at, sourceItem, targetItem, amountMinor: minor } of items) {
    const sourceItemId = sourceItem?.id ?? null;
    const present = application.items.find(
      (item) => item.targetItemId === targetItem.id && item.sourceItemId === sourceItemId,
    );
    if (present === undefined || present.amountMinor < minor) {
      return refuse('invalid', `is more than is applied to item ${targetItem.id}`, `${at ?? path}.amount`);
    }
    released.push({ sourceItemId, targetItemId: targetItem.id, amountMinor: minor });
  }
  return released;
}

function settle(
  plan: PlanBuilder,
  target: Target,
  payer: Payer,
  amountMinor: number,
  { now, actor }: DecideContext,
): void {
  const { document } = target;
  const column = payer.kind === 'payment' ? 'paymentsAppliedMinor' : 'creditMemosAppliedMinor';
  const fields = {
    balanceMinor: document.balanceMinor - amountMinor,
    [column]: document[column] + amountMinor,
    updatedAt: now,
    updatedBy: actor,
  };
  if (target.kind === 'invoice') plan.update('invoice', { ...target.document, ...fields });
  else plan.update('debitMemo', { ...target.document, ...fields });
}

/** What one part applies to, or takes off, the very lines of its document. */
interface LineMove {
  readonly target: Target;
  readonly pieces: readonly ApplicationItem[];
}

function piecesOf(items: readonly ResolvedItem[]): ApplicationItem[] {
  return items.map(({ sourceItem, targetItem, amountMinor }) => ({
    sourceItemId: sourceItem?.id ?? null,
    targetItemId: targetItem.id,
    amountMinor,
  }));
}

/**
 * What is applied to the very lines, of all parts at once: a plan holds whole objects, so a line that several parts name, as lines of a credit
 * memo are, moves once by their sum.
 */
function moveLines(state: State, plan: PlanBuilder, moves: readonly LineMove[], sign: 1 | -1): void {
  demand(
    state,
    moves.flatMap(({ target, pieces }) =>
      pieces.flatMap(({ sourceItemId, targetItemId }): Need[] => [
        { kind: ITEM_KIND[target.kind], key: targetItemId },
        ...(sourceItemId === null ? [] : [{ kind: 'creditMemoItem' as const, key: sourceItemId }]),
      ]),
    ),
  );
  for (const { target, pieces } of moves) {
    const kind = ITEM_KIND[target.kind];
    for (const [id, minor] of sums(pieces, ({ targetItemId }) => targetItemId)) {
      const item = state.find(kind, id);
      if (item !== null)
        plan.update(kind, { ...item, appliedMinor: item.appliedMinor + sign * minor } as never);
    }
  }
  const all = moves.flatMap(({ pieces }) => pieces);
  for (const [id, minor] of sums(all, ({ sourceItemId }) => sourceItemId)) {
    const item = state.find('creditMemoItem', id);
    if (item !== null)
      plan.update('creditMemoItem', { ...item, appliedMinor: item.appliedMinor + sign * minor });
  }
}

function sums(
  pieces: readonly ApplicationItem[],
  idOf: (piece: ApplicationItem) => string | null,
): Map<string, number> {
  const byId = new Map<string, number>();
  for (const piece of pieces) {
    const id = idOf(piece);
    if (id !== null) byId.set(id, (byId.get(id) ?? 0) + piece.amountMinor);
  }
  return byId;
}

/** Items of an application with others added; what has come to nothing is gone. */
function joined(items: readonly ApplicationItem[], added: readonly ApplicationItem[]): ApplicationItem[] {
  const byPair = new Map<string, ApplicationItem>();
  for (const item of [...items, ...added]) {
    const pair = `${item.sourceItemId} ${item.targetItemId}`;
    const before = byPair.get(pair);
    byPair.set(pair, { ...item, amountMinor: item.amountMinor + (before?.amountMinor ?? 0) });
  }
  return [...byPair.values()].filter(({ amountMinor }) => amountMinor !== 0);
}

function newApplication(
  id: string,
  payer: Payer,
  target: Target,
  fields: Pick<Application, 'amountMinor' | 'effectiveDate' | 'items'>,
  { now, actor }: DecideContext,
): Application {
  return {
    id,
    revision: 0,
    sourceId: payer.id,
    targetId: target.document.id,
    targetKind: target.kind,
    accountId: payer.accountId,
    ...fields,
    createdAt: now,
    createdBy: actor,
    updatedAt: now,
    updatedBy: actor,
  };
}

function movedBy(parts: readonly ResolvedPart[], sign: 1 | -1): Moved {
  const sumOf = (kind: Target['kind']) =>
    parts.reduce((sum, { target, amountMinor }) => (target.kind === kind ? sum + amountMinor : sum), 0);
  return { invoicesMinor: sign * sumOf('invoice') + 0, debitMemosMinor: sign * sumOf('debitMemo') + 0 };
}
