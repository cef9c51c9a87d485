/** What the broker does again and again, whoever is connected. One failure is logged and does not stop the others. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Clock } from '#contract/clock.ts';
import type { BrokerStateWriter } from '#store/broker-state/broker-state.ts';
import type { JournalWriter } from '#store/journal/journal.ts';
import type { DeviceDirectory } from './access/device-directory.ts';
import { createRevocation } from './access/revocation.ts';
import type { Commands } from './commands.ts';
import type { GatewayConfigs } from './gateway-config.ts';
import type { BrokerConfig } from './config.ts';
import { forgetConnections, type Heard } from './heard.ts';
import { createInputs } from './inputs.ts';
import type { MqttBroker } from './mqtt.ts';
import type { Refusals } from './refusals.ts';
import { createRetention, engineConsumer, historyConsumer } from './retention.ts';
import { createTicks } from './ticks.ts';

const SECOND_MS = 1_000;
const INPUTS_EVERY_MS = 100;
/** A person at a desk waits for it. */
const COMMANDS_EVERY_MS = 100;

export interface Rounds {
  /** Journal entries that stay longer than they should, by the consumer that needs them. */
  heldFor(): ReadonlyMap<string, number>;
  /** Ends them and writes what has gathered. */
  close(): Promise<void>;
}

export interface RoundsDeps {
  readonly config: BrokerConfig;
  readonly log: Logger;
  readonly clock: Clock;
  readonly state: BrokerStateWriter;
  readonly journal: JournalWriter;
  readonly directory: DeviceDirectory;
  readonly heard: Heard;
  readonly refusals: Refusals;
  readonly mqtt: Pick<MqttBroker, 'connected' | 'disconnect'>;
  readonly commands: Pick<Commands, 'step'>;
  readonly configs: Pick<GatewayConfigs, 'step'>;
}

export function startRounds(deps: RoundsDeps): Rounds {
  const { config, log, clock, state, journal, directory, heard, refusals, mqtt } = deps;
  const onFailed = (error: unknown): void => {
    log.error({ err: error }, 'journal cannot be written');
  };
  const ticks = createTicks(journal, clock, onFailed);
  const inputs = createInputs({ directory, journal, clock, onFailed });
  const revocation = createRevocation({ directory, connected: mqtt.connected, disconnect: mqtt.disconnect });
  const retention = createRetention({
    journal,
    consumers: [
      engineConsumer(join(config.folder, 'state.db')),
      historyConsumer(join(config.folder, 'history-position.db')),
    ],
    keepDays: config.retention.keepDays,
    bytesMax: config.retention.bytesMax,
    clock,
    log,
  });
  const closing = new AbortController();
  let areConnectionsForgotten = false;
  let inputStep: Promise<void> = Promise.resolve();
  let trimming: Promise<void> | undefined;

  const attempt = (part: string, step: () => void): void => {
    try {
      step();
    } catch (error: unknown) {
      log.error({ err: error, round: part }, 'a round failed');
    }
  };
  const forgetOnce = (): void => {
    if (areConnectionsForgotten) return;
    const found = directory.ask((registry) => registry.libraries().map(({ key }) => key));
    if (found === undefined) return;
    forgetConnections(state, found.answer);
    areConnectionsForgotten = true;
  };
  const writeState = (): void => {
    attempt('refusals', () => {
      refusals.flush();
    });
    attempt('heard', () => {
      heard.flush();
    });
    attempt('beat', () => {
      state.putBeat(clock.nowMs(), journal.lastOffset());
    });
  };
  const everySecond = (): void => {
    attempt('ticks', () => {
      ticks.step();
    });
    attempt('revocation', () => {
      revocation.step();
    });
    attempt('connections', forgetOnce);
    attempt('configuration', () => {
      deps.configs.step();
    });
    writeState();
  };

  attempt('connections', forgetOnce);
  everySecond();
  const timers = [
    setInterval(everySecond, SECOND_MS),
    setInterval(() => {
      attempt('commands', () => {
        deps.commands.step();
      });
    }, COMMANDS_EVERY_MS),
    setInterval(() => {
      inputStep = inputs.step();
    }, INPUTS_EVERY_MS),
    setInterval(() => {
      trimming ??= retention
        .trim(closing.signal)
        .catch((error: unknown) => {
          log.error({ err: error, round: 'retention' }, 'a round failed');
        })
        .finally(() => {
          trimming = undefined;
        });
    }, config.retention.everyMs),
  ];

  return {
    heldFor: () => retention.heldFor(),
    close: async () => {
      closing.abort();
      for (const timer of timers) clearInterval(timer);
      await inputStep;
      await trimming;
      writeState();
    },
  };
}
