/** An entry in the books of the test gateway: as if they were another company's, so nothing of ours refers to them. */
export interface TestGatewayTransaction {
  readonly requestId: string;
  readonly kind: string;
  readonly token: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly outcome: string;
  readonly responseCode: string;
  readonly createdAt: string;
}

const COLUMNS =
  'request_id AS requestId, kind, token, amount_minor AS amountMinor, currency, outcome, ' +
  'response_code AS responseCode, created_at AS createdAt';

/** Enters a request; false when it is there already. */
export async function openTestGatewayTransaction(
  db: D1Database,
  entry: TestGatewayTransaction,
): Promise<boolean> {
  const { meta } = await db
    .prepare(
      'INSERT INTO test_gateway_transaction (request_id, kind, token, amount_minor, currency, outcome, response_code, ' +
        'calls, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8) ON CONFLICT DO NOTHING',
    )
    .bind(
      entry.requestId,
      entry.kind,
      entry.token,
      entry.amountMinor,
      entry.currency,
      entry.outcome,
      entry.responseCode,
      entry.createdAt,
    )
    .run();
  return meta.changes === 1;
}

/** Counts another call of a request, which gives it an outcome when it had been lost, and returns its entry. */
export async function countTestGatewayCall(
  db: D1Database,
  requestId: string,
  lost: string,
  answer: { readonly outcome: string; readonly responseCode: string },
): Promise<TestGatewayTransaction> {
  const entry = await db
    .prepare(
      'UPDATE test_gateway_transaction SET calls = calls + 1, ' +
        'response_code = CASE outcome WHEN ?2 THEN ?4 ELSE response_code END, ' +
        `outcome = CASE outcome WHEN ?2 THEN ?3 ELSE outcome END WHERE request_id = ?1 RETURNING ${COLUMNS}`,
    )
    .bind(requestId, lost, answer.outcome, answer.responseCode)
    .first<TestGatewayTransaction & Record<string, unknown>>();
  return entry!;
}

export async function readTestGatewayTransaction(
  db: D1Database,
  requestId: string,
): Promise<TestGatewayTransaction | null> {
  return db
    .prepare(`SELECT ${COLUMNS} FROM test_gateway_transaction WHERE request_id = ?1`)
    .bind(requestId)
    .first<TestGatewayTransaction & Record<string, unknown>>();
}
