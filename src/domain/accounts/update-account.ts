import type { CommandHandler, DecideContext } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import { isRefusal, type JsonObject, type Refusal, refuse } from '../result.ts';
import { chooseDefault } from '../settlement/keep-payment-methods.ts';
import { needOfMethod } from '../settlement/payment-method.ts';
import type { Account } from './account.ts';
import { type Contact, type ContactPatch, newContact, patchContact } from './contact.ts';
import { mergeDetails } from './merge-details.ts';

/** What is to change in an account: fields that are absent stay, null empties. */
export interface UpdateAccount {
  readonly accountId: string;
  readonly name?: string;
  readonly status?: Account['status'];
  /** Accepted only as what they are: neither can change. */
  readonly currency?: string;
  readonly accountNumber?: string;
  readonly billCycleDay?: number;
  readonly batch?: string;
  readonly autoPay?: boolean;
  readonly partnerAccount?: boolean;
  /** Id or number. */
  readonly parentKey?: string | null;
  readonly paymentTerm?: string;
  readonly billToContactId?: string;
  readonly soldToContactId?: string;
  /** Null: none any more. */
  readonly defaultPaymentMethodId?: string | null;
  /** Changes the contact that is there, or makes one where there is none. */
  readonly billTo?: ContactPatch;
  readonly soldTo?: ContactPatch;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

export interface AccountUpdated {
  readonly accountId: string;
}

export const updateAccount: CommandHandler<UpdateAccount, AccountUpdated> = {
  needs: ({ accountId, parentKey, billToContactId, soldToContactId, defaultPaymentMethodId }) => [
    { kind: 'account', key: accountId },
    ...[parentKey].filter((key) => typeof key === 'string').map((key) => ({ kind: 'account' as const, key })),
    ...[billToContactId, soldToContactId]
      .filter((key) => key !== undefined)
      .map((key) => ({ kind: 'contact' as const, key })),
    ...needOfMethod(defaultPaymentMethodId ?? null),
  ],
  decide(state, payload, context) {
    const account = state.find('account', payload.accountId);
    if (account === null) return refuse('not_found', 'There is no such account.');
    const fixed = refuseFixedFields(account, payload);
    if (fixed !== null) return fixed;
    const parentId = parentAfter(state, account, payload.parentKey);
    if (isRefusal(parentId)) return parentId;
    const paying = payingDetails(state, account, payload.defaultPaymentMethodId);
    if (isRefusal(paying)) return paying;
    const contacts = new ContactChanges(state, account, context);
    const billToContactId = contacts.change('billTo', account.billToContactId, payload);
    if (isRefusal(billToContactId)) return billToContactId;
    const soldToContactId = contacts.change('soldTo', account.soldToContactId, payload);
    if (isRefusal(soldToContactId)) return soldToContactId;
    const changed: Account = {
      ...account,
      name: payload.name ?? account.name,
      status: payload.status ?? account.status,
      billCycleDay: payload.billCycleDay ?? account.billCycleDay,
      batch: payload.batch ?? account.batch,
      autoPay: payload.autoPay ?? account.autoPay,
      partnerAccount: payload.partnerAccount ?? account.partnerAccount,
      paymentTerm: payload.paymentTerm ?? account.paymentTerm,
      parentId: parentId.id,
      billToContactId: billToContactId.id,
      soldToContactId: soldToContactId.id,
      details: mergeDetails(paying, payload.details),
      customFields: { ...account.customFields, ...payload.customFields },
      updatedAt: context.now,
      updatedBy: context.actor,
    };
    const incomplete = refuseIncomplete(changed);
    if (incomplete !== null) return incomplete;
    const plan = new PlanBuilder().update('account', changed);
    contacts.putInto(plan);
    return plan.build({ accountId: account.id });
  },
};

/** The account's attributes with the payment method that it pays with when none is named. */
function payingDetails(
  state: State,
  account: Account,
  methodId: string | null | undefined,
): JsonObject | Refusal {
  if (methodId === undefined) return account.details;
  const chosen = chooseDefault(state, account, methodId);
  return isRefusal(chosen) ? chosen : chosen.details;
}

function refuseFixedFields(account: Account, payload: UpdateAccount): Refusal | null {
  if (payload.currency !== undefined && payload.currency !== account.currency) {
    return refuse('rule', 'cannot be changed after the account was created', 'currency');
  }
  if (payload.accountNumber !== undefined && payload.accountNumber !== account.accountNumber) {
    return refuse('rule', 'cannot be changed after the account was created', 'accountNumber');
  }
  if (payload.status === 'Draft' && account.status !== 'Draft') {
    return refuse('rule', `cannot go back to Draft from ${account.status}`, 'status');
  }
  return null;
}

function refuseIncomplete(account: Account): Refusal | null {
  if (account.status !== 'Active') return null;
  if (account.billToContactId === null) {
    return refuse(
      'rule',
      'An active account needs a bill-to contact: set billToContactId.',
      'billToContactId',
    );
  }
  if (account.soldToContactId === null) {
    return refuse(
      'rule',
      'An active account needs a sold-to contact: set soldToContactId.',
      'soldToContactId',
    );
  }
  return null;
}

/** The parent's id. Walks up from the new parent: an account is never above itself. */
function parentAfter(
  state: State,
  account: Account,
  parentKey: string | null | undefined,
): { readonly id: string | null } | Refusal {
  if (parentKey === undefined) return { id: account.parentId };
  if (parentKey === null) return { id: null };
  const parent = state.find('account', parentKey);
  if (parent === null) return refuse('invalid', 'names no account', 'parentId');
  for (let above: Account | null = parent; above !== null; ) {
    if (above.id === account.id) {
      return refuse('rule', 'names the account itself or one below it', 'parentId');
    }
    above = above.parentId === null ? null : state.find('account', above.parentId);
  }
  return { id: parent.id };
}

/** The contacts that one update touches: bill-to and sold-to may be one and the same. */
class ContactChanges {
  readonly #state: State;
  readonly #account: Account;
  readonly #context: DecideContext;
  readonly #contacts = new Map<string, { readonly contact: Contact; readonly isNew: boolean }>();

