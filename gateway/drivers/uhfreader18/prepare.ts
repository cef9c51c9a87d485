/**
 * Finds a UHFReader18 and sets what differs. What the reader keeps over a power cut is written only then: its memory wears
 * out.
 *
 * Source: UHFReader18 User's Manual V2.0, 8.4.1 (information), 8.4.4 (scan time), 8.4.6 (power), 8.4.9 and 8.4.10 (work
 * mode: 0 is answer mode, 1 to 3 push tags unasked).
 */
import { setting, statusOf } from '#gateway/drivers/uhfreader-line.ts';
import type { Answer18, Line18 } from './line.ts';
import { scanUnits, type Uhfreader18Settings } from './settings.ts';

const CODE = { readerInfo: 0x21, setScanTime: 0x25, setPower: 0x2f, setWorkMode: 0x35, workMode: 0x36 } as const;
const ANSWER_MODE = 0;
/** The low two bits are the mode; the others are not documented and stay as they are. */
const MODE_BITS = 0x03;

/** Errors: DRV_READER_SILENT, DRV_LINK_LOST; DRV_READER_REFUSED for a setting it does not take. */
export async function prepare(line: Line18, settings: Uhfreader18Settings): Promise<void> {
  const info = await readerInfo(line);
  const known = info.kind === 'reader-info' ? info : undefined;
  await leaveScanMode(line);
  const scanTime = scanUnits(settings);
  if (known?.scanTime !== scanTime) await setting(line, CODE.setScanTime, { kind: 'set-scan-time', scanTime });
  const { powerDbm: power } = settings;
  if (power !== undefined && known?.power !== power) {
    await setting(line, CODE.setPower, { kind: 'set-power', power });
  }
}

/** Any answer will do, a refusal too. */
async function readerInfo(line: Line18): Promise<Answer18> {
  const isAnswer = (answer: Answer18): boolean =>
    answer.kind === 'reader-info' || statusOf(answer, CODE.readerInfo) !== undefined;
  for (;;) {
    const answer = await line.ask({ kind: 'reader-info' }, isAnswer);
    if (answer !== undefined) return answer;
  }
}

/** A reader that pushes tags does not take inventories. Those without the mode refuse the question and are not in it. */
async function leaveScanMode(line: Line18): Promise<void> {
  const isAnswer = (answer: Answer18): boolean =>
    answer.kind === 'work-mode' || statusOf(answer, CODE.workMode) !== undefined;
  const answer = await line.ask({ kind: 'work-mode' }, isAnswer);
  if (answer?.kind !== 'work-mode' || (answer.readMode & MODE_BITS) === ANSWER_MODE) return;
  const { modeState, memInven, firstAdr, wordNum, tagTime } = answer;
  const readMode = answer.readMode & ~MODE_BITS;
  const command = { kind: 'set-work-mode', readMode, modeState, memInven, firstAdr, wordNum, tagTime } as const;
  await setting(line, CODE.setWorkMode, command);
}
