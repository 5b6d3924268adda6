import { afterAll, beforeAll, describe, test } from 'vitest';
import type { LocalServer } from '../../scripts/local-server.mjs';
import {
  Cell,
  expectRow,
  type MatrixCatalog,
  type MatrixCurrency,
  type MatrixRow,
  matrixCatalog,
} from './matrix-cell.ts';
import { type Scenario, startWithSlowFolds } from './scenario.ts';

/** The matrix of operations and metrics (semantics F.1) over a server that the file's tests share. */
export interface MetricMatrix {
  /** What tests and rows may use while they run. */
  readonly server: LocalServer;
  readonly scenario: Scenario;
  cell(flagged: boolean, currency: MatrixCurrency): Promise<Cell>;
  /** A test of each row, for a partner and for an ordinary account, in the account's currency and in another one. */
  testEachCell(rows: readonly MatrixRow[]): void;
}

/** To be called once, at the top of a test file. */
export function metricMatrix(): MetricMatrix {
  let started: { readonly server: LocalServer; readonly scenario: Scenario } | undefined;
  /** Made by the first test that needs it. */
  let catalog: Promise<MatrixCatalog> | undefined;
  beforeAll(async () => {
    started = await startWithSlowFolds();
  });
  afterAll(async () => {
    started?.scenario.close();
    await started?.server.dispose();
  });
  const matrix: MetricMatrix = {
    get server() {
      return started!.server;
    },
    get scenario() {
      return started!.scenario;
    },
    async cell(flagged, currency) {
      catalog ??= matrixCatalog(matrix.scenario);
      return Cell.create(matrix.scenario, await catalog, flagged, currency);
    },
    testEachCell(rows) {
      describe.each([
        ['a partner account', true],
        ['an ordinary account', false],
      ])('%s', (_name, flagged) => {
        describe.each(['USD', 'EUR'] as const)('in %s', (currency) => {
          test.each(rows)('row $row: $name', async (row) => {
            await expectRow(await matrix.cell(flagged, currency), row, flagged);
          });
        });
      });
    },
  };
  return matrix;
}
