import { refuse } from '../../domain/result.ts';
import { findAccountId, readAccount } from '../../persistence/accounts.ts';
import { readContact } from '../../persistence/contacts.ts';
import {
  fromWireObjectAccountChanges,
  fromWireObjectNewAccount,
  onlyFields,
  toWireObjectAccount,
  wireFields,
  wireObjectAccountChanges,
  wireObjectNewAccount,
} from '../../wire/object-accounts.ts';
import {
  fromWireObjectContactChanges,
  fromWireObjectNewContact,
  toWireObjectContact,
  wireObjectContactChanges,
  wireObjectNewContact,
} from '../../wire/object-contacts.ts';
import { json, refused } from '../errors.ts';
import { type AnyOperation, operation, reader, respond } from '../operation.ts';
import { laneForNewAccount, noSuchAccount } from './accounts.ts';
import { noSuchContact, respondAboutContact } from './contacts.ts';

const envelope = 'crud';

/** Accounts and contacts of the older resources under /v1/object. */
export const objectAccountOperations: readonly AnyOperation[] = [
  operation({
    id: 'Object_POSTAccount',
    method: 'post',
    path: '/v1/object/account',
    role: 'standard',
    envelope,
    body: wireObjectNewAccount,
    handle: (c, { body }) =>
      respond(c, laneForNewAccount(c), 'object.account.create', fromWireObjectNewAccount(body)),
  }),
  operation({
    id: 'Object_GETAccount',
    method: 'get',
    path: '/v1/object/account/:id',
    role: 'read',
    envelope,
    query: wireFields,
    handle: async (c, { query }) => {
      const view = await readAccount(reader(c), c.req.param('id')!);
      if (view === null) return noSuchAccount(c);
      return json(c, 200, JSON.stringify(onlyFields(toWireObjectAccount(view), query.fields)));
    },
  }),
  operation({
    id: 'Object_PUTAccount',
    method: 'put',
    path: '/v1/object/account/:id',
    role: 'standard',
    envelope,
    body: wireObjectAccountChanges,
    handle: async (c, { body }) => {
      const accountId = await findAccountId(reader(c), c.req.param('id')!);
      if (accountId === null) return noSuchAccount(c);
      return respond(c, accountId, 'object.account.update', fromWireObjectAccountChanges(accountId, body));
    },
  }),
  operation({
    id: 'Object_DELETEAccount',
    method: 'delete',
    path: '/v1/object/account/:id',
    role: 'standard',
    envelope,
    handle: async (c) => {
      const accountId = await findAccountId(reader(c), c.req.param('id')!);
      if (accountId === null) return noSuchAccount(c);
      return respond(c, accountId, 'account.delete', { accountId });
    },
  }),
  operation({
    id: 'Object_POSTContact',
    method: 'post',
    path: '/v1/object/contact',
    role: 'standard',
    envelope,
    body: wireObjectNewContact,
    handle: async (c, { body }) => {
      const accountId = await findAccountId(reader(c), body.AccountId);
      if (accountId === null) return refused(c, refuse('invalid', 'names no account', 'AccountId'));
      return respond(c, accountId, 'object.contact.create', {
        accountKey: accountId,
        accountField: 'AccountId',
        contact: fromWireObjectNewContact(body),
      });
    },
  }),
  operation({
    id: 'Object_GETContact',
    method: 'get',
    path: '/v1/object/contact/:id',
    role: 'read',
    envelope,
    query: wireFields,
    handle: async (c, { query }) => {
      const reading = await readContact(reader(c), c.req.param('id')!);
      if (reading === null) return noSuchContact(c);
      const body = toWireObjectContact(reading.contact, reading.timeZone);
      return json(c, 200, JSON.stringify(onlyFields(body, query.fields)));
    },
  }),
  operation({
    id: 'Object_PUTContact',
    method: 'put',
    path: '/v1/object/contact/:id',
    role: 'standard',
    envelope,
    body: wireObjectContactChanges,
    handle: (c, { body }) =>
      respondAboutContact(c, 'object.contact.update', c.req.param('id')!, {
        changes: fromWireObjectContactChanges(body),
      }),
  }),
  operation({
    id: 'Object_DELETEContact',
    method: 'delete',
    path: '/v1/object/contact/:id',
    role: 'standard',
    envelope,
    handle: (c) => respondAboutContact(c, 'object.contact.delete', c.req.param('id')!, {}),
  }),
];
