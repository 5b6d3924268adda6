import { currencyDigits } from '../currencies.ts';
import { fromMinor, isNegative } from '../money.ts';
import type { DocumentLine, LineSource } from './document-line.ts';
import { explain } from './explain-line.ts';

/** A line as far as it says where its amount comes from. */
type ExplainedLine = Pick<DocumentLine, 'amountMinor' | 'quantity' | 'unitPrice' | 'processingType'> &
  Pick<LineSource, 'calculation'>;

/** How the amount of any line came to be, in a sentence that a person can check: as it was billed, or as it was given. */
export function explainItem(line: ExplainedLine, currency: string): string {
  if (line.calculation !== null) return explain(line.calculation, currency);
  const amount = amountInWords(line.amountMinor, currency);
  if (line.processingType === 'Discount') return `${amount}, taken off as given`;
  return line.quantity === '1' ? `${amount}, as given` : `${line.quantity} × ${line.unitPrice} = ${amount}`;
}

/** With all digits of the currency: 1.50 USD. */
function amountInWords(minor: number, currency: string): string {
  const digits = currencyDigits(currency) ?? 0;
  const amount = fromMinor(Math.abs(minor), currency);
  const [whole, places = ''] = amount.split('.');
  const shown = digits === 0 ? whole : `${whole}.${places.padEnd(digits, '0')}`;
  return `${isNegative(fromMinor(minor, currency)) ? '-' : ''}${shown} ${currency}`;
}
