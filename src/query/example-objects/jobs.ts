import { toWireJobId } from '../../wire/data-queries.ts';
import type { ExampleObjects } from './example-object.ts';

const billRun = (condition: string) =>
  `SELECT id, bill_run_number AS number FROM bill_run WHERE ${condition} ORDER BY id DESC LIMIT 1`;

const asyncJob = (types: readonly string[]) =>
  `SELECT id FROM async_job WHERE job_type IN (${types.map((type) => `'${type}'`).join(', ')}) ORDER BY id DESC LIMIT 1`;

const NOW = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";

export const jobObjects: ExampleObjects = {
  billRun: { what: 'a bill run', madeBy: 'POST_CreateBillRun', sql: billRun('1') },
  completedBillRun: {
    what: 'a bill run that has made its documents',
    madeBy: 'POST_CreateBillRun',
    sql: billRun("status = 'Completed'"),
  },
  canceledBillRun: {
    what: 'a canceled bill run',
    madeBy: 'PUT_CancelBillRun',
    sql: billRun("status = 'Canceled'"),
  },
  previewRun: {
    what: 'a billing preview run',
    madeBy: 'POST_BillingPreviewRun',
    sql: 'SELECT id FROM billing_preview_run ORDER BY id DESC LIMIT 1',
  },
  orderJob: {
    what: 'a job of an order',
    madeBy: 'POST_CreateOrderAsynchronously',
    sql: asyncJob(['AsyncCreateOrder', 'AsyncPreviewOrder']),
  },
  applyJob: {
    what: 'a job that applies a credit memo',
    madeBy: 'applyCreditMemoAsync',
    sql: asyncJob(['AsyncCreditMemoApply']),
  },
  unapplyJob: {
    what: 'a job that unapplies a credit memo',
    madeBy: 'unapplyCreditMemoAsync',
    sql: asyncJob(['AsyncCreditMemoUnapply']),
  },
  operationJob: {
    what: 'a job that deletes an invoice of more lines than one commit takes',
    madeBy: '',
    sql: asyncJob(['AsyncDeleteInvoice']),
  },
  export: {
    what: 'an export',
    madeBy: 'Object_POSTExport',
    sql: "SELECT id FROM query_job WHERE kind = 'export' ORDER BY id DESC LIMIT 1",
  },
  locator: {
    what: 'a ZOQL query that is not done',
    madeBy: 'Action_POSTquery',
    sql:
      "SELECT id || '-' || record_offset AS locator FROM zoql_locator " +
      `WHERE expires_at > ${NOW} ORDER BY expires_at DESC, id DESC LIMIT 1`,
  },
  batchJob: {
    what: 'a job of queries',
    madeBy: 'POST_BatchQueryJob',
    sql: "SELECT id FROM query_job WHERE kind = 'aqua' ORDER BY id DESC LIMIT 1",
  },
  completedBatchJob: {
    what: 'a completed job of queries',
    madeBy: 'POST_BatchQueryJob',
    sql:
      "SELECT id, partner, project FROM query_job WHERE status = 'completed' AND partner IS NOT NULL " +
      'ORDER BY id DESC LIMIT 1',
  },
  dataQueryJob: {
    what: 'a query job',
    madeBy: 'POST_DataQueryJob',
    sql: "SELECT id FROM query_job WHERE kind = 'dataQuery' ORDER BY id DESC LIMIT 1",
    more: ({ id }) => ({ uuid: toWireJobId(id!) }),
  },
  file: {
    what: 'a file',
    madeBy: 'spillwayInvoicePdf',
    sql: `SELECT id FROM stored_file WHERE expires_at > ${NOW} ORDER BY id DESC LIMIT 1`,
  },
  apiClient: {
    what: 'an API client that an example made',
    madeBy: 'spillwayCreateApiClient',
    sql: "SELECT id FROM api_client WHERE name LIKE 'Example %' AND revoked_at IS NULL ORDER BY created_at DESC LIMIT 1",
  },
  user: {
    what: 'a user that an example made',
    madeBy: 'spillwayCreateUser',
    sql: "SELECT id FROM web_user WHERE email LIKE 'example-%@example.com' ORDER BY id DESC LIMIT 1",
  },
  deadLetter: {
    what: 'a message that could not be processed',
    madeBy: '',
    sql: 'SELECT id FROM dead_letter ORDER BY arrived_at DESC LIMIT 1',
  },
};
