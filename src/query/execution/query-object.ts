import { DurableObject } from 'cloudflare:workers';
import { type Env, limits } from '../../env.ts';
import { databaseOf } from '../../persistence/database.ts';
import { QueryRun, type SliceOutcome } from './query-run.ts';

/** So long after its last work an object looks whether its job was forgotten, milliseconds. */
const LOOK_AFTER_MS = 3_600_000;
/** When the message that the job is done could not be sent, milliseconds. */
const TELL_AGAIN_AFTER_MS = 5_000;
const JOB = 'job';

/**
 * The object of one query job, by the job's id. Its storage holds the copy that the job's queries run on, for as long as the job runs.
 *
 * Whoever asks gets the answer of one slice, in which most jobs are done. The others go on by the object's alarm, slice by slice, so that no message
 * waits for them, and say by a message when they are done.
 */
export class QueryObject extends DurableObject<Env> {
  #run: QueryRun | null = null;
  #isWorking = false;

  /** Works on the job for a slice; what is left is done by itself. 'busy': it is at work already. */
  async advance(jobId: string): Promise<SliceOutcome | 'busy'> {
    if (this.#isWorking) return 'busy';
    this.#isWorking = true;
    const { storage } = this.ctx;
    try {
      if (storage.kv.get(JOB) === undefined) storage.kv.put(JOB, jobId);
      // A job that was cancelled while nobody worked on it does not keep its copy for ever.
      await storage.setAlarm(Date.now() + LOOK_AFTER_MS);
      const outcome = await this.#runs().slice(jobId);
      if (outcome === 'more') await storage.setAlarm(Date.now());
      return outcome;
    } finally {
      this.#isWorking = false;
    }
  }

  override async alarm(): Promise<void> {
    const { storage } = this.ctx;
    const jobId = storage.kv.get<string>(JOB);
    if (jobId === undefined || (await this.advance(jobId)) !== 'done') return;
    try {
      await this.env.JOBS_QUEUE.send({ version: 1, job: 'query', jobId });
    } catch {
      storage.kv.put(JOB, jobId);
      await storage.setAlarm(Date.now() + TELL_AGAIN_AFTER_MS);
    }
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
