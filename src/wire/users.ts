import { z } from 'zod';
import { wireRole, wireTimeZone } from './settings.ts';
import { wireBoolean, wireText } from './values.ts';

const EMAIL_CHARACTERS_MAX = 254;
const LOCALE_CHARACTERS_MAX = 35;

const wireEmail = wireText(EMAIL_CHARACTERS_MAX).regex(
  /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u,
  'must be an email address such as amy@example.com',
);
const wireName = wireText(100).refine((name) => name.trim() !== '', 'must not be empty');
/** Its rules are those of src/auth/passwords.ts: they need the email. */
const wirePassword = z.string({ error: 'must be text' });
const wireLocale = wireText(LOCALE_CHARACTERS_MAX).refine(isLocale, 'must be a language tag such as en-GB');

function isLocale(tag: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(tag).length === 1;
  } catch {
    return false;
  }
}

/** POST /v1/spillway/users */
export const wireNewUser = z.object({
  email: wireEmail,
  name: wireName,
  role: wireRole,
  password: wirePassword,
});

/** PUT /v1/spillway/users/{id}: what is absent stays. What can't be changed here is refused by name. */
export const wireUserChanges = z.strictObject(
  {
    name: wireName.optional(),
    role: wireRole.optional(),
    disabled: wireBoolean.optional(),
    locale: wireLocale.nullable().optional(),
    timeZone: wireTimeZone.nullable().optional(),
    theme: z.enum(['system', 'light', 'dark'], { error: 'must be one of system, light, dark' }).optional(),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `${issue.keys.join(', ')} of a user can't be changed here`
        : 'must be an object',
  },
);

/** POST /v1/spillway/users/{id}/password */
export const wireNewPassword = z.object({ password: wirePassword });
