import type { CommandHandler } from '../../domain/account/command.ts';
import { cancelBillRun, deleteBillRun, postBillRun } from '../../domain/billing/bill-runs/change-bill-run.ts';
import { createBillRun } from '../../domain/billing/bill-runs/create-bill-run.ts';
import { updateInvoice } from '../../domain/billing/update-invoice.ts';
import { updateUsage } from '../../domain/billing/update-usage.ts';
import { createOrder } from '../../domain/orders/create-order.ts';
import { isRefusal } from '../../domain/result.ts';
import { cancelPayment, deletePayment } from '../../domain/settlement/cancel-payment.ts';
import { createPayment } from '../../domain/settlement/create-payment.ts';
import { createInvoicePayment, updateInvoicePayment } from '../../domain/settlement/invoice-payments.ts';
import {
  createPaymentMethod,
  deletePaymentMethod,
  updatePaymentMethod,
} from '../../domain/settlement/keep-payment-methods.ts';
import { refundPaymentAndUnapply } from '../../domain/settlement/refund-payment.ts';
import { submitPayment } from '../../domain/settlement/submit-payment.ts';
import { cancelRefund, deleteRefund } from '../../domain/settlement/undo-refund.ts';
import { updatePayment, updateRefund } from '../../domain/settlement/update-payment.ts';
import { deleteSubscription } from '../../domain/subscriptions/delete-subscription.ts';
import {
  type UpdateSubscriptionCustomFields,
  updateSubscriptionCustomFields,
} from '../../domain/subscriptions/update-custom-fields.ts';
import { toWireDeleted, toWireSaved } from '../../wire/catalog.ts';
import { fieldOfObjectBillRun } from '../../wire/object-bill-runs.ts';
import { fieldOfInvoicePayment } from '../../wire/object-invoice-payments.ts';
import { fieldOfObjectPaymentMethod } from '../../wire/object-payment-methods.ts';
import { fieldOfObjectPayment } from '../../wire/object-payments.ts';
import { fieldOfObjectRefund } from '../../wire/object-refunds.ts';
import { changedSubscriptionIdOf, fieldOfObjectSubscription } from '../../wire/object-subscriptions.ts';
import { asObject } from '../object-form.ts';
import { asForm } from '../order-form.ts';
import { type RegisteredCommand, registered } from '../registry.ts';

const asPayment = ({ payment }: { readonly payment: { readonly id: string } }) =>
  toWireSaved({ id: payment.id });
const asRefund = ({ refund }: { readonly refund: { readonly id: string } }) => toWireSaved({ id: refund.id });
const asMethod = ({ paymentMethodId }: { readonly paymentMethodId: string }) =>
  toWireSaved({ id: paymentMethodId });
const asInvoicePayment = ({ invoicePaymentId }: { readonly invoicePaymentId: string }) =>
  toWireSaved({ id: invoicePaymentId });

/** The one segment whose custom fields change. */
const ofCharge: CommandHandler<UpdateSubscriptionCustomFields, { readonly chargeId: string }> = {
  ...updateSubscriptionCustomFields,
  decide(state, payload, context) {
    const decision = updateSubscriptionCustomFields.decide(state, payload, context);
    return isRefusal(decision) ? decision : { ...decision, reply: { chargeId: payload.charges[0]!.id } };
  },
};

/** The commands of /v1 with the names and replies of the older resources; accounts, contacts and the catalog have theirs beside them. */
export const objectCommands: ReadonlyArray<readonly [string, RegisteredCommand]> = [
  ['object.billRun.create', registered(asObject(createBillRun, fieldOfObjectBillRun), toWireSaved)],
  ['object.billRun.post', registered(postBillRun, toWireSaved)],
  ['object.billRun.cancel', registered(cancelBillRun, toWireSaved)],
  ['object.billRun.delete', registered(deleteBillRun, toWireDeleted)],
  ['object.invoice.update', registered(updateInvoice, toWireSaved)],
  ['object.usage.update', registered(updateUsage, toWireSaved)],
  ['object.payment.create', registered(asObject(createPayment, fieldOfObjectPayment), asPayment)],
  ['object.payment.submit', registered(asObject(submitPayment, fieldOfObjectPayment), asPayment)],
  ['object.payment.update', registered(updatePayment, asPayment)],
  ['object.payment.cancel', registered(cancelPayment, asPayment)],
  ['object.payment.delete', registered(deletePayment, toWireDeleted)],
  [
    'object.invoicePayment.create',
    registered(asObject(createInvoicePayment, fieldOfInvoicePayment), asInvoicePayment),
  ],
  [
    'object.invoicePayment.update',
    registered(asObject(updateInvoicePayment, fieldOfInvoicePayment), asInvoicePayment),
  ],
  [
    'object.paymentMethod.create',
    registered(asObject(createPaymentMethod, fieldOfObjectPaymentMethod), asMethod),
  ],
  [
    'object.paymentMethod.update',
    registered(asObject(updatePaymentMethod, fieldOfObjectPaymentMethod), asMethod),
  ],
  [
    'object.paymentMethod.delete',
    registered(deletePaymentMethod, ({ paymentMethodId }) => toWireDeleted({ id: paymentMethodId })),
  ],
  ['object.refund.create', registered(asObject(refundPaymentAndUnapply, fieldOfObjectRefund), asRefund)],
  ['object.refund.update', registered(updateRefund, asRefund)],
  ['object.refund.cancel', registered(cancelRefund, asRefund)],
  ['object.refund.delete', registered(deleteRefund, toWireDeleted)],
  [
    'object.subscription.update',
    registered(asObject(asForm(createOrder), fieldOfObjectSubscription), (order) =>
      toWireSaved({ id: changedSubscriptionIdOf(order) }),
    ),
  ],
  [
    'object.subscription.customFields',
    registered(updateSubscriptionCustomFields, ({ subscriptionId }) => toWireSaved({ id: subscriptionId })),
  ],
  [
    'object.subscription.delete',
    registered(deleteSubscription, ({ subscriptionId }) => toWireDeleted({ id: subscriptionId })),
  ],
  [
    'object.ratePlanCharge.customFields',
    registered(ofCharge, ({ chargeId }) => toWireSaved({ id: chargeId })),
  ],
];
