import { absent, auditFields, defineObject, detail, field, idField, one } from './model.ts';

export const contact = defineObject({
  name: 'Contact',
  collection: 'contacts',
  table: 'contact',
  byNameFields: ['Description'],
  fields: [
    idField,
    ...auditFields,
    field('AccountId', 'text', { writes: 'ru' }),
    detail('Address1', 'text', 'address1', { writes: 'cu', maxLength: 255 }),
    detail('Address2', 'text', 'address2', { writes: 'cu', maxLength: 255 }),
    detail('AsBillTo', 'boolean'),
    detail('AsShipTo', 'boolean'),
    detail('AsSoldTo', 'boolean'),
    detail('City', 'text', 'city', { writes: 'cu', maxLength: 40 }),
    field('Country', 'text', { writes: 'cu', maxLength: 64 }),
    detail('County', 'text', 'county', { writes: 'cu', maxLength: 32 }),
    detail('Description', 'text', 'contactDescription', { writes: 'cu' }),
    detail('Fax', 'text', 'fax', { writes: 'cu', maxLength: 40 }),
    field('FirstName', 'text', { writes: 'ru', maxLength: 100 }),
    detail('HomePhone', 'text', 'homePhone', { writes: 'cu', maxLength: 40 }),
    field('LastName', 'text', { writes: 'ru', maxLength: 100 }),
    detail('MobilePhone', 'text', 'mobilePhone', { writes: 'cu', maxLength: 100 }),
    detail('NickName', 'text', 'nickname', { writes: 'cu', maxLength: 100, shownAs: 'nickname' }),
    detail('OtherPhone', 'text', 'otherPhone', { writes: 'cu', maxLength: 40 }),
    detail('OtherPhoneType', 'picklist', 'otherPhoneType', { writes: 'cu' }),
    detail('PersonalEmail', 'text', 'personalEmail', { writes: 'cu', maxLength: 80 }),
    detail('PostalCode', 'text', 'zipCode', { writes: 'cu', maxLength: 20 }),
    detail('State', 'text', 'state', { writes: 'cu', maxLength: 40 }),
    detail('TaxRegion', 'text', 'taxRegion', { writes: 'cu', maxLength: 32 }),
    field('WorkEmail', 'text', { writes: 'cu', maxLength: 80 }),
    detail('WorkPhone', 'text', 'workPhone', { writes: 'cu', maxLength: 40 }),
  ],
  relations: [one('Account', 'Account', 'AccountId')],
});

/** What a snapshot kept of the contact, under its wire name. */
function kept(name: string): string {
  return `json_extract(t.contact, '$.${name}')`;
}

/** A snapshot never changes, and is made with the document that it is for. */
const snapshotAuditFields = [
  ...absent('text', 'CreatedById'),
  field('CreatedDate', 'datetime', { sql: 't.created_at' }),
  ...absent('text', 'UpdatedById'),
  field('UpdatedDate', 'datetime', { sql: 't.created_at' }),
];

export const contactSnapshot = defineObject({
  name: 'ContactSnapshot',
  collection: 'contact-snapshots',
  table: 'contact_snapshot',
  customFields: false,
  fields: [
    idField,
    ...snapshotAuditFields,
    field('AccountId', 'text'),
    field('Address1', 'text', { sql: kept('address1') }),
    field('Address2', 'text', { sql: kept('address2') }),
    field('City', 'text', { sql: kept('city') }),
    field('ContactId', 'text'),
    field('Country', 'text', { sql: kept('country') }),
    field('County', 'text', { sql: kept('county') }),
    field('Deleted', 'boolean', { sql: '0' }),
    field('Fax', 'text', { sql: kept('fax') }),
    field('FirstName', 'text', { sql: kept('firstName') }),
    field('HomePhone', 'text', { sql: kept('homePhone') }),
    field('LastName', 'text', { sql: kept('lastName') }),
    field('NickName', 'text', { sql: kept('nickname') }),
    field('OtherPhone', 'text', { sql: kept('otherPhone') }),
    field('OtherPhoneType', 'text', { sql: kept('otherPhoneType') }),
    field('PersonalEmail', 'text', { sql: kept('personalEmail') }),
    field('PostalCode', 'text', { sql: kept('zipCode') }),
    field('State', 'text', { sql: kept('state') }),
    field('TaxRegion', 'text', { sql: kept('taxRegion') }),
    field('WorkEmail', 'text', { sql: kept('workEmail') }),
  ],
  relations: [one('Contact', 'Contact', 'ContactId'), one('Account', 'Account', 'AccountId')],
});
