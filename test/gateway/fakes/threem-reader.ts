/** A 3M reader: frames in, frames out; the test decides which tags lie on it. */
import { encodeAnswer, type ThreemAnswer } from '#contract/codec/threem/answer.ts';
import { decodeCommand, type ThreemCommand } from '#contract/codec/threem/command.ts';
import { COMMAND, ERROR } from '#contract/codec/threem/codes.ts';
import { SerialFramer } from '#contract/codec/serial-framer.ts';
import { openFrame, THREEM_SHAPE } from '#contract/codec/threem/framer.ts';

export interface FakeTag {
  memory: Uint8Array;
  afi: number;
}

export class FakeThreemReader {
  readonly tags = new Map<string, FakeTag>();
  readonly asked: ThreemCommand[] = [];
  isMute = false;
  noiseBefore: Uint8Array | undefined;
  readonly #framer = new SerialFramer(THREEM_SHAPE);

  /** Answers to a piece of what the gateway sent. */
  feed(chunk: Uint8Array): Uint8Array[] {
    const out: Uint8Array[] = [];
    for (const event of this.#framer.feed(chunk)) {
      const command = event.kind === 'frame' ? decodeCommand(openFrame(event.bytes)) : undefined;
      if (command?.ok !== true) continue;
      this.asked.push(command.value);
      if (this.isMute) continue;
      if (this.noiseBefore) out.push(this.noiseBefore);
      out.push(encodeAnswer(this.#answer(command.value)));
    }
    return out;
  }

  #answer(command: ThreemCommand): ThreemAnswer {
    const fail = (code: number, error: number): ThreemAnswer => ({
      kind: 'failed',
      command: code,
      error,
      data: new Uint8Array(),
    });
    switch (command.kind) {
      case 'version':
        return { kind: 'version', vendor: 10, major: 1, minor: 2, build: 3 };
      case 'inventory':
        if (this.tags.size === 0) return fail(COMMAND.inventory, ERROR.noTransponder);
        return {
          kind: 'inventory',
          afi: command.afi,
          options: command.options,
          tags: [...this.tags.keys()].map((uid) => ({ uid })),
        };
      case 'read-blocks': {
        const tag = this.tags.get(command.uid);
        if (tag === undefined) return fail(COMMAND.readBlocks, ERROR.noTransponder);
        if (tag.memory.length < 4 * command.blockCount) return fail(COMMAND.readBlocks, ERROR.memoryNotAvailable);
        const blocks = Array.from({ length: command.blockCount }, (_, n) => ({
          block: n,
          lock: 0,
          data: tag.memory.slice(4 * n, 4 * n + 4),
        }));
        return { kind: 'read-blocks', uid: command.uid, blocks };
      }
      case 'get-afi':
        return { kind: 'get-afi', uid: command.uid, afi: this.tags.get(command.uid)?.afi ?? 0 };
      default:
        return fail(0, ERROR.notImplemented);
    }
  }
}
