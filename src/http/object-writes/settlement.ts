import { isRefusal, type Refusal, refuse } from '../../domain/result.ts';
import { databaseOf } from '../../persistence/database.ts';
import { findDocumentOwners } from '../../persistence/document-accounts.ts';
import { findInvoicePaymentLane } from '../../persistence/payment-applications.ts';
import { readPaymentMethod } from '../../persistence/payment-methods.ts';
import { readRefund } from '../../persistence/refunds.ts';
import {
  fromWireObjectInvoicePayment,
  fromWireObjectInvoicePaymentChanges,
  wireObjectInvoicePaymentChanges,
  wireObjectNewInvoicePayment,
} from '../../wire/object-invoice-payments.ts';
import {
  fromWireObjectPaymentMethod,
  fromWireObjectPaymentMethodChanges,
  wireObjectNewPaymentMethod,
  wireObjectPaymentMethodChanges,
} from '../../wire/object-payment-methods.ts';
import {
  fromWireObjectElectronicPayment,
  fromWireObjectPayment,
  fromWireObjectPaymentChanges,
  wireObjectNewPayment,
  wireObjectPaymentChanges,
} from '../../wire/object-payments.ts';
import {
  fromWireObjectRefund,
  fromWireObjectRefundChanges,
  wireObjectNewRefund,
  wireObjectRefundChanges,
} from '../../wire/object-refunds.ts';
import { toWireRefundReply } from '../../wire/refunds.ts';
import { laneOfAccount } from '../account-lane.ts';
import { gatewayNames } from '../gateway-requests.ts';
import { reader } from '../operation.ts';
import { keepMethod } from '../routes/payment-methods.ts';
import { findPaymentLane, noPayment, shownPayment } from '../routes/payments.ts';
import { askedOfGateway } from './asked-of-gateway.ts';
import { type ObjectWrites, type Writer, type Written, write } from './object-write.ts';

/** Sends a command to the lane of a payment. */
async function aboutPayment(
  writer: Writer,
  id: string,
  kind: string,
  toPayload: (paymentId: string) => object,
): Promise<Written> {
  const found = await findPaymentLane(writer.c, id);
  return isRefusal(found) ? found : writer.send(found.lane, kind, toPayload(found.id));
}

const paymentWrites: ObjectWrites = {
  type: 'Payment',
  create: write(
    wireObjectNewPayment,
    async (writer, body) => {
      const { c } = writer;
      const lane = await laneOfAccount(c, body.AccountId);
      if (lane === null) return refuse('invalid', 'names no account', 'AccountId');
      if (body.Type === 'External') {
        return writer.send(lane, 'object.payment.create', fromWireObjectPayment(body));
      }
      const payload = fromWireObjectElectronicPayment(body, gatewayNames(c));
      const read = (id: string) => shownPayment(c, id);
      return askedOfGateway(writer, {
        kind: 'payment',
        lane,
        command: 'object.payment.submit',
        payload,
        read,
      });
    },
    { manySteps: true },
  ),
  update: write(
    wireObjectPaymentChanges,
    (writer, body, id) =>
      body.Status === undefined
        ? aboutPayment(writer, id, 'object.payment.update', (key) => fromWireObjectPaymentChanges(body, key))
        : aboutPayment(writer, id, 'object.payment.cancel', (paymentId) => ({ paymentId })),
    { nullable: ['Comment', 'ReferenceId'] },
  ),
  remove: (writer, id) => aboutPayment(writer, id, 'object.payment.delete', (paymentId) => ({ paymentId })),
};

