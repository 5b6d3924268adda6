/**
 * Files: a row in D1 says that there is one, R2 holds its content in pieces, so that a file of any size is written and read without
 * being in memory as a whole. The one place that knows where R2 keeps them.
 *
 * The row is written first and expires: content whose writer was interrupted is found by its row and deleted like any other.
 */
export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly contentType: string;
  /** Of all pieces; 0 until the file is finished. */
  readonly bytes: number;
  /** The invoice or memo that it shows; null for other files. */
  readonly documentId: string | null;
  readonly createdAt: string;
  readonly expiresAt: string;
}

export interface FilePorts {
  readonly db: D1Database;
  readonly bucket: R2Bucket;
}

/** Digits of a piece's number in its key: keys of a file sort in the order of its pieces. */
const PIECE_DIGITS = 6;
const COLUMNS =
  'id, name, content_type AS contentType, bytes, document_id AS documentId, created_at AS createdAt, expires_at AS expiresAt';

function prefixOf(fileId: string): string {
  return `files/${fileId}/`;
}

/** Announces a file. It cannot be read before it is finished. Repeated, it changes nothing. */
export async function startFile(db: D1Database, file: Omit<StoredFile, 'bytes'>): Promise<void> {
  await db
    .prepare(
      'INSERT INTO stored_file (id, name, content_type, bytes, document_id, created_at, expires_at) ' +
        'VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6) ON CONFLICT (id) DO NOTHING',
    )
    .bind(file.id, file.name, file.contentType, file.documentId, file.createdAt, file.expiresAt)
    .run();
}

/** Writes a piece of a file's content; `piece` counts from 0. Written again, it replaces itself. */
export async function putPiece(
  bucket: R2Bucket,
  fileId: string,
  piece: number,
  content: string | Uint8Array,
): Promise<void> {
  await bucket.put(prefixOf(fileId) + String(piece).padStart(PIECE_DIGITS, '0'), content);
}

/**
 * Writes a piece that nobody has written yet, with what is to be known of it. Whoever comes second changes nothing.
 *
 * @returns what is known of the piece that is there now
 */
export async function putPieceOnce(
  bucket: R2Bucket,
  fileId: string,
  piece: number,
  content: string,
  about: Record<string, string>,
): Promise<Record<string, string>> {
  const key = prefixOf(fileId) + String(piece).padStart(PIECE_DIGITS, '0');
  const written = await bucket.put(key, content, {
    onlyIf: new Headers({ 'If-None-Match': '*' }),
    customMetadata: about,
  });
  if (written !== null) return about;
  return (await bucket.head(key))?.customMetadata ?? about;
}

/** All pieces are there: from now on the file can be read. Returns its bytes. */
export async function finishFile({ db, bucket }: FilePorts, fileId: string): Promise<number> {
  let bytes = 0;
  for await (const piece of piecesOf(bucket, fileId)) bytes += piece.size;
  await db.prepare('UPDATE stored_file SET bytes = ?2 WHERE id = ?1').bind(fileId, bytes).run();
  return bytes;
}

/** Stores a file of one piece. */
export async function storeFile(
  ports: FilePorts,
  file: Omit<StoredFile, 'bytes'>,
  content: string | Uint8Array,
): Promise<void> {
  await startFile(ports.db, file);
  await putPiece(ports.bucket, file.id, 0, content);
  await finishFile(ports, file.id);
}

/** A finished file; null when there is none, or when its time is over. */
export async function readStoredFile(
  db: D1Database,
  fileId: string,
  now: string,
): Promise<StoredFile | null> {
  return db
    .prepare(`SELECT ${COLUMNS} FROM stored_file WHERE id = ?1 AND bytes > 0 AND expires_at > ?2`)
    .bind(fileId, now)
    .first<StoredFile>();
}

/** The finished files of a document, the newest first. */
export async function readFilesOfDocument(
  db: D1Database,
  documentId: string,
  now: string,
  { offset, rowsMax }: { readonly offset: number; readonly rowsMax: number },
): Promise<StoredFile[]> {
  const { results } = await db
    .prepare(
      `SELECT ${COLUMNS} FROM stored_file WHERE document_id = ?1 AND bytes > 0 AND expires_at > ?2 ` +
        'ORDER BY id DESC LIMIT ?3 OFFSET ?4',
    )
    .bind(documentId, now, rowsMax, offset)
    .all<StoredFile & Record<string, unknown>>();
  return results;
}

/** A file's content, one piece after another. */
export function openFile(bucket: R2Bucket, fileId: string): ReadableStream<Uint8Array> {
  const pieces = piecesOf(bucket, fileId);
  let reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      for (;;) {
        if (reader === null) {
          const next = await pieces.next();
          if (next.done === true) return controller.close();
          const piece = await bucket.get(next.value.key);
          if (piece === null) throw new Error(`a piece of file ${fileId} is gone`);
          reader = (piece.body as ReadableStream<Uint8Array>).getReader();
        }
        const chunk = await reader.read();
        if (!chunk.done) return controller.enqueue(chunk.value);
        reader = null;
      }
    },
    async cancel(reason) {
      await reader?.cancel(reason);
    },
  });
}

/** Text of a part of a file's first piece, by bytes; null when the file is gone. */
export async function readText(
  bucket: R2Bucket,
  fileId: string,
  { from, bytes }: { readonly from: number; readonly bytes: number },
): Promise<string | null> {
  const key = prefixOf(fileId) + '0'.padStart(PIECE_DIGITS, '0');
  const part = await bucket.get(key, { range: { offset: from, length: bytes } });
  return part === null ? null : part.text();
}

/** Deletes files whose time is over, their content first. Returns how many: at `filesMax` there may be more. */
export async function deleteExpiredFiles(
  { db, bucket }: FilePorts,
  now: string,
  filesMax: number,
): Promise<number> {
  const { results } = await db
    .prepare('SELECT id FROM stored_file WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2')
    .bind(now, filesMax)
    .all<{ id: string }>();
  if (results.length === 0) return 0;
  for (const { id } of results) await deleteContent(bucket, id);
  const ids = JSON.stringify(results.map(({ id }) => id));
  await db.prepare('DELETE FROM stored_file WHERE id IN (SELECT value FROM json_each(?1))').bind(ids).run();
  return results.length;
}

async function deleteContent(bucket: R2Bucket, fileId: string): Promise<void> {
  // Always the first page: what was on it is gone then.
  for (;;) {
    const { objects, truncated } = await bucket.list({ prefix: prefixOf(fileId) });
    if (objects.length > 0) await bucket.delete(objects.map(({ key }) => key));
    if (!truncated) return;
  }
}

/** The pieces of a file in order; R2 lists a thousand at once. */
async function* piecesOf(bucket: R2Bucket, fileId: string): AsyncGenerator<R2Object, void> {
  let cursor: string | undefined;
  do {
    const page: R2Objects = await bucket.list({
      prefix: prefixOf(fileId),
      ...(cursor === undefined ? {} : { cursor }),
    });
    yield* page.objects;
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor !== undefined);
}
