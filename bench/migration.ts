// A migration onto one account (acceptance scenario S3): posted standalone invoices by parallel writers, then payments that are applied to
// some of them, then all of it once more under the same idempotency keys. What the account holds already must not be felt.

import { type BenchAccount, createAccount } from './fixtures.ts';
import { httpText } from './load.ts';
import type { Group, GroupContext } from './rounds.ts';
import { withServers } from './rounds.ts';
import type { BenchServer } from './servers.ts';

const WRITERS = 64;
const AMOUNT = 12.34;
const AMOUNT_MINOR = 1_234n;
/** The load is sent in parts of this size, so that the rate at the start can be held against the rate at the end. */
const PARTS = 10;
const PART_MS_MAX = 600_000;

interface Phase {
  readonly name: string;
  readonly count: number;
  readonly request: (n: number) => string;
}

/** Rates and processor times of a phase's parts, in order. */
interface Measured {
  readonly seconds: number;
  readonly rates: readonly number[];
  readonly processorUs: readonly number[];
}

export const migration: Group = async (context) => {
  await withServers([{ latencyMs: 0 }], async ([server]) => {
    const account = await createAccount(server!.api, 'Migrated', true);
    const { migratedInvoices: invoices, migratedPayments: payments } = context.extent;
    const phases: Phase[] = [
      { name: 'invoices', count: invoices, request: (n) => invoiceRequest(server!, account, n) },
      { name: 'payments', count: payments, request: (n) => paymentRequest(server!, account, n) },
    ];
    await server!.quiet();
    for (const phase of phases) {
      const bytesBefore = server!.databaseBytes;
      const measured = await run(context, server!, phase, '');
      await server!.quiet();
      report(context, phase, measured);
      context.facts.set(
        `S3 ${phase.name}: bytes of D1 each`,
        (server!.databaseBytes - bytesBefore) / phase.count,
      );
      context.facts.set(
        `S3 ${phase.name}: memory of the runtime afterwards, MB`,
        server!.memoryMb ?? Number.NaN,
      );
    }
    await expectTotals(server!, account, invoices, payments);
    for (const phase of phases)
      report(context, phase, await run(context, server!, phase, ' repeated'), ' repeated');
    await server!.quiet();
    await expectTotals(server!, account, invoices, payments);
  });
};

async function run(
  { progress }: GroupContext,
  server: BenchServer,
  { name, count, request }: Phase,
  again: string,
): Promise<Measured> {
  const rates: number[] = [];
  const processorUs: number[] = [];
  let seconds = 0;
  const size = Math.ceil(count / PARTS);
  for (let from = 0; from < count; from += size) {
    progress(`S3: ${name}${again} from ${from} of ${count}`);
    const requests = Array.from({ length: Math.min(size, count - from) }, (_, i) => request(from + i));
    const processorBefore = server.processorSeconds;
    const result = await server.load.run({
      requests,
      concurrency: WRITERS,
      durationMs: PART_MS_MAX,
      countMax: requests.length,
      expected: '"success":true',
    });
    if (result.failures > 0) throw new Error(`Refused: ${result.failureSamples.join('\n')}`);
    seconds += result.seconds;
    rates.push(result.count / result.seconds);
    processorUs.push((((server.processorSeconds ?? 0) - (processorBefore ?? 0)) / result.count) * 1e6);
  }
  return { seconds, rates, processorUs };
}

function report({ facts }: GroupContext, { name, count }: Phase, measured: Measured, again = ''): void {
  const { seconds, rates, processorUs } = measured;
  const label = `S3 ${name}${again}`;
  facts.set(`${label}: count`, count);
  facts.set(`${label}: seconds`, seconds);
  facts.set(`${label}: per second`, count / seconds);
  // The first part warms the runtime up: the second stands for the start.
  facts.set(`${label}: rate of the last part ÷ the second, %`, (rates.at(-1)! / rates[1]!) * 100);
  facts.set(
    `${label}: processor time of the last part ÷ the second, %`,
    (processorUs.at(-1)! / processorUs[1]!) * 100,
  );
}

function invoiceNumber(n: number): string {
  return `MIG-${n}`;
}

function invoiceRequest(server: BenchServer, account: BenchAccount, n: number): string {
  const body = JSON.stringify({
    accountId: account.id,
    invoiceNumber: invoiceNumber(n),
    invoiceDate: '2026-03-15',
    status: 'Posted',
    invoiceItems: [{ chargeName: 'Migrated', amount: AMOUNT, serviceStartDate: '2026-03-01' }],
  });
  const { token } = server;
  return httpText({ method: 'POST', path: '/v1/invoices', token, body, idempotencyKey: `invoice ${n}` });
}

function paymentRequest(server: BenchServer, account: BenchAccount, n: number): string {
  const body = JSON.stringify({
    accountId: account.id,
    amount: AMOUNT,
    currency: 'USD',
    type: 'External',
    paymentMethodType: 'Check',
    effectiveDate: '2026-03-20',
    invoices: [{ invoiceNumber: invoiceNumber(n), amount: AMOUNT }],
  });
  const { token } = server;
  return httpText({ method: 'POST', path: '/v1/payments', token, body, idempotencyKey: `payment ${n}` });
}

/** The account's published numbers are what arithmetic says, to the cent; anything else ends the benchmark. */
async function expectTotals(
  server: BenchServer,
  account: BenchAccount,
  invoices: number,
  payments: number,
): Promise<void> {
  const open = AMOUNT_MINOR * BigInt(invoices - payments);
  const [row] = server.rows(
    'SELECT total_invoice_balance_minor AS balance, unapplied_payment_minor AS unapplied, ' +
      '(SELECT count(*) FROM invoice WHERE account_id = ?1) AS invoices, ' +
      '(SELECT count(*) FROM payment WHERE account_id = ?1) AS payments ' +
      'FROM account_metrics WHERE account_id = ?1',
    account.id,
  );
  const found = `${row!.balance} ${row!.unapplied} ${row!.invoices} ${row!.payments}`;
  const expected = `${open} 0 ${invoices} ${payments}`;
  if (found !== expected) throw new Error(`S3: the account holds ${found}, expected ${expected}`);
}
