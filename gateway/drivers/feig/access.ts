/**
 * The tags at a FEIG reader in host mode, one at a time.
 *
 * Source: FEIG ID ISC.PR101 system manual H60301-3e-ID-B, 6.1 (ISO host commands), 8.3 (EAS of NXP's tags).
 */
import { ADDRESSING, COMMAND, ISO, STATUS, TR_TYPE } from '#contract/codec/feig/codes.ts';
import { join } from '#contract/codec/feig/cursor.ts';
import {
  readAntennaInventory,
  readBlocks,
  readInventory,
  readSystemInformation,
  type SystemInformation,
} from '#contract/codec/feig/host-answers.ts';
import { fromHex } from '#contract/hex.ts';
import { err, ok } from '#contract/result.ts';
import { asking, type Ask, type Asked } from '#gateway/drivers/feig/asking.ts';
import type { BlockOrder } from '#gateway/drivers/feig/block-order.ts';
import type { FeigLine, FeigQuestion } from '#gateway/drivers/feig/line.ts';
import { customEas, presentPassword, transparentEas } from '#gateway/drivers/feig/slix.ts';
import type { FeigSettings } from '#gateway/drivers/feig/settings.ts';
import type { AccessFault, HfTagAccess, HfTagSeen } from '#gateway/drivers/tag-access.ts';

/** Rounds of "more data" that one inventory may take; each gives at least one tag. */
const MORE_MAX = 64;
const MODE_MORE = 0x80;
const MODE_ANTENNA = 0x10;
const MODE_SECURITY = 0x08;
/** The readers take and give at most so many bytes of blocks at once. */
const BLOCKS_BYTES_MAX = 128;
const BLOCK_BYTES = 4;

export interface FeigAccessOptions {
  readonly line: FeigLine;
  readonly settings: Pick<FeigSettings, 'rfReset' | 'eas'>;
  readonly order: BlockOrder;
  /** The only antenna to ask; absent: the reader decides. */
  readonly antenna?: number | undefined;
}

export type FeigAccess = HfTagAccess & Required<Pick<HfTagAccess, 'presentPassword'>>;

export function feigAccess({ line, settings, order, antenna }: FeigAccessOptions): FeigAccess {
  const ask = asking(line);
  const iso = (code: number, uid: string, rest: readonly number[] | Uint8Array, mode = 0): FeigQuestion => ({
    command: COMMAND.isoHost,
    body: join([code, mode | ADDRESSING.addressed], uidBytes(uid), rest),
  });
  const done = async (asked: Asked<unknown>): Asked<void> => {
    const result = await asked;
    return result.ok ? ok(undefined) : result;
  };
  async function information(uid: string): Asked<SystemInformation> {
    const answer = await ask(iso(ISO.systemInformation, uid, []), 'read system information');
    if (!answer.ok) return answer;
    const read = readSystemInformation(answer.value.data);
    return read === undefined ? err(odd('system information')) : ok(read);
  }
  const eas = settings.eas === 'custom' ? customEas(ask) : transparentEas(ask);

  return {
    kind: 'hf',
    async inventory() {
      if (settings.rfReset) {
        const reset = await ask({ command: COMMAND.rfReset, body: new Uint8Array(0) }, 'RF reset');
        if (!reset.ok) return reset;
      }
      return inventory(ask, antenna);
    },
    async readBlocks({ uid, firstBlock, blockCount }) {
      const question = iso(ISO.readBlocks, uid, [firstBlock, blockCount], MODE_SECURITY);
      const answer = await ask(question, 'read blocks');
      if (!answer.ok) return answer;
      const blocks = readBlocks(answer.value.data);
      const blockBytes = blocks?.[0]?.data.length;
      if (blocks?.length !== blockCount || blockBytes === undefined) return err(odd('blocks'));
      const onLine = join(...blocks.map(({ data }) => data));
      if (firstBlock === 0) order.learn(uid, onLine, blockBytes);
      return ok({
        data: order.turn(onLine, blockBytes),
        blockBytes,
        locked: blocks.map(({ security }) => (security & 1) === 1),
      });
    },
    async writeBlocks({ uid, firstBlock, data }) {
      const blocksMax = BLOCKS_BYTES_MAX / BLOCK_BYTES;
      for (let at = 0; at < data.length; at += BLOCKS_BYTES_MAX) {
        const part = data.subarray(at, at + BLOCKS_BYTES_MAX);
        const head = [firstBlock + (at / BLOCKS_BYTES_MAX) * blocksMax, part.length / BLOCK_BYTES, BLOCK_BYTES];
        const question = iso(ISO.writeBlocks, uid, join(head, order.turn(part, BLOCK_BYTES)));
        const answer = await ask(question, 'write blocks');
        if (!answer.ok) return answer;
      }
      return ok(undefined);
    },
    async readAfi(uid) {
      const read = await information(uid);
      return read.ok ? ok(read.value.afi) : read;
    },
    writeAfi: (uid, afi) => done(ask(iso(ISO.writeAfi, uid, [afi]), 'write AFI')),
    writeDsfid: (uid, dsfid) => done(ask(iso(ISO.writeDsfid, uid, [dsfid]), 'write DSFID')),
    async systemInformation(uid) {
      const read = await information(uid);
      if (!read.ok) return read;
      const { blockBytesLess1, blocksLess1, afi, dsfid } = read.value;
      // The upper three bits of the block size are for future use.
      return ok({ blockBytes: (blockBytesLess1 & 0x1f) + 1, blockCount: blocksLess1 + 1, afi, dsfid });
    },
    async isEasOn(uid) {
      const isOn = await eas.isOn(uid);
      // A tag whose EAS is off does not answer, like one that is gone: only another question can tell.
      if (isOn.ok || isOn.error.code !== 'no-tag') return isOn;
      const present = await information(uid);
      return present.ok ? ok(false) : present;
    },
    setEas: (uid, isOn) => done(eas.set(uid, isOn)),
    presentPassword: (uid, which, password) => presentPassword(ask, uid, { which, password }),
  };
}

/** Answered with success, in a form that no manual has. */
function odd(what: string): AccessFault {
  return { code: 'read-failed', detail: `${what} in an unknown form` };
}

async function inventory(ask: Ask, antenna: number | undefined): Asked<readonly HfTagSeen[]> {
  const flags = antenna === undefined ? 0 : MODE_ANTENNA;
  const select = antenna === undefined ? [] : [1 << (antenna - 1)];
  const seen = new Map<string, HfTagSeen>();
  for (let round = 0; round < MORE_MAX; round += 1) {
    const mode = flags | (round === 0 ? 0 : MODE_MORE);
    const question = { command: COMMAND.isoHost, body: Uint8Array.of(ISO.inventory, mode, ...select) };
    const answer = await ask(question, 'inventory');
    if (!answer.ok) return answer.error.code === 'no-tag' ? ok([...seen.values()]) : answer;
    const { status, data } = answer.value;
    const tags = data.length === 0 ? [] : antenna === undefined ? readInventory(data) : readAntennaInventory(data);
    if (tags === undefined) return err(odd('inventory'));
    for (const { trType, id, dsfid } of tags) {
      if (trType === TR_TYPE.iso15693) seen.set(id, { uid: id, dsfid });
    }
    if (status !== STATUS.moreData || tags.length === 0) break;
  }
  return ok([...seen.values()]);
}

function uidBytes(uid: string): Uint8Array {
  return fromHex(uid) ?? new Uint8Array(0);
}
