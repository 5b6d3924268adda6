/** The form that the query is typed in; the schema beside it belongs to it, so that choosing an object loses nothing that was typed. */
export const QUERY_FORM = 'query';
/** Its button that shows an object's fields instead of running the query; its value is an object that is shown whatever is chosen. */
export const SHOW_FIELD = 'show';

/** The object whose fields are shown: what a button names, else what is chosen. */
export function objectOf(value: (name: string) => string | undefined): string | undefined {
  return value(SHOW_FIELD) || value('object') || undefined;
}
