/**
 * How the command line administers a data folder: through the socket of the running dashboard, since that is the one writer
 * of the registry; or, when none runs, by opening the registry itself.
 */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Clock } from '#contract/clock.ts';
import { AppError, type ErrorCode, ERRORS } from '#contract/errors.ts';
import type { Problem } from '#contract/wire/rest.ts';
import { systemClock } from '#store/observe/system-clock.ts';
import { openRegistryWriter } from '#store/registry/registry-writer.ts';
import { carryOut, type LocalAnswer, type LocalCommand } from './local-command.ts';

/** `sun_path` of Linux has 108 bytes, of macOS 104, the ending zero included. */
const SOCKET_PATH_BYTES_MAX = 103;
const TIMEOUT_MS = 10_000;

/** In the data folder; where that name is too long for a socket, under the folder for temporary files. */
export function localSocketPath(folder: string): string {
  const path = join(resolve(folder), 'admin.sock');
  if (new TextEncoder().encode(path).length <= SOCKET_PATH_BYTES_MAX) return path;
  const digest = createHash('sha256').update(path).digest('hex').slice(0, 24);
  return join(tmpdir(), `shelfwise-${digest}.sock`);
}

export const localAdmin = {
  /** Errors: those of the command, or `STO_UNAVAILABLE` when something else holds the registry. */
  async call(folder: string, command: LocalCommand, clock: Clock = systemClock): Promise<LocalAnswer> {
    const answer = await askRunning(localSocketPath(folder), command);
    if (answer !== undefined) return answer;
    const registry = openRegistryWriter(join(folder, 'registry.db'));
    try {
      return await carryOut(command, { registry, clock });
    } finally {
      registry.close();
    }
  },
};

/** `undefined` when nobody listens there. */
async function askRunning(socketPath: string, command: LocalCommand): Promise<LocalAnswer | undefined> {
  if (!(await isOurs(socketPath))) return undefined;
  const reply = await post(socketPath, JSON.stringify(command));
  if (reply === undefined) return undefined;
  const body = JSON.parse(reply.text) as LocalAnswer;
  if (reply.status === 200) return body;
  const problem = body as Partial<Problem>;
  const code: ErrorCode =
    problem.code !== undefined && problem.code in ERRORS ? (problem.code as ErrorCode) : 'API_INTERNAL';
  const fields = (problem.errors ?? []).map(({ path, message }) => `${path}: ${message}`);
  throw new AppError(code, [problem.detail ?? problem.title ?? 'The dashboard refused.', ...fields].join(' '));
}

/** A name under the folder for temporary files can be guessed: a socket of somebody else is not spoken to. */
async function isOurs(socketPath: string): Promise<boolean> {
  try {
    const { uid } = await stat(socketPath);
    const ourUid = process.getuid?.() ?? uid;
    return uid === ourUid || ourUid === 0;
  } catch {
    return false;
  }
}

function post(
  socketPath: string,
  body: string,
): Promise<{ readonly status: number; readonly text: string } | undefined> {
  return new Promise((settle, reject) => {
    const headers = { 'content-type': 'application/json', connection: 'close' };
    const call = request({ socketPath, path: '/', method: 'POST', headers, timeout: TIMEOUT_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => (text += piece));
      response.on('end', () => {
        settle({ status: response.statusCode ?? 500, text });
      });
      response.on('error', reject);
    });
    call.on('timeout', () => {
      call.destroy(new AppError('STO_UNAVAILABLE', 'The dashboard does not answer on its local socket.'));
    });
    call.on('error', (error: NodeJS.ErrnoException) => {
      // No socket, or one left behind by a process that died: nobody is there.
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') settle(undefined);
      else reject(error);
    });
    call.end(body);
  });
}
