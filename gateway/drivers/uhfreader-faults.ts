/** What the UHFReader families say when they could not do as told, in the words of all drivers. */
import type { PlainAnswer } from '#contract/codec/uhfreader/message.ts';
import { STATUS, TAG_ERROR } from '#contract/codec/uhfreader/status.ts';
import type { AccessFault } from '#gateway/drivers/tag-access.ts';

type Code = AccessFault['code'];

const BY_STATUS: Readonly<Record<number, Code>> = {
  [STATUS.noTag]: 'no-tag',
  // It is at the edge of the field: a moment later it may be understood.
  [STATUS.poorCommunication]: 'no-tag',
  [STATUS.wrongAccessPassword]: 'wrong-password',
  [STATUS.accessPasswordZero]: 'wrong-password',
  [STATUS.tagLacksCommand]: 'not-supported',
  [STATUS.lockedBytes]: 'locked',
  [STATUS.cannotLock]: 'locked',
  [STATUS.alreadyLocked]: 'locked',
  [STATUS.wrongLength]: 'not-supported',
  [STATUS.illegalCommand]: 'not-supported',
  [STATUS.wrongParameter]: 'not-supported',
};

const BY_TAG_ERROR: Readonly<Record<number, Code>> = {
  [TAG_ERROR.memoryOverrun]: 'no-such-block',
  [TAG_ERROR.memoryLocked]: 'locked',
};

export interface FaultContext {
  /** For what says no more than that it failed. */
  readonly otherwise: 'read-failed' | 'write-failed';
  /** Without one, what is locked may only want it. */
  readonly hasPassword: boolean;
}

export function faultOf(answer: PlainAnswer, { otherwise, hasPassword }: FaultContext): AccessFault {
  if (answer.kind === 'tag-error') {
    const code = BY_TAG_ERROR[answer.tagError] ?? otherwise;
    const detail = `the tag refused with error ${answer.tagError}`;
    return { code: code === 'locked' && !hasPassword ? 'wrong-password' : code, detail };
  }
  return { code: BY_STATUS[answer.status] ?? otherwise, detail: `status ${answer.status}` };
}
