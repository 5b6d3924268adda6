import { z } from 'zod';
import { refuse } from '../../domain/result.ts';
import { toSchema } from '../../query/describe/schema-browser.ts';
import { listXml, objectXml } from '../../query/describe/xml.ts';
import { objectNamed, objects } from '../../query/objects/index.ts';
import type { AppContext } from '../context.ts';
import { json, refused } from '../errors.ts';
import { type AnyOperation, operation } from '../operation.ts';

const wireFlag = z.enum(['true', 'false'], { error: 'must be true or false' }).optional();

function xml(c: AppContext, text: string): Response {
  return c.body(text, 200, { 'Content-Type': 'text/xml; charset=utf-8' });
}

function describeUrl(c: AppContext): string {
  return `${new URL(c.req.url).origin}/v1/describe`;
}

/** What objects and fields there are (src/query/describe). */
export const describeOperations: readonly AnyOperation[] = [
  operation({
    id: 'spillwayDescribeObjects',
    method: 'get',
    path: '/v1/describe',
    role: 'read',
    handle: (c) => xml(c, listXml(objects, describeUrl(c))),
  }),
  operation({
    id: 'GET_Describe',
    method: 'get',
    path: '/v1/describe/:object',
    role: 'read',
    query: z.object({
      showRelationships: wireFlag,
      /** Currencies are not converted: there is nothing to show. */
      showCurrencyConversionInformation: z
        .enum(['yes', 'no', 'true', 'false'], { error: 'must be yes or no' })
        .optional(),
    }),
    handle: (c, { query }) => {
      const name = c.req.param('object')!;
      const object = objectNamed(name);
      if (object === undefined) return refused(c, refuse('not_found', `There is no object ${name}.`));
      const showRelationships = query.showRelationships === 'true';
      return xml(c, objectXml(object, { url: describeUrl(c), showRelationships }));
    },
  }),
  operation({
    id: 'spillwayObjects',
    method: 'get',
    path: '/v1/spillway/objects',
    role: 'read',
    handle: (c) => json(c, 200, JSON.stringify(toSchema(objects))),
  }),
];
