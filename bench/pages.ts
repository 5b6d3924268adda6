// The page of an account with many subscriptions beside that of one with few: how long its HTML takes, and what it weighs.

import { createAccount, createPlan } from './fixtures.ts';
import { fullAccount } from './growth.ts';
import { median } from './load.ts';
import { type Group, withServers } from './rounds.ts';
import type { BenchServer } from './servers.ts';

const READS = 25;
/** Until the history of a full account has been gathered by its first readers. */
const FIRST_READS_MAX = 100;

export const pages: Group = async (context) => {
  await withServers([{ latencyMs: 0 }], async ([server]) => {
    const plan = await createPlan(server!.api);
    const many = await fullAccount(context, server!, plan);
    // The copied rows were never folded: what is pending is read with every exact number, and this account shall have nothing pending.
    await server!.api.post(`/v1/spillway/accounts/${many.id}/metrics/refresh`, {});
    const few = await createAccount(server!.api, 'Few', true);
    const cookie = await signIn(server!);
    for (const [name, { id }] of [
      ['full', many],
      ['empty', few],
    ] as const) {
      const path = `/accounts/${id}`;
      for (let i = 0; i < FIRST_READS_MAX; i++) {
        if (!(await read(server!, path, cookie)).html.includes('A long history is read')) break;
      }
      const times: number[] = [];
      let bytes = 0;
      for (let i = 0; i < READS; i++) {
        const { html, ms } = await read(server!, path, cookie);
        times.push(ms);
        bytes = Buffer.byteLength(html);
      }
      context.facts.set(`page of the ${name} account, ms`, median(times));
      context.facts.set(`page of the ${name} account, kB of HTML`, bytes / 1_000);
    }
    const assets = await Promise.all(
      ['/app.css', '/app.js'].map((path) =>
        read(server!, path, cookie).then(({ html }) => Buffer.byteLength(html)),
      ),
    );
    context.facts.set('style sheet and script, kB', assets.reduce((sum, bytes) => sum + bytes, 0) / 1_000);
  });
};

async function read(
  server: BenchServer,
  path: string,
  cookie: string,
): Promise<{ html: string; ms: number }> {
  const started = performance.now();
  const reply = await fetch(`http://127.0.0.1:${server.port}${path}`, { headers: { Cookie: cookie } });
  const html = await reply.text();
  if (reply.status !== 200) throw new Error(`${path}: ${reply.status}`);
  return { html, ms: performance.now() - started };
}

/** A user of this database signs in as in a browser. */
async function signIn(server: BenchServer): Promise<string> {
  const [email, password] = ['bench@example.com', crypto.randomUUID()];
  const made = await server.api.post('/v1/spillway/users', { email, name: 'Bench', role: 'read', password });
  if (made.status !== 200) throw new Error(`no user: ${made.status} ${made.text}`);
  const url = `http://127.0.0.1:${server.port}/sign-in`;
  const reply = await fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ email, password }).toString(),
  });
  const cookie = reply.headers.get('Set-Cookie')?.split(';')[0];
  if (cookie === undefined) throw new Error(`not signed in: ${reply.status}`);
  return cookie;
}
