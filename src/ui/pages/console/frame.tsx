import type { Child } from 'hono/jsx';
import type { PageApi } from '../../api.ts';
import { Tabs } from '../../components/parts.tsx';
import { idOf } from '../../forms/form.tsx';
import { page } from '../../layout.tsx';
import type { PageContext } from '../../page-env.ts';
import { objectOf } from './query-form.ts';
import { type Language, SchemaBrowser } from './schema.tsx';

export const LANGUAGES: ReadonlyArray<{ readonly language: Language; readonly label: string }> = [
  { language: 'sql', label: 'Data Query (SQL)' },
  { language: 'zoql', label: 'ZOQL' },
  { language: 'object-query', label: 'Object Query' },
];

/** The frame of all three languages. */
export async function consolePage(
  c: PageContext,
  api: PageApi,
  language: Language,
  content: Child,
  {
    status = 200,
    object = objectOf((name) => c.req.query(name)),
  }: { readonly status?: number; readonly object?: string | undefined } = {},
) {
  const { objects } = await api.read('/v1/spillway/objects');
  const tabs = LANGUAGES.map((one) => ({ path: `/console?language=${one.language}`, label: one.label }));
  return page(
    c,
    { title: 'Query console', status },
    <>
      <Tabs label="Languages" tabs={tabs} current={`/console?language=${language}`} />
      <div class="beside">
        <div class="stack">{content}</div>
        <SchemaBrowser objects={objects} language={language} chosen={object} />
      </div>
    </>,
  );
}

/** The field that a query is written in, with what was wrong with it. */
export function QueryText({
  query,
  hint,
  problem,
}: {
  readonly query: string;
  readonly hint: string;
  readonly problem: string | null;
}) {
  const id = idOf('q');
  return (
    <div class="field wide">
      <label for={id}>Query</label>
      <textarea
        id={id}
        name="q"
        class="code"
        rows={7}
        spellcheck={false}
        required
        aria-describedby={problem === null ? `${id}-hint` : `${id}-hint ${id}-error`}
        {...(problem === null ? {} : { 'aria-invalid': 'true' })}
      >
        {query}
      </textarea>
      <small id={`${id}-hint`} class="hint">
        {hint}
      </small>
      {problem === null ? null : (
        <small id={`${id}-error`} class="error" role="alert">
          {problem}
        </small>
      )}
    </div>
  );
}
