import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';

const projectRoot = join(import.meta.dirname, '../..');

export interface ServerProcess {
  url: string;
  /** What it has printed so far, both streams. */
  output(): string;
  /** SIGTERM by default; resolves with the exit code, null after a SIGKILL. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface ServerProcessOptions {
  port: number;
  persistTo: string;
  env?: Record<string, string>;
}

/**
 * A port that was free a moment ago and that the system gives to nobody who asks for any port: it lies below the
 * range of those.
 */
export function freePort(): Promise<number> {
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(freePort()) : reject(error),
    );
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(port)));
  });
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', (code) => resolve(code)));
}

/**
 * Runs `npm start` in a process of its own and resolves when it says that it is ready.
 * Rejects with all that it printed when it ends before that.
 */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const child = spawn(
    'npm',
    ['start', '--silent', '--', '--port', String(options.port), '--persist-to', options.persistTo],
    { cwd: projectRoot, env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const exit = exitOf(child);
  let output = '';
  const ready = new Promise<void>((resolve) => {
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Stop with Ctrl+C.')) resolve();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
  });
  const ended = exit.then((code) => {
    throw new Error(`npm start ended with ${code}:\n${output}`);
  });
  await Promise.race([ready, ended]);
  ended.catch(() => {});
  return {
    url: `http://127.0.0.1:${options.port}`,
    output: () => output,
    stop(signal = 'SIGTERM') {
      child.kill(signal);
      return exit;
    },
  };
}
