import { fromMinor } from '../domain/money.ts';
import { toWireDecimal, wirePaging } from './values.ts';
import { oneOf } from './words.ts';

const ACCOUNT_STATUSES = ['Pending', 'Processing', 'Completed', 'Posted', 'Canceled', 'Error'] as const;

/** GET /v1/spillway/bill-runs/{id}/accounts. */
export const wireRunResults = wirePaging.extend({ status: oneOf(ACCOUNT_STATUSES).optional() });

/** GET /v1/spillway/bill-runs/{id}/documents: of one kind; `totals` reads all of them. */
export const wireRunDocuments = wirePaging.extend({
  kind: oneOf(['invoice', 'creditMemo']).optional(),
  totals: oneOf(['true', 'false']).optional(),
});

interface RunDocumentRow {
  readonly currency: string;
  readonly amountMinor: number;
}

export function toWireRunDocument<Row extends RunDocumentRow>({ amountMinor, ...row }: Row): object {
  return { ...row, amount: toWireDecimal(fromMinor(amountMinor, row.currency)) };
}
