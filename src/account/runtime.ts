import { limits } from '../env.ts';

const RANDOM_BYTES_PER_ID = 10;
/** Randomness is asked for in blocks: a call per id would cost more than all the rest of making one. */
const randomBlock = new Uint8Array(RANDOM_BYTES_PER_ID * 256);
let randomUsed = randomBlock.length;
const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Ids are time-ordered: 12 hex digits of milliseconds, then 80 random bits. */
export function newTimeOrderedId(now: string): string {
  if (randomUsed >= randomBlock.length) {
    crypto.getRandomValues(randomBlock);
    randomUsed = 0;
  }
  let hex = Date.parse(now).toString(16).padStart(12, '0');
  for (const end = randomUsed + RANDOM_BYTES_PER_ID; randomUsed < end; randomUsed++) {
    hex += hexOfByte[randomBlock[randomUsed]!];
  }
  return hex;
}

/** The tenant's clock. Dates come from here or from the request, never from a database. */
export function tenantClock(timeZone: string): () => { now: string; today: string } {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  let day = '';
  let today = '';
  return () => {
    const instant = new Date();
    const now = instant.toISOString();
    // Formatting is slow and a time zone's date changes on a quarter of an hour at the earliest.
    const quarter = now.slice(0, 14) + Math.floor(instant.getUTCMinutes() / 15);
    if (quarter !== day) {
      day = quarter;
      today = format.format(instant);
    }
    return { now, today };
  };
}

/** One turn of the event loop, with what has arrived from outside. */
export function yieldToArrivals(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Waits longer with every attempt, with jitter, so that rivals do not meet again. */
export function pauseBetweenAttempts(attempt: number): Promise<void> {
  const longest = Math.min(limits.retryPauseMaxMs, limits.retryPauseMinMs * 2 ** Math.min(attempt, 10));
  return new Promise((resolve) => setTimeout(resolve, longest * (0.5 + Math.random() / 2)));
}
