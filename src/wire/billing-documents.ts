import { z } from 'zod';
import type { GenerateDocuments } from '../domain/billing/generate-documents.ts';
import type { WrittenDocuments } from '../domain/billing/write-documents.ts';
import { CHARGE_TYPES } from '../domain/charge-models/vocabulary.ts';
import type { JsonObject } from '../domain/result.ts';
import type { WireReply } from './errors.ts';
import { wireBoolean, wireDate, wireDocumentDate, wireKey, wireText } from './values.ts';
import { oneOf } from './words.ts';

/** Subscriptions that one request names. */
export const NAMED_SUBSCRIPTIONS_MAX = 1_000;

/** POST /v1/accounts/{key}/billing-documents/generate. Order line items are invoiced by their orders, so there are none to include. */
export const generateBody = z.object({
  autoPost: wireBoolean.nullish(),
  autoRenew: wireBoolean.nullish(),
  chargeTypeToExclude: z
    .array(oneOf(CHARGE_TYPES), { error: 'must be a list of charge types' })
    .max(CHARGE_TYPES.length, 'names a charge type twice')
    .nullish(),
  creditMemoReasonCode: wireText(255).nullish(),
  effectiveDate: wireDocumentDate.nullish(),
  subscriptionIds: z
    .array(wireKey, { error: 'must be a list of subscription ids' })
    .max(NAMED_SUBSCRIPTIONS_MAX, `must have at most ${NAMED_SUBSCRIPTIONS_MAX} subscriptions`)
    .nullish(),
  targetDate: wireDate.nullish(),
  includeSubscriptions: wireBoolean.nullish(),
  includeOrderLineItems: wireBoolean.nullish(),
});
export type WireGenerate = z.output<typeof generateBody>;

/** What is asked for, apart from which subscriptions: dates that are not given are today. */
export function fromWireGenerate(
  body: WireGenerate,
  accountId: string,
  today: string,
): Omit<GenerateDocuments, 'subscriptionNumbers'> {
  return {
    accountId,
    targetDate: body.targetDate ?? today,
    documentDate: body.effectiveDate ?? today,
    chargeTypesToExclude: body.chargeTypeToExclude ?? [],
    posts: body.autoPost ?? false,
    creditMemoReasonCode: body.creditMemoReasonCode ?? null,
  };
}

export function toWireGenerated({ invoices, creditMemos }: WrittenDocuments): JsonObject {
  return {
    invoices: invoices.map(({ invoice }) => ({ id: invoice.id })),
    creditMemos: creditMemos.map(({ creditMemo }) => ({ id: creditMemo.id })),
    success: true,
  };
}

/** Ids of the documents that were generated, as the reply shows them. */
export interface GeneratedIds {
  readonly invoices: Array<{ readonly id: string }>;
  readonly creditMemos: Array<{ readonly id: string }>;
}

/** The same request is on its way, or its key belongs to another one: says nothing about what was asked for. */
const ABOUT_THE_KEY = new Set([409, 422]);

/** A refusal that came after documents had been generated: it names them, since they stay (I12). */
export function toWireStoppedBilling<Outcome extends WireReply>(
  refused: Outcome,
  { invoices, creditMemos }: GeneratedIds,
): Outcome {
  if (invoices.length + creditMemos.length === 0 || ABOUT_THE_KEY.has(refused.status)) return refused;
  const { reasons, ...rest } = JSON.parse(refused.body) as {
    readonly reasons: ReadonlyArray<{ readonly message: string }>;
  };
  const done = `${invoices.length} invoices and ${creditMemos.length} credit memos were generated and stay, as this reply names them; then`;
  const said = reasons.map((reason) => ({ ...reason, message: `${done}: ${reason.message}` }));
  return { ...refused, body: JSON.stringify({ ...rest, reasons: said, invoices, creditMemos }) };
}
