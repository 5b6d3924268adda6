import { refundMethodTypes } from './refunds.ts';
import { checkSort, wireSort } from './sorting.ts';
import { wireDate, wireKey, wireNotFilterable, wirePaging } from './values.ts';
import { oneOf } from './words.ts';

/** Query of GET /v1/refunds. Only filters that an index answers are taken: status, type … narrow the list of an account or payment. */
export const wireRefundQuery = wirePaging
  .extend({
    accountId: wireKey.optional(),
    paymentId: wireKey.optional(),
    number: wireKey.optional(),
    refundDate: wireDate.optional(),
    methodType: oneOf(refundMethodTypes).optional(),
    status: oneOf(['Processing', 'Processed', 'Error', 'Canceled']).optional(),
    type: oneOf(['External', 'Electronic']).optional(),
    sort: wireSort,
    amount: wireNotFilterable,
    createdById: wireNotFilterable,
    createdDate: wireNotFilterable,
    updatedById: wireNotFilterable,
    updatedDate: wireNotFilterable,
  })
  .superRefine((query, context) => {
    checkSort(query, sortableFields(query), context);
    const narrowed = [query.accountId, query.paymentId, query.number];
    if (narrowed.some((key) => key !== undefined)) return;
    for (const name of ['refundDate', 'methodType', 'status', 'type'] as const) {
      if (query[name] === undefined) continue;
      const message = 'needs accountId, paymentId or number beside it';
      context.addIssue({ code: 'custom', path: [name], message });
    }
  });

function sortableFields(query: {
  readonly accountId?: string | undefined;
  readonly paymentId?: string | undefined;
}): string[] {
  if (query.paymentId !== undefined) return ['createdDate'];
  return query.accountId === undefined ? ['createdDate', 'number'] : ['refundDate'];
}
