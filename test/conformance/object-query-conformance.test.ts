import { expect } from 'vitest';
import { type QueriedAccount, queriedAccount } from '../support/queried-account.ts';
import { type CheckedApi, conformance } from './support/conformance.ts';
import { objectQueryLists, operations } from './support/contract-data.ts';
import { uniqueName } from './support/fixtures.ts';
import { listAt, textAt, valueAt } from './support/reply-reading.ts';

// Object Query: each list and each record by its key, plain and with everything that can be expanded, of an account that has one of everything.
let account: Promise<QueriedAccount> | undefined;

function made(api: CheckedApi): Promise<QueriedAccount> {
  account ??= queriedAccount(api, uniqueName('object query'));
  return account;
}

/** The filter that leaves what the account has; '' where the latest records are as good. */
function ownFilter(
  path: string,
  { accountId, invoiceId, creditMemoId, debitMemoId }: QueriedAccount,
): string {
  const filters: Readonly<Record<string, string>> = {
    accounts: `id.EQ:${accountId}`,
    'invoice-items': `invoiceid.EQ:${invoiceId}`,
    'credit-memo-items': `creditmemoid.EQ:${creditMemoId}`,
    'debit-memo-items': `debitmemoid.EQ:${debitMemoId}`,
    'order-line-items': `owneraccountid.EQ:${accountId}`,
    'rate-plans': `subscriptionownerid.EQ:${accountId}`,
    'rate-plan-charges': `subscriptionownerid.EQ:${accountId}`,
  };
  const { filter } = objectQueryLists[path]!;
  const own =
    filters[path.split('/')[2]!] ?? (filter.includes('accountid') ? `accountid.EQ:${accountId}` : null);
  return own === null ? '' : `filter[]=${own}`;
}

for (const [path, { expand }] of Object.entries(objectQueryLists)) {
  const idOf = (form: string) =>
    Object.entries(operations).find(
      ([, operation]) => operation.path === form && operation.method === 'GET',
    )![0];
  conformance(
    [idOf(path), idOf(`${path}/{key}`)],
    'lists its records, reads one, and expands',
    async (api) => {
      const own = ownFilter(path, await made(api));
      const list = await api.get(`${path}?pageSize=5&${own}`);
      expect(list.status, JSON.stringify(list.body)).toBe(200);
      const [first] = listAt(list.body, 'data');
      expect(first, 'there is a record').toBeDefined();
      const id = textAt(first!, 'id');
      const expanded = expand.map((name) => `expand[]=${name}`).join('&');
      const whole = await api.get(`${path}?pageSize=5&${own}&${expanded}`);
      expect(listAt(whole.body, 'data').map((one) => textAt(one, 'id'))).toContain(id);
      const one = await api.get(`${path}/${id}?${expanded}`);
      expect(one.status).toBe(200);
      expect(valueAt(one.body, 'id')).toBe(id);
      expect(await api.get(`${path}/${'0'.repeat(32)}`)).toMatchObject({
        status: 404,
        body: { reasons: [{ code: 50000040 }] },
      });
      expect(await api.get(`${path}?filter[]=nothing.EQ:1`)).toMatchObject({
        status: 400,
        body: { reasons: [{ code: 50000027 }] },
      });
    },
  );
}
