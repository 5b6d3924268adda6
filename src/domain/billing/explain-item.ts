import { fromMinor } from '../money.ts';
import type { DocumentLine, LineSource } from './document-line.ts';

/** How the amount of a line came to be, in a sentence that a person can check. */
export function explainItem(
  line: Pick<DocumentLine, 'amountMinor' | 'quantity' | 'unitPrice' | 'processingType'> &
    Partial<Pick<LineSource, 'calculation'>>,
  currency: string,
): string {
  const amount = `${fromMinor(line.amountMinor, currency)} ${currency}`;
  if (line.processingType === 'Discount') return `${amount}, taken off as given`;
  if (line.quantity === '1') return `${amount}, as given`;
  return `${line.quantity} × ${line.unitPrice} = ${amount}`;
}
