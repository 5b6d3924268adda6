import type { AccountCard, AccountCards } from '../domain/accounts/account-card.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';
import { LAST_METRICS_UPDATE } from './metrics-sql.ts';
import { settingDefaults } from './tenant-settings.ts';

/** Reads accounts with their contacts, and further contacts, by id: one round trip. */
export async function readAccountCards(
  db: D1Database,
  accountIds: Iterable<string>,
  contactIds: Iterable<string> = [],
): Promise<AccountCards> {
  const ids = JSON.stringify([...new Set(accountIds)]);
  const { account, contact } = entityTables;
  const [accounts, contacts, zone] = await db.batch<Record<string, unknown>>([
    db
      .prepare(
        `SELECT ${selectList(account, 'a')}, ${LAST_METRICS_UPDATE} AS shown_at FROM json_each(?1) AS j ` +
          'CROSS JOIN account AS a ON a.id = j.value LEFT JOIN metrics_state AS s ON s.account_id = a.id ' +
          'LEFT JOIN metrics_due AS u ON u.account_id = a.id',
      )
      .bind(ids),
    db
      .prepare(
        `SELECT ${selectList(contact, 'c')} FROM contact AS c WHERE c.id IN (` +
          'SELECT a.bill_to_contact_id FROM json_each(?1) AS j CROSS JOIN account AS a ON a.id = j.value ' +
          'UNION SELECT a.sold_to_contact_id FROM json_each(?1) AS j CROSS JOIN account AS a ON a.id = j.value ' +
          'UNION SELECT value FROM json_each(?2))',
      )
      .bind(ids, JSON.stringify([...new Set(contactIds)])),
    db.prepare("SELECT value FROM tenant_setting WHERE name = 'timeZone'"),
  ]);
  const contactById = new Map(
    contacts!.results.map((row) => [row.id as string, fromRow<'contact'>(contact, row)]),
  );
  const contactOf = (id: string | null) => (id === null ? null : (contactById.get(id) ?? null));
  const cards = accounts!.results.map((row): AccountCard => {
    const read = fromRow<'account'>(account, row);
    return {
      account: read,
      billTo: contactOf(read.billToContactId),
      soldTo: contactOf(read.soldToContactId),
      lastMetricsUpdate: row.shown_at as string | null,
    };
  });
  return {
    byId: new Map(cards.map((card) => [card.account.id, card])),
    contactById,
    timeZone: (zone!.results[0]?.value as string | undefined) ?? settingDefaults.timeZone,
  };
}
