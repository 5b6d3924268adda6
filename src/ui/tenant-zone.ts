import { limits } from '../env.ts';
import { readSettings } from '../persistence/tenant-settings.ts';

let known: { readonly timeZone: string; readonly readAtMs: number } | null = null;

/** The tenant's time zone, read once in a while: pages of users who have chosen none tell times in it. */
export async function tenantZone(db: D1Database, nowMs: number): Promise<string> {
  if (known === null || nowMs - known.readAtMs >= limits.tokenCacheMs) {
    known = { timeZone: (await readSettings(db)).timeZone, readAtMs: nowMs };
  }
  return known.timeZone;
}
