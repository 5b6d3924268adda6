import { operations } from './contract-data.ts';

function wholeArea(area: string): string[] {
  return Object.entries(operations).flatMap(([operationId, operation]) =>
    operation.area === area ? [operationId] : [],
  );
}

/** Operations that this release answers, by area; a later issue adds its own. */
export const RELEASE_SCOPE: Readonly<Record<string, readonly string[]>> = {
  auth: ['createToken'],
  accounts: [
    'POST_Account',
    'GET_Account',
    'PUT_Account',
    'DELETE_Account',
    'GET_AccountSummary',
    'POST_CreateContact',
    'GET_Contact',
    'PUT_Contact',
    'DELETE_Contact',
    'GET_ContactSnapshot',
    'transferContent',
  ],
  crud: wholeArea('crud'),
  catalog: wholeArea('catalog'),
  orders: wholeArea('orders'),
  subscriptions: wholeArea('subscriptions'),
  billing: wholeArea('billing'),
  settlement: wholeArea('settlement'),
  zoql: wholeArea('zoql'),
  aqua: wholeArea('aqua'),
  'object-query': wholeArea('object-query'),
  'data-query': wholeArea('data-query'),
};

/** A conformance test that ran: its file, its title and what it covers when it passed. */
export type ConformanceResult = {
  file: string;
  title: string;
  operationIds: readonly string[];
  passed: boolean;
};

export type Coverage = {
  /** Operations of this release with at least one passed test, and all of them. */
  covered: readonly string[];
  inScope: readonly string[];
  /** Passed tests by operation. */
  testsByOperation: ReadonlyMap<string, readonly ConformanceResult[]>;
};

/** What passed conformance tests cover of this release. */
export function coverageOf(results: readonly ConformanceResult[]): Coverage {
  const testsByOperation = new Map<string, ConformanceResult[]>();
  for (const result of results) {
    if (!result.passed) continue;
    for (const operationId of result.operationIds) {
      testsByOperation.set(operationId, [...(testsByOperation.get(operationId) ?? []), result]);
    }
  }
  const inScope = Object.values(RELEASE_SCOPE).flat();
  return {
    covered: inScope.filter((operationId) => testsByOperation.has(operationId)),
    inScope,
    testsByOperation,
  };
}

/** One line for the end of a test run; names what is not covered. */
export function coverageLine({ covered, inScope }: Coverage): string {
  const missing = inScope.filter((operationId) => !covered.includes(operationId));
  const total = Object.keys(operations).length;
  const line = `Conformance: covered ${covered.length} of ${inScope.length} core operations in scope of this release (${total} core operations in the contract)`;
  return missing.length === 0 ? line : `${line}; not covered: ${missing.join(', ')}`;
}

/** The trace table in Markdown: each operation of this release and the tests that check it. */
export function coverageTable(coverage: Coverage): string {
  const lines = [
    '# Conformance coverage',
    '',
    'Written by `npm run conformance:table` from a test run; a test counts when it passed.',
    '',
    coverageLine(coverage),
    '',
    '| area | operation | request | tests |',
    '| --- | --- | --- | --- |',
  ];
  for (const [area, operationIds] of Object.entries(RELEASE_SCOPE)) {
    for (const operationId of operationIds) {
      const operation = operations[operationId];
      const tests = coverage.testsByOperation.get(operationId) ?? [];
      const titles = tests.map(({ file, title }) => `${title} (${file})`).join('<br>');
      lines.push(`| ${area} | ${operationId} | ${operation?.method} ${operation?.path} | ${titles || '–'} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}
