import { describe, expect, test } from 'vitest';
import { createAccount } from '../../../src/domain/accounts/create-account.ts';
import { deleteAccount } from '../../../src/domain/accounts/delete-account.ts';
import type { NewAccount } from '../../../src/domain/accounts/new-account.ts';
import { type UpdateAccount, updateAccount } from '../../../src/domain/accounts/update-account.ts';
import { AccountsInMemory, accountDraft, contactDraft } from '../../support/accounts-in-memory.ts';

// What creating, changing and deleting an account decides, and every reason for which it is refused.

const nothingElse = { details: {}, customFields: {} };

function world() {
  const state = new AccountsInMemory();
  return {
    state,
    open: (fields: Partial<NewAccount> = {}) => state.done(createAccount, accountDraft(fields)),
    change: (accountId: string, fields: Partial<UpdateAccount>) =>
      state.run(updateAccount, { accountId, ...nothingElse, ...fields }),
  };
}

describe('A new account', () => {
  test('takes the next number, and a sold-to contact of its own with the bill-to content', () => {
    const { state, open } = world();
    const created = open();
    expect(created.accountNumber).toBe('A00000001');
    const account = state.find('account', 'A00000001')!;
    expect(account).toMatchObject({ id: created.accountId, status: 'Active', partnerAccount: false });
    expect(account.soldToContactId).not.toBe(account.billToContactId);
    for (const id of [account.billToContactId, account.soldToContactId]) {
      expect(state.find('contact', id!)).toMatchObject({ accountId: account.id, firstName: 'Amy' });
    }
  });

  test('has one contact for both when it says so, or two different ones', () => {
    const { state, open } = world();
    const same = open({ soldToSameAsBillTo: true });
    expect(same.soldToContactId).toBe(same.billToContactId);
    const two = open({ soldTo: contactDraft({ firstName: 'Sol' }) });
    expect(state.find('contact', two.soldToContactId!)?.firstName).toBe('Sol');
  });

  test('may be a draft without contacts, and drops attributes that are null', () => {
    const { state, open } = world();
    const created = open({ status: 'Draft', billTo: null, details: { notes: null, crmId: 'C-1' } });
    expect(created).toMatchObject({ billToContactId: null, soldToContactId: null });
    expect(state.find('account', created.accountId)?.details).toEqual({ crmId: 'C-1' });
  });

  test.each([
    ['no bill-to contact', { billTo: null }, 'missing', 'billToContact'],
    [
      'two answers for sold-to',
      { soldTo: contactDraft(), soldToSameAsBillTo: true },
      'invalid',
      'soldToSameAsBillTo',
    ],
    ['an unknown parent', { parentKey: 'R-nobody' }, 'invalid', 'parentId'],
    ['a number in use', { accountNumber: 'R-1' }, 'invalid', 'accountNumber'],
    ['a number that looks like an id', { accountNumber: '0'.repeat(32) }, 'invalid', 'accountNumber'],
    ['a number with a slash', { accountNumber: 'a/b' }, 'invalid', 'accountNumber'],
    ['a number with a hash', { accountNumber: 'a#b' }, 'invalid', 'accountNumber'],
    ['a number with a question mark', { accountNumber: 'a?b' }, 'invalid', 'accountNumber'],
    ['a path of dots', { accountNumber: '..' }, 'invalid', 'accountNumber'],
    ['a number with a space at its end', { accountNumber: 'R-2 ' }, 'invalid', 'accountNumber'],
    ['an empty number', { accountNumber: '' }, 'invalid', 'accountNumber'],
    ['a number of 51 characters', { accountNumber: 'R'.repeat(51) }, 'invalid', 'accountNumber'],
  ])('is refused with %s', (_what, fields, category, field) => {
    const { state, open } = world();
    open({ accountNumber: 'R-1' });
    expect(state.run(createAccount, accountDraft(fields))).toMatchObject({ refused: true, category, field });
  });
});

