import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { BillRuns } from '../support/bill-run-jobs.ts';
import { putCharge } from '../support/catalog-fixtures.ts';
import { expectRefused, idOf, NOBODY } from '../support/object-writes.ts';
import { provenAfterEach } from '../support/proven-metrics.ts';
import { type Call, connect, metricsOf, putAccount } from '../support/settlement-fixtures.ts';
import { putUsagePlan, subscribe } from '../support/usage-fixtures.ts';

// Bill runs, invoices, usage, subscriptions, their charges and units of measure through the older resources: the commands of /v1 under other
// names, and what these resources cannot do is refused by name.

let call: Call;
let runs: BillRuns;
let usagePlanId: string;

beforeAll(async () => {
  call = await connect();
  runs = await BillRuns.start();
  usagePlanId = await putUsagePlan(await connect('admin'));
});

provenAfterEach();

const missing = { status: 404, body: { done: true, records: [], size: 0 } };

describe('/v1/object/bill-run', () => {
  const asked = { InvoiceDate: '2026-03-01', TargetDate: '2026-03-01' };

  test('bills an account, is posted on the date of its invoices, and canceled and deleted when it is not posted', async () => {
    const account = await runs.account(1);
    const made = await runs.api.post('/v1/object/bill-run', { ...asked, AccountId: account.id });
    const id = idOf(made);
    await runs.deliverAll();
    expect(await runs.shown(id)).toMatchObject({ status: 'Completed', invoiceDate: '2026-03-01' });
    expect(await runs.documents(id)).toMatchObject([{ kind: 'invoice', status: 'Draft', amount: 7_500 }]);
    expect(idOf(await runs.api.put(`/v1/object/bill-run/${id}`, { Status: 'Posted' }))).toBe(id);
    await runs.deliverAll();
    expect(await runs.shown(id)).toMatchObject({ status: 'Posted', invoiceDate: '2026-03-01' });
    expect(await runs.documents(id)).toMatchObject([{ status: 'Posted' }]);
    expectRefused(await runs.api.delete(`/v1/object/bill-run/${id}`), 'Canceled', 'TRANSACTION_FAILED');

    const other = idOf(
      await runs.api.post('/v1/object/bill-run', { ...asked, Batch: 'Batch7', BillCycleDay: 2 }),
    );
    const path = `/v1/object/bill-run/${other}`;
    expect(idOf(await runs.api.put(path, { Status: 'Canceled' }))).toBe(other);
    await runs.deliverAll();
    expect((await runs.api.delete(path)).body).toEqual({ id: other, success: true });
    await runs.deliverAll();
    expect(await runs.api.delete(path)).toMatchObject(missing);
  });

  test('takes its words as the older resource has them', async () => {
    const words = {
      Batches: 'Batch1, Batch2',
      BillCycleDay: 'AllBillCycleDays',
      ChargeTypeToExclude: 'OneTime,Usage',
      AutoPost: true,
      AutoRenewal: true,
    };
    const id = idOf(await runs.api.post('/v1/object/bill-run', { ...asked, ...words }));
    const shown = await runs.shown(id);
    expect(shown).toMatchObject({ batches: ['Batch1', 'Batch2'], chargeTypeToExclude: ['OneTime', 'Usage'] });
    expect(shown).toMatchObject({ autoPost: true, autoRenewal: true });
    expect(shown).not.toHaveProperty('billCycleDay');
    const all = idOf(
      await runs.api.post('/v1/object/bill-run', { ...asked, Batch: 'AllBatches', BillCycleDay: 31 }),
    );
    expect(await runs.shown(all)).toMatchObject({ batches: null, billCycleDay: 31 });
    for (const run of [id, all]) await runs.api.put(`/v1/object/bill-run/${run}`, { Status: 'Canceled' });
    await runs.deliverAll();
  });

  test.each([
    ['InvoiceDate', { InvoiceDate: undefined }, 'MISSING_REQUIRED_VALUE'],
    ['TargetDate', { TargetDate: 'today' }],
    ['AccountId', { AccountId: NOBODY }],
    ['BillCycleDay', { BillCycleDay: '32' }],
    ['ChargeTypeToExclude', { ChargeTypeToExclude: 'OneTime,Other' }],
    ['Batch', { Batch: Array.from({ length: 101 }, (_, i) => `Batch${i}`).join(',') }],
    ['Batches', { Batch: 'Batch1', Batches: 'Batch2' }],
    ['AutoEmail', { AutoEmail: true }],
  ])('names what is wrong with %s', async (names, wrong, code = 'INVALID_VALUE') => {
    expectRefused(await call('POST', '/v1/object/bill-run', { ...asked, ...wrong }), names, code);
  });

  test('takes no other status, and a date only to post', async () => {
    const path = `/v1/object/bill-run/${NOBODY}`;
    expectRefused(await call('PUT', path, { Status: 'Draft' }), 'Status');
    expectRefused(await call('PUT', path, { Status: 'Canceled', InvoiceDate: '2026-03-01' }), 'InvoiceDate');
    expect(await call('PUT', path, { Status: 'Posted' })).toMatchObject(missing);
  });
});

