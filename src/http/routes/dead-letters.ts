import { refuse } from '../../domain/result.ts';
import { databaseOf } from '../../persistence/database.ts';
import { findDeadLetter, listDeadLetters, markReplayed } from '../../persistence/dead-letters.ts';
import { wirePaging } from '../../wire/values.ts';
import { refused } from '../errors.ts';
import { type AnyOperation, operation, reader } from '../operation.ts';
import { pageOf, pageReply, rangeOf } from '../paging.ts';

/** Messages that a queue gave up on: seen here, and sent again when their cause is mended. */
export const deadLetterOperations: readonly AnyOperation[] = [
  operation({
    id: 'spillwayListDeadLetters',
    method: 'get',
    path: '/v1/spillway/dead-letters',
    role: 'admin',
    query: wirePaging,
    handle: async (c, { query }) => {
      const page = pageOf(query);
      const letters = await listDeadLetters(reader(c), rangeOf(page));
      return pageReply(c, page, 'deadLetters', letters, (letter) => ({
        ...letter,
        body: JSON.parse(letter.body) as unknown,
      }));
    },
  }),
  operation({
    id: 'spillwayReplayDeadLetter',
    method: 'post',
    path: '/v1/spillway/dead-letters/:id/replay',
    role: 'admin',
    handle: async (c) => {
      const db = databaseOf(c.env);
      const letter = await findDeadLetter(db, c.req.param('id') ?? '');
      if (letter === null) return refused(c, refuse('not_found', 'There is no such dead letter.', 'id'));
      const queue = letter.queue.startsWith('spillway-metrics') ? c.env.METRICS_QUEUE : c.env.JOBS_QUEUE;
      await queue.send(JSON.parse(letter.body) as unknown);
      await markReplayed(db, letter.id, new Date().toISOString());
      return c.json({ success: true, id: letter.id });
    },
  }),
];
