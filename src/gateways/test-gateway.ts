import type { Gateway, GatewayAnswer, GatewayRequest, PaymentSecret } from '../domain/settlement/gateway.ts';
import {
  countTestGatewayCall,
  openTestGatewayTransaction,
  readTestGatewayTransaction,
  type TestGatewayTransaction,
} from '../persistence/test-gateway.ts';

/** What the test gateway does with a token, the first time that it is asked; asked again, it answers. */
type Behaviour =
  | 'approve'
  | 'decline'
  | 'insufficient-funds'
  /** The money moves, and the answer is lost. */
  | 'lose-answer'
  /** The request is lost: nothing moves. */
  | 'lose-request'
  /** The answer comes twice: as the answer, and as a notice. */
  | 'answer-twice';

/** Numbers that make it behave; every other number is approved. Cards have their check digit. */
const BEHAVIOUR_OF_NUMBER: Readonly<Record<string, Behaviour>> = {
  '4000000000000002': 'decline',
  '4000000000009995': 'insufficient-funds',
  '4000000000000119': 'lose-answer',
  '4000000000000127': 'lose-request',
  '4000000000000259': 'answer-twice',
  '000111111113': 'decline',
  '000222222227': 'insufficient-funds',
  '000333333335': 'lose-answer',
};

const ANSWERS: Readonly<Record<string, GatewayAnswer>> = {
  approved: { outcome: 'approved', responseCode: '00', response: 'Approved' },
  decline: { outcome: 'declined', responseCode: '05', response: 'Do not honor' },
  'insufficient-funds': { outcome: 'declined', responseCode: '51', response: 'Insufficient funds' },
  'unknown-token': { outcome: 'declined', responseCode: '14', response: 'Unknown token' },
};
/** In the books: it was asked for, and acts as if it had not been. */
const LOST = 'lost';

const TOKEN =
  /^test-(approve|decline|insufficient-funds|lose-answer|lose-request|answer-twice)-[0-9a-f]{32}$/;

export interface TestGatewayPorts {
  readonly db: D1Database;
  readonly now: () => string;
  readonly newToken: () => string;
  /** Tells that there is an answer to a request, as gateways do by a call of their own. */
  readonly notify: (request: GatewayRequest) => Promise<unknown>;
}

/**
 * A gateway that moves no money: it does what the number or token says, and keeps books of its own (`test_gateway_transaction`) by which a
 * request has one effect however often it comes, as real ones do. It keeps no number: a token says how to behave, and the number is forgotten.
 */
export function testGateway(ports: TestGatewayPorts): Gateway {
  return {
    store(secret: PaymentSecret): Promise<string> {
      const behaviour = BEHAVIOUR_OF_NUMBER[secret.number] ?? 'approve';
      return Promise.resolve(`test-${behaviour}-${ports.newToken()}`);
    },
    async submit(request: GatewayRequest): Promise<GatewayAnswer> {
      const behaviour = TOKEN.exec(request.token)?.[1] as Behaviour | undefined;
      const first = await openTestGatewayTransaction(ports.db, firstEntry(request, behaviour, ports.now()));
      if (!first) return answerAgain(request, ports);
      if (behaviour === 'lose-request' || behaviour === 'lose-answer') {
        throw new Error(`the test gateway gives no answer to ${request.requestId}`);
      }
      if (behaviour === 'answer-twice') await ports.notify(request);
      return ANSWERS[answerOf(behaviour)]!;
    },
    async lookup(requestId: string): Promise<GatewayAnswer | null> {
      const entry = await readTestGatewayTransaction(ports.db, requestId);
      return entry === null || entry.outcome === LOST ? null : answerIn(entry);
    },
  };
}

function answerOf(behaviour: Behaviour | undefined): keyof typeof ANSWERS {
  if (behaviour === undefined) return 'unknown-token';
  return behaviour === 'decline' || behaviour === 'insufficient-funds' ? behaviour : 'approved';
}

function firstEntry(
  { requestId, kind, token, amountMinor, currency }: GatewayRequest,
  behaviour: Behaviour | undefined,
  now: string,
): TestGatewayTransaction {
  const { outcome, responseCode } = ANSWERS[answerOf(behaviour)]!;
  const lost = behaviour === 'lose-request';
  return {
    requestId,
    kind,
    token,
    amountMinor,
    currency,
    outcome: lost ? LOST : outcome,
    responseCode: lost ? '' : responseCode,
    createdAt: now,
  };
}

/** The first answer once more; for a request that was lost, now is the first time. */
async function answerAgain(request: GatewayRequest, { db }: TestGatewayPorts): Promise<GatewayAnswer> {
  const approved = ANSWERS.approved!;
  return answerIn(await countTestGatewayCall(db, request.requestId, LOST, approved));
}

function answerIn({ responseCode }: TestGatewayTransaction): GatewayAnswer {
  return Object.values(ANSWERS).find((answer) => answer.responseCode === responseCode)!;
}
