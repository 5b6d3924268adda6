import type { z } from 'zod';
import { createClientAs, listClients, revokeClient, rotateSecret } from '../../auth/clients.ts';
import { billingRulesProblem } from '../../domain/billing/billing-rules.ts';
import { type Refusal, refuse } from '../../domain/result.ts';
import { databaseOf } from '../../persistence/database.ts';
import { readSettings, rulesOf, type Settings, writeSettings } from '../../persistence/tenant-settings.ts';
import { changedBillingRules, withBillingRules } from '../../wire/billing-settings.ts';
import { wireNewClient, wireSettings } from '../../wire/settings.ts';
import type { AppContext } from '../context.ts';
import { json, refused } from '../errors.ts';
import { type AnyOperation, operation } from '../operation.ts';

function respondWithSettings(c: AppContext, settings: Settings): Response {
  return json(
    c,
    200,
    JSON.stringify({
      aqua: { segments: settings['aqua.segments'] === 'true' },
      billing: rulesOf(settings).billing,
      metrics: { foldDelaySeconds: Number(settings['metrics.foldDelaySeconds']) },
      orders: { accountIsInvoiceOwner: rulesOf(settings).orderAccountIsInvoiceOwner },
      scheduled: { runHour: Number(settings['scheduled.runHour']) },
      timeZone: settings.timeZone,
      homeCurrency: settings.homeCurrency,
      success: true,
    }),
  );
}

/** Times that billing rules are laid over what others have just written: at each of them, someone's change succeeds. */
const CHANGE_ATTEMPTS_MAX = 50;

/** Changes what is given. Billing rules are one value: they are read, laid over each other, and written if they are still what was read. */
async function changeSettings(db: D1Database, body: z.output<typeof wireSettings>): Promise<Refusal | null> {
  const { billing, ...others } = fromWireSettings(body);
  if (billing === undefined) {
    await writeSettings(db, others);
    return null;
  }
  for (let attempt = 0; attempt < CHANGE_ATTEMPTS_MAX; attempt++) {
    const before = await readSettings(db);
    const rules = withBillingRules(rulesOf(before).billing, billing);
    const problem = billingRulesProblem(rules);
    if (problem !== null) return problem;
    const changed = { ...others, 'billing.rules': JSON.stringify(changedBillingRules(rules)) };
    if (await writeSettings(db, changed, before['billing.rules'])) return null;
  }
  return refuse(
    'unavailable',
    'Others change the settings at the same time; nothing was done, send it again.',
  );
}

function fromWireSettings({
  aqua,
  billing,
  metrics,
  orders,
  scheduled,
  timeZone,
  homeCurrency,
}: z.output<typeof wireSettings>) {
  const foldDelaySeconds = metrics?.foldDelaySeconds;
  const runHour = scheduled?.runHour;
  const isSegmented = aqua?.segments;
  const isInvoiceOwner = orders?.accountIsInvoiceOwner;
  return {
    ...(billing === undefined ? {} : { billing }),
    ...(foldDelaySeconds === undefined ? {} : { 'metrics.foldDelaySeconds': String(foldDelaySeconds) }),
    ...(isInvoiceOwner === undefined ? {} : { 'orders.accountIsInvoiceOwner': String(isInvoiceOwner) }),
    ...(runHour === undefined ? {} : { 'scheduled.runHour': String(runHour) }),
    ...(isSegmented === undefined ? {} : { 'aqua.segments': String(isSegmented) }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(homeCurrency === undefined ? {} : { homeCurrency }),
  };
}

/** A reply with a secret, which is kept nowhere, cannot be kept for an Idempotency-Key either. */
function keyRefusal(c: AppContext): Refusal | null {
  if (c.get('idempotency') === undefined) return null;
  const message = 'cannot be used here: the reply holds a secret and is not kept';
  return refuse('invalid', message, 'Idempotency-Key');
}

/** The tenant's settings and its API clients: for administrators. */
export const administrationOperations: readonly AnyOperation[] = [
  operation({
    id: 'spillwayGetSettings',
    method: 'get',
    path: '/v1/spillway/settings',
    role: 'admin',
    handle: async (c) => respondWithSettings(c, await readSettings(databaseOf(c.env))),
  }),
  /** Objects in use follow within seconds: they read the settings again from time to time. */
  operation({
    id: 'spillwayPutSettings',
    method: 'put',
    path: '/v1/spillway/settings',
    role: 'admin',
    body: wireSettings,
    handle: async (c, { body }) => {
      const db = databaseOf(c.env);
      const problem = await changeSettings(db, body);
      if (problem !== null) return refused(c, problem);
      return respondWithSettings(c, await readSettings(db));
    },
  }),
  operation({
    id: 'spillwayListApiClients',
    method: 'get',
    path: '/v1/spillway/api-clients',
    role: 'admin',
    handle: async (c) =>
      json(c, 200, JSON.stringify({ apiClients: await listClients(databaseOf(c.env)), success: true })),
  }),
  operation({
    id: 'spillwayCreateApiClient',
    method: 'post',
    path: '/v1/spillway/api-clients',
    role: 'admin',
    body: wireNewClient,
    handle: async (c, { body }) => {
      const unkept = keyRefusal(c);
      if (unkept !== null) return refused(c, unkept);
      const id = body.id ?? crypto.randomUUID();
      const now = new Date().toISOString();
      const client = await createClientAs(databaseOf(c.env), id, body.name, body.role, now);
      if (client === null) {
        const message =
          'names a client that was made already; its secret was shown then. Rotate it for a new one.';
        return refused(c, refuse('rule', message, 'id'));
      }
      const { name, role, createdAt, secret } = client;
      return json(
        c,
        200,
        JSON.stringify({ id, name, role, createdAt, clientId: id, clientSecret: secret, success: true }),
      );
    },
  }),
  operation({
    id: 'spillwayRotateApiClient',
    method: 'post',
    path: '/v1/spillway/api-clients/:id/rotate',
    role: 'admin',
    handle: async (c) => {
      const unkept = keyRefusal(c);
      if (unkept !== null) return refused(c, unkept);
      const id = c.req.param('id')!;
      const secret = await rotateSecret(databaseOf(c.env), id);
      if (secret === null) {
        return refused(c, refuse('not_found', 'There is no such API client, or it is revoked.'));
      }
      return json(c, 200, JSON.stringify({ id, clientId: id, clientSecret: secret, success: true }));
    },
  }),
  operation({
    id: 'spillwayRevokeApiClient',
    method: 'delete',
    path: '/v1/spillway/api-clients/:id',
    role: 'admin',
    handle: async (c) => {
      const id = c.req.param('id')!;
      if (id === c.get('caller').clientId) {
        return refused(c, refuse('rule', 'A client cannot revoke itself: use another administrator.'));
      }
      const found = await revokeClient(databaseOf(c.env), id, new Date().toISOString());
      if (!found) return refused(c, refuse('not_found', 'There is no such API client.'));
      return json(c, 200, JSON.stringify({ success: true }));
    },
  }),
];
