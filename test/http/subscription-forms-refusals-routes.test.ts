import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import { type TestOffer, testAccount, testOffer } from '../support/order-objects.ts';
import { insert, insertOffer } from '../support/worker-api.ts';

/** What the forms of /v1/subscriptions refuse: the status, the form's own field in the message, and nothing done. */

let api: InProcessApi;
let account: Account;
let flat: TestOffer;
let path: string;

const form = (fields: object = {}) => ({
  accountKey: account.accountNumber,
  contractEffectiveDate: '2026-01-01',
  termType: 'TERMED',
  initialTerm: 12,
  renewalTerm: 12,
  subscribeToRatePlans: [{ productRatePlanId: flat.offer.id }],
  ...fields,
});
const overriding = (override: object) =>
  form({
    subscribeToRatePlans: [
      {
        productRatePlanId: flat.offer.id,
        chargeOverrides: [{ productRatePlanChargeId: flat.offer.charges[0]!.id, ...override }],
      },
    ],
  });

beforeAll(async () => {
  api = await inProcessApi();
  account = await insert('account', testAccount());
  flat = await insertOffer(testOffer([{ price: '25' }]));
  path = `/v1/subscriptions/${(await api.post('/v1/subscriptions', form())).body.subscriptionNumber}`;
});

const counts = () =>
  env.DB.prepare(
    'SELECT (SELECT count(*) FROM orders) AS orders, (SELECT count(*) FROM subscription) AS versions, (SELECT count(*) FROM account) AS accounts',
  ).first();

async function refused(method: 'post' | 'put', at: string, body: unknown, status: number, name: string) {
  const before = await counts();
  const reply = await api[method](at, body);
  expect([reply.status, reply.body.success], JSON.stringify(reply.body)).toEqual([status, false]);
  expect(reply.body.reasons.map((reason: { message: string }) => reason.message).join()).toContain(name);
  expect(String(reply.body.reasons[0].code)).toMatch(/^\d{8}$/);
  expect(await counts()).toEqual(before);
}

describe('POST /v1/subscriptions', () => {
  const cases: Array<[string, () => object]> = [
    ['accountKey', () => form({ accountKey: undefined })],
    ['accountKey', () => form({ accountKey: 'A-nobody' })],
    ['accountKey', () => form({ accountKey: '0'.repeat(32) })],
    ['invoiceOwnerAccountKey', () => form({ invoiceOwnerAccountKey: 'A-nobody' })],
    ['contractEffectiveDate', () => form({ contractEffectiveDate: '2026-02-30' })],
    ['contractEffectiveDate', () => form({ contractEffectiveDate: undefined })],
    ['contractEffectiveDate', () => form({ serviceActivationDate: '2025-12-31' })],
    ['termType', () => form({ termType: 'FOREVER' })],
    ['initialTerm', () => form({ initialTerm: undefined })],
    ['initialTerm', () => form({ initialTerm: 0 })],
    ['renewalTerm', () => form({ renewalTerm: undefined })],
    ['initialTermPeriodType', () => form({ initialTermPeriodType: 'Fortnight' })],
    ['subscriptionNumber', () => form({ subscriptionNumber: 'a/b' })],
    ['subscriptionNumber', () => form({ subscriptionNumber: path.split('/').at(-1) })],
    ['subscribeToRatePlans', () => form({ subscribeToRatePlans: undefined })],
    ['subscribeToRatePlans[0].productRatePlanId', () => form({ subscribeToRatePlans: [{}] })],
    [
      'subscribeToRatePlans[0].productRatePlanId',
      () => form({ subscribeToRatePlans: [{ productRatePlanId: 'PRP-none' }] }),
    ],
    ['chargeOverrides[0].price', () => overriding({ price: -1 })],
    ['chargeOverrides[0].price', () => overriding({ price: '1' })],
    ['chargeOverrides[0].quantity', () => overriding({ quantity: 2 })],
    ['chargeOverrides[0].tiers', () => overriding({ tiers: [{ tier: 1, startingUnit: 0, price: 1 }] })],
    ['chargeOverrides[0].discountAmount', () => overriding({ discountAmount: 2 })],
    ['chargeOverrides[0].billingPeriod', () => overriding({ billingPeriod: 'Fortnight' })],
    ['chargeOverrides[0].billCycleDay', () => overriding({ billCycleDay: '32' })],
    ['chargeOverrides[0].triggerEvent', () => overriding({ triggerEvent: 'SOON' })],
    ['chargeOverrides[0].number', () => overriding({ number: 'C-mine' })],
    [
      'chargeOverrides[0].productRatePlanChargeId',
      () => overriding({ productRatePlanChargeId: 'PRPC-none' }),
    ],
    ['chargeModelConfiguration', () => overriding({ chargeModelConfiguration: { formula: '1' } })],
    ['Region__c', () => form({ Region__c: { deep: true } })],
    ...(['collect', 'invoiceCollect', 'applyCredit', 'prepayment'] as const).map(
      (name): [string, () => object] => [name, () => form({ [name]: true })],
    ),
    ...(['targetDate', 'invoiceTargetDate', 'documentDate'] as const).map((name): [string, () => object] => [
      name,
      () => form({ [name]: '2026-02-30' }),
    ]),
  ];
  test.each(cases)('%s', (name, body) => refused('post', '/v1/subscriptions', body(), 400, name));

  test('asks for no bill with false', async () => {
    const body = form({ runBilling: false, collect: false, invoice: null });
    expect((await api.post('/v1/subscriptions', body)).status).toBe(200);
  });
});

