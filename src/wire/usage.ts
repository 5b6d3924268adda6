import { z } from 'zod';
import type { UsageReference } from '../domain/billing/delete-usage.ts';
import type { NewUsage } from '../domain/billing/record-usage.ts';
import type { UpdateUsage } from '../domain/billing/update-usage.ts';
import type { Usage } from '../domain/billing/usage.ts';
import { DATE_MIN } from '../domain/calendar.ts';
import { type Refusal, refuse } from '../domain/result.ts';
import {
  customFieldsOf,
  DOCUMENT_DATE_MAX,
  fromWireDecimal,
  isDateTime,
  readDateTime,
  toWireDateTime,
  toWireDecimal,
  wireDecimal,
  wireKey,
  wireNotYet,
  wireText,
  withCustomFields,
} from './values.ts';

const DESCRIPTION_LENGTH_MAX = 200;
const NOT_A_DATE_TIME = `must be a date, or a date and time such as 2026-01-31T08:30:00+01:00, not before ${DATE_MIN} or after ${DOCUMENT_DATE_MAX}`;

const wireDateTime = z.string({ error: NOT_A_DATE_TIME }).refine(isDateTime, NOT_A_DATE_TIME);

/** POST /v1/object/usage. */
export const wireNewUsage = withCustomFields({
  AccountId: wireKey.nullish(),
  AccountNumber: wireKey.nullish(),
  SubscriptionId: wireKey.nullish(),
  SubscriptionNumber: wireKey.nullish(),
  ChargeId: wireKey.nullish(),
  ChargeNumber: wireKey.nullish(),
  UOM: wireText(255).min(1, 'must not be empty'),
  Quantity: wireDecimal,
  StartDateTime: wireDateTime,
  EndDateTime: wireDateTime.nullish(),
  Description: wireText(DESCRIPTION_LENGTH_MAX).nullish(),
  UniqueKey: wireNotYet,
  ProductRatePlanChargeNumber: wireNotYet,
}).superRefine((body, context) => {
  for (const [id, number] of PAIRS) {
    if (body[id] == null || body[number] == null) continue;
    context.addIssue({ code: 'custom', path: [number], message: `must be left out beside ${id}` });
  }
  if (PAIRS.some(([id, number]) => body[id] != null || body[number] != null)) return;
  const message = 'is required, or the number of a subscription or charge';
  context.addIssue({ code: 'custom', path: ['AccountId'], message });
});
type WireNewUsage = z.output<typeof wireNewUsage>;

const PAIRS = [
  ['ChargeId', 'ChargeNumber'],
  ['SubscriptionId', 'SubscriptionNumber'],
  ['AccountId', 'AccountNumber'],
] as const;

export function fromWireUsage(body: WireNewUsage, timeZone: string): NewUsage | Refusal {
  const start = readDateTime(body.StartDateTime, timeZone);
  if (start === null) return refuse('invalid', NOT_A_DATE_TIME, 'StartDateTime');
  const end = body.EndDateTime == null ? null : readDateTime(body.EndDateTime, timeZone);
  if (end === null && body.EndDateTime != null) return refuse('invalid', NOT_A_DATE_TIME, 'EndDateTime');
  const named = (id: (typeof PAIRS)[number][0], number: (typeof PAIRS)[number][1]) =>
    body[id] == null && body[number] != null ? number : id;
  return {
    usageId: null,
    target: {
      chargeKey: body.ChargeId ?? body.ChargeNumber ?? null,
      subscriptionKey: body.SubscriptionId ?? body.SubscriptionNumber ?? null,
      accountKey: body.AccountId ?? body.AccountNumber ?? null,
      unitOfMeasure: body.UOM,
      startDate: start.day,
      names: {
        charge: named('ChargeId', 'ChargeNumber'),
        subscription: named('SubscriptionId', 'SubscriptionNumber'),
        account: named('AccountId', 'AccountNumber'),
        unitOfMeasure: 'UOM',
        startDate: 'StartDateTime',
        endDate: 'EndDateTime',
        quantity: 'Quantity',
      },
    },
    quantity: fromWireDecimal(body.Quantity),
    startDateTime: start.instant,
    endDateTime: end?.instant ?? null,
    description: body.Description ?? null,
    details: {},
    customFields: customFieldsOf(body),
  };
}

/** PUT /v1/object/usage/{id}: what is absent stays. */
export const wireUsageChanges = withCustomFields({
  Description: wireText(DESCRIPTION_LENGTH_MAX).nullish(),
  EndDateTime: wireDateTime.nullish(),
  Quantity: wireDecimal.optional(),
  RbeStatus: z.undefined({ error: 'says what documents bill: leave it out' }).optional(),
  StartDateTime: wireDateTime.optional(),
  UOM: wireText(255).optional(),
});

export function fromWireUsageChanges(
  body: z.output<typeof wireUsageChanges>,
  timeZone: string,
): Omit<UpdateUsage, keyof UsageReference> | Refusal {
  const { StartDateTime, EndDateTime, Quantity, UOM, Description } = body;
  const start = StartDateTime === undefined ? undefined : readDateTime(StartDateTime, timeZone);
  if (start === null) return refuse('invalid', NOT_A_DATE_TIME, 'StartDateTime');
  const end = EndDateTime == null ? EndDateTime : readDateTime(EndDateTime, timeZone);
  if (end === null && EndDateTime !== null) return refuse('invalid', NOT_A_DATE_TIME, 'EndDateTime');
  return {
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { endDateTime: end?.instant ?? null }),
    ...(Quantity === undefined ? {} : { quantity: fromWireDecimal(Quantity) }),
    ...(UOM === undefined ? {} : { unitOfMeasure: UOM }),
    ...(Description === undefined ? {} : { description: Description }),
    customFields: customFieldsOf(body),
  };
}

/** A record of usage with what else is shown of it. */
export interface WireUsageSource {
  readonly usage: Usage;
  readonly isBilled: boolean;
  readonly accountNumber: string;
  readonly accountName: string;
  readonly fileName: string | null;
  readonly chargeId: string | null;
  readonly subscriptionId: string | null;
}

/** As GET /v1/usage/accounts/{account-key} lists it. */
export function toWireUsage(source: WireUsageSource, timeZone: string): object {
  const { usage } = source;
  return {
    id: usage.id,
    accountId: usage.accountId,
    accountName: source.accountName,
    accountNumber: source.accountNumber,
    subscriptionNumber: usage.subscriptionNumber,
    chargeNumber: usage.chargeNumber,
    unitOfMeasure: usage.unitOfMeasure,
    quantity: toWireDecimal(usage.quantity),
    startDateTime: toWireDateTime(usage.startDateTime, timeZone),
    submissionDateTime: toWireDateTime(usage.createdAt, timeZone),
    sourceName: usage.importId === null ? 'API' : 'Import',
    fileName: source.fileName,
    status: statusOf(source),
    ...usage.customFields,
  };
}

/** What live lines say of it, now (decision 008). */
function statusOf({ isBilled }: WireUsageSource): 'Pending' | 'Processed' {
  return isBilled ? 'Processed' : 'Pending';
}
