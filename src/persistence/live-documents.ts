/** Of a document: neither cancelled nor taken back. What it bills is billed (decision 008). */
export function live(alias: string): string {
  return `${alias}.status <> 'Canceled' AND ${alias}.is_reversed = 0`;
}

export const LIVE = live('v');

/** The tables of lines that were billed from charges, with their documents. */
export const BILLED_TABLES = [
  ['invoice_item', 'invoice', 'invoice_id'],
  ['credit_memo_item', 'credit_memo', 'credit_memo_id'],
] as const;
