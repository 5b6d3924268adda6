import type { Child } from 'hono/jsx';
import { newTimeOrderedId } from '../../account/runtime.ts';
import type { PageContext } from '../page-env.ts';
import type { Choice, Field, Section } from './fields.ts';
import type { FormValues } from './form-values.ts';
import type { Problem } from './problems.ts';

/** Hidden fields of every form: the session's proof, and the key under which its effect is kept. */
export const CSRF_FIELD = '_csrf';
export const KEY_FIELD = '_key';

/** The key of the form that was sent. */
export function keyOf(c: PageContext): string {
  return c.get('form').text(KEY_FIELD);
}

/** What goes into every form. A form that was refused gets a new key with each showing: a key belongs to one request. */
export function Hidden({ c, key }: { readonly c: PageContext; readonly key?: string }) {
  return (
    <>
      <input type="hidden" name={CSRF_FIELD} value={c.get('csrfToken')} />
      <input type="hidden" name={KEY_FIELD} value={key ?? newTimeOrderedId(new Date().toISOString())} />
    </>
  );
}

interface FormProps {
  readonly c: PageContext;
  readonly action: string;
  readonly sections: readonly Section[];
  readonly values: FormValues;
  readonly problems?: readonly Problem[];
  readonly submit: string;
  /** Where Cancel leads. */
  readonly cancel?: string;
  /** What that link says; Cancel when not given. */
  readonly cancelLabel?: string;
  /** Between the sections and the buttons: repeated groups, previews. */
  readonly children?: Child;
  /** Fields of the children, for what was refused of them. */
  readonly childFields?: readonly Field[];
  /** More buttons beside the first: preview, save as draft. */
  readonly buttons?: Child;
  readonly hasFile?: boolean;
}

/** A form with its sections; what was refused stands beside its field and once more, linked, at the top. */
export function Form(props: FormProps) {
  const { c, action, sections, values, problems = [], submit, cancel, children, buttons, hasFile } = props;
  const { cancelLabel = 'Cancel', childFields = [] } = props;
  const known = [...sections, { title: '', fields: childFields }];
  return (
    <form
      method="post"
      action={action}
      class="form"
      data-once
      {...(hasFile ? { enctype: 'multipart/form-data' } : {})}
    >
      <Hidden c={c} />
      {props.childFields === undefined ? null : (
        // biome-ignore lint/a11y/noAriaHiddenOnFocusable: what Enter presses, else it would be the first button of a row; no key reaches it
        <button type="submit" class="hidden" tabindex={-1} aria-hidden="true">
          {submit}
        </button>
      )}
      <ProblemSummary problems={problems} sections={known} />
      {sections.map((section) => (
        <FormSection section={section} values={values} problems={problems} />
      ))}
      {children}
      <div class="actions">
        <button type="submit" class="primary">
          {submit}
        </button>
        {buttons}
        {cancel === undefined ? null : (
          <a class="button" href={cancel}>
            {cancelLabel}
          </a>
        )}
      </div>
    </form>
  );
}

export function FormSection({
  section,
  values,
  problems = [],
  children,
}: {
  readonly section: Section;
  readonly values: FormValues;
  readonly problems?: readonly Problem[];
  /** Below its fields. */
  readonly children?: Child;
}) {
  return (
    <fieldset {...(section.className === undefined ? {} : { class: section.className })}>
      <legend>{section.title}</legend>
      {section.hint === undefined ? null : <p class="hint">{section.hint}</p>}
      <div class="fields">
        {section.fields.map((field) => (
          <FieldInput
            field={field}
            value={values.text(field.name)}
            isOn={values.has(field.name) && values.text(field.name) !== 'false'}
            message={problems.find((one) => one.field === field.name)?.message}
          />
        ))}
      </div>
      {children}
    </fieldset>
  );
}

