import { z } from 'zod';
import { orderLimits } from '../../domain/orders/limits.ts';
import { oneOf, wholeNumber } from '../words.ts';

/** Kept as they came: bounded, so that an order stays a row. */
const RENEWAL_TERMS_MAX = 100;

export const wirePeriod = wholeNumber(0, orderLimits.termPeriodsMax);
export const wirePeriodType = oneOf(['Month', 'Year', 'Day', 'Week']);
export const wireTermType = oneOf(['TERMED', 'EVERGREEN']);
export const wireRenewalSetting = oneOf(['RENEW_WITH_SPECIFIC_TERM', 'RENEW_TO_EVERGREEN']);

export const wireRenewalTerms = z
  .array(z.object({ period: wirePeriod.nullish(), periodType: wirePeriodType.nullish() }), {
    error: 'must be a list',
  })
  .max(RENEWAL_TERMS_MAX, `must have at most ${RENEWAL_TERMS_MAX} terms`)
  .nullish();
