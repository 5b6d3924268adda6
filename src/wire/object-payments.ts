import { z } from 'zod';
import { add } from '../domain/money.ts';
import type { NewPayment } from '../domain/settlement/create-payment.ts';
import { applicationLimits, type RequestedPart } from '../domain/settlement/parts.ts';
import type { NewElectronicPayment } from '../domain/settlement/submit-payment.ts';
import type { UpdatePayment } from '../domain/settlement/update-payment.ts';
import { detailsUnder, fieldUnder, financeOf, TRANSFERRED_TO_ACCOUNTING } from './object-fields.ts';
import {
  customFieldsOf,
  fromWireDecimal,
  wireDate,
  wireDecimal,
  wireKey,
  wireNotYet,
  wireText,
  withCustomFields,
} from './values.ts';
import { listOf, oneOf } from './words.ts';

/** Payments as /v1/object/payment names them: the payments of /v1/payments under older names. */

/** Name here → name among a payment's attributes. */
const DETAILS = {
  AuthTransactionId: 'authTransactionId',
  GatewayOrderId: 'gatewayOrderId',
  GatewayResponse: 'gatewayResponse',
  GatewayResponseCode: 'gatewayResponseCode',
  SoftDescriptor: 'softDescriptor',
  SoftDescriptorPhone: 'softDescriptorPhone',
} as const;

const wirePart = z
  .object({ InvoiceId: wireKey.nullish(), InvoiceNumber: wireKey.nullish(), Amount: wireDecimal })
  .refine(({ InvoiceId, InvoiceNumber }) => (InvoiceId == null) !== (InvoiceNumber == null), {
    message: 'is required, or InvoiceNumber, and not both',
    path: ['InvoiceId'],
  });

const { documentsMax } = applicationLimits;
const wireInvoicePaymentData = z
  .object(
    { InvoicePayment: listOf(wirePart, 'invoice payments', documentsMax) },
    { error: 'must be an object with a list InvoicePayment' },
  )
  .nullish();

/** POST /v1/object/payment. */
export const wireObjectNewPayment = withCustomFields({
  AccountId: wireKey,
  AccountingCode: wireText(100).nullish(),
  /** What is applied, when it is not given. */
  Amount: wireDecimal.nullish(),
  /** There are no credit balances. */
  AppliedCreditBalanceAmount: z.literal(0, { error: 'must be 0: there are no credit balances' }).nullish(),
  AppliedInvoiceAmount: wireDecimal.nullish(),
  AuthTransactionId: wireText(50).nullish(),
  Comment: wireText(255).nullish(),
  EffectiveDate: wireDate,
  Gateway: wireText(40).nullish(),
  GatewayOptionData: wireNotYet,
  GatewayOrderId: wireText(70).nullish(),
  GatewayResponse: wireText(500).nullish(),
  GatewayResponseCode: wireText(20).nullish(),
  GatewayState: z
    .literal('NotSubmitted', {
      error: 'must be NotSubmitted: what a gateway does with a payment is its own to say',
    })
    .nullish(),
  InvoiceId: wireKey.nullish(),
  InvoiceNumber: wireKey.nullish(),
  InvoicePaymentData: wireInvoicePaymentData,
  PaymentMethodId: wireText(32).min(1, 'must not be empty'),
  PaymentNumber: wireNotYet,
  ReferenceId: wireText(100).nullish(),
  SoftDescriptor: wireText(35).nullish(),
  SoftDescriptorPhone: wireText(20).nullish(),
  Status: z.literal('Processed', { error: 'must be Processed' }),
  Type: oneOf(['External', 'Electronic']),
}).superRefine((body, context) => {
  const issue = (path: string, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message });
  const { InvoiceId, InvoiceNumber, AppliedInvoiceAmount, InvoicePaymentData } = body;
  const namesInvoice = InvoiceId != null || InvoiceNumber != null;
  if (InvoiceId != null && InvoiceNumber != null) issue('InvoiceNumber', 'must be left out beside InvoiceId');
  if (namesInvoice && AppliedInvoiceAmount == null) {
    issue('AppliedInvoiceAmount', 'is required beside the invoice: how much of the payment is applied to it');
  }
  if (!namesInvoice && AppliedInvoiceAmount != null && AppliedInvoiceAmount !== 0) {
    issue('InvoiceId', 'is required: AppliedInvoiceAmount names no invoice');
  }
  if (namesInvoice && InvoicePaymentData != null) {
    issue('InvoicePaymentData', 'must be left out beside InvoiceId or InvoiceNumber');
  }
  if (body.Amount == null && partsOf(body).length === 0) issue('Amount', 'is required');
});
export type WireObjectNewPayment = z.output<typeof wireObjectNewPayment>;

