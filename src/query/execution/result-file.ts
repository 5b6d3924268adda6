import type { Limits } from '../../env.ts';
import { type FilePorts, finishFile, putPiece, startFile } from '../../persistence/files.ts';
import type { StatementOutput } from '../../persistence/query-jobs.ts';
import { QueryError } from '../compiled-query.ts';
import { formats } from './formats/index.ts';
import { compressions, type Packing, packingOf } from './formats/packing.ts';

export interface ResultPorts extends FilePorts {
  readonly limits: Limits;
}

export interface ResultFileNames {
  readonly name: string;
  /** Of what is packed in it. */
  readonly contentName: string;
  readonly contentType: string;
}

/** Names of a file, or of its segment of this number from 1. */
export function namesOf(output: StatementOutput, segment: number | null): ResultFileNames {
  const { extension, contentType } = formats[output.format];
  const base = segment === null ? output.fileName : `${output.fileName}_${segment}`;
  const contentName = `${base}.${extension}`;
  if (output.compression === 'none') return { name: contentName, contentName, contentType };
  const packed = compressions[output.compression];
  return {
    name: `${packed.replaces ? base : contentName}.${packed.extension}`,
    contentName,
    contentType: packed.contentType,
  };
}

/**
 * A file that grows in R2 piece by piece: in memory is what has not become a piece yet. Whoever was interrupted writes it again from the
 * start, piece over piece: the same rows make the same bytes.
 */
export class ResultFile {
  readonly #ports: ResultPorts;
  readonly #id: string;
  readonly #packing: Packing;
  readonly #encoder = new TextEncoder();
  #chunks: Uint8Array[] = [];
  #chunkBytes = 0;
  #pieces = 0;
  #contentBytes = 0;
  #storedBytes = 0;

  private constructor(
    ports: ResultPorts,
    id: string,
    output: StatementOutput,
    as: { readonly fileName: string; readonly at: string },
  ) {
    this.#ports = ports;
    this.#id = id;
    this.#packing = packingOf(output, as, (bytes) => {
      if (bytes.byteLength === 0) return;
      this.#chunks.push(bytes);
      this.#chunkBytes += bytes.byteLength;
      this.#storedBytes += bytes.byteLength;
    });
  }

  /** Announces the file; it can be read once it is finished, until it expires. */
  static async start(
    ports: ResultPorts,
    id: string,
    output: StatementOutput,
    about: { readonly segment: number | null; readonly at: string; readonly now: string },
  ): Promise<ResultFile> {
    const { name, contentName, contentType } = namesOf(output, about.segment);
    const expiresAt = new Date(Date.parse(about.now) + ports.limits.fileDays * 86_400_000).toISOString();
    await startFile(ports.db, { id, name, contentType, documentId: null, createdAt: about.now, expiresAt });
    return new ResultFile(ports, id, output, { fileName: contentName, at: about.at });
  }

  /** @throws QueryError when the file gets too large */
  write(text: string): void {
    if (text === '') return;
    const content = this.#encoder.encode(text);
    this.#contentBytes += content.byteLength;
    this.#packing.write(content);
    const { queryFileBytesMax } = this.#ports.limits;
    if (Math.max(this.#contentBytes, this.#storedBytes) > queryFileBytesMax) {
      throw new QueryError(`The file gets larger than ${queryFileBytesMax} bytes.`);
    }
  }

  /** Stores what is enough for a piece. */
  async drain(): Promise<void> {
    if (this.#chunkBytes >= this.#ports.limits.queryFilePieceBytes) await this.#store();
  }

  /** Stores the rest; from now on the file can be read. Returns its bytes. */
  async finish(): Promise<number> {
    this.#packing.end();
    if (this.#chunkBytes > 0) await this.#store();
    return finishFile(this.#ports, this.#id);
  }

  async #store(): Promise<void> {
    const piece = new Uint8Array(this.#chunkBytes);
    let at = 0;
    for (const chunk of this.#chunks) {
      piece.set(chunk, at);
      at += chunk.byteLength;
    }
    this.#chunks = [];
    this.#chunkBytes = 0;
    await putPiece(this.#ports.bucket, this.#id, this.#pieces, piece);
    this.#pieces += 1;
  }
}
