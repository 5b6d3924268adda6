import { median } from './load.ts';

/** The part of the Chrome DevTools protocol that takes CPU profiles of a running workerd, one per isolate. */

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
}

export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  /** Microseconds between samples. */
  readonly timeDeltas: readonly number[];
  /** Microseconds. */
  readonly startTime: number;
  readonly endTime: number;
}

interface Target {
  readonly id: string;
  readonly webSocketDebuggerUrl: string;
}

interface ProtocolReply {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** Isolates that can be profiled, by workerd's names: `core:user:…` is the Worker, `d1:…` the local D1. */
export async function inspectorTargets(port: number): Promise<Target[]> {
  const reply = await fetch(`http://127.0.0.1:${port}/json/list`);
  return (await reply.json()) as Target[];
}

/** A session with one isolate's profiler. */
export class ProfilerSession {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', (event) =>
      this.#take(JSON.parse(String(event.data)) as ProtocolReply),
    );
  }

  static async open(target: Target): Promise<ProfilerSession> {
    const socket = new WebSocket(target.webSocketDebuggerUrl);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve());
      socket.addEventListener('error', () => reject(new Error(`No connection to the isolate ${target.id}.`)));
    });
    return new ProfilerSession(socket);
  }

  async start(samplingIntervalUs: number): Promise<void> {
    await this.#call('Profiler.enable');
    await this.#call('Profiler.setSamplingInterval', { interval: samplingIntervalUs });
    await this.#call('Profiler.start');
  }

  async stop(): Promise<CpuProfile> {
    const { profile } = (await this.#call('Profiler.stop')) as { profile: CpuProfile };
    this.#socket.close();
    return profile;
  }

  #call(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  #take(reply: ProtocolReply): void {
    if (reply.id === undefined) return;
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.error !== undefined) waiting?.reject(new Error(reply.error.message));
    else waiting?.resolve(reply.result);
  }
}

export interface FunctionTime {
  readonly name: string;
  readonly selfUs: number;
}

/**
 * Self time per function, longest first: samples counted, each worth the usual interval. workerd's isolates share a thread, so an
 * isolate is not sampled while another runs, and that gap is no time of its next sample.
 */
export function selfTimes(profile: CpuProfile): FunctionTime[] {
  const sampleUs = median(profile.timeDeltas);
  const nameOf = new Map(
    profile.nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => [
      id,
      `${functionName || '(anonymous)'}${url === '' ? '' : ` ${url.split('/').at(-1)}:${lineNumber + 1}`}`,
    ]),
  );
  const total = new Map<string, number>();
  for (const node of profile.samples) {
    const name = nameOf.get(node) ?? '(unknown)';
    total.set(name, (total.get(name) ?? 0) + sampleUs);
  }
  return [...total.entries()].map(([name, selfUs]) => ({ name, selfUs })).sort((a, b) => b.selfUs - a.selfUs);
}
