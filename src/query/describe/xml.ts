import { objectNamed } from '../objects/index.ts';
import type { ModelObject, ObjectField, ObjectRelation } from '../objects/model.ts';

/** The object model as the XML that connectors read (conventions 14). */

const HEADER = '<?xml version="1.0" encoding="UTF-8"?>';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character]!);
}

function element(name: string, content: string | number | boolean): string {
  return `<${name}>${escaped(String(content))}</${name}>`;
}

/** @param url of `/v1/describe`, below which each object is described */
export function listXml(objects: readonly ModelObject[], url: string): string {
  const all = objects.map(
    ({ name, label }) =>
      `<object href="${escaped(`${url}/${name}`)}">${element('name', name)}${element('label', label)}</object>`,
  );
  return `${HEADER}<objects>${all.join('')}</objects>`;
}

export interface Describing {
  /** Of `/v1/describe`. */
  readonly url: string;
  /** How related objects hang together with this one. */
  readonly showRelationships: boolean;
}

export function objectXml(object: ModelObject, { url, showRelationships }: Describing): string {
  const fields = object.fields.map((field) => fieldXml(field, object));
  const related = object.relations.map((relation) => relationXml(relation, url, showRelationships));
  return (
    `${HEADER}<object href="${escaped(`${url}/${object.name}`)}">${element('name', object.name)}${element('label', object.label)}` +
    `<fields>${fields.join('')}</fields><related-objects>${related.join('')}</related-objects></object>`
  );
}

/** Where a field can be read: `soap` stands for ZOQL and the older resources, `export` for Export ZOQL. */
function fieldXml(field: ObjectField, { zoql }: ModelObject): string {
  const { name, label, type, createable, updateable, maxLength, required } = field;
  const contexts = [...(zoql ? ['soap'] : []), 'export'].map((context) => element('context', context));
  return (
    `<field>${element('name', name)}${element('label', label)}${element('selectable', true)}` +
    `${element('createable', createable)}${element('updateable', updateable)}` +
    `${element('filterable', field.sql !== 'NULL')}${element('custom', /__(c|NS|QT)$/.test(name))}` +
    `${element('maxlength', maxLength ?? '')}${element('required', required)}${element('type', type)}` +
    `<contexts>${contexts.join('')}</contexts></field>`
  );
}

function relationXml(relation: ObjectRelation, url: string, showRelationships: boolean): string {
  const { label } = objectNamed(relation.object)!;
  const how = [
    element('cardinality', relation.kind === 'one' ? 'n-to-1' : '1-to-n'),
    element('direct-relationship', true),
    element('path', `${relation.name}.${relation.remoteField}`),
  ];
  return (
    `<object href="${escaped(`${url}/${relation.object}`)}">${element('name', relation.name)}${element('label', label)}` +
    `${showRelationships ? how.join('') : ''}</object>`
  );
}
