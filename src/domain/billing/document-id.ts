import { pairId } from '../settlement/application.ts';

const OFFSET = 0x6c62272e07bb014262b821756295c58dn;
const PRIME = 0x0000000001000000000000000000013bn;

/** An id that follows from a text: its 128-bit FNV-1a hash. */
function idOfText(text: string): string {
  let hash = OFFSET;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(128, (hash ^ BigInt(byte)) * PRIME);
  }
  return hash.toString(16).padStart(32, '0');
}

/**
 * Id of a document of a bill run, known to every piece of it without a search.
 *
 * @param groupKey DocumentGroup.key, which names the account too
 * @param ordinal 0 for the group's first document, then 1, 2 … as each is full
 */
export function documentIdOf(billRunId: string, groupKey: string, ordinal: number): string {
  return pairId(billRunId, idOfText(`${groupKey} ${ordinal}`));
}
