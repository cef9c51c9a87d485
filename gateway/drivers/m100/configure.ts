/** What is set in an M100 module before it polls. Source: M100/QM100 firmware manual V2.1, 2.7, 2.14 to 2.22. */
import { bytesOfLayout } from '#contract/codec/layout.ts';
import { CHANNEL, COMMAND, HOPPING, POWER, QUERY, REGION } from '#contract/codec/m100/messages.table.ts';
import { AppError } from '#contract/errors.ts';
import { answers, commandFrame, errorOf, type M100Line } from '#gateway/drivers/m100/line.ts';
import { REGION_CODE, type M100Settings } from '#gateway/drivers/m100/settings.ts';

/** Select before reading and writing, never before a poll: polls are to hear all tags. */
const SELECT_MODE = 2;
const HOPPING_ON = 0xff;

interface Wish {
  readonly name: string;
  readonly code: number;
  readonly parameters: Uint8Array;
}

/** In the order that matters: a region brings its own channels. */
function wishes(settings: M100Settings): readonly Wish[] {
  const { region, hopping, channel, powerDbm, session, q } = settings;
  const list: Wish[] = [];
  const wish = (name: string, code: number, parameters: Uint8Array): void => {
    list.push({ name, code, parameters });
  };
  if (region !== undefined) {
    wish('region', COMMAND.setRegion, bytesOfLayout(REGION, { region: REGION_CODE[region] }));
  }
  if (hopping !== undefined) {
    wish('hopping', COMMAND.setHopping, bytesOfLayout(HOPPING, { hopping: hopping ? HOPPING_ON : 0 }));
  }
  if (channel !== undefined) wish('channel', COMMAND.setChannel, bytesOfLayout(CHANNEL, { channel }));
  if (powerDbm !== undefined) {
    wish('powerDbm', COMMAND.setPower, bytesOfLayout(POWER, { powerCentiDbm: Math.round(powerDbm * 100) }));
  }
  if (session !== undefined && q !== undefined) {
    // The module knows DR 8, M 1 and the pilot tone only.
    const fixed = { divideRatio: 0, millerExponent: 0, pilotTone: 1, select: 0, target: 0 };
    wish('session', COMMAND.setQuery, bytesOfLayout(QUERY, { ...fixed, session, q }));
  }
  return list;
}

/** Errors: DRV_READER_REFUSED (which setting the module does not take), DRV_LINK_LOST, DRV_READER_SILENT. */
export async function configure(line: M100Line, settings: M100Settings): Promise<void> {
  for (const { name, code, parameters } of wishes(settings)) {
    const error = await ask(line, code, parameters);
    if (error === undefined) continue;
    const sentence = `${line.name} does not take the setting ${name} (error ${error.toString(16)}); see the module's manual`;
    throw new AppError('DRV_READER_REFUSED', sentence, { link: line.name, setting: name, error });
  }
  // Old firmware has no select modes and polls all tags anyhow.
  await ask(line, COMMAND.setSelectMode, Uint8Array.of(SELECT_MODE));
}

async function ask(line: M100Line, code: number, parameters: Uint8Array): Promise<number | undefined> {
  for (;;) {
    const answer = await line.ask(commandFrame(code, parameters), answers(code));
    if (answer !== undefined) return errorOf(answer);
  }
}
