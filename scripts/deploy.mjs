// npm run deploy: migrate the remote database, then deploy the Worker. docs/operations.md says what must exist first.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const PLACEHOLDER_DATABASE_ID = '00000000-0000-0000-0000-000000000000';

function wrangler(...args) {
  console.log(`> wrangler ${args.join(' ')}`);
  const result = spawnSync(
    process.execPath,
    [join(projectRoot, 'node_modules/wrangler/bin/wrangler.js'), ...args],
    {
      cwd: projectRoot,
      stdio: 'inherit',
    },
  );
  if (result.status !== 0) process.exit(result.status ?? 1);
}

if (readFileSync(join(projectRoot, 'wrangler.toml'), 'utf8').includes(PLACEHOLDER_DATABASE_ID)) {
  console.error(
    'wrangler.toml still has the placeholder database_id. Run `npx wrangler d1 create spillway` and put the id that it prints there (docs/operations.md).',
  );
  process.exit(1);
}

// First the database: migrations only add, so the Worker that is still running goes on working with the new schema.
wrangler('d1', 'migrations', 'apply', 'spillway', '--remote');
wrangler('deploy');
