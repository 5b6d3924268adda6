/** A subscription as a client sees it in a list: what it orders on. Others may have changed it since. */
export interface KnownSubscription {
  /** Of the latest version. */
  readonly id: string;
  readonly number: string;
  readonly version: number;
  readonly status: string;
  readonly invoiceOwnerId: string;
  readonly start: string;
  readonly termEnd: string | null;
  readonly autoRenew: boolean;
  readonly ratePlans: readonly KnownRatePlan[];
}

export interface KnownRatePlan {
  readonly id: string;
  readonly charges: readonly KnownCharge[];
}

interface KnownCharge {
  readonly number: string;
  readonly type: string;
  readonly model: string;
}

/** How many of the oldest subscriptions most orders meet on. */
export const CROWDED = 3;
/** So many of the oldest subscriptions are known: enough for crowds on each, and for histories that grow. */
const KNOWN_MAX = 12;

const KNOWN_SQL =
  'SELECT s.id, s.subscription_number AS number, s.version, s.status, s.invoice_owner_account_id, s.subscription_start_date AS start, s.term_end_date, s.auto_renew, ' +
  'c.rate_plan_id, c.charge_number, c.charge_type, c.charge_model FROM subscription s ' +
  'LEFT JOIN charge c ON c.subscription_original_id = s.original_id AND c.removed_in_version IS NULL ' +
  'AND c.is_last_segment = 1 AND c.is_removed = 0 ' +
  'WHERE s.is_latest_version = 1 AND s.original_id IN ' +
  `(SELECT original_id FROM subscription WHERE version = 1 ORDER BY created_at, id LIMIT ${KNOWN_MAX}) ` +
  'ORDER BY s.created_at, s.original_id, c.charge_number';

/** What a client's list of subscriptions shows. */
export async function knownSubscriptions(db: D1Database): Promise<KnownSubscription[]> {
  const { results } = await db.prepare(KNOWN_SQL).all<Record<string, string | number | null>>();
  const known = new Map<string, KnownSubscription & { readonly ratePlans: KnownRatePlan[] }>();
  for (const row of results) {
    const number = String(row.number);
    const subscription = known.get(number) ?? {
      id: String(row.id),
      number,
      version: Number(row.version),
      status: String(row.status),
      invoiceOwnerId: String(row.invoice_owner_account_id),
      start: String(row.start),
      termEnd: row.term_end_date === null ? null : String(row.term_end_date),
      autoRenew: row.auto_renew === 1,
      ratePlans: [],
    };
    known.set(number, subscription);
    if (row.rate_plan_id === null) continue;
    const charge = {
      number: String(row.charge_number),
      type: String(row.charge_type),
      model: String(row.charge_model),
    };
    const { ratePlans } = subscription;
    const at = ratePlans.findIndex(({ id }) => id === row.rate_plan_id);
    if (at < 0) ratePlans.push({ id: String(row.rate_plan_id), charges: [charge] });
    else ratePlans[at] = { ...ratePlans[at]!, charges: [...ratePlans[at]!.charges, charge] };
  }
  return [...known.values()];
}
