import type { Audit, Stored } from '../entities.ts';
import type { JsonObject } from '../result.ts';
import type { GatewayState } from './payment.ts';

/** Money that went back, from one payment or one credit memo. Only a Processed one has taken effect. */
export interface Refund extends Stored, Audit {
  readonly refundNumber: string;
  readonly accountId: string;
  readonly type: 'External' | 'Electronic';
  readonly status: 'Processing' | 'Processed' | 'Error' | 'Canceled';
  readonly currency: string;
  readonly amountMinor: number;
  readonly sourceKind: 'payment' | 'creditMemo';
  readonly sourceId: string;
  readonly refundDate: string;
  readonly methodType: string | null;
  readonly paymentMethodId: string | null;
  readonly reasonCode: string | null;
  readonly comment: string | null;
  readonly referenceId: string | null;
  readonly gatewayState: GatewayState;
  /** Of a refund of a credit memo: how much of which line. */
  readonly items: ReadonlyArray<{ readonly creditMemoItemId: string; readonly amountMinor: number }>;
  readonly cancelledAt: string | null;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}
