/** The built command line as a child process: what an operator runs. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const BUNDLE = resolve('dist/shelfwise.js');
const START_TIMEOUT_MS = 60_000;

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningShelfwise {
  readonly child: ChildProcess;
  /** Everything it has written to standard output so far. */
  output(): string;
  /** Sends the signal and waits for the end; gives the exit status, `null` after a kill. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
  residentBytes(): number;
}

/** A test against a bundle of yesterday proves nothing about today, so it fails and says what to do. */
export function checkBundle(): void {
  const stamp = resolve('dist/.built');
  if (!existsSync(BUNDLE) || !existsSync(stamp)) throw new Error('dist/ is missing: run "npm run build" first');
  const { sources } = JSON.parse(readFileSync(`${BUNDLE}.map`, 'utf8')) as { sources: string[] };
  const builtMs = statSync(stamp).mtimeMs;
  const newer = sources
    .map((source) => join('dist', source))
    .find((source) => !existsSync(source) || statSync(source).mtimeMs > builtMs);
  if (newer !== undefined) throw new Error(`dist/ is older than ${newer}: run "npm run build" first`);
}

function start(typed: readonly string[], { env = {}, cwd }: RunOptions): ChildProcess {
  return spawn(process.execPath, [BUNDLE, ...typed], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs a command to its end. */
export async function runShelfwise(typed: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const child = start(typed, options);
  const written = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (written.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (written.stderr += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, ...written };
}

/** Starts a role and waits for the line that says it is there. Errors: with its output, when it ends or says nothing. */
export async function startShelfwise(
  typed: readonly string[],
  { ready, ...options }: RunOptions & { readonly ready: RegExp },
): Promise<RunningShelfwise> {
  const child = start(typed, options);
  let stdout = '';
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-4000)));
  await new Promise<void>((settle, reject) => {
    const fail = (why: string): void => {
      child.kill('SIGKILL');
      reject(new Error(`shelfwise ${typed.join(' ')} ${why}\n${stdout}\n${stderr}`));
    };
    const timer = setTimeout(() => {
      fail('did not start in time');
    }, START_TIMEOUT_MS);
    child.once('exit', () => {
      clearTimeout(timer);
      fail('ended instead of starting');
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      if (!ready.test(stdout)) return;
      clearTimeout(timer);
      settle();
    });
  });
  return {
    child,
    output: () => stdout,
    async stop(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const ended = once(child, 'exit');
      child.kill(signal);
      const [status] = (await ended) as [number | null];
      return status;
    },
    residentBytes: () => {
      const status = readFileSync(`/proc/${String(child.pid)}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
    },
  };
}
