import { z } from 'zod';
import type { Contact, ContactDraft, ContactPatch, ContactSnapshot } from '../domain/accounts/contact.ts';
import type { JsonObject, JsonValue } from '../domain/result.ts';
import { customFieldsOf, wireBoolean, wireKey, wireText, withCustomFields } from './values.ts';

/** Text that clients also send as a number: telephone numbers, zip codes. */
const wireTextOrNumber = (lengthMax: number) =>
  z
    .union([z.string(), z.number()], { error: 'must be text' })
    .refine((value) => String(value).length <= lengthMax, `must have at most ${lengthMax} characters`);

const attribute = (lengthMax: number) => wireTextOrNumber(lengthMax).nullish();

const PHONE_TYPES = ['Work', 'Mobile', 'Home', 'Other'] as const;

/** Attributes that are text and nothing else, under their wire names. */
const attributes = {
  address1: attribute(255),
  address2: attribute(255),
  city: attribute(40),
  contactDescription: attribute(100),
  county: attribute(32),
  fax: attribute(40),
  homePhone: attribute(40),
  mobilePhone: attribute(100),
  nickname: attribute(100),
  otherPhone: attribute(40),
  otherPhoneType: z
    .enum(PHONE_TYPES, { error: `must be one of ${PHONE_TYPES.join(', ')}` })
    .nullish()
    .or(z.literal('')),
  personalEmail: attribute(74),
  state: attribute(40),
  taxRegion: attribute(32),
  workPhone: attribute(40),
  zipCode: attribute(20),
  asBillTo: wireBoolean.nullish(),
  asShipTo: wireBoolean.nullish(),
  asSoldTo: wireBoolean.nullish(),
};
const reach = { country: attribute(64), workEmail: attribute(74) };
const wireName = wireText(100).min(1, 'must not be empty');

export const contactDraftShape = { firstName: wireName, lastName: wireName, ...reach, ...attributes };

/** A contact inside an account's request. */
export const wireContactDraft = withCustomFields(contactDraftShape);
/** Changes of a contact: what is absent stays. */
export const wireContactPatch = withCustomFields({
  firstName: wireName.optional(),
  lastName: wireName.optional(),
  ...reach,
  ...attributes,
});
export const wireNewContact = withCustomFields({
  accountId: wireKey.optional(),
  accountNumber: wireKey.optional(),
  firstName: wireName,
  lastName: wireName,
  ...reach,
  ...attributes,
}).refine((body) => body.accountId !== undefined || body.accountNumber !== undefined, {
  path: ['accountId'],
  message: 'is required: say accountId or accountNumber',
});
export const wireContactTransfer = z.object({ destinationAccountKey: wireKey });

type WireDraft = z.output<typeof wireContactDraft>;
type WirePatch = z.output<typeof wireContactPatch>;

export function fromWireContactDraft(body: WireDraft): ContactDraft {
  return {
    firstName: body.firstName,
    lastName: body.lastName,
    workEmail: textOrNull(body.workEmail),
    country: textOrNull(body.country),
    details: detailsOf(body),
    customFields: customFieldsOf(body),
  };
}

export function fromWireContactPatch(body: WirePatch): ContactPatch {
  return {
    ...(body.firstName === undefined ? {} : { firstName: body.firstName }),
    ...(body.lastName === undefined ? {} : { lastName: body.lastName }),
    ...(body.workEmail === undefined ? {} : { workEmail: textOrNull(body.workEmail) }),
    ...(body.country === undefined ? {} : { country: textOrNull(body.country) }),
    details: detailsOf(body),
    customFields: customFieldsOf(body),
  };
}

function textOrNull(value: string | number | null | undefined): string | null {
  return value === null || value === undefined || value === '' ? null : String(value);
}

/** Empty text is as good as nothing. */
function detailsOf(
  body: Partial<Record<keyof typeof attributes, string | number | boolean | null>>,
): JsonObject {
  const details: { [name: string]: JsonValue } = {};
  for (const name of Object.keys(attributes) as Array<keyof typeof attributes>) {
    const value = body[name];
    if (value !== undefined) details[name] = typeof value === 'boolean' ? value : textOrNull(value);
  }
  return details;
}

/** Shown as '' when there is nothing; the other attributes are null then. */
const EMPTY_TEXT = [
  'address1',
  'address2',
  'city',
  'fax',
  'homePhone',
  'mobilePhone',
  'nickname',
  'otherPhone',
  'personalEmail',
  'state',
  'workPhone',
  'zipCode',
] as const;

/** A contact as accounts show it. */
export function toWireContact(contact: Contact): JsonObject {
  const shown: { [name: string]: JsonValue } = { ...contact.customFields, id: contact.id };
  for (const name of EMPTY_TEXT) shown[name] = contact.details[name] ?? '';
  return {
    ...shown,
    country: contact.country,
    county: contact.details.county ?? null,
    firstName: contact.firstName,
    lastName: contact.lastName,
    otherPhoneType: contact.details.otherPhoneType ?? null,
    taxRegion: contact.details.taxRegion ?? null,
    workEmail: contact.workEmail ?? '',
  };
}

/** What an account's summary leaves out of its contacts. */
const NOT_IN_SUMMARY = new Set([
  'homePhone',
  'mobilePhone',
  'nickname',
  'otherPhone',
  'otherPhoneType',
  'personalEmail',
]);

/** A contact as an account's summary shows it: shorter. */
export function toWireSummaryContact(contact: Contact): JsonObject {
  return Object.fromEntries(
    Object.entries(toWireContact(contact)).filter(([name]) => !NOT_IN_SUMMARY.has(name)),
  );
}

/** A contact on its own: with its account and description. */
export function toWireContactReply({
  contact,
  accountNumber,
}: {
  readonly contact: Contact;
  readonly accountNumber: string;
}): JsonObject {
  return {
    ...toWireContact(contact),
    accountId: contact.accountId,
    accountNumber,
    contactDescription: contact.details.contactDescription ?? '',
    success: true,
  };
}

export function toWireContactSnapshot(snapshot: ContactSnapshot): JsonObject {
  const kept = snapshot.contact;
  const shown: { [name: string]: JsonValue } = {};
  for (const name of EMPTY_TEXT) if (name !== 'zipCode') shown[name] = kept[name] ?? '';
  return {
    ...shown,
    id: snapshot.id,
    contactId: snapshot.contactId,
    country: kept.country ?? '',
    county: kept.county ?? null,
    description: kept.contactDescription ?? null,
    firstName: kept.firstName ?? '',
    lastName: kept.lastName ?? '',
    ...(kept.otherPhoneType === undefined ? {} : { otherPhoneType: kept.otherPhoneType }),
    postalCode: kept.zipCode ?? '',
    taxRegion: kept.taxRegion ?? '',
    workEmail: kept.workEmail ?? '',
    success: true,
  };
}
