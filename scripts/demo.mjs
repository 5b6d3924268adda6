// npm run demo: the story of Spillway in half a minute, against a running server. `--url` names it (http://127.0.0.1:8787).

import { parseArgs } from 'node:util';
import { DemoClient, NoServerError, runAll } from './demo-client.mjs';
import { bold, dim, green, heading, progressBar, red, say, table } from './demo-screen.mjs';
import { localCredentials } from './local-credentials.mjs';

const CUSTOMERS = 20;
const ORDERS = 400;
const INVOICES = 400;
/** Every second invoice is paid in part as soon as it is there. */
const PAYMENTS = INVOICES / 2;
const TOTAL = ORDERS + INVOICES + PAYMENTS;
const AT_ONCE = 128;
/** In cents. */
const MONTHLY_FEE = 2_500;
const INVOICE_AMOUNT = 1_234;
const PAYMENT_AMOUNT = 1_000;
const FOLD_TIMEOUT_MS = 20_000;
const FOLD_POLL_MS = 100;

const START_DATE = '2026-01-01';
const TERM = { period: 12, periodType: 'Month' };

const money = (cents) => (cents / 100).toLocaleString('en-US', { minimumFractionDigits: 2 });
const cents = (amount) => Math.round(Number(amount ?? 0) * 100);

function fail(message) {
  console.error(message);
  process.exit(1);
}

