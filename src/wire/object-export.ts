import { z } from 'zod';
import type { JsonObject } from '../domain/result.ts';
import { toWireOffsetDateTime, wireBoolean, wireNotYet, wireText } from './values.ts';

/** Exports of data sources as /v1/object/export names them. */

const NAME_LENGTH_MAX = 255;

/** POST. What only replies have (Id, Status, Size, FileId …) is ignored, as Zuora does. How long a query may be is the language's to say. */
export const wireNewExport = z.object({
  Query: z.string({ error: 'must be text' }).min(1, 'must not be empty'),
  Format: z.enum(['csv', 'html', 'Excel'], { error: 'must be one of csv, html, Excel' }),
  Name: wireText(NAME_LENGTH_MAX).nullish(),
  Zip: wireBoolean.nullish(),
  Encrypted: wireNotYet,
  ConvertToCurrencies: wireNotYet,
});

export type NewExport = z.output<typeof wireNewExport>;

/** An export as it is shown. */
export interface ExportView {
  readonly id: string;
  readonly name: string | null;
  readonly query: string;
  readonly format: NewExport['Format'];
  readonly zip: boolean;
  readonly status: 'submitted' | 'executing' | 'completed' | 'failed' | 'cancelled';
  /** Why it failed. */
  readonly message: string | null;
  readonly fileId: string | null;
  /** Bytes of the file; null before it is there. */
  readonly bytes: number | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly createdBy: string;
}

const STATUSES: Readonly<Record<ExportView['status'], string>> = {
  submitted: 'Pending',
  executing: 'Processing',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Canceled',
};

/** GET: what has no value is left out. */
export function toWireExport(view: ExportView, timeZone: string): JsonObject {
  const { name, message, fileId, bytes } = view;
  return {
    Id: view.id,
    ...(name === null ? {} : { Name: name }),
    Query: view.query,
    Format: view.format,
    Zip: view.zip,
    Encrypted: false,
    Status: STATUSES[view.status],
    ...(message === null ? {} : { StatusReason: message }),
    ...(bytes === null ? {} : { Size: bytes }),
    ...(fileId === null ? {} : { FileId: fileId }),
    CreatedById: view.createdBy,
    CreatedDate: toWireOffsetDateTime(view.createdAt, timeZone),
    UpdatedById: view.createdBy,
    UpdatedDate: toWireOffsetDateTime(view.updatedAt, timeZone),
  };
}
