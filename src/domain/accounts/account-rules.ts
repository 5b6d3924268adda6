import { isId } from '../account/state.ts';
import { type Refusal, refuse } from '../result.ts';

export const ACCOUNT_NUMBER_LENGTH_MAX = 50;
/** 0 leaves the day to the first charge. */
export const BILL_CYCLE_DAY_MAX = 31;
export const BATCH_DEFAULT = 'Batch1';

const BATCH = /^Batch([1-9]|[1-4]\d|50)$/;
/** Numbers stand in paths and queries. */
const UNFIT_FOR_PATHS = /[#?/\\\p{Cc}]/u;

/** Batch1 to Batch50: groups of accounts for bill runs. */
export function isBatch(name: string): boolean {
  return BATCH.test(name);
}

/** What is wrong with an account number that the caller chose; null when nothing is. */
export function refuseAccountNumber(accountNumber: string): Refusal | null {
  const no = (message: string) => refuse('invalid', message, 'accountNumber');
  if (accountNumber.trim() !== accountNumber || accountNumber === '') {
    return no('must not be empty, nor begin or end with a space');
  }
  if (accountNumber.length > ACCOUNT_NUMBER_LENGTH_MAX) {
    return no(`must have at most ${ACCOUNT_NUMBER_LENGTH_MAX} characters`);
  }
  if (UNFIT_FOR_PATHS.test(accountNumber)) return no('must not contain #, ?, / or \\ or control characters');
  if (accountNumber === '.' || accountNumber === '..') return no('must not be a path segment of dots');
  if (isId(accountNumber)) return no('must not look like an id (32 lower-case hex digits)');
  return null;
}
