import type { StatementOutput } from '../../persistence/query-jobs.ts';
import { type CompiledQuery, QueryError } from '../compiled-query.ts';
import { formats } from './formats/index.ts';
import type { RowFormat } from './formats/row-format.ts';
import { ResultFile, type ResultPorts } from './result-file.ts';
import { exactSql, printerOf } from './values.ts';

/** Characters of text, and rows, after which a step ends: it takes a few milliseconds. */
const STEP_CHARACTERS = 65_536;
const STEP_ROWS = 500;
/** Result columns of a statement of a Durable Object's SQLite. */
const RESULT_COLUMNS_MAX = 100;

export interface StatementPorts extends ResultPorts {
  readonly sql: SqlStorage;
  readonly now: () => string;
  /** Time in archives: the job's, so that a file that is written again is the same. */
  readonly at: string;
  /** The id of the file or segment of this number from 0: the same one whenever it is asked for. */
  readonly fileId: (index: number) => string;
}

export interface StatementResult {
  readonly rows: number;
  readonly bytes: number;
  readonly fileIds: readonly string[];
}

/**
 * Runs one query on the copy and streams its rows into its file or segments, step by step. It lives in memory: what an evicted object was at is
 * begun again.
 */
export class StatementRun {
  readonly #query: CompiledQuery;
  readonly #output: StatementOutput;
  readonly #ports: StatementPorts;
  readonly #printers: ReadonlyArray<(value: string | number) => string>;
  #rows: Iterator<SqlStorageValue[]> | null = null;
  /** Known ahead, so that no segment is begun for which there is no row. */
  #next: SqlStorageValue[] | null = null;
  #file: ResultFile | null = null;
  #format: RowFormat | null = null;
  #rowsOfFile = 0;
  #rowCount = 0;
  #bytes = 0;
  readonly #fileIds: string[] = [];

  constructor(query: CompiledQuery, output: StatementOutput, ports: StatementPorts) {
    this.#query = query;
    this.#output = output;
    this.#ports = ports;
    this.#printers = query.columns.map((column) => printerOf(column, output));
  }

  /**
   * Writes the next rows.
   *
   * @returns the result once all is written, null before
   * @throws QueryError when the query can't be carried out, or gives more than is allowed
   */
  async step(): Promise<StatementResult | null> {
    if (this.#rows === null) this.#open();
    if (this.#file === null) await this.#startFile();
    this.#file!.write(this.#nextText());
    await this.#file!.drain();
    const isFull = this.#next !== null && this.#rowsOfFile === this.#output.segmentRows;
    if (this.#next !== null && !isFull) return null;
    await this.#finishFile();
    if (this.#next !== null) return null;
    return { rows: this.#rowCount, bytes: this.#bytes, fileIds: this.#fileIds };
  }

  #open(): void {
    const { sql, columns, parameters, checkCost } = this.#query;
    if (columns.length > RESULT_COLUMNS_MAX) {
      throw new QueryError(`A query gives ${RESULT_COLUMNS_MAX} columns at the most, not ${columns.length}.`);
    }
    const problem = checkCost?.(this.#rowCounts()) ?? null;
    if (problem !== null) throw new QueryError(problem);
    const names = columns.map((_, i) => `c${i}`);
    const exact = columns.map((column, i) => exactSql(column, names[i]!));
    const statement = `WITH result(${names.join(', ')}) AS (${sql}) SELECT ${exact.join(', ')} FROM result`;
    this.#rows = this.#carryOut(() => this.#ports.sql.exec(statement, ...parameters).raw());
    this.#advance();
  }

  #advance(): void {
    const next = this.#carryOut(() => this.#rows!.next());
    this.#next = next.done === true ? null : next.value;
    if (this.#next === null) return;
    this.#rowCount += 1;
    const rowsMax = this.#output.rowsMax ?? this.#ports.limits.queryRowsMax;
    if (this.#rowCount > rowsMax) {
      throw new QueryError(
        `The query gives more than ${rowsMax} rows. Ask for fewer, for instance by dates.`,
      );
    }
  }

  async #startFile(): Promise<void> {
    const index = this.#fileIds.length;
    const id = this.#ports.fileId(index);
    const segment = this.#output.segmentRows === null ? null : index + 1;
    this.#file = await ResultFile.start(this.#ports, id, this.#output, {
      segment,
      at: this.#ports.at,
      now: this.#ports.now(),
    });
    this.#fileIds.push(id);
    this.#format = formats[this.#output.format].make(this.#query.columns, this.#output);
    this.#rowsOfFile = 0;
    this.#file.write(this.#format.head());
  }

  /** The text of the next rows of this file. */
  #nextText(): string {
    let text = '';
    const { segmentRows } = this.#output;
    for (let rows = 0; rows < STEP_ROWS && text.length < STEP_CHARACTERS; rows++) {
      if (this.#next === null || this.#rowsOfFile === segmentRows) break;
      const values = this.#next.map((value, i) =>
        value === null ? null : this.#printers[i]!(value as string | number),
      );
      text += this.#format!.row(values);
      this.#rowsOfFile += 1;
      this.#advance();
    }
    return text;
  }

  async #finishFile(): Promise<void> {
    this.#file!.write(this.#format!.tail());
    this.#bytes += await this.#file!.finish();
    this.#file = null;
  }

  /** Rows of each table that is read, as they were copied. */
  #rowCounts(): ReadonlyMap<string, number> {
    const tables = [...this.#query.sources.keys()];
    return new Map(
      tables.map((table) => [
        table,
        Number(this.#ports.sql.exec(`SELECT count(*) AS n FROM ${table}`).one().n),
      ]),
    );
  }

  /** SQLite's own refusals while a query is carried out are about what it asks: a sum beyond 64 bits, a text too long. */
  #carryOut<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const message = (error instanceof Error ? error.message : String(error)).replace(
        /: SQLITE_\w+.*$/s,
        '',
      );
      const { explain = (of: string) => of } = this.#query;
      throw new QueryError(`The query can't be carried out: ${explain(message)}`);
    }
  }
}
