import { UNBILL_SUBSCRIPTIONS_MAX } from '../../domain/billing/unbill.ts';
import { limits } from '../../env.ts';
import { findFirstItems, findRunDocuments, type RunDocument } from '../../persistence/bill-runs.ts';
import { type AtAccount, refuseUnlessMoved } from './at-account.ts';
import { type BillRunPorts, orRefused, type StepOutcome, sendStep } from './ports.ts';

/** What a step does with an account's documents of a run, a bounded number of them at once. Each tells whether there was anything to do. */

/** Makes drafts of what was generated, now that the account's last piece is billed. When none of it can be the account is kept with the reason. */
export async function finishDocuments(at: AtAccount, ports: BillRunPorts): Promise<boolean> {
  const documents = await documentsOf(at, ['Generating'], ports);
  // A credit memo that lines still move into is finished with its invoice.
  const invoices = documents.filter(({ kind }) => kind === 'invoice');
  const outcomes = await Promise.all(invoices.map((invoice) => orRefused(finish(invoice, at, ports))));
  const reason = await whyStuck(at, ['Generating'], invoices, outcomes, ports);
  if (reason !== null) await refuseUnlessMoved(at, reason, ports);
  return invoices.length > 0;
}

async function finish(
  { id, amountMinor, isMoving }: RunDocument,
  { run, row, step }: AtAccount,
  ports: BillRunPorts,
): Promise<StepOutcome<unknown>> {
  const payload = { ...step, invoiceId: id };
  if (amountMinor >= 0 && isMoving === 0) {
    return sendStep(ports, run, row.accountId, 'billRun.finishInvoice', payload);
  }
  const itemIds = await findFirstItems(ports.db, id, limits.billRunMoveLinesMax);
  return sendStep(ports, run, row.accountId, 'billRun.moveLines', { ...payload, itemIds });
}

/** Posts the drafts, by the commands that post any draft. When none of a page can be posted the account is kept with the reason. */
export async function postDocuments(at: AtAccount, ports: BillRunPorts): Promise<boolean> {
  const { run, row } = at;
  const documents = await documentsOf(at, ['Draft'], ports);
  const outcomes = await Promise.all(
    documents.map(({ kind, id }) =>
      orRefused<unknown>(
        kind === 'invoice'
          ? sendStep(ports, run, row.accountId, 'invoice.post', {
              invoiceId: id,
              invoiceDate: run.invoiceDate,
              customFields: {},
            })
          : sendStep(ports, run, row.accountId, 'billRun.postCreditMemo', {
              creditMemoId: id,
              accountId: row.accountId,
            }),
      ),
    ),
  );
  const reason = await whyStuck(at, ['Draft'], documents, outcomes, ports);
  if (reason !== null) await refuseUnlessMoved(at, reason, ports);
  return documents.length > 0;
}

/**
 * Why nothing can be done with documents: all were refused, and are as they were. One that was refused because somebody else did the same with it
 * meanwhile, as when a message comes twice, is not. Null: something was done, or there was nothing to do.
 */
async function whyStuck(
  at: AtAccount,
  statuses: readonly DocumentStatus[],
  documents: readonly RunDocument[],
  outcomes: ReadonlyArray<StepOutcome<unknown>>,
  ports: BillRunPorts,
): Promise<string | null> {
  const reasons = outcomes.flatMap(({ refusal }) => refusal ?? []);
  if (reasons.length === 0 || reasons.length < outcomes.length) return null;
  const revisions = new Map(
    (await documentsOf(at, statuses, ports)).map(({ id, revision }) => [id, revision]),
  );
  return documents.every(({ id, revision }) => revisions.get(id) === revision) ? reasons[0]! : null;
}

/**
 * Cancels documents that are not posted and takes back what they billed: the longest of them in pieces, one document after another. 'stuck': there
 * are some, and none can be taken back.
 */
export async function takeBackDocuments(
  at: AtAccount,
  statuses: ReadonlyArray<'Generating' | 'Draft'>,
  ports: BillRunPorts,
): Promise<'none' | 'some' | 'stuck'> {
  const documents = await documentsOf(at, statuses, ports);
  if (documents.length === 0) return 'none';
  const outcomes = await Promise.all(documents.map((document) => orRefused(takeBack(document, at, ports))));
  const reason = await whyStuck(at, statuses, documents, outcomes, ports);
  if (reason === null) return 'some';
  ports.log('billRun.not_taken_back', { run: at.run.billRunNumber, account: at.row.accountId, reason });
  return 'stuck';
}

/** Deletes what was cancelled; a document that somebody deleted meanwhile is gone as well. */
export async function deleteDocuments(at: AtAccount, ports: BillRunPorts): Promise<boolean> {
  const { run, row } = at;
  const documents = await documentsOf(at, ['Canceled'], ports);
  await Promise.all(
    documents.map(({ kind, id }) =>
      sendStep(ports, run, row.accountId, 'billRun.deleteDocument', { ...at.step, kind, documentId: id }),
    ),
  );
  return documents.length > 0;
}

type DocumentStatus = 'Generating' | 'Draft' | 'Canceled';

function documentsOf(
  { row }: AtAccount,
  statuses: readonly DocumentStatus[],
  { db }: BillRunPorts,
): Promise<RunDocument[]> {
  return findRunDocuments(db, row, statuses, limits.billRunDocumentsMax);
}

/** Cancels one document; the subscriptions of a long one are set back before, a bounded number in each commit. */
async function takeBack(
  { kind, id, lineCount }: RunDocument,
  { run, row, step }: AtAccount,
  ports: BillRunPorts,
): Promise<StepOutcome<unknown>> {
  if (lineCount > UNBILL_SUBSCRIPTIONS_MAX) {
    const unbilled = await unbill(id, { run, row, step }, ports);
    if (unbilled.reply?.left !== 0) return unbilled;
  }
  return sendStep(ports, run, row.accountId, 'billRun.cancelDocument', { ...step, kind, documentId: id });
}

/** Pieces of one document that one step takes back. */
const UNBILL_PIECES_PER_STEP = 10;

async function unbill(
  documentId: string,
  { run, row }: AtAccount,
  ports: BillRunPorts,
): Promise<StepOutcome<{ readonly left: number }>> {
  for (let pieces = 1; ; pieces++) {
    const unbilled = await sendStep<{ readonly left: number }>(ports, run, row.accountId, 'billing.unbill', {
      documentId,
    });
    const isThrough = unbilled.reply === null || unbilled.reply.left === 0;
    if (isThrough || pieces === UNBILL_PIECES_PER_STEP) return unbilled;
  }
}
