import { encoded, type Json, type PageApi, queryOf } from '../../api.ts';
import type { Choice } from '../../forms/fields.ts';

/** What is offered while one types a number: the latest few, from a bounded read. Any other may be typed too. */
const SUGGESTED_MAX = 50;

async function latest(api: PageApi, collection: string, fields: readonly string[]): Promise<Json[]> {
  const named = fields.map((field) => `fields[]=${field}`).join('&');
  const reply = await api.get(`/object-query/${collection}?pageSize=${SUGGESTED_MAX}&${named}`);
  return reply.isOk ? reply.body.data : [];
}

export async function suggestedAccounts(api: PageApi): Promise<Choice[]> {
  const accounts = await latest(api, 'accounts', ['accountnumber', 'name']);
  return accounts.map(({ accountNumber, name }) => ({ value: accountNumber, label: name }));
}

/** Charges of the catalog, by number. */
export async function suggestedCharges(api: PageApi): Promise<Choice[]> {
  const charges = await latest(api, 'product-rate-plan-charges', ['productrateplanchargenumber', 'name']);
  return charges.map(({ productRatePlanChargeNumber, name }) => ({
    value: productRatePlanChargeNumber,
    label: name,
  }));
}

/** The number of an account of which the address has the id or number; '' when it names none. */
export async function accountNumberOf(api: PageApi, key: string | undefined): Promise<string> {
  if (!key) return '';
  const query = queryOf({ 'fields[]': 'accountnumber' });
  const reply = await api.get(`/object-query/accounts/${encoded(key)}${query}`);
  return reply.isOk ? reply.body.accountNumber : key;
}

/** Today, as forms begin with it. Only while a request is answered: before, a Worker's clock stands still. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
