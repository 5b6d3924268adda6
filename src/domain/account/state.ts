import type { Entities, EntityKind } from '../entities.ts';

/** One object that a command must see: its kind and a key (id, or number where the kind has one). */
export interface Need {
  readonly kind: EntityKind;
  readonly key: string;
}

/**
 * The slice of state that a decision sees: what the database holds, plus what earlier commands of the same group
 * decided. Everything that is read through it is guarded at the commit: if it changed meanwhile, the whole group
 * is decided again.
 */
export interface State {
  /**
   * The object with this key, or null when there is none.
   * @throws MissingState when it was not loaded; the engine loads it and decides again, so a decision may follow
   *         references without knowing them beforehand. What is known beforehand belongs in `needs`: one round trip.
   */
  find<K extends EntityKind>(kind: K, key: string): Entities[K] | null;
}

/** Raised by State and by number ranges; control flow between the decision and the engine, never seen by a caller. */
export class MissingState extends Error {
  readonly needs: readonly Need[];
  readonly numbers: readonly NumberKind[];
  constructor(needs: readonly Need[], numbers: readonly NumberKind[] = []) {
    super('state that the decision needs is not loaded yet');
    this.needs = needs;
    this.numbers = numbers;
  }
}

/** What is numbered from leased ranges, with its prefix; eight digits follow (semantics D.3, conventions 5). */
export const numberPrefixes = {
  account: 'A',
  subscription: 'A-S',
  charge: 'C-',
  order: 'O-',
  invoice: 'INV',
  creditMemo: 'CM',
  debitMemo: 'DM',
  billRun: 'BR-',
  billingPreviewRun: 'BPR-',
  payment: 'P-',
  refund: 'R-',
  product: 'PC-',
  sku: 'SKU-',
  productRatePlan: 'PRP-',
  productRatePlanCharge: 'PRPC-',
  ratePlan: 'SRP-',
} as const;
export type NumberKind = keyof typeof numberPrefixes;

/** Digits after the prefix, at least. */
export const NUMBER_DIGITS = 8;

export function formatNumber(kind: NumberKind, value: number): string {
  return numberPrefixes[kind] + String(value).padStart(NUMBER_DIGITS, '0');
}

const ID_PATTERN = /^[0-9a-f]{32}$/;

/** Ids are 32 lower-case hex digits; every other key is a number (A…, INV…). */
export function isId(key: string): boolean {
  return ID_PATTERN.test(key);
}
