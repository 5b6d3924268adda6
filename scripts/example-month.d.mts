import type { ScriptClient } from './api-client.mjs';
import type { seedOnce } from './seed.mjs';

export interface ExampleMonth {
  readonly account: { readonly id: string; readonly number: string };
  readonly customer: { readonly id: string; readonly number: string };
  readonly orderNumber: string;
  readonly subscriptionNumber: string;
  readonly billRunId: string;
  /** Made by the bill run. */
  readonly billedInvoiceId: string;
  readonly invoiceId: string;
  readonly draftInvoiceId: string;
  readonly paymentId: string;
  readonly refundId: string;
  readonly creditMemoId: string;
  readonly debitMemoId: string;
  readonly usageId: string;
  readonly productId: string;
}

export function makeExampleMonth(
  client: ScriptClient,
  seed: Awaited<ReturnType<typeof seedOnce>>,
): Promise<ExampleMonth>;
