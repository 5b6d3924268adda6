import { account } from './account.ts';
import { field, type ModelObject, type ObjectField } from './model.ts';

/** All objects, in the order in which they are listed to people. */
export const objects: readonly ModelObject[] = [account];

const BY_NAME: ReadonlyMap<string, ModelObject> = new Map(
  objects.map((object) => [object.name.toLowerCase(), object]),
);
const BY_COLLECTION: ReadonlyMap<string, ModelObject> = new Map(
  objects.flatMap((object) => (object.collection === null ? [] : [[object.collection, object]])),
);
const FIELDS: ReadonlyMap<ModelObject, ReadonlyMap<string, ObjectField>> = new Map(
  objects.map((object) => [object, new Map(object.fields.map((one) => [one.name.toLowerCase(), one]))]),
);

/** The object of this name in any case of letters; undefined when there is none. */
export function objectNamed(name: string): ModelObject | undefined {
  return BY_NAME.get(name.toLowerCase());
}

/** The object that Object Query lists under this path: accounts. */
export function objectOfCollection(collection: string): ModelObject | undefined {
  return BY_COLLECTION.get(collection);
}

const CUSTOM_FIELD = /^[a-z]\w{0,96}__(c|ns|qt)$/i;

/** The field of this name in any case of letters. Custom fields are what tenants make of them: any name of their form is one, and text. */
export function fieldNamed(object: ModelObject, name: string): ObjectField | undefined {
  const own = FIELDS.get(object)?.get(name.toLowerCase());
  if (own !== undefined || !object.customFields || !CUSTOM_FIELD.test(name)) return own;
  return field(name, 'text', {
    sql: `json_extract(t.custom_fields, '$.${name}')`,
    label: name,
    writes: 'cu',
  });
}
