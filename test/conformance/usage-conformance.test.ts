import { expect, vi } from 'vitest';
import { type CheckedApi, conformance } from './support/conformance.ts';
import { createAccount, createPlan, orderSubscription } from './support/fixtures.ts';
import { expectCreated, expectSuccess, ID, listAt, textAt, valueAt } from './support/reply-reading.ts';

// Usage: recorded one by one and as a file, each record for one charge.
const USAGE_CHARGE = {
  Name: 'Minutes',
  ChargeModel: 'Per Unit Pricing',
  ChargeType: 'Usage',
  UOM: 'Minutes',
  ProductRatePlanChargeTierData: { ProductRatePlanChargeTier: [{ Currency: 'USD', Price: 0.5 }] },
};
const BOUNDARY = 'a-file-of-usage';

function form(text: string): string {
  return [
    `--${BOUNDARY}`,
    'Content-Disposition: form-data; name="file"; filename="usage.csv"',
    'Content-Type: text/csv',
    '',
    text,
    `--${BOUNDARY}--`,
    '',
  ].join('\r\n');
}

function upload(api: CheckedApi, text: string) {
  return api.post('/v1/usage', form(text), { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` });
}

async function subscribed(api: CheckedApi) {
  const account = await createAccount(api);
  const { subscriptionNumber } = await orderSubscription(api, account, await createPlan(api, USAGE_CHARGE));
  return { account, subscriptionNumber };
}

conformance(['POST_Usage', 'GET_Usage'], 'imports a file and lists what it recorded', async (api) => {
  const { account, subscriptionNumber } = await subscribed(api);
  const rows = [`${account.number},Minutes,100,01/15/2026`, `${account.number},Litres,1,01/15/2026`];
  const accepted = expectSuccess(await upload(api, `ACCOUNT_ID,UOM,QTY,STARTDATE\n${rows.join('\n')}\n`));
  expect(valueAt(accepted, 'size')).toBe(`ACCOUNT_ID,UOM,QTY,STARTDATE\n${rows.join('\n')}\n`.length);
  await vi.waitFor(
    async () =>
      expect(expectSuccess(await api.get(textAt(accepted, 'checkImportStatus')))).toMatchObject({
        importStatus: 'Completed',
        totalCount: 2,
        importedCount: 1,
        failedCount: 1,
      }),
    { timeout: 60_000, interval: 200 },
  );
  const usage = listAt(expectSuccess(await api.get(`/v1/usage/accounts/${account.number}`)), 'usage');
  expect(usage).toMatchObject([
    {
      id: expect.stringMatching(ID),
      accountId: account.id,
      quantity: 100,
      unitOfMeasure: 'Minutes',
      subscriptionNumber,
      status: 'Pending',
      sourceName: 'Import',
      fileName: 'usage.csv',
      startDateTime: '2026-01-15 00:00:00',
    },
  ]);
});

conformance('POST_Usage', 'names what is wrong with a file', async (api) => {
  for (const text of ['', 'ACCOUNT_ID,QTY,STARTDATE\n1,2,3', 'ACCOUNT_ID,UOM,QTY,STARTDATE\n"x']) {
    expect(await upload(api, text)).toMatchObject({ status: 400, body: { success: false } });
  }
});

conformance(
  ['Object_POSTUsage', 'Object_GETUsage', 'Object_DELETEUsage'],
  'records, reads and deletes usage',
  async (api) => {
    const { account, subscriptionNumber } = await subscribed(api);
    const id = expectCreated(
      await api.post('/v1/object/usage', {
        AccountId: account.id,
        UOM: 'Minutes',
        Quantity: 200,
        StartDateTime: '2026-06-01T02:00:00.000+01:00',
        Description: 'spoken',
      }),
    );
    const path = `/v1/object/usage/${id}`;
    expect((await api.get(path)).body).toMatchObject({
      Id: id,
      AccountNumber: account.number,
      SubscriptionNumber: subscriptionNumber,
      Quantity: 200,
      UOM: 'Minutes',
      Description: 'spoken',
      StartDateTime: '2026-06-01T01:00:00.000+00:00',
    });
    expect(await api.delete(path)).toMatchObject({ status: 200, body: { id, success: true } });
    expect(await api.get(path)).toMatchObject({ status: 404 });
  },
);

conformance('Object_POSTUsage', 'names what is wrong with a record', async (api) => {
  const { account } = await subscribed(api);
  const good = { AccountId: account.id, UOM: 'Minutes', Quantity: 1, StartDateTime: '2026-06-01' };
  for (const wrong of [
    { UOM: undefined },
    { Quantity: 'x' },
    { StartDateTime: '2026-13-01' },
    { UOM: 'Litres' },
  ]) {
    const reply = await api.post('/v1/object/usage', { ...good, ...wrong });
    expect(reply).toMatchObject({ status: 400, body: { Success: false } });
  }
});
