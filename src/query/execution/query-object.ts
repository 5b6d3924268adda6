import { DurableObject } from 'cloudflare:workers';
import { type Env, limits } from '../../env.ts';
import { databaseOf } from '../../persistence/database.ts';
import { isFinished, readQueryJob } from '../../persistence/query-jobs.ts';
import { QueryRun, type SliceOutcome } from './query-run.ts';

/** How often an object looks whether its job was forgotten, milliseconds. */
const LOOK_AFTER_MS = 3_600_000;
const JOB = 'job';

/**
 * The object of one query job, by the job's id. Its storage holds the copy that the job's queries run on, for as long as the job runs.
 */
export class QueryObject extends DurableObject<Env> {
  #run: QueryRun | null = null;
  #isWorking = false;

  /** Works on the job for a slice. 'busy': somebody else has asked for that, and the asking goes on there. */
  async advance(jobId: string): Promise<SliceOutcome | 'busy'> {
    if (this.#isWorking) return 'busy';
    this.#isWorking = true;
    try {
      if (this.ctx.storage.kv.get(JOB) === undefined) {
        this.ctx.storage.kv.put(JOB, jobId);
        await this.ctx.storage.setAlarm(Date.now() + LOOK_AFTER_MS);
      }
      return await this.#runs().slice(jobId);
    } finally {
      this.#isWorking = false;
    }
  }

  /** A job that nobody asks for any more, because it was cancelled or the asking was lost, does not keep its copy for ever. */
  override async alarm(): Promise<void> {
    const jobId = this.ctx.storage.kv.get<string>(JOB);
    if (jobId === undefined) return;
    const job = await readQueryJob(databaseOf(this.env), jobId, new Date().toISOString());
    if (this.#isWorking || (job !== null && !isFinished(job.status))) {
      await this.ctx.storage.setAlarm(Date.now() + LOOK_AFTER_MS);
    } else await this.#runs().clear(jobId);
  }

  #runs(): QueryRun {
    this.#run ??= new QueryRun({
      db: databaseOf(this.env),
      bucket: this.env.FILES,
      storage: this.ctx.storage,
      now: () => new Date().toISOString(),
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      newId: newFileId,
      limits,
    });
    return this.#run;
  }
}

/** Time-ordered like all ids: 12 hex digits of milliseconds, then 80 random bits. */
function newFileId(now: string): string {
  const random = crypto.getRandomValues(new Uint8Array(10));
  const hex = [...random].map((byte) => byte.toString(16).padStart(2, '0'));
  return Date.parse(now).toString(16).padStart(12, '0') + hex.join('');
}
