import { readAccount } from '../../persistence/accounts.ts';
import { readContact } from '../../persistence/contacts.ts';
import { onlyFields, toWireObjectAccount, wireFields } from '../../wire/object-accounts.ts';
import { toWireObjectContact } from '../../wire/object-contacts.ts';
import { json } from '../errors.ts';
import { type AnyOperation, operation, reader } from '../operation.ts';
import { noSuchAccount } from './accounts.ts';
import { noSuchContact } from './contacts.ts';

const envelope = 'crud';

/** Reads of accounts and contacts of the older resources under /v1/object. */
export const objectAccountOperations: readonly AnyOperation[] = [
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
];
