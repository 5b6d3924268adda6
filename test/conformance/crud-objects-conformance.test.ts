import { expect, vi } from 'vitest';
import { queriedAccount } from '../support/queried-account.ts';
import { type CheckedApi, conformance } from './support/conformance.ts';
import {
  createAccount,
  createInvoice,
  createPayment,
  createPlan,
  createPostedInvoice,
  orderSubscription,
  uniqueName,
} from './support/fixtures.ts';
import {
  expectCreated,
  expectCrudMissing,
  expectCrudRefusal,
  expectSuccess,
  ID,
  listAt,
  textAt,
  valueAt,
} from './support/reply-reading.ts';

// The older resources of billing and settlement: made, read, changed and deleted under their own names, with the envelopes of their family.
const NOBODY = '0'.repeat(32);
const CARD = {
  Type: 'CreditCard',
  CreditCardType: 'Visa',
  CreditCardNumber: '4111111111111111',
  CreditCardExpirationMonth: 12,
  CreditCardExpirationYear: 2098,
  CreditCardHolderName: 'Amy Lawrence',
};
const external = (AccountId: string, fields: object) => ({
  AccountId,
  Type: 'External',
  PaymentMethodId: NOBODY,
  EffectiveDate: '2026-03-20',
  Status: 'Processed',
  ...fields,
});

async function read(api: CheckedApi, object: string, id: string) {
  const reply = await api.get(`/v1/object/${object}/${id}`);
  expect(reply, JSON.stringify(reply.body)).toMatchObject({ status: 200, body: { Id: id } });
  return reply.body;
}

async function deleted(api: CheckedApi, object: string, id: string): Promise<void> {
  const path = `/v1/object/${object}/${id}`;
  expect(await api.delete(path)).toMatchObject({ status: 200, body: { success: true, id } });
  expectCrudMissing(await api.get(path));
  expectCrudMissing(await api.delete(path));
}

conformance(
  [
    'Object_GETAccount',
    'Object_GETBillRun',
    'Object_GETContact',
    'Object_GETInvoice',
    'Object_GETInvoiceItem',
    'Object_GETInvoicePayment',
    'Object_GETPayment',
    'Object_GETPaymentMethod',
    'Object_GETRatePlan',
    'Object_GETRatePlanCharge',
    'Object_GETRatePlanChargeTier',
    'Object_GETRefund',
    'Object_GETSubscription',
    'Object_GETUsage',
  ],
  'reads every kind of object as it was made elsewhere',
  async (api) => {
    const made = await queriedAccount(api, uniqueName('crud'));
    expect(await read(api, 'account', made.accountId)).toMatchObject({ AccountNumber: made.accountNumber });
    await read(api, 'bill-run', made.billRunId);
    await read(api, 'contact', made.billToContactId);
    expect(await read(api, 'invoice', made.standaloneInvoiceId)).toMatchObject({ Amount: 150 });
    const items = expectSuccess(await api.get(`/v1/invoices/${made.invoiceId}/items`));
    const item = await read(api, 'invoice-item', textAt(items, 'invoiceItems.0.id'));
    expect(item).toMatchObject({ ChargeAmount: 25, InvoiceId: made.invoiceId });
    const parts = expectSuccess(await api.get(`/v1/payments/${made.paymentId}/parts`));
    expect(await read(api, 'invoice-payment', textAt(parts, 'parts.0.id'))).toMatchObject({ Amount: 110 });
    expect(await read(api, 'payment', made.paymentId)).toMatchObject({ Amount: 120, RefundAmount: 4 });
    await read(api, 'payment-method', made.paymentMethodId);
    expect(await read(api, 'refund', made.refundId)).toMatchObject({ Amount: 4 });
    expect(await read(api, 'usage', made.usageId)).toMatchObject({ Quantity: 10, UOM: 'Minutes' });
    const shown = expectSuccess(await api.get(`/v1/subscriptions/${made.subscriptionNumber}`));
    expect(await read(api, 'subscription', textAt(shown, 'id'))).toMatchObject({
      Name: made.subscriptionNumber,
    });
    await read(api, 'rate-plan', textAt(shown, 'ratePlans.0.id'));
    const charge = await read(api, 'rate-plan-charge', textAt(shown, 'ratePlans.0.ratePlanCharges.0.id'));
    expect(charge).toMatchObject({ RatePlanId: textAt(shown, 'ratePlans.0.id') });
    const tier = `${textAt(charge, 'Id').slice(0, 29)}001`;
    expect(await read(api, 'rate-plan-charge-tier', tier)).toMatchObject({
      RatePlanChargeId: valueAt(charge, 'Id'),
    });
  },
);

