import { readSettings } from '../../persistence/tenant-settings.ts';
import { objectNamed } from '../../query/objects/index.ts';
import { readRecord } from '../../query/records.ts';
import { wireFields } from '../../wire/object-fields.ts';
import { noSuchObject } from '../errors.ts';
import { objectPathOf } from '../object-writes/object-write.ts';
import { type AnyOperation, operation, reader } from '../operation.ts';

/** GET of the older resources under /v1/object: each shows the model's object of its name. */

/** With those that are found by their number too. */
export const OBJECTS_READ = [
  { type: 'Account', byNumber: true },
  { type: 'BillRun', byNumber: true },
  { type: 'Contact', byNumber: false },
  { type: 'Invoice', byNumber: true },
  { type: 'InvoiceItem', byNumber: false },
  { type: 'InvoicePayment', byNumber: false },
  { type: 'Payment', byNumber: true },
  { type: 'PaymentMethod', byNumber: false },
  { type: 'RatePlan', byNumber: false },
  { type: 'RatePlanCharge', byNumber: false },
  { type: 'RatePlanChargeTier', byNumber: false },
  { type: 'Refund', byNumber: true },
  { type: 'Subscription', byNumber: true },
  { type: 'UnitOfMeasure', byNumber: false },
  { type: 'Usage', byNumber: false },
] as const;

export const objectReadOperations: readonly AnyOperation[] = OBJECTS_READ.map(({ type, byNumber }) =>
  operation({
    id: `Object_GET${type}`,
    method: 'get',
    path: `${objectPathOf(type)}/:id`,
    role: 'read',
    envelope: 'crud',
    query: wireFields,
    async handle(c, { query }) {
      const db = reader(c);
      const { timeZone } = await readSettings(db);
      const names = query.fields === undefined || query.fields === '' ? null : query.fields.split(',');
      const request = {
        object: objectNamed(type)!,
        key: c.req.param('id') ?? '',
        names: names?.map((name) => name.trim()) ?? null,
        byNumber,
      };
      const record = await readRecord(db, request, timeZone);
      return record === null ? noSuchObject(c) : c.json(record);
    },
  }),
);