  constructor(state: State, account: Account, context: DecideContext) {
    this.#state = state;
    this.#account = account;
    this.#context = context;
  }

  /** Id of the contact in this role afterwards. */
  change(
    role: 'billTo' | 'soldTo',
    currentId: string | null,
    payload: UpdateAccount,
  ): { readonly id: string | null } | Refusal {
    const chosenId = payload[`${role}ContactId`];
    const patch = payload[role];
    if (chosenId !== undefined && patch !== undefined) {
      return refuse('invalid', `must not be given together with ${role}Contact`, `${role}ContactId`);
    }
    if (chosenId !== undefined) {
      const contact = this.#state.find('contact', chosenId);
      if (contact === null || contact.accountId !== this.#account.id) {
        return refuse('invalid', 'names no contact of this account', `${role}ContactId`);
      }
      return { id: contact.id };
    }
    if (patch === undefined) return { id: currentId };
    return currentId === null ? this.#create(role, patch) : this.#patch(currentId, patch);
  }

  putInto(plan: PlanBuilder): void {
    for (const { contact, isNew } of this.#contacts.values()) {
      if (isNew) plan.insert('contact', contact);
      else plan.update('contact', contact);
    }
  }

  #create(role: 'billTo' | 'soldTo', patch: ContactPatch): { readonly id: string } | Refusal {
    const { firstName, lastName } = patch;
    if (firstName === undefined) return refuse('missing', 'is required', `${role}Contact.firstName`);
    if (lastName === undefined) return refuse('missing', 'is required', `${role}Contact.lastName`);
    const contact = newContact(
      this.#account.id,
      { ...patch, firstName, lastName, workEmail: patch.workEmail ?? null, country: patch.country ?? null },
      this.#context,
    );
    this.#contacts.set(contact.id, { contact, isNew: true });
    return { id: contact.id };
  }

  #patch(id: string, patch: ContactPatch): { readonly id: string } {
    const before = this.#contacts.get(id)?.contact ?? this.#state.find('contact', id);
    // The account's row and its contact's are guarded together, so a contact that is referred to is there.
    if (before === null) throw new Error(`contact ${id} of account ${this.#account.id} is not there`);
    this.#contacts.set(id, { contact: patchContact(before, patch, this.#context), isNew: false });
    return { id };
  }
}
