import type { Application, TargetKind } from '../domain/settlement/application.ts';
import { type ItemPart, itemPartsOf } from '../domain/settlement/item-parts.ts';
import { itemsOfPart, type PartItem, type SettledLine } from '../domain/settlement/part-items.ts';
import type { Refund } from '../domain/settlement/refund.ts';

/** Table, key of the document, and what is meant for a line. */
const LINES = {
  invoice: ['invoice_item', 'invoice_id', 'applied_minor'],
  debitMemo: ['debit_memo_item', 'debit_memo_id', 'applied_minor'],
  creditMemo: ['credit_memo_item', 'credit_memo_id', 'applied_minor + refunded_minor'],
} as const;

function linesStatement(db: D1Database, kind: TargetKind | 'creditMemo', documentId: string) {
  const [table, key, meant] = LINES[kind];
  return db
    .prepare(
      `SELECT id, amount_minor AS amountMinor, tax_minor AS taxMinor, ${meant} AS meantMinor FROM ${table} ` +
        `WHERE ${key} = ?1 ORDER BY line`,
    )
    .bind(documentId);
}

/** What a row takes of its document as a whole: its amount without what its items name. */
const WHOLE = "amount_minor - coalesce((SELECT sum(j.value->>'amountMinor') FROM json_each(items) AS j), 0)";

/**
 * How an application of a payment falls on the lines of its document: on the whole, payments come before credit memos, and older payments
 * before newer ones. Reads the lines of the document, and the applications of older payments to it.
 */
export async function readItemsOfApplication(
  db: D1Database,
  { sourceId, targetId, targetKind, amountMinor, items }: Application,
): Promise<PartItem[]> {
  const [lines, before] = await db.batch<Record<string, unknown>>([
    linesStatement(db, targetKind, targetId),
    db
      .prepare(
        `SELECT sum(${WHOLE}) AS whole FROM payment_application WHERE invoice_id = ?1 AND payment_id < ?2`,
      )
      .bind(targetId, sourceId),
  ]);
  return itemsOfPart(lines!.results as unknown as SettledLine[], {
    amountMinor,
    explicitByLine: new Map(items.map((item) => [item.targetItemId, item.amountMinor])),
    wholeBeforeMinor: (before!.results[0]?.whole as number | null) ?? 0,
  });
}

/**
 * How a refund of a credit memo falls on the memo's lines: on the whole, what is applied comes before what is refunded, and older refunds
 * before newer ones. A refund that was canceled falls on them as if it were the only one.
 */
export async function readItemsOfMemoRefund(db: D1Database, refund: Refund): Promise<PartItem[]> {
  const { id, sourceId, amountMinor, items, status } = refund;
  const explicitByLine = new Map(items.map((item) => [item.creditMemoItemId, item.amountMinor]));
  const [lines, before] = await db.batch<Record<string, unknown>>([
    linesStatement(db, 'creditMemo', sourceId),
    db
      .prepare(
        'SELECT (SELECT applied_minor FROM credit_memo WHERE id = ?1) - ' +
          'coalesce((SELECT sum(applied_minor) FROM credit_memo_item WHERE credit_memo_id = ?1), 0) + ' +
          `coalesce((SELECT sum(${WHOLE}) FROM refund WHERE source_id = ?1 AND id < ?2 AND status = 'Processed'), 0) AS whole`,
      )
      .bind(sourceId, id),
  ]);
  const found = lines!.results as unknown as SettledLine[];
  if (status === 'Processed') {
    const wholeBeforeMinor = (before!.results[0]?.whole as number | null) ?? 0;
    return itemsOfPart(found, { amountMinor, explicitByLine, wholeBeforeMinor });
  }
  const alone = found.map((line) => ({ ...line, meantMinor: explicitByLine.get(line.id) ?? 0 }));
  return itemsOfPart(alone, { amountMinor, explicitByLine, wholeBeforeMinor: 0 });
}

/** What an application of a credit memo takes of the memo as a whole: its amount without what its items name of the memo's lines. */
const WHOLE_OF_MEMO =
  "amount_minor - coalesce((SELECT sum(j.value->>'amountMinor') FROM json_each(items) AS j WHERE j.value->>'sourceItemId' IS NOT NULL), 0)";

/**
 * How an application of a credit memo falls on pairs of lines. On the document's whole, payments come before credit memos, and older memos before newer
 * ones; on the memo's, older documents before newer ones. Reads the lines of both, and the other applications of both.
 */
export async function readItemPartsOfMemo(db: D1Database, application: Application): Promise<ItemPart[]> {
  const { sourceId, targetId, targetKind, amountMinor, items } = application;
  const [sourceLines, targetLines, before] = await db.batch<Record<string, unknown>>([
    linesStatement(db, 'creditMemo', sourceId),
    linesStatement(db, targetKind, targetId),
    db
      .prepare(
        `SELECT (SELECT sum(${WHOLE_OF_MEMO}) FROM credit_memo_application WHERE credit_memo_id = ?1 AND document_id < ?2) AS source, ` +
          `coalesce((SELECT sum(${WHOLE}) FROM payment_application WHERE invoice_id = ?2), 0) + ` +
          `coalesce((SELECT sum(${WHOLE}) FROM credit_memo_application WHERE document_id = ?2 AND credit_memo_id < ?1), 0) AS target`,
      )
      .bind(sourceId, targetId),
  ]);
  const whole = {
    amountMinor: amountMinor - items.reduce((sum, item) => sum + item.amountMinor, 0),
    explicitByLine: new Map<string, number>(),
  };
  const wholeBefore = before!.results[0] as Record<'source' | 'target', number | null> | undefined;
  return itemPartsOf(
    application,
    itemsOfPart(sourceLines!.results as unknown as SettledLine[], {
      ...whole,
      wholeBeforeMinor: wholeBefore?.source ?? 0,
    }),
    itemsOfPart(targetLines!.results as unknown as SettledLine[], {
      ...whole,
      wholeBeforeMinor: wholeBefore?.target ?? 0,
    }),
  );
}