describe('PUT /v1/object/invoice/{id}', () => {
  async function draft() {
    const account = await putAccount();
    const { body } = await call('POST', '/v1/invoices', {
      accountId: account.id,
      invoiceDate: '2026-03-15',
      invoiceItems: [{ chargeName: 'Line', amount: 10, serviceStartDate: '2026-03-01' }],
    });
    return { account, id: body.id as string, path: `/v1/object/invoice/${body.id}` };
  }

  test('changes what describes it, and posts it on another date with custom fields', async () => {
    const { account, id, path } = await draft();
    const changes = {
      Comments: 'checked',
      DueDate: '2026-05-01',
      TransferredToAccounting: 'Yes',
      region__c: 'EU',
    };
    expect(idOf(await call('PUT', path, changes))).toBe(id);
    expect((await call('GET', `/v1/invoices/${id}`)).body).toMatchObject({
      comments: 'checked',
      dueDate: '2026-05-01',
      transferredToAccounting: 'true',
      region__c: 'EU',
      status: 'Draft',
    });
    const posting = { Status: 'Posted', InvoiceDate: '2026-04-01', SyncDate__NS: 'now' };
    expect(idOf(await call('PUT', path, posting))).toBe(id);
    expect((await call('GET', `/v1/invoices/${id}`)).body).toMatchObject({
      status: 'Posted',
      invoiceDate: '2026-04-01',
      SyncDate__NS: 'now',
    });
    expect(await metricsOf(account)).toMatchObject({ invoices: 1_000, lastInvoiceDate: '2026-04-01' });
    expectRefused(await call('PUT', path, { InvoiceDate: '2026-04-02' }), 'InvoiceDate');
  });

  test.each([
    ['Status', {}],
    ['Status', { Status: 'Paid' }],
    ['InvoiceDate', { InvoiceDate: '2026-02-30' }],
    ['DueDate', { Status: 'Posted', DueDate: '2026-05-01' }],
    ['Comments', { Status: 'Canceled', Comments: 'x' }],
    ['region__c', { Status: 'Canceled', region__c: 'x' }],
    ['RegenerateInvoicePDF', { RegenerateInvoicePDF: true }],
    ['TransferredToAccounting', { TransferredToAccounting: 'x' }],
  ])('names what is wrong with %s', async (names, wrong) => {
    const { id, path } = await draft();
    expectRefused(await call('PUT', path, wrong), names);
    expect((await call('GET', `/v1/invoices/${id}`)).body).toMatchObject({ status: 'Draft', comments: null });
    expect(await call('PUT', `/v1/object/invoice/${NOBODY}`, { Comments: 'x' })).toMatchObject(missing);
  });
});

