/**
 * What callers are named, by their id: API clients and users of the web pages, also those that are revoked or disabled. Ids of nobody are not in it.
 * One read along the keys of both tables.
 */
export async function namesOfCallers(
  db: D1Database,
  ids: ReadonlyArray<string | null>,
): Promise<ReadonlyMap<string, string>> {
  const asked = [...new Set(ids)].filter((id) => id !== null);
  if (asked.length === 0) return new Map();
  const { results } = await db
    .prepare(
      'SELECT id, name FROM api_client WHERE id IN (SELECT value FROM json_each(?1)) ' +
        'UNION ALL SELECT id, name FROM web_user WHERE id IN (SELECT value FROM json_each(?1))',
    )
    .bind(JSON.stringify(asked))
    .all<{ id: string; name: string }>();
  return new Map(results.map(({ id, name }) => [id, name]));
}
