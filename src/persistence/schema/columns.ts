import { integer, text } from 'drizzle-orm/sqlite-core';
import type { JsonObject } from '../../domain/result.ts';

/** Column groups that many tables share. Names in the database are snake_case of the entity's fields. */
export const identity = {
  id: text('id').primaryKey(),
  revision: integer('revision').notNull(),
};

export const audit = {
  createdAt: text('created_at').notNull(),
  createdBy: text('created_by').notNull(),
  updatedAt: text('updated_at').notNull(),
  updatedBy: text('updated_by').notNull(),
};

/** Of rows that are parts of another object's: when they were made and when a commit last wrote them, which the entities do not say. */
export const partAudit = {
  createdAt: text('created_at').notNull(),
  changedAt: text('changed_at').notNull().default(''),
};

export const attributes = {
  details: text('details', { mode: 'json' }).$type<JsonObject>().notNull(),
  customFields: text('custom_fields', { mode: 'json' }).$type<JsonObject>().notNull(),
};
