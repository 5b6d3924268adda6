import type { Account, AccountUsage } from './accounts/account.ts';
import type { Contact, ContactSnapshot } from './accounts/contact.ts';
import type { AsyncJob } from './async-jobs/async-job.ts';
import type { BillRun, BillRunAccount } from './billing/bill-run.ts';
import type { DocumentBilling, SubscriptionBilling } from './billing/billable.ts';
import type { BillingPreviewRun } from './billing/billing-preview-run.ts';
import type { UsageBilled } from './billing/delete-usage.ts';
import type { CreditMemoLines, DebitMemoLines, InvoiceLines } from './billing/document-lines.ts';
import type { Invoice, InvoiceItem } from './billing/invoice.ts';
import type { InvoiceMemos } from './billing/invoice-memos.ts';
import type { Usage, UsageTotal } from './billing/usage.ts';
import type { UsageCharges } from './billing/usage-charge.ts';
import type { UsageImport, UsageImportPiece } from './billing/usage-import.ts';
import type {
  CatalogState,
  CatalogUsage,
  ChargeTierKey,
  Product,
  ProductRatePlan,
  ProductRatePlanCharge,
  ProductSku,
  RatePlanExternalId,
  RatePlanOffer,
} from './catalog/catalog.ts';
import type { UnitOfMeasure, UnitOfMeasureUse } from './catalog/unit-of-measure.ts';
import type { Order, OrderAction, OrderSubscription, StoredOrderDelta } from './orders/order.ts';
import type { OrderEffects } from './orders/order-effects.ts';
import type { OrderLineItem } from './orders/order-line-item.ts';
import type { WholeOrder } from './orders/whole-order.ts';
import type { Application } from './settlement/application.ts';
import type { CreditMemo, CreditMemoItem } from './settlement/credit-memo.ts';
import type { DebitMemo, DebitMemoItem } from './settlement/debit-memo.ts';
import type { Payment } from './settlement/payment.ts';
import type { PaymentApplications } from './settlement/payment-applications.ts';
import type { PaymentMethod } from './settlement/payment-method.ts';
import type { Refund } from './settlement/refund.ts';
import type { Charge, RatePlan, Subscription } from './subscriptions/subscription.ts';
import type { SubscriptionContent } from './subscriptions/subscription-content.ts';
import type { SubscriptionLineage } from './subscriptions/subscription-lineage.ts';

/**
 * Every kind of object that a command can read or change. Each has an `id` and a `revision`: 0 until it is
 * stored, then 1, 2, 3 … one higher with every commit that changes it.
 */
export interface Entities {
  account: Account;
  /** Read only, key = account id: what hangs on an account. */
  accountUsage: AccountUsage;
  contact: Contact;
  contactSnapshot: ContactSnapshot;
  /** One row, id 'catalog': its revision moves with every change of the catalog, so that cached offers are known to be current. */
  catalogState: CatalogState;
  product: Product;
  productRatePlan: ProductRatePlan;
  productRatePlanCharge: ProductRatePlanCharge;
  chargeTierKey: ChargeTierKey;
  ratePlanExternalId: RatePlanExternalId;
  productSku: ProductSku;
  unitOfMeasure: UnitOfMeasure;
  /** Read only, key = name of a unit: whether a charge counts in it; guarded by catalogState. */
  unitOfMeasureUse: UnitOfMeasureUse;
  catalogUsage: CatalogUsage;
  /** Read only: a product rate plan with its charges, as orders use it; guarded by catalogState. */
  ratePlanOffer: RatePlanOffer;
  order: Order;
  /** Read only, key = number or id: an order with its lines and actions; guarded by its row. */
  wholeOrder: WholeOrder;
  /** Read only, key = order id: the rows that an order made and replaced; guarded by the rows of its subscriptions. */
  orderEffects: OrderEffects;
  orderSubscription: OrderSubscription;
  orderAction: OrderAction;
  orderDelta: StoredOrderDelta;
  orderLineItem: OrderLineItem;
  subscription: Subscription;
  /** Read only: the latest version as orders change it; guarded by its subscription's row. */
  subscriptionContent: SubscriptionContent;
  /** Read only, key = id of the first version: all rows of a subscription, for its deletion. */
  subscriptionLineage: SubscriptionLineage;
  ratePlan: RatePlan;
  charge: Charge;
  invoice: Invoice;
  invoiceItem: InvoiceItem;
  /** Read only: lines of an invoice; guarded by themselves. */
  invoiceLines: InvoiceLines;
  /** Read only, key = invoice id: whether memos were made from it. */
  invoiceMemos: InvoiceMemos;
  billRun: BillRun;
  billRunAccount: BillRunAccount;
  billingPreviewRun: BillingPreviewRun;
  usage: Usage;
  /** Read only, key = usage id: whether a live line counts the record. */
  usageBilled: UsageBilled;
  /** Read only, key = how a request names a charge: the charges that it may mean; guarded by the rows of their subscriptions. */
  usageCharges: UsageCharges;
  usageImport: UsageImport;
  usageImportPiece: UsageImportPiece;
  /** Read only, key = charge number and days: guarded by the highest record. */
  usageTotal: UsageTotal;
  /** Read only, key = `billingKey`: what there is to bill, and what is billed; guarded by its subscription's row and documents. */
  subscriptionBilling: SubscriptionBilling;
  /** Read only, key = document id: which subscriptions its cancellation sets back; guarded by its own query. */
  documentBilling: DocumentBilling;
  creditMemo: CreditMemo;
  creditMemoItem: CreditMemoItem;
  /** Read only: lines of a credit memo; guarded by themselves. */
  creditMemoLines: CreditMemoLines;
  debitMemoLines: DebitMemoLines;
  creditMemoApplication: Application;
  debitMemo: DebitMemo;
  debitMemoItem: DebitMemoItem;
  payment: Payment;
  paymentApplication: Application;
  /** Read only, key = payment id: what the payment is applied to, from the last document on; guarded by the payment's row. */
  paymentApplications: PaymentApplications;
  paymentMethod: PaymentMethod;
  refund: Refund;
  asyncJob: AsyncJob;
}

export type EntityKind = keyof Entities;

export interface Stored {
  readonly id: string;
  readonly revision: number;
}

/** Who did it and when; instants are ISO 8601 UTC with milliseconds. */
export interface Audit {
  readonly createdAt: string;
  readonly createdBy: string;
  readonly updatedAt: string;
  readonly updatedBy: string;
}
