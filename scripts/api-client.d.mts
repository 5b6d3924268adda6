export interface ScriptReply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: JSON of any operation; scripts and tests read what they expect
  readonly body: any;
}

export interface ScriptClient {
  get(path: string, headers?: Record<string, string>): Promise<ScriptReply>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<ScriptReply>;
  put(path: string, body: unknown, headers?: Record<string, string>): Promise<ScriptReply>;
  delete(path: string, headers?: Record<string, string>): Promise<ScriptReply>;
}

export function createApiClient(options: {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}): ScriptClient;
