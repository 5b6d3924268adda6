import { groupedBy, type Row } from './order-tables.ts';
import type { SettlementTables } from './settlement-auditor.ts';

/**
 * I6 for money: a service day of a charge is billed at most once. Counted day by day over the lines of live documents: what a charge line
 * bills, less what credit lines of it give back.
 */

const DAY_MS = 86_400_000;

interface Line {
  readonly id: string;
  readonly charge: string;
  readonly subscription: string;
  readonly amount: bigint;
  readonly from: number;
  /** Inclusive. */
  readonly to: number;
  readonly appliedTo: string | null;
  readonly usage: { readonly throughSequence: number } | undefined;
}

const day = (date: string | number | null | undefined) => Date.parse(`${date}T00:00:00.000Z`) / DAY_MS;

/** Lines of charges that count: of documents that are neither cancelled nor reversed, amounts as charges. */
function liveLines(tables: SettlementTables): Line[] {
  const live = new Set(
    [...tables.invoices, ...tables.creditMemos]
      .filter(({ status, is_reversed }) => status !== 'Canceled' && is_reversed === 0)
      .map(({ id }) => id),
  );
  const of = (rows: readonly Row[], key: string, sign: bigint) =>
    rows
      .filter(
        (row) => row.charge_number !== null && row.processing_type === 'Charge' && live.has(row[key] ?? null),
      )
      .map((row) => ({
        id: String(row.id),
        charge: String(row.charge_number),
        subscription: String(row.subscription_number),
        amount: sign * BigInt(row.amount_minor!),
        from: day(row.service_start_date),
        to: day(row.service_end_date),
        appliedTo: row.applied_to_item_id === null ? null : String(row.applied_to_item_id),
        usage: (JSON.parse(String(row.calculation)) as { usage?: { throughSequence: number } } | null)?.usage,
      }));
  return [...of(tables.invoiceItems, 'invoice_id', 1n), ...of(tables.creditMemoItems, 'credit_memo_id', -1n)];
}

export function auditBilling(tables: SettlementTables, subscriptions: readonly Row[]): string[] {
  const lines = liveLines(tables);
  const known = groupedBy(subscriptions, 'subscription_number');
  const orphans = lines
    .filter(({ subscription }) => !known.has(subscription))
    .map(({ id, subscription }) => `I6: line ${id} bills subscription ${subscription}, which is gone`);
  const byCharge = new Map<string, Line[]>();
  for (const line of lines) byCharge.set(line.charge, [...(byCharge.get(line.charge) ?? []), line]);
  const perCharge = [...byCharge].flatMap(([charge, own]) => [
    ...daysBilledTwice(charge, own),
    ...creditedTooMuch(own),
  ]);
  return [...orphans, ...perCharge];
}

/**
 * A line bills its days once; one that gives it back takes them off, one that takes a credit back again adds them. A credit whose line's
 * document was cancelled since takes days off that nobody bills, until the next bill takes it back: only there a count may be below zero.
 */
function daysBilledTwice(charge: string, lines: readonly Line[]): string[] {
  const byId = new Map(lines.map((line) => [line.id, line]));
  const times = new Map<number, number>();
  const pending = new Set<number>();
  const usage = new Set<string>();
  const problems: string[] = [];
  for (const line of lines) {
    const { from, to, appliedTo, usage: counted } = line;
    if (counted !== undefined) {
      // Late usage of a period is a line of its own, which begins where the one before ended.
      const key = `${from} ${counted.throughSequence}`;
      if (appliedTo === null && usage.has(key))
        problems.push(`I6: charge ${charge} bills usage twice from day ${from}`);
      usage.add(key);
      continue;
    }
    let sign = 1;
    let at: Line | undefined = line;
    while (at !== undefined && at.appliedTo !== null) {
      sign = -sign;
      const next: Line | undefined = byId.get(at.appliedTo);
      if (next === undefined) for (let d = from; d <= to; d++) pending.add(d);
      at = next;
    }
    for (let d = from; d <= to; d++) times.set(d, (times.get(d) ?? 0) + sign);
  }
  const wrong = [...times].find(([d, count]) => count > 1 || (count < 0 && !pending.has(d)));
  if (wrong !== undefined) {
    const date = new Date(wrong[0] * DAY_MS).toISOString().slice(0, 10);
    problems.push(`I6: charge ${charge} is billed ${wrong[1]} times for ${date}`);
  }
  return problems;
}

/** What is given back of a line is at most what it billed. */
function creditedTooMuch(lines: readonly Line[]): string[] {
  const byId = new Map(lines.map((line) => [line.id, line]));
  const given = new Map<string, bigint>();
  for (const { appliedTo, amount } of lines) {
    if (appliedTo !== null) given.set(appliedTo, (given.get(appliedTo) ?? 0n) - amount);
  }
  return [...given].flatMap(([id, credited]) => {
    const billed = byId.get(id)?.amount;
    // The line's document was cancelled since: the next bill takes the credit back.
    if (billed === undefined) return [];
    return credited > billed ? [`I5: of line ${id} over ${billed} ${credited} is given back`] : [];
  });
}