describe('PUT /v1/subscriptions/{key}', () => {
  const date = '2026-07-01';
  const cases: Array<[string, () => object]> = [
    ['nothing is changed', () => ({})],
    ['termType', () => ({ termType: 'FOREVER' })],
    ['currentTerm', () => ({ currentTerm: 0 })],
    ['renewalTerm', () => ({ renewalTerm: 1.5 })],
    ['termStartDate', () => ({ termStartDate: '2026-03-01' })],
    ['collect', () => ({ autoRenew: true, collect: true })],
    ['previewType', () => ({ autoRenew: true, previewType: 'ChargeMetrics' })],
    ['add[0].productRatePlanId', () => ({ add: [{ contractEffectiveDate: date }] })],
    [
      'add[0].productRatePlanId',
      () => ({ add: [{ productRatePlanId: 'PRP-none', contractEffectiveDate: date }] }),
    ],
    ['add[0].contractEffectiveDate', () => ({ add: [{ productRatePlanId: flat.offer.id }] })],
    ['remove[0].ratePlanId', () => ({ remove: [{ contractEffectiveDate: date }] })],
    ['remove[0].ratePlanId', () => ({ remove: [{ ratePlanId: 'SRP-none', contractEffectiveDate: date }] })],
    [
      'update[0].subscriptionRatePlanNumber',
      () => ({ update: [{ subscriptionRatePlanNumber: 'SRP-none', contractEffectiveDate: date }] }),
    ],
    [
      'update[0].chargeUpdateDetails[0].ratePlanChargeId',
      () => ({
        update: [
          {
            productRatePlanNumber: flat.offer.plan.ratePlanNumber,
            contractEffectiveDate: date,
            chargeUpdateDetails: [{ ratePlanChargeId: '0'.repeat(32), price: 1 }],
          },
        ],
      }),
    ],
    [
      'change[0].newProductRatePlanId',
      () => ({ change: [{ productRatePlanId: flat.offer.id, contractEffectiveDate: date }] }),
    ],
    [
      'change[0].contractEffectiveDate',
      () => ({
        change: [
          {
            productRatePlanId: flat.offer.id,
            newProductRatePlanId: flat.offer.id,
            effectivePolicy: 'SpecificDate',
          },
        ],
      }),
    ],
  ];
  test.each(cases)('%s', (name, body) => refused('put', path, body(), 400, name));
});

