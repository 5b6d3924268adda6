// What the demo needs of a client: JSON over kept-open connections, and a loop that sends many requests at once.

import { Agent, request as httpRequest } from 'node:http';
import { request as httpsRequest, Agent as SecureAgent } from 'node:https';

const CONNECTIONS_MAX = 256;
const REQUEST_TIMEOUT_MS = 60_000;

/** The server did not answer at all. */
export class NoServerError extends Error {}

/** A client of one running server. Every status is a reply; only a missing reply throws. */
export class DemoClient {
  #url;
  #token = '';
  #agent;
  #send;

  constructor(url) {
    this.#url = new URL(url);
    const secure = this.#url.protocol === 'https:';
    this.#send = secure ? httpsRequest : httpRequest;
    this.#agent = new (secure ? SecureAgent : Agent)({ keepAlive: true, maxSockets: CONNECTIONS_MAX });
  }

  /** Fetches the token that all further requests carry. */
  async logIn({ clientId, clientSecret }) {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    });
    const reply = await this.#exchange(
      'POST',
      '/oauth/token',
      form.toString(),
      'application/x-www-form-urlencoded',
    );
    if (reply.status !== 200) {
      throw new Error(
        `The server does not accept the client ${clientId} (status ${reply.status}). ` +
          'Set SPILLWAY_CLIENT_ID and SPILLWAY_CLIENT_SECRET to the credentials that it was started with.',
      );
    }
    this.#token = reply.body.access_token;
  }

  get(path) {
    return this.#exchange('GET', path);
  }

  post(path, body) {
    return this.#exchange('POST', path, JSON.stringify(body), 'application/json');
  }

  close() {
    this.#agent.destroy();
  }

  #exchange(method, path, text, type) {
    const { promise, resolve, reject } = Promise.withResolvers();
    const headers = { authorization: `Bearer ${this.#token}` };
    if (text !== undefined) {
      headers['content-type'] = type;
      headers['content-length'] = Buffer.byteLength(text);
    }
    const outgoing = this.#send(
      new URL(path, this.#url),
      { method, headers, agent: this.#agent, timeout: REQUEST_TIMEOUT_MS },
      (incoming) => {
        const chunks = [];
        incoming.on('data', (chunk) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode, body: parsed(Buffer.concat(chunks)) }),
        );
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error('no reply in time')));
    outgoing.on('error', (error) => {
      reject(
        error.code === 'ECONNREFUSED' ? new NoServerError(`Nothing answers at ${this.#url.origin}.`) : error,
      );
    });
    outgoing.end(text);
    return promise;
  }
}

function parsed(bytes) {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return bytes.toString('utf8');
  }
}

/**
 * Runs tasks, so many at once. A task may return a further task, which is then run too: a payment follows the invoice that it pays.
 *
 * @returns latencies in milliseconds, refusals as text, and the seconds from the first request to the last reply.
 */
export async function runAll(tasks, concurrency, onProgress) {
  const waiting = [...tasks];
  const latenciesMs = [];
  const refusals = [];
  const startedAt = performance.now();
  let next = 0;
  const worker = async () => {
    while (next < waiting.length) {
      const task = waiting[next++];
      const sentAt = performance.now();
      const { reply, next: following } = await task();
      latenciesMs.push(performance.now() - sentAt);
      if (reply.status !== 200 || reply.body?.success !== true) {
        refusals.push(`${reply.status} ${JSON.stringify(reply.body)}`);
      } else if (following !== undefined) {
        waiting.push(following);
      }
      onProgress(latenciesMs.length, refusals.length);
    }
  };
  // A payment may be added when all other workers have already found nothing to do: look again until all is done.
  do await Promise.all(Array.from({ length: concurrency }, worker));
  while (next < waiting.length);
  return { latenciesMs, refusals, seconds: (performance.now() - startedAt) / 1000 };
}