interface Applied {
  readonly InvoiceId?: string | null | undefined;
  readonly InvoiceNumber?: string | null | undefined;
  readonly AppliedInvoiceAmount?: number | null | undefined;
  readonly InvoicePaymentData?: z.output<typeof wireInvoicePaymentData>;
}

function partsOf({
  InvoiceId,
  InvoiceNumber,
  AppliedInvoiceAmount,
  InvoicePaymentData,
}: Applied): RequestedPart[] {
  if (AppliedInvoiceAmount != null && AppliedInvoiceAmount !== 0) {
    return [partOf({ InvoiceId, InvoiceNumber, Amount: AppliedInvoiceAmount })];
  }
  return (InvoicePaymentData?.InvoicePayment ?? []).map(partOf);
}

function partOf({ InvoiceId, InvoiceNumber, Amount }: z.input<typeof wirePart>): RequestedPart {
  return {
    targetKind: 'invoice',
    key: InvoiceId ?? InvoiceNumber ?? '',
    keyField: InvoiceId == null ? 'InvoiceNumber' : 'InvoiceId',
    amount: fromWireDecimal(Amount),
    items: [],
  };
}

export function fromWireObjectPayment(body: WireObjectNewPayment): NewPayment {
  const parts = partsOf(body);
  const applied = parts.reduce((sum, { amount }) => add(sum, amount), '0');
  return {
    accountId: body.AccountId,
    accountNumber: null,
    amount: body.Amount == null ? applied : fromWireDecimal(body.Amount),
    currency: null,
    effectiveDate: body.EffectiveDate,
    paymentMethodId: body.PaymentMethodId,
    paymentMethodType: null,
    comment: body.Comment ?? null,
    referenceId: body.ReferenceId ?? null,
    parts,
    details: { ...detailsUnder(body, DETAILS), ...financeOf(body) },
    customFields: customFieldsOf(body),
  };
}

/** The same for money that a gateway is to be asked for; `gateways` are those that there are. */
export function fromWireObjectElectronicPayment(
  body: WireObjectNewPayment,
  gateways: readonly string[],
): NewElectronicPayment {
  return {
    ...fromWireObjectPayment(body),
    gatewayId: body.Gateway ?? null,
    gatewayField: 'Gateway',
    gateways,
  };
}

/** What this resource calls a field of a new payment. */
export function fieldOfObjectPayment(field: string, { parts }: Pick<NewPayment, 'parts'>): string {
  const [, index, name] = /^invoices\[(\d+)\]\.(.+)$/.exec(field) ?? [];
  if (name === undefined) return fieldUnder(field, DETAILS);
  // One part may be the payment's own fields, or the only entry of the list: what it comes to is the same.
  const isAmount = name === 'amount';
  if (parts.length === 1) return isAmount ? 'AppliedInvoiceAmount' : name;
  return `InvoicePaymentData.InvoicePayment[${index}].${isAmount ? 'Amount' : name}`;
}

const FIXED = 'of a payment that has taken effect cannot be changed: leave it out';
const fixed = z.undefined({ error: FIXED }).optional();

/** PUT /v1/object/payment/{id}: what is absent stays. */
export const wireObjectPaymentChanges = withCustomFields({
  AccountId: fixed,
  AccountingCode: wireText(100).nullish(),
  Amount: fixed,
  Comment: wireText(255).nullish(),
  EffectiveDate: fixed,
  PaymentMethodId: fixed,
  ReferenceId: wireText(100).nullish(),
  Status: oneOf(['Canceled', 'Voided']).optional(),
  TransferredToAccounting: oneOf(TRANSFERRED_TO_ACCOUNTING).nullish(),
  Type: fixed,
}).refine((body) => body.Status === undefined || Object.keys(body).length === 1, {
  message: 'must be changed alone: send what else changes before it',
  path: ['Status'],
});

export function fromWireObjectPaymentChanges(
  body: z.output<typeof wireObjectPaymentChanges>,
  paymentId: string,
): UpdatePayment {
  return {
    paymentId,
    ...(body.Comment === undefined ? {} : { comment: body.Comment }),
    ...(body.ReferenceId === undefined ? {} : { referenceId: body.ReferenceId }),
    details: financeOf(body),
    customFields: customFieldsOf(body),
  };
}