describe('PUT /v1/object/usage/{id}', () => {
  async function recorded() {
    const account = await putAccount();
    const { number } = await subscribe(call, account, usagePlanId);
    const usage = { UOM: 'Minutes', Quantity: 10, StartDateTime: '2026-03-05T10:00:00Z' };
    const id = idOf(await call('POST', '/v1/object/usage', { ...usage, AccountId: account.id }));
    return { account, number, id, path: `/v1/object/usage/${id}` };
  }

  test('changes a record that is not billed, and the bill counts it as changed', async () => {
    const { account, id, path } = await recorded();
    const changes = {
      Quantity: 4,
      UOM: 'Minutes',
      StartDateTime: '2026-03-05T23:00:00Z',
      EndDateTime: '2026-03-06T01:00:00Z',
      Description: 'corrected',
      site__c: 'S',
    };
    expect(idOf(await call('PUT', path, changes))).toBe(id);
    expect((await call('GET', path)).body).toMatchObject({
      Quantity: 4,
      StartDateTime: '2026-03-05T23:00:00.000+00:00',
      EndDateTime: '2026-03-06T01:00:00.000+00:00',
      Description: 'corrected',
      site__c: 'S',
      RbeStatus: 'Pending',
    });
    const billed = await call('POST', `/v1/accounts/${account.id}/billing-documents/generate`, {
      targetDate: '2026-04-01',
      effectiveDate: '2026-04-01',
      autoPost: true,
    });
    expect(billed.body).toMatchObject({ success: true });
    // Four minutes at 0.50.
    expect(await metricsOf(account)).toMatchObject({ invoices: 200 });
    expectRefused(await call('PUT', path, { Quantity: 5 }), 'is billed', 'TRANSACTION_FAILED');
  });

  test.each([
    ['Quantity', { Quantity: '4' }],
    ['Quantity', { Quantity: 0.1234567891 }],
    ['UOM', { UOM: 'Litres' }, 'TRANSACTION_FAILED'],
    ['StartDateTime', { StartDateTime: '2026-03-06T10:00:00Z' }, 'TRANSACTION_FAILED'],
    ['StartDateTime', { StartDateTime: 'now' }],
    ['EndDateTime', { EndDateTime: '2026-03-05T09:00:00Z' }],
    ['RbeStatus', { RbeStatus: 'Processed' }],
    ['site__c', { site__c: [] }],
  ])('names what is wrong with %s', async (names, wrong, code = 'INVALID_VALUE') => {
    const { path } = await recorded();
    expectRefused(await call('PUT', path, wrong), names, code);
    expect((await call('GET', path)).body).toMatchObject({ Quantity: 10 });
    expect(await call('PUT', `/v1/object/usage/${NOBODY}`, { Quantity: 1 })).toMatchObject(missing);
  });
});

describe('/v1/object/subscription and rate-plan-charge', () => {
  async function subscribed() {
    const account = await runs.account(1);
    const [number] = account.numbers;
    const row = await env.DB.prepare(
      'SELECT s.id, c.id AS chargeId, c.rate_plan_id AS ratePlanId FROM subscription AS s JOIN charge AS c ON c.subscription_original_id = s.original_id ' +
        'WHERE s.subscription_number = ?1 AND s.is_latest_version = 1',
    )
      .bind(number!)
      .first<{ id: string; chargeId: string; ratePlanId: string }>();
    return { number: number!, ...row!, path: `/v1/object/subscription/${row!.id}` };
  }
  const shown = async (number: string) => (await call('GET', `/v1/subscriptions/${number}`)).body;

  test('terms and notes make a version, whose id is told; custom fields change in place', async () => {
    const { id, number, path } = await subscribed();
    expect(idOf(await call('PUT', path, { region__c: 'EU' }))).toBe(id);
    expect(await shown(number)).toMatchObject({ id, version: 1, region__c: 'EU' });
    const changes = { Notes: 'new', IsInvoiceSeparate: true, RenewalTerm: 6, RenewalTermPeriodType: 'Month' };
    const next = idOf(await call('PUT', path, { ...changes, region__c: 'US' }));
    expect(next).not.toBe(id);
    expect(await shown(number)).toMatchObject({
      id: next,
      version: 2,
      notes: 'new',
      invoiceSeparately: true,
      renewalTerm: 6,
      region__c: 'US',
    });
    // Any version's id names the subscription.
    expect((await call('DELETE', path)).body).toEqual({ id: next, success: true });
    expect(await call('DELETE', path)).toMatchObject(missing);
    expect(await call('PUT', path, { Notes: 'x' })).toMatchObject(missing);
  });

  test.each([
    ['Notes', {}],
    ['Notes', { Notes: 'x'.repeat(501) }],
    ['AutoRenew', { AutoRenew: 'yes' }],
    ['RenewalTerm', { RenewalTerm: -1 }],
    ['TermType', { TermType: 'FOREVER' }],
    ['AccountId', { AccountId: NOBODY }],
    ['InvoiceOwnerId', { InvoiceOwnerId: NOBODY }],
    ['Status', { Status: 'Cancelled' }],
    ['Name', { Name: 'A-S1' }],
    ['InitialTerm', { InitialTerm: 3 }],
    ['Version', { Version: 3 }],
    ['region__c', { region__c: {} }],
  ])('names what is wrong with %s', async (names, wrong) => {
    const { number, path } = await subscribed();
    expectRefused(await call('PUT', path, wrong), names);
    expect(await shown(number)).toMatchObject({ version: 1 });
  });

  test('a charge takes custom fields, also one that a later version has replaced; what orders change is refused', async () => {
    const { number, chargeId, ratePlanId } = await subscribed();
    const path = `/v1/object/rate-plan-charge/${chargeId}`;
    expect(idOf(await call('PUT', path, { meter__c: 'M1' }))).toBe(chargeId);
    const fields = async () =>
      (await env.DB.prepare('SELECT custom_fields AS f FROM charge WHERE id = ?1')
        .bind(chargeId)
        .first<{ f: string }>())!.f;
    expect(JSON.parse(await fields())).toEqual({ meter__c: 'M1' });
    const chargeUpdateDetails = [{ ratePlanChargeId: chargeId, price: 30 }];
    const update = [{ ratePlanId, contractEffectiveDate: '2026-01-01', chargeUpdateDetails }];
    expect((await call('PUT', `/v1/subscriptions/${number}`, { update })).body).toMatchObject({
      success: true,
    });
    expect(idOf(await call('PUT', path, { site__c: 'S' }))).toBe(chargeId);
    expect(JSON.parse(await fields())).toEqual({ meter__c: 'M1', site__c: 'S' });
    expectRefused(await call('PUT', path, { PriceIncreasePercentage: 10 }), 'PriceIncreasePercentage');
    expectRefused(await call('PUT', path, {}), 'custom fields');
    expect(await call('PUT', `/v1/object/rate-plan-charge/${NOBODY}`, { a__c: 1 })).toMatchObject(missing);
  });
});

