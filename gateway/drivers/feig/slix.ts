/**
 * What only NXP's ICODE SLI and SLIX tags have: EAS and passwords.
 *
 * EAS goes by the reader's own commands, or by the tag's, passed through. Passwords are always passed through: the order
 * of the bytes of random number and password in the reader's own commands is not public, that of the tag is.
 *
 * Source: FEIG ID ISC.PR101 system manual H60301-3e-ID-B, 8.3 (B1 04 A2, A3, A5) and 8.6 (BF); length in bits: SIMATIC
 * RF290R configuration manual C79000-G8976-C377-01, 9.1; NXP SL2S2002/SL2S2102 (SLIX) and SL2S2602 (SLIX2) data sheets.
 */
import { ADDRESSING, COMMAND, MANUFACTURER_NXP, NXP } from '#contract/codec/feig/codes.ts';
import { join, wordBytes } from '#contract/codec/feig/cursor.ts';
import { fromHex } from '#contract/hex.ts';
import { err, ok, type Result } from '#contract/result.ts';
import type { Ask, Asked } from '#gateway/drivers/feig/asking.ts';
import type { AccessFault } from '#gateway/drivers/tag-access.ts';

export interface Eas {
  /** `no-tag` also where EAS is off: the tag then keeps silent. */
  isOn(uid: string): Asked<boolean>;
  set(uid: string, isOn: boolean): Asked<unknown>;
}

/** By the reader's own commands. */
export function customEas(ask: Ask): Eas {
  const question = (code: number, uid: string) => ({
    command: COMMAND.isoCustom,
    body: join([MANUFACTURER_NXP, code, ADDRESSING.addressed], fromHex(uid) ?? []),
  });
  return {
    async isOn(uid) {
      const answer = await ask(question(NXP.easAlarm, uid), 'EAS alarm');
      return answer.ok ? ok(true) : answer;
    },
    set: (uid, isOn) => ask(question(isOn ? NXP.setEas : NXP.resetEas, uid), 'write EAS'),
  };
}

/** By the tag's commands, passed through. */
export function transparentEas(ask: Ask): Eas {
  return {
    async isOn(uid) {
      const answer = await pass(ask, { uid, code: NXP.easAlarm, mode: MODE.read, answerBytes: EAS_SEQUENCE_BYTES });
      return answer.ok ? ok(true) : answer;
    },
    set: (uid, isOn) => pass(ask, { uid, code: isOn ? NXP.setEas : NXP.resetEas, mode: MODE.write, answerBytes: 0 }),
  };
}

const PASSWORD_ID = { read: 0x01, write: 0x02, 'eas-afi': 0x10 } as const;
const PASSWORD_BYTES = 4;
const RANDOM_BYTES = 2;

/** Opens what the password protects, until the tag leaves the field. */
export async function presentPassword(
  ask: Ask,
  uid: string,
  { which, password }: { readonly which: keyof typeof PASSWORD_ID; readonly password: Uint8Array },
): Asked<void> {
  const random = await pass(ask, { uid, code: NXP.getRandomNumber, mode: MODE.read, answerBytes: RANDOM_BYTES });
  if (!random.ok) return random;
  // The tag takes the password mixed with its random number, both least significant byte first.
  const mixed = Array.from({ length: PASSWORD_BYTES }, (_, at) => {
    return (password[at] ?? 0) ^ (random.value[at % RANDOM_BYTES] ?? 0);
  });
  const rest = [PASSWORD_ID[which], ...mixed];
  const set = await pass(ask, { uid, code: NXP.setPassword, mode: MODE.write, answerBytes: 0, rest });
  if (set.ok) return ok(undefined);
  // A wrong password is answered by silence or by an error without a meaning; a tag that is gone, by silence too.
  const isRefused = set.error.code === 'read-failed' || set.error.code === 'write-failed';
  return isRefused ? err({ code: 'wrong-password', detail: set.error.detail }) : set;
}

/** How long the reader waits for the tag: as for a read, or as for a write. */
const MODE = { read: 0x01, write: 0x02 } as const;
/** ISO 15693 request flags: high data rate, addressed. */
const REQUEST_FLAGS = 0x22;
const ERROR_FLAG = 0x01;
const CRC_BYTES = 2;
const EAS_SEQUENCE_BYTES = 32;

interface Passed {
  readonly uid: string;
  readonly code: number;
  readonly mode: number;
  /** Between the tag's flags and its checksum. */
  readonly answerBytes: number;
  readonly rest?: readonly number[];
}

/** A command of the tag itself; gives what stands between its flags and its checksum. */
async function pass(ask: Ask, { uid, code, mode, answerBytes, rest = [] }: Passed): Asked<Uint8Array> {
  const answerBits = 8 * (1 + answerBytes + CRC_BYTES);
  const request = join([REQUEST_FLAGS, code, MANUFACTURER_NXP], onAir(uid), rest);
  const body = join([mode], wordBytes(answerBits), wordBytes(0), request);
  const answer = await ask({ command: COMMAND.transparent, body }, `tag command ${code.toString(16).toUpperCase()}`);
  return answer.ok ? tagData(answer.value.data, answerBytes) : answer;
}

function tagData(data: Uint8Array, answerBytes: number): Result<Uint8Array, AccessFault> {
  const [flags, ...rest] = data;
  if (flags === undefined) return err({ code: 'no-tag', detail: 'the tag did not answer' });
  if ((flags & ERROR_FLAG) !== 0) return err({ code: 'read-failed', detail: `tag error ${rest[0] ?? 0}` });
  if (rest.length < answerBytes) return err({ code: 'read-failed', detail: 'the answer of the tag is too short' });
  return ok(Uint8Array.from(rest.slice(0, answerBytes)));
}

/** A UID as it goes over the air: least significant byte first. */
function onAir(uid: string): Uint8Array {
  return (fromHex(uid) ?? new Uint8Array(0)).reverse();
}
