export type Columns = Readonly<Record<string, string>>;

/** An object of the database that an example of the API can name. */
export interface ExampleObject {
  /** As a sentence goes on after "needs": a draft invoice. */
  readonly what: string;
  /** The operation that makes one. */
  readonly madeBy: string;
  /** The newest object that suits, as one row; its columns are what an example can name of it. */
  readonly sql: string;
  /** Columns that are computed from the row's own. */
  readonly more?: (row: Columns, db: D1Database) => Columns | Promise<Columns>;
}

export type ExampleObjects = Readonly<Record<string, ExampleObject>>;

/** The demo account that examples write to (scripts/seed.mjs). */
export const DEMO_CUSTOMER = 'A-DEMO-CUSTOMER-1';

/** SQL: the id of that account. */
export const CUSTOMER_ID = `(SELECT id FROM account WHERE account_number = '${DEMO_CUSTOMER}')`;
