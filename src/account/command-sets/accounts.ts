import {
  type ContactStored,
  createContact,
  deleteContact,
  transferContact,
  updateContact,
} from '../../domain/accounts/contact-commands.ts';
import { createAccount } from '../../domain/accounts/create-account.ts';
import { deleteAccount } from '../../domain/accounts/delete-account.ts';
import { updateAccount } from '../../domain/accounts/update-account.ts';
import { toWireAccountCreated } from '../../wire/accounts.ts';
import { toWireContactReply } from '../../wire/contacts.ts';
import { type RegisteredCommand, registered } from '../registry.ts';

const done = () => ({ success: true });
/** Replies of /v1/object: only an id. */
const stored = (id: string) => ({ Success: true, Id: id });
const deleted = (id: string) => ({ success: true, id });

/** Accounts and contacts; each change once with the reply of /v1 and once with that of /v1/object. */
export const accountCommands: ReadonlyArray<readonly [string, RegisteredCommand]> = [
  ['account.create', registered(createAccount, toWireAccountCreated)],
  ['account.update', registered(updateAccount, done)],
  ['account.delete', registered(deleteAccount, ({ accountId }) => deleted(accountId))],
  ['object.account.create', registered(createAccount, ({ accountId }) => stored(accountId))],
  ['object.account.update', registered(updateAccount, ({ accountId }) => stored(accountId))],
  ['contact.create', registered(createContact, toWireContactReply)],
  ['contact.update', registered(updateContact, toWireContactReply)],
  ['contact.delete', registered(deleteContact, done)],
  ['contact.transfer', registered(transferContact, done)],
  ['object.contact.create', registered(createContact, storedContact)],
  ['object.contact.update', registered(updateContact, storedContact)],
  ['object.contact.delete', registered(deleteContact, ({ contactId }) => deleted(contactId))],
];

function storedContact({ contact }: ContactStored) {
  return stored(contact.id);
}
