import type { ScriptClient } from './api-client.mjs';

export interface DemoData {
  readonly ratePlans: ReadonlyArray<{
    readonly name: string;
    readonly number: string;
    readonly id: string;
    readonly chargeId: string;
  }>;
  readonly reseller: { readonly number: string; readonly id: string };
  readonly customers: ReadonlyArray<{ readonly number: string; readonly id: string }>;
}

export function seedOnce(client: ScriptClient): Promise<DemoData>;
