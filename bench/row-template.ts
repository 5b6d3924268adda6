import { ROWS } from '../src/persistence/entity-tables.ts';
import type { BenchServer } from './servers.ts';

/** The rows that one command wrote, cut where a copy needs a value of its own. */
export interface RowTemplate {
  readonly tables: ReadonlyArray<{
    readonly sql: string;
    /** JSON text of the rows: literal pieces with a placeholder between each two; placeholders[i] follows pieces[i]. */
    readonly pieces: readonly string[];
    readonly placeholders: readonly number[];
  }>;
  /** One per placeholder: 'id' takes a new id, anything else is a prefix that takes a new number. */
  readonly values: readonly string[];
}

/** What is no row of the command: bookkeeping that the fold and the leases keep in place. */
const NOT_OF_THE_COMMAND = new Set([
  'account_metrics',
  'metrics_state',
  'metrics_due',
  'number_range',
  'tenant_setting',
  'access_token',
  'd1_migrations',
]);
const NUMBERS_OF_COPIES = 10_000_000;
const LANE_SEQUENCE = 'the lane sequence of this copy';

interface TableInfo {
  readonly name: string;
  readonly columns: ReadonlyArray<{ readonly name: string; readonly primary: boolean }>;
}

function tablesOf(server: BenchServer): TableInfo[] {
  return server
    .rows(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\'",
    )
    .map((row) => row.name as string)
    .filter((name) => !NOT_OF_THE_COMMAND.has(name))
    .map((name) => ({
      name,
      columns: server
        .rows(`PRAGMA table_info(${name})`)
        // An integer key is given by the database.
        .filter((column) => !((column.pk as number) > 0 && column.type === 'INTEGER'))
        .map((column) => ({ name: column.name as string, primary: (column.pk as number) > 0 })),
    }));
}

function lastRowIds(server: BenchServer, tables: readonly TableInfo[]): Map<string, number> {
  return new Map(
    tables.map(({ name }) => [
      name,
      server.rows(`SELECT coalesce(max(rowid), 0) AS last FROM ${name}`)[0]!.last as number,
    ]),
  );
}

/** Runs a write on a quiet server and returns the rows it added, with every new id and number cut out. */
export async function templateOf(server: BenchServer, write: () => Promise<void>): Promise<RowTemplate> {
  const tables = tablesOf(server);
  const before = lastRowIds(server, tables);
  await write();
  const added = tables
    .map((table) => ({
      table,
      rows: server.rows(
        `SELECT ${table.columns.map((c) => c.name).join(', ')} FROM ${table.name} WHERE rowid > ${before.get(table.name)}`,
      ),
    }))
    .filter(({ rows }) => rows.length > 0);
  const fresh = new Map<string, string>();
  for (const { table, rows } of added) {
    for (const row of rows) {
      if (table.name === 'lane_commit') row.sequence = LANE_SEQUENCE;
      for (const column of table.columns) {
        const value = row[column.name];
        if (typeof value !== 'string') continue;
        if (column.primary) fresh.set(value, 'id');
        else if (column.name.endsWith('_number')) fresh.set(value, /^\D*/.exec(value)![0]);
      }
    }
  }
  fresh.set(LANE_SEQUENCE, '');
  const tokens = [...fresh.keys()];
  return {
    values: tokens.map((token) => fresh.get(token)!),
    tables: added.map(({ table, rows }) => {
      const names = table.columns.map((c) => c.name);
      const text = JSON.stringify(rows.map((row) => names.map((name) => row[name])));
      return {
        sql:
          `${ROWS}INSERT INTO ${table.name} (${names.join(', ')}) ` +
          `SELECT ${names.map((_, i) => `r.v->>${i}`).join(', ')} FROM r`,
        ...cut(text, tokens),
      };
    }),
  };
}

/** The engine's own log of the command: a copy of what it made needs none. */
const LOG = ['lane_commit', 'command_log', 'idempotency'];
const COPIES_PER_PART = 20;

/** Statements, in parts, that write copies of a template's rows, each with ids and numbers of its own, without the engine's log. */
export function* copiesOf(
  { tables, values }: RowTemplate,
  copies: number,
): Generator<Array<{ sql: string; json: string }>> {
  const kept = tables.filter(({ sql }) => !LOG.some((name) => sql.includes(`INSERT INTO ${name} `)));
  for (let from = 0; from < copies; from += COPIES_PER_PART) {
    const made = Array.from({ length: Math.min(COPIES_PER_PART, copies - from) }, (_, i) =>
      values.map((value, j) => {
        const serial = (from + i) * values.length + j;
        // Ids of the year 2001 by their first digits, in order; numbers beyond those that are leased meanwhile.
        return value === 'id'
          ? `00e${serial.toString(16).padStart(29, '0')}`
          : `${value}${NUMBERS_OF_COPIES + serial}`;
      }),
    );
    yield kept.map(({ sql, pieces, placeholders }) => {
      const rows = made.map((fresh) => {
        const text = pieces.map((piece, i) => (i === 0 ? piece : fresh[placeholders[i - 1]!]! + piece));
        return text.join('').slice(1, -1);
      });
      return { sql, json: `[${rows.join(',')}]` };
    });
  }
}

/** Number of rows that a copy of the template writes. */
export function rowsIn(added: RowTemplate): number {
  return added.tables.reduce((sum, table) => {
    const text = table.pieces.join('x');
    return sum + (JSON.parse(text) as unknown[]).length;
  }, 0);
}

function cut(text: string, tokens: readonly string[]): { pieces: string[]; placeholders: number[] } {
  const pattern = new RegExp(
    [...tokens]
      .sort((a, b) => b.length - a.length)
      .map((token) => token.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('|'),
    'g',
  );
  const pieces: string[] = [];
  const placeholders: number[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    pieces.push(text.slice(from, match.index));
    placeholders.push(tokens.indexOf(match[0]));
    from = match.index + match[0].length;
  }
  pieces.push(text.slice(from));
  return { pieces, placeholders };
}
