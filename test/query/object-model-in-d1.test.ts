import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { fieldNamed, objectNamed, objects } from '../../src/query/objects/index.ts';
import type { ModelObject, ObjectField } from '../../src/query/objects/model.ts';
import { fromMillionths } from '../../src/query/objects/values.ts';
import { columnsOf, fromClause } from '../../src/query/objects/view.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import { type QueriedAccount, queriedAccount } from '../support/queried-account.ts';

// The object model as SQL: every field of every object is selected from D1, and says what REST says.

let api: InProcessApi;
let made: QueriedAccount;

beforeAll(async () => {
  api = await inProcessApi('admin');
  made = await queriedAccount(api, 'model');
});

const named = (name: string): ModelObject => objectNamed(name)!;

/** Values as they would be shown: decimals as numbers. */
async function select(
  name: string,
  where: string,
  ...values: string[]
): Promise<Array<Record<string, unknown>>> {
  const object = named(name);
  const { fields } = object;
  const from = fromClause(object, [...fields.map(({ sql }) => sql), where]);
  const rows: Array<Record<string, unknown>> = [];
  // D1 gives at most 100 columns.
  for (let at = 0; at < fields.length; at += 90) {
    const part = fields.slice(at, at + 90);
    const columns = part.map(
      ({ sql, type }, i) => `${type === 'decimal' ? `CAST(${sql} AS TEXT)` : sql} AS c${i}`,
    );
    const { results } = await env.DB.prepare(
      `SELECT ${columns.join(', ')} FROM ${from} WHERE (${where}) AND ${object.only ?? 'TRUE'} ORDER BY t.id`,
    )
      .bind(...values)
      .all();
    for (const [i, row] of results.entries()) {
      rows[i] = {
        ...rows[i],
        ...Object.fromEntries(part.map((field, c) => [field.name, shown(field, row[`c${c}`])])),
      };
    }
  }
  return rows;
}

function shown(field: ObjectField, value: unknown): unknown {
  if (field.type === 'decimal') return value === null ? null : Number(fromMillionths(value as string));
  return field.type === 'boolean' && value !== null ? value === 1 : value;
}

describe('SQL of the model', () => {
  test.each(objects.map(({ name }) => name))('%s: every field can be selected', async (name) => {
    const rows = await select(name, 'TRUE');
    expect(rows.length).toBeGreaterThanOrEqual(
      ['ContactSnapshot', 'UnitOfMeasure', 'ExternalProductRatePlan', 'RefundApplicationItem'].includes(name)
        ? 0
        : 1,
    );
    const { fields } = named(name);
    for (const row of rows) {
      for (const field of fields)
        expect(fits(field, row[field.name]), `${name}.${field.name}: ${String(row[field.name])}`).toBe(true);
    }
  });

  test('columns that fields are made of are columns of D1', async () => {
    for (const object of objects) {
      for (const [table, columns] of columnsOf(object, object.fields)) {
        const { results } = await env.DB.prepare(`PRAGMA table_info(${table})`).all<{ name: string }>();
        const known = new Set(results.map((column) => column.name));
        expect(
          [...columns].filter((column) => !known.has(column)),
          `${object.name}: ${table}`,
        ).toEqual([]);
      }
    }
  });

  test('a custom field is read under its own name, whatever the object', async () => {
    await api.put(`/v1/accounts/${made.accountId}`, { region__c: 'west' });
    const field = fieldNamed(named('Account'), 'region__c')!;
    const row = await env.DB.prepare(`SELECT ${field.sql} AS value FROM account AS t WHERE t.id = ?1`)
      .bind(made.accountId)
      .first();
    expect(row).toEqual({ value: 'west' });
    expect(fieldNamed(named('Account'), "region__c') OR 1=1 --")).toBeUndefined();
  });
});

const DATE = /^\d{4}-\d\d-\d\d$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function fits({ type }: ObjectField, value: unknown): boolean {
  if (value === null) return true;
  if (type === 'decimal') return typeof value === 'number';
  if (type === 'integer') return Number.isSafeInteger(value);
  if (type === 'boolean') return typeof value === 'boolean';
  if (type === 'date') return DATE.test(value as string);
  if (type === 'datetime') return INSTANT.test(value as string);
  return typeof value === 'string';
}

