import type { InvoicingPatch } from '../../domain/orders/action-specs.ts';
import { type JsonValue, type Refusal, refuse } from '../../domain/result.ts';
import { wireBoolean, wireKey, wirePaymentTerm, wireText } from '../values.ts';

/** How a subscription is invoiced, as TermsAndConditions, RenewSubscription and OwnerTransfer change it. */
export const invoicingPatchShape = {
  billToContactId: wireKey.nullish(),
  soldToContactId: wireKey.nullish(),
  invoiceGroupNumber: wireText(255).nullish(),
  invoiceTemplateId: wireText(100).nullish(),
  paymentTerm: wirePaymentTerm.nullish(),
  sequenceSetId: wireText(100).nullish(),
  clearingExistingBillToContact: wireBoolean.nullish(),
  clearingExistingSoldToContact: wireBoolean.nullish(),
  clearingExistingInvoiceGroupNumber: wireBoolean.nullish(),
  clearingExistingInvoiceTemplate: wireBoolean.nullish(),
  clearingExistingPaymentTerm: wireBoolean.nullish(),
  clearingExistingSequenceSet: wireBoolean.nullish(),
};

const CONTACTS = [
  ['billToContactId', 'clearingExistingBillToContact'],
  ['soldToContactId', 'clearingExistingSoldToContact'],
] as const;
const DETAILS = [
  ['invoiceGroupNumber', 'clearingExistingInvoiceGroupNumber'],
  ['invoiceTemplateId', 'clearingExistingInvoiceTemplate'],
  ['paymentTerm', 'clearingExistingPaymentTerm'],
  ['sequenceSetId', 'clearingExistingSequenceSet'],
] as const;

type WireInvoicing = {
  readonly [Name in (typeof CONTACTS)[number][0] | (typeof DETAILS)[number][0]]?: string | null | undefined;
} & {
  readonly [Name in (typeof CONTACTS)[number][1] | (typeof DETAILS)[number][1]]?: boolean | null | undefined;
};

/**
 * A value replaces, its `clearingExisting…` clears, neither leaves it. An explicit null leaves it too: clients send null for what they
 * did not set.
 *
 * @param path of the action's own object, for refusals
 */
export function fromWireInvoicingPatch(body: WireInvoicing, path: string): InvoicingPatch | Refusal {
  for (const [name, clearing] of [...CONTACTS, ...DETAILS]) {
    if (body[clearing] === true && body[name] != null)
      return refuse('invalid', `must not be given together with ${clearing}`, `${path}.${name}`);
  }
  const contacts: { -readonly [Name in (typeof CONTACTS)[number][0]]?: string | null } = {};
  for (const [name, clearing] of CONTACTS) {
    if (body[clearing] === true) contacts[name] = null;
    else if (body[name] != null) contacts[name] = body[name];
  }
  const details: { [name: string]: JsonValue } = {};
  for (const [name, clearing] of DETAILS) {
    if (body[clearing] === true) details[name] = null;
    else if (body[name] != null) details[name] = body[name];
  }
  return { ...contacts, details };
}
