import type { AccountMetrics, MetricsFreshness } from '../metrics/account-metrics.ts';
import type { Decimal } from '../money.ts';
import type { Account } from './account.ts';
import type { Contact } from './contact.ts';

/** An account as it is read: with its contacts and what is published about it. */
export interface AccountView {
  readonly account: Account;
  readonly billTo: Contact | null;
  readonly soldTo: Contact | null;
  readonly freshness: MetricsFreshness;
  /** One row per currency, the account's own first. */
  readonly metrics: readonly AccountMetrics[];
  /** IANA zone in which instants are shown. */
  readonly timeZone: string;
}

export interface SummarySubscription {
  readonly id: string;
  readonly subscriptionNumber: string;
  readonly status: string;
  readonly autoRenew: boolean;
  readonly termType: string;
  readonly initialTerm: number | null;
  readonly renewalTerm: number | null;
  readonly subscriptionStartDate: string;
  readonly termStartDate: string;
  readonly termEndDate: string | null;
  readonly ratePlans: ReadonlyArray<{
    readonly productId: string;
    readonly productName: string;
    readonly productSku: string;
    readonly productRatePlanId: string;
    readonly ratePlanName: string;
  }>;
}

export interface SummaryInvoice {
  readonly id: string;
  readonly invoiceNumber: string;
  readonly invoiceDate: string;
  readonly dueDate: string;
  readonly status: string;
  readonly currency: string;
  readonly amountMinor: number;
  readonly balanceMinor: number;
}

export interface SummaryPayment {
  readonly id: string;
  readonly paymentNumber: string;
  readonly effectiveDate: string;
  readonly paymentType: string;
  readonly status: string;
  readonly paidInvoices: ReadonlyArray<{
    readonly invoiceId: string;
    readonly invoiceNumber: string;
    readonly currency: string;
    readonly amountMinor: number;
  }>;
}

/** An account with the latest of what hangs on it. */
export interface AccountSummaryView extends AccountView {
  readonly lastPayment: {
    readonly effectiveDate: string;
    readonly amountMinor: number;
    readonly currency: string;
  } | null;
  readonly subscriptions: readonly SummarySubscription[];
  readonly invoices: readonly SummaryInvoice[];
  readonly payments: readonly SummaryPayment[];
  readonly usage: readonly SummaryUsage[];
}

/** A record of usage, by its day. */
export interface SummaryUsage {
  readonly startDate: string;
  readonly quantity: Decimal;
  readonly unitOfMeasure: string;
}
