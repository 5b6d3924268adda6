import { env } from 'cloudflare:workers';
import { afterEach, expect } from 'vitest';
import { exactSums } from '../../src/domain/metrics/account-metrics.ts';
import { proveMetrics } from '../../src/domain/metrics/metrics-proof.ts';
import { readForProof } from '../../src/persistence/metrics-proof.ts';

/**
 * After each test of a file: the numbers of every account are what its documents say, by both formulas of the balance. Rows that a test changes
 * behind the engine have to be such that they add up.
 */
export function provenAfterEach(): void {
  afterEach(async () => {
    const { results } = await env.DB.prepare('SELECT id FROM account').all<{ id: string }>();
    const differences = await Promise.all(
      results.map(async ({ id }) => {
        const { metrics, documents } = (await readForProof(env.DB, id))!;
        const found = proveMetrics(exactSums(metrics.published, metrics.tail), documents);
        return found.map((difference) => ({ account: id, ...difference }));
      }),
    );
    expect(differences.flat()).toEqual([]);
  });
}
