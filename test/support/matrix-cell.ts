import { expect } from 'vitest';
import type { JsonValue } from '../conformance/support/contract-data.ts';
import {
  type Account,
  createAccount,
  createPlan,
  createSubscriptionAction,
  FLAT_MONTHLY_CHARGE,
  type Plan,
} from '../conformance/support/fixtures.ts';
import { expectSuccess, listAt, textAt } from '../conformance/support/reply-reading.ts';
import type { ApiReply } from './api-client.ts';
import type { Scenario } from './scenario.ts';

/** Numbers of an account in one currency, in minor units; contracted MRR too. */
export interface Numbers {
  readonly CMRR: number;
  readonly TIB: number;
  readonly TDB: number;
  readonly UPA: number;
  readonly UCM: number;
  readonly BAL: number;
  readonly LID: string | null;
}

/** What an operation moves, in whole units of the currency; what is not named stays. `LID` is the date that it is afterwards. */
export interface Moves {
  readonly CMRR?: number;
  readonly TIB?: number;
  readonly TDB?: number;
  readonly UPA?: number;
  readonly UCM?: number;
  readonly LID?: string | null;
}

/** One row of the matrix (semantics F.1): what is there before, the operation, what it moves. */
export interface MatrixRow {
  readonly row: number;
  readonly name: string;
  /** Sets the scene and gives back the operation. */
  readonly prepare: (cell: Cell) => Promise<() => Promise<unknown>>;
  readonly moves: Moves;
  /** What the operation moves on the cell's other account, where it has one. */
  readonly movesOther?: Moves;
}

const ZERO: Numbers = { CMRR: 0, TIB: 0, TDB: 0, UPA: 0, UCM: 0, BAL: 0, LID: null };
const CURRENCIES = ['USD', 'EUR'] as const;
export type MatrixCurrency = (typeof CURRENCIES)[number];

export const FLAT_PRICE = 100;
export const FIRST_DAY = '2026-01-01';
export const INVOICE_DAY = '2026-03-15';

/** Catalog that all cells share. */
export interface MatrixCatalog {
  readonly flat: Plan;
  readonly other: Plan;
  readonly fixedPeriod: Plan;
  readonly oneTime: Plan;
}

export async function matrixCatalog({ checked }: Scenario): Promise<MatrixCatalog> {
  const priced = (price: number, fields: object = {}) =>
    createPlan(checked, {
      ...fields,
      ProductRatePlanChargeTierData: {
        ProductRatePlanChargeTier: CURRENCIES.map((Currency) => ({ Currency, Price: price })),
      },
    });
  return {
    flat: await priced(FLAT_PRICE),
    other: await priced(60),
    fixedPeriod: await priced(FLAT_PRICE, { EndDateCondition: 'FixedPeriod', UpToPeriods: 6 }),
    oneTime: await priced(FLAT_PRICE, {
      ...FLAT_MONTHLY_CHARGE,
      Name: 'Set-up',
      ChargeType: 'OneTime',
      BillingPeriod: undefined,
    }),
  };
}

/** One cell of the matrix: an account, flagged or not, that works in one currency. */
export class Cell {
  readonly scenario: Scenario;
  readonly account: Account;
  readonly other: Account;
  readonly currency: MatrixCurrency;
  readonly catalog: MatrixCatalog;

  private constructor(parts: {
    scenario: Scenario;
    account: Account;
    other: Account;
    currency: MatrixCurrency;
    catalog: MatrixCatalog;
  }) {
    this.scenario = parts.scenario;
    this.account = parts.account;
    this.other = parts.other;
    this.currency = parts.currency;
    this.catalog = parts.catalog;
  }

  /** @param currency of everything that is done; the accounts are in USD */
  static async create(
    scenario: Scenario,
    catalog: MatrixCatalog,
    partnerAccount: boolean,
    currency: MatrixCurrency,
  ): Promise<Cell> {
    const account = await createAccount(scenario.checked, { partnerAccount });
    const other = await createAccount(scenario.checked, { partnerAccount });
    return new Cell({ scenario, account, other, currency, catalog });
  }

