import type { DecideContext } from '../account/command.ts';
import type { PlanBuilder } from '../account/plan.ts';
import { MissingState, type Need, type State } from '../account/state.ts';
import { type Contact, type ContactSnapshot, snapshotOf } from './contact.ts';

const REVISION_DIGITS = 8;

/**
 * Id of the snapshot of a contact at one revision: known without a search, so that all documents that refer to an unchanged
 * contact share one snapshot and a crowd of invoices writes one row.
 */
function snapshotIdOf(contact: Contact): string {
  const revision = contact.revision.toString(16).padStart(REVISION_DIGITS, '0');
  return contact.id.slice(0, -REVISION_DIGITS) + revision;
}

/**
 * Puts snapshots of these contacts into the plan unless they are stored already.
 *
 * @returns the snapshots' ids in the order of the contacts; null where there is no contact
 */
export function keepSnapshots(
  state: State,
  plan: PlanBuilder,
  contactIds: ReadonlyArray<string | null>,
  context: DecideContext,
): Array<string | null> {
  const contacts = together(contactIds, (id) => (id === null ? null : state.find('contact', id)));
  // Of a contact that the plan itself makes there can be none, and its id is another one whenever this is decided again.
  const isNew = ({ id }: Contact) =>
    plan
      .changes()
      .some(({ action, kind, entity }) => action === 'insert' && kind === 'contact' && entity.id === id);
  const known = together(contacts, (contact) =>
    contact === null || isNew(contact) ? null : state.find('contactSnapshot', snapshotIdOf(contact)),
  );
  const kept = new Set<string>();
  return contacts.map((contact, i) => {
    if (contact === null) return null;
    const snapshot: ContactSnapshot = { ...snapshotOf(contact, context), id: snapshotIdOf(contact) };
    if (known[i] === null && !kept.has(snapshot.id)) plan.insert('contactSnapshot', snapshot);
    kept.add(snapshot.id);
    return snapshot.id;
  });
}

/** Looks all of them up and misses all of them at once: one round trip instead of one each. */
function together<T, R>(keys: readonly T[], find: (key: T) => R): R[] {
  const needs: Need[] = [];
  const found: R[] = [];
  for (const key of keys) {
    try {
      found.push(find(key));
    } catch (error) {
      if (!(error instanceof MissingState)) throw error;
      needs.push(...error.needs);
    }
  }
  if (needs.length > 0) throw new MissingState(needs);
  return found;
}