conformance(
  ['Object_POSTPayment', 'Object_GETPayment', 'Object_PUTPayment', 'Object_DELETEPayment', 'GET_Payment'],
  'takes a payment for an invoice, changes, cancels and deletes it',
  async (api) => {
    const account = await createAccount(api);
    const invoice = await createPostedInvoice(api, account, 105.32);
    const id = expectCreated(
      await api.post(
        '/v1/object/payment',
        external(account.id, {
          Amount: 105.32,
          InvoiceId: invoice.id,
          AppliedInvoiceAmount: 105.32,
          AppliedCreditBalanceAmount: 0,
        }),
      ),
    );
    const path = `/v1/object/payment/${id}`;
    expect(expectCreated(await api.put(path, { AccountingCode: 'Accounts Receivable' }))).toBe(id);
    expect(await read(api, 'payment', id)).toMatchObject({
      Amount: 105.32,
      AccountId: account.id,
      AccountingCode: 'Accounts Receivable',
    });
    expectCrudRefusal(await api.put(path, { Amount: 1 }), { code: 'INVALID_VALUE', names: 'Amount' });
    expectCreated(await api.put(path, { Status: 'Canceled' }));
    expect(expectSuccess(await api.get(`/v1/payments/${id}`))).toMatchObject({ status: 'Canceled' });
    await deleted(api, 'payment', id);
    const wrong = external(account.id, { Amount: 1, Status: undefined });
    expectCrudRefusal(await api.post('/v1/object/payment', wrong), {
      code: 'MISSING_REQUIRED_VALUE',
      names: 'Status',
    });
  },
);

conformance(
  ['Object_POSTInvoicePayment', 'Object_GETInvoicePayment', 'Object_PUTInvoicePayment'],
  'applies a payment to an invoice and sets how much',
  async (api) => {
    const account = await createAccount(api);
    const invoice = await createPostedInvoice(api, account, 50);
    const payment = await createPayment(api, account, 40);
    const body = { Amount: 10, InvoiceId: invoice.id, PaymentId: payment.id };
    const id = expectCreated(await api.post('/v1/object/invoice-payment', body));
    expect(await read(api, 'invoice-payment', id)).toMatchObject(body);
    expect(expectCreated(await api.put(`/v1/object/invoice-payment/${id}`, { Amount: 0.1 }))).toBe(id);
    expect(await read(api, 'invoice-payment', id)).toMatchObject({ Amount: 0.1 });
    const tooMuch = await api.post('/v1/object/invoice-payment', { ...body, Amount: 50 });
    expectCrudRefusal(tooMuch, { code: 'INVALID_VALUE', names: 'Amount' });
    expectCrudMissing(await api.put(`/v1/object/invoice-payment/${NOBODY}`, { Amount: 1 }));
  },
);

conformance(
  ['Object_POSTRefund', 'Object_GETRefund', 'Object_PUTRefund', 'Object_DELETERefund'],
  'refunds a payment, changes, cancels and deletes the refund',
  async (api) => {
    const account = await createAccount(api);
    const payment = await createPayment(api, account, 100);
    const body = { PaymentId: payment.id, Type: 'External', MethodType: 'Check', Amount: 55 };
    const id = expectCreated(await api.post('/v1/object/refund', body));
    expect(expectCreated(await api.put(`/v1/object/refund/${id}`, { ReasonCode: 'Other' }))).toBe(id);
    expect(await read(api, 'refund', id)).toMatchObject({
      Amount: 55,
      ReasonCode: 'Other',
      Type: 'External',
    });
    expectCreated(await api.put(`/v1/object/refund/${id}`, { Status: 'Canceled' }));
    await deleted(api, 'refund', id);
    const wrong = await api.post('/v1/object/refund', { ...body, Amount: undefined });
    expectCrudRefusal(wrong, { code: 'MISSING_REQUIRED_VALUE', names: 'Amount' });
  },
);

