import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import { type ConformanceResult, coverageLine, coverageOf, coverageTable } from './coverage.ts';

/**
 * Prints at the end of a test run how many core operations of this release the passed conformance tests cover. With
 * CONFORMANCE_TABLE set to a path, it also writes the trace table there. A run without conformance tests says nothing.
 * vitest takes a reporter given by path from the default export.
 */
export default class CoverageReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const results = modules.flatMap(conformanceResults);
    if (results.length === 0) return;
    const coverage = coverageOf(results);
    console.log(`\n${coverageLine(coverage)}`);
    const target = process.env.CONFORMANCE_TABLE;
    if (target !== undefined && target !== '') writeFileSync(target, coverageTable(coverage));
  }
}

function conformanceResults(module: TestModule): ConformanceResult[] {
  const results: ConformanceResult[] = [];
  for (const test of module.children.allTests()) {
    const operationIds = test.meta().conformanceOperations;
    if (operationIds === undefined) continue;
    results.push({
      file: basename(module.moduleId),
      title: test.name.slice(test.name.indexOf(': ') + 2),
      operationIds,
      passed: test.ok() && test.result().state === 'passed',
    });
  }
  return results;
}
