import { z } from 'zod';
import type { ContactDraft, ContactPatch } from '../domain/accounts/contact.ts';
import type { JsonValue } from '../domain/result.ts';
import {
  fromWireContactDraft,
  fromWireContactPatch,
  wireContactDraft,
  wireContactPatch,
} from './contacts.ts';
import { customFieldsOf, wireKey, withCustomFields } from './values.ts';

/** Contacts as /v1/object/contact names them: the same objects under older names. Name here → name of /v1/contacts. */
const NAMES = {
  Address1: 'address1',
  Address2: 'address2',
  City: 'city',
  Country: 'country',
  County: 'county',
  Description: 'contactDescription',
  Fax: 'fax',
  HomePhone: 'homePhone',
  MobilePhone: 'mobilePhone',
  NickName: 'nickname',
  OtherPhone: 'otherPhone',
  OtherPhoneType: 'otherPhoneType',
  PersonalEmail: 'personalEmail',
  PostalCode: 'zipCode',
  State: 'state',
  TaxRegion: 'taxRegion',
  WorkEmail: 'workEmail',
  WorkPhone: 'workPhone',
} as const;
type Name = keyof typeof NAMES;

/** Attributes that can be taken away. */
export const OBJECT_CONTACT_DETAILS = Object.keys(NAMES);

const { shape } = wireContactPatch;
const attributes = Object.fromEntries(Object.entries(NAMES).map(([name, field]) => [name, shape[field]])) as {
  [N in Name]: (typeof shape)[(typeof NAMES)[N]];
};

export const wireObjectNewContact = withCustomFields({
  AccountId: wireKey,
  FirstName: wireContactDraft.shape.firstName,
  LastName: wireContactDraft.shape.lastName,
  ...attributes,
});

export const wireObjectContactChanges = withCustomFields({
  /** A contact changes its account by PUT /v1/contacts/{id}/transfer. */
  AccountId: z.undefined({ error: 'cannot be changed here: use PUT /v1/contacts/{id}/transfer' }).optional(),
  FirstName: shape.firstName,
  LastName: shape.lastName,
  ...attributes,
});

type Given = { [N in Name]?: string | number | null | undefined } & {
  FirstName?: string | undefined;
  LastName?: string | undefined;
};

function toContactNames(body: Given): Record<string, JsonValue> {
  const named: Record<string, JsonValue> = { ...customFieldsOf(body) };
  for (const [name, field] of Object.entries(NAMES) as Array<[Name, string]>) {
    const value = body[name];
    if (value !== undefined) named[field] = value;
  }
  if (body.FirstName !== undefined) named.firstName = body.FirstName;
  if (body.LastName !== undefined) named.lastName = body.LastName;
  return named;
}

export function fromWireObjectNewContact(body: z.output<typeof wireObjectNewContact>): ContactDraft {
  return fromWireContactDraft(toContactNames(body) as z.output<typeof wireContactDraft>);
}

export function fromWireObjectContactChanges(body: z.output<typeof wireObjectContactChanges>): ContactPatch {
  return fromWireContactPatch(toContactNames(body) as z.output<typeof wireContactPatch>);
}
