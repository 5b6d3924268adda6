import type { Child } from 'hono/jsx';
import { ActionButton, ProblemSummary } from '../forms/form.tsx';
import { type Problem, problem } from '../forms/problems.ts';
import { type Crumb, page } from '../layout.tsx';
import type { PageContext } from '../page-env.ts';

interface Question {
  readonly title: string;
  readonly crumbs: readonly Crumb[];
  /** What will happen, and what stays. */
  readonly consequence: Child;
  readonly action: string;
  readonly label: string;
  readonly cancel: string;
  readonly problems?: readonly Problem[];
}

/** Asks before something that cannot be taken back: a page, so that it asks without script too. */
export function confirmPage(c: PageContext, question: Question): Response | Promise<Response> {
  const { title, crumbs, consequence, action, label, cancel, problems = [] } = question;
  return page(
    c,
    { title, crumbs, status: problems.length === 0 ? 200 : 400 },
    <>
      <ProblemSummary problems={problems} />
      <section class="card" aria-label="Confirmation">
        <p>{consequence}</p>
        <div class="actions">
          <ActionButton c={c} action={action} label={label} kind="danger" />
          <a class="button" href={cancel}>
            Keep it
          </a>
        </div>
      </section>
    </>,
  );
}

/** Messages of a refusal where there are no fields. */
export const plainProblems = (messages: readonly string[], status: number): Problem[] =>
  (messages.length === 0 ? [`The request was refused with status ${status}.`] : messages).map((message) =>
    problem(null, message),
  );
