import { previewPiece } from '../../domain/billing/bill-runs/preview-piece.ts';
import {
  advancePreviewRun,
  createPreviewRun,
  finishPreviewRun,
} from '../../domain/billing/bill-runs/preview-run-steps.ts';
import { toWirePreviewRunCreated } from '../../wire/billing-preview-runs.ts';
import { type RegisteredCommand, registered } from '../registry.ts';

export const billingPreviewRunCommands: ReadonlyArray<readonly [string, RegisteredCommand]> = [
  ['billingPreviewRun.create', registered(createPreviewRun, toWirePreviewRunCreated)],
  ['billingPreviewRun.previewPiece', registered(previewPiece, (reply) => reply)],
  ['billingPreviewRun.advance', registered(advancePreviewRun, (run) => run)],
  ['billingPreviewRun.finish', registered(finishPreviewRun, (run) => run)],
];
