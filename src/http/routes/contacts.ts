import { refuse } from '../../domain/result.ts';
import { findAccountId } from '../../persistence/accounts.ts';
import { findContactAccountId, readContact, readContactSnapshot } from '../../persistence/contacts.ts';
import {
  fromWireContactDraft,
  fromWireContactPatch,
  toWireContactReply,
  toWireContactSnapshot,
  wireContactPatch,
  wireContactTransfer,
  wireNewContact,
} from '../../wire/contacts.ts';
import type { AppContext } from '../context.ts';
import { json, refused } from '../errors.ts';
import { type AnyOperation, operation, reader, respond } from '../operation.ts';

export function noSuchContact(c: AppContext): Response {
  return refused(c, refuse('not_found', 'There is no such contact.'));
}

/** Sends a command about an existing contact to the lane of its account. */
async function respondAboutContact(
  c: AppContext,
  kind: string,
  contactId: string,
  payload: object,
): Promise<Response> {
  const accountId = await findContactAccountId(reader(c), contactId);
  return accountId === null ? noSuchContact(c) : respond(c, accountId, kind, { contactId, ...payload });
}

export const contactOperations: readonly AnyOperation[] = [
  operation({
    id: 'POST_CreateContact',
    method: 'post',
    path: '/v1/contacts',
    role: 'standard',
    body: wireNewContact,
    handle: async (c, { body }) => {
      const accountField = body.accountId === undefined ? 'accountNumber' : 'accountId';
      const accountId = await findAccountId(reader(c), body.accountId ?? body.accountNumber!);
      if (accountId === null) return refused(c, refuse('invalid', 'names no account', accountField));
      return respond(c, accountId, 'contact.create', {
        accountKey: accountId,
        accountField,
        contact: fromWireContactDraft(body),
      });
    },
  }),
  operation({
    id: 'GET_Contact',
    method: 'get',
    path: '/v1/contacts/:contactId',
    role: 'read',
    handle: async (c) => {
      const reading = await readContact(reader(c), c.req.param('contactId')!);
      return reading === null ? noSuchContact(c) : json(c, 200, JSON.stringify(toWireContactReply(reading)));
    },
  }),
  operation({
    id: 'PUT_Contact',
    method: 'put',
    path: '/v1/contacts/:contactId',
    role: 'standard',
    body: wireContactPatch,
    handle: (c, { body }) =>
      respondAboutContact(c, 'contact.update', c.req.param('contactId')!, {
        changes: fromWireContactPatch(body),
      }),
  }),
  operation({
    id: 'DELETE_Contact',
    method: 'delete',
    path: '/v1/contacts/:contactId',
    role: 'standard',
    handle: (c) => respondAboutContact(c, 'contact.delete', c.req.param('contactId')!, {}),
  }),
  operation({
    id: 'transferContent',
    method: 'put',
    path: '/v1/contacts/:contactId/transfer',
    role: 'standard',
    body: wireContactTransfer,
    handle: (c, { body }) =>
      respondAboutContact(c, 'contact.transfer', c.req.param('contactId')!, {
        destinationAccountKey: body.destinationAccountKey,
      }),
  }),
  operation({
    id: 'GET_ContactSnapshot',
    method: 'get',
    path: '/v1/contact-snapshots/:contactSnapshotId',
    role: 'read',
    handle: async (c) => {
      const snapshot = await readContactSnapshot(reader(c), c.req.param('contactSnapshotId')!);
      if (snapshot === null) return refused(c, refuse('not_found', 'There is no such contact snapshot.'));
      return json(c, 200, JSON.stringify(toWireContactSnapshot(snapshot)));
    },
  }),
];
