import { scrypt } from '@noble/hashes/scrypt.js';
import { type Refusal, refuse } from '../domain/result.ts';
import { limits } from '../env.ts';

/** What a hash costs: docs/decisions/017. */
export interface PasswordCost {
  /** Blocks of 128 · r bytes that are held in memory: a power of two. */
  readonly N: number;
  readonly r: number;
  /** How often, one after another. */
  readonly p: number;
}

/** 16 MiB, five times. Raised, old hashes are renewed as their users sign in. */
export const passwordCost: PasswordCost = { N: 16_384, r: 8, p: 5 };

const SALT_BYTES = 16;
const HASH_BYTES = 32;
const STORED = /^scrypt\$(\d{1,8})\$(\d{1,3})\$(\d{1,3})\$([0-9a-f]{32})\$([0-9a-f]{64})$/;

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** However it was typed: one character has one form. */
function derive(password: string, salt: Uint8Array, cost: PasswordCost): Uint8Array {
  return scrypt(password.normalize('NFKC'), salt, { ...cost, dkLen: HASH_BYTES });
}

/** A password as it is stored: `scrypt$N$r$p$salt$hash`, with salt and hash in hex. */
export function hashPassword(password: string, cost: PasswordCost = passwordCost): string {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  return `scrypt$${cost.N}$${cost.r}$${cost.p}$${toHex(salt)}$${toHex(derive(password, salt, cost))}`;
}

/** What is compared with when there is nobody to compare with: no password has this hash. */
const NOBODY = `scrypt$${passwordCost.N}$${passwordCost.r}$${passwordCost.p}$${'0'.repeat(2 * SALT_BYTES)}$${'0'.repeat(2 * HASH_BYTES)}`;

/**
 * Whether a password is the one that was stored, and whether its hash should be renewed because it was made at another cost. Without a stored one the
 * answer is no, after as much work: who asks does not learn by the time which users there are.
 */
export function checkPassword(
  password: string,
  stored: string | null,
): { readonly isRight: boolean; readonly isOutdated: boolean } {
  const [, N, r, p, salt, hash] = STORED.exec(stored ?? NOBODY) ?? [];
  if (salt === undefined || hash === undefined) throw new Error('A stored password hash cannot be read.');
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  const isPossible = stored !== null && !isTooLong(password);
  const derived = derive(isPossible ? password : '', fromHex(salt), cost);
  return {
    isRight: equalInConstantTime(derived, fromHex(hash)) && isPossible,
    isOutdated: cost.N !== passwordCost.N || cost.r !== passwordCost.r || cost.p !== passwordCost.p,
  };
}

/** Looks at every byte, whichever differs. */
function equalInConstantTime(one: Uint8Array, other: Uint8Array): boolean {
  let difference = one.length ^ other.length;
  for (const [i, byte] of one.entries()) difference |= byte ^ (other[i] ?? 0);
  return difference === 0;
}

function isTooLong(password: string): boolean {
  const max = limits.passwordCharactersMax;
  return password.length > 2 * max || [...password].length > max;
}

/** What is wrong with a new password. Long is what counts: there are no rules of composition. */
export function passwordProblem(password: string, email: string): Refusal | null {
  const { passwordCharactersMin: min, passwordCharactersMax: max } = limits;
  if (isTooLong(password) || [...password].length < min) {
    return refuse('invalid', `must have ${min} to ${max} characters`, 'password');
  }
  if (password.trim().toLowerCase() === email.trim().toLowerCase()) {
    return refuse('invalid', 'must not be the email', 'password');
  }
  return null;
}
