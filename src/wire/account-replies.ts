import type { Account } from '../domain/accounts/account.ts';
import type {
  AccountSummaryView,
  AccountView,
  SummaryPayment,
  SummarySubscription,
  SummaryUsage,
} from '../domain/accounts/account-views.ts';
import type { Contact } from '../domain/accounts/contact.ts';
import { type AccountMetrics, laterDate } from '../domain/metrics/account-metrics.ts';
import type { JsonObject } from '../domain/result.ts';
import { toWireContact, toWireSummaryContact } from './contacts.ts';
import { pick, toWireDecimal, toWireMoney, toWireOffsetDateTime } from './values.ts';

/** GET /v1/accounts/{key} */
export function toWireAccount(view: AccountView): JsonObject {
  const { account } = view;
  const own = view.metrics[0]!;
  const { taxInfo, einvoiceProfile } = account.details;
  return {
    basicInfo: {
      ...account.customFields,
      ...basicAttributes(account),
      id: account.id,
      name: account.name,
      accountNumber: account.accountNumber,
      batch: account.batch,
      status: account.status,
      ...(account.parentId === null ? {} : { parentId: account.parentId }),
      ...freshnessOf(view),
    },
    billingAndPayment: {
      additionalEmailAddresses: account.details.additionalEmailAddresses ?? [],
      autoPay: account.autoPay,
      billCycleDay: account.billCycleDay,
      currency: account.currency,
      invoiceDeliveryPrefsEmail: account.details.invoiceDeliveryPrefsEmail ?? false,
      invoiceDeliveryPrefsPrint: account.details.invoiceDeliveryPrefsPrint ?? false,
      paymentTerm: account.paymentTerm,
      ...pick(account.details, ['defaultPaymentMethodId', 'paymentGateway']),
    },
    metrics: { ...toWireMetrics(own), creditBalance: 0 },
    metricsData: view.metrics.map((metrics) => ({ currency: metrics.currency, ...toWireMetrics(metrics) })),
    ...contactsOf(view, toWireContact),
    ...(taxInfo === undefined ? {} : { taxInfo }),
    ...(einvoiceProfile === undefined ? {} : { einvoiceProfile }),
    success: true,
  };
}

function basicAttributes(account: Account): JsonObject {
  const { details } = account;
  return {
    ...pick(details, [
      'communicationProfileId',
      'creditMemoTemplateId',
      'debitMemoTemplateId',
      'organizationLabel',
      'profileNumber',
      'purchaseOrderNumber',
      'summaryStatementTemplateId',
    ]),
    ...(details.tagging === undefined ? {} : { tags: details.tagging }),
    crmId: details.crmId ?? '',
    invoiceTemplateId: details.invoiceTemplateId ?? null,
    notes: details.notes ?? '',
    salesRep: details.salesRep ?? '',
    sequenceSetId: details.sequenceSetId ?? null,
  };
}

/** The flag, and how old the numbers are that it lets age: null for an account that is no partner (semantics A.5). */
function freshnessOf({ freshness, timeZone }: AccountView): JsonObject {
  const { partnerAccount, lastMetricsUpdate } = freshness;
  return {
    partnerAccount,
    lastMetricsUpdate: lastMetricsUpdate === null ? null : toWireOffsetDateTime(lastMetricsUpdate, timeZone),
  };
}

function contactsOf({ billTo, soldTo }: AccountView, toWire: (contact: Contact) => JsonObject): JsonObject {
  return {
    ...(billTo === null ? {} : { billToContact: toWire(billTo) }),
    ...(soldTo === null ? {} : { soldToContact: toWire(soldTo) }),
  };
}

/** The metrics of one currency as JSON numbers, as the published samples have them. */
export function toWireMetrics(metrics: AccountMetrics): JsonObject {
  return {
    balance: toWireDecimal(metrics.balance),
    contractedMrr: toWireDecimal(metrics.contractedMrr),
    reservedPaymentAmount: toWireDecimal(metrics.reservedPaymentAmount),
    totalDebitMemoBalance: toWireDecimal(metrics.totalDebitMemoBalance),
    totalInvoiceBalance: toWireDecimal(metrics.totalInvoiceBalance),
    unappliedCreditMemoAmount: toWireDecimal(metrics.unappliedCreditMemoAmount),
    unappliedPaymentAmount: toWireDecimal(metrics.unappliedPaymentAmount),
  };
}

