import { fromWirePayment, wireNewPayment } from '../../wire/payments.ts';
import { lanesOf } from '../document-lanes.ts';
import { refused } from '../errors.ts';
import { type AnyOperation, operation, respond } from '../operation.ts';

/** Six digits that error codes of payments start with. */
const PAYMENT = '584300';

export const paymentOperations: readonly AnyOperation[] = [
  operation({
    id: 'POST_CreatePayment',
    method: 'post',
    path: '/v1/payments',
    role: 'standard',
    resourceCode: PAYMENT,
    body: wireNewPayment,
    async handle(c, { body }) {
      const payload = fromWirePayment(body);
      const [lane] = await lanesOf(c, [payload]);
      return typeof lane === 'string' ? respond(c, lane, 'payment.create', payload) : refused(c, lane!);
    },
  }),
];
