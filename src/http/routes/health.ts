import type { Hono } from 'hono';
import { databaseOf } from '../../persistence/database.ts';
import { readHealth } from '../../persistence/health.ts';
import type { AppEnv } from '../context.ts';

/** GET /v1/spillway/health: 200 when ready. For load balancers and scripts: no credentials, no account's data. */
export function mountHealth(app: Hono<AppEnv>): void {
  app.get('/v1/spillway/health', async (c) => {
    const health = await readHealth(databaseOf(c.env), new Date().toISOString());
    return c.json(health, health.ready ? 200 : 503);
  });
}
