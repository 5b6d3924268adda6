// npm run bench:profile: where the time of orders on one partner account at concurrency 256 goes, function by function, in the
// Worker's isolate and in the one of the local D1. `--kind invoices`, `--concurrency N`, `--account ordinary`, `--accounts 100`, `--seam shared` look at
// other writes. Writes .cpuprofile files.

import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createPlan } from './fixtures.ts';
import { type CpuProfile, inspectorTargets, ProfilerSession, selfTimes } from './inspector.ts';
import { createAccounts, type Kind, measure, subjectOf } from './measure.ts';
import { BenchServer } from './servers.ts';

const SAMPLING_INTERVAL_US = 200;
const FUNCTIONS_SHOWN = 25;
const WARM_UP = { durationMs: 4_000, countMax: 20_000 };
const PROFILED = { durationMs: 6_000, countMax: 100_000 };
/** Isolates that take part in a write, by the beginning of their name. */
const ISOLATES = ['core:user:', 'd1:', 'queues:'];
const IDLE = '(idle)';

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function print(isolate: string, profile: CpuProfile, writes: number): void {
  const functions = selfTimes(profile);
  const busyUs = functions.filter((f) => f.name !== IDLE).reduce((sum, f) => sum + f.selfUs, 0);
  const wallUs = profile.endTime - profile.startTime;
  const share = (part: number, whole: number) => `${((part / whole) * 100).toFixed(1)} %`;
  console.log(
    `\n${isolate}: busy ${share(busyUs, wallUs)} of the time, ${(busyUs / writes).toFixed(1)} µs per write`,
  );
  for (const { name, selfUs } of functions.filter((f) => f.name !== IDLE).slice(0, FUNCTIONS_SHOWN)) {
    console.log(
      `  ${share(selfUs, busyUs).padStart(7)}  ${(selfUs / writes).toFixed(2).padStart(7)} µs/write  ${name}`,
    );
  }
}

const { values } = parseArgs({
  options: {
    kind: { type: 'string', default: 'orders' },
    concurrency: { type: 'string', default: '256' },
    account: { type: 'string', default: 'partner' },
    accounts: { type: 'string', default: '1' },
    seam: { type: 'string', default: 'lane' },
  },
});
const kind: Kind = values.kind === 'invoices' ? 'invoices' : 'orders';
const concurrency = Number(values.concurrency);
const partner = values.account !== 'ordinary';
const inspectorPort = await freePort();
const server = await BenchServer.start({
  latencyMs: 0,
  inspectorPort,
  vars: { COMMIT_SEAM: values.seam },
});
try {
  const plan = await createPlan(server.api);
  const accounts = await createAccounts(server, 'Profiled', Number(values.accounts), partner);
  const subject = subjectOf('profiled', server, accounts, plan, partner);
  await measure(subject, kind, concurrency, WARM_UP);
  const plain = await measure(subject, kind, concurrency, PROFILED);
  const targets = (await inspectorTargets(inspectorPort)).filter(({ id }) =>
    ISOLATES.some((start) => id.startsWith(start)),
  );
  const sessions: ProfilerSession[] = [];
  for (const target of targets) sessions.push(await ProfilerSession.open(target));
  for (const session of sessions) await session.start(SAMPLING_INTERVAL_US);
  const run = await measure(subject, kind, concurrency, PROFILED);
  console.log(
    `${kind} on ${accounts.length} ${values.account}, ${concurrency} at once: ${Math.round(plain.rate)}/s, ` +
      `${Math.round(run.rate)}/s while profiled (${run.writes} writes, ${run.commandsPerCommit?.toFixed(0)} per commit)`,
  );
  const directory = join(import.meta.dirname, 'results');
  await mkdir(directory, { recursive: true });
  for (const [i, session] of sessions.entries()) {
    const profile = await session.stop();
    const isolate = targets[i]!.id;
    if (selfTimes(profile).some((f) => f.name !== IDLE)) print(isolate, profile, run.writes);
    const name = `${isolate.replaceAll(/[^a-z0-9-]+/gi, '-')}.cpuprofile`;
    await writeFile(join(directory, name), JSON.stringify(profile));
  }
  console.log(`\nProfiles for a browser's developer tools are in ${directory}`);
} finally {
  await server.stop();
}
