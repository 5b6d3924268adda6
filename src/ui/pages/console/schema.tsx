import { encoded, type Json, queryOf } from '../../api.ts';
import { Card } from '../../components/parts.tsx';
import { QUERY_FORM, SHOW_FIELD } from './query-form.ts';

export type Language = 'sql' | 'zoql' | 'object-query';

/** Which of an object's names a language uses. */
const NAME_IN: Readonly<Record<Language, string>> = {
  sql: 'dataQuery',
  zoql: 'zoql',
  'object-query': 'objectQuery',
};

/** The object model beside the query: every object that the language reads, and the fields and relations of the chosen one. */
export function SchemaBrowser({
  objects,
  language,
  chosen,
}: {
  readonly objects: readonly Json[];
  readonly language: Language;
  readonly chosen: string | undefined;
}) {
  const name = NAME_IN[language];
  const readable = objects.filter(({ names }) => names[name] != null);
  const object = readable.find((one) => one.name === chosen);
  return (
    <Card title="Objects">
      <div class="filters">
        <div class="field">
          <label for="f-object">Object</label>
          <select id="f-object" name="object" form={QUERY_FORM} data-submit-on-change="show-fields">
            <option value="">Choose one</option>
            {readable.map((one) => (
              <option value={one.name} selected={one.name === chosen}>
                {one.names[name]}
              </option>
            ))}
          </select>
        </div>
        <button type="submit" id="show-fields" form={QUERY_FORM} name={SHOW_FIELD} value="" formnovalidate>
          Show fields
        </button>
      </div>
      {object === undefined ? (
        <p class="hint">Choose an object to see its fields, their types, and what it leads to.</p>
      ) : (
        <ObjectFields object={object} language={language} />
      )}
    </Card>
  );
}

function ObjectFields({ object, language }: { readonly object: Json; readonly language: Language }) {
  const nameOf = (field: Json): string =>
    field.names?.[language === 'sql' ? 'dataQuery' : 'objectQuery'] ?? field.name;
  const shown = (field: Json) => (language === 'zoql' ? field.name : nameOf(field));
  return (
    <>
      <section class="table tall" aria-label={`Fields of ${object.name}`} tabindex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Field, label, type</th>
            </tr>
          </thead>
          <tbody>
            {object.fields.map((field: Json) => (
              <tr>
                <td>
                  <code>{shown(field)}</code>
                  <small>
                    {field.label}, {field.type}
                  </small>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {object.relations.length === 0 ? null : (
        <>
          <h3>Leads to</h3>
          <ul>
            {object.relations.map((relation: Json) => (
              <li>
                <button
                  type="submit"
                  class="link"
                  form={QUERY_FORM}
                  name={SHOW_FIELD}
                  value={relation.object}
                  formnovalidate
                >
                  {relation.name}
                </button>
                <span class="hint">
                  {' '}
                  {relation.kind === 'many' ? 'many' : 'one'}, by {relation.field} = {relation.remoteField}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      <p>
        <a href={`/console${queryOf({ language, object: object.name, q: exampleOf(object, language) })}`}>
          Start with an example
        </a>
      </p>
    </>
  );
}

/** A first query of an object: its number and some of its fields. */
function exampleOf(object: Json, language: Language): string {
  const numeric = object.fields
    .filter((field: Json) => /decimal|integer|number/.test(field.type))
    .slice(0, 2);
  const first = object.fields.filter(
    (field: Json) => field.name === (object.numberField ?? 'Id') || field.name === 'Name',
  );
  const fields = [...new Set([...first, ...numeric, ...object.fields.slice(0, 1)])];
  if (language === 'zoql')
    return `select ${fields.map(({ name }) => name).join(', ')} from ${object.names.zoql}`;
  if (language === 'sql') {
    return `SELECT ${fields.map((field) => field.names.dataQuery).join(', ')}\nFROM ${object.names.dataQuery}\nLIMIT 100`;
  }
  const named = fields.map((field) => field.names.objectQuery.toLowerCase()).join(',');
  return `${object.names.objectQuery}?fields[]=${encoded(named)}`;
}
