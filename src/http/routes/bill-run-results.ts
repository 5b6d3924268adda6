import { refuse } from '../../domain/result.ts';
import {
  type BillRunDocument,
  readBillRunDocuments,
  readBillRunResults,
  readBillRunTotals,
} from '../../persistence/bill-run-results.ts';
import { readBillRun } from '../../persistence/bill-runs.ts';
import { toWireRunDocument, wireRunDocuments, wireRunResults } from '../../wire/bill-run-results.ts';
import type { AppContext } from '../context.ts';
import { refused } from '../errors.ts';
import { type AnyOperation, operation, reader } from '../operation.ts';
import { nextPage, pageOf, pageReply, rangeOf } from '../paging.ts';

async function ofRun(
  c: AppContext,
  answer: (db: D1Database, billRunId: string) => Promise<Response>,
): Promise<Response> {
  const key = c.req.param('billRunId') ?? '';
  const db = reader(c);
  const run = await readBillRun(db, key);
  if (run === null) return refused(c, refuse('not_found', `There is no bill run ${key}.`));
  return answer(db, run.id);
}

/** What a bill run did: its accounts one by one, and its documents. */
export const billRunResultOperations: readonly AnyOperation[] = [
  operation({
    id: 'spillwayListBillRunAccounts',
    method: 'get',
    path: '/v1/spillway/bill-runs/:billRunId/accounts',
    role: 'read',
    query: wireRunResults,
    handle: (c, { query }) =>
      ofRun(c, async (db, billRunId) => {
        const page = pageOf(query);
        const rows = await readBillRunResults(db, billRunId, query.status ?? null, rangeOf(page));
        return pageReply(c, page, 'accounts', rows, (row) => row);
      }),
  }),
  operation({
    id: 'spillwayListBillRunDocuments',
    method: 'get',
    path: '/v1/spillway/bill-runs/:billRunId/documents',
    role: 'read',
    query: wireRunDocuments,
    handle: (c, { query }) =>
      ofRun(c, async (db, billRunId) => {
        const page = pageOf(query);
        const kind: BillRunDocument['kind'] = query.kind ?? 'invoice';
        const rows = await readBillRunDocuments(db, billRunId, kind, rangeOf(page));
        return c.json({
          documents: rows.slice(0, page.pageSize).map(toWireRunDocument),
          ...(query.totals === 'true'
            ? { totals: (await readBillRunTotals(db, billRunId)).map(toWireRunDocument) }
            : {}),
          ...nextPage(c, page, rows.length > page.pageSize),
          success: true,
        });
      }),
  }),
];
