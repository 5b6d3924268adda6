import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { committerOf, SettingsView } from '../../src/account/engine-runtime.ts';
import type { Env } from '../../src/env.ts';
import { writeSettings } from '../../src/persistence/tenant-settings.ts';
import { newId, testLane } from '../support/test-lane.ts';

// An object that has just started asks for folds after the tenant's delay, not after the default one.
test('the first announcement of a fresh object waits as long as the tenant has set', async () => {
  await writeSettings(env.DB, { 'metrics.foldDelaySeconds': '3600' });
  const delays: Array<number | undefined> = [];
  const queue = {
    send: async (_message: unknown, options?: QueueSendOptions) => delays.push(options?.delaySeconds),
  };
  const committer = committerOf({ METRICS_QUEUE: queue } as unknown as Env, env.DB, new SettingsView(env.DB));
  const accountId = newId();
  const { send } = testLane({
    laneId: accountId,
    commits: { commit: async (group) => (await committer.commit([group]))[0]! },
  });
  await send('open', { id: accountId, accountNumber: `F-${accountId}`, partnerAccount: true });
  expect((await send('bump', { accountId, by: 0, amountMinor: 1 })).status).toBe(200);
  await expect.poll(() => delays).toEqual([3600]);
});
