import type { Audit, Stored } from '../entities.ts';
import type { JsonObject } from '../result.ts';

/** How an account pays. Holds no number of a card or bank account: only the gateway's token for it, and its last four digits. */
export interface PaymentMethod extends Stored, Audit {
  readonly accountId: string;
  readonly type: 'CreditCard' | 'ACH' | 'Check' | 'Cash' | 'WireTransfer' | 'Other';
  readonly status: 'Active' | 'Closed';
  readonly token: string;
  readonly lastFour: string | null;
  readonly brand: string | null;
  readonly expirationMonth: number | null;
  readonly expirationYear: number | null;
  readonly holderName: string | null;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}
