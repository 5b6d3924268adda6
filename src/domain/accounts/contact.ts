import type { Audit, Stored } from '../entities.ts';
import type { JsonObject } from '../result.ts';

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
