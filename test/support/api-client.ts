import { randomUUID } from 'node:crypto';
import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

export type ApiReply<Body = unknown> = {
  status: number;
  headers: IncomingHttpHeaders;
  /** Parsed JSON; the text as it came when it is no JSON; null when there was none. */
  body: Body;
  /** The body as it came. */
  text: string;
};

export type ApiHeaders = Record<string, string>;

export type ApiClientOptions = {
  baseUrl: string;
  clientId: string;
  clientSecret: string;
  /** Sent with every request, below what a call passes itself. */
  headers?: ApiHeaders;
  /** Sends a fresh Idempotency-Key with every POST and PATCH that names none. Default false. */
  idempotencyKeys?: boolean;
  /** Connections kept open to the server at most; further requests wait for one. Default 256. */
  connectionsMax?: number;
  /** A request without a reply fails after this time. Default 120,000, the documented timeout. */
  requestTimeoutMs?: number;
};

/** A request that got no reply: refused or broken connection, or timeout. Whether it had an effect is unknown. */
export class ApiConnectionError extends Error {
  constructor(method: string, path: string, cause: unknown) {
    super(`${method} ${path} got no reply`, { cause });
    this.name = 'ApiConnectionError';
  }
}

/**
 * A plain client of the REST API over node:http, which serves hundreds of concurrent requests faster than fetch. It
 * fetches a token on first use, keeps connections open, and returns every status as a reply: it never throws on an
 * error status and never retries a refused request.
 */
export class ApiClient {
  readonly baseUrl: URL;
  readonly #options: ApiClientOptions;
  readonly #agent: HttpAgent;
  readonly #send: typeof httpRequest;
  #token: Promise<string> | undefined;

  constructor(options: ApiClientOptions) {
    this.baseUrl = new URL(options.baseUrl);
    this.#options = options;
    const secure = this.baseUrl.protocol === 'https:';
    this.#send = secure ? httpsRequest : httpRequest;
    const pool = { keepAlive: true, maxSockets: options.connectionsMax ?? 256, scheduling: 'lifo' } as const;
    this.#agent = secure ? new HttpsAgent(pool) : new HttpAgent(pool);
  }

  get<Body = unknown>(path: string, headers?: ApiHeaders): Promise<ApiReply<Body>> {
    return this.call('GET', path, undefined, headers);
  }

  post<Body = unknown>(path: string, body?: unknown, headers?: ApiHeaders): Promise<ApiReply<Body>> {
    return this.call('POST', path, body, headers);
  }

  put<Body = unknown>(path: string, body?: unknown, headers?: ApiHeaders): Promise<ApiReply<Body>> {
    return this.call('PUT', path, body, headers);
  }

  delete<Body = unknown>(path: string, headers?: ApiHeaders): Promise<ApiReply<Body>> {
    return this.call('DELETE', path, undefined, headers);
  }

  /**
   * Sends a request with a token.
   *
   * @param path from the server's root, or a full URL (as `nextPage` is), of which path and query are used.
   * @param body sent as JSON; a string is sent as it is, so that broken JSON can be sent too.
   * @throws ApiConnectionError when no reply came.
   */
  async call<Body = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers: ApiHeaders = {},
  ): Promise<ApiReply<Body>> {
    const token = await this.token();
    const sent: ApiHeaders = { authorization: `Bearer ${token}`, ...this.#options.headers };
    if (body !== undefined) sent['content-type'] = 'application/json';
    if (this.#options.idempotencyKeys && (method === 'POST' || method === 'PATCH')) {
      sent['idempotency-key'] = randomUUID();
    }
    for (const [name, value] of Object.entries(headers)) sent[name.toLowerCase()] = value;
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    return this.exchange<Body>(method, path, text, sent);
  }

  /** The access token, fetched once. Throws when the server refuses the credentials. */
  token(): Promise<string> {
    this.#token ??= this.#fetchToken();
    return this.#token;
  }

  /**
   * Sends exactly this, without a token. A request that meets a kept-open connection which the server has just closed
   * is sent once more when repeating it is safe: a GET, or one with an Idempotency-Key.
   */
  async exchange<Body = unknown>(
    method: string,
    path: string,
    text: string | undefined,
    headers: ApiHeaders,
  ): Promise<ApiReply<Body>> {
    const repeatable = method === 'GET' || 'idempotency-key' in headers;
    try {
      return await this.#exchangeOnce<Body>(method, path, text, headers);
    } catch (error) {
      if (!(error instanceof StaleConnection && repeatable))
        throw new ApiConnectionError(method, path, error);
    }
    try {
      return await this.#exchangeOnce<Body>(method, path, text, headers);
    } catch (error) {
      throw new ApiConnectionError(method, path, error);
    }
  }

  /** Closes the connections that are kept open. */
  close(): void {
    this.#agent.destroy();
  }

  async #fetchToken(): Promise<string> {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: this.#options.clientId,
      client_secret: this.#options.clientSecret,
    });
    const reply = await this.exchange<{ access_token?: string }>('POST', '/oauth/token', form.toString(), {
      'content-type': 'application/x-www-form-urlencoded',
    });
    const token = reply.body?.access_token;
    if (reply.status !== 200 || typeof token !== 'string') {
      throw new Error(`No token: status ${reply.status}, ${JSON.stringify(reply.body)}`);
    }
    return token;
  }

  #exchangeOnce<Body>(
    method: string,
    path: string,
    text: string | undefined,
    headers: ApiHeaders,
  ): Promise<ApiReply<Body>> {
    const url = new URL(path, this.baseUrl);
    const { promise, resolve, reject } = Promise.withResolvers<ApiReply<Body>>();
    const outgoing = this.#send({
      agent: this.#agent,
      protocol: this.baseUrl.protocol,
      hostname: this.baseUrl.hostname,
      port: this.baseUrl.port,
      method,
      path: url.pathname + url.search,
      headers: text === undefined ? headers : { ...headers, 'content-length': Buffer.byteLength(text) },
      timeout: this.#options.requestTimeoutMs ?? 120_000,
    });
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const received = Buffer.concat(chunks).toString('utf8');
        const body = parseBody(received) as Body;
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body, text: received });
      });
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('timeout')));
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      const stale = outgoing.reusedSocket && error.code === 'ECONNRESET';
      reject(stale ? new StaleConnection() : error);
    });
    outgoing.end(text);
    return promise;
  }
}

/** A kept-open connection was closed by the server before it answered. */
class StaleConnection extends Error {}

function parseBody(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
