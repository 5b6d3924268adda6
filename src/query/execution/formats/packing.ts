import { Gzip, Zip, ZipDeflate } from 'fflate';
import type { StatementOutput } from '../../../persistence/query-jobs.ts';
import { bookParts, SHEET_PART } from './work-sheet.ts';

/** Takes a file's content in parts and gives its bytes on, packed or as they are. */
export interface Packing {
  write(content: Uint8Array): void;
  end(): void;
}

type Emit = (bytes: Uint8Array) => void;

/** One level for all: how much smaller the higher ones are is little beside the time that they take. */
const LEVEL = 6;
/** Times in an archive are the job's: whoever writes a file again writes the same bytes. */
export interface PackedAs {
  /** Of the content. */
  readonly fileName: string;
  readonly at: string;
}

/** A gzip file of one member. */
class GzipPacking implements Packing {
  readonly #gzip: Gzip;

  constructor(emit: Emit, { at }: PackedAs) {
    this.#gzip = new Gzip({ level: LEVEL, mtime: at }, (bytes) => emit(bytes));
  }

  write(content: Uint8Array): void {
    this.#gzip.push(content, false);
  }

  end(): void {
    this.#gzip.push(new Uint8Array(), true);
  }
}

/** An archive of some small files and one that is written in parts. */
class ZipPacking implements Packing {
  readonly #zip: Zip;
  readonly #entry: ZipDeflate;

  constructor(emit: Emit, { fileName, at }: PackedAs, before: Readonly<Record<string, string>> = {}) {
    this.#zip = new Zip((error, bytes) => {
      if (error !== null) throw error;
      emit(bytes);
    });
    for (const [name, content] of Object.entries(before)) {
      this.#add(name, at).push(new TextEncoder().encode(content), true);
    }
    this.#entry = this.#add(fileName, at);
  }

  write(content: Uint8Array): void {
    this.#entry.push(content, false);
  }

  end(): void {
    this.#entry.push(new Uint8Array(), true);
    this.#zip.end();
  }

  #add(name: string, at: string): ZipDeflate {
    const entry = new ZipDeflate(name, { level: LEVEL });
    entry.mtime = at;
    this.#zip.add(entry);
    return entry;
  }
}

interface Compression {
  /** After the name of what is packed; takes the place of its extension where `replaces`. */
  readonly extension: string;
  readonly replaces: boolean;
  readonly contentType: string;
}

export const compressions: {
  readonly [C in Exclude<StatementOutput['compression'], 'none'>]: Compression;
} = {
  gzip: { extension: 'gz', replaces: false, contentType: 'application/gzip' },
  zip: { extension: 'zip', replaces: true, contentType: 'application/zip' },
};

/** How a file of this format and compression is packed: an Excel file is an archive itself, whatever it is packed in then. */
export function packingOf(
  { format, compression }: Pick<StatementOutput, 'format' | 'compression'>,
  as: PackedAs,
  emit: Emit,
): Packing {
  const plain: Packing = { write: emit, end: () => undefined };
  const outer =
    compression === 'gzip'
      ? new GzipPacking(emit, as)
      : compression === 'zip'
        ? new ZipPacking(emit, as)
        : plain;
  if (format !== 'xlsx') return outer;
  const book = new ZipPacking((bytes) => outer.write(bytes), { fileName: SHEET_PART, at: as.at }, bookParts);
  return {
    write: (content) => book.write(content),
    end() {
      book.end();
      outer.end();
    },
  };
}
