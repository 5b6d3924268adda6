import { orderLimits } from '../domain/orders/limits.ts';
import { wireText } from './values.ts';

const UNFIT_FOR_PATHS = /[#?/\\\p{Cc}]/u;

/** A number that the caller chooses: it stands in paths and queries. */
const ownNumber = (lengthMax: number) =>
  wireText(lengthMax)
    .min(1, 'must not be empty')
    .refine((number) => !UNFIT_FOR_PATHS.test(number), 'must not contain # ? / \\ or control characters')
    .refine((number) => number.trim() === number, 'must not begin or end with a space')
    .refine((number) => number !== '.' && number !== '..', 'must not be a path segment of dots');

export const wireOrderNumber = ownNumber(orderLimits.orderNumberLengthMax);
export const wireSubscriptionNumber = ownNumber(orderLimits.subscriptionNumberLengthMax);
