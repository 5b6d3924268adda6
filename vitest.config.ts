import { availableParallelism } from 'node:os';
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-pool-workers';
import { defineConfig } from 'vitest/config';

const migrations = await readD1Migrations('migrations');

/** A file's worker waits for its storage half of the time: one for each core keeps them busy. vitest's own choice leaves a core out. */
const TEST_WORKERS = Math.max(2, availableParallelism());

/** Real D1, Durable Objects and queues in workerd; storage is fresh for each file. */
function inWorkers(name: string, include: string[], groupOrder: number) {
  return {
    plugins: [
      cloudflareTest({
        wrangler: { configPath: './wrangler.toml' },
        miniflare: { bindings: { TEST_MIGRATIONS: migrations, LOG_LEVEL: 'warn', TEST_GATEWAY: 'on' } },
      }),
    ],
    test: {
      name,
      include,
      setupFiles: ['test/support/apply-migrations.ts'],
      testTimeout: 60_000,
      maxWorkers: TEST_WORKERS,
      sequence: { groupOrder },
      // Bundled once instead of loaded file by file into each test file's isolate.
      deps: {
        optimizer: {
          ssr: {
            enabled: true,
            include: [
              '@noble/hashes/scrypt.js',
              'bignumber.js',
              'drizzle-orm',
              'drizzle-orm/d1',
              'drizzle-orm/sqlite-core',
              'hono',
              'zod',
            ],
          },
        },
      },
    },
  };
}

/** Plain Node, against a server that is really started, by HTTP alone. */
function overHttp(name: string, include: string[], groupOrder: number) {
  return {
    test: {
      name,
      include,
      globalSetup: ['test/support/server-setup.ts'],
      testTimeout: 120_000,
      hookTimeout: 60_000,
      fileParallelism: false,
      sequence: { groupOrder },
    },
  };
}

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'domain',
          include: ['test/domain/**/*.test.ts', 'test/wire/**/*.test.ts', 'test/*.test.ts'],
          maxWorkers: TEST_WORKERS,
          sequence: { groupOrder: 0 },
        },
      },
      inWorkers(
        'workers',
        ['persistence', 'account', 'jobs', 'query', 'auth', 'http'].map(
          (layer) => `test/${layer}/**/*.test.{ts,tsx}`,
        ),
        1,
      ),
      inWorkers('simulation', ['test/simulation/**/*.test.ts'], 2),
      overHttp('conformance', ['test/conformance/**/*.test.ts'], 3),
      overHttp('acceptance', ['test/acceptance/**/*.test.ts'], 4),
      overHttp('browser', ['test/ui/**/*.test.{ts,tsx}'], 5),
    ],
  },
});
