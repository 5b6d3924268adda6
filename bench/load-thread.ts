// The load generator: a thread of its own, so that nothing but the runtime itself competes with the server. Speaks just
// enough HTTP/1.1 over plain sockets that its own cost per request stays far below the server's.

import { connect, type Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import type { LoadReply, LoadResult, LoadSpec } from './load.ts';

/** A reply may take this long before the run is given up, milliseconds. */
const REPLY_TIMEOUT_MS = 60_000;
/** The fold is looked for this often, milliseconds: also the resolution of the measured lag. */
const PROBE_INTERVAL_MS = 50;
/** After the load, an account that never becomes fresh is given up, milliseconds. */
const FRESH_TIMEOUT_MS = 30_000;
const FAILURE_SAMPLES_MAX = 3;

interface Reply {
  readonly status: number;
  readonly body: string;
}

/** One kept-open connection that has at most one request on its way. */
class Connection {
  readonly #socket: Socket;
  readonly ready: Promise<void>;
  #received = Buffer.alloc(0);
  #bodyStart = -1;
  #bodyLength = 0;
  #status = 0;
  #waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void } | null = null;

  constructor(host: string, port: number) {
    this.#socket = connect({ host, port, noDelay: true });
    this.#socket.setTimeout(REPLY_TIMEOUT_MS, () => this.#socket.destroy(new Error('no reply in time')));
    this.ready = new Promise((resolve, reject) => {
      this.#socket.once('connect', resolve);
      this.#socket.once('error', reject);
    });
    this.#socket.on('data', (chunk) => this.#take(chunk as Uint8Array));
    this.#socket.on('error', (error) => this.#waiting?.reject(error));
    this.#socket.on('close', () => this.#waiting?.reject(new Error('connection closed before the reply')));
  }

  send(request: string): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      if (this.#socket.destroyed) reject(new Error('the connection was closed between two requests'));
      else this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Uint8Array): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    if (this.#bodyStart < 0 && !this.#readHead()) return;
    const end = this.#bodyStart + this.#bodyLength;
    if (this.#received.length < end) return;
    const body = this.#received.subarray(this.#bodyStart, end).toString('utf8');
    this.#received = this.#received.subarray(end);
    this.#bodyStart = -1;
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.resolve({ status: this.#status, body });
  }

  #readHead(): boolean {
    const end = this.#received.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const head = this.#received.subarray(0, end).toString('latin1');
    const length = /\r\ncontent-length: *(\d+)/i.exec(head);
    if (length === null) {
      this.#socket.destroy(new Error('a reply without Content-Length'));
      return false;
    }
    this.#status = Number(head.slice(9, 12));
    this.#bodyStart = end + 4;
    this.#bodyLength = Number(length[1]);
    return true;
  }
}

interface Tally {
  readonly latenciesMs: number[];
  /** Epoch milliseconds of the successful replies to the first request of the list: that account is watched. */
  readonly watchedRepliesAt: number[];
  readonly failureSamples: string[];
  failures: number;
  endedAtMs: number;
}

const epochNow = (): number => performance.timeOrigin + performance.now();

/** Sends the requests in turn over `concurrency` connections, each again as soon as its reply is there. */
async function sendAll(
  spec: LoadSpec,
  connections: readonly Connection[],
): Promise<Tally & { seconds: number }> {
  const tally: Tally = {
    latenciesMs: [],
    watchedRepliesAt: [],
    failureSamples: [],
    failures: 0,
    endedAtMs: 0,
  };
  const startedAtMs = performance.now();
  const deadlineMs = startedAtMs + spec.durationMs;
  let sent = 0;
  const client = async (connection: Connection): Promise<void> => {
    for (;;) {
      const sentAtMs = performance.now();
      if (sentAtMs >= deadlineMs || sent >= spec.countMax) return;
      const index = sent++ % spec.requests.length;
      const reply = await connection.send(spec.requests[index]!);
      const nowMs = performance.now();
      tally.endedAtMs = nowMs;
      if (reply.status === 200 && reply.body.includes(spec.expected)) {
        tally.latenciesMs.push(nowMs - sentAtMs);
        if (index === 0) tally.watchedRepliesAt.push(performance.timeOrigin + nowMs);
      } else {
        tally.failures++;
        if (tally.failureSamples.length < FAILURE_SAMPLES_MAX) {
          tally.failureSamples.push(`${reply.status} ${reply.body.slice(0, 500)}`);
        }
      }
    }
  };
  await Promise.all(connections.map(client));
  return { ...tally, seconds: (tally.endedAtMs - startedAtMs) / 1000 };
}

interface Sighting {
  readonly seenAt: number;
  readonly lastMetricsUpdateAt: number;
}

/** Reads the account again and again and notes each new `lastMetricsUpdate`, until it is past the last reply. */
class FreshnessWatch {
  readonly #connection: Connection;
  readonly #request: string;
  readonly sightings: Sighting[] = [];
  #lastReplyAt: number | null = null;
  readonly #running: Promise<void>;

  constructor(connection: Connection, request: string) {
    this.#connection = connection;
    this.#request = request;
    this.#running = this.#run();
  }

  async finish(lastReplyAt: number): Promise<void> {
    this.#lastReplyAt = lastReplyAt;
    await this.#running;
  }

  async #run(): Promise<void> {
    let latest = 0;
    for (;;) {
      const { body } = await this.#connection.send(this.#request);
      const text = /"lastMetricsUpdate":"([^"]+)"/.exec(body)?.[1];
      const lastMetricsUpdateAt = text === undefined ? 0 : Date.parse(text);
      if (lastMetricsUpdateAt > latest) {
        latest = lastMetricsUpdateAt;
        this.sightings.push({ seenAt: epochNow(), lastMetricsUpdateAt });
      }
      const lastReplyAt = this.#lastReplyAt;
      if (lastReplyAt !== null && (latest >= lastReplyAt || epochNow() > lastReplyAt + FRESH_TIMEOUT_MS))
        return;
      await new Promise((resolve) => setTimeout(resolve, PROBE_INTERVAL_MS));
    }
  }
}

