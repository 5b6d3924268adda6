import type { Need } from '../../account/state.ts';
import { type JsonObject, type JsonValue, type Refusal, refuse } from '../../result.ts';
import type { VersionDraft } from '../../subscriptions/version-draft.ts';
import type { InvoicingPatch } from '../action-specs.ts';
import type { ActionSetting } from './order-action.ts';

const CONTACTS = ['billToContactId', 'soldToContactId'] as const;

export function needsOfInvoicing(patch: InvoicingPatch): readonly Need[] {
  return CONTACTS.flatMap((field) => {
    const key = patch[field];
    return key == null ? [] : [{ kind: 'contact' as const, key }];
  });
}

/**
 * Changes how a subscription is invoiced: contacts, payment term, template … What is cleared falls back to the account's own.
 *
 * @param field the action's object in the request: `ownerTransfer`
 */
export function patchInvoicing(
  patch: InvoicingPatch,
  draft: VersionDraft,
  setting: ActionSetting,
  field: string,
): Refusal | null {
  const details: { [name: string]: JsonValue } = { ...draft.subscription.details };
  for (const [name, value] of Object.entries(patch.details)) put(details, name, value);
  for (const name of CONTACTS) {
    const key = patch[name];
    if (key === undefined) continue;
    if (key !== null) {
      const problem = contactProblem(key, draft, setting, `${setting.path}.${field}.${name}`);
      if (problem !== null) return problem;
    }
    put(details, name, key);
  }
  draft.patch({ details: details as JsonObject });
  return null;
}

function put(details: { [name: string]: JsonValue }, name: string, value: JsonValue): void {
  if (value === null) delete details[name];
  else details[name] = value;
}

/** Bill-to and sold-to contacts belong to the subscription's owner or to its invoice owner. */
export function contactProblem(
  key: string,
  draft: VersionDraft,
  { state }: Pick<ActionSetting, 'state'>,
  field: string,
): Refusal | null {
  const contact = state.find('contact', key);
  if (contact === null) return refuse('invalid', `there is no contact ${key}`, field);
  const { accountId, invoiceOwnerAccountId } = draft.subscription;
  return contact.accountId === accountId || contact.accountId === invoiceOwnerAccountId
    ? null
    : refuse('invalid', `contact ${key} belongs to another account`, field);
}
