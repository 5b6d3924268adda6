// npm test: types, lint, unused code, then every test project. The last line is always `N passed, N failed`.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Runs a tool of node_modules/.bin; true when it ended with 0. */
function tool(name, ...args) {
  console.log(`\n> ${[name, ...args].join(' ')}`);
  const result = spawnSync(join(projectRoot, 'node_modules/.bin', name), args, {
    cwd: projectRoot,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
  });
  if (result.error) console.error(result.error.message);
  return result.status === 0;
}

/** Test files under test/, relative to the project, with forward slashes, sorted. */
async function testFilesOnDisk() {
  const names = await readdir(join(projectRoot, 'test'), { recursive: true });
  return names
    .filter((name) => /\.test\.[cm]?[jt]sx?$/.test(name))
    .map((name) => `test/${name.split(sep).join('/')}`)
    .sort();
}

/**
 * What went wrong beyond failed tests, one sentence each. vitest keys files by a weak hash of their path, so two
 * files can overwrite each other's result and a failing test end with exit 0; a file that no project includes is
 * not run at all. Both show as a file on disk without a result.
 */
function hiddenFailures(filesOnDisk, report) {
  const reported = report.testResults.map((file) => relative(projectRoot, file.name).split(sep).join('/'));
  const problems = filesOnDisk
    .filter((file) => !reported.includes(file))
    .map((file) => `${file} has no result: no project includes it, or its name collides with a neighbour's.`);
  for (const file of new Set(reported.filter((name, index) => reported.indexOf(name) !== index))) {
    problems.push(
      `${file} was reported twice: more than one project includes it, or its name collides with a neighbour's.`,
    );
  }
  for (const file of report.testResults) {
    if (file.assertionResults.length === 0 && file.status === 'passed') {
      problems.push(`${relative(projectRoot, file.name)} holds no test.`);
    }
  }
  const notRun = report.numPendingTests + report.numTodoTests;
  if (notRun > 0) problems.push(`${notRun} tests were not run.`);
  return problems;
}

const problems = [];
if (!tool('tsc', '--noEmit')) problems.push('The type check failed.');
if (!tool('biome', 'check', '--error-on-warnings', '.')) problems.push('The lint failed.');
if (!tool('knip')) problems.push('Unused or undeclared code or dependencies were found.');

const reportDirectory = await mkdtemp(join(tmpdir(), 'spillway-test-'));
const reportPath = join(reportDirectory, 'report.json');
const green = tool(
  'vitest',
  'run',
  '--reporter=default',
  '--reporter=./test/conformance/support/coverage-reporter.ts',
  '--reporter=json',
  `--outputFile.json=${reportPath}`,
);
let passed = 0;
let failed = 0;
if (existsSync(reportPath)) {
  const report = JSON.parse(await readFile(reportPath, 'utf8'));
  passed = report.numPassedTests;
  failed = report.numFailedTests;
  problems.push(...hiddenFailures(await testFilesOnDisk(), report));
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  );
  problems.push(
    ...brokenFiles.map((file) => `${relative(projectRoot, file.name)} failed outside its tests.`),
  );
} else {
  problems.push('vitest wrote no report.');
}
await rm(reportDirectory, { recursive: true, force: true });
if (!green && failed === 0 && problems.length === 0) problems.push('vitest failed outside the tests.');

if (problems.length > 0) console.log(`\n${problems.join('\n')}`);
// A failed check counts as a failure: the line never reads "0 failed" when the exit code is not 0.
failed += problems.length;
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
