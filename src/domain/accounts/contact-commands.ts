import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import type { Account } from './account.ts';
import { type Contact, type ContactDraft, type ContactPatch, newContact, patchContact } from './contact.ts';

export interface ContactStored {
  readonly contact: Contact;
  readonly accountNumber: string;
}

export interface CreateContact {
  /** Id or number. */
  readonly accountKey: string;
  /** Field of the request that named the account. */
  readonly accountField: string;
  readonly contact: ContactDraft;
}

export const createContact: CommandHandler<CreateContact, ContactStored> = {
  needs: ({ accountKey }) => [{ kind: 'account', key: accountKey }],
  decide(state, { accountKey, accountField, contact: draft }, context) {
    const account = state.find('account', accountKey);
    if (account === null) return refuse('invalid', 'names no account', accountField);
    const contact = newContact(account.id, draft, context);
    return new PlanBuilder()
      .insert('contact', contact)
      .build({ contact, accountNumber: account.accountNumber });
  },
};

export interface UpdateContact {
  readonly contactId: string;
  readonly changes: ContactPatch;
}

export const updateContact: CommandHandler<UpdateContact, ContactStored> = {
  needs: ({ contactId }) => [{ kind: 'contact', key: contactId }],
  decide(state, { contactId, changes }, context) {
    const found = findContact(state, contactId);
    if (isRefusal(found)) return found;
    const contact = patchContact(found.contact, changes, context);
    return new PlanBuilder()
      .update('contact', contact)
      .build({ contact, accountNumber: found.account.accountNumber });
  },
};

export interface DeleteContact {
  readonly contactId: string;
}

export const deleteContact: CommandHandler<DeleteContact, { readonly contactId: string }> = {
  needs: ({ contactId }) => [{ kind: 'contact', key: contactId }],
  decide(state, { contactId }) {
    const found = findContact(state, contactId);
    if (isRefusal(found)) return found;
    const used = refuseWhileUsed(found, 'deleted');
    if (used !== null) return used;
    return new PlanBuilder().delete('contact', found.contact).build({ contactId });
  },
};

export interface TransferContact {
  readonly contactId: string;
  /** Id or number. */
  readonly destinationAccountKey: string;
}

export const transferContact: CommandHandler<TransferContact, { readonly contactId: string }> = {
  needs: ({ contactId, destinationAccountKey }) => [
    { kind: 'contact', key: contactId },
    { kind: 'account', key: destinationAccountKey },
  ],
  decide(state, { contactId, destinationAccountKey }, context) {
    const found = findContact(state, contactId);
    if (isRefusal(found)) return found;
    const destination = state.find('account', destinationAccountKey);
    if (destination === null) return refuse('invalid', 'names no account', 'destinationAccountKey');
    if (destination.id === found.account.id) {
      return refuse('rule', 'is the account that the contact belongs to already', 'destinationAccountKey');
    }
    const used = refuseWhileUsed(found, 'transferred');
    if (used !== null) return used;
    const moved: Contact = {
      ...found.contact,
      accountId: destination.id,
      updatedAt: context.now,
      updatedBy: context.actor,
    };
    return new PlanBuilder().update('contact', moved).build({ contactId });
  },
};

interface FoundContact {
  readonly contact: Contact;
  readonly account: Account;
}

/** A contact and the account that it belongs to: both are guarded, so neither can vanish under the decision. */
function findContact(state: State, contactId: string): FoundContact | Refusal {
  const contact = state.find('contact', contactId);
  const account = contact === null ? null : state.find('account', contact.accountId);
  if (contact === null || account === null) return refuse('not_found', 'There is no such contact.');
  return { contact, account };
}

function refuseWhileUsed({ contact, account }: FoundContact, verb: string): Refusal | null {
  const roles = [
    account.billToContactId === contact.id ? 'bill-to' : null,
    account.soldToContactId === contact.id ? 'sold-to' : null,
  ].filter((role) => role !== null);
  if (roles.length === 0) return null;
  return refuse(
    'rule',
    `The contact cannot be ${verb}: it is the ${roles.join(' and ')} contact of account ${account.accountNumber}.`,
  );
}
