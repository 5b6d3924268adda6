import { fromWireInvoice, wireNewInvoice } from '../../wire/invoices.ts';
import { lanesOf } from '../document-lanes.ts';
import { refused } from '../errors.ts';
import { type AnyOperation, operation, respond } from '../operation.ts';

/** Six digits that error codes of standalone invoices start with. */
const STANDALONE_INVOICE = '584900';

export const invoiceOperations: readonly AnyOperation[] = [
  operation({
    id: 'POST_StandaloneInvoice',
    method: 'post',
    path: '/v1/invoices',
    role: 'standard',
    resourceCode: STANDALONE_INVOICE,
    body: wireNewInvoice,
    async handle(c, { body }) {
      const payload = fromWireInvoice(body);
      const [lane] = await lanesOf(c, [payload]);
      return typeof lane === 'string' ? respond(c, lane, 'invoice.create', payload) : refused(c, lane!);
    },
  }),
];