conformance(
  [
    'Object_POSTPaymentMethod',
    'Object_GETPaymentMethod',
    'Object_PUTPaymentMethod',
    'Object_DELETEPaymentMethod',
  ],
  'keeps a card, changes and removes it',
  async (api) => {
    const account = await createAccount(api);
    const id = expectCreated(await api.post('/v1/object/payment-method', { ...CARD, AccountId: account.id }));
    const changes = { CreditCardCountry: 'United States', CreditCardState: 'CA' };
    expect(expectCreated(await api.put(`/v1/object/payment-method/${id}`, changes))).toBe(id);
    const shown = await read(api, 'payment-method', id);
    expect(shown).toMatchObject({ AccountId: account.id, Type: 'CreditCard', CreditCardState: 'CA' });
    expect(JSON.stringify(shown)).not.toContain(CARD.CreditCardNumber);
    await deleted(api, 'payment-method', id);
    const wrong = { ...CARD, AccountId: account.id, Type: 'Shells' };
    expectCrudRefusal(await api.post('/v1/object/payment-method', wrong), { names: 'Type' });
  },
);

conformance(
  ['Object_POSTBillRun', 'Object_GETBillRun', 'Object_PUTBillRun', 'Object_DELETEBillRun'],
  'runs a bill run, cancels and deletes it',
  async (api) => {
    const account = await createAccount(api);
    const body = { AccountId: account.id, InvoiceDate: '2026-02-04', TargetDate: '2026-02-04' };
    const id = expectCreated(await api.post('/v1/object/bill-run', body));
    const path = `/v1/object/bill-run/${id}`;
    await vi.waitFor(
      async () => expect(await read(api, 'bill-run', id)).toMatchObject({ Status: 'Completed' }),
      30_000,
    );
    expect(await read(api, 'bill-run', id)).toMatchObject(body);
    expect(expectCreated(await api.put(path, { Status: 'Canceled' }))).toBe(id);
    await vi.waitFor(
      async () => expect(await read(api, 'bill-run', id)).toMatchObject({ Status: 'Canceled' }),
      30_000,
    );
    expect(await api.delete(path)).toMatchObject({ status: 200, body: { success: true, id } });
    expectCrudRefusal(await api.post('/v1/object/bill-run', { ...body, TargetDate: undefined }), {
      code: 'MISSING_REQUIRED_VALUE',
      names: 'TargetDate',
    });
  },
);

conformance(
  ['Object_GETInvoice', 'Object_PUTInvoice', 'Object_DELETEInvoice'],
  'changes a draft invoice, and cancels and deletes it',
  async (api) => {
    const account = await createAccount(api);
    const { id } = await createInvoice(api, account, 10);
    const path = `/v1/object/invoice/${id}`;
    expect(expectCreated(await api.put(path, { Comments: 'checked', DueDate: '2026-06-01' }))).toBe(id);
    expect(await read(api, 'invoice', id)).toMatchObject({
      Status: 'Draft',
      Comments: 'checked',
      DueDate: '2026-06-01',
    });
    expectCrudRefusal(await api.put(path, { Status: 'Paid' }), { names: 'Status' });
    expectCreated(await api.put(path, { Status: 'Canceled' }));
    await deleted(api, 'invoice', id);
  },
);

conformance(
  [
    'Object_PUTSubscription',
    'Object_GETSubscription',
    'Object_DELETESubscription',
    'Object_PUTRatePlanCharge',
  ],
  'changes a subscription and its charge, and deletes it',
  async (api) => {
    const account = await createAccount(api);
    const { subscriptionNumber } = await orderSubscription(api, account, await createPlan(api));
    const shown = expectSuccess(await api.get(`/v1/subscriptions/${subscriptionNumber}`));
    const charge = `/v1/object/rate-plan-charge/${textAt(shown, 'ratePlans.0.ratePlanCharges.0.id')}`;
    expectCreated(await api.put(charge, { meter__c: 'M1' }));
    expect(await api.get(charge)).toMatchObject({ status: 200, body: { meter__c: 'M1' } });
    expectCrudRefusal(await api.put(charge, { PriceIncreasePercentage: 10 }), {
      names: 'PriceIncreasePercentage',
    });
    const id = expectCreated(
      await api.put(`/v1/object/subscription/${textAt(shown, 'id')}`, { IsInvoiceSeparate: true }),
    );
    expect(await read(api, 'subscription', id)).toMatchObject({
      IsInvoiceSeparate: true,
      Name: subscriptionNumber,
    });
    expectCrudRefusal(await api.put(`/v1/object/subscription/${id}`, { Status: 'Cancelled' }), {
      names: 'Status',
    });
    await deleted(api, 'subscription', id);
  },
);