describe('/v1/object/unit-of-measure', () => {
  const unit = (fields: object = {}) => ({
    UomName: `U${crypto.randomUUID().slice(0, 8)}`,
    DecimalPlaces: 2,
    ...fields,
  });
  const path = '/v1/object/unit-of-measure';

  test('is made, changed, and deleted while no charge counts in it', async () => {
    const body = unit({ DisplayedAs: 'Gigabytes', RoundingMode: 'NEAREST' });
    const id = idOf(await call('POST', path, body));
    expectRefused(await call('POST', path, body), 'already in use');
    expect(
      idOf(
        await call('PUT', `${path}/${id}`, { Active: false, DecimalPlaces: 0, UomName: `${body.UomName}2` }),
      ),
    ).toBe(id);
    const row = await env.DB.prepare('SELECT * FROM unit_of_measure WHERE id = ?1').bind(id).first();
    expect(row).toMatchObject({
      uom_name: `${body.UomName}2`,
      displayed_as: 'Gigabytes',
      decimal_places: 0,
      rounding_mode: 'NEAREST',
      active: 0,
    });
    const used = idOf(await call('POST', path, body));
    await putCharge(call, { ChargeModel: 'Per Unit Pricing', DefaultQuantity: 1, UOM: body.UomName });
    expectRefused(await call('DELETE', `${path}/${used}`), 'a charge counts in it', 'TRANSACTION_FAILED');
    expectRefused(
      await call('PUT', `${path}/${used}`, unit()),
      'a charge counts in it',
      'TRANSACTION_FAILED',
    );
    expect(idOf(await call('PUT', `${path}/${used}`, { UomName: body.UomName, DecimalPlaces: 9 }))).toBe(
      used,
    );
    expect((await call('DELETE', `${path}/${id}`)).body).toEqual({ id, success: true });
    expect(await call('DELETE', `${path}/${id}`)).toMatchObject(missing);
  });

  test.each([
    ['UomName', { UomName: undefined }, 'MISSING_REQUIRED_VALUE'],
    ['UomName', { UomName: '' }],
    ['UomName', { UomName: 'x'.repeat(26) }],
    ['DecimalPlaces', { DecimalPlaces: undefined }, 'MISSING_REQUIRED_VALUE'],
    ['DecimalPlaces', { DecimalPlaces: 10 }],
    ['DecimalPlaces', { DecimalPlaces: 1.5 }],
    ['DisplayedAs', { DisplayedAs: 'x'.repeat(51) }],
    ['RoundingMode', { RoundingMode: 'SIDEWAYS' }],
    ['Active', { Active: 'yes' }],
  ])('names what is wrong with %s', async (names, wrong, code = 'INVALID_VALUE') => {
    expectRefused(await call('POST', path, unit(wrong)), names, code);
    expect(await call('PUT', `${path}/${NOBODY}`, { Active: true })).toMatchObject(missing);
  });
});
