import { chooseUsageCharge, usageChargesKey } from '../../domain/billing/usage-charge.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/result.ts';
import { readBillRun } from '../../persistence/bill-runs.ts';
import { type DocumentOwner, findDocumentOwners } from '../../persistence/document-accounts.ts';
import { readSettings } from '../../persistence/tenant-settings.ts';
import { readUsage } from '../../persistence/usage.ts';
import { readUsageCharges } from '../../persistence/usage-charges.ts';
import {
  fromWireObjectBillRun,
  wireObjectBillRunChanges,
  wireObjectNewBillRun,
} from '../../wire/object-bill-runs.ts';
import { fromWireObjectInvoiceChanges, wireObjectInvoiceChanges } from '../../wire/object-invoices.ts';
import { fromWireUsage, fromWireUsageChanges, wireNewUsage, wireUsageChanges } from '../../wire/usage.ts';
import { customFieldsOf } from '../../wire/values.ts';
import { reader } from '../operation.ts';
import { laneForNewAccount } from '../routes/accounts.ts';
import { askForRun } from '../routes/bill-runs.ts';
import { unbillFirst } from '../unbill-first.ts';
import { type ObjectWrites, type Writer, type Written, write } from './object-write.ts';

/** Sends a command about a bill run, and asks for what it means once that is committed. */
async function runWritten(writer: Writer, lane: string, kind: string, payload: object): Promise<Written> {
  const outcome = await writer.send(lane, kind, payload);
  if (outcome.status < 300) {
    const { Id, id } = JSON.parse(outcome.body) as { readonly Id?: string; readonly id?: string };
    askForRun(writer.c, { version: 1, job: 'billRun', billRunId: (Id ?? id)! });
  }
  return outcome;
}

function noBillRun(id: string): Refusal {
  return refuse('not_found', `There is no bill run ${id}.`);
}

const billRunWrites: ObjectWrites = {
  type: 'BillRun',
  create: write(wireObjectNewBillRun, (writer, body) =>
    runWritten(writer, laneForNewAccount(writer.c), 'object.billRun.create', fromWireObjectBillRun(body)),
  ),
  update: write(wireObjectBillRunChanges, async (writer, { Status, InvoiceDate }, id) => {
    const run = await readBillRun(reader(writer.c), id);
    if (run === null) return noBillRun(id);
    const billRunId = run.id;
    if (Status === 'Canceled') return runWritten(writer, billRunId, 'object.billRun.cancel', { billRunId });
    const invoiceDate = InvoiceDate ?? run.invoiceDate;
    return runWritten(writer, billRunId, 'object.billRun.post', { billRunId, invoiceDate });
  }),
  async remove(writer, id) {
    const run = await readBillRun(reader(writer.c), id);
    if (run === null) return noBillRun(id);
    return runWritten(writer, run.id, 'object.billRun.delete', { billRunId: run.id });
  },
};

async function aboutInvoice(
  writer: Writer,
  id: string,
  carryOut: (owner: DocumentOwner) => Promise<Written>,
): Promise<Written> {
  const owner = (await findDocumentOwners(reader(writer.c), 'invoice', [id])).get(id);
  return owner === undefined ? refuse('not_found', `There is no invoice ${id}.`) : carryOut(owner);
}

/** For commands after which what the invoice billed is to be billed again. */
async function takeBack(writer: Writer, owner: DocumentOwner, kind: string): Promise<Written> {
  await unbillFirst(writer.c, 'invoice', owner);
  return writer.send(owner.accountId, kind, { invoiceId: owner.id });
}

const invoiceWrites: ObjectWrites = {
  type: 'Invoice',
  update: write(wireObjectInvoiceChanges, (writer, body, id) =>
    aboutInvoice(writer, id, (owner) => {
      const { id: invoiceId, accountId } = owner;
      switch (body.Status) {
        case 'Draft':
          return writer.send(accountId, 'invoice.unpostByObject', { invoiceId });
        case 'Canceled':
          return takeBack(writer, owner, 'invoice.cancel');
        case 'Posted':
          return writer.send(accountId, 'invoice.postByObject', {
            invoiceId,
            invoiceDate: body.InvoiceDate ?? null,
            customFields: customFieldsOf(body),
          });
        default:
          return writer.send(
            accountId,
            'object.invoice.update',
            fromWireObjectInvoiceChanges(body, invoiceId),
          );
      }
    }),
  ),
  remove: (writer, id) => aboutInvoice(writer, id, (owner) => takeBack(writer, owner, 'invoice.delete')),
};

const usageWrites: ObjectWrites = {
  type: 'Usage',
  create: write(wireNewUsage, async (writer, body) => {
    const db = reader(writer.c);
    const { timeZone } = await readSettings(db);
    const record = fromWireUsage(body, timeZone);
    if (isRefusal(record)) return record;
    const key = usageChargesKey(record.target);
    const charges = (await readUsageCharges(db, [key])).get(key);
    const charge = chooseUsageCharge(record.target, charges!);
    return isRefusal(charge) ? charge : writer.send(charge.accountId, 'usage.create', record);
  }),
  update: write(
    wireUsageChanges,
    async (writer, body, id) => {
      const { timeZone } = await readSettings(reader(writer.c));
      const changes = fromWireUsageChanges(body, timeZone);
      if (isRefusal(changes)) return changes;
      return aboutUsage(writer, id, 'object.usage.update', changes);
    },
    { nullable: ['Description', 'EndDateTime'] },
  ),
  remove: (writer, id) => aboutUsage(writer, id, 'usage.delete', {}),
};

/** Sends a command about a record of usage to the lane of its account. */
async function aboutUsage(writer: Writer, usageId: string, kind: string, payload: object): Promise<Written> {
  const shown = await readUsage(reader(writer.c), usageId);
  if (shown === null) return refuse('not_found', `There is no usage ${usageId}.`);
  const { accountId, subscriptionNumber } = shown.usage;
  return writer.send(accountId, kind, { ...payload, usageId, subscriptionNumber });
}

export const billingWrites: readonly ObjectWrites[] = [billRunWrites, invoiceWrites, usageWrites];
