import type { GenerateDocuments } from '../../src/domain/billing/generate-documents.ts';
import { fromWireBillRun, wireNewBillRun } from '../../src/wire/bill-runs.ts';
import {
  fromWireCreditMemoFromCharges,
  fromWireCreditMemoFromInvoice,
  fromWireMirrorTerms,
  fromWireMoveCreditMemo,
  wireCreditMemoFromCharges,
  wireCreditMemoFromInvoice,
  wireMoveCreditMemo,
  wireReversal,
} from '../../src/wire/credit-memos.ts';
import { fromWireDebitMemoFromCharges, wireDebitMemoFromCharges } from '../../src/wire/debit-memos.ts';
import { fromWireMovePayment, wireMovePayment } from '../../src/wire/payments.ts';
import {
  fromWireMemoRefund,
  fromWirePaymentRefund,
  fromWireUnapplyRefund,
  wireMemoRefund,
  wirePaymentRefund,
  wireUnapplyRefund,
} from '../../src/wire/refunds.ts';
import type { Fixtures } from './fixtures.ts';
import type { Intent } from './intent.ts';
import type { KnownSubscription } from './known-subscriptions.ts';
import type { Random } from './random.ts';

/** A document or line as the clients saw it last. */
interface Seen {
  readonly id: string;
  readonly accountId: string;
  readonly status?: string;
  readonly currency?: string;
  /** What is open of an invoice, or left of a payment. */
  readonly openMinor?: number;
  /** Its marker, of what may be deleted. */
  readonly comment?: string | null;
}
interface SeenLine {
  readonly id: string;
  readonly documentId: string;
}

/** What is applied to an invoice, as the clients saw it last. */
interface SeenApplication extends Seen {
  readonly invoiceId: string;
  /** In whole units of its currency, at most what is applied. */
  readonly amount: number;
}

/** The source's id and account, the invoice, and what of it is applied: in dollars, cents cut off. */
function applicationsSql(table: string, source: string, sourceKey: string, target: string): string {
  return (
    `SELECT s.id, s.account_id AS accountId, a.${target} AS invoiceId, a.amount_minor / 100 AS amount FROM ${table} AS a ` +
    `JOIN ${source} AS s ON s.id = a.${sourceKey} AND s.currency = 'USD' WHERE a.target_kind = 'invoice' AND a.amount_minor >= 100 ` +
    'ORDER BY a.id DESC LIMIT 40'
  );
}

const QUERIES = {
  invoices:
    'SELECT id, account_id AS accountId, status, currency, balance_minor AS openMinor FROM invoice ORDER BY id DESC LIMIT 40',
  creditMemos:
    'SELECT id, account_id AS accountId, status, comment FROM credit_memo ORDER BY id DESC LIMIT 40',
  debitMemos: 'SELECT id, account_id AS accountId, status, comment FROM debit_memo ORDER BY id DESC LIMIT 40',
  payments:
    'SELECT id, account_id AS accountId, status, currency, unapplied_minor AS openMinor FROM payment ORDER BY id DESC LIMIT 40',
  refunds: 'SELECT id, account_id AS accountId FROM refund ORDER BY id DESC LIMIT 40',
  // A run's lane is its own.
  billRuns: 'SELECT id, id AS accountId, status FROM bill_run ORDER BY id DESC LIMIT 10',
} as const;
type SeenDocuments = { readonly [Name in keyof typeof QUERIES]: readonly Seen[] };
const NOTHING: SeenDocuments = {
  invoices: [],
  creditMemos: [],
  debitMemos: [],
  payments: [],
  refunds: [],
  billRuns: [],
};

const LAST_TARGET_MONTH = 9;
/** Statuses of memos and bill runs in which something can be done to them. */
const FITTING: Readonly<Record<string, readonly string[]>> = {
  post: ['Draft', 'Completed'],
  unpost: ['Posted'],
  cancel: ['Draft', 'Processing'],
  delete: ['Canceled'],
};

/**
 * What clients do beyond orders: bills of accounts, memos of both kinds, refunds, and everything that is taken back; on documents as they saw
 * them last, which others may have changed since.
 */
