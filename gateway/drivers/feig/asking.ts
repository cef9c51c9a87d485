/** One question to a FEIG reader about a tag, and what its refusals mean for the one who asked. */
import { DATA_STATUSES, ISO_ERROR, STATUS } from '#contract/codec/feig/codes.ts';
import { err, ok, type Result } from '#contract/result.ts';
import type { FeigAnswer, FeigLine, FeigQuestion } from '#gateway/drivers/feig/line.ts';
import type { AccessFault } from '#gateway/drivers/tag-access.ts';

export type Asked<T> = Promise<Result<T, AccessFault>>;
/** One question, whose answer must carry data or be "done". */
export type Ask = (question: FeigQuestion, what: string) => Asked<FeigAnswer>;

const ISO_FAULT: Readonly<Record<number, AccessFault['code']>> = {
  [ISO_ERROR.notSupported]: 'not-supported',
  [ISO_ERROR.notRecognized]: 'not-supported',
  [ISO_ERROR.optionNotSupported]: 'not-supported',
  [ISO_ERROR.blockNotAvailable]: 'no-such-block',
  [ISO_ERROR.blockAlreadyLocked]: 'locked',
  [ISO_ERROR.blockLocked]: 'locked',
  [ISO_ERROR.blockNotProgrammed]: 'write-failed',
  [ISO_ERROR.blockNotLocked]: 'write-failed',
};
const FAULT: Readonly<Record<number, AccessFault['code']>> = {
  [STATUS.noTransponder]: 'no-tag',
  [STATUS.rfCommunication]: 'no-tag',
  [STATUS.writeError]: 'write-failed',
  [STATUS.addressError]: 'no-such-block',
  [STATUS.wrongTransponderType]: 'not-supported',
  [STATUS.authenticationError]: 'wrong-password',
  [STATUS.parameterRange]: 'not-supported',
  [STATUS.unknownCommand]: 'not-supported',
  [STATUS.lengthError]: 'not-supported',
  [STATUS.notAvailable]: 'not-supported',
};

/** What a refusal means for the one who asked. */
function faultOf({ status, data }: FeigAnswer, what: string): AccessFault {
  const isTagError = status === STATUS.isoError;
  const code = isTagError ? ISO_FAULT[data[0] ?? 0] : FAULT[status];
  const number = (value: number): string => value.toString(16).toUpperCase().padStart(2, '0');
  const detail = `${what}: status ${number(status)}${isTagError ? `, tag error ${number(data[0] ?? 0)}` : ''}`;
  return { code: code ?? (what.startsWith('write') ? 'write-failed' : 'read-failed'), detail };
}

/** `asking` of a line, with refusals as faults. */
export function asking(line: FeigLine): Ask {
  return async (question, what) => {
    const answer = await line.ask(question);
    if (answer === undefined) return err({ code: 'unanswered', detail: `no answer to ${what}` });
    // "RF communication" carries data only after an inventory; without it the tag was lost.
    const isDone = DATA_STATUSES.has(answer.status) && !isLost(answer);
    return isDone ? ok(answer) : err(faultOf(answer, what));
  };
}

function isLost({ status, data }: FeigAnswer): boolean {
  return status === STATUS.rfCommunication && data.length === 0;
}
