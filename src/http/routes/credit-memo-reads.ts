import type { AsyncJobType } from '../../domain/async-jobs/async-job.ts';
import { type Refusal, refuse } from '../../domain/result.ts';
import type { Application } from '../../domain/settlement/application.ts';
import type { CreditMemoReply } from '../../domain/settlement/credit-memo.ts';
import { readAsyncJob } from '../../persistence/async-jobs.ts';
import {
  readCreditMemo,
  readCreditMemoPart,
  readCreditMemoParts,
  readCreditMemos,
} from '../../persistence/credit-memos.ts';
import { findAccountIds } from '../../persistence/document-accounts.ts';
import { readMemoItems } from '../../persistence/memo-items.ts';
import { readItemPartsOfMemo } from '../../persistence/part-items.ts';
import type { RowRange } from '../../persistence/row-range.ts';
import { toWireCreditMemoJob } from '../../wire/async-jobs.ts';
import {
  fromWireCreditMemoQuery,
  toWireCreditMemoItemPart,
  toWireCreditMemoItems,
  wireCreditMemoItemQuery,
  wireCreditMemoQuery,
} from '../../wire/credit-memo-lists.ts';
import { toWireCreditMemo, toWireCreditMemoReply } from '../../wire/credit-memos.ts';
import { toWirePart } from '../../wire/payments.ts';
import { wirePaging } from '../../wire/values.ts';
import type { AppContext } from '../context.ts';
import { refused } from '../errors.ts';
import { type AnyOperation, operation, reader } from '../operation.ts';
import { nextPage, pageOf, pageReply, rangeOf } from '../paging.ts';
import { noMemo } from './memo-operations.ts';

/** The credit memo that the path names. */
async function findMemo(c: AppContext): Promise<CreditMemoReply | Refusal> {
  const key = c.req.param('creditMemoKey') ?? '';
  return (await readCreditMemo(reader(c), key)) ?? noMemo('creditMemo', key);
}

async function readItems(c: AppContext, shown: CreditMemoReply, which: RowRange | { itemId: string }) {
  return toWireCreditMemoItems(shown, await readMemoItems(reader(c), 'creditMemoItem', shown.memo.id, which));
}

/** The part that the path names, of the memo that it names. */
async function findPart(c: AppContext): Promise<{ part: Application; currency: string } | Refusal> {
  const shown = await findMemo(c);
  if ('refused' in shown) return shown;
  const partId = c.req.param('partId') ?? '';
  const part = await readCreditMemoPart(reader(c), shown.memo.id, partId);
  return part === null
    ? refuse('not_found', `Credit memo ${shown.memo.memoNumber} has no part ${partId}.`)
    : { part, currency: shown.memo.currency };
}

/** What has become of a job that applies a memo or takes it off. */
function jobOperation(id: string, path: string, jobType: AsyncJobType): AnyOperation {
  return operation({
    id,
    method: 'get',
    path,
    role: 'read',
    async handle(c) {
      const jobId = c.req.param('jobId') ?? '';
      const job = await readAsyncJob(reader(c), jobId);
      if (job?.jobType !== jobType) return refused(c, refuse('not_found', `There is no job ${jobId}.`));
      return c.json(toWireCreditMemoJob(job));
    },
  });
}

