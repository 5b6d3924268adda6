/** How rows that are parts of a subscription are found by what stands in the subscription's row. `t` has its lineage's first id. */

export function ofSubscription(id: string): string {
  return `t.subscription_original_id = (SELECT y.original_id FROM subscription AS y WHERE y.id = ${id})`;
}

/** Of those whose latest version belongs to the account. */
export function ofSubscriptionOwner(id: string): string {
  return `t.subscription_original_id IN (SELECT y.original_id FROM subscription AS y WHERE y.account_id = ${id} AND y.is_latest_version = 1)`;
}

export function ofInvoiceOwner(id: string): string {
  return (
    't.subscription_original_id IN (SELECT y.original_id FROM subscription AS y ' +
    `WHERE y.invoice_owner_account_id = ${id} AND y.is_latest_version = 1)`
  );
}
