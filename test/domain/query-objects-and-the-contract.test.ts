import { describe, expect, test } from 'vitest';
import { objectNamed, objectOfCollection, objects } from '../../src/query/objects/index.ts';
import {
  type FieldType,
  lowerFirst,
  type ModelObject,
  type ObjectRelation,
  shownNameOf,
} from '../../src/query/objects/model.ts';
import {
  type ContractSchema,
  components,
  objectQueryLists,
  resolveSchema,
} from '../conformance/support/contract-data.ts';

// The object model has what the contract names: every field with a type that fits, every relation, every path that can be expanded.

/** Objects of the older resources, whose replies name fields by themselves. */
const PROXIES = {
  ProxyGetAccount: 'Account',
  ProxyGetContact: 'Contact',
  ProxyGetBillRun: 'BillRun',
  ProxyGetInvoice: 'Invoice',
  ProxyGetInvoiceItem: 'InvoiceItem',
  ProxyGetInvoicePayment: 'InvoicePayment',
  ProxyGetPayment: 'Payment',
  ProxyGetPaymentMethod: 'PaymentMethod',
  ProxyGetProduct: 'Product',
  ProxyGetProductRatePlan: 'ProductRatePlan',
  ProxyGetProductRatePlanCharge: 'ProductRatePlanCharge',
  ProxyGetProductRatePlanChargeTier: 'ProductRatePlanChargeTier',
  ProxyGetRatePlan: 'RatePlan',
  ProxyGetRatePlanCharge: 'RatePlanCharge',
  ProxyGetRatePlanChargeTier: 'RatePlanChargeTier',
  ProxyGetRefund: 'Refund',
  ProxyGetSubscription: 'Subscription',
  ProxyGetUsage: 'Usage',
} as const;

function propertiesOf(schema: ContractSchema): Record<string, ContractSchema> {
  const resolved = resolveSchema(schema);
  const parts = [...(resolved.allOf ?? []), ...(resolved.anyOf ?? []), ...(resolved.oneOf ?? [])];
  return Object.assign({}, ...parts.map(propertiesOf), resolved.properties ?? {});
}

/** Types of a field that a schema of the contract allows; null for what is another object. */
function typesOf(schema: ContractSchema): readonly FieldType[] | null {
  const { type, format, items, properties, allOf, oneOf } = resolveSchema(schema);
  if (type === 'array') return resolveSchema(items!).type === 'string' ? ['text'] : null;
  if (type === 'object' || properties !== undefined || allOf !== undefined) return null;
  if (type === 'boolean') return ['boolean'];
  if (type === 'integer') return ['integer'];
  // The two families of resources disagree about a few: Grade and ProcessingType are text or whole in one of them.
  if (type === 'number') return ['decimal', 'integer', 'picklist'];
  if (format === 'date') return ['date', 'datetime'];
  if (format === 'date-time') return ['datetime', 'date'];
  if (type === undefined && oneOf === undefined) return ['text'];
  return ['text', 'picklist', 'date', 'datetime'];
}

/** Names of the contract that the object has no field of a fitting type for. */
function missing(object: ModelObject, schema: string, nameOf: (object: ModelObject) => string[]): string[] {
  const types = new Map(nameOf(object).map((name, i) => [name.toLowerCase(), object.fields[i]!.type]));
  return Object.entries(propertiesOf(components[schema]!)).flatMap(([name, property]) => {
    const allowed = typesOf(property);
    if (allowed === null || /__(NS|QT)$/.test(name)) return [];
    const type = types.get(name.toLowerCase());
    return type !== undefined && allowed.includes(type) ? [] : [`${schema}.${name}: ${type ?? 'no field'}`];
  });
}

describe('fields', () => {
  test.each(objects.map((object) => [object.name, object] as const))(
    '%s has each name once in each surface',
    (_, object) => {
      const names = object.fields.map(({ name }) => name.toLowerCase());
      expect(new Set(names).size).toBe(names.length);
      const shown = object.fields.map(shownNameOf);
      expect(new Set(shown).size).toBe(shown.length);
      expect(names).toContain('id');
      if (object.numberField !== null) expect(names).toContain(object.numberField.toLowerCase());
    },
  );

  test('are all that Object Query shows, in its spelling', () => {
    expect(Object.keys(objectQueryLists)).toHaveLength(28);
    for (const [path, { schema }] of Object.entries(objectQueryLists)) {
      const object = objectOfCollection(path.split('/')[2]!);
      expect(object, path).toBeDefined();
      expect(
        missing(object!, schema, ({ fields }) => fields.map(shownNameOf)),
        path,
      ).toEqual([]);
      const shown = new Set(object!.fields.map(shownNameOf));
      const misspelt = Object.entries(propertiesOf(components[schema]!)).filter(
        ([name, property]) => typesOf(property) !== null && !shown.has(name),
      );
      expect(
        misspelt.map(([name]) => name),
        path,
      ).toEqual([]);
    }
  });

  test('are all that the older resources show', () => {
    for (const [schema, name] of Object.entries(PROXIES)) {
      expect(missing(objectNamed(name)!, schema, ({ fields }) => fields.map((field) => field.name))).toEqual(
        [],
      );
    }
  });

  test('are all that Object Query filters and sorts by', () => {
    for (const [path, { filter, sort }] of Object.entries(objectQueryLists)) {
      const object = objectOfCollection(path.split('/')[2]!)!;
      const names = new Set(object.fields.map(({ name }) => name.toLowerCase()));
      expect(
        [...filter, ...sort].filter((name) => !names.has(name)),
        path,
      ).toEqual([]);
    }
  });
});

describe('relations', () => {
  test('lead from a field to a field of an object that there is', () => {
    for (const object of objects) {
      for (const { name, object: other, field, remoteField } of object.relations) {
        const names = ({ fields }: ModelObject) => fields.map((one) => one.name);
        const remote = objectNamed(other);
        expect(remote, `${object.name}.${name}`).toBeDefined();
        expect(names(object), `${object.name}.${name}`).toContain(field);
        expect(names(remote!), `${object.name}.${name}`).toContain(remoteField);
      }
    }
  });

  test('are all that Object Query expands, in its spelling', () => {
    for (const [path, { expand, schema }] of Object.entries(objectQueryLists)) {
      const object = objectOfCollection(path.split('/')[2]!)!;
      for (const dotted of expand)
        expect(resolves(object, dotted.split('.')), `${path} ${dotted}`).toBe(true);
      const spelt = new Set(Object.keys(propertiesOf(components[schema]!)));
      const shown = object.relations.map(({ name, expandName }) => expandName ?? lowerFirst(name));
      for (const name of shown.filter((one) => expand.includes(one.toLowerCase()))) {
        const others = [...spelt].filter((one) => one.toLowerCase() === name.toLowerCase());
        if (others.length > 0) expect(others, `${path} ${name}`).toContain(name);
      }
    }
  });
});

function resolves(object: ModelObject, [first, ...rest]: readonly string[]): boolean {
  if (object.emptyRelations.some(({ name }) => name.toLowerCase() === first)) return true;
  const named = ({ name, expandName }: ObjectRelation) => (expandName ?? name).toLowerCase() === first;
  const relation = object.relations.find(named);
  if (relation === undefined) return false;
  return rest.length === 0 || resolves(objectNamed(relation.object)!, rest);
}