export class SettlementWorkload {
  readonly #db: D1Database;
  readonly #random: Random;
  readonly #fixtures: Fixtures;
  readonly #marker: (kind: string) => string;
  #seen: SeenDocuments = NOTHING;
  #lines: readonly SeenLine[] = [];
  #chargeIds: readonly string[] = [];
  #ofPayments: readonly SeenApplication[] = [];
  #ofMemos: readonly SeenApplication[] = [];

  constructor(db: D1Database, random: Random, fixtures: Fixtures, marker: (kind: string) => string) {
    this.#db = db;
    this.#random = random;
    this.#fixtures = fixtures;
    this.#marker = marker;
  }

  async look(): Promise<void> {
    const results = await this.#db.batch<Seen>(Object.values(QUERIES).map((sql) => this.#db.prepare(sql)));
    const entries = Object.keys(QUERIES).map((name, i) => [name, results[i]!.results]);
    this.#seen = Object.fromEntries(entries) as SeenDocuments;
    const lines = await this.#db
      .prepare('SELECT id, invoice_id AS documentId FROM invoice_item ORDER BY id DESC LIMIT 60')
      .all<SeenLine>();
    this.#lines = lines.results;
    const [ofPayments, ofMemos] = await this.#db.batch<SeenApplication>([
      this.#db.prepare(applicationsSql('payment_application', 'payment', 'payment_id', 'invoice_id')),
      this.#db.prepare(
        applicationsSql('credit_memo_application', 'credit_memo', 'credit_memo_id', 'document_id'),
      ),
    ]);
    this.#ofPayments = ofPayments!.results;
    this.#ofMemos = ofMemos!.results;
    const charges = await this.#db
      .prepare('SELECT id FROM product_rate_plan_charge ORDER BY id')
      .all<{ id: string }>();
    this.#chargeIds = charges.results.map(({ id }) => id);
  }

  /** Every kind of intent; null where nothing is there yet that it could be about. */
  makers(known: () => readonly KnownSubscription[]): Array<() => Intent | null> {
    return [
      () => this.#bill(known()),
      () => this.#bill(known()),
      () => this.#bill(known()),
      () => this.#bill(known()),
      () => this.#billRun(),
      () => this.#billRun(),
      () => this.#onBillRun(),
      () => this.#onBillRun(),
      () => this.#memo('creditMemo.createFromCharges'),
      () => this.#memo('debitMemo.createFromCharges'),
      () => this.#creditOfInvoice(),
      () => this.#moveMemo('creditMemo.apply'),
      () => this.#moveMemo('creditMemo.apply'),
      () => this.#moveMemo('creditMemo.unapply'),
      () => this.#moveMemoLater(),
      () => this.#movePayment(),
      () => this.#pay(),
      () => this.#pay(),
      () => this.#takeOff(this.#ofPayments, 'payment.unapply'),
      () => this.#takeOff(this.#ofPayments, 'payment.unapply'),
      () => this.#takeOff(this.#ofMemos, 'creditMemo.unapply'),
      () => this.#onMemo(['creditMemo.post', 'creditMemo.unpost', 'creditMemo.cancel', 'creditMemo.delete']),
      () => this.#onMemo(['debitMemo.post', 'debitMemo.unpost', 'debitMemo.cancel', 'debitMemo.delete']),
      () => this.#settled('creditMemo', 'creditMemo.reverse'),
      () => this.#settled('creditMemo', 'creditMemo.writeOff'),
      () => this.#settled('invoice', 'invoice.reverse'),
      () => this.#settled('invoice', 'invoice.writeOff'),
      () => this.#onInvoice(),
      () => this.#refund(),
      () => this.#refund(),
      () => this.#refundOfMemo(),
      () => this.#onRefund(),
      () => this.#onPayment(),
    ];
  }

  #bill(known: readonly KnownSubscription[]): Intent | null {
    if (known.length === 0) return null;
    const account = this.#random.pick(this.#fixtures.accounts);
    // Of all that the client knows: those of others are left alone, wherever they are invoiced by then.
    const subscriptionNumbers = [...new Set(known.map(({ number }) => number))];
    const month = this.#random.integer(1, LAST_TARGET_MONTH);
    const payload: GenerateDocuments = {
      accountId: account.id,
      subscriptionNumbers: this.#random.shuffle(subscriptionNumbers).slice(0, this.#random.integer(1, 12)),
      targetDate: `2026-0${month}-${this.#random.pick(['01', '14', '28'])}`,
      documentDate: `2026-0${month}-15`,
      chargeTypesToExclude: this.#random.chance(0.1) ? ['OneTime'] : [],
      posts: this.#random.chance(0.6),
      creditMemoReasonCode: null,
    };
    return { lane: account.id, kind: 'billing.generate', payload, marker: '', leaves: 'nothing' };
  }

  /** A run over all accounts or some of them, that several clients may start at once. */
  #billRun(): Intent {
    const marker = this.#marker('run');
    const month = this.#random.integer(1, LAST_TARGET_MONTH);
    const accountId = this.#random.pick(this.#fixtures.accounts).id;
    const body = wireNewBillRun.parse({
      name: marker,
      targetDate: `2026-0${month}-01`,
      invoiceDate: `2026-0${month}-05`,
      autoPost: this.#random.chance(0.5),
      ...(this.#random.chance(0.5)
        ? { billRunFilters: [{ filterType: 'Account', accountId }] }
        : { batches: ['Batch1'] }),
    });
    const payload = fromWireBillRun(body);
    return { lane: this.#random.id(), kind: 'billRun.create', payload, marker, leaves: 'document' };
  }

  #onBillRun(): Intent | null {
    const kind = this.#random.pick(['billRun.cancel', 'billRun.post']);
    const run = this.#pickFor('billRuns', kind);
    if (run === null) return null;
    const payload = { billRunId: run.id, invoiceDate: '2026-03-09' };
    return { lane: run.id, kind, payload, marker: '', leaves: 'nothing' };
  }

  #memo(kind: 'creditMemo.createFromCharges' | 'debitMemo.createFromCharges'): Intent {
    const account = this.#random.pick(this.#fixtures.accounts);
    const marker = this.#marker('memo');
    const body = {
      accountId: account.id,
      comment: marker,
      autoPost: this.#random.chance(0.7),
      charges: Array.from({ length: this.#random.integer(1, 2) }, () => ({
        productRatePlanChargeId: this.#random.pick(this.#chargeIds),
        amount: this.#random.integer(1, 200),
      })),
    };
    const payload =
      kind === 'creditMemo.createFromCharges'
        ? fromWireCreditMemoFromCharges(wireCreditMemoFromCharges.parse(body))
        : fromWireDebitMemoFromCharges(wireDebitMemoFromCharges.parse(body));
    return { lane: account.id, kind, payload, marker, leaves: 'document' };
  }

  #creditOfInvoice(): Intent | null {
    const invoice = this.#pick('invoices');
    const line = invoice && this.#lines.find(({ documentId }) => documentId === invoice.id);
    if (invoice === null || line == null) return null;
    const marker = this.#marker('memo');
    const body = wireCreditMemoFromInvoice.parse({
      comment: marker,
      autoPost: this.#random.chance(0.7),
      autoApplyToInvoiceUponPosting: this.#random.chance(0.5),
      items: [{ invoiceItemId: line.id, amount: this.#random.integer(1, 60), skuName: 'Credit' }],
    });
    const payload = fromWireCreditMemoFromInvoice(body, invoice);
    const kind = 'creditMemo.createFromInvoice';
    return { lane: invoice.accountId, kind, payload, marker, leaves: 'document' };
  }

  /** A part of a document of the account; for an invoice sometimes for one of its lines. */
  #parts(accountId: string): object | null {
    const own = (name: 'invoices' | 'debitMemos') =>
      this.#seen[name].filter((document) => document.accountId === accountId);
    const amount = this.#random.integer(1, 120);
    const debitMemos = own('debitMemos');
    if (debitMemos.length > 0 && this.#random.chance(0.3)) {
      return { debitMemos: [{ debitMemoId: this.#random.pick(debitMemos).id, amount }] };
    }
    const invoices = own('invoices');
    if (invoices.length === 0) return null;
    const { id } = this.#random.pick(invoices);
    const line = this.#lines.find(({ documentId }) => documentId === id);
    const items =
      line !== undefined && this.#random.chance(0.3) ? { items: [{ invoiceItemId: line.id, amount }] } : {};
    return { invoices: [{ invoiceId: id, amount, ...items }] };
  }

  #moveMemo(kind: 'creditMemo.apply' | 'creditMemo.unapply'): Intent | null {
    const memo = this.#pick('creditMemos');
    const parts = memo && this.#parts(memo.accountId);
    if (memo === null || parts === null) return null;
    const reference = { creditMemoId: memo.id, accountId: memo.accountId };
    const payload = fromWireMoveCreditMemo(wireMoveCreditMemo.parse(parts), reference);
    return { lane: memo.accountId, kind, payload, marker: '', leaves: 'nothing' };
  }

  /** The same as a job: accepted at once, applied or taken off when the queue or the sweep gets to it. */
  #moveMemoLater(): Intent | null {
    const intent = this.#moveMemo(this.#random.pick(['creditMemo.apply', 'creditMemo.unapply'] as const));
    if (intent === null) return null;
    const { lane, kind, payload } = intent;
    const marker = this.#marker('job');
    const job = { commandKind: kind, payload, laneId: lane, resourceCode: '500000', requestId: marker };
    return { lane, kind: 'job.accept', payload: job, marker, leaves: 'job' };
  }

  /** Applies what a payment had left when the client looked to an invoice that was open then. */
  #pay(): Intent | null {
    const isOpen = ({ status, currency, openMinor = 0 }: Seen) =>
      currency === 'USD' && openMinor >= 100 && (status === 'Posted' || status === 'Processed');
    const payments = this.#seen.payments.filter(isOpen);
    if (payments.length === 0) return null;
    const payment = this.#random.pick(payments);
    const invoices = this.#seen.invoices.filter(
      (seen) => isOpen(seen) && seen.accountId === payment.accountId,
    );
    if (invoices.length === 0) return null;
    const invoice = this.#random.pick(invoices);
    const most = Math.floor(Math.min(payment.openMinor!, invoice.openMinor!) / 100);
    const parts = { invoices: [{ invoiceId: invoice.id, amount: this.#random.integer(1, most) }] };
    const payload = fromWireMovePayment(wireMovePayment.parse(parts), payment.id);
    return { lane: payment.accountId, kind: 'payment.apply', payload, marker: '', leaves: 'nothing' };
  }

  #movePayment(): Intent | null {
    const payment = this.#pick('payments');
    const parts = payment && this.#parts(payment.accountId);
    if (payment === null || parts === null || payment.accountId === '') return null;
    const payload = fromWireMovePayment(wireMovePayment.parse(parts), payment.id);
    const kind = this.#random.chance(0.6) ? 'payment.apply' : 'payment.unapply';
    return { lane: payment.accountId, kind, payload, marker: '', leaves: 'nothing' };
  }

  /** Takes off what was applied when the client looked, or a part of it. */
  #takeOff(seen: readonly SeenApplication[], kind: 'payment.unapply' | 'creditMemo.unapply'): Intent | null {
    if (seen.length === 0) return null;
    const { id, accountId, invoiceId, amount } = this.#random.pick(seen);
    const part = this.#random.chance(0.5) ? amount : this.#random.integer(1, amount);
    const parts = { invoices: [{ invoiceId, amount: part }] };
    const payload =
      kind === 'payment.unapply'
        ? fromWireMovePayment(wireMovePayment.parse(parts), id)
        : fromWireMoveCreditMemo(wireMoveCreditMemo.parse(parts), { creditMemoId: id, accountId });
    return { lane: accountId, kind, payload, marker: '', leaves: 'nothing' };
  }

  #onMemo(kinds: readonly string[]): Intent | null {
    const isCredit = kinds[0]!.startsWith('credit');
    const kind = this.#random.pick(kinds);
    const memo = this.#pickFor(isCredit ? 'creditMemos' : 'debitMemos', kind);
    if (memo === null) return null;
    const { id, accountId } = memo;
    const payload = isCredit ? { creditMemoId: id, accountId } : { debitMemoId: id, accountId };
    const deletes = kind.endsWith('.delete') ? { deletes: memo.comment ?? '' } : {};
    return { lane: accountId, kind, payload, marker: '', leaves: 'nothing', ...deletes };
  }

  #settled(what: 'creditMemo' | 'invoice', kind: string): Intent | null {
    const document = this.#pick(what === 'creditMemo' ? 'creditMemos' : 'invoices');
    if (document === null || !this.#random.chance(0.5)) return null;
    const { id, accountId } = document;
    const terms = fromWireMirrorTerms(wireReversal.parse({}));
    const reference = what === 'creditMemo' ? { creditMemoId: id } : { invoiceId: id };
    const request = { requestId: '00000000-0000-0000-0000-000000000000', resourceCode: '500000' };
    const payload = { ...terms, ...reference, ...request, accountId };
    return { lane: accountId, kind, payload, marker: '', leaves: 'nothing' };
  }

  #onInvoice(): Intent | null {
    const invoice = this.#pick('invoices');
    if (invoice === null) return null;
    const kind = this.#random.pick(['invoice.unpost', 'invoice.cancel', 'invoice.post']);
    const payload = { invoiceId: invoice.id, invoiceDate: null, customFields: {} };
    return { lane: invoice.accountId, kind, payload, marker: '', leaves: 'nothing' };
  }

  #refund(): Intent | null {
    const payment = this.#pick('payments');
    if (payment === null || payment.accountId === '') return null;
    const marker = this.#marker('refund');
    const body = {
      totalAmount: this.#random.integer(1, 100),
      type: 'External',
      methodType: 'Check',
      comment: marker,
    };
    const unapplies = this.#random.chance(0.5);
    return {
      lane: payment.accountId,
      kind: unapplies ? 'refund.ofPaymentAndUnapply' : 'refund.ofPayment',
      payload: unapplies
        ? fromWireUnapplyRefund(wireUnapplyRefund.parse(body), payment.id, [])
        : fromWirePaymentRefund(wirePaymentRefund.parse(body), payment.id, []),
      marker,
      leaves: 'document',
    };
  }

  #refundOfMemo(): Intent | null {
    const memo = this.#pick('creditMemos');
    if (memo === null) return null;
    const marker = this.#marker('refund');
    const body = wireMemoRefund.parse({
      totalAmount: this.#random.integer(1, 60),
      type: 'External',
      methodType: 'Check',
      comment: marker,
    });
    const payload = fromWireMemoRefund(body, memo.id, []);
    return { lane: memo.accountId, kind: 'refund.ofCreditMemo', payload, marker, leaves: 'document' };
  }

  #onRefund(): Intent | null {
    const refund = this.#pick('refunds');
    if (refund === null || refund.accountId === '') return null;
    const payload = { refundId: refund.id };
    return { lane: refund.accountId, kind: 'refund.cancel', payload, marker: '', leaves: 'nothing' };
  }

  #onPayment(): Intent | null {
    const payment = this.#pick('payments');
    if (payment === null) return null;
    const isTransfer = this.#random.chance(0.6);
    const to = this.#random.chance(0.2) ? null : this.#random.pick(this.#fixtures.accounts).id;
    return {
      lane: payment.accountId === '' ? 'unassigned' : payment.accountId,
      kind: isTransfer ? 'payment.transfer' : 'payment.cancel',
      payload: isTransfer ? { paymentId: payment.id, toAccount: to } : { paymentId: payment.id },
      marker: '',
      leaves: 'nothing',
    };
  }

  /** Mostly one that was in a status in which this can be done to it. */
  #pickFor(name: keyof SeenDocuments, kind: string): Seen | null {
    const fitting = this.#seen[name].filter(({ status }) => FITTING[kind.split('.')[1]!]?.includes(status!));
    return fitting.length > 0 && this.#random.chance(0.8) ? this.#random.pick(fitting) : this.#pick(name);
  }

  #pick(name: keyof SeenDocuments): Seen | null {
    const documents = this.#seen[name];
    return documents.length === 0 ? null : this.#random.pick(documents);
  }
}
