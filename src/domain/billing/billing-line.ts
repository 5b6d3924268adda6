import type { JsonObject } from '../result.ts';
import type { DocumentLine, LineSource } from './document-line.ts';

/** A line to be written: positive is owed, negative given back, in the subscription's currency. Its number in the document is the caller's. */
export interface NewBillingLine extends Omit<DocumentLine, 'line'>, LineSource {
  readonly id: string;
  /** What items show under wire names: chargeType, productName, ratePlanName, sku, unitOfMeasure, chargeDescription. */
  readonly details: JsonObject;
}
