/** 3M library readers: HF (ISO 15693), one antenna, no RSSI; asked for their tags again and again. */
import { decodeAnswer, type ThreemAnswer } from '#contract/codec/threem/answer.ts';
import { COMMAND } from '#contract/codec/threem/codes.ts';
import { encodeCommand, type ThreemCommand } from '#contract/codec/threem/command.ts';
import { threemFormat } from '#contract/codec/threem/format.ts';
import { openFrame, THREEM_SHAPE } from '#contract/codec/threem/framer.ts';
import { AskLine, type LineProtocol } from '#gateway/drivers/ask-line.ts';
import type { DriverDefinition } from '#gateway/drivers/driver.ts';
import { HfPoller } from '#gateway/drivers/hf-polling.ts';
import { lineNoise, polling } from '#gateway/drivers/polling.ts';
import { threemAccess, type ThreemLine } from '#gateway/drivers/threem/access.ts';
import { threemSettings, type ThreemSettings } from '#gateway/drivers/threem/settings.ts';

const PROTOCOL: LineProtocol<ThreemCommand, ThreemAnswer> = {
  shape: THREEM_SHAPE,
  encode: encodeCommand,
  decode: (frame) => decodeAnswer(openFrame(frame)),
};

export const threemDriver: DriverDefinition<ThreemSettings> = {
  kind: '3m',
  settings: threemSettings,
  formats: [threemFormat],
  cards: threemFormat,
  create: (settings, { clock, antennas, openLink }) => ({
    async open(signal) {
      const link = await openLink(signal);
      const line = new AskLine(link, PROTOCOL, settings);
      const close = (): void => {
        void line.close();
      };
      signal.addEventListener('abort', close, { once: true });
      try {
        await greet(line);
      } catch (error: unknown) {
        await line.close();
        throw error;
      }
      const access = threemAccess(line, settings.afi);
      const { memoryReadsPerPoll, pollMs } = settings;
      const poller = new HfPoller({ access, antenna: antennas[0] ?? 1, memoryReadsPerPoll, clock });
      const poll = async () => {
        const events = await poller.poll();
        return [...lineNoise(line.takeNoiseBytes(), clock.nowMs()), ...events];
      };
      return { events: polling({ poll, pollMs, clock, signal, close: () => line.close() }), access: poller.access };
    },
  }),
};

/** Any answer will do, a refusal too: older models do not tell their version. Errors: DRV_READER_SILENT. */
async function greet(line: ThreemLine): Promise<void> {
  const isAnswer = (answer: ThreemAnswer): boolean =>
    answer.kind === 'version' || (answer.kind === 'failed' && answer.command === COMMAND.version);
  while ((await line.ask({ kind: 'version' }, isAnswer)) === undefined);
}
