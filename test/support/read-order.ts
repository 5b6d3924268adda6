import type { z } from 'zod';
import type { OrderActionSpec } from '../../src/domain/orders/action-specs.ts';
import type { OrderRequest } from '../../src/domain/orders/order-request.ts';
import { isRefusal, type Refusal } from '../../src/domain/result.ts';
import { orderBody } from '../../src/wire/order-schema.ts';
import { fromWireOrder } from '../../src/wire/orders.ts';

/** Orders read as POST /v1/orders reads them: checked, then turned into the domain's words. */

/** The field that a schema or a reading complains about, and how. */
export interface Complaint {
  readonly field: string;
  readonly message: string;
}

export function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .slice(1);
}

export function complaintsOf(schema: z.ZodType, body: unknown): Complaint[] {
  const issues = schema.safeParse(body).error?.issues ?? [];
  return issues.map(({ path, message }) => ({ field: pathOf(path), message }));
}

export function readOrder(body: unknown, ifMatch: string | null = null): OrderRequest | Refusal {
  return fromWireOrder(orderBody.parse(body), { returnIds: false, numbersOnly: false }, ifMatch);
}

/** What is wrong with an order, by whichever of schema and reading finds it. */
export function complaintOf(body: unknown, ifMatch: string | null = null): Complaint | null {
  const [complaint] = complaintsOf(orderBody, body);
  if (complaint !== undefined) return complaint;
  const read = readOrder(body, ifMatch);
  return isRefusal(read) ? { field: read.field ?? '', message: read.message } : null;
}

/** An order of one subscription that is there, or with the actions that create it. */
export function orderOf(actions: readonly object[], fields: object = {}, subscription: object = {}): object {
  return {
    orderDate: '2026-07-01',
    existingAccountNumber: 'A00000001',
    subscriptions: [{ subscriptionNumber: 'A-S00000001', orderActions: actions, ...subscription }],
    ...fields,
  };
}

/** What one action on an existing subscription means. */
export function readAction(action: object): OrderActionSpec {
  const request = readOrder(orderOf([action]));
  if (isRefusal(request)) throw new Error(`${request.field}: ${request.message}`);
  return request.subscriptions[0]!.actions[0]!.action;
}
