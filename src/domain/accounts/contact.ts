import type { DecideContext } from '../account/command.ts';
import type { Audit, Stored } from '../entities.ts';
import type { JsonObject } from '../result.ts';
import { mergeDetails } from './merge-details.ts';

/** A person or address of an account. */
export interface Contact extends Stored, Audit {
  readonly accountId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly workEmail: string | null;
  readonly country: string | null;
  /** Other attributes under their wire names (address1, city, workPhone …). */
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

/** A contact as it was when a document referred to it; never changes. */
export interface ContactSnapshot extends Stored {
  readonly contactId: string;
  readonly accountId: string;
  /** Everything the contact held, under wire names. */
  readonly contact: JsonObject;
  readonly createdAt: string;
}

/** A contact that is to be made. */
export interface ContactDraft {
  readonly firstName: string;
  readonly lastName: string;
  readonly workEmail: string | null;
  readonly country: string | null;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

/** What is to change in a contact: fields that are absent stay, null empties. */
export interface ContactPatch {
  readonly firstName?: string;
  readonly lastName?: string;
  readonly workEmail?: string | null;
  readonly country?: string | null;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

export function newContact(accountId: string, draft: ContactDraft, context: DecideContext): Contact {
  return {
    id: context.newId(),
    revision: 0,
    accountId,
    firstName: draft.firstName,
    lastName: draft.lastName,
    workEmail: draft.workEmail,
    country: draft.country,
    details: mergeDetails({}, draft.details),
    customFields: draft.customFields,
    createdAt: context.now,
    createdBy: context.actor,
    updatedAt: context.now,
    updatedBy: context.actor,
  };
}

export function patchContact(contact: Contact, patch: ContactPatch, context: DecideContext): Contact {
  const { details, customFields, ...fields } = patch;
  return {
    ...contact,
    ...fields,
    details: mergeDetails(contact.details, details),
    customFields: { ...contact.customFields, ...customFields },
    updatedAt: context.now,
    updatedBy: context.actor,
  };
}

/** The contact as it is now, for a document to keep. */
export function snapshotOf(contact: Contact, context: DecideContext): ContactSnapshot {
  return {
    id: context.newId(),
    revision: 0,
    contactId: contact.id,
    accountId: contact.accountId,
    contact: {
      ...contact.details,
      firstName: contact.firstName,
      lastName: contact.lastName,
      workEmail: contact.workEmail,
      country: contact.country,
    },
    createdAt: context.now,
  };
}
