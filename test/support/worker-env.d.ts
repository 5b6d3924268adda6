import type { Env as WorkerEnv } from '../../src/env.ts';

/** What `env` of cloudflare:workers holds in tests: the Worker's bindings and the migrations. */
declare global {
  namespace Cloudflare {
    interface Env extends WorkerEnv {
      TEST_MIGRATIONS: import('cloudflare:test').D1Migration[];
    }
    interface GlobalProps {
      mainModule: typeof import('../../src/worker.ts');
    }
  }
}
