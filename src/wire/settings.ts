import { z } from 'zod';
import { wireBillingRules } from './billing-settings.ts';
import { wireCurrency, wireText } from './values.ts';

/** Longest wait before a fold, seconds: a partner's numbers are at most so much older. */
const FOLD_DELAY_MAX_S = 3_600;

export const wireTimeZone = wireText(100).refine(
  isTimeZone,
  'must be an IANA time zone such as Europe/Berlin',
);

/** A setting that does not exist is refused by name: dropped in silence it would look as if it were set. */
const settingsError: z.core.$ZodErrorMap = (issue) =>
  issue.code === 'unrecognized_keys' ? `there is no setting ${issue.keys.join(', ')}` : 'must be an object';

/** PUT /v1/spillway/settings: what is absent stays. */
export const wireSettings = z.strictObject(
  {
    metrics: z
      .strictObject(
        {
          foldDelaySeconds: z
            .int({ error: 'must be a whole number of seconds' })
            .min(0, `must be from 0 to ${FOLD_DELAY_MAX_S}`)
            .max(FOLD_DELAY_MAX_S, `must be from 0 to ${FOLD_DELAY_MAX_S}`)
            .optional(),
        },
        { error: settingsError },
      )
      .optional(),
    billing: wireBillingRules.optional(),
    orders: z
      .strictObject(
        { accountIsInvoiceOwner: z.boolean({ error: 'must be true or false' }).optional() },
        { error: settingsError },
      )
      .optional(),
    scheduled: z
      .strictObject(
        {
          runHour: z
            .int({ error: 'must be a whole hour' })
            .min(0, 'must be from 0 to 23')
            .max(23, 'must be from 0 to 23')
            .optional(),
        },
        { error: settingsError },
      )
      .optional(),
    aqua: z
      .strictObject(
        { segments: z.boolean({ error: 'must be true or false' }).optional() },
        { error: settingsError },
      )
      .optional(),
    timeZone: wireTimeZone.optional(),
    homeCurrency: wireCurrency.optional(),
  },
  { error: settingsError },
);

/** Offsets such as +02:00 are no zones: they know no summer. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export const wireRole = z.enum(['read', 'standard', 'admin'], {
  error: 'must be one of read, standard, admin',
});

export const wireNewClient = z.object({
  name: wireText(100).min(1, 'must not be empty'),
  role: wireRole,
  /** Sent again with the same id, the request makes no second client. */
  id: z
    .string()
    .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'must be a UUID in lower case')
    .optional(),
});
