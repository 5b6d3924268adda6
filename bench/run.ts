// npm run bench: what the engine does beside what the platform alone would do, on this machine, in one run. Prints a table and the
// promised ratios; writes bench/results/<date>.json. `--quick` takes four minutes instead of a quarter of an hour; `--only <group>` measures one.

import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { groups } from './groups.ts';
import { type Kind, Measurements } from './measure.ts';
import { measurementTable, targetsOf, targetTable } from './report.ts';
import type { Extent } from './rounds.ts';

const KINDS: readonly Kind[] = ['orders', 'invoices'];
const CONCURRENCY = [1, 32, 256];

const FULL: Extent = {
  rounds: 3,
  run: { durationMs: 2_000, countMax: 50_000 },
  warmUp: { durationMs: 1_500, countMax: 5_000 },
  steps: KINDS.flatMap((kind) => CONCURRENCY.map((concurrency) => ({ kind, concurrency }))),
  seamConcurrency: [32, 256],
  subscriptionsMany: 100_000,
  subscriptionsOld: 20,
  billedAccounts: 10_000,
  billedSubscriptions: 20_000,
  migratedInvoices: 200_000,
  migratedPayments: 50_000,
  exportedItems: 1_000_000,
};
const QUICK: Extent = {
  rounds: 1,
  run: { durationMs: 1_000, countMax: 10_000 },
  warmUp: { durationMs: 700, countMax: 2_000 },
  steps: [
    ...CONCURRENCY.map((concurrency) => ({ kind: 'orders' as const, concurrency })),
    { kind: 'invoices', concurrency: 256 },
  ],
  seamConcurrency: [256],
  subscriptionsMany: 10_000,
  subscriptionsOld: 5,
  billedAccounts: 200,
  billedSubscriptions: 500,
  migratedInvoices: 4_000,
  migratedPayments: 1_000,
  exportedItems: 20_000,
};

function readArguments(): { extent: Extent; chosen: string[] } {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } },
  });
  const chosen = values.only ?? Object.keys(groups);
  const unknown = chosen.filter((name) => groups[name] === undefined);
  if (unknown.length > 0) {
    console.error(`There is no group ${unknown.join(', ')}; there are ${Object.keys(groups).join(', ')}.`);
    process.exit(2);
  }
  return { extent: values.quick ? QUICK : FULL, chosen };
}

function machine(): object {
  return {
    processors: cpus().length,
    model: cpus()[0]?.model ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    platform: process.platform,
    node: process.version,
  };
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
  else process.stderr.write(`${text}\n`);
}

const { extent, chosen } = readArguments();
const measurements = new Measurements();
const facts = new Map<string, number>();
const startedAt = new Date();
let failed = false;
for (const name of chosen) {
  try {
    await groups[name]!({ extent, measurements, progress, facts });
  } catch (error) {
    failed = true;
    console.error(
      `\nGroup ${name} ended early: ${error instanceof Error ? (error.stack ?? error.message) : error}`,
    );
  }
}
if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');

const all = measurements.all();
const targets = targetsOf(all, facts.get('subscriptions on the full account'));
console.log(`${measurementTable(all)}\n\n${targetTable(targets)}\n`);
for (const [name, value] of facts)
  console.log(`${name}: ${value < 100 ? value.toFixed(1) : Math.round(value)}`);
const directory = join(import.meta.dirname, 'results');
const file = join(directory, `${startedAt.toISOString().slice(0, 19).replaceAll(':', '-')}.json`);
await mkdir(directory, { recursive: true });
const report = {
  startedAt: startedAt.toISOString(),
  seconds: Math.round((Date.now() - startedAt.getTime()) / 1000),
  machine: machine(),
  extent,
  facts: Object.fromEntries(facts),
  measurements: all,
  targets,
};
await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
console.log(`\n${report.seconds} s, written to ${file}`);
process.exitCode = failed ? 1 : 0;
