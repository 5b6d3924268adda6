import { z } from 'zod';
import { wireText } from './values.ts';

/** Longest wait before a fold, seconds: a partner's numbers are at most so much older. */
const FOLD_DELAY_MAX_S = 3_600;

/** PUT /v1/spillway/settings: what is absent stays. */
export const wireSettings = z.object({
  metrics: z
    .object(
      {
        foldDelaySeconds: z
          .int({ error: 'must be a whole number of seconds' })
          .min(0, `must be from 0 to ${FOLD_DELAY_MAX_S}`)
          .max(FOLD_DELAY_MAX_S, `must be from 0 to ${FOLD_DELAY_MAX_S}`)
          .optional(),
      },
      { error: 'must be an object' },
    )
    .optional(),
  timeZone: wireText(100).refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin').optional(),
});

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

export const wireNewClient = z.object({
  name: wireText(100).min(1, 'must not be empty'),
  role: z.enum(['read', 'standard', 'admin'], { error: 'must be one of read, standard, admin' }),
});
