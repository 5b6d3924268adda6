import type { LaneGroup } from '../persistence/commit-batch.ts';
import type { CommitPort, Committer, GroupOutcome } from './committer.ts';
import { Gathering, type GatherLimits, type GatherPorts } from './gather.ts';

interface Waiting {
  readonly group: LaneGroup;
  readonly resolve: (outcome: GroupOutcome) => void;
}

/**
 * Joins the groups of many lanes into batches: one batch at a time, each as large as its limit allows. A batch checks all guards before
 * it changes anything, so groups of which one changes what another has read or changes go into different batches: the later one then finds
 * its guard stale.
 */
export class CommitQueue implements CommitPort {
  readonly #committer: Committer;
  readonly #batchBytesMax: number;
  readonly #gathering: Gathering;
  readonly #waiting: Waiting[] = [];
  #running = false;

  constructor(
    committer: Committer,
    ports: GatherPorts,
    limits: GatherLimits & { readonly batchBytesMax: number },
  ) {
    this.#committer = committer;
    this.#batchBytesMax = limits.batchBytesMax;
    this.#gathering = new Gathering(ports, limits);
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
        await this.#gathering.untilQuiet(this.#waiting, Number.POSITIVE_INFINITY);
        const taken = this.#take();
        this.#gathering.closed(taken.length);
        const outcomes = await this.#committer.commit(taken.map((w) => w.group));
        for (const [i, waiting] of taken.entries()) waiting.resolve(outcomes[i]!);
      }
    } finally {
      this.#running = false;
    }
  }

  #take(): Waiting[] {
    let bytes = 0;
    const taken: Waiting[] = [];
    const left: Waiting[] = [];
    const [reads, writes] = [new Set<string>(), new Set<string>()];
    for (const waiting of this.#waiting.splice(0)) {
      const { group } = waiting;
      const collides =
        group.writes.some((id) => reads.has(id) || writes.has(id)) ||
        group.reads.some((id) => writes.has(id));
      if (taken.length > 0 && (collides || bytes + group.bytes > this.#batchBytesMax)) {
        left.push(waiting);
        continue;
      }
      bytes += group.bytes;
      for (const id of group.reads) reads.add(id);
      for (const id of group.writes) writes.add(id);
      taken.push(waiting);
    }
    this.#waiting.push(...left);
    return taken;
  }
}
