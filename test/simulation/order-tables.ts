/** A row as D1 gives it. */
export type Row = Readonly<Record<string, string | number | null>>;

const QUERIES = {
  orders: 'SELECT * FROM orders',
  lines: 'SELECT * FROM order_subscription ORDER BY order_id, line',
  actions: 'SELECT * FROM order_action ORDER BY order_subscription_id, sequence',
  deltas: 'SELECT * FROM order_delta',
  subscriptions: 'SELECT * FROM subscription ORDER BY subscription_number, version',
  ratePlans: 'SELECT * FROM rate_plan',
  charges: 'SELECT * FROM charge ORDER BY charge_number, segment',
  jobs: 'SELECT * FROM async_job',
} as const;

/** Everything that orders leave, as it is in the database. */
export type OrderTables = { readonly [Name in keyof typeof QUERIES]: readonly Row[] };

export async function orderTables(db: D1Database): Promise<OrderTables> {
  const results = await db.batch<Row>(Object.values(QUERIES).map((sql) => db.prepare(sql)));
  const entries = Object.keys(QUERIES).map((name, i) => [name, results[i]!.results]);
  return Object.fromEntries(entries) as OrderTables;
}

export function groupedBy(rows: readonly Row[], column: string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(String(row[column]));
    if (group === undefined) groups.set(String(row[column]), [row]);
    else group.push(row);
  }
  return groups;
}
