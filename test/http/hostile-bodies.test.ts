import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { operations } from '../../src/http/app.ts';
import { runAsyncJob } from '../../src/jobs/run-async-job.ts';
import { findWaitingJobs } from '../../src/persistence/async-jobs.ts';
import components from '../conformance/contract/components.json';
import contract from '../conformance/contract/operations.json';
import { hostileRequests, type ValidRequest } from '../support/hostile-requests.ts';
import {
  HOSTILE_JSON,
  type Mutation,
  placesIn,
  type Schema,
  withHostile,
} from '../support/hostile-values.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import { jobPorts } from '../support/job-ports.ts';
import { type Envelope, envelopeProblem, rowCounter } from '../support/refusal-checks.ts';

// Whatever stands in one to three fields of a body that is otherwise right, for every operation that takes one: a success, or a refusal
// in the right envelope that left nothing behind. Never a failure of ours.

const RUNS_PER_OPERATION = 80;
/** Of one whose successes hash a password, which takes a third of a second. */
const RUNS_WITH_HASHING = 12;
const WITHOUT_BODY = new Set([
  'spillwayCancelJob',
  'spillwayRotateApiClient',
  'PUT_PostCreditMemo',
  'PUT_UnpostCreditMemo',
  'PUT_CancelCreditMemo',
  'POST_CreditMemoPDF',
  'PUT_PostDebitMemo',
  'PUT_UnpostDebitMemo',
  'PUT_CancelDebitMemo',
  'POST_DebitMemoPDF',
  'spillwayUnpostInvoice',
  'spillwayInvoicePdf',
  'PUT_CancelPayment',
  'PUT_CancelRefund',
  // Refuses with status 200 (hostile-batch-queries.test.ts).
  'POST_BatchQueryJob',
  // A form with a file.
  'POST_Usage',
  'spillwayRefreshMetrics',
  'spillwayReplayDeadLetter',
  'PUT_DeleteSubscription',
  'PUT_OrderActivate',
]);

const requestSchemas: Readonly<Record<string, { readonly request?: Schema }>> = contract as never;
const schemas: Readonly<Record<string, Schema>> = components as never;
const named = (reference: string) => schemas[reference.split('/').at(-1)!] ?? {};

let api: InProcessApi;
let requests: Readonly<Record<string, ValidRequest>>;
let countRows: () => Promise<string>;
beforeAll(async () => {
  // Nothing happens behind a request that is looked at: what is accepted for later is carried out by the last test.
  api = await inProcessApi('admin', { JOBS_QUEUE: { send: () => Promise.resolve() } as never });
  requests = await hostileRequests(api);
  countRows = await rowCounter();
});

const raw = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...HOSTILE_JSON) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
);

const withBody = operations.filter(
  ({ id, method }) => (method === 'post' || method === 'put') && !WITHOUT_BODY.has(id),
);

function envelopeOf(path: string): Envelope {
  if (/^\/v1\/action\/query(More)?$/.test(path)) return 'zoql';
  return /^\/v1\/(object\/|action\/)/.test(path) ? 'crud' : 'v1';
}

test.each(withBody.map((operation) => [operation.id, operation] as const))('%s', async (id, operation) => {
  const request = requests[id]!;
  const send = operation.method === 'post' ? api.post : api.put;
  const places = placesIn(request.body, requestSchemas[id]?.request, named);
  const mutation: fc.Arbitrary<Mutation> = fc.tuple(fc.constantFrom(...places), raw);
  const envelope = envelopeOf(operation.path);
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
      const before = await countRows();
      const reply = await send(request.path, withHostile(request.body, mutations));
      expect(envelopeProblem(reply, envelope)).toBeNull();
      if (reply.status >= 400) expect(await countRows()).toBe(before);
    }),
    { numRuns: id === 'spillwaySetUserPassword' ? RUNS_WITH_HASHING : RUNS_PER_OPERATION },
  );
});

test('every operation with a body has a request', () => {
  expect(withBody.map(({ id }) => id).filter((id) => requests[id] === undefined)).toEqual([]);
});

test('bodies that are no object at all', async () => {
  for (const { id, method } of withBody) {
    const send = method === 'post' ? api.post : api.put;
    for (const text of ['null', '[]', '"x"', '7', '-0', 'true', '[[{}]]', '1e309', '']) {
      const reply = await send(requests[id]!.path, text);
      expect([id, text, reply.status]).toEqual([id, text, 400]);
    }
  }
});

test('nested as deep as a body is long, in fields that are known, unknown, and looked for', async () => {
  const levels = 1_000_000;
  const deep = `${'['.repeat(levels)}${']'.repeat(levels)}`;
  const account = '"name":"x","currency":"USD","billToContact":{"firstName":"a","lastName":"b"}';
  const options =
    '"orderDate":"2026-01-01","existingAccountNumber":"x","processingOptions":{"billingOptions":';
  for (const [path, text, status] of [
    ['/v1/accounts', deep, 400],
    ['/v1/accounts', `{${account},"billCycleDay":${deep}}`, 400],
    ['/v1/accounts', `{${account},"odd__c":${deep}}`, 400],
    ['/v1/accounts', `{${account},"unknown":${deep}}`, 200],
    ['/v1/accounts?rejectUnknownFields=true', `{${account},"taxInfo":{"unknown":${deep}}}`, 400],
    ['/v1/orders?rejectUnknownFields=true', `{${options}${deep}}}`, 400],
    ['/v1/orders', `{"orderDate":"2026-01-01","existingAccountNumber":"x","status":${deep}}`, 400],
  ] as const) {
    expect([path, text.slice(0, 200), (await api.post(path, text)).status]).toEqual([
      path,
      text.slice(0, 200),
      status,
    ]);
  }
});

test('nested in a field that orders keep', async () => {
  const { path, body } = requests.POST_Order!;
  const override = ['subscriptions', 0, 'orderActions', 0, 'createSubscription', 'subscribeToRatePlans', 0];
  for (const name of ['priceIntervals', 'odd']) {
    const place = [...override, 'chargeOverrides', 1, 'pricing', 'recurringPerUnit', name];
    const reply = await api.post(
      path,
      withHostile(body, [[place, `${'['.repeat(10_000)}${']'.repeat(10_000)}`]]),
    );
    expect([name, reply.status]).toEqual([name, name === 'odd' ? 200 : 400]);
  }
});

test('what was accepted to be done later is done or refused, never stuck', async () => {
  const jobIds = await findWaitingJobs(env.DB, '9999', RUNS_PER_OPERATION);
  expect(jobIds).not.toEqual([]);
  for (const jobId of jobIds) expect(await runAsyncJob(jobId, jobPorts())).toBe('done');
  expect(await findWaitingJobs(env.DB, '9999', RUNS_PER_OPERATION)).toEqual([]);
  const { results } = await env.DB.prepare('SELECT id FROM async_job').all<{ id: string }>();
  for (const { id } of results) {
    expect(envelopeProblem(await api.get(`/v1/async-jobs/${id}`), 'v1')).toBeNull();
  }
});
