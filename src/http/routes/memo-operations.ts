import type { AccountReference } from '../../domain/billing/document-account.ts';
import { type Refusal, refuse } from '../../domain/result.ts';
import { type DocumentOwner, findDocumentOwners } from '../../persistence/document-accounts.ts';
import { lanesOf } from '../account-lane.ts';
import type { AppContext } from '../context.ts';
import { refused } from '../errors.ts';
import { fanOut, type Part } from '../fan-out.ts';
import { reader, respond } from '../operation.ts';
import { noInvoice } from './invoices.ts';

/** What operations of credit and debit memos do alike: they find whose lane a memo belongs to and send it there. */

export type MemoKind = 'creditMemo' | 'debitMemo';

const NAMES = { creditMemo: 'credit memo', debitMemo: 'debit memo' } as const;

export function noMemo(kind: MemoKind, key: string): Refusal {
  return refuse('not_found', `There is no ${NAMES[kind]} ${key}.`);
}

/** Does something about the memo that the path names. */
export async function aboutMemo(
  c: AppContext,
  kind: MemoKind,
  send: (owner: DocumentOwner) => Promise<Response>,
): Promise<Response> {
  const key = c.req.param(`${kind}Key`) ?? '';
  const owner = (await findDocumentOwners(reader(c), kind, [key])).get(key);
  return owner === undefined ? refused(c, noMemo(kind, key)) : send(owner);
}

/** POST /v1/…-memos: a memo from charges, for the account that the request names. */
export async function createFromCharges(
  c: AppContext,
  kind: MemoKind,
  payload: AccountReference,
): Promise<Response> {
  const [lane] = await lanesOf(c, [payload]);
  if (typeof lane !== 'string') return refused(c, lane!);
  return respond(c, lane, `${kind}.createFromCharges`, payload);
}

/** What a request may say of the invoice that its memo is made from. */
interface OfInvoice {
  readonly invoiceId?: string | null | undefined;
}

/** POST /v1/…-memos/invoice/{invoiceKey}: a memo from lines of the invoice that the path names. */
export async function createFromInvoice(
  c: AppContext,
  kind: MemoKind,
  { invoiceId }: OfInvoice,
  toPayload: (invoice: DocumentOwner) => object,
): Promise<Response> {
  const key = c.req.param('invoiceKey') ?? '';
  const owners = await findDocumentOwners(reader(c), 'invoice', invoiceId == null ? [key] : [key, invoiceId]);
  const owner = owners.get(key);
  if (owner === undefined) return refused(c, noInvoice(key));
  if (invoiceId != null && owners.get(invoiceId)?.id !== owner.id) {
    return refused(c, refuse('invalid', `is not the invoice ${key}`, 'invoiceId'));
  }
  return respond(c, owner.accountId, `${kind}.createFromInvoice`, toPayload(owner));
}

/** Several new memos, all of one source. */
type NewMemos<FromCharges, FromInvoice> =
  | { readonly sourceType: 'Standalone'; readonly memos: readonly FromCharges[] }
  | { readonly sourceType: 'Invoice'; readonly memos: readonly FromInvoice[] };

/** POST /v1/…-memos/bulk: each memo by itself, under its place in the request. */
export async function createMany<FromCharges, FromInvoice extends OfInvoice>(
  c: AppContext,
  kind: MemoKind,
  body: NewMemos<FromCharges, FromInvoice>,
  fromCharges: (memo: FromCharges) => AccountReference,
  fromInvoice: (memo: FromInvoice, invoice: DocumentOwner) => object,
): Promise<Response> {
  if (body.sourceType === 'Standalone') {
    const payloads = body.memos.map(fromCharges);
    const lanes = await lanesOf(c, payloads);
    const parts = payloads.map((payload, objectIndex): Part => {
      return { lane: lanes[objectIndex]!, payload, shownWhenRefused: { objectIndex } };
    });
    return fanOut(c, `${kind}.createFromCharges`, parts, 'memos');
  }
  const keys = body.memos.map(({ invoiceId }) => invoiceId ?? '');
  const owners = await findDocumentOwners(reader(c), 'invoice', keys);
  const parts = body.memos.map((memo, objectIndex): Part => {
    const owner = owners.get(keys[objectIndex]!);
    const shownWhenRefused = { objectIndex };
    if (owner === undefined) {
      return { lane: noInvoice(keys[objectIndex]!), payload: null, shownWhenRefused };
    }
    return { lane: owner.accountId, payload: fromInvoice(memo, owner), shownWhenRefused };
  });
  return fanOut(c, `${kind}.createFromInvoice`, parts, 'memos');
}

/** PUT /v1/…-memos/bulk: each change by itself, under its memo's id and its place in the request. */
export async function changeMany<Change extends { readonly id: string }>(
  c: AppContext,
  kind: MemoKind,
  memos: readonly Change[],
  toPayload: (change: Change, memo: DocumentOwner) => object,
): Promise<Response> {
  const keys = memos.map(({ id }) => id);
  const owners = await findDocumentOwners(reader(c), kind, keys);
  const parts = memos.map((change, objectIndex): Part => {
    const owner = owners.get(change.id);
    const shownWhenRefused = { id: change.id, objectIndex };
    if (owner === undefined) return { lane: noMemo(kind, change.id), payload: null, shownWhenRefused };
    return { lane: owner.accountId, payload: toPayload(change, owner), shownWhenRefused };
  });
  return fanOut(c, `${kind}.update`, parts, 'memos');
}