describe('A change of an account', () => {
  test('keeps what it does not name, merges attributes, and removes those that are null', () => {
    const { state, open, change } = world();
    const { accountId } = open({
      details: { notes: 'old', crmId: 'C-1', taxInfo: { VATId: 'DE1', companyCode: 'X' } },
      customFields: { region__c: 'north' },
    });
    change(accountId, {
      partnerAccount: true,
      details: { notes: null, taxInfo: { VATId: 'DE2' } },
      customFields: { tier__c: 'gold' },
    });
    expect(state.find('account', accountId)).toMatchObject({
      name: 'Harbour Supplies',
      partnerAccount: true,
      details: { crmId: 'C-1', taxInfo: { VATId: 'DE2', companyCode: 'X' } },
      customFields: { region__c: 'north', tier__c: 'gold' },
    });
    expect(state.find('account', accountId)?.details).not.toHaveProperty('notes');
  });

  test('changes a contact that is both bill-to and sold-to twice, the later field winning', () => {
    const { state, open, change } = world();
    const { accountId, billToContactId } = open({ soldToSameAsBillTo: true });
    change(accountId, {
      billTo: { details: { city: 'Oakland' }, customFields: {} },
      soldTo: { details: { state: 'CA' }, customFields: {} },
    });
    expect(state.find('contact', billToContactId!)?.details).toEqual({ city: 'Oakland', state: 'CA' });
  });

  test('completes a draft: contacts are made, then it may be active', () => {
    const { state, open, change } = world();
    const { accountId } = open({ status: 'Draft', billTo: null });
    expect(change(accountId, { status: 'Active' })).toMatchObject({
      refused: true,
      field: 'billToContactId',
    });
    expect(change(accountId, { billTo: { ...nothingElse, lastName: 'Das' } })).toMatchObject({
      refused: true,
      category: 'missing',
      field: 'billToContact.firstName',
    });
    expect(change(accountId, { billTo: { ...nothingElse, firstName: 'Kuhi' } })).toMatchObject({
      refused: true,
      category: 'missing',
      field: 'billToContact.lastName',
    });
    change(accountId, { billTo: { ...nothingElse, firstName: 'Kuhi', lastName: 'Das' } });
    expect(change(accountId, { status: 'Active' })).toMatchObject({
      refused: true,
      field: 'soldToContactId',
    });
    const { billToContactId } = state.find('account', accountId)!;
    change(accountId, { status: 'Active', soldToContactId: billToContactId! });
    expect(state.find('account', accountId)).toMatchObject({
      status: 'Active',
      soldToContactId: billToContactId,
    });
    expect(change(accountId, { status: 'Draft' })).toMatchObject({ refused: true, field: 'status' });
  });

  test('refuses what can never change, contacts of others, and an account that is not there', () => {
    const { open, change } = world();
    const { accountId } = open();
    const other = open();
    expect(change(accountId, { currency: 'EUR' })).toMatchObject({ category: 'rule', field: 'currency' });
    expect(change(accountId, { currency: 'USD' })).toEqual({ accountId });
    expect(change(accountId, { accountNumber: 'R-9' })).toMatchObject({
      category: 'rule',
      field: 'accountNumber',
    });
    expect(change(accountId, { billToContactId: other.billToContactId! })).toMatchObject({
      category: 'invalid',
      field: 'billToContactId',
    });
    expect(change(accountId, { soldToContactId: other.soldToContactId!, soldTo: nothingElse })).toMatchObject(
      { category: 'invalid', field: 'soldToContactId' },
    );
    expect(change('f'.repeat(32), {})).toMatchObject({ category: 'not_found' });
  });

  test('never puts an account above itself', () => {
    const { state, open, change } = world();
    const top = open();
    const middle = open({ parentKey: top.accountNumber });
    const low = open({ parentKey: middle.accountId });
    for (const parentKey of [top.accountId, middle.accountId, low.accountNumber]) {
      expect(change(top.accountId, { parentKey })).toMatchObject({ category: 'rule', field: 'parentId' });
    }
    expect(change(top.accountId, { parentKey: 'R-nobody' })).toMatchObject({
      category: 'invalid',
      field: 'parentId',
    });
    change(middle.accountId, { parentKey: null });
    change(top.accountId, { parentKey: low.accountId });
    expect(state.find('account', top.accountId)?.parentId).toBe(low.accountId);
  });
});

describe('Deleting an account', () => {
  test('takes one on which nothing hangs', () => {
    const { state, open } = world();
    const { accountId } = open();
    expect(state.run(deleteAccount, { accountId })).toEqual({ accountId });
    expect(state.find('account', accountId)).toBeNull();
    expect(state.run(deleteAccount, { accountId })).toMatchObject({ category: 'not_found' });
  });

  test.each([
    ['subscriptions', 'subscription', { accountId: 'ID' }],
    ['subscriptions', 'subscription', { accountId: 'x', invoiceOwnerAccountId: 'ID' }],
    ['orders', 'order', { accountId: 'ID' }],
    ['orders', 'orderSubscription', { subscriptionOwnerAccountId: 'ID', invoiceOwnerAccountId: 'x' }],
    ['invoices', 'invoice', { accountId: 'ID' }],
    ['payments', 'payment', { accountId: 'ID' }],
    ['child accounts', 'account', { parentId: 'ID' }],
  ] as const)('is refused while it has %s (%s)', (what, kind, fields) => {
    const { state, open } = world();
    const { accountId } = open();
    const owned = JSON.parse(JSON.stringify(fields).replaceAll('ID', accountId)) as object;
    state.put(kind, { id: 'e'.repeat(32), revision: 1, ...owned } as never);
    const refusal = state.run(deleteAccount, { accountId });
    expect(refusal).toMatchObject({ category: 'rule' });
    expect((refusal as { message: string }).message).toContain(what);
    expect(state.find('account', accountId)).not.toBeNull();
  });
});