conformance(
  [
    'Object_POSTUnitOfMeasure',
    'Object_GETUnitOfMeasure',
    'Object_PUTUnitOfMeasure',
    'Object_DELETEUnitOfMeasure',
  ],
  'makes, changes and deletes a unit of measure',
  async (api) => {
    const UomName = uniqueName('GB');
    const id = expectCreated(await api.post('/v1/object/unit-of-measure', { UomName, DecimalPlaces: 2 }));
    expect(expectCreated(await api.put(`/v1/object/unit-of-measure/${id}`, { Active: false }))).toBe(id);
    expect(await read(api, 'unit-of-measure', id)).toMatchObject({
      UomName,
      DecimalPlaces: 2,
      Active: false,
    });
    await deleted(api, 'unit-of-measure', id);
    const wrong = await api.post('/v1/object/unit-of-measure', { DecimalPlaces: 2 });
    expectCrudRefusal(wrong, { code: 'MISSING_REQUIRED_VALUE', names: 'UomName' });
  },
);

conformance(
  ['Object_POSTUsage', 'Object_GETUsage', 'Object_PUTUsage', 'Object_DELETEUsage'],
  'records, changes and deletes usage',
  async (api) => {
    const account = await createAccount(api);
    const usageCharge = {
      ChargeType: 'Usage',
      ChargeModel: 'Per Unit Pricing',
      UOM: 'Minutes',
      BillingPeriod: undefined,
    };
    await orderSubscription(api, account, await createPlan(api, usageCharge));
    const body = {
      AccountId: account.id,
      UOM: 'Minutes',
      Quantity: 10,
      StartDateTime: '2026-03-05T10:00:00Z',
    };
    const id = expectCreated(await api.post('/v1/object/usage', body));
    const changes = { EndDateTime: '2026-03-05T12:00:00.000+01:00', Quantity: 4 };
    expect(expectCreated(await api.put(`/v1/object/usage/${id}`, changes))).toBe(id);
    expect(await read(api, 'usage', id)).toMatchObject({
      Quantity: 4,
      EndDateTime: '2026-03-05T11:00:00.000+00:00',
    });
    expectCrudRefusal(await api.put(`/v1/object/usage/${id}`, { UOM: 'Litres' }), { names: 'UOM' });
    await deleted(api, 'usage', id);
  },
);

conformance(
  ['Action_POSTcreate', 'Action_POSTupdate', 'Action_POSTdelete'],
  'writes several objects of a type, with a result for each',
  async (api) => {
    const draft = { Name: uniqueName('Amy Lawrence'), Status: 'Draft', Currency: 'USD', BillCycleDay: 1 };
    const created = await api.post('/v1/action/create', {
      type: 'Account',
      objects: [draft, { ...draft, Name: undefined }],
    });
    expect(created).toMatchObject({ status: 200, body: [{ Success: true }, { Success: false }] });
    const id = textAt(created.body, '0.Id');
    expect(id).toMatch(ID);
    expect(textAt(created.body, '1.Errors.0.Message')).toContain('Name');
    expect(listAt(created.body, '1.Errors')).toHaveLength(1);
    const objects = [
      { Id: id, BillCycleDay: 15 },
      { Id: NOBODY, BillCycleDay: 15 },
    ];
    expect(await api.post('/v1/action/update', { type: 'Account', objects })).toMatchObject({
      status: 200,
      body: [
        { Success: true, Id: id },
        { Success: false, Errors: [{ Code: 'INVALID_ID' }] },
      ],
    });
    expect(await read(api, 'account', id)).toMatchObject({ BillCycleDay: 15 });
    expect(await api.post('/v1/action/delete', { type: 'Account', ids: [id, NOBODY] })).toMatchObject({
      status: 200,
      body: [
        { success: true, id },
        { success: false, errors: [{ Code: 'INVALID_ID' }] },
      ],
    });
    expectCrudRefusal(await api.post('/v1/action/create', { type: 'Hat', objects: [{}] }), { names: 'type' });
    expectCrudRefusal(await api.post('/v1/action/create', { objects: [{}] }), {
      code: 'MISSING_REQUIRED_VALUE',
      names: 'type',
    });
  },
);
