import { refuse } from '../../domain/result.ts';
import { openFile, readStoredFile, type StoredFile } from '../../persistence/files.ts';
import type { AppContext } from '../context.ts';
import { refused } from '../errors.ts';
import { type AnyOperation, operation, reader } from '../operation.ts';

function noFile(c: AppContext) {
  const message = `There is no file ${c.req.param('fileId')}, or its time is over.`;
  return refused(c, refuse('not_found', message));
}

function findFile(c: AppContext): Promise<StoredFile | null> {
  return readStoredFile(reader(c), c.req.param('fileId') ?? '', new Date().toISOString());
}

async function giveOut(c: AppContext): Promise<Response> {
  const file = await findFile(c);
  if (file === null) return noFile(c);
  return new Response(openFile(c.env.FILES, file.id), {
    headers: {
      'Content-Type': file.contentType,
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    },
  });
}

export const fileOperations: readonly AnyOperation[] = [
  operation({ id: 'GET_Files', method: 'get', path: '/v1/files/:fileId', role: 'read', handle: giveOut }),
  operation({
    id: 'GET_FileStatus',
    method: 'get',
    path: '/v1/files/:fileId/status',
    role: 'read',
    async handle(c) {
      const file = await findFile(c);
      return file === null ? noFile(c) : c.json({ accessible: true, status: 'AVAILABLE', success: true });
    },
  }),
];
