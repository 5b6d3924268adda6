import { type Refusal, refuse } from '../../domain/result.ts';
import { committedAndAsked, type GatewayStep } from '../gateway-requests.ts';
import type { Writer, Written } from './object-write.ts';

/** What replies of /v1 say of money that a gateway was asked for. */
interface Recorded {
  readonly status: string;
  readonly number: string;
  readonly gatewayResponse: string | null;
}

/**
 * Sends a request for money and asks its gateway. What the gateway declined is an error here, as these resources have no status in their
 * replies; what it has not answered yet is on its way, and a success.
 */
export async function askedOfGateway(
  writer: Writer,
  step: Pick<GatewayStep, 'kind' | 'lane' | 'command' | 'payload' | 'read'>,
): Promise<Written> {
  let declined: Refusal | null = null;
  const whole: GatewayStep = {
    ...step,
    idOf: (accepted) => (accepted as { readonly Id: string }).Id,
    bodyOf(accepted, recorded) {
      if (recorded !== null) declined = declinedAs(step.kind, recorded as Recorded);
      return accepted;
    },
  };
  const outcome = await committedAndAsked(writer.c, whole, writer.firstStep(step.command, step.payload));
  return declined ?? outcome;
}

function declinedAs(
  kind: GatewayStep['kind'],
  { status, number, gatewayResponse }: Recorded,
): Refusal | null {
  if (status !== 'Error') return null;
  const reason = gatewayResponse === null ? '' : `: ${gatewayResponse}`;
  return refuse('rule', `The gateway declined ${kind} ${number}, which is kept with status Error${reason}`);
}