  async send(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<JsonValue> {
    return expectSuccess((await this.scenario.client.call(method, path, body)) as ApiReply<JsonValue>);
  }

  async #idOf(path: string, body: object): Promise<string> {
    return textAt(await this.send('POST', path, body), 'id');
  }

  invoice(amount: number, fields: object = { status: 'Posted' }): Promise<string> {
    return this.#idOf('/v1/invoices', {
      accountId: this.account.id,
      currency: this.currency,
      invoiceDate: INVOICE_DAY,
      invoiceItems: [{ chargeName: 'Line', amount, serviceStartDate: '2026-03-01' }],
      ...fields,
    });
  }

  payment(amount: number, fields: object = {}): Promise<string> {
    return this.#idOf('/v1/payments', {
      accountId: this.account.id,
      amount,
      currency: this.currency,
      type: 'External',
      paymentMethodType: 'Check',
      effectiveDate: '2026-03-20',
      ...fields,
    });
  }

  creditMemo(amount: number, fields: object = { autoPost: true }): Promise<string> {
    return this.#memo('credit-memos', amount, fields);
  }

  debitMemo(amount: number, fields: object = { autoPost: true }): Promise<string> {
    return this.#memo('debit-memos', amount, fields);
  }

  #memo(path: string, amount: number, fields: object): Promise<string> {
    return this.#idOf(`/v1/${path}`, {
      accountId: this.account.id,
      currency: this.currency,
      effectiveDate: INVOICE_DAY,
      charges: [{ productRatePlanChargeId: this.catalog.oneTime.chargeId, amount }],
      ...fields,
    });
  }

  refund(paymentId: string, amount: number, path = 'refunds'): Promise<string> {
    return this.#idOf(`/v1/payments/${paymentId}/${path}`, this.externalRefund(amount));
  }

  externalRefund(totalAmount: number): object {
    return { totalAmount, type: 'External', methodType: 'Check', refundDate: '2026-03-25' };
  }

  apply(
    source: string,
    amounts: { invoice?: [string, number]; debitMemo?: [string, number] },
    verb = 'apply',
  ) {
    const { invoice, debitMemo } = amounts;
    return this.send('PUT', `/v1/${source}/${verb}`, {
      ...(invoice === undefined ? {} : { invoices: [{ invoiceId: invoice[0], amount: invoice[1] }] }),
      ...(debitMemo === undefined
        ? {}
        : { debitMemos: [{ debitMemoId: debitMemo[0], amount: debitMemo[1] }] }),
    });
  }

  /** Places an order; `orderFields` override the order's own. */
  order(subscriptions: readonly object[], orderFields: object = {}): Promise<JsonValue> {
    return this.send('POST', '/v1/orders', {
      orderDate: FIRST_DAY,
      existingAccountNumber: this.account.number,
      subscriptions,
      ...orderFields,
    });
  }

  /** A new subscription to plans of the catalog, from FIRST_DAY on for a year. */
  creation(...plans: readonly Plan[]): object {
    const ratePlans = plans.map(({ ratePlanId }) => ({ productRatePlanId: ratePlanId }));
    return { orderActions: [createSubscriptionAction(ratePlans, FIRST_DAY, { currency: this.currency })] };
  }

  async subscribe(...plans: readonly Plan[]): Promise<Subscribed> {
    const body = await this.order([this.creation(...plans)]);
    const number = textAt(body, 'subscriptions.0.subscriptionNumber');
    const read = await this.scenario.client.get(`/v1/subscriptions/${number}`);
    const subscription = expectSuccess(read as ApiReply<JsonValue>);
    return {
      number,
      orderNumber: textAt(body, 'orderNumber'),
      ratePlanId: textAt(subscription, 'ratePlans.0.id'),
      chargeNumber: textAt(subscription, 'ratePlans.0.ratePlanCharges.0.number'),
    };
  }

  change(number: string, type: string, own: object, fields: object = {}): Promise<JsonValue> {
    const name = type.charAt(0).toLowerCase() + type.slice(1);
    return this.order([{ subscriptionNumber: number, orderActions: [{ type, [name]: own, ...fields }] }]);
  }

  /** The account's exact and published numbers in the cell's currency, and whether the other currency holds anything. */
  async read(account: Account): Promise<{ exact: Numbers; published: Numbers; elsewhere: Numbers }> {
    const reply = await this.scenario.client.get(`/v1/spillway/accounts/${account.id}/metrics`);
    const body = expectSuccess(reply as ApiReply<JsonValue>);
    const other = this.currency === 'USD' ? 'EUR' : 'USD';
    return {
      exact: numbersIn(listAt(body, 'exact'), this.currency),
      published: numbersIn(listAt(body, 'published'), this.currency),
      elsewhere: numbersIn(listAt(body, 'exact'), other),
    };
  }
}

