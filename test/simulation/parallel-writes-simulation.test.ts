import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { runSeed } from './run-seed.ts';
import { testSeeds } from './test-seeds.ts';

const CONTROL_SEEDS = 20;
/** Twenty crowds, each of some seconds on a busy machine. */
const CONTROL_TIMEOUT_MS = 300_000;

testSeeds(1, 60);

describe('the control run', () => {
  test(
    'without guards the same crowds corrupt the data, and the auditor sees it',
    async () => {
      let corrupt = 0;
      for (let seed = 1; seed <= CONTROL_SEEDS; seed++) {
        const { problems } = await runSeed(env.DB, seed, false);
        if (problems.length > 0) corrupt++;
      }
      expect(corrupt).toBeGreaterThan(CONTROL_SEEDS / 2);
    },
    CONTROL_TIMEOUT_MS,
  );
});
