import { limits } from '../env.ts';

/** What travels to the metrics queue: ids only. */
export interface MetricsMessage {
  readonly version: 1;
  readonly accountIds: readonly string[];
}

export interface DueAnnouncerPorts {
  readonly send: (message: MetricsMessage, delaySeconds: number) => Promise<unknown>;
  /** Tenant's setting: how long a fold waits for more, seconds. */
  readonly delaySeconds: () => number | Promise<number>;
  readonly log: (event: string, fields: Record<string, unknown>) => void;
}

/**
 * Asks for the fold of accounts that became due: one message for a commit, however many writes it held. Sending must
 * never fail or slow a write, and need not succeed: what is due is in the database, and the sweep finds it.
 */
export function dueAnnouncer(ports: DueAnnouncerPorts): (accountIds: readonly string[]) => void {
  return (accountIds) => {
    for (let from = 0; from < accountIds.length; from += limits.messageAccountsMax) {
      const part = accountIds.slice(from, from + limits.messageAccountsMax);
      announce(part, ports).catch((error: unknown) => {
        ports.log('metrics.announce_failed', { accounts: part.length, message: String(error) });
      });
    }
  };
}

async function announce(accountIds: readonly string[], ports: DueAnnouncerPorts): Promise<void> {
  await ports.send({ version: 1, accountIds }, await ports.delaySeconds());
}

/** What travels to the jobs queue about an accepted job. */
export interface RunJobMessage {
  readonly version: 1;
  readonly job: 'run';
  readonly jobId: string;
}

/**
 * Asks for a job to be carried out, once it is committed. As with metrics, the message is only the quick way: the job is in the
 * database, and the sweep finds it.
 */
export async function announceJob(
  jobId: string,
  ports: {
    readonly send: (message: RunJobMessage) => Promise<unknown>;
    readonly log: (event: string, fields: Record<string, unknown>) => void;
  },
): Promise<void> {
  try {
    await ports.send({ version: 1, job: 'run', jobId });
  } catch (error) {
    ports.log('jobs.announce_failed', { job: jobId, message: String(error) });
  }
}