const memos: readonly AnyOperation[] = [
  operation({
    id: 'GET_CreditMemos',
    method: 'get',
    path: '/v1/credit-memos',
    role: 'read',
    query: wireCreditMemoQuery,
    async handle(c, { query }) {
      const page = pageOf(query);
      const { accountNumber } = query;
      const filter = fromWireCreditMemoQuery(query);
      const named =
        accountNumber === undefined
          ? filter.accountId
          : ((await findAccountIds(reader(c), [accountNumber])).get(accountNumber) ?? null);
      const isEmpty = named === null || (filter.accountId !== undefined && filter.accountId !== named);
      const found = isEmpty
        ? []
        : await readCreditMemos(reader(c), { ...filter, accountId: named }, rangeOf(page));
      return pageReply(c, page, 'creditmemos', found, toWireCreditMemo);
    },
  }),
  jobOperation(
    'getApplyCreditMemoAsyncJob',
    '/v1/credit-memos/apply-async-jobs/:jobId',
    'AsyncCreditMemoApply',
  ),
  jobOperation(
    'getUnapplyCreditMemoAsyncJob',
    '/v1/credit-memos/unapply-async-jobs/:jobId',
    'AsyncCreditMemoUnapply',
  ),
  operation({
    id: 'GET_CreditMemo',
    method: 'get',
    path: '/v1/credit-memos/:creditMemoKey',
    role: 'read',
    async handle(c) {
      const shown = await findMemo(c);
      return 'refused' in shown ? refused(c, shown) : c.json(toWireCreditMemoReply(shown));
    },
  }),
  operation({
    id: 'GET_CreditMemoItems',
    method: 'get',
    path: '/v1/credit-memos/:creditMemoKey/items',
    role: 'read',
    query: wireCreditMemoItemQuery,
    async handle(c, { query }) {
      const page = pageOf(query);
      const shown = await findMemo(c);
      if ('refused' in shown) return refused(c, shown);
      const items = await readItems(c, shown, rangeOf(page));
      return c.json({
        items: items.slice(0, page.pageSize),
        ...nextPage(c, page, items.length > page.pageSize),
        success: true,
      });
    },
  }),
  operation({
    id: 'GET_CreditMemoItem',
    method: 'get',
    path: '/v1/credit-memos/:creditMemoKey/items/:itemId',
    role: 'read',
    async handle(c) {
      const itemId = c.req.param('itemId') ?? '';
      const shown = await findMemo(c);
      if ('refused' in shown) return refused(c, shown);
      const [item] = await readItems(c, shown, { itemId });
      if (item === undefined) {
        const message = `Credit memo ${shown.memo.memoNumber} has no item ${itemId}.`;
        return refused(c, refuse('not_found', message));
      }
      return c.json({ ...item, success: true });
    },
  }),
];

const parts: readonly AnyOperation[] = [
  operation({
    id: 'GET_CreditMemoParts',
    method: 'get',
    path: '/v1/credit-memos/:creditMemoKey/parts',
    role: 'read',
    query: wirePaging,
    async handle(c, { query }) {
      const page = pageOf(query);
      const shown = await findMemo(c);
      if ('refused' in shown) return refused(c, shown);
      const { id, currency } = shown.memo;
      const found = await readCreditMemoParts(reader(c), id, rangeOf(page));
      return pageReply(c, page, 'parts', found, (part) => toWirePart(part, currency));
    },
  }),
  operation({
    id: 'GET_CreditMemoPart',
    method: 'get',
    path: '/v1/credit-memos/:creditMemoKey/parts/:partId',
    role: 'read',
    async handle(c) {
      const found = await findPart(c);
      if ('refused' in found) return refused(c, found);
      return c.json({ ...toWirePart(found.part, found.currency), success: true });
    },
  }),
  operation({
    id: 'GET_CreditMemoItemParts',
    method: 'get',
    path: '/v1/creditmemos/:creditMemoKey/parts/:partId/itemparts',
    role: 'read',
    query: wirePaging,
    async handle(c, { query }) {
      const page = pageOf(query);
      const found = await findPart(c);
      if ('refused' in found) return refused(c, found);
      const all = await readItemPartsOfMemo(reader(c), found.part);
      const rows = all.slice(page.offset, page.offset + page.pageSize + 1);
      return pageReply(c, page, 'itemParts', rows, (item) =>
        toWireCreditMemoItemPart(item, found.part, found.currency),
      );
    },
  }),
  operation({
    id: 'GET_CreditMemoItemPart',
    method: 'get',
    path: '/v1/creditmemos/:creditMemoKey/parts/:partId/itemparts/:itemPartId',
    role: 'read',
    async handle(c) {
      const itemPartId = c.req.param('itemPartId') ?? '';
      const found = await findPart(c);
      if ('refused' in found) return refused(c, found);
      const item = (await readItemPartsOfMemo(reader(c), found.part)).find(({ id }) => id === itemPartId);
      if (item === undefined) {
        return refused(c, refuse('not_found', `Part ${found.part.id} has no item part ${itemPartId}.`));
      }
      return c.json({ ...toWireCreditMemoItemPart(item, found.part, found.currency), success: true });
    },
  }),
];

export const creditMemoReadOperations: readonly AnyOperation[] = [...memos, ...parts];