export interface Subscribed {
  readonly number: string;
  readonly orderNumber: string;
  readonly ratePlanId: string;
  readonly chargeNumber: string;
}

function numbersIn(rows: readonly JsonValue[], currency: string): Numbers {
  const row = (rows as ReadonlyArray<Record<string, number | string | null>>).find(
    (candidate) => candidate.currency === currency,
  );
  if (row === undefined) return ZERO;
  const minor = (name: string) => Math.round(Number(row[name]) * 100);
  return {
    CMRR: minor('contractedMrr'),
    TIB: minor('totalInvoiceBalance'),
    TDB: minor('totalDebitMemoBalance'),
    UPA: minor('unappliedPaymentAmount'),
    UCM: minor('unappliedCreditMemoAmount'),
    BAL: minor('balance'),
    LID: row.lastInvoiceDate as string | null,
  };
}

/** The numbers after these moves. The balance follows from its four parts (semantics B.1). */
export function moved(before: Numbers, moves: Moves): Numbers {
  const minor = (units = 0) => Math.round(units * 100);
  const { TIB, TDB, UPA, UCM } = moves;
  return {
    CMRR: before.CMRR + minor(moves.CMRR),
    TIB: before.TIB + minor(TIB),
    TDB: before.TDB + minor(TDB),
    UPA: before.UPA + minor(UPA),
    UCM: before.UCM + minor(UCM),
    BAL: before.BAL + minor(TIB) + minor(TDB) - minor(UPA) - minor(UCM),
    LID: moves.LID === undefined ? before.LID : moves.LID,
  };
}

/** Runs one row in one cell and holds what moved against the row, before and after the fold, and both balances against the documents. */
export async function expectRow(
  cell: Cell,
  { prepare, moves, movesOther }: MatrixRow,
  flagged: boolean,
): Promise<void> {
  const operation = await prepare(cell);
  const watched = movesOther === undefined ? [cell.account] : [cell.account, cell.other];
  if (flagged) for (const account of watched) await cell.scenario.refresh(account);
  const before = await Promise.all(watched.map((account) => cell.read(account)));
  await operation();
  for (const [i, account] of watched.entries()) {
    const expected = moved(before[i]!.exact, i === 0 ? moves : movesOther!);
    const after = await cell.read(account);
    expect(after.exact).toEqual(expected);
    expect(after.elsewhere).toEqual(before[i]!.elsewhere);
    // A partner shows what it showed before; anybody else the new numbers at once.
    expect(after.published).toEqual(flagged ? before[i]!.published : expected);
    if (flagged) {
      await cell.scenario.refresh(account);
      expect((await cell.read(account)).published).toEqual(expected);
    }
  }
  await cell.scenario.expectProven(...watched);
}
