/** Limits of Data Query by name; the unit is the last word before Max. What SQLite itself bounds in a Durable Object was measured there. */
export const dataQueryLimits = {
  /** Length of a query. */
  dataQueryCharactersMax: 50_000,
  /** Parentheses and CASEs within each other. */
  dataQueryNestingLevelsMax: 30,
  /** Nodes of the syntax tree within each other, which operators in a row make without any parenthesis: a + b + c. */
  dataQueryTreeLevelsMax: 600,
  /** Tables, subqueries in FROM and uses of names of WITH. */
  dataQueryRelationsMax: 30,
  /** Columns that one SELECT has. SQLite's own bound. */
  dataQueryColumnsMax: 100,
  /** Length of the SQL that a query becomes. SQLite's bound is 100,000 bytes. */
  dataQuerySqlBytesMax: 95_000,
  /** How deep an expression of that SQL is at the most; SQLite's bound is 100. */
  dataQueryExpressionLevelsMax: 90,
  /** Parts between the % of a LIKE pattern. */
  dataQueryLikePartsMax: 8,
  /** Bytes of a part of a LIKE pattern that has `_`; SQLite's bound for GLOB is 50. */
  dataQueryLikePartBytesMax: 50,
  /** Length of the text that lpad and rpad make. */
  dataQueryPaddingCharactersMax: 1_000,
  /** Rows that running a query may look at, by the estimate of cost.ts. */
  dataQueryRowVisitsMax: 300_000_000,
  /** Jobs that run or wait (Zuora: five and ten). */
  dataQueryOpenJobsMax: 15,
  /** Rows that a query gives (Zuora, of live data). */
  dataQueryResultRowsMax: 500_000,
  /** Jobs that a list shows when it is not said, and at the most. */
  dataQueryListJobsDefault: 20,
  dataQueryListJobsMax: 1_000,
} as const;
