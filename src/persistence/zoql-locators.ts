/** Where the pages of a ZOQL query go on: a row for each page that was announced, so that a page can be asked for again. */
export interface ZoqlLocator {
  /** 32 hex digits, the same for all pages of a query. */
  readonly id: string;
  /** Records of the pages before. */
  readonly offset: number;
  readonly queryText: string;
  readonly along: 'matches' | 'windows';
  readonly size: number;
  readonly lastRowId: number;
  readonly afterRowId: number;
  readonly afterElement: number;
  readonly expiresAt: string;
}

/** Announces a page. A page that is asked for again announces the same one. */
export async function saveZoqlLocator(db: D1Database, locator: ZoqlLocator): Promise<void> {
  await db
    .prepare(
      'INSERT INTO zoql_locator (id, record_offset, query_text, along, size, last_row_id, after_row_id, after_element, expires_at) ' +
        'VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ' +
        'ON CONFLICT (id, record_offset) DO UPDATE SET after_row_id = excluded.after_row_id, ' +
        'after_element = excluded.after_element, expires_at = excluded.expires_at',
    )
    .bind(
      locator.id,
      locator.offset,
      locator.queryText,
      locator.along,
      locator.size,
      locator.lastRowId,
      locator.afterRowId,
      locator.afterElement,
      locator.expiresAt,
    )
    .run();
}

/** Null when there is none, or when its time is over. */
export async function readZoqlLocator(
  db: D1Database,
  id: string,
  offset: number,
  now: string,
): Promise<ZoqlLocator | null> {
  return db
    .prepare(
      'SELECT id, record_offset AS "offset", query_text AS queryText, along, size, last_row_id AS lastRowId, ' +
        'after_row_id AS afterRowId, after_element AS afterElement, expires_at AS expiresAt ' +
        'FROM zoql_locator WHERE id = ?1 AND record_offset = ?2 AND expires_at > ?3',
    )
    .bind(id, offset, now)
    .first<ZoqlLocator>();
}