/** A setup request: without it there is no story. */
async function create(client, path, body) {
  const reply = await client.post(path, body);
  if (reply.status !== 200) throw new Error(`POST ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
  return reply.body;
}

async function createPlan(client) {
  const dates = { EffectiveStartDate: '2020-01-01', EffectiveEndDate: '2050-01-01' };
  const product = await create(client, '/v1/object/product', { Name: 'Demo: office suite', ...dates });
  const plan = await create(client, '/v1/object/product-rate-plan', {
    Name: 'Monthly',
    ProductId: product.Id,
    ...dates,
  });
  await create(client, '/v1/object/product-rate-plan-charge', {
    Name: 'Monthly fee',
    ProductRatePlanId: plan.Id,
    ChargeModel: 'Flat Fee Pricing',
    ChargeType: 'Recurring',
    BillCycleType: 'DefaultFromCustomer',
    BillingPeriod: 'Month',
    TriggerEvent: 'ContractEffective',
    UseDiscountSpecificAccountingCode: false,
    ProductRatePlanChargeTierData: {
      ProductRatePlanChargeTier: [{ Currency: 'USD', Price: MONTHLY_FEE / 100 }],
    },
  });
  return plan.Id;
}

async function createAccount(client, name, partnerAccount) {
  const { accountId, accountNumber } = await create(client, '/v1/accounts', {
    name,
    currency: 'USD',
    billCycleDay: 1,
    autoPay: false,
    partnerAccount,
    billToContact: { firstName: 'Amy', lastName: 'Lawrence', country: 'United States', state: 'California' },
  });
  return { id: accountId, number: accountNumber, name };
}

/** Half of the orders are for customers of the account, who own the subscription; the account is invoiced for all. */
function orderTask(client, account, customers, plan, index) {
  const owner = index % 2 === 0 ? account : customers[(index >> 1) % customers.length];
  const body = {
    orderDate: START_DATE,
    existingAccountNumber: account.number,
    subscriptions: [
      {
        orderActions: [
          {
            type: 'CreateSubscription',
            triggerDates: ['ContractEffective', 'ServiceActivation', 'CustomerAcceptance'].map((name) => ({
              name,
              triggerDate: START_DATE,
            })),
            createSubscription: {
              subscriptionOwnerAccountNumber: owner.number,
              terms: {
                initialTerm: { startDate: START_DATE, ...TERM, termType: 'TERMED' },
                renewalSetting: 'RENEW_WITH_SPECIFIC_TERM',
                renewalTerms: [TERM],
                autoRenew: false,
              },
              subscribeToRatePlans: [{ productRatePlanId: plan }],
            },
          },
        ],
      },
    ],
  };
  return async () => ({ reply: await client.post('/v1/orders', body) });
}

function invoiceTask(client, account, index) {
  const body = {
    accountId: account.id,
    invoiceDate: '2026-03-15',
    status: 'Posted',
    invoiceItems: [
      {
        chargeName: 'Migrated balance',
        amount: INVOICE_AMOUNT / 100,
        quantity: 1,
        serviceStartDate: '2026-03-01',
      },
    ],
  };
  return async () => {
    const reply = await client.post('/v1/invoices', body);
    return index % 2 === 0 ? { reply, next: paymentTask(client, account, reply.body?.id) } : { reply };
  };
}

function paymentTask(client, account, invoiceId) {
  const amount = PAYMENT_AMOUNT / 100;
  const body = {
    accountId: account.id,
    type: 'External',
    paymentMethodType: 'Check',
    amount,
    currency: 'USD',
    effectiveDate: '2026-03-20',
    invoices: [{ invoiceId, amount }],
  };
  return async () => ({ reply: await client.post('/v1/payments', body) });
}

function tasksFor(client, account, customers, plan) {
  const tasks = [];
  for (let i = 0; i < Math.max(ORDERS, INVOICES); i++) {
    if (i < ORDERS) tasks.push(orderTask(client, account, customers, plan, i));
    if (i < INVOICES) tasks.push(invoiceTask(client, account, i));
  }
  return tasks;
}

/** The account's published numbers, in cents. */
async function numbersOf(client, account) {
  const { status, body } = await client.get(`/v1/accounts/${account.id}`);
  if (status !== 200) throw new Error(`GET /v1/accounts/${account.id}: ${status}`);
  return {
    invoiceBalance: cents(body.metrics.totalInvoiceBalance),
    contractedMrr: cents(body.metrics.contractedMrr),
    lastMetricsUpdate: body.basicInfo.lastMetricsUpdate,
  };
}

const EXPECTED = {
  invoiceBalance: INVOICES * INVOICE_AMOUNT - PAYMENTS * PAYMENT_AMOUNT,
  contractedMrr: (ORDERS / 2) * MONTHLY_FEE,
};
const isExact = (numbers) =>
  numbers.invoiceBalance === EXPECTED.invoiceBalance && numbers.contractedMrr === EXPECTED.contractedMrr;

function sayNumbers(when, numbers) {
  const fresh = numbers.lastMetricsUpdate ?? 'null';
  say(
    `  ${when.padEnd(22)} invoices open ${money(numbers.invoiceBalance).padStart(9)}   ` +
      `contracted MRR ${money(numbers.contractedMrr).padStart(9)}   ${dim('lastMetricsUpdate')} ${fresh}`,
  );
}

/** The load on one account, and its numbers before, right after and once they are exact. */
async function act(client, title, account, customers, plan) {
  heading(title);
  sayNumbers('before', await numbersOf(client, account));
  const bar = progressBar(account.number, TOTAL);
  const load = await runAll(tasksFor(client, account, customers, plan), AT_ONCE, bar);
  const endedAt = performance.now();
  let numbers = await numbersOf(client, account);
  sayNumbers('after the last reply', numbers);
  const exactAtOnce = isExact(numbers);
  while (!isExact(numbers) && performance.now() - endedAt < FOLD_TIMEOUT_MS) {
    await new Promise((resolve) => setTimeout(resolve, FOLD_POLL_MS));
    numbers = await numbersOf(client, account);
  }
  const lagSeconds = (performance.now() - endedAt) / 1000;
  if (!exactAtOnce) sayNumbers(`${lagSeconds.toFixed(1)} s later`, numbers);
  return { ...load, account, numbers, exact: isExact(numbers), exactAtOnce, lagSeconds };
}

/** What the customers of an account have: their share of the orders, exact at once. */
async function customersMrr(client, customers) {
  let sum = 0;
  for (const customer of customers) sum += (await numbersOf(client, customer)).contractedMrr;
  return sum;
}

function percentile(values, percent) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)];
}

function compare(partner, ordinary) {
  const both = (value) => [value(partner), value(ordinary)];
  table(
    ['', 'partner account', 'ordinary account'],
    [
      ['writes', ...both((a) => a.latenciesMs.length)],
      ['refused, lock errors', ...both((a) => a.refusals.length)],
      ['seconds', ...both((a) => a.seconds.toFixed(2))],
      ['writes per second', ...both((a) => Math.round(a.latenciesMs.length / a.seconds))],
      [
        'reply p50 / p99, ms',
        ...both((a) => [50, 99].map((p) => Math.round(percentile(a.latenciesMs, p))).join(' / ')),
      ],
      [
        'numbers exact',
        ...both((a) => {
          if (!a.exact) return 'NO';
          return a.exactAtOnce ? 'with the last reply' : `${a.lagSeconds.toFixed(1)} s after it`;
        }),
      ],
      ['invoices open, expected', ...both(() => money(EXPECTED.invoiceBalance))],
      ['invoices open', ...both((a) => money(a.numbers.invoiceBalance))],
      ['contracted MRR, expected', ...both(() => money(EXPECTED.contractedMrr))],
      ['contracted MRR', ...both((a) => money(a.numbers.contractedMrr))],
      ['lastMetricsUpdate', ...both((a) => a.numbers.lastMetricsUpdate ?? 'null: always exact')],
    ],
  );
}

async function tell(client, url) {
  const startedAt = performance.now();
  const health = await client.get('/v1/spillway/health');
  await client.logIn(localCredentials());
  say(`${bold('Spillway')} ${health.body.version ?? ''} at ${url}`);
  say(
    dim(
      `${ORDERS} orders, ${INVOICES} invoices and ${PAYMENTS} payments on one account, ${AT_ONCE} at once; ` +
        `half of the orders for ${CUSTOMERS} customers who own their subscriptions.`,
    ),
  );
  const plan = await createPlan(client);
  const partner = await createAccount(client, 'Demo: partner', true);
  const ordinary = await createAccount(client, 'Demo: ordinary', false);
  const customers = [];
  for (let i = 1; i <= CUSTOMERS; i++) {
    customers.push(await createAccount(client, `Demo: customer ${i}`, false));
  }

  const first = await act(
    client,
    'A partner account: writes append what they changed, a fold publishes the sum',
    partner,
    customers,
    plan,
  );
  const ofCustomers = await customersMrr(client, customers);
  const customersExact = ofCustomers === (ORDERS / 2) * MONTHLY_FEE;
  say(
    `  ${'its customers'.padEnd(22)} contracted MRR ${money(ofCustomers)} in sum: ` +
      (customersExact ? 'exact, they are no partners' : red('not what was ordered')),
  );
  const second = await act(
    client,
    'The same load on an ordinary account: every reply finds exact numbers',
    ordinary,
    customers,
    plan,
  );

  heading('Side by side');
  compare(first, second);
  say();
  const refusals = [...first.refusals, ...second.refusals];
  const good = refusals.length === 0 && first.exact && second.exactAtOnce && customersExact;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  if (good) say(green(`${2 * TOTAL} writes, no lock error, every number exact. ${seconds} s in all.`));
  else
    say(
      red(`${refusals.length} of ${2 * TOTAL} writes were refused; see the table for numbers that differ.`),
    );
  for (const refusal of refusals.slice(0, 5)) say(red(`  ${refusal.slice(0, 300)}`));
  return good;
}

function readUrl() {
  try {
    const { values } = parseArgs({ options: { url: { type: 'string', default: 'http://127.0.0.1:8787' } } });
    return new URL(values.url).origin;
  } catch (error) {
    return fail(`${error.message}\nUsage: npm run demo -- [--url http://127.0.0.1:8787]`);
  }
}

const url = readUrl();
const client = new DemoClient(url);
try {
  process.exitCode = (await tell(client, url)) ? 0 : 1;
} catch (error) {
  if (error instanceof NoServerError) {
    fail(
      `${error.message} Start it in another terminal: npm start. Or name it: npm run demo -- --url http://127.0.0.1:8787`,
    );
  }
  fail(`The demo ended early: ${error.message}`);
} finally {
  client.close();
}