/** Announced when the page is shown; each problem leads to its field. */
export function ProblemSummary({
  problems,
  sections = [],
}: {
  readonly problems: readonly Problem[];
  readonly sections?: readonly Section[];
}) {
  if (problems.length === 0) return null;
  const fields = sections.flatMap((section) => section.fields);
  return (
    <div class="problems" role="alert" id="problems" tabindex={-1}>
      <h2>{problems.length === 1 ? 'This was refused' : `${problems.length} things were refused`}</h2>
      <ul>
        {problems.map(({ field, message }) => {
          const label = fields.find(({ name }) => name === field)?.label;
          return (
            <li>
              {field === null || label === undefined ? (
                message
              ) : (
                <a href={`#${idOf(field)}`}>
                  {label}: {message}
                </a>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** The id of a field's input. */
export function idOf(name: string): string {
  return `f-${name.replaceAll(/[^\w-]/g, '-')}`;
}

interface FieldProps {
  readonly field: Field;
  readonly value: string;
  readonly isOn: boolean;
  readonly message?: string | undefined;
}

export function FieldInput({ field, value, isOn, message }: FieldProps) {
  const id = idOf(field.name);
  if (field.type === 'hidden') return <input type="hidden" name={field.name} value={value} />;
  const described = [field.hint && `${id}-hint`, message && `${id}-error`].filter(Boolean).join(' ');
  const attributes = {
    id,
    name: field.name,
    ...(described === '' ? {} : { 'aria-describedby': described }),
    ...(message === undefined ? {} : { 'aria-invalid': 'true' }),
    ...(field.required ? { required: true } : {}),
  };
  const notes = (
    <>
      {field.hint === undefined ? null : (
        <small id={`${id}-hint`} class="hint">
          {field.hint}
        </small>
      )}
      {message === undefined ? null : (
        <small id={`${id}-error`} class="error">
          {message}
        </small>
      )}
    </>
  );
  if (field.type === 'checkbox') {
    return (
      <div class={field.isWide ? 'field check wide' : 'field check'}>
        <input type="checkbox" value="true" {...attributes} checked={isOn} />
        <label for={id}>{field.label}</label>
        {notes}
      </div>
    );
  }
  return (
    <div class={field.isWide || field.type === 'textarea' ? 'field wide' : 'field'}>
      <label for={id}>
        {field.label}
        {field.required ? <span class="required"> (required)</span> : null}
      </label>
      <Control field={field} value={value} attributes={attributes} />
      {notes}
    </div>
  );
}

const INPUT_TYPES: Readonly<Record<string, string>> = {
  email: 'email',
  password: 'password',
  date: 'date',
  file: 'file',
};

function Control({
  field,
  value,
  attributes,
}: {
  readonly field: Field;
  readonly value: string;
  readonly attributes: Record<string, unknown>;
}) {
  if (field.type === 'textarea') {
    return (
      <textarea rows={field.rows ?? 4} {...attributes} {...optional('maxlength', field.maxLength)}>
        {value}
      </textarea>
    );
  }
  if (field.type === 'select') {
    const choices = field.choices ?? [];
    const isKnown = value === '' || choices.some((choice) => choice.value === value);
    return (
      <select {...attributes}>
        {field.required ? null : <option value="" />}
        {isKnown ? null : (
          <option value={value} selected>
            {value}
          </option>
        )}
        <Options choices={choices} selected={value} />
      </select>
    );
  }
  const list = field.suggestions === undefined ? undefined : `${attributes.id}-list`;
  const isNumber = field.type === 'decimal' || field.type === 'integer';
  return (
    <>
      <input
        type={INPUT_TYPES[field.type ?? 'text'] ?? 'text'}
        {...(field.type === 'file' || field.type === 'password' ? {} : { value })}
        {...(isNumber ? { inputmode: field.type === 'integer' ? 'numeric' : 'decimal' } : {})}
        {...attributes}
        {...optional('list', list)}
        {...optional('placeholder', field.placeholder)}
        {...optional('autocomplete', field.autocomplete)}
        {...optional('maxlength', field.maxLength)}
      />
      {list === undefined ? null : (
        <datalist id={list}>
          <Options choices={field.suggestions!} selected="" />
        </datalist>
      )}
    </>
  );
}

function Options({ choices, selected }: { readonly choices: readonly Choice[]; readonly selected: string }) {
  return (
    <>
      {choices.map(({ value, label }) => (
        <option value={value} selected={value === selected}>
          {label}
        </option>
      ))}
    </>
  );
}

function optional(name: string, value: unknown): Record<string, unknown> {
  return value === undefined ? {} : { [name]: value };
}

/** One button that does something, as a form of its own: works without script, and has one effect however often it is pressed. */
export function ActionButton({
  c,
  action,
  label,
  kind,
  fields = {},
  confirm,
}: {
  readonly c: PageContext;
  readonly action: string;
  readonly label: string;
  readonly kind?: 'primary' | 'danger';
  readonly fields?: Readonly<Record<string, string>>;
  /** A question that is asked first, where there is script. */
  readonly confirm?: string;
}) {
  return (
    <form method="post" action={action} class="inline" data-once {...optional('data-confirm', confirm)}>
      <Hidden c={c} />
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button type="submit" class={kind ?? ''}>
        {label}
      </button>
    </form>
  );
}
