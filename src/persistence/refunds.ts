import { isId } from '../domain/account/state.ts';
import type { RefundReply } from '../domain/settlement/new-refund.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';
import { type Listing, readListing } from './listing.ts';

const refunds = entityTables.refund;
const SELECT =
  `SELECT ${selectList(refunds, 'r')}, p.payment_number AS shown_payment_number ` +
  "FROM refund AS r LEFT JOIN payment AS p ON p.id = r.source_id AND r.source_kind = 'payment'";

function toShown(row: Record<string, unknown>): RefundReply {
  return {
    refund: fromRow<'refund'>(refunds, row),
    paymentNumber: row.shown_payment_number as string | null,
  };
}

/** A refund by id or number, with its payment's number. */
export async function readRefund(db: D1Database, key: string): Promise<RefundReply | null> {
  const row = await db
    .prepare(`${SELECT} WHERE r.${isId(key) ? 'id' : 'refund_number'} = ?1`)
    .bind(key)
    .first<Record<string, unknown>>();
  return row === null ? null : toShown(row);
}

/** What a list of refunds is narrowed to. The account, the payment or the number leads to an index; the others narrow what it finds. */
export interface RefundFilter {
  readonly accountId?: string | undefined;
  readonly paymentId?: string | undefined;
  readonly number?: string | undefined;
  readonly refundDate?: string | undefined;
  readonly methodType?: string | undefined;
  readonly status?: string | undefined;
  readonly type?: string | undefined;
}

/** Refunds, unless sorted the newest first: by refund date within an account, by creation otherwise. */
export async function readRefunds(
  db: D1Database,
  filter: RefundFilter,
  { sorting, range }: Listing,
): Promise<RefundReply[]> {
  const ofAccount = filter.accountId !== undefined && filter.paymentId === undefined;
  const rows = await readListing(db, {
    select: SELECT,
    equals: [
      ['r.account_id', filter.accountId],
      ['r.source_id', filter.paymentId],
      ['r.source_kind', filter.paymentId === undefined ? undefined : 'payment'],
      ['r.refund_number', filter.number],
      ['r.refund_date', filter.refundDate],
      ['r.method_type', filter.methodType],
      ['r.status', filter.status],
      ['r.type', filter.type],
    ],
    newestFirst: ofAccount ? ['r.refund_date', 'r.id'] : ['r.id'],
    sortable: {
      refundDate: ['r.refund_date', 'r.id'],
      createdDate: ['r.id'],
      number: ['r.refund_number'],
    },
    sorting,
    range,
  });
  return rows.map(toShown);
}
