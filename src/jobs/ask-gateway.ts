import type { Command, CommandOutcome } from '../domain/account/command.ts';
import {
  type Gateway,
  type GatewayAnswer,
  type GatewayRequest,
  gatewayWorkOf,
} from '../domain/settlement/gateway.ts';
import type { Payment } from '../domain/settlement/payment.ts';
import type { Refund } from '../domain/settlement/refund.ts';
import { limits } from '../env.ts';
import type { Gateways } from '../gateways/registry.ts';
import { type GatewayDocumentKind, readGatewayDocument } from '../persistence/gateway-work.ts';

export interface AskGatewayPorts {
  readonly db: D1Database;
  readonly gateways: Gateways;
  readonly now: () => string;
  readonly newId: (now: string) => string;
  /** Sends a command to its lane and answers with its outcome; never throws for anything that happens there. */
  readonly execute: (laneId: string, command: Command) => Promise<CommandOutcome>;
  readonly log: (event: string, fields: Record<string, unknown>) => void;
}

const RECORD = { payment: 'payment.recordOutcome', refund: 'refund.recordOutcome' } as const;
/** Six digits that error codes start with; nobody but the log sees them. */
const ANY_RESOURCE = '500000';

/**
 * Asks the gateway of a payment or refund that is Processing, and has its answer recorded. Any number of calls, one after another or at once,
 * charge once: the gateway does a request id once, and the document takes the first answer. Null: it is not known yet, ask again later.
 *
 * @param first what the gateway is asked first: whether it knows the request, or to do it, which is as safe and one call less
 */
export async function askGateway(
  kind: GatewayDocumentKind,
  id: string,
  ports: AskGatewayPorts,
  first: 'lookup' | 'submit' = 'lookup',
): Promise<CommandOutcome | 'settled' | null> {
  const document = await readGatewayDocument(ports.db, kind, id);
  const work = document === null ? null : gatewayWorkOf(document);
  if (document?.status !== 'Processing' || work === null) return 'settled';
  const gateway = ports.gateways.get(work.gatewayId);
  if (gateway === undefined) {
    ports.log('gateway.unknown', { kind, id, gateway: work.gatewayId });
    return null;
  }
  const request: GatewayRequest = {
    requestId: id,
    kind: kind === 'payment' ? 'charge' : 'refund',
    token: work.token,
    amountMinor: document.amountMinor,
    currency: document.currency,
  };
  const answer = await answerOf(gateway, request, first, ports);
  if (answer === null) return null;
  const outcome = await ports.execute(document.accountId, recordCommand(kind, document, answer, ports));
  if (outcome.status < 400) return outcome;
  ports.log('gateway.not_recorded', { kind, id, status: outcome.status, body: outcome.body });
  return null;
}

/** The gateway's answer; null when it gave none in time. */
async function answerOf(
  gateway: Gateway,
  request: GatewayRequest,
  first: 'lookup' | 'submit',
  { log }: AskGatewayPorts,
): Promise<GatewayAnswer | null> {
  const ask = async () =>
    (first === 'submit' ? null : await gateway.lookup(request.requestId)) ?? (await gateway.submit(request));
  try {
    return await inTime(ask(), limits.gatewayAnswerMs);
  } catch (error) {
    log('gateway.no_answer', { kind: request.kind, id: request.requestId, message: String(error) });
    return null;
  }
}

async function inTime<T>(asked: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

function recordCommand(
  kind: GatewayDocumentKind,
  document: Payment | Refund,
  answer: GatewayAnswer,
  { now, newId }: AskGatewayPorts,
): Command {
  const id = newId(now());
  const payload = { [`${kind}Id`]: document.id, answer };
  return {
    version: 1,
    id,
    kind: RECORD[kind],
    payload,
    actor: document.createdBy,
    requestId: id,
    envelope: 'v1',
    resourceCode: ANY_RESOURCE,
    bytes: JSON.stringify(payload).length,
  };
}
