import { beforeEach, describe, expect, test } from 'vitest';
import type { Account } from '../../../../src/domain/accounts/account.ts';
import { cancelling, changing, repricing, suspending, transferring } from '../../../support/order-actions.ts';
import { testContact } from '../../../support/order-objects.ts';
import { OrderWorld, PER_UNIT, type Subscribed } from '../../../support/order-world.ts';

/** OwnerTransfer: contracted MRR moves from owner to owner at once, and nothing else does (semantics F.1 row 13). */

let world: OrderWorld;
let sub: Subscribed;
let owner: Account;
let payer: Account;
beforeEach(() => {
  world = new OrderWorld();
  owner = world.openAccount();
  payer = world.openAccount();
  sub = world.subscribe([{ ...PER_UNIT, price: '7.5', defaultQuantity: '3' }]);
});

const booked = () => [world.account, owner, payer].map(({ id }) => world.booked(id));

test('to another subscription owner: −22.5 and +22.5', () => {
  const placed = world.change(sub.number, [transferring({ subscriptionOwner: owner.accountNumber })]);
  expect(placed).toMatchObject({
    subscription: {
      version: 2,
      accountId: owner.id,
      invoiceOwnerAccountId: world.account.id,
      contractedMrr: '22.5',
    },
    ownerNumber: owner.accountNumber,
    invoiceOwnerNumber: world.account.accountNumber,
    charges: [],
    deltas: [],
    deltaMrr: '0',
    deltaTcv: '0',
  });
  expect(booked()).toEqual([0, 22.5, 0]);
  expect(world.state.deltas.slice(1)).toMatchObject([
    { accountId: world.account.id, contractedMrrWhole: -22, contractedMrrNano: -500_000_000 },
    { accountId: owner.id, contractedMrrWhole: 22, contractedMrrNano: 500_000_000 },
  ]);
  expect(world.state.all('orderSubscription').at(-1)).toMatchObject({ subscriptionOwnerAccountId: owner.id });
});

test('to another invoice owner alone: no metric moves', () => {
  const placed = world.change(sub.number, [transferring({ invoiceOwner: payer.accountNumber })]);
  expect(placed).toMatchObject({
    subscription: { accountId: world.account.id, invoiceOwnerAccountId: payer.id },
    invoiceOwnerNumber: payer.accountNumber,
  });
  expect(booked()).toEqual([22.5, 0, 0]);
});

test('both, and the order of the old invoice owner is refused from then on', () => {
  world.change(sub.number, [
    transferring({ subscriptionOwner: owner.id, invoiceOwner: payer.accountNumber }),
  ]);
  expect(booked()).toEqual([0, 22.5, 0]);
  world.refuses([changing(sub.number, [cancelling('2026-05-01')])], {
    field: 'subscriptions[0].subscriptionNumber',
    message: `is not invoiced to the order's account ${world.account.accountNumber}`,
    category: 'rule',
  });
  const account = { key: payer.accountNumber, field: 'existingAccountNumber' };
  expect(world.order([changing(sub.number, [cancelling('2026-05-01')])], { account })).toMatchObject({
    status: 'Completed',
  });
  expect(booked()).toEqual([0, 0, 0]);
});

test('with a new price in the same order: the old owner loses the old MRR, the new one gets the new', () => {
  world.change(sub.number, [
    repricing(sub.plans[0]!, sub.charges[0]!, '2026-05-01', { quantity: '4' }),
    transferring({ subscriptionOwner: owner.accountNumber }),
  ]);
  expect(booked()).toEqual([0, 30, 0]);
});

test('there and back in one order: nothing moves', () => {
  world.change(sub.number, [
    transferring({ subscriptionOwner: owner.accountNumber }),
    transferring({ subscriptionOwner: world.account.accountNumber }),
  ]);
  expect(booked()).toEqual([22.5, 0, 0]);
  expect(world.state.deltas).toHaveLength(1);
});

test('a suspended subscription carries its MRR; with a cancellation nobody gets it', () => {
  world.change(sub.number, [suspending('2026-05-01')]);
  world.change(sub.number, [transferring({ subscriptionOwner: owner.accountNumber })]);
  expect(booked()).toEqual([0, 22.5, 0]);
  world.change(sub.number, [
    transferring({ subscriptionOwner: payer.accountNumber }),
    cancelling('2026-05-01'),
  ]);
  expect(booked()).toEqual([0, 0, 0]);
});

test('contacts of the new owner, and what is cleared', () => {
  const contact = testContact(owner.id);
  world.state.put('contact', contact);
  const { subscription } = world.change(sub.number, [
    transferring(
      { subscriptionOwner: owner.accountNumber },
      { soldToContactId: contact.id, billToContactId: null, details: { paymentTerm: 'Net 15' } },
    ),
  ]);
  expect(subscription.details).toEqual({ soldToContactId: contact.id, paymentTerm: 'Net 15' });
});

describe('what is refused', () => {
  test.each(['subscriptionOwner', 'invoiceOwner'] as const)('an unknown and a canceled %s', (which) => {
    const field =
      which === 'subscriptionOwner' ? 'destinationAccountNumber' : 'destinationInvoiceAccountNumber';
    world.refuses([changing(sub.number, [transferring({ [which]: 'none' })])], {
      field,
      message: 'there is no account none',
    });
    const canceled = world.openAccount({ status: 'Canceled' });
    world.refuses([changing(sub.number, [transferring({ [which]: canceled.accountNumber })])], {
      field,
      message: `account ${canceled.accountNumber} is canceled`,
    });
  });

  test('a contact of the old owner', () => {
    const stranger = testContact(world.openAccount().id);
    world.state.put('contact', stranger);
    const invoicing = { billToContactId: stranger.id, details: {} };
    world.refuses(
      [changing(sub.number, [transferring({ subscriptionOwner: owner.accountNumber }, invoicing)])],
      {
        field: 'subscriptions[0].orderActions[0].ownerTransfer.billToContactId',
        message: 'belongs to another account',
      },
    );
  });
});
