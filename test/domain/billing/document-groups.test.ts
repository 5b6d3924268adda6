import { expect, test } from 'vitest';
import type { Account } from '../../../src/domain/accounts/account.ts';
import { groupOf } from '../../../src/domain/billing/document-group.ts';
import { OrderWorld } from '../../support/order-world.ts';

// On which terms the lines of a subscription are invoiced.

const world = new OrderWorld();
const { number } = world.subscribe([{ price: '10' }]);
const subscription = world.subscription(number);
const account = { id: 'a'.repeat(32), paymentTerm: 'Net 30' } as Account;

test.each([
  ['Net 60', 'Net 60'],
  ['Proximo 15', 'Proximo 15'],
  // Kept by releases before, which took any text.
  ['Whenever', null],
  ['Net 1000', null],
  ['', null],
  [null, null],
])(
  'a subscription with the payment term %j is invoiced on the term %j, null being the account’s',
  (given, term) => {
    const of = { ...subscription, details: { paymentTerm: given } };
    expect(groupOf(of, account).paymentTerm).toBe(term);
  },
);

test('subscriptions whose terms name none are in the group of those without a term', () => {
  const keyWith = (details: typeof subscription.details) =>
    groupOf({ ...subscription, details }, account).key;
  expect(keyWith({ paymentTerm: 'Whenever' })).toBe(keyWith({}));
  expect(keyWith({ paymentTerm: 'Net 60' })).not.toBe(keyWith({}));
});
