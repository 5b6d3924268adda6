// The rules of style hold for the whole project, and each rule can fail.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import { VERSION } from '../src/domain/version.ts';
import {
  disabledTestViolations,
  domainCallViolations,
  FILE_LINES_MAX,
  layerViolations,
  lengthViolations,
  lockFileViolations,
  type SourceFile,
  undocumentedTables,
} from './tidy-rules.ts';

const root = join(import.meta.dirname, '..');

function filesUnder(folder: string): SourceFile[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => `${folder}/${name.split(sep).join('/')}`)
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

describe('the project', () => {
  const source = filesUnder('src');

  test('has source files, so that the rules below look at something', () => {
    expect(source.map((file) => file.path)).toContain('src/worker.ts');
  });
  test('imports run one way', () => expect(layerViolations(source)).toEqual([]));
  test(`no source file is over ${FILE_LINES_MAX} lines`, () => expect(lengthViolations(source)).toEqual([]));
  test('domain has no clock, no randomness, no I/O', () => expect(domainCallViolations(source)).toEqual([]));
  test('no test is switched off', () => expect(disabledTestViolations(filesUnder('test'))).toEqual([]));
  test('every table is in docs/storage-schema.md', () => {
    const migrations = readdirSync(join(root, 'migrations'))
      .filter((name) => name.endsWith('.sql'))
      .map((name) => readFileSync(join(root, 'migrations', name), 'utf8'))
      .join('\n');
    expect(migrations).toContain('CREATE TABLE `metric_delta`');
    const document = readFileSync(join(root, 'docs/storage-schema.md'), 'utf8');
    expect(undocumentedTables(migrations, document)).toEqual([]);
  });
  test('the version that health shows is the package’s', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(VERSION).toBe(version);
  });
  test('the lock file names no place to download from and leaves no platform out', () => {
    expect(lockFileViolations(readFileSync(join(root, 'package-lock.json'), 'utf8'))).toEqual([]);
  });
});

describe('the rules catch', () => {
  test('a table that no document names', () => {
    expect(undocumentedTables('CREATE TABLE `a` (x); CREATE TABLE `b` (y)', 'only `a`')).toEqual(['b']);
  });

  test.each([
    ['src/domain/money.ts', "import { row } from '../persistence/row.ts';"],
    ['src/domain/orders/actions/create.ts', "import type { Row } from '../../../persistence/row.ts';"],
    ['src/domain/money.ts', "import { z } from 'zod';"],
    ['src/domain/money.ts', "import { createHash } from 'node:crypto';"],
    ['src/domain/money.ts', "export * from '../env.ts';"],
    ['src/domain/money.ts', "const row = await import('../persistence/row.ts');"],
    ['src/persistence/row.ts', "import {\n  decide,\n} from '../account/decide.ts';"],
    ['src/persistence/row.ts', "import { orderSchema } from '../wire/orders.ts';"],
    ['src/account/object.ts', "import '../http/app.ts';"],
    ['src/jobs/fold.ts', "import { app } from '../worker.ts';"],
    ['src/http/app.ts', "import { page } from '../ui/page.tsx';"],
    ['src/env.ts', "import { AccountObject } from './account/account-object.ts';"],
    ['src/http/app.ts', "import { sample } from '../../test/support/sample.ts';"],
    ['src/utils/text.ts', ''],
  ])('an import against the direction: %s, %s', (path, text) => {
    expect(layerViolations([{ path, text }])).toHaveLength(1);
  });

  test.each([
    [
      'src/domain/account/plan.ts',
      "import { add } from '../money.ts';\nimport BigNumber from 'bignumber.js';",
    ],
    ['src/domain/money.ts', "// import { row } from '../persistence/row.ts';"],
    ['src/persistence/row.ts', "import { plan } from '../domain/account/plan.ts';"],
    ['src/http/routes/orders.ts', "import { client } from '../../account/client.ts';"],
    ['src/env.ts', "import type { AccountObject } from './account/account-object.ts';"],
    ['src/worker.ts', "import { app } from './http/app.ts';\nimport { Hono } from 'hono';"],
  ])('nothing in an import along the direction: %s, %s', (path, text) => {
    expect(layerViolations([{ path, text }])).toEqual([]);
  });

  test('a file that is one line too long', () => {
    const lines = (count: number) => ({ path: 'src/domain/long.ts', text: 'a;\n'.repeat(count) });
    expect(lengthViolations([lines(FILE_LINES_MAX)])).toEqual([]);
    expect(lengthViolations([lines(FILE_LINES_MAX + 1)])).toHaveLength(1);
  });

  test.each([
    'const now = Date.now();',
    'const now = new Date();',
    'const now = new Date;',
    'const now = Date();',
    'const chance = Math.random();',
    'const id = crypto.randomUUID();',
    'const id = globalThis.crypto.randomUUID();',
    'const t = performance.now();',
    'setTimeout(run, 1);',
    "await fetch('/');",
  ])('a clock, randomness or I/O in domain: %s', (text) => {
    expect(domainCallViolations([{ path: 'src/domain/x.ts', text }])).toHaveLength(1);
    expect(domainCallViolations([{ path: 'src/account/x.ts', text }])).toEqual([]);
  });

  test.each([
    'const day = new Date(Date.UTC(2026, 0, 1));',
    '// no Date.now() here',
    "const text = 'crypto';",
    'const nextDate = addDate(day);',
  ])('nothing in a calculation in domain: %s', (text) => {
    expect(domainCallViolations([{ path: 'src/domain/x.ts', text }])).toEqual([]);
  });

  test.each(['only', 'skip', 'todo', 'skipIf', 'fails', 'concurrent.only'])('a test with .%s', (word) => {
    expect(disabledTestViolations([{ path: 'test/x.test.ts', text: `test.${word}('x', f);` }])).toHaveLength(
      1,
    );
    expect(
      disabledTestViolations([{ path: 'test/x.test.ts', text: `describe.${word}('x', f);` }]),
    ).toHaveLength(1);
  });

  test('a test with a prefix that switches it off', () => {
    const name = 'it';
    expect(disabledTestViolations([{ path: 'test/x.test.ts', text: `x${name}('x', f);` }])).toHaveLength(1);
    expect(disabledTestViolations([{ path: 'test/x.test.ts', text: `${name}('x', f);` }])).toEqual([]);
  });

  test('a lock file without the package of another platform', () => {
    const lock = (packages: object) => JSON.stringify({ packages });
    const needing = { 'node_modules/a': { version: '1.0.0', optionalDependencies: { 'a-darwin': '1.0.0' } } };
    expect(lockFileViolations(lock(needing))).toHaveLength(1);
    expect(lockFileViolations(lock({ ...needing, 'node_modules/a-darwin': { version: '1.0.0' } }))).toEqual(
      [],
    );
  });

  test('a lock file with a download address', () => {
    const lock = (entry: object) =>
      JSON.stringify({ packages: { '': { version: '0.1.0' }, 'node_modules/a': entry } });
    expect(lockFileViolations(lock({ version: '1.0.0' }))).toEqual([]);
    expect(
      lockFileViolations(lock({ version: '1.0.0', resolved: 'https://example.org/a.tgz' })),
    ).toHaveLength(1);
    expect(lockFileViolations(lock({ version: 'git+ssh://git@example.org/a.git' }))).toHaveLength(1);
  });
});
