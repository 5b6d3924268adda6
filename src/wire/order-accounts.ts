import { z } from 'zod';
import type { NewAccount } from '../domain/accounts/new-account.ts';
import { fromWireNewAccount, newAccountShape } from './accounts.ts';
import { contactDraftShape } from './contacts.ts';
import { wireCustomFields, wireText, withCustomFields } from './values.ts';

/** Contacts of orders have a postalCode where those of accounts have a zipCode, and an object of custom fields. */
const wireOrderContact = withCustomFields({
  ...contactDraftShape,
  postalCode: wireText(20).nullish(),
  customFields: wireCustomFields.nullish(),
});

/** `newAccount` and `newSubscriptionOwnerAccount` of an order. */
export const wireOrderAccount = withCustomFields({
  ...newAccountShape,
  billToContact: wireOrderContact,
  soldToContact: wireOrderContact.nullish(),
  /** Text with commas here, a list on accounts. */
  additionalEmailAddresses: z.union([wireText(1_200), newAccountShape.additionalEmailAddresses]).optional(),
  customFields: wireCustomFields.nullish(),
});

type WireOrderAccount = z.output<typeof wireOrderAccount>;

/** An account that an order describes, as accounts themselves are described. */
export function fromWireOrderAccount(body: WireOrderAccount): NewAccount {
  const { customFields, billToContact, soldToContact, additionalEmailAddresses, ...rest } = body;
  const addresses =
    typeof additionalEmailAddresses === 'string'
      ? additionalEmailAddresses.split(',').map((address) => address.trim())
      : additionalEmailAddresses;
  return fromWireNewAccount({
    ...rest,
    ...customFields,
    ...(addresses === undefined ? {} : { additionalEmailAddresses: addresses }),
    billToContact: asAccountContact(billToContact),
    soldToContact: soldToContact == null ? null : asAccountContact(soldToContact),
  });
}

function asAccountContact({ postalCode, customFields, ...rest }: z.output<typeof wireOrderContact>) {
  return { ...rest, ...customFields, ...(postalCode == null ? {} : { zipCode: postalCode }) };
}
