import type { Invoice } from '../billing/invoice.ts';
import { type Refusal, refuse } from '../result.ts';

/** An invoice that a memo shall settle. */
export interface InvoiceToSettle {
  readonly invoiceId: string;
  /** Its account, as whoever found the invoice knows: loaded with it. Nothing rests on it. */
  readonly accountId: string;
}

export interface SettledInvoice {
  readonly creditMemoId: string;
  /** The job that mirrors the lines of a large invoice; null when all is done. */
  readonly jobId: string | null;
}

export function reversedOrNotPosted(invoice: Invoice, what: string): Refusal | null {
  const name = `invoice ${invoice.invoiceNumber}`;
  if (invoice.status !== 'Posted') {
    return refuse('rule', `${name} is ${invoice.status}; only a Posted one can be ${what}`);
  }
  return invoice.isReversed ? refuse('rule', `${name} is reversed`) : null;
}
