/** The tags on a 3M reader, one at a time. Source: 3M RFID Reader Protocol Specification 1.0, command descriptions. */
import type { ThreemAnswer } from '#contract/codec/threem/answer.ts';
import { BLOCK_BYTES } from '#contract/codec/threem/bytes.ts';
import { COMMAND, ERROR, INVENTORY_OPTION } from '#contract/codec/threem/codes.ts';
import type { ThreemCommand } from '#contract/codec/threem/command.ts';
import { err, ok, type Result } from '#contract/result.ts';
import type { AskLine } from '#gateway/drivers/ask-line.ts';
import type { AccessFault, HfTagAccess } from '#gateway/drivers/tag-access.ts';

export type ThreemLine = AskLine<ThreemCommand, ThreemAnswer>;

/** What a refusal means for the one who asked. */
const FAULT: Readonly<Record<number, AccessFault['code']>> = {
  [ERROR.noTransponder]: 'no-tag',
  [ERROR.memoryNotAvailable]: 'no-such-block',
  [ERROR.memoryLocked]: 'locked',
  [ERROR.readFailed]: 'read-failed',
  [ERROR.writeFailed]: 'write-failed',
  [ERROR.notImplemented]: 'not-supported',
  [ERROR.notSupported]: 'not-supported',
  [ERROR.optionNotSupported]: 'not-supported',
};

/** `afi` 0 asks for all tags. */
export function threemAccess(line: ThreemLine, afi: number): HfTagAccess {
  /** One question about the tag `uid`, where the command is about one. */
  async function ask<Kind extends ThreemCommand['kind'] & ThreemAnswer['kind']>(
    command: ThreemCommand & { kind: Kind },
  ): Promise<Result<ThreemAnswer & { kind: Kind }, AccessFault>> {
    const code = COMMAND_CODE[command.kind];
    const uid = 'uid' in command ? command.uid : undefined;
    const answer = await line.ask(
      command,
      (candidate) =>
        (candidate.kind === command.kind && (uid === undefined || !('uid' in candidate) || candidate.uid === uid)) ||
        (candidate.kind === 'failed' && candidate.command === code),
    );
    if (answer === undefined) return err({ code: 'unanswered', detail: `no answer to ${command.kind}` });
    if (answer.kind === 'failed') {
      const reason = FAULT[answer.error] ?? (command.kind.startsWith('write') ? 'write-failed' : 'read-failed');
      return err({ code: reason, detail: `${command.kind}: error ${answer.error}` });
    }
    return ok(answer as ThreemAnswer & { kind: Kind });
  }
  const nothing = (result: Result<unknown, AccessFault>): Result<void, AccessFault> =>
    result.ok ? ok(undefined) : result;

  return {
    kind: 'hf',
    async inventory() {
      const answer = await ask({ kind: 'inventory', afi, options: INVENTORY_OPTION.default });
      if (!answer.ok) return answer.error.code === 'no-tag' ? ok([]) : answer;
      return ok(answer.value.tags.flatMap(({ uid, dsfid }) => (uid === undefined ? [] : [{ uid, dsfid }])));
    },
    async readBlocks({ uid, firstBlock, blockCount }) {
      const answer = await ask({ kind: 'read-blocks', uid, firstBlock, blockCount });
      if (!answer.ok) return answer;
      const { blocks } = answer.value;
      return ok({
        data: Uint8Array.from(blocks.flatMap(({ data }) => [...data])),
        blockBytes: BLOCK_BYTES,
        locked: blocks.map(({ lock }) => (lock & 1) === 1),
      });
    },
    writeBlocks: async ({ uid, firstBlock, data }) =>
      nothing(await ask({ kind: 'write-blocks', uid, firstBlock, data })),
    async readAfi(uid) {
      const answer = await ask({ kind: 'get-afi', uid });
      return answer.ok ? ok(answer.value.afi) : answer;
    },
    writeAfi: async (uid, value) => nothing(await ask({ kind: 'write-afi', uid, afi: value })),
    async isEasOn(uid) {
      const answer = await ask({ kind: 'check-eas', uid });
      if (answer.ok) return ok(answer.value.on);
      // The reader says "no transponder" where EAS is off: only another question can tell whether the tag is there.
      if (answer.error.code !== 'no-tag') return answer;
      const present = await ask({ kind: 'get-afi', uid });
      return present.ok ? ok(false) : present;
    },
    setEas: async (uid, on) => nothing(await ask({ kind: 'control-eas', uid, on })),
  };
}

/** Which command a refusal belongs to. */
const COMMAND_CODE: Readonly<Partial<Record<ThreemCommand['kind'], number>>> = {
  inventory: COMMAND.inventory,
  'read-blocks': COMMAND.readBlocks,
  'write-blocks': COMMAND.writeBlocks,
  'get-afi': COMMAND.getAfi,
  'write-afi': COMMAND.writeAfi,
  'check-eas': COMMAND.checkEas,
  'control-eas': COMMAND.controlEas,
  version: COMMAND.version,
};
