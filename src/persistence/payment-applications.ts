import type { TargetKind } from '../domain/settlement/application.ts';
import { applicationLimits } from '../domain/settlement/parts.ts';
import { UNASSIGNED_ACCOUNT } from '../domain/settlement/payment.ts';
import type { PaymentApplications } from '../domain/settlement/payment-applications.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';

const { payment } = entityTables;

/**
 * ?1: JSON list of payment ids. A payment's applications by its index, from the last document on (ids are time-ordered): one more than one
 * command may touch, and without their items, of which there can be a thousand in each.
 */
export const PAYMENT_APPLICATIONS_SQL =
  `SELECT ${selectList(payment, 'p')}, ` +
  '(SELECT json_group_array(json_array(a.id, a.target_kind, a.invoice_id, a.amount_minor, json_array_length(a.items)) ' +
  'ORDER BY a.invoice_id DESC) FROM ' +
  '(SELECT * FROM payment_application WHERE payment_id = p.id ORDER BY invoice_id DESC ' +
  `LIMIT ${applicationLimits.documentsMax + 1}) AS a) AS applications ` +
  'FROM payment AS p WHERE p.id IN (SELECT value FROM json_each(?1))';

export function toPaymentApplications(row: Record<string, unknown>): PaymentApplications {
  const stored = fromRow<'payment'>(payment, row);
  const lists = JSON.parse(row.applications as string) as Array<[string, TargetKind, string, number, number]>;
  return {
    id: stored.id,
    revision: stored.revision,
    payment: stored,
    applications: lists.map(([id, targetKind, targetId, amountMinor, items]) => ({
      id,
      targetKind,
      targetId,
      amountMinor,
      items,
    })),
  };
}

/** The lane of the payment of which an invoice has a part, by the part's id: its account's, or its own while it has none. Null when there is none. */
export async function findInvoicePaymentLane(db: D1Database, id: string): Promise<string | null> {
  const row = await db
    .prepare(
      'SELECT p.id, p.account_id AS accountId FROM payment_application AS a JOIN payment AS p ON p.id = a.payment_id ' +
        "WHERE a.id = ?1 AND a.target_kind = 'invoice'",
    )
    .bind(id)
    .first<{ id: string; accountId: string }>();
  if (row === null) return null;
  return row.accountId === UNASSIGNED_ACCOUNT ? row.id : row.accountId;
}
