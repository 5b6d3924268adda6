import { z } from 'zod';
import { limits } from '../../env.ts';
import { search } from '../../persistence/search.ts';
import { wireText } from '../../wire/values.ts';
import { type AnyOperation, operation, reader } from '../operation.ts';

const SEARCHED_CHARACTERS_MAX = 200;

/** Accounts by how their number or name begins, documents by how their number does, all by their id. */
export const searchOperations: readonly AnyOperation[] = [
  operation({
    id: 'spillwaySearch',
    method: 'get',
    path: '/v1/spillway/search',
    role: 'read',
    query: z.object({ q: wireText(SEARCHED_CHARACTERS_MAX).trim().min(1, 'must not be empty') }),
    handle: async (c, { query }) => {
      const found = await search(reader(c), query.q);
      return c.json({
        results: found.map(({ isExact, ...one }) => ({ ...one, exact: isExact })),
        rowsPerKindMax: limits.searchRowsMax,
        success: true,
      });
    },
  }),
];
