import { beforeAll, expect, test } from 'vitest';
import { operations } from '../../src/http/app.ts';
import { HOSTILE_SEGMENTS } from '../support/hostile-values.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import { type Envelope, envelopeProblem, rowCounter } from '../support/refusal-checks.ts';
import type { ApiReply } from '../support/worker-api.ts';

// Keys in paths and values in queries, of every operation: whatever they are, the answer is no failure of ours, and a refusal leaves nothing.

const PARAMETER = /:[A-Za-z]+/g;
const QUERY_NAMES = [
  ...[
    'page',
    'pageSize',
    'fields',
    'status',
    'accountId',
    'accountKey',
    'currency',
    'charge-detail',
    'detail',
  ],
  ...['returnIds', 'getAccountUsage', 'rejectUnknownFields', 'showCurrencyConversionInformation', 'expand'],
  ...[
    'effectiveDate',
    'dateFilterOption',
    'startDate',
    'endDate',
    'summaryType',
    'excludeUsage',
    'sort',
    'filter',
  ],
  ...['after', 'since', 'through', 'wait', 'timeout', 'include', '__proto__', 'constructor', 'x'],
];

const HOSTILE_QUERY_VALUES = [
  ...HOSTILE_SEGMENTS,
  '',
  '1e3',
  '9999999',
  '99999999',
  '%00',
  '2026-02-30',
  'true',
];
/** Each name meets every eleventh value, another set than the name before. */
const VALUE_STEP = 11;

let api: InProcessApi;
let countRows: () => Promise<string>;
beforeAll(async () => {
  api = await inProcessApi('admin');
  countRows = await rowCounter();
});

function init(method: string): RequestInit {
  const takesBody = method === 'post' || method === 'put';
  return {
    method: method.toUpperCase(),
    ...(takesBody ? { headers: { 'Content-Type': 'application/json' }, body: '{}' } : {}),
  };
}

function envelopeOf(path: string): Envelope {
  if (path.startsWith('/object-query/')) return 'object-query';
  return path.startsWith('/v1/object/') ? 'crud' : 'v1';
}

/** AQuA refuses with status 200 and a code of its own. */
function isRefused({ status, body }: ApiReply): boolean {
  return status >= 400 || typeof body?.errorCode === 'string';
}

test.each(operations.filter(({ path }) => path.includes(':')).map((o) => [o.id, o] as const))(
  '%s with any key',
  async (_, { method, path }) => {
    const before = await countRows();
    for (const segment of HOSTILE_SEGMENTS) {
      const reply = await api.call(path.replaceAll(PARAMETER, segment), init(method));
      const isOtherPath = reply.status === 405 && envelopeOf(path) === 'crud';
      const problem = envelopeProblem(reply, isOtherPath ? 'v1' : envelopeOf(path));
      expect([segment, problem]).toEqual([segment, null]);
      if (method !== 'get') expect([segment, isRefused(reply)]).toEqual([segment, true]);
    }
    expect(await countRows()).toBe(before);
  },
);

test.each(operations.filter(({ method }) => method === 'get').map((o) => [o.id, o] as const))(
  '%s with any query',
  async (_, { path }) => {
    const base = path.replaceAll(PARAMETER, '0'.repeat(32));
    for (const [i, name] of QUERY_NAMES.entries()) {
      for (let j = i; j < HOSTILE_QUERY_VALUES.length; j += VALUE_STEP) {
        const value = HOSTILE_QUERY_VALUES[j]!;
        const reply = await api.call(`${base}?${name}=${value}&${name}=1`, init('get'));
        expect([name, value, envelopeProblem(reply, envelopeOf(path))]).toEqual([name, value, null]);
      }
      const once = await api.call(`${base}?${name}=${HOSTILE_QUERY_VALUES[i]}`, init('get'));
      expect([name, envelopeProblem(once, envelopeOf(path))]).toEqual([name, null]);
    }
  },
);
