import type { LaneGroup } from '../persistence/commit-batch.ts';
import type { CommitPort, Committer, GroupOutcome } from './committer.ts';

interface Waiting {
  readonly group: LaneGroup;
  readonly resolve: (outcome: GroupOutcome) => void;
}

/** Joins the groups of many lanes into batches: one batch at a time, each as large as its limit allows. */
export class CommitQueue implements CommitPort {
  readonly #committer: Committer;
  readonly #batchBytesMax: number;
  readonly #waiting: Waiting[] = [];
  #running = false;

  constructor(committer: Committer, batchBytesMax: number) {
    this.#committer = committer;
    this.#batchBytesMax = batchBytesMax;
  }

  commit(group: LaneGroup): Promise<GroupOutcome> {
    return new Promise((resolve) => {
      this.#waiting.push({ group, resolve });
      if (!this.#running) {
        this.#running = true;
        void this.#run();
      }
    });
  }

  async #run(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const taken = this.#take();
        const outcomes = await this.#committer.commit(taken.map((w) => w.group));
        for (const [i, waiting] of taken.entries()) waiting.resolve(outcomes[i]!);
      }
    } finally {
      this.#running = false;
    }
  }

  #take(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { group } of this.#waiting) {
      bytes += group.bytes;
      if (count > 0 && bytes > this.#batchBytesMax) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }
}
