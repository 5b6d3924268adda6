import { limits } from '../env.ts';

/** May go on; what is given back when the sign-in was right. */
export interface Admitted {
  readonly admitted: true;
  readonly address: string;
  readonly windowStart: string;
  /** The isolate's minute that it is counted in. */
  readonly minute: number;
}
/** Is to wait for so many seconds. */
export interface Delayed {
  readonly admitted: false;
  readonly retryAfterS: number;
}

const MINUTE_MS = 60_000;
const ADDRESS_CHARACTERS_MAX = 64;
/** Groups of an IPv6 address that one customer of a network shares: a /64. */
const NETWORK_GROUPS = 4;
const ADDRESS_GROUPS = 8;

/**
 * Whose attempts are counted together, from the CF-Connecting-IP header: an IPv4 address, or the /64 network of an IPv6 one, since whoever has
 * one address of it has them all. `local` without the header, which Cloudflare always sets.
 */
export function addressOf(connectingIp: string | undefined): string {
  const ip = connectingIp?.trim().toLowerCase().slice(0, ADDRESS_CHARACTERS_MAX) ?? '';
  if (ip === '') return 'local';
  if (!/^[0-9a-f:]+$/.test(ip) || !ip.includes(':')) return ip;
  const [head = '', tail] = ip.split('::');
  const groups = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, ADDRESS_GROUPS - groups.length - last.length) }, () => '0');
  const network = [...groups, ...zeros, ...last].slice(0, NETWORK_GROUPS);
  return `${network.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
}

/** Sign-ins of this isolate in its present minute that were wrong or may yet turn out to be. */
const wrong = { minute: 0, count: 0 };

function takeBack(minute: number): void {
  if (wrong.minute === minute) wrong.count -= 1;
}

/**
 * Counts an attempt to sign in before anything is looked at, so that many at once are counted too. It is the address that waits, never an account:
 * nobody can shut somebody else out by guessing. The windows of an address follow each other, so two may come close together.
 */
export async function admitSignIn(
  db: D1Database,
  address: string,
  nowMs: number,
): Promise<Admitted | Delayed> {
  const minute = Math.floor(nowMs / MINUTE_MS);
  if (wrong.minute !== minute) Object.assign(wrong, { minute, count: 0 });
  if (wrong.count >= limits.wrongPasswordsPerMinuteMax) return delayed((minute + 1) * MINUTE_MS, nowMs);
  // Before anything is waited for: others come in meanwhile.
  wrong.count += 1;
  const windowMs = limits.signInWindowS * 1_000;
  const startMs = Math.floor(nowMs / windowMs) * windowMs;
  const windowStart = new Date(startMs).toISOString();
  const isCounted = await countAttempt(db, address, windowStart).catch((error: unknown) => {
    takeBack(minute);
    throw error;
  });
  if (isCounted) return { admitted: true, address, windowStart, minute };
  takeBack(minute);
  return delayed(startMs + windowMs, nowMs);
}

/** false: the address has had its attempts in this window. */
async function countAttempt(db: D1Database, address: string, windowStart: string): Promise<boolean> {
  const counted = await db
    .prepare(
      'INSERT INTO sign_in_attempt (address, window_start, attempts) VALUES (?1, ?2, 1) ' +
        'ON CONFLICT (address, window_start) DO UPDATE SET attempts = attempts + 1 WHERE attempts < ?3 RETURNING attempts',
    )
    .bind(address, windowStart, limits.signInAttemptsMax)
    .first();
  return counted !== null;
}

function delayed(untilMs: number, nowMs: number): Delayed {
  return { admitted: false, retryAfterS: Math.max(1, Math.ceil((untilMs - nowMs) / 1_000)) };
}

/** Takes back the count of an attempt that was right: an office behind one address may sign in as often as it likes. */
export async function giveBack(db: D1Database, { address, windowStart, minute }: Admitted): Promise<void> {
  takeBack(minute);
  await db
    .prepare('UPDATE sign_in_attempt SET attempts = attempts - 1 WHERE address = ?1 AND window_start = ?2')
    .bind(address, windowStart)
    .run();
}
