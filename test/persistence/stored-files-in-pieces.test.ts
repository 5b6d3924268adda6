import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { newTimeOrderedId } from '../../src/account/runtime.ts';
import { limits } from '../../src/env.ts';
import { expireFiles } from '../../src/jobs/expire.ts';
import {
  finishFile,
  openFile,
  putPiece,
  readFilesOfDocument,
  readStoredFile,
  startFile,
  storeFile,
} from '../../src/persistence/files.ts';

const NOW = '2026-03-01T12:00:00.000Z';
const LATER = '2026-03-04T12:00:00.000Z';
const ports = { db: env.DB, bucket: env.FILES };

function file(documentId: string | null = null, createdAt = NOW) {
  const id = newTimeOrderedId(createdAt);
  return { id, name: `${id}.csv`, contentType: 'text/csv', documentId, createdAt, expiresAt: LATER };
}

const textOf = (id: string) => new Response(openFile(env.FILES, id)).text();

test('a file is what its pieces are in their order, and there is none before it is finished', async () => {
  const wanted = file();
  await startFile(env.DB, wanted);
  const pieces = Array.from({ length: 12 }, (_, i) => `piece ${i} €\n`);
  // In any order, and one of them twice: whoever was interrupted begins again.
  for (const i of [11, 3, 0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 3])
    await putPiece(env.FILES, wanted.id, i, pieces[i]!);
  expect(await readStoredFile(env.DB, wanted.id, NOW)).toBeNull();
  const bytes = new TextEncoder().encode(pieces.join('')).byteLength;
  expect(await finishFile(ports, wanted.id)).toBe(bytes);
  expect(await readStoredFile(env.DB, wanted.id, NOW)).toEqual({ ...wanted, bytes });
  expect(await textOf(wanted.id)).toBe(pieces.join(''));
  await startFile(env.DB, wanted);
  expect(await readStoredFile(env.DB, wanted.id, NOW)).toEqual({ ...wanted, bytes });
});

test('files of a document are listed newest first while their time is not over', async () => {
  const documentId = newTimeOrderedId(NOW);
  const first = file(documentId);
  await storeFile(ports, first, 'first');
  const second = file(documentId, '2026-03-01T12:00:00.001Z');
  await storeFile(ports, second, new Uint8Array([1, 2, 3]));
  await storeFile(ports, file(newTimeOrderedId(NOW)), 'of another');
  await startFile(env.DB, file(documentId));
  const idsAt = async (now: string) =>
    (await readFilesOfDocument(env.DB, documentId, now, { offset: 0, rowsMax: 10 })).map(({ id }) => id);
  expect(await idsAt(NOW)).toEqual([second.id, first.id]);
  expect(await idsAt(LATER)).toEqual([]);
  expect(await readStoredFile(env.DB, first.id, LATER)).toBeNull();
});

test('expired files go with their content, expireFilesMax at once; also those that were never finished', async () => {
  await expireFiles(ports, LATER);
  const kept = { ...file(), expiresAt: '2026-03-04T12:00:00.001Z' };
  await storeFile(ports, kept, 'kept');
  const unfinished = file();
  await startFile(env.DB, unfinished);
  await putPiece(env.FILES, unfinished.id, 0, 'a');
  await putPiece(env.FILES, unfinished.id, 1, 'b');
  await env.DB.prepare(
    'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) INSERT INTO stored_file ' +
      "(id, name, content_type, bytes, created_at, expires_at) SELECT 'many' || i, '', '', 1, ?2, ?3 FROM n",
  )
    .bind(limits.expireFilesMax, NOW, LATER)
    .run();
  expect(await expireFiles(ports, NOW)).toBe('done');
  expect(await expireFiles(ports, LATER)).toBe('more');
  expect(await expireFiles(ports, LATER)).toBe('done');
  const { results } = await env.DB.prepare('SELECT id FROM stored_file').all();
  expect(results).toEqual([{ id: kept.id }]);
  const { objects } = await env.FILES.list();
  expect(objects.map(({ key }) => key)).toEqual([`files/${kept.id}/000000`]);
  expect(await textOf(kept.id)).toBe('kept');
});
