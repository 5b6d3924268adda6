// Every call that the pages of the API's documentation show works when it is pasted into a shell: each is taken from its page and run by bash.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createApiClient } from '../../scripts/api-client.mjs';
import { seedOnce } from '../../scripts/seed.mjs';
import { operations } from '../../src/http/app.ts';
import { areaOf, areas } from '../../src/http/openapi/areas.ts';

const run = promisify(execFile);

/** What no call of the API makes: a message that failed, and a job that only an invoice of thousands of lines needs. Their pages say so. */
const NOT_MADE_BY_A_CALL: Readonly<Record<string, string>> = {
  spillwayReplayDeadLetter: 'deadLetter',
  GET_OperationJob: 'operationJob',
};
/** How many calls may have to be made before one can be: an order, its bill, its posting, and so on. */
const STEPS_MAX = 8;

const { url, clientId, clientSecret } = inject('server');
let home: string;
let token: string;

/** curl says each status on stderr, by a file of settings: what is pasted stays as it is. */
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'spillway-docs-'));
  await writeFile(join(home, '.curlrc'), 'silent\nshow-error\nwrite-out = "%{stderr}%{http_code}\\n"\n');
  await seedOnce(createApiClient({ baseUrl: url, clientId, clientSecret }));
  const { stdout } = await paste(`${codeOf(await pageAt('/docs'), 'token')}\nprintf %s "$TOKEN"`);
  token = stdout;
});

afterAll(() => rm(home, { recursive: true, force: true }));

async function paste(text: string): Promise<{ stdout: string; statuses: string[] }> {
  const env = { PATH: process.env.PATH, HOME: home, CURL_HOME: home, TOKEN: token };
  const { stdout, stderr } = await run('bash', ['-c', text], { env, timeout: 60_000 });
  return { stdout, statuses: stderr.trim().split('\n') };
}

async function pageAt(path: string): Promise<string> {
  const reply = await fetch(url + path);
  expect(reply.status, path).toBe(200);
  return reply.text();
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** The text of what can be copied; undefined when the page shows none. */
function codeOf(html: string, id: string): string | undefined {
  const code = new RegExp(`<code id="${id}-curl">([^<]*)</code>`).exec(html)?.[1];
  return code?.replaceAll(/&(#?\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}

const pageOf = (id: string) => {
  const operation = operations.find((one) => one.id === id)!;
  return pageAt(`/docs/${areaOf(operation.path).id}/${id}`);
};

interface Missing {
  readonly name: string;
  readonly madeBy: string | undefined;
}

function missingOn(html: string): Missing | undefined {
  const found = /data-missing="([\w-]+)"(?: data-made-by="(\w*)")?/.exec(html);
  return found === null ? undefined : { name: found[1]!, madeBy: found[2] || undefined };
}

/** Does what the page of an operation says, until it shows a call, and makes that. */
async function call(id: string, stepsLeft = STEPS_MAX): Promise<void> {
  let html = await pageOf(id);
  for (let missing = missingOn(html); missing !== undefined; missing = missingOn(html)) {
    const { name, madeBy } = missing;
    expect(stepsLeft, `${id} needs ${name}`).toBeGreaterThan(0);
    expect(madeBy, `${id} says what makes ${name}`).toBeDefined();
    await call(madeBy!, stepsLeft - 1);
    // What is made by a job is there when the job is done.
    await expect
      .poll(
        async () => {
          html = await pageOf(id);
          return missingOn(html)?.name;
        },
        { timeout: 30_000, interval: 200 },
      )
      .not.toBe(name);
  }
  const text = codeOf(html, id);
  expect(text, `${id} shows a call`).toBeDefined();
  const { stdout, statuses } = await paste(text!);
  const said = `${id}\n${text}\n${stdout.slice(0, 1_000)}`;
  expect(
    statuses.filter((status) => !/^2\d\d$/.test(status)),
    said,
  ).toEqual([]);
  expect(stdout, said).not.toMatch(/"success": ?false|"Success": ?false|"errorCode": ?"?\d/);
}

describe('every call of the area', () => {
  test.each(areas.filter(({ id }) => id !== 'authentication').map(({ id }) => id))(
    '%s works',
    async (area) => {
      const ids = operations
        .filter(({ path, id }) => areaOf(path).id === area && NOT_MADE_BY_A_CALL[id] === undefined)
        .map(({ id }) => id);
      expect(ids.length).toBeGreaterThan(0);
      const problems: string[] = [];
      for (const id of ids) {
        await call(id).catch((error: Error) => problems.push(error.message));
      }
      expect(problems).toEqual([]);
    },
    300_000,
  );
});

test('the page of an area shows all its calls', async () => {
  for (const { id: area } of areas) {
    const html = await pageAt(`/docs/${area}`);
    const own = operations.filter(({ path }) => areaOf(path).id === area);
    const without = own.filter(
      ({ id }) => codeOf(html, id) === undefined && !html.includes(`data-needs="${id}"`),
    );
    expect(
      without.map(({ id }) => id),
      area,
    ).toEqual([]);
  }
});

test('what no call makes is told', async () => {
  for (const [id, name] of Object.entries(NOT_MADE_BY_A_CALL)) {
    expect(missingOn(await pageOf(id))).toEqual({ name, madeBy: undefined });
  }
});
