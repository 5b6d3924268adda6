import type { Application, SourceKind } from '../domain/settlement/application.ts';
import { toWireDateTime, toWireMoney } from './values.ts';

const CLIENT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Date-times of documents are shown in UTC. */
const DOCUMENT_TIME_ZONE = 'UTC';

/**
 * How much of one payment or credit memo is applied to an invoice or debit memo, as the document's application parts show it. Who did it is
 * an id here: a client that was given a name of its own is left out.
 */
export function toWireApplicationPart(
  { application, sourceKind }: { readonly application: Application; readonly sourceKind: SourceKind },
  currency: string,
): object {
  const { createdBy, updatedBy, sourceId } = application;
  return {
    appliedAmount: toWireMoney(application.amountMinor, currency),
    paymentId: sourceKind === 'payment' ? sourceId : null,
    creditMemoId: sourceKind === 'creditMemo' ? sourceId : null,
    ...(CLIENT_ID.test(createdBy) ? { createdById: createdBy } : {}),
    createdDate: toWireDateTime(application.createdAt, DOCUMENT_TIME_ZONE),
    ...(CLIENT_ID.test(updatedBy) ? { updatedById: updatedBy } : {}),
    updatedDate: toWireDateTime(application.updatedAt, DOCUMENT_TIME_ZONE),
  };
}
