import type { BatchQueryRequest } from '../../domain/aqua/batch-query.ts';
import type { JobPlan, PlannedBatch } from '../../domain/aqua/plan-job.ts';
import { QueryError } from '../compiled-query.ts';
import { type CompiledExport, compileExportZoql } from '../export-zoql/compile.ts';
import { changeOf, objectNamed } from '../objects/index.ts';
import { compileZoql } from '../zoql/compile.ts';
import { type BatchProblem, compilerOptions, type JobContext } from './batch-jobs.ts';

/** Objects whose deleted records Zuora does not give either. */
const WITHOUT_DELETED_RECORDS = new Set([
  'AccountingCode',
  'AccountingPeriod',
  'PaymentTransactionLog',
  'ProcessedUsage',
  'RefundTransactionLog',
]);

type Clock = Pick<JobContext, 'now' | 'timeZone'>;

function compiled(
  batch: PlannedBatch,
  request: Pick<BatchQueryRequest, 'useQueryLabels'>,
  clock: Clock,
): CompiledExport {
  const compile = batch.query.language === 'zoql' ? compileZoql : compileExportZoql;
  return compile(batch.query.text, compilerOptions(batch, request, clock));
}

/** Of each query of a job, why it cannot be carried out; null when it can. */
export function problemsOf(
  { batches }: JobPlan,
  request: Pick<BatchQueryRequest, 'useQueryLabels'>,
  clock: Clock,
): Array<BatchProblem | null> {
  return batches.map((batch) => {
    try {
      const { source } = compiled(batch, request, clock);
      return batch.query.deleted === null || hasDeletedRecords(source) ? null : notAllowed(source);
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      const at = error.place === null ? '' : ` (line ${error.place.line}, column ${error.place.column})`;
      return { message: `${error.message}${at}`, isNotAllowed: false };
    }
  });
}

function notAllowed(source: string): BatchProblem {
  return { message: `Deleted records of ${source} are not kept.`, isNotAllowed: true };
}

/** Elements of a row's list come and go with changes of the row. */
function hasDeletedRecords(source: string): boolean {
  return objectNamed(source)?.each === null && !WITHOUT_DELETED_RECORDS.has(source);
}

/** Of an object that does not say when it changed everything is given each time. */
export function withFullLoads(plan: JobPlan, clock: Clock): JobPlan {
  const batches = plan.batches.map((batch) => {
    if (batch.changedSince === null) return batch;
    const object = objectNamed(compiled(batch, { useQueryLabels: true }, clock).source);
    if (object !== undefined && changeOf(object) !== undefined) return batch;
    return { ...batch, full: true, changedSince: null, changedUntil: null, withDeleted: false };
  });
  return { ...plan, batches };
}
