/** Decides whether a CONNECT is from the device it names. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { RefusalCode } from '#broker/refusals.ts';
import { parseDeviceUsername } from '#contract/domain/ids.ts';
import { err, ok, type Result } from '#contract/result.ts';
import type { DeviceDirectory } from './device-directory.ts';
import type { FailureLimiter } from './failure-limiter.ts';
import { createPrincipal, type Principal } from './principal.ts';
import { mayLeaveWill, type Published } from './rights.ts';

/** MQTT 3.1.1, table 3.1. */
export const CONNACK = { identifierRejected: 2, unavailable: 3, badNameOrPassword: 4, notAuthorised: 5 } as const;
export type ConnackCode = (typeof CONNACK)[keyof typeof CONNACK];

export interface SignInRequest {
  readonly address: string;
  readonly clientId: string;
  readonly username: string | undefined;
  readonly password: Uint8Array | undefined;
  readonly will: Published | undefined;
}

export interface SignInRefusal {
  readonly connack: ConnackCode;
  readonly code: RefusalCode;
}

/** What a name that nobody has is compared with, so that it costs what a known one costs. Nothing has this hash. */
const NOBODY = new Uint8Array(32);
const NO_PASSWORD = new Uint8Array(0);

const refuse = (connack: ConnackCode, code: RefusalCode): Result<never, SignInRefusal> => err({ connack, code });

export function createSignIn(
  directory: DeviceDirectory,
  limiter: FailureLimiter,
): (request: SignInRequest) => Result<Principal, SignInRefusal> {
  return (request) => {
    const username = request.username ?? '';
    if (limiter.isLocked(request.address, username)) return refuse(CONNACK.badNameOrPassword, 'sign-in-locked');

    const name = parseDeviceUsername(username);
    // An impossible name is looked up as well: the time taken tells nothing about which names exist.
    const found = directory.ask((registry) => registry.device(name?.library ?? '-', name?.device ?? '-'));
    if (found === undefined) return refuse(CONNACK.unavailable, 'registry-unavailable');

    const row = found.answer;
    const given = createHash('sha256')
      .update(request.password ?? NO_PASSWORD)
      .digest();
    const expected = row === undefined ? NOBODY : sha256Bytes(row.secretSha256);
    const isRight = timingSafeEqual(given, expected);
    if (row === undefined || !isRight) {
      limiter.addFailure(request.address, username);
      return refuse(CONNACK.badNameOrPassword, row === undefined ? 'name-unknown' : 'secret-wrong');
    }
    if (!row.isEnabled) return refuse(CONNACK.notAuthorised, 'device-disabled');
    if (request.clientId !== username) return refuse(CONNACK.identifierRejected, 'client-id-refused');
    const principal = createPrincipal(row, request.address);
    if (request.will !== undefined && !mayLeaveWill(principal, request.will)) {
      return refuse(CONNACK.notAuthorised, 'will-refused');
    }
    return ok(principal);
  };
}

function sha256Bytes(hex: string): Uint8Array {
  const bytes = new Uint8Array(32);
  if (!/^[0-9a-fA-F]{64}$/.test(hex)) return bytes;
  for (let i = 0; i < 32; i += 1) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
