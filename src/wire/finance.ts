import { z } from 'zod';
import type { JsonObject } from '../domain/result.ts';
import { wireText } from './values.ts';
import { oneOf } from './words.ts';

/** Accounting codes that a payment or refund is given: kept as they are, nothing is booked by them. */
export const wireFinance = z
  .object(
    {
      bankAccountAccountingCode: wireText(100).nullish(),
      transferredToAccounting: oneOf(['Processing', 'true', 'false', 'Error', 'Ignore']).nullish(),
      unappliedPaymentAccountingCode: wireText(100).nullish(),
    },
    { error: 'must be an object' },
  )
  .nullish();

/** `financeInformation` of a reply. */
export function toWireFinance({ financeInformation }: JsonObject): object {
  const given = (financeInformation ?? {}) as JsonObject;
  return {
    bankAccountAccountingCode: given.bankAccountAccountingCode ?? null,
    bankAccountAccountingCodeType: null,
    unappliedPaymentAccountingCode: given.unappliedPaymentAccountingCode ?? null,
    unappliedPaymentAccountingCodeType: null,
    transferredToAccounting: given.transferredToAccounting ?? 'false',
  };
}
