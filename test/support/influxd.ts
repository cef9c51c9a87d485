/** A real InfluxDB 1.x for tests, on free loopback ports with a folder of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface Influxd {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
  /** `kill -9`; the folder stays. */
  kill(): Promise<void>;
  /** Starts it again on the same port and folder; `fresh` forgets everything it held. */
  restart(options?: { readonly fresh?: boolean }): Promise<void>;
}

const BINARY = '/usr/bin/influxd';
const HOST = '127.0.0.1';
const START_TIMEOUT_MS = 20_000;
const POLL_MS = 50;

/** Fails loudly when the server is not installed: a test that skips itself proves nothing. */
export async function startInfluxd({ isAuthEnabled = false } = {}): Promise<Influxd> {
  if (!existsSync(BINARY))
    throw new Error(`${BINARY} is missing: install the package influxdb (Debian), then run again`);
  const folder = await mkdtemp(join(tmpdir(), 'shelfwise-influxd-'));
  const [port, rpcPort] = await freePorts();
  const url = `http://${HOST}:${port}`;
  await writeFile(join(folder, 'influxd.conf'), configuration(folder, port, rpcPort));

  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const env = { ...process.env, INFLUXDB_HTTP_AUTH_ENABLED: String(isAuthEnabled) };
    const started = spawn(BINARY, ['-config', join(folder, 'influxd.conf')], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child = started;
    let output = '';
    started.stderr.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4000);
    });
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await answers(url))) {
      if (started.exitCode !== null || Date.now() > deadline) {
        started.kill('SIGKILL');
        throw new Error(`influxd did not start: ${output}`);
      }
      await delay(POLL_MS);
    }
  };
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    const running = child;
    if (running?.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise((resolve) => running.once('close', resolve));
    running.kill(signal);
    await ended;
  };

  await start();
  return {
    url,
    host: HOST,
    port,
    // Nothing of it is kept, so there is nothing to wait for.
    async stop() {
      await end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
    kill: () => end('SIGKILL'),
    async restart({ fresh = false } = {}) {
      await end('SIGKILL');
      if (fresh)
        for (const part of ['meta', 'data', 'wal']) await rm(join(folder, part), { recursive: true, force: true });
      await start();
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/ping`)).ok;
  } catch {
    return false;
  }
}

/** Both are held while they are asked for, so that they differ. */
async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()];
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, HOST, () => {
            const address = server.address();
            resolve(typeof address === 'object' && address !== null ? address.port : 0);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return [ports[0] ?? 0, ports[1] ?? 0];
}

function configuration(folder: string, port: number, rpcPort: number): string {
  return `
reporting-disabled = true
bind-address = "${HOST}:${rpcPort}"
[meta]
  dir = "${join(folder, 'meta')}"
  logging-enabled = false
[data]
  dir = "${join(folder, 'data')}"
  wal-dir = "${join(folder, 'wal')}"
  index-version = "tsi1"
  query-log-enabled = false
[monitor]
  store-enabled = false
[http]
  bind-address = "${HOST}:${port}"
  log-enabled = false
[ifql]
  enabled = false
[continuous_queries]
  log-enabled = false
[logging]
  level = "error"
`;
}
