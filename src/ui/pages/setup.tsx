import type { Hono } from 'hono';
import type { ZodError } from 'zod';
import { newTimeOrderedId } from '../../account/runtime.ts';
import { checkClient } from '../../auth/sign-in.ts';
import { createFirstUser, hasUsers } from '../../auth/users.ts';
import { isRefusal } from '../../domain/result.ts';
import { databaseOf } from '../../persistence/database.ts';
import { wireNewUser } from '../../wire/users.ts';
import type { Field, Section } from '../forms/fields.ts';
import { type FormValues, readFormValues, valuesOf } from '../forms/form-values.ts';
import { type Problem, problem } from '../forms/problems.ts';
import { page } from '../layout.tsx';
import type { PageContext, PageEnv } from '../page-env.ts';
import {
  addressOfClient,
  asStranger,
  enter,
  refuseForeign,
  StrangerForm,
  secretOf,
  secureAddress,
  waitProblem,
} from './sign-in.tsx';

/** What is asked for a new password, twice because it can't be seen. */
export const NEW_PASSWORD: Field = {
  name: 'password',
  label: 'New password',
  type: 'password',
  required: true,
  autocomplete: 'new-password',
  hint: '12 to 200 characters. A few words that belong to no sentence are easy to keep in mind.',
};
export const PASSWORD_AGAIN: Field = {
  name: 'passwordAgain',
  label: 'The same once more',
  type: 'password',
  required: true,
  autocomplete: 'new-password',
};

/** A new password that was typed in two ways is none. */
export function repetitionProblem(form: FormValues): Problem | null {
  const isSame = secretOf(form, PASSWORD_AGAIN.name) === secretOf(form, NEW_PASSWORD.name);
  return isSame ? null : problem(PASSWORD_AGAIN.name, 'Is not the same as the new password above');
}

/** What a schema found, beside its fields. */
export function schemaProblems(error: Pick<ZodError, 'issues'>): Problem[] {
  return error.issues.map(({ path, message }) =>
    problem(path.length === 0 ? null : String(path[0]), message.charAt(0).toUpperCase() + message.slice(1)),
  );
}

const SECTION: Section = {
  title: 'The first administrator',
  hint:
    'Nobody can sign in yet. Who operates this Worker proves it by an API client with role admin, made by: ' +
    'npm run client -- --name "first administrator" --role admin --remote',
  fields: [
    { name: 'clientId', label: 'Client id', required: true, isWide: true, autocomplete: 'off' },
    {
      name: 'clientSecret',
      label: 'Client secret',
      type: 'password',
      required: true,
      isWide: true,
      autocomplete: 'off',
    },
    { name: 'name', label: 'Your name', required: true, maxLength: 100, autocomplete: 'name' },
    { name: 'email', label: 'Your email', type: 'email', required: true, autocomplete: 'username' },
    NEW_PASSWORD,
    PASSWORD_AGAIN,
  ],
};

function setupPage(c: PageContext, values: FormValues, problems: readonly Problem[] = [], status = 200) {
  asStranger(c);
  return page(
    c,
    { title: 'Set up Spillway', status },
    <StrangerForm
      action="/setup"
      section={SECTION}
      values={values}
      problems={problems}
      submit="Create and sign in"
    />,
  );
}

async function setUp(c: PageContext): Promise<Response> {
  const form = await readFormValues(c.req.raw, await c.req.text());
  const foreign = refuseForeign(c);
  if (foreign !== null) return foreign;
  const db = databaseOf(c.env);
  if (await hasUsers(db)) return c.notFound();
  const given = wireNewUser.safeParse({
    email: form.text('email'),
    name: form.text('name'),
    role: 'admin',
    password: secretOf(form, 'password'),
  });
  const repetition = repetitionProblem(form);
  const problems = [
    ...(given.success ? [] : schemaProblems(given.error)),
    ...(repetition === null ? [] : [repetition]),
  ];
  if (!given.success || problems.length > 0) return setupPage(c, form, problems, 400);
  const credentials = {
    clientId: form.text('clientId'),
    secret: secretOf(form, 'clientSecret').trim(),
    address: addressOfClient(c),
  };
  const client = await checkClient(db, credentials, Date.now());
  if (client === null) {
    return setupPage(c, form, [problem('clientId', 'No API client has this id and secret')], 403);
  }
  if ('retryAfterS' in client) return setupPage(c, form, [waitProblem(c, client.retryAfterS)], 429);
  if (client.role !== 'admin') {
    return setupPage(c, form, [problem('clientId', 'This API client does not have the role admin')], 403);
  }
  const now = new Date().toISOString();
  const made = await createFirstUser(db, { ...given.data, id: newTimeOrderedId(now) }, now);
  if (!isRefusal(made)) return enter(c, made.id, '/accounts');
  return setupPage(c, form, [problem(made.field ?? null, made.message)], 400);
}

/** The first administrator of a deployment; there is no such page once there is a user. */
export function mountSetup(app: Hono<PageEnv>): void {
  app.get('/setup', async (c) => {
    const secure = secureAddress(c);
    if (secure !== null) return c.redirect(secure, 308);
    if (await hasUsers(databaseOf(c.env))) return c.notFound();
    return setupPage(c, valuesOf({}));
  });
  app.post('/setup', setUp);
}
