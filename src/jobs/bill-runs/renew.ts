import type { DueSubscription } from '../../domain/subscriptions/scheduled-work.ts';
import { limits } from '../../env.ts';
import { findNextDueDay, readDuePage } from '../../persistence/scheduled-work.ts';
import type { AtAccount } from './at-account.ts';
import { type BillRunPorts, orRefused, sendStep } from './ports.ts';

/** Pages of terms' ends that are gone through before an account is billed; what is left is renewed on its day. */
export const RENEWAL_PAGES_MAX = 100;

/**
 * Renews what renews itself and ends by the run's target date, one term after another, by the commands that renew it on its day. Whoever does it
 * again finds it renewed. What is refused is kept on the subscription, as on its day, and stops nothing.
 */
export async function renewBeforeBilling({ run, row }: AtAccount, ports: BillRunPorts): Promise<void> {
  const { accountId, subscriptionNumbers: wanted } = row;
  const through = run.targetDate;
  let day = await findNextDueDay(ports.db, accountId, '', through);
  let after = '';
  for (let pages = 0; pages < RENEWAL_PAGES_MAX && day !== null; pages++) {
    const from = { day, source: 'subscriptions', id: after } as const;
    const items = await readDuePage(ports.db, accountId, from, limits.scheduledPageMax);
    const renewed = items.filter(
      ({ autoRenew, number }) => autoRenew === 1 && (wanted === null || wanted.includes(number)),
    );
    await Promise.all(
      renewed.map(({ number, termEndDate }) => {
        const due: DueSubscription = {
          subscriptionNumber: number,
          accountId,
          termEndDate: termEndDate!,
          day: through,
        };
        return orRefused(sendStep(ports, run, accountId, 'scheduled.renew', due));
      }),
    );
    const isFull = items.length === limits.scheduledPageMax;
    after = isFull ? items.at(-1)!.id : '';
    // A term that is renewed may end again by the target date, on a day that comes later.
    if (!isFull) day = await findNextDueDay(ports.db, accountId, day, through);
  }
}
