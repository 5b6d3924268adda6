import { describe, expect, test } from 'vitest';
import { snapshotOf } from '../../../src/domain/accounts/contact.ts';
import {
  createContact,
  deleteContact,
  transferContact,
  updateContact,
} from '../../../src/domain/accounts/contact-commands.ts';
import { createAccount } from '../../../src/domain/accounts/create-account.ts';
import { AccountsInMemory, accountDraft, contactDraft } from '../../support/accounts-in-memory.ts';

// Contacts belong to an account; those that it bills or sells to stay with it.

function world() {
  const state = new AccountsInMemory();
  const account = state.done(createAccount, accountDraft());
  const other = state.done(createAccount, accountDraft());
  const add = () =>
    state.done(createContact, {
      accountKey: account.accountNumber,
      accountField: 'accountNumber',
      contact: contactDraft(),
    }).contact;
  return { state, account, other, add };
}

describe('A contact', () => {
  test('is made for an account, and changed field by field', () => {
    const { state, account, add } = world();
    const contact = add();
    expect(contact).toMatchObject({ accountId: account.accountId, workEmail: 'amy@example.com' });
    const changed = state.done(
      updateContact,
      {
        contactId: contact.id,
        changes: { lastName: 'Das', workEmail: null, details: { city: null, state: 'CA' }, customFields: {} },
      },
      '2026-04-01T00:00:00.000Z',
    );
    expect(changed).toMatchObject({
      accountNumber: account.accountNumber,
      contact: { firstName: 'Amy', lastName: 'Das', workEmail: null, details: { state: 'CA' } },
    });
    expect(changed.contact.details).toEqual({ state: 'CA' });
    expect(changed.contact).toMatchObject({
      createdAt: contact.createdAt,
      updatedAt: '2026-04-01T00:00:00.000Z',
    });
  });

  test('needs an account that is there, under the name that the caller used', () => {
    const { state } = world();
    const refusal = state.run(createContact, {
      accountKey: 'R-nobody',
      accountField: 'accountNumber',
      contact: contactDraft(),
    });
    expect(refusal).toMatchObject({ category: 'invalid', field: 'accountNumber' });
  });

  test('can be deleted unless its account bills or sells to it', () => {
    const { state, account, add } = world();
    const contact = add();
    expect(state.run(deleteContact, { contactId: contact.id })).toEqual({ contactId: contact.id });
    expect(state.run(deleteContact, { contactId: contact.id })).toMatchObject({ category: 'not_found' });
    for (const contactId of [account.billToContactId!, account.soldToContactId!]) {
      expect(state.run(deleteContact, { contactId })).toMatchObject({ category: 'rule' });
      expect(state.find('contact', contactId)).not.toBeNull();
    }
  });

  test('moves to another account unless its account bills or sells to it', () => {
    const { state, account, other, add } = world();
    const contact = add();
    const move = (contactId: string, destinationAccountKey: string) =>
      state.run(transferContact, { contactId, destinationAccountKey });
    expect(move(contact.id, other.accountNumber)).toEqual({ contactId: contact.id });
    expect(state.find('contact', contact.id)?.accountId).toBe(other.accountId);
    expect(move(contact.id, other.accountId)).toMatchObject({
      category: 'rule',
      field: 'destinationAccountKey',
    });
    expect(move(contact.id, 'R-nobody')).toMatchObject({
      category: 'invalid',
      field: 'destinationAccountKey',
    });
    expect(move(account.billToContactId!, other.accountId)).toMatchObject({ category: 'rule' });
    expect(move('e'.repeat(32), other.accountId)).toMatchObject({ category: 'not_found' });
  });

  test('is kept by a snapshot as it was', () => {
    const { state, add } = world();
    const contact = add();
    const snapshot = snapshotOf(contact, state.context('2026-05-01T00:00:00.000Z'));
    expect(snapshot).toMatchObject({
      contactId: contact.id,
      accountId: contact.accountId,
      createdAt: '2026-05-01T00:00:00.000Z',
      contact: {
        firstName: 'Amy',
        lastName: 'Lawrence',
        workEmail: 'amy@example.com',
        country: 'United States',
        city: 'San Mateo',
      },
    });
    expect(snapshot.id).not.toBe(contact.id);
  });
});
