import { type Refusal, refuse } from '../../domain/result.ts';
import { findAccountId } from '../../persistence/accounts.ts';
import { findContactAccountId } from '../../persistence/contacts.ts';
import {
  fromWireObjectAccountChanges,
  fromWireObjectNewAccount,
  OBJECT_ACCOUNT_NULLABLE,
  wireObjectAccountChanges,
  wireObjectNewAccount,
} from '../../wire/object-accounts.ts';
import {
  fromWireObjectContactChanges,
  fromWireObjectNewContact,
  OBJECT_CONTACT_DETAILS,
  wireObjectContactChanges,
  wireObjectNewContact,
} from '../../wire/object-contacts.ts';
import { reader } from '../operation.ts';
import { laneForNewAccount } from '../routes/accounts.ts';
import { type ObjectWrites, type Writer, type Written, write } from './object-write.ts';

function noAccount(id: string): Refusal {
  return refuse('not_found', `There is no account ${id}.`);
}

export const accountWrites: ObjectWrites = {
  type: 'Account',
  create: write(wireObjectNewAccount, (writer, body) =>
    writer.send(laneForNewAccount(writer.c), 'object.account.create', fromWireObjectNewAccount(body)),
  ),
  update: write(
    wireObjectAccountChanges,
    async (writer, body, id) => {
      const accountId = await findAccountId(reader(writer.c), id);
      if (accountId === null) return noAccount(id);
      return writer.send(accountId, 'object.account.update', fromWireObjectAccountChanges(accountId, body));
    },
    { nullable: OBJECT_ACCOUNT_NULLABLE },
  ),
  async remove(writer, id) {
    const accountId = await findAccountId(reader(writer.c), id);
    return accountId === null ? noAccount(id) : writer.send(accountId, 'account.delete', { accountId });
  },
};

/** Sends a command about an existing contact to the lane of its account. */
async function aboutContact(
  writer: Writer,
  kind: string,
  contactId: string,
  payload: object,
): Promise<Written> {
  const accountId = await findContactAccountId(reader(writer.c), contactId);
  if (accountId === null) return refuse('not_found', `There is no contact ${contactId}.`);
  return writer.send(accountId, kind, { contactId, ...payload });
}

export const contactWrites: ObjectWrites = {
  type: 'Contact',
  create: write(wireObjectNewContact, async (writer, body) => {
    const accountId = await findAccountId(reader(writer.c), body.AccountId);
    if (accountId === null) return refuse('invalid', 'names no account', 'AccountId');
    return writer.send(accountId, 'object.contact.create', {
      accountKey: accountId,
      accountField: 'AccountId',
      contact: fromWireObjectNewContact(body),
    });
  }),
  update: write(
    wireObjectContactChanges,
    (writer, body, id) =>
      aboutContact(writer, 'object.contact.update', id, { changes: fromWireObjectContactChanges(body) }),
    { nullable: OBJECT_CONTACT_DETAILS },
  ),
  remove: (writer, id) => aboutContact(writer, 'object.contact.delete', id, {}),
};
