import type { JsonObject } from '../../domain/result.ts';
import { shownRelation } from '../object-query/request.ts';
import { type ModelObject, type ObjectField, shownNameOf } from '../objects/model.ts';

/** The object model as JSON: every object and field with its names in each surface, for people who look for them. */
export function toSchema(objects: readonly ModelObject[]): JsonObject {
  return { objects: objects.map(toObject), success: true };
}

function toObject(object: ModelObject): JsonObject {
  const { name, label, collection, zoql, numberField, customFields } = object;
  return {
    name,
    label,
    names: {
      objectQuery: collection,
      zoql: zoql ? name : null,
      exportZoql: name,
      dataQuery: name.toLowerCase(),
    },
    otherNames: [...object.otherNames],
    numberField,
    customFields,
    fields: object.fields.map(toField),
    relations: object.relations.map((relation) => ({
      name: relation.name,
      expand: shownRelation(relation),
      object: relation.object,
      kind: relation.kind,
      field: relation.field,
      remoteField: relation.remoteField,
    })),
  };
}

function toField(field: ObjectField): JsonObject {
  const { name, label, type, createable, updateable, required, maxLength, isList } = field;
  return {
    name,
    label,
    type,
    names: { objectQuery: shownNameOf(field), dataQuery: name.toLowerCase() },
    createable,
    updateable,
    required,
    maxLength,
    list: isList,
    /** False: the contract has it and it is always null. */
    kept: field.sql !== 'NULL',
  };
}
