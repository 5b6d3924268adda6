import { laneOfNewAccount } from '../../account/client.ts';
import { newTimeOrderedId } from '../../account/runtime.ts';
import { type NewUsageImport, piecesOfRows } from '../../domain/billing/usage-import.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/result.ts';
import { limits } from '../../env.ts';
import type { JobMessage } from '../../jobs/consume-jobs.ts';
import { findAccountName } from '../../persistence/document-accounts.ts';
import { storeFile } from '../../persistence/files.ts';
import { log } from '../../persistence/log.ts';
import { readSettings } from '../../persistence/tenant-settings.ts';
import { readUsageOfAccount } from '../../persistence/usage.ts';
import { readUsageImport, readUsageImportPieces } from '../../persistence/usage-imports.ts';
import { toWireUsage } from '../../wire/usage.ts';
import { readUsageFile, toWireUsageImport, wireUsageForm } from '../../wire/usage-files.ts';
import { wirePaging } from '../../wire/values.ts';
import type { AppContext } from '../context.ts';
import { refused } from '../errors.ts';
import { type AnyOperation, operation, reader, respond } from '../operation.ts';
import { nextPage, pageOf, pageReply, rangeOf } from '../paging.ts';

/** Six digits that error codes of usage start with. */
const USAGE = '567000';
const FILE_NAME_LENGTH_MAX = 255;
const DAY_MS = 86_400_000;

/** The file of a form, as text. */
async function uploadedFile(
  c: AppContext,
): Promise<{ readonly name: string; readonly text: string } | Refusal> {
  const type = c.req.header('Content-Type') ?? '';
  let form: FormData;
  try {
    form = await new Response(await c.req.text(), { headers: { 'Content-Type': type } }).formData();
  } catch {
    return refuse('invalid', 'the body is not valid multipart/form-data', 'Content-Type');
  }
  const file = form.get('file') as File | string | null;
  if (file === null || typeof file === 'string')
    return refuse('missing', 'is required: a file in CSV', 'file');
  if (file.name.length > FILE_NAME_LENGTH_MAX) {
    return refuse('invalid', `must have a name of at most ${FILE_NAME_LENGTH_MAX} characters`, 'file');
  }
  return { name: file.name, text: await file.text() };
}

const importing: readonly AnyOperation[] = [
  operation({
    id: 'POST_Usage',
    method: 'post',
    path: '/v1/usage',
    role: 'standard',
    resourceCode: USAGE,
    reads: { form: wireUsageForm },
    fansOut: true,
    async handle(c) {
      const uploaded = await uploadedFile(c);
      if (isRefusal(uploaded)) return refused(c, uploaded);
      const file = readUsageFile(uploaded.text);
      if (isRefusal(file)) return refused(c, file);
      const now = new Date();
      const fileId = newTimeOrderedId(now.toISOString());
      const stored = {
        id: fileId,
        name: uploaded.name,
        contentType: 'text/csv',
        documentId: null,
        createdAt: now.toISOString(),
        expiresAt: new Date(now.getTime() + limits.usageFileDays * DAY_MS).toISOString(),
      };
      await storeFile({ db: c.env.DB, bucket: c.env.FILES }, stored, file.content);
      const payload: NewUsageImport = {
        fileName: uploaded.name,
        fileId,
        bytes: file.content.byteLength,
        columns: file.columns,
        pieces: file.pieces,
        rows: file.rows,
      };
      // A repeated request meets its first in the lane that its key leads to.
      const lane = laneOfNewAccount(c.get('idempotency')?.key ?? fileId);
      const reply = await respond(c, lane, 'usageImport.create', payload);
      if (reply.status === 200) announce(c, await reply.clone().json());
      return reply;
    },
  }),
  operation({
    id: 'spillwayUsageImport',
    method: 'get',
    path: '/v1/usage/:importId/status',
    role: 'read',
    query: wirePaging,
    async handle(c, { query }) {
      const importId = c.req.param('importId') ?? '';
      const running = await readUsageImport(reader(c), importId);
      if (running === null) return refused(c, refuse('not_found', `There is no import ${importId}.`));
      const page = pageOf(query);
      const shown = rangeOf(page);
      const { skipped, ...which } = piecesOfRows(running.pieces, shown.offset, shown.rowsMax);
      const pieces = await readUsageImportPieces(reader(c), importId, which);
      const outcomes = pieces.flatMap((piece) => piece.outcomes).slice(skipped, skipped + shown.rowsMax);
      return c.json({
        ...toWireUsageImport(running, outcomes.slice(0, page.pageSize), page.offset + 1),
        ...nextPage(c, page, outcomes.length > page.pageSize),
        success: true,
      });
    },
  }),
];

/** Asks for the import; should that be lost, the sweep asks again. */
function announce(c: AppContext, { checkImportStatus }: { readonly checkImportStatus?: string }): void {
  const importId = checkImportStatus?.split('/')[3];
  if (importId === undefined) return;
  const message: JobMessage = { version: 1, job: 'usageImport', importId };
  c.executionCtx.waitUntil(
    c.env.JOBS_QUEUE.send(message).catch((error) =>
      log('usage.not_announced', { import: importId, message: String(error) }),
    ),
  );
}

const reading: readonly AnyOperation[] = [
  operation({
    id: 'GET_Usage',
    method: 'get',
    path: '/v1/usage/accounts/:accountKey',
    role: 'read',
    query: wirePaging,
    async handle(c, { query }) {
      const key = c.req.param('accountKey') ?? '';
      const page = pageOf(query);
      const account = await findAccountName(reader(c), key);
      if (account === null) return refused(c, refuse('not_found', `There is no account ${key}.`));
      const usage = await readUsageOfAccount(reader(c), account.id, rangeOf(page));
      const { timeZone } = await readSettings(reader(c));
      return pageReply(c, page, 'usage', usage, (shown) => toWireUsage(shown, timeZone));
    },
  }),
];

export const usageOperations: readonly AnyOperation[] = [...importing, ...reading];