/** GET /v1/accounts/{key}/summary */
export function toWireAccountSummary(view: AccountSummaryView, withUsage: boolean): JsonObject {
  const { account, lastPayment } = view;
  const { taxInfo } = account.details;
  return {
    basicInfo: {
      ...account.customFields,
      ...pick(account.details, ['organizationLabel', 'purchaseOrderNumber']),
      ...(account.details.tagging === undefined ? {} : { tags: account.details.tagging }),
      id: account.id,
      accountNumber: account.accountNumber,
      name: account.name,
      additionalEmailAddresses: account.details.additionalEmailAddresses ?? [],
      autoPay: account.autoPay,
      balance: toWireDecimal(view.metrics[0]!.balance),
      batch: account.batch,
      billCycleDay: account.billCycleDay,
      currency: account.currency,
      invoiceDeliveryPrefsEmail: account.details.invoiceDeliveryPrefsEmail ?? false,
      invoiceDeliveryPrefsPrint: account.details.invoiceDeliveryPrefsPrint ?? false,
      lastInvoiceDate: lastInvoiceDateOf(view.metrics),
      ...(lastPayment === null
        ? {}
        : {
            lastPaymentAmount: toWireMoney(lastPayment.amountMinor, lastPayment.currency),
            lastPaymentDate: lastPayment.effectiveDate,
          }),
      status: account.status,
      ...freshnessOf(view),
    },
    ...contactsOf(view, toWireSummaryContact),
    ...(taxInfo === undefined ? {} : { taxInfo }),
    invoices: view.invoices.map((invoice) => ({
      id: invoice.id,
      invoiceNumber: invoice.invoiceNumber,
      invoiceDate: invoice.invoiceDate,
      dueDate: invoice.dueDate,
      amount: toWireMoney(invoice.amountMinor, invoice.currency),
      balance: toWireMoney(invoice.balanceMinor, invoice.currency),
      status: invoice.status,
    })),
    payments: view.payments.map(toWirePayment),
    subscriptions: view.subscriptions.map(toWireSubscription),
    ...(withUsage ? { usage: view.usage.map(toWireUsage) } : {}),
    success: true,
  };
}

/** The last over all currencies; it is published with the other metrics, so a partner's may be as old as they are. */
export function lastInvoiceDateOf(metrics: readonly AccountMetrics[]): string | null {
  return metrics.reduce<string | null>((last, row) => laterDate(last, row.lastInvoiceDate), null);
}

function toWirePayment(payment: SummaryPayment): JsonObject {
  return {
    id: payment.id,
    paymentNumber: payment.paymentNumber,
    effectiveDate: payment.effectiveDate,
    paymentType: payment.paymentType,
    status: payment.status,
    paidInvoices: payment.paidInvoices.map((paid) => ({
      invoiceId: paid.invoiceId,
      invoiceNumber: paid.invoiceNumber,
      appliedPaymentAmount: toWireMoney(paid.amountMinor, paid.currency),
    })),
  };
}

function toWireUsage({ quantity, startDate, unitOfMeasure }: SummaryUsage): JsonObject {
  return { quantity: toWireDecimal(quantity), startDate, unitOfMeasure };
}

function toWireSubscription(subscription: SummarySubscription): JsonObject {
  const { termEndDate, initialTerm, renewalTerm } = subscription;
  return {
    id: subscription.id,
    subscriptionNumber: subscription.subscriptionNumber,
    status: subscription.status,
    autoRenew: subscription.autoRenew,
    termType: subscription.termType,
    subscriptionStartDate: subscription.subscriptionStartDate,
    termStartDate: subscription.termStartDate,
    ...(termEndDate === null ? {} : { termEndDate }),
    ...(initialTerm === null ? {} : { initialTerm }),
    ...(renewalTerm === null ? {} : { renewalTerm }),
    ratePlans: subscription.ratePlans.map((plan) => ({ ...plan })),
  };
}
