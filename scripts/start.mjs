// npm start: the whole system on this machine. `--port N` (8787), `--persist-to DIR` (.spillway/).

import { parseArgs } from 'node:util';

const PARENT_CHECK_INTERVAL_MS = 500;
const usage = 'Usage: npm start -- [--port N] [--persist-to DIR]';

function fail(message) {
  console.error(message);
  process.exit(1);
}

if (Number(process.versions.node.split('.')[0]) < 22) {
  fail(
    `Spillway needs Node 22 or newer; this is ${process.version}. ` +
      'Run it by `npm start` after `npm ci`: on Linux x64 that brings its own Node 24.',
  );
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '8787' },
        'persist-to': { type: 'string', default: '.spillway' },
      },
    });
    const port = Number(values.port);
    if (!/^\d+$/.test(values.port) || port < 1 || port > 65_535) {
      return fail(`--port must be a number from 1 to 65535, not "${values.port}".\n${usage}`);
    }
    return { port, persistTo: values['persist-to'] };
  } catch (error) {
    return fail(`${error.message}\n${usage}`);
  }
}

const { port, persistTo } = readArguments();
// Loaded after the version check: on an old Node these modules fail with a message that explains nothing.
const { startLocalServer, localAdmin, localCredentials, PortTakenError } = await import('./local-server.mjs');
const { createApiClient } = await import('./api-client.mjs');
const { seedOnce } = await import('./seed.mjs');
const { clientId, clientSecret } = localCredentials();
const { adminEmail, adminPassword } = localAdmin();

let server;
let stopping = false;

async function stop() {
  if (stopping) return;
  stopping = true;
  await server?.dispose();
  process.exit(0);
}
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
if (process.env.npm_lifecycle_event !== undefined) {
  // npm that is killed outright cannot pass the signal on; a server that nobody can stop would keep the port.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && stop(), PARENT_CHECK_INTERVAL_MS).unref();
}

try {
  server = await startLocalServer({ port, persistTo, clientId, clientSecret, adminEmail, adminPassword });
} catch (error) {
  if (error instanceof PortTakenError) {
    fail(`${error.message} Choose another: npm start -- --port ${port === 65_535 ? port - 1 : port + 1}`);
  }
  fail(`Spillway did not start: ${error.message}`);
}

/** What the demo data is, as lines to print. A server whose demo data could not be made is a server all the same. */
async function demoLines() {
  try {
    const client = createApiClient({ baseUrl: server.url, clientId, clientSecret });
    const { ratePlans, reseller, customers } = await seedOnce(client);
    return [
      `demo reseller  ${reseller.number}`,
      `its customers  ${customers.map(({ number }) => number).join(' ')}`,
      ...ratePlans.map(({ name, id }, i) => `${i === 0 ? 'rate plans ' : '           '}    ${id}  ${name}`),
    ];
  } catch (error) {
    return [`no demo data: ${error.message}`];
  }
}

const demo = await demoLines();
console.log(`Spillway is ready: ${server.url}

  client id      ${clientId}
  client secret  ${clientSecret}
  web sign-in    ${adminEmail} / ${adminPassword}
  data           ${persistTo}

  ${demo.join('\n  ')}

Stop with Ctrl+C.`);
