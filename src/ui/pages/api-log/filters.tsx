import { queryOf } from '../../api.ts';
import type { Choice } from '../../forms/fields.ts';
import { idOf } from '../../forms/form.tsx';
import type { Problem } from '../../forms/problems.ts';
import type { PageContext } from '../../page-env.ts';

export const LOG_PATH = '/api-log';

/** A filter of the log, named as the API names it. */
interface CallFilter {
  readonly name: string;
  readonly label: string;
  readonly type?: 'text' | 'select' | 'datetime-local';
  readonly choices?: readonly Choice[];
  readonly maxLength?: number;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

export const CALL_FILTERS: readonly CallFilter[] = [
  { name: 'account', label: 'Account (id or number)', maxLength: 100 },
  { name: 'requestId', label: 'Request id', maxLength: 100 },
  { name: 'trackId', label: 'Track id', maxLength: 64 },
  { name: 'idempotencyKey', label: 'Idempotency key', maxLength: 255 },
  { name: 'clientId', label: 'Client or user (id)', maxLength: 100 },
  {
    name: 'method',
    label: 'Method',
    type: 'select',
    choices: METHODS.map((value) => ({ value, label: value })),
  },
  {
    name: 'status',
    label: 'Status',
    type: 'select',
    choices: [
      { value: '2xx', label: '2xx: answered' },
      { value: '4xx', label: '4xx: refused' },
      { value: '5xx', label: '5xx: failed' },
    ],
  },
  {
    name: 'source',
    label: 'Source',
    type: 'select',
    choices: [
      { value: 'api', label: 'API' },
      { value: 'page', label: 'web pages' },
    ],
  },
  { name: 'from', label: 'From', type: 'datetime-local' },
  { name: 'to', label: 'To, before', type: 'datetime-local' },
];

/** Who called, for suggestions. */
export interface KnownCaller {
  readonly id: string;
  readonly name: string;
}

/** The filters as they were typed. */
export function typedFilters(c: PageContext): Record<string, string> {
  return Object.fromEntries(CALL_FILTERS.map(({ name }) => [name, (c.req.query(name) ?? '').trim()]));
}

/** The query of the API's operation; times are typed in the user's time zone. What is no time goes as it is, and is refused by its name. */
export function apiQueryOf(
  c: PageContext,
  typed: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string | number | null>>,
): string {
  const times = Object.fromEntries(
    ['from', 'to'].map((name) => [name, c.get('format').instantOf(typed[name] ?? '') ?? typed[name]]),
  );
  return queryOf({ ...typed, ...times, ...more });
}

export function CallFilters({
  c,
  typed,
  problems,
  callers,
  csvHref,
}: {
  readonly c: PageContext;
  readonly typed: Readonly<Record<string, string>>;
  readonly problems: readonly Problem[];
  readonly callers: readonly KnownCaller[];
  readonly csvHref: string;
}) {
  return (
    <search aria-label="Filter calls">
      <form class="filters" method="get" action={LOG_PATH}>
        {CALL_FILTERS.map((filter) => (
          <FilterField
            filter={filter}
            value={typed[filter.name] ?? ''}
            message={problems.find(({ field }) => field === filter.name)?.message}
            callers={callers}
          />
        ))}
        <div class="actions">
          <button type="submit">Apply</button>
          {Object.values(typed).some((value) => value !== '') ? (
            <a class="button" href={LOG_PATH}>
              Clear
            </a>
          ) : null}
          <a class="button" href={csvHref}>
            CSV
          </a>
        </div>
      </form>
      <p class="hint">Times are those of {c.get('format').timeZone}.</p>
    </search>
  );
}

function FilterField({
  filter,
  value,
  message,
  callers,
}: {
  readonly filter: CallFilter;
  readonly value: string;
  readonly message: string | undefined;
  readonly callers: readonly KnownCaller[];
}) {
  const { name, label, type = 'text', choices = [], maxLength } = filter;
  const id = idOf(name);
  const attributes = {
    id,
    name,
    ...(message === undefined ? {} : { 'aria-invalid': 'true', 'aria-describedby': `${id}-error` }),
  };
  const isSuggested = name === 'clientId' && callers.length > 0;
  const isKnown = value === '' || choices.some((choice) => choice.value === value);
  return (
    <div class={type === 'datetime-local' ? 'field time' : 'field'}>
      <label for={id}>{label}</label>
      {type === 'select' ? (
        <select {...attributes} data-submit-on-change>
          <option value="">All</option>
          {isKnown ? null : (
            <option value={value} selected>
              {value}
            </option>
          )}
          {choices.map((choice) => (
            <option value={choice.value} selected={choice.value === value}>
              {choice.label}
            </option>
          ))}
        </select>
      ) : (
        <input
          type={type}
          value={value}
          {...attributes}
          {...(type === 'datetime-local' ? { step: 1 } : { maxlength: maxLength, autocomplete: 'off' })}
          {...(isSuggested ? { list: `${id}-list` } : {})}
        />
      )}
      {isSuggested ? (
        <datalist id={`${id}-list`}>
          {callers.map((caller) => (
            <option value={caller.id}>{caller.name}</option>
          ))}
        </datalist>
      ) : null}
      {message === undefined ? null : (
        <small id={`${id}-error`} class="error" role="alert">
          {message}
        </small>
      )}
    </div>
  );
}
