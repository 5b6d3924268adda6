import type { Hono } from 'hono';
import type { Child } from 'hono/jsx';
import { ApiProblem, encoded, type Json, type Method, type PageApi } from '../api.ts';
import { bodyOf, type Field, initialValues } from '../forms/fields.ts';
import { ActionButton, Form, keyOf } from '../forms/form.tsx';
import type { FormValues } from '../forms/form-values.ts';
import { type Problem, problemsOf } from '../forms/problems.ts';
import { page } from '../layout.tsx';
import type { PageContext, PageEnv } from '../page-env.ts';

/** What can be done with one object: declared once, it is a button of the object's page and a page that asks and tells what was refused. */
export interface ObjectAction {
  /** Last part of its path: post, write-off. */
  readonly name: string;
  /** Its button. */
  readonly label: string;
  /** What it does, said where it is confirmed. */
  readonly hint: string;
  /** Whether the object's state allows it; the API decides in the end. */
  readonly isOffered: (shown: Json) => boolean;
  readonly fields?: readonly Field[];
  /** Values that the form begins with. */
  readonly initial?: (shown: Json) => Readonly<Record<string, string>>;
  readonly request: (shown: Json, body: Json) => ActionRequest;
  /** Said on the page that follows. */
  readonly done: string;
  readonly kind?: 'primary' | 'danger';
  /** Done by the button itself; otherwise it leads to a page with fields or a question. */
  readonly isAtOnce?: boolean;
  /** Where its result is shown; the object's own page when not given. */
  readonly leadsTo?: (reply: Json, shown: Json) => string;
}

export interface ActionRequest {
  readonly method: Method;
  readonly path: string;
  readonly body?: Json;
}

/** A kind of object that things are done with. */
export interface ActedOn {
  /** Of its pages: invoices. */
  readonly section: string;
  /** invoice */
  readonly noun: string;
  readonly title: string;
  /** Of the API: /v1/invoices; an id or number follows. */
  readonly apiPath: string;
  readonly numberOf: (shown: Json) => string;
  readonly actions: readonly ObjectAction[];
}

type ApiOf = (c: PageContext) => PageApi;

export function mayWrite(c: PageContext): boolean {
  return c.get('user').role !== 'read';
}

/** Path of the object's page. */
export const pathOfObject = ({ section }: ActedOn, shown: Json) => `/${section}/${encoded(shown.id)}`;

/** The page after something was done, which says so. */
export const afterDoing = (path: string, name: string) =>
  `${path}${path.includes('?') ? '&' : '?'}done=${encoded(name)}`;

/** What was just done, on the page that follows; `others` are things that are no actions. */
export function noticeOf(
  c: PageContext,
  object: ActedOn,
  others: Readonly<Record<string, string>> = {},
): string | undefined {
  const name = c.req.query('done');
  if (name === undefined) return undefined;
  return (
    object.actions.find((action) => action.name === name)?.done ??
    (Object.hasOwn(others, name) ? others[name] : undefined)
  );
}

/** Buttons of what can be done with the object as it is, for who may. */
export function ActionButtons({
  c,
  object,
  shown,
  children,
}: {
  readonly c: PageContext;
  readonly object: ActedOn;
  readonly shown: Json;
  readonly children?: Child;
}) {
  if (!mayWrite(c)) return null;
  const path = pathOfObject(object, shown);
  return (
    <>
      {object.actions
        .filter(({ isOffered }) => isOffered(shown))
        .map(({ name, label, kind, isAtOnce }) =>
          isAtOnce ? (
            <ActionButton c={c} action={`${path}/${name}`} label={label} {...(kind ? { kind } : {})} />
          ) : (
            <a class="button" href={`${path}/${name}`}>
              {label}
            </a>
          ),
        )}
      {children}
    </>
  );
}

/** The pages of an object's actions. */
export function actionRoutes(app: Hono<PageEnv>, apiOf: ApiOf, object: ActedOn): void {
  for (const action of object.actions) {
    const path = `/${object.section}/:id/${action.name}`;
    app.get(path, async (c) => {
      const shown = await readObject(c, apiOf(c), object);
      const values = initialValues(action.fields ?? [], action.initial?.(shown));
      return askFor(c, object, action, shown, { values });
    });
    app.post(path, async (c) => {
      const api = apiOf(c);
      // A form that deleted the object and is sent again gets the answer of its first time.
      const shown = (await findObject(c, api, object)) ?? { id: c.req.param('id') ?? '' };
      const fields = action.fields ?? [];
      const values = c.get('form');
      const { method, path: sentTo, body } = action.request(shown, bodyOf(fields, values));
      const reply = await api.send(method, sentTo, {
        ...(body === undefined ? {} : { body }),
        key: keyOf(c),
      });
      if (reply.status === 404) throw new ApiProblem(reply);
      if (!reply.isOk) {
        const problems = problemsOf(reply, fields);
        return askFor(c, object, action, shown, { values, problems });
      }
      const next = action.leadsTo?.(reply.body, shown) ?? pathOfObject(object, shown);
      return c.redirect(afterDoing(next, action.name), 303);
    });
  }
}

/** The object that the path names; one that is not there is a page that says so. */
export function readObject(c: PageContext, api: PageApi, { apiPath }: ActedOn): Promise<Json> {
  return api.read(`${apiPath}/${encoded(c.req.param('id') ?? '')}`);
}

async function findObject(c: PageContext, api: PageApi, { apiPath }: ActedOn): Promise<Json | null> {
  const reply = await api.get(`${apiPath}/${encoded(c.req.param('id') ?? '')}`);
  if (reply.status === 404) return null;
  if (!reply.isOk) throw new ApiProblem(reply);
  return reply.body;
}

function askFor(
  c: PageContext,
  object: ActedOn,
  action: ObjectAction,
  shown: Json,
  typed: { readonly values: FormValues; readonly problems?: readonly Problem[] },
): Response | Promise<Response> {
  const { values, problems = [] } = typed;
  const path = pathOfObject(object, shown);
  const number = object.numberOf(shown);
  return page(
    c,
    {
      title: `${action.label}: ${object.noun} ${number}`,
      crumbs: [
        { label: object.title, path: `/${object.section}` },
        { label: number, path },
      ],
      status: problems.length > 0 ? 400 : 200,
    },
    <>
      <p>{action.hint}</p>
      {mayWrite(c) ? (
        <Form
          c={c}
          action={`${path}/${action.name}`}
          sections={action.fields === undefined ? [] : [{ title: 'Details', fields: action.fields }]}
          values={values}
          problems={problems}
          submit={action.label}
          cancel={path}
          cancelLabel="Back"
        />
      ) : (
        <p class="empty">This needs the role standard or admin. Yours can read.</p>
      )}
    </>,
  );
}