const invoicePaymentWrites: ObjectWrites = {
  type: 'InvoicePayment',
  create: write(wireObjectNewInvoicePayment, async (writer, body) => {
    const found = await findPaymentLane(writer.c, body.PaymentId);
    if (isRefusal(found)) return refuse('invalid', noPayment(body.PaymentId).message, 'PaymentId');
    return writer.send(
      found.lane,
      'object.invoicePayment.create',
      fromWireObjectInvoicePayment(body, found.id),
    );
  }),
  update: write(wireObjectInvoicePaymentChanges, async (writer, body, id) => {
    const lane = await findInvoicePaymentLane(reader(writer.c), id);
    if (lane === null) return refuse('not_found', `There is no invoice payment ${id}.`);
    return writer.send(lane, 'object.invoicePayment.update', fromWireObjectInvoicePaymentChanges(body, id));
  }),
};

const paymentMethodWrites: ObjectWrites = {
  type: 'PaymentMethod',
  create: write(
    wireObjectNewPaymentMethod,
    async (writer, body) => {
      const kept = await keepMethod(writer.c, fromWireObjectPaymentMethod(body), null);
      if (isRefusal(kept)) return kept.field === 'accountKey' ? { ...kept, field: 'AccountId' } : kept;
      return writer.send(kept.lane, 'object.paymentMethod.create', kept.payload);
    },
    { manySteps: true },
  ),
  update: write(wireObjectPaymentMethodChanges, async (writer, body, id) => {
    const shown = await readPaymentMethod(reader(writer.c), id);
    if (shown === null) return noMethod(id);
    const { accountId, type } = shown.method;
    const changes = fromWireObjectPaymentMethodChanges(body, id, type);
    return isRefusal(changes) ? changes : writer.send(accountId, 'object.paymentMethod.update', changes);
  }),
  async remove(writer, id) {
    const shown = await readPaymentMethod(reader(writer.c), id);
    if (shown === null) return noMethod(id);
    return writer.send(shown.method.accountId, 'object.paymentMethod.delete', { paymentMethodId: id });
  },
};

function noMethod(id: string): Refusal {
  return refuse('not_found', `There is no payment method ${id}.`);
}

/** Sends a command to the lane of a refund's account. */
async function aboutRefund(
  writer: Writer,
  id: string,
  kind: string,
  toPayload: (refundId: string) => object,
): Promise<Written> {
  const owner = (await findDocumentOwners(reader(writer.c), 'refund', [id])).get(id);
  if (owner === undefined) return refuse('not_found', `There is no refund ${id}.`);
  return writer.send(owner.accountId, kind, toPayload(owner.id));
}

const refundWrites: ObjectWrites = {
  type: 'Refund',
  create: write(
    wireObjectNewRefund,
    async (writer, body) => {
      const { c } = writer;
      const found = await findPaymentLane(c, body.PaymentId);
      if (isRefusal(found)) return refuse('invalid', noPayment(body.PaymentId).message, 'PaymentId');
      const { id, accountId, lane } = found;
      if (body.AccountId != null && body.AccountId !== accountId) {
        return refuse('invalid', 'is not the account of the payment', 'AccountId');
      }
      const payload = fromWireObjectRefund(body, id, gatewayNames(c));
      const command = 'object.refund.create';
      if (body.Type === 'External') return writer.send(lane, command, payload);
      const read = async (refundId: string) => {
        const shown = await readRefund(databaseOf(c.env), refundId);
        return shown === null ? null : toWireRefundReply(shown);
      };
      return askedOfGateway(writer, { kind: 'refund', lane, command, payload, read });
    },
    { manySteps: true },
  ),
  update: write(
    wireObjectRefundChanges,
    (writer, body, id) =>
      body.Status === undefined
        ? aboutRefund(writer, id, 'object.refund.update', (key) => fromWireObjectRefundChanges(body, key))
        : aboutRefund(writer, id, 'object.refund.cancel', (refundId) => ({ refundId })),
    { nullable: ['Comment', 'ReasonCode'] },
  ),
  remove: (writer, id) => aboutRefund(writer, id, 'object.refund.delete', (refundId) => ({ refundId })),
};

export const settlementWrites: readonly ObjectWrites[] = [
  paymentWrites,
  invoicePaymentWrites,
  paymentMethodWrites,
  refundWrites,
];
