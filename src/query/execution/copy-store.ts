import type { SnapshotRow } from '../../persistence/snapshots.ts';
import { type CopiedTable, deletedTableOf, tablesSql } from './copy-plan.ts';

/** Parameters of one statement of a Durable Object's SQLite. */
const PARAMETERS_MAX = 100;

/** The copied tables, in the object's own SQLite. */
export class CopyStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Of all that the object keeps. */
  get bytes(): number {
    return this.#sql.databaseSize;
  }

  create(tables: readonly CopiedTable[]): void {
    for (const table of tables) for (const statement of tablesSql(table)) this.#sql.exec(statement);
  }

  /** Adds rows that are not there yet: the first reading of a row is the one that counts. */
  insert(table: CopiedTable, rows: readonly SnapshotRow[]): void {
    this.#insert(table.table, table.columns, rows, 0);
  }

  insertDeleted(table: CopiedTable, rows: readonly SnapshotRow[]): void {
    this.#insert(deletedTableOf(table.table), table.columns, rows, 1);
  }

  #insert(name: string, columns: readonly string[], rows: readonly SnapshotRow[], deleted: 0 | 1): void {
    const width = columns.length + 1;
    const perStatement = Math.max(1, Math.floor(PARAMETERS_MAX / width));
    const tuple = `(?, ${deleted}${', ?'.repeat(columns.length)})`;
    const head = `INSERT OR IGNORE INTO ${name} (${['row_id', '_deleted', ...columns].join(', ')}) VALUES `;
    const full = head + Array.from({ length: perStatement }, () => tuple).join(', ');
    for (let from = 0; from < rows.length; from += perStatement) {
      const part = rows.slice(from, from + perStatement);
      const statement = part.length === perStatement ? full : head + part.map(() => tuple).join(', ');
      this.#sql.exec(statement, ...part.flatMap(({ rowId, values }) => [rowId, ...values]));
    }
  }

  /**
   * Gives the tables the deleted objects that a query wants, and takes away those that it doesn't: of each the last deletion, and none of what
   * came back under its old id.
   */
  showDeleted(tables: readonly CopiedTable[], wanted: (table: string) => boolean): void {
    for (const { table, columns, withDeleted } of tables) {
      if (!withDeleted) continue;
      // Their row ids are below zero: found without reading the rest.
      this.#sql.exec(`DELETE FROM ${table} WHERE row_id < 0`);
      if (!wanted(table)) continue;
      const names = ['row_id', '_deleted', ...columns].join(', ');
      const deleted = deletedTableOf(table);
      this.#sql.exec(
        `INSERT INTO ${table} (${names}) SELECT ${names} FROM ${deleted} AS d WHERE d.row_id IN (SELECT min(row_id) FROM ${deleted} GROUP BY id) ` +
          `AND NOT EXISTS (SELECT 1 FROM ${table} AS l WHERE l.id = d.id AND l._deleted = 0)`,
      );
    }
  }
}
