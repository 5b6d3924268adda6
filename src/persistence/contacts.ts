import type { Contact, ContactSnapshot } from '../domain/accounts/contact.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';
import { settingDefaults } from './tenant-settings.ts';

type Row = Record<string, unknown>;

export interface ContactReading {
  readonly contact: Contact;
  readonly accountNumber: string;
  /** IANA zone in which instants are shown. */
  readonly timeZone: string;
}

/** The contact with the number of its account; null when there is none. */
export async function readContact(db: D1Database, contactId: string): Promise<ContactReading | null> {
  const row = await db
    .prepare(
      `SELECT ${selectList(entityTables.contact, 'c')}, a.account_number, ` +
        "(SELECT value FROM tenant_setting WHERE name = 'timeZone') AS time_zone " +
        'FROM contact AS c CROSS JOIN account AS a ON a.id = c.account_id WHERE c.id = ?1',
    )
    .bind(contactId)
    .first<Row>();
  if (row === null) return null;
  return {
    contact: fromRow<'contact'>(entityTables.contact, row),
    accountNumber: row.account_number as string,
    timeZone: (row.time_zone as string | null) ?? settingDefaults.timeZone,
  };
}

/** Id of the account to which the contact belongs: the lane of its changes. */
export async function findContactAccountId(db: D1Database, contactId: string): Promise<string | null> {
  const row = await db
    .prepare('SELECT account_id FROM contact WHERE id = ?1')
    .bind(contactId)
    .first<{ account_id: string }>();
  return row?.account_id ?? null;
}

export async function readContactSnapshot(
  db: D1Database,
  snapshotId: string,
): Promise<ContactSnapshot | null> {
  const row = await db
    .prepare(
      `SELECT ${selectList(entityTables.contactSnapshot, 's')} FROM contact_snapshot AS s WHERE s.id = ?1`,
    )
    .bind(snapshotId)
    .first<Row>();
  return row === null ? null : fromRow<'contactSnapshot'>(entityTables.contactSnapshot, row);
}
