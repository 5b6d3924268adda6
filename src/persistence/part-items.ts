import type { Application, TargetKind } from '../domain/settlement/application.ts';
import { type ItemPart, itemPartsOf } from '../domain/settlement/item-parts.ts';
import { itemsOfPart, type PartItem, type SettledLine } from '../domain/settlement/part-items.ts';
import type { Refund } from '../domain/settlement/refund.ts';
import type { RowRange } from './row-range.ts';

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

/** Some of a part's items in the order of the lines, or the one on a line. */
export type WhichItems = RowRange | { readonly lineId: string };

interface PartOfLines {
  readonly amountMinor: number;
  readonly explicitByLine: ReadonlyMap<string, number>;
  /** SQL of what is meant for a line `i` that is `named` for so much, and of what others before take of the document (?1) as a whole; ?4: the part's own source or id. */
  readonly meant: string;
  readonly wholeBefore: string;
  readonly ownId: string;
}

/** What `itemsOfPart` computes, in the database: the lines are added up there, and no more of them are read than are asked for. */
async function readItems(
  db: D1Database,
  kind: TargetKind | 'creditMemo',
  documentId: string,
  part: PartOfLines,
  which: WhichItems,
): Promise<PartItem[]> {
  const [table, key] = LINES[kind];
  const wholeMinor = [...part.explicitByLine.values()].reduce(
    (left, minor) => left - minor,
    part.amountMinor,
  );
  const [narrowed, ...values] =
    'lineId' in which
      ? ['AND lineId = ?5', which.lineId]
      : ['ORDER BY line LIMIT ?5 OFFSET ?6', which.rowsMax, which.offset];
  const { results } = await db
    .prepare(
      'WITH named AS MATERIALIZED (SELECT key AS line_id, value AS minor FROM json_each(?2)), ' +
        `lines AS (SELECT i.id, i.line, coalesce(n.minor, 0) AS named, max(i.amount_minor + i.tax_minor - (${part.meant}), 0) AS room ` +
        `FROM ${table} AS i LEFT JOIN named AS n ON n.line_id = i.id WHERE i.${key} = ?1), ` +
        'laid AS (SELECT id, line, named, room, ' +
        'coalesce(sum(room) OVER (ORDER BY line ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS room_before, ' +
        `${part.wholeBefore} AS whole_before FROM lines), ` +
        'items AS (SELECT id AS lineId, line, named + min(room, max(whole_before + ?3 - room_before, 0)) ' +
        '- min(room, max(whole_before - room_before, 0)) AS amountMinor FROM laid) ' +
        `SELECT lineId, amountMinor FROM items WHERE amountMinor <> 0 ${narrowed}`,
    )
    .bind(
      documentId,
      JSON.stringify(Object.fromEntries(part.explicitByLine)),
      wholeMinor,
      part.ownId,
      ...values,
    )
    .all<PartItem & Record<string, unknown>>();
  return results;
}

/**
 * How an application of a payment falls on the lines of its document: on the whole, payments come before credit memos, and older payments
 * before newer ones.
 */
export function readItemsOfApplication(
  db: D1Database,
  { sourceId, targetId, targetKind, amountMinor, items }: Application,
  which: WhichItems,
): Promise<PartItem[]> {
  const explicitByLine = new Map(items.map((item) => [item.targetItemId, item.amountMinor]));
  const wholeBefore = `coalesce((SELECT sum(${WHOLE}) FROM payment_application WHERE invoice_id = ?1 AND payment_id < ?4), 0)`;
  const part = { amountMinor, explicitByLine, meant: LINES[targetKind][2], wholeBefore, ownId: sourceId };
  return readItems(db, targetKind, targetId, part, which);
}

/**
 * How a refund of a credit memo falls on the memo's lines: on the whole, what is applied comes before what is refunded, and older refunds
 * before newer ones. A refund that was canceled falls on them as if it were the only one.
 */
export function readItemsOfMemoRefund(
  db: D1Database,
  { id, sourceId, amountMinor, items, status }: Refund,
  which: WhichItems,
): Promise<PartItem[]> {
  const explicitByLine = new Map(items.map((item) => [item.creditMemoItemId, item.amountMinor]));
  const wholeBefore =
    '((SELECT applied_minor FROM credit_memo WHERE id = ?1) - ' +
    'coalesce((SELECT sum(applied_minor) FROM credit_memo_item WHERE credit_memo_id = ?1), 0) + ' +
    `coalesce((SELECT sum(${WHOLE}) FROM refund WHERE source_id = ?1 AND id < ?4 AND status = 'Processed'), 0))`;
  const [meant, before] =
    status === 'Processed' ? [LINES.creditMemo[2], wholeBefore] : ['coalesce(n.minor, 0)', '0'];
  const part = { amountMinor, explicitByLine, meant, wholeBefore: before, ownId: id };
  return readItems(db, 'creditMemo', sourceId, part, which);
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
