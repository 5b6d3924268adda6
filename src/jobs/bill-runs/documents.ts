import { UNBILL_SUBSCRIPTIONS_MAX } from '../../domain/billing/unbill.ts';
import { limits } from '../../env.ts';
import { findFirstItems, findRunDocuments, type RunDocument } from '../../persistence/bill-runs.ts';
import { type AtAccount, refuseUnlessMoved } from './at-account.ts';
import { type BillRunPorts, type StepOutcome, sendStep } from './ports.ts';

/** What a step does with an account's documents of a run, a bounded number of them at once. Each tells whether there was anything to do. */

/** Makes drafts of what was generated, now that the account's last piece is billed. */
export async function finishDocuments(at: AtAccount, ports: BillRunPorts): Promise<boolean> {
  const documents = await documentsOf(at, ['Generating'], ports);
  // A credit memo that lines still move into is finished with its invoice.
  const invoices = documents.filter(({ kind }) => kind === 'invoice');
  await Promise.all(
    invoices.map(async (invoice) => {
      const payload = { ...at.step, invoiceId: invoice.id };
      const { accountId } = at.row;
      if (invoice.amountMinor >= 0 && invoice.isMoving === 0) {
        return sendStep(ports, at.run, accountId, 'billRun.finishInvoice', payload);
      }
      const itemIds = await findFirstItems(ports.db, invoice.id, limits.billRunMoveLinesMax);
      return sendStep(ports, at.run, accountId, 'billRun.moveLines', { ...payload, itemIds });
    }),
  );
  return invoices.length > 0;
}

/** Posts the drafts, by the commands that post any draft. When none of a page can be posted the account is kept with the reason. */
export async function postDocuments(at: AtAccount, ports: BillRunPorts): Promise<boolean> {
  const { run, row } = at;
  const documents = await documentsOf(at, ['Draft'], ports);
  const outcomes = await Promise.all(
    documents.map(({ kind, id }) =>
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
  );
  const reason = reasonOfAll(outcomes);
  if (reason !== null) await refuseUnlessMoved(at, reason, ports);
  return documents.length > 0;
}

/** Why all were refused; null when one was not, or when there was none. */
function reasonOfAll(outcomes: ReadonlyArray<StepOutcome<unknown>>): string | null {
  const reasons = outcomes.flatMap(({ refusal }) => refusal ?? []);
  return reasons.length === outcomes.length ? (reasons[0] ?? null) : null;
}

/** Cancels documents that are not posted and takes back what they billed: the longest of them in pieces, one document after another. */
export async function takeBackDocuments(
  at: AtAccount,
  statuses: ReadonlyArray<'Generating' | 'Draft'>,
  ports: BillRunPorts,
): Promise<boolean> {
  const documents = await documentsOf(at, statuses, ports);
  await Promise.all(documents.map((document) => takeBack(document, at, ports)));
  return documents.length > 0;
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

function documentsOf(
  { row }: AtAccount,
  statuses: ReadonlyArray<'Generating' | 'Draft' | 'Canceled'>,
  { db }: BillRunPorts,
): Promise<RunDocument[]> {
  return findRunDocuments(db, row, statuses, limits.billRunDocumentsMax);
}

/** Cancels one document; the subscriptions of a long one are set back before, a bounded number in each commit. */
async function takeBack(
  { kind, id, lineCount }: RunDocument,
  { run, row, step }: AtAccount,
  ports: BillRunPorts,
): Promise<void> {
  if (lineCount > UNBILL_SUBSCRIPTIONS_MAX && (await unbill(id, { run, row, step }, ports)) > 0) return;
  await sendStep(ports, run, row.accountId, 'billRun.cancelDocument', { ...step, kind, documentId: id });
}

/** Pieces of one document that one step takes back. */
const UNBILL_PIECES_PER_STEP = 10;

async function unbill(documentId: string, { run, row }: AtAccount, ports: BillRunPorts): Promise<number> {
  let left = 1;
  for (let pieces = 0; pieces < UNBILL_PIECES_PER_STEP && left > 0; pieces++) {
    const { reply } = await sendStep<{ readonly left: number }>(ports, run, row.accountId, 'billing.unbill', {
      documentId,
    });
    left = reply?.left ?? 0;
  }
  return left;
}
