export const LOCAL_CLIENT_ID: string;
export const LOCAL_CLIENT_SECRET: string;

export class PortTakenError extends Error {
  readonly port: number;
}

export interface LocalServerOptions {
  /** Missing or 0: a free one. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Directory of the state, in wrangler's own layout; missing: a temporary one, removed by dispose(). */
  persistTo?: string;
  /** Default: SPILLWAY_CLIENT_ID and SPILLWAY_CLIENT_SECRET, then the local-only default. */
  clientId?: string;
  clientSecret?: string;
  /** Who signs in to the web pages. Default: SPILLWAY_ADMIN_EMAIL and SPILLWAY_ADMIN_PASSWORD, then the local-only default. */
  adminEmail?: string;
  adminPassword?: string;
  /** Milliseconds added to every D1 call, as in production, where D1 is elsewhere. */
  latencyMsPerD1Call?: number;
  /** More variables of the Worker: its limits by name (src/env.ts). */
  vars?: Record<string, string>;
  /** What is served, relative to the project; default src/worker.ts. Must export the classes that wrangler.toml binds. */
  entryPoint?: string;
  /** Sees every line that the Worker logs, also those that are not printed. */
  onLog?: (line: string) => void;
  /** Where a debugger or profiler may attach; missing: nowhere. */
  inspectorPort?: number;
  /** Default true: only warnings and errors are printed. */
  quiet?: boolean;
}

export interface LocalServer {
  readonly url: string;
  readonly port: number;
  /** Settles when the sweep of the start, which picks up what an earlier run left, has ended; never rejects. */
  readonly ready: Promise<void>;
  /** Runs the sweep now; rejects when it fails. */
  scheduled(): Promise<void>;
  dispose(): Promise<void>;
}

export function startLocalServer(options?: LocalServerOptions): Promise<LocalServer>;

export function localAdmin(options?: Pick<LocalServerOptions, 'adminEmail' | 'adminPassword'>): {
  adminEmail: string;
  adminPassword: string;
};

export function localCredentials(options?: Pick<LocalServerOptions, 'clientId' | 'clientSecret'>): {
  clientId: string;
  clientSecret: string;
};
