import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { Account } from '../../domain/accounts/account.ts';
import type { JsonObject } from '../../domain/result.ts';
import { attributes, audit, identity } from './columns.ts';

export const account = sqliteTable(
  'account',
  {
    ...identity,
    accountNumber: text('account_number').notNull(),
    name: text('name').notNull(),
    status: text('status').$type<Account['status']>().notNull(),
    currency: text('currency').notNull(),
    billCycleDay: integer('bill_cycle_day').notNull(),
    batch: text('batch').notNull(),
    autoPay: integer('auto_pay', { mode: 'boolean' }).notNull(),
    partnerAccount: integer('partner_account', { mode: 'boolean' }).notNull(),
    parentId: text('parent_id'),
    billToContactId: text('bill_to_contact_id'),
    soldToContactId: text('sold_to_contact_id'),
    paymentTerm: text('payment_term').notNull(),
    ...attributes,
    ...audit,
  },
  (t) => [
    uniqueIndex('account_number').on(t.accountNumber),
    // What a name begins with, whatever the case of its letters.
    index('account_name').on(sql`name COLLATE NOCASE`, t.id),
    index('account_parent').on(t.parentId),
    index('account_partner').on(t.partnerAccount, t.id),
    index('account_updated').on(t.updatedAt, t.id),
  ],
);

export const contact = sqliteTable(
  'contact',
  {
    ...identity,
    /** Contacts go with their account; and none can be added to an account that is being deleted. */
    accountId: text('account_id')
      .notNull()
      .references(() => account.id, { onDelete: 'cascade' }),
    firstName: text('first_name').notNull(),
    lastName: text('last_name').notNull(),
    workEmail: text('work_email'),
    country: text('country'),
    ...attributes,
    ...audit,
  },
  (t) => [index('contact_account').on(t.accountId), index('contact_updated').on(t.updatedAt, t.id)],
);

export const contactSnapshot = sqliteTable(
  'contact_snapshot',
  {
    ...identity,
    contactId: text('contact_id').notNull(),
    accountId: text('account_id').notNull(),
    contact: text('contact', { mode: 'json' }).$type<JsonObject>().notNull(),
    createdAt: text('created_at').notNull(),
  },
  (t) => [index('contact_snapshot_created').on(t.createdAt, t.id)],
);