/** For each reply the time until a read showed a `lastMetricsUpdate` later than it; Infinity when none did. */
function lagsOf(repliesAt: readonly number[], sightings: readonly Sighting[]): number[] {
  let i = 0;
  return [...repliesAt]
    .sort((a, b) => a - b)
    .map((repliedAt) => {
      while (i < sightings.length && sightings[i]!.lastMetricsUpdateAt < repliedAt) i++;
      return i < sightings.length ? Math.max(0, sightings[i]!.seenAt - repliedAt) : Number.POSITIVE_INFINITY;
    });
}

async function run(spec: LoadSpec, connections: readonly Connection[]): Promise<LoadResult> {
  const { host, port } = workerData as { host: string; port: number };
  const probe = spec.freshnessRequest === undefined ? null : new Connection(host, port);
  await probe?.ready;
  const watch = probe === null ? null : new FreshnessWatch(probe, spec.freshnessRequest!);
  const tally = await sendAll(spec, connections);
  await watch?.finish(tally.watchedRepliesAt.at(-1) ?? epochNow());
  probe?.close();
  return {
    count: tally.latenciesMs.length,
    failures: tally.failures,
    failureSamples: tally.failureSamples,
    seconds: tally.seconds,
    latenciesMs: tally.latenciesMs,
    lagsMs: watch === null ? null : lagsOf(tally.watchedRepliesAt, watch.sightings),
  };
}

parentPort!.on('message', async (spec: LoadSpec) => {
  const { host, port } = workerData as { host: string; port: number };
  // Opened for each run, before its clock starts: the server closes connections that are idle for some seconds.
  const connections = Array.from({ length: spec.concurrency }, () => new Connection(host, port));
  let reply: LoadReply;
  try {
    await Promise.all(connections.map((connection) => connection.ready));
    reply = { result: await run(spec, connections) };
  } catch (error) {
    reply = { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  for (const connection of connections) connection.close();
  parentPort!.postMessage(reply);
});
