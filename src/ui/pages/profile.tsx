import { getCookie } from 'hono/cookie';
import { checkSignIn } from '../../auth/sign-in.ts';
import { changeUser, setPassword } from '../../auth/users.ts';
import { isRefusal } from '../../domain/result.ts';
import { databaseOf } from '../../persistence/database.ts';
import { wireUserChanges } from '../../wire/users.ts';
import { bodyOf, type Field, type Section, valuesFrom } from '../forms/fields.ts';
import { Form } from '../forms/form.tsx';
import { type FormValues, valuesOf } from '../forms/form-values.ts';
import { type Problem, problem } from '../forms/problems.ts';
import { page } from '../layout.tsx';
import type { PageContext } from '../page-env.ts';
import type { PageRoutes } from '../pages.tsx';
import { sessionCookieName } from '../session.tsx';
import { NEW_PASSWORD, PASSWORD_AGAIN, repetitionProblem, schemaProblems } from './setup.tsx';
import { addressOfClient, secretOf, waitProblem } from './sign-in.tsx';

const LOCALES = [
  ['en-US', 'English, United States'],
  ['en-GB', 'English, United Kingdom'],
  ['de-DE', 'German, Germany'],
  ['de-CH', 'German, Switzerland'],
  ['fr-FR', 'French, France'],
  ['es-ES', 'Spanish, Spain'],
  ['it-IT', 'Italian, Italy'],
  ['nl-NL', 'Dutch, Netherlands'],
  ['pt-BR', 'Portuguese, Brazil'],
  ['pl-PL', 'Polish, Poland'],
  ['sv-SE', 'Swedish, Sweden'],
  ['ja-JP', 'Japanese, Japan'],
  ['en-IN', 'English, India'],
] as const;

const SHOWN_FIELDS: readonly Field[] = [
  {
    name: 'locale',
    label: 'Dates and numbers as in',
    hint: 'A language tag such as en-GB. Empty: as your browser asks.',
    suggestions: LOCALES.map(([value, label]) => ({ value, label })),
    maxLength: 35,
    whenEmpty: 'null',
  },
  {
    name: 'timeZone',
    label: 'Time zone',
    hint: 'For times of day, such as Europe/Berlin. Empty: as the tenant has it.',
    suggestions: Intl.supportedValuesOf('timeZone').map((value) => ({ value, label: value })),
    maxLength: 100,
    whenEmpty: 'null',
  },
  {
    name: 'theme',
    label: 'Colours',
    type: 'select',
    required: true,
    choices: [
      { value: 'system', label: 'As the device has them' },
      { value: 'light', label: 'Light' },
      { value: 'dark', label: 'Dark' },
    ],
  },
];
const SHOWN: Section = { title: 'How things are shown to you', fields: SHOWN_FIELDS };

const PASSWORDS: Section = {
  title: 'Password',
  hint: 'A new one signs you out everywhere else.',
  fields: [
    {
      name: 'presentPassword',
      label: 'Present password',
      type: 'password',
      required: true,
      autocomplete: 'current-password',
    },
    NEW_PASSWORD,
    PASSWORD_AGAIN,
  ],
};

const NOTICES: Readonly<Record<string, string>> = {
  shown: 'Saved. Pages look like this from now on.',
  password: 'Your password was changed. Your sessions elsewhere have ended.',
};

interface Refused {
  readonly form: 'shown' | 'password';
  readonly problems: readonly Problem[];
}

function profilePage(c: PageContext, refused?: Refused, status = 200) {
  const user = c.get('user');
  const problemsOf = (form: Refused['form']) => (refused?.form === form ? refused.problems : []);
  const shown: FormValues =
    refused?.form === 'shown' ? c.get('form') : valuesOf(valuesFrom(SHOWN_FIELDS, user));
  const notice = c.req.method === 'GET' ? NOTICES[c.req.query('done') ?? ''] : undefined;
  return page(
    c,
    { title: 'Profile', status, notice },
    <>
      <p>
        {user.name}, {user.email}, role {user.role}. An administrator changes these.
      </p>
      <Form
        c={c}
        action="/profile"
        sections={[SHOWN]}
        values={shown}
        problems={problemsOf('shown')}
        submit="Save"
      />
      <Form
        c={c}
        action="/profile/password"
        sections={[PASSWORDS]}
        values={valuesOf({})}
        problems={problemsOf('password')}
        submit="Change password"
      />
    </>,
  );
}

async function saveShown(c: PageContext): Promise<Response> {
  const changes = wireUserChanges.safeParse(bodyOf(SHOWN_FIELDS, c.get('form')));
  if (!changes.success) {
    return profilePage(c, { form: 'shown', problems: schemaProblems(changes.error) }, 400);
  }
  const { locale, timeZone, theme } = changes.data;
  const user = await changeUser(
    databaseOf(c.env),
    c.get('user').id,
    { locale, timeZone, theme },
    new Date().toISOString(),
  );
  if (!isRefusal(user)) return c.redirect('/profile?done=shown', 303);
  return profilePage(c, { form: 'shown', problems: [problem(null, user.message)] }, 400);
}

/** Asks for the present password: an unlocked screen is not enough to take an account over. Guesses are counted like sign-ins. */
async function changePassword(c: PageContext): Promise<Response> {
  const form = c.get('form');
  const { id, email } = c.get('user');
  const refuse = (found: Problem, status: number) =>
    profilePage(c, { form: 'password', problems: [found] }, status);
  const repetition = repetitionProblem(form);
  if (repetition !== null) return refuse(repetition, 400);
  const db = databaseOf(c.env);
  const present = {
    email,
    password: secretOf(form, 'presentPassword'),
    address: addressOfClient(c),
  };
  const outcome = await checkSignIn(db, present, Date.now());
  if (outcome === null) return refuse(problem('presentPassword', 'Is not your password'), 403);
  if ('retryAfterS' in outcome) return refuse(waitProblem(c, outcome.retryAfterS), 429);
  const token = getCookie(c, sessionCookieName(c)) ?? null;
  const refusal = await setPassword(db, id, secretOf(form, NEW_PASSWORD.name), token);
  if (refusal === null) return c.redirect('/profile?done=password', 303);
  return refuse(problem(refusal.field ?? null, refusal.message), 400);
}

/** What people change about themselves. */
export const profilePages: PageRoutes = (app) => {
  app.get('/profile', (c) => profilePage(c));
  app.post('/profile', saveShown);
  app.post('/profile/password', changePassword);
};