describe('what is done to a subscription', () => {
  const cases: Array<[string, object, string]> = [
    ['renew', { collect: true }, 'collect'],
    ['renew', { orderDate: 'today' }, 'orderDate'],
    ['cancel', {}, 'cancellationPolicy'],
    ['cancel', { cancellationPolicy: 'Whenever' }, 'cancellationPolicy'],
    ['cancel', { cancellationPolicy: 'SpecificDate' }, 'cancellationEffectiveDate'],
    [
      'cancel',
      { cancellationPolicy: 'SpecificDate', cancellationEffectiveDate: '2025-01-01' },
      'cancellationEffectiveDate',
    ],
    ['cancel', { cancellationPolicy: 'EndOfCurrentTerm', applyCredit: true }, 'applyCredit'],
    ['suspend', {}, 'suspendPolicy'],
    ['suspend', { suspendPolicy: 'FixedPeriodsFromToday', suspendPeriods: 'some' }, 'suspendPeriods'],
    ['suspend', { suspendPolicy: 'SpecificDate', suspendSpecificDate: '2020-01-01' }, 'suspendPolicy'],
    ['resume', { resumePolicy: 'Today' }, 'not Suspended'],
    ['resume', { resumePolicy: 'SpecificDate' }, 'resumeSpecificDate'],
    ['customFields', { customFields: { region: 'EU' } }, 'region'],
    ['customFields', { ratePlans: [{ customFields: { A__c: 1 } }] }, 'ratePlans[0].ratePlanId'],
    [
      'customFields',
      { ratePlans: [{ ratePlanId: '0'.repeat(32), customFields: { A__c: 1 } }] },
      'ratePlans[0].ratePlanId',
    ],
    ['versions/x/customFields', { customFields: { A__c: 1 } }, 'version'],
  ];
  test.each(cases)('%s %j', (verb, body, name) => refused('put', `${path}/${verb}`, body, 400, name));

  const verbs: Array<[string, object]> = [
    ['', { autoRenew: true }],
    ['/renew', {}],
    ['/cancel', { cancellationPolicy: 'EndOfCurrentTerm' }],
    ['/suspend', { suspendPolicy: 'Today' }],
    ['/resume', { resumePolicy: 'Today' }],
    ['/delete', {}],
    ['/customFields', { customFields: { A__c: 1 } }],
    ['/versions/1/customFields', { customFields: { A__c: 1 } }],
  ];
  test.each(verbs)('of nothing: %s', (verb, body) =>
    refused('put', `/v1/subscriptions/A-S-nothing${verb}`, body, 404, 'A-S-nothing'),
  );
  test('of an id that is none', () =>
    refused('put', `/v1/subscriptions/${'0'.repeat(32)}/renew`, {}, 404, 'no subscription'));
  test('of a version that is not there', () =>
    refused('put', `${path}/versions/9/customFields`, { customFields: { A__c: 1 } }, 404, 'version 9'));
  test('with a version that cannot be read', async () => {
    const reply = await api.put(`${path}/renew`, {}, { 'If-Match': 'latest' });
    expect([reply.status, reply.body.reasons[0].message]).toEqual([400, expect.stringContaining('If-Match')]);
  });
});

describe('previews', () => {
  const preview = (fields: object) => {
    const { renewalTerm: _, ...body } = form(fields);
    return body;
  };
  test('need exactly one account', () =>
    refused('post', '/v1/subscriptions/preview', preview({ accountKey: undefined }), 400, 'accountKey'));
  test('compute a bill for a day that there is', () =>
    refused('post', '/v1/subscriptions/preview', preview({ targetDate: '2026-02-30' }), 400, 'targetDate'));
  test('of what an existing subscription would be billed need a day where the policy says so', () =>
    refused(
      'post',
      `${path}/preview`,
      { previewThroughDate: { previewThruDatePolicy: 'specificDate' } },
      400,
      'previewThroughDate.specificDate',
    ));
  test('of a subscription that is not there', () =>
    refused('post', '/v1/subscriptions/A-S-nothing/preview', {}, 404, 'A-S-nothing'));
});

describe('a subscription with its account', () => {
  const body = (subscription: unknown, fields: object = {}) => ({
    name: 'With subscription',
    currency: 'USD',
    billCycleDay: 1,
    billToContact: { firstName: 'Amy', lastName: 'Lawrence', country: 'United States' },
    subscription,
    ...fields,
  });
  const described = (fields: object = {}) => {
    const { accountKey: _, ...subscription } = form(fields);
    return subscription;
  };
  const cases: Array<[string, () => object]> = [
    ['subscription.termType', () => body(described({ termType: undefined }))],
    ['subscription.initialTerm', () => body(described({ initialTerm: 0 }))],
    [
      'subscription.subscribeToRatePlans[0].productRatePlanId',
      () => body(described({ subscribeToRatePlans: [{ productRatePlanId: 'PRP-none' }] })),
    ],
    ['accountNumber', () => body(described(), { accountNumber: account.accountNumber })],
    ['parentId', () => body(described(), { parentId: 'A-nobody' })],
  ];
  test.each(cases)('%s', (name, request) => refused('post', '/v1/accounts', request(), 400, name));
});

test('a client that only reads changes nothing', async () => {
  const reader = await inProcessApi('read');
  const replies = await Promise.all([
    reader.post('/v1/subscriptions', form()),
    reader.put(path, { autoRenew: true }),
    reader.put(`${path}/cancel`, { cancellationPolicy: 'EndOfCurrentTerm' }),
    reader.put(`${path}/delete`, {}),
  ]);
  expect(replies.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
});