describe('values are those of REST', () => {
  test('an account, as of its last fold', async () => {
    await api.post(`/v1/spillway/accounts/${made.accountId}/metrics/refresh`, {});
    const { body } = await api.get(`/v1/accounts/${made.accountId}`);
    const [row] = await select('Account', 't.id = ?1', made.accountId);
    // 8 × 6.25 a month; 20 of the posted invoice, 7.5 of the debit memo, 120 − 110 − 4 of the payment are left.
    expect(body.metrics).toMatchObject({
      contractedMrr: 50,
      totalInvoiceBalance: 20,
      totalDebitMemoBalance: 7.5,
    });
    expect(row).toMatchObject({
      AccountNumber: body.basicInfo.accountNumber,
      PartnerAccount: true,
      Mrr: 50,
      TotalInvoiceBalance: 20,
      TotalDebitMemoBalance: 7.5,
      UnappliedBalance: 6,
      Balance: 21.5,
      LastInvoiceDate: '2026-03-15',
      AdditionalEmailAddresses: 'one@example.com,two@example.com',
      DefaultPaymentMethodId: made.paymentMethodId,
      BillToId: made.billToContactId,
    });
    expect(Date.parse(row!.LastMetricsUpdate as string)).toBe(Date.parse(body.basicInfo.lastMetricsUpdate));
  });

  test('invoices and their lines', async () => {
    for (const id of [made.invoiceId, made.standaloneInvoiceId]) {
      const { body } = await api.get(`/v1/invoices/${id}`);
      const [row] = await select('Invoice', 't.id = ?1', id);
      expectSame(row!, body, [
        'amount',
        'balance',
        'dueDate',
        'invoiceDate',
        'status',
        'source',
        'sourceType',
        'paymentAmount',
        'creditMemoAmount',
        'includesRecurring',
        'includesOneTime',
        'includesUsage',
        'targetDate',
        'taxStatus',
      ]);
      const items = await api.get(`/v1/invoices/${id}/items`);
      const rows = await select('InvoiceItem', 't.invoice_id = ?1', id);
      for (const item of items.body.invoiceItems) {
        const line = rows.find((one) => one.Id === item.id)!;
        expectSame(line, item, [
          'balance',
          'chargeAmount',
          'chargeName',
          'quantity',
          'unitPrice',
          'serviceStartDate',
          'sourceItemType',
          'subscriptionId',
          'productRatePlanChargeId',
        ]);
      }
    }
    // 110 and 20 are laid over 100 and then 50.
    const lines = await select('InvoiceItem', 't.invoice_id = ?1', made.standaloneInvoiceId);
    expect(new Map(lines.map(({ ChargeAmount, Balance }) => [ChargeAmount, Balance]))).toEqual(
      new Map([
        [100, 0],
        [50, 20],
      ]),
    );
  });

  test('a subscription, its plan and its charges', async () => {
    const { body } = await api.get(`/v1/subscriptions/${made.subscriptionNumber}?charge-detail=all-segments`);
    const [row] = await select('Subscription', 't.id = ?1', body.id);
    expectSame(row!, body, [
      'accountId',
      'autoRenew',
      'currentTerm',
      'isLatestVersion',
      'revision',
      'status',
      'termEndDate',
      'termType',
      'version',
      'lastBookingDate',
    ]);
    expect(row).toMatchObject({ Name: made.subscriptionNumber, CMRR: body.contractedMrr, Version: 2 });
    const [plan] = await select('RatePlan', 's.id = ?1', body.id);
    const [shownPlan] = body.ratePlans;
    expect(plan).toMatchObject({
      Id: shownPlan.id,
      Name: shownPlan.ratePlanName,
      SubscriptionId: body.id,
      AmendmentType: 'UpdateProduct',
    });
    const charges = await select('RatePlanCharge', 't.rate_plan_id = ?1', shownPlan.id);
    expect(charges.length).toBe(shownPlan.ratePlanCharges.length);
    for (const charge of shownPlan.ratePlanCharges) {
      const segment = charges.find(({ Id }) => Id === charge.id)!;
      expect(segment).toMatchObject({
        ChargeNumber: charge.number,
        Segment: charge.segment,
        Quantity: charge.quantity,
        MRR: charge.mrr,
        DMRC: charge.dmrc,
        TCV: charge.tcv,
        DTCV: charge.dtcv,
        EffectiveStartDate: charge.effectiveStartDate,
        EffectiveEndDate: charge.effectiveEndDate,
        ChargedThroughDate: charge.chargedThroughDate,
        IsProcessed: charge.done,
        OriginalOrderDate: charge.originalOrderDate,
        AmendedByOrderOn: charge.amendedByOrderOn ?? null,
      });
    }
    const last = charges
      .filter(({ IsLastSegment }) => IsLastSegment)
      .map(({ Name, Quantity, MRR }) => [Name, Quantity, MRR]);
    expect(last).toContainEqual(['Seats', 8, 50]);
    expect(last).toHaveLength(2);
  });

  test('payments, refunds and memos', async () => {
    const payment = await api.get(`/v1/payments/${made.paymentId}`);
    const [paid] = await select('Payment', 't.id = ?1', made.paymentId);
    expectSame(paid!, payment.body, [
      'amount',
      'appliedAmount',
      'unappliedAmount',
      'refundAmount',
      'status',
      'type',
      'effectiveDate',
      'gatewayState',
      'currency',
    ]);
    const applied = await select('PaymentApplication', 't.payment_id = ?1', made.paymentId);
    expect(applied).toMatchObject([
      {
        ApplyAmount: 110,
        InvoiceId: made.standaloneInvoiceId,
        DebitMemoId: null,
        BillingDocumentOwnerId: made.accountId,
      },
    ]);
    const refund = await api.get(`/v1/refunds/${made.refundId}`);
    const [refunded] = await select('Refund', 't.id = ?1', made.refundId);
    expectSame(refunded!, refund.body, ['amount', 'status', 'type', 'methodType', 'refundDate', 'paymentId']);
    const memo = await api.get(`/v1/credit-memos/${made.creditMemoId}`);
    const [credit] = await select('CreditMemo', 't.id = ?1', made.creditMemoId);
    expectSame(credit!, memo.body, [
      'appliedAmount',
      'refundAmount',
      'status',
      'source',
      'sourceType',
      'currency',
    ]);
    expect(credit).toMatchObject({ Balance: 0, TotalAmount: 20, MemoDate: '2026-03-21' });
    const [creditLine] = await select('CreditMemoItem', 't.credit_memo_id = ?1', made.creditMemoId);
    expect(creditLine).toMatchObject({
      Amount: 20,
      AppliedToOthersAmount: 20,
      UnappliedAmount: 0,
      SourceItemType: 'InvoiceDetail',
    });
    const [debit] = await select('DebitMemo', 't.id = ?1', made.debitMemoId);
    expect(debit).toMatchObject({ Balance: 7.5, TotalAmount: 7.5, Status: 'Posted' });
  });

  test('usage and an order line item', async () => {
    const { body } = await api.get(`/v1/object/usage/${made.usageId}`);
    const [row] = await select('Usage', 't.id = ?1', made.usageId);
    expect(row).toMatchObject({
      Quantity: 10,
      UOM: 'Minutes',
      RbeStatus: body.RbeStatus,
      ChargeId: body.ChargeId,
      SubscriptionId: body.SubscriptionId,
      AccountNumber: made.accountNumber,
    });
    const [item] = await select('OrderLineItem', 't.id = ?1', made.lineItemId);
    expect(item).toMatchObject({
      Amount: 100.25,
      AmountPerUnit: 50.125,
      Quantity: 2,
      ItemState: 'Executing',
    });
  });
});

/** The fields of these names say what the reply says. */
function expectSame(
  row: Record<string, unknown>,
  body: Record<string, unknown>,
  names: readonly string[],
): void {
  for (const name of names) {
    const field = name.slice(0, 1).toUpperCase() + name.slice(1);
    expect(row[field], `${field} of ${JSON.stringify(body[name])}`).toEqual(body[name] ?? null);
  }
}
