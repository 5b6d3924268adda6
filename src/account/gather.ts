/** What a queue needs to know of the event loop. */
export interface GatherPorts {
  /** Lets events that have arrived be handled: what waits at the door joins the queue. */
  readonly yieldToArrivals: () => Promise<void>;
}

export interface GatherLimits {
  readonly gatherTurnsMax: number;
}

/**
 * Under load, takes in what has already arrived before the next group is closed. Answering a group sets its callers free to send
 * again; on one thread their requests are only read when the event loop gets to it, and a group that closes before pays a whole
 * commit for a few commands. A lone caller never waits.
 */
export class Gathering {
  readonly #ports: GatherPorts;
  readonly #limits: GatherLimits;
  /** Size of the last group: how much company one has. */
  #lastGroup = 0;

  constructor(ports: GatherPorts, limits: GatherLimits) {
    this.#ports = ports;
    this.#limits = limits;
  }

  /** Waits until a turn of the event loop brings nothing new, or `enough` are waiting. */
  async untilQuiet(waiting: readonly unknown[], enough: number): Promise<void> {
    if (this.#lastGroup < 2) return;
    for (let turn = 0; turn < this.#limits.gatherTurnsMax; turn++) {
      const before = waiting.length;
      await this.#ports.yieldToArrivals();
      if (waiting.length === before || waiting.length >= enough) return;
    }
  }

  closed(groupSize: number): void {
    this.#lastGroup = groupSize;
  }
}
