import type { TestProject } from 'vitest/node';
import { localCredentials, startLocalServer } from '../../scripts/local-server.mjs';

/** Where the server under test is, and who may talk to it: `inject('server')`. */
export interface ServerUnderTest {
  url: string;
  clientId: string;
  clientSecret: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    server: ServerUnderTest;
  }
}

/** One server with an empty database of its own for all files of the project. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const credentials = localCredentials();
  const server = await startLocalServer({
    port: 0,
    ...credentials,
    // For whoever wants to be told of a job's end by a test.
    vars: { NOTIFY_LOOPBACK: 'on' },
  });
  project.provide('server', { url: server.url, ...credentials });
  return () => server.dispose();
}
