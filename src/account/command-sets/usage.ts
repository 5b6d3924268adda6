import { deleteUsage } from '../../domain/billing/delete-usage.ts';
import { recordUsage, recordUsages } from '../../domain/billing/record-usage.ts';
import { advanceUsageImport, createUsageImport, failUsageImport } from '../../domain/billing/usage-import.ts';
import { toWireUsageAccepted } from '../../wire/usage-files.ts';
import { type RegisteredCommand, registered } from '../registry.ts';

export const usageCommands: ReadonlyArray<readonly [string, RegisteredCommand]> = [
  ['usage.create', registered(recordUsage, ({ usageId }) => ({ Id: usageId, Success: true }))],
  ['usage.delete', registered(deleteUsage, ({ id }) => ({ id, success: true }))],
  ['usageImport.create', registered(createUsageImport, toWireUsageAccepted)],
  // Asked for by the jobs queue, never by a caller.
  ['usage.record', registered(recordUsages, (outcomes) => outcomes)],
  ['usageImport.advance', registered(advanceUsageImport, (reply) => reply)],
  ['usageImport.fail', registered(failUsageImport, (reply) => reply)],
];
