// Creates or revokes an API client in the database of a deployed Worker (--remote) or of a local server (--local).

import { spawnSync } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROLES = ['read', 'standard', 'admin'];
const usage = `Usage:
  npm run client -- --name NAME --role ${ROLES.join('|')} (--remote | --local [--persist-to DIR])
  npm run client -- --revoke ID (--remote | --local [--persist-to DIR])`;

const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..');

function fail(message) {
  console.error(message);
  process.exit(1);
}

const quoted = (text) => `'${text.replaceAll("'", "''")}'`;

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        name: { type: 'string' },
        role: { type: 'string' },
        revoke: { type: 'string' },
        remote: { type: 'boolean', default: false },
        local: { type: 'boolean', default: false },
        'persist-to': { type: 'string', default: '.spillway' },
      },
    });
    if (values.remote === values.local) return fail(`Say --remote or --local.\n${usage}`);
    if (values.revoke === undefined && (!values.name || !ROLES.includes(values.role))) return fail(usage);
    return values;
  } catch (error) {
    return fail(`${error.message}\n${usage}`);
  }
}

/** Runs one statement on the database and returns the rows it gives back. */
function execute(statement, values) {
  const place = values.remote ? ['--remote'] : ['--local', '--persist-to', values['persist-to']];
  const wrangler = join(projectRoot, 'node_modules/wrangler/bin/wrangler.js');
  const result = spawnSync(
    process.execPath,
    [wrangler, 'd1', 'execute', 'spillway', ...place, '--json', '--yes', '--command', statement],
    { cwd: projectRoot, encoding: 'utf8', stdio: ['inherit', 'pipe', 'pipe'] },
  );
  if (result.status !== 0) fail(`${result.stdout}${result.stderr}`.trim() || 'wrangler failed.');
  return JSON.parse(result.stdout)[0].results;
}

const values = readArguments();
const now = quoted(new Date().toISOString());

if (values.revoke !== undefined) {
  const rows = execute(
    `UPDATE api_client SET revoked_at = ${now} WHERE id = ${quoted(values.revoke)} AND revoked_at IS NULL RETURNING id`,
    values,
  );
  if (rows.length === 0) fail(`No active client has the id ${values.revoke}.`);
  console.log(`Revoked ${values.revoke}.`);
} else {
  const id = randomUUID();
  const secret = randomBytes(32).toString('base64url');
  // Only the hash goes into the statement, so the secret is in no log and no database.
  const hash = createHash('sha256').update(secret).digest('hex');
  execute(
    `INSERT INTO api_client (id, name, secret_hash, role, created_at) VALUES (${quoted(id)}, ${quoted(values.name)}, ${quoted(hash)}, ${quoted(values.role)}, ${now})`,
    values,
  );
  console.log(`client id      ${id}\nclient secret  ${secret}\n\nThe secret is shown this once.`);
}
