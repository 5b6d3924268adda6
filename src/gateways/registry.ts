import type { Gateway, GatewayRequest } from '../domain/settlement/gateway.ts';
import type { Env } from '../env.ts';
import { databaseOf } from '../persistence/database.ts';
import { testGateway } from './test-gateway.ts';

/** The gateways that this deployment has, by the name that accounts and payments choose them with; the first is the default. */
export type Gateways = ReadonlyMap<string, Gateway>;

/** What travels to the jobs queue about a payment or refund that waits for its gateway. */
export interface GatewayMessage {
  readonly version: 1;
  readonly job: 'gateway';
  readonly kind: 'payment' | 'refund';
  readonly id: string;
}

const TEST_GATEWAY = 'Test';

/**
 * Real gateways are added here, each under its name. The test gateway approves without moving money, so a deployment has it only when TEST_GATEWAY
 * says so.
 */
export function gatewaysOf(env: Env): Gateways {
  const gateways = new Map<string, Gateway>();
  if (env.TEST_GATEWAY !== 'on') return gateways;
  return gateways.set(
    TEST_GATEWAY,
    testGateway({
      db: databaseOf(env),
      now: () => new Date().toISOString(),
      newToken: () => crypto.randomUUID().replaceAll('-', ''),
      notify: (request) => env.JOBS_QUEUE.send(messageAbout(request)),
    }),
  );
}

function messageAbout({ kind, requestId }: GatewayRequest): GatewayMessage {
  return { version: 1, job: 'gateway', kind: kind === 'charge' ? 'payment' : 'refund', id: requestId };
}
