/** The opening of an LLRP reader, step by step, until it scans. */
import type { Logger } from 'pino';
import { AppError } from '#contract/errors.ts';
import type { GetReaderCapabilitiesResponse } from '#contract/codec/llrp/capabilities-messages.ts';
import type { LlrpStatus } from '#contract/codec/llrp/status.ts';
import type { LlrpConnection, Request } from '#gateway/drivers/llrp/connection.ts';
import { planConfigs, planRospec, ROSPEC_ID } from '#gateway/drivers/llrp/rospec-plan.ts';
import type { LlrpSettings } from '#gateway/drivers/llrp/settings.ts';

const VERSION_1_1 = 2;

export interface StartOptions {
  readonly name: string;
  readonly antennas: readonly number[];
  readonly settings: LlrpSettings;
  readonly log: Logger;
}

export interface StartedReader {
  /** False: its times count from its start. */
  readonly hasUtcClock: boolean;
  readonly firmware: string;
  /** Antennas in the plan that the reader says have nothing plugged in; undefined where it does not tell. */
  readonly unplugged: readonly number[] | undefined;
}

/** Errors: DRV_READER_REFUSED (which step, and the reader's own words), DRV_READER_SILENT, DRV_LINK_LOST. */
export async function startReader(connection: LlrpConnection, options: StartOptions): Promise<StartedReader> {
  const { settings, antennas } = options;
  if (settings.protocol === 'auto') await negotiateVersion(connection, options);
  const capabilities = await readCapabilities(connection, options);
  await configure(connection, options, capabilities.llrp?.canHoldEventsAndReports ?? false);
  connection.watch(2 * settings.keepaliveMs);

  const step = async (request: Request, response: StepResponse): Promise<void> => {
    requireOk(options.name, request.kind, (await connection.request(request, response)).status);
  };
  await step({ kind: 'delete-rospec', id: 0 }, 'delete-rospec-response');
  const rospec = planRospec(antennas, settings, capabilities.regulatory);
  await step({ kind: 'add-rospec', rospec }, 'add-rospec-response');
  await step({ kind: 'enable-rospec', id: ROSPEC_ID }, 'enable-rospec-response');
  const unplugged = await readUnplugged(connection, antennas);
  await connection.tell({ kind: 'enable-events-and-reports' });
  return {
    hasUtcClock: capabilities.general?.hasUtcClock ?? true,
    firmware: capabilities.general?.firmware ?? '',
    unplugged,
  };
}

type StepResponse = 'delete-rospec-response' | 'add-rospec-response' | 'enable-rospec-response';

/** A 1.0.1 reader does not know the question and answers with an error: then we go on in 1.0.1. */
async function negotiateVersion(connection: LlrpConnection, { name, log }: StartOptions): Promise<void> {
  const answer = await connection.request(
    { kind: 'get-supported-version' },
    'get-supported-version-response',
    VERSION_1_1,
  );
  if (answer.kind === 'error-message' || answer.status.code !== 0 || answer.highestVersion < VERSION_1_1) return;
  if (answer.currentVersion !== VERSION_1_1) {
    const set = await connection.request(
      { kind: 'set-protocol-version', protocolVersion: VERSION_1_1 },
      'set-protocol-version-response',
      VERSION_1_1,
    );
    if (set.status.code !== 0) {
      log.warn({ link: name, status: set.status.code }, 'reader offers LLRP 1.1 but refuses it, 1.0.1 is used');
      return;
    }
  }
  connection.useVersion(VERSION_1_1);
}

async function readCapabilities(
  connection: LlrpConnection,
  { name, antennas }: StartOptions,
): Promise<GetReaderCapabilitiesResponse> {
  const request = { kind: 'get-reader-capabilities', requested: 'all', custom: [] } as const;
  const answer = await connection.request(request, 'get-reader-capabilities-response');
  requireOk(name, request.kind, answer.status);
  if (answer.kind === 'error-message') throw new AppError('DRV_READER_REFUSED', `${name} tells no capabilities`);
  const count = answer.general?.antennas;
  const beyond = count === undefined ? undefined : antennas.find((antenna) => antenna > count);
  if (beyond !== undefined) {
    const sentence = `${name} has ${count ?? 0} antennas, but antenna ${beyond} is configured; mend the list of antennas`;
    throw new AppError('DRV_READER_REFUSED', sentence, { link: name, antenna: beyond });
  }
  return answer;
}

/** Asks for all we can use, then for less: readers refuse a whole configuration for one event they do not know. */
async function configure(connection: LlrpConnection, options: StartOptions, canHold: boolean): Promise<void> {
  let status: LlrpStatus | undefined;
  for (const config of planConfigs(options.settings, canHold)) {
    const request = { kind: 'set-reader-config', resetToFactory: false, config } as const;
    const answer = await connection.request(request, 'set-reader-config-response');
    status = answer.status;
    if (status.code === 0) return;
    options.log.warn({ link: options.name, status: status.code }, 'reader refuses a configuration, less is asked for');
  }
  if (status !== undefined) requireOk(options.name, 'set-reader-config', status);
}

async function readUnplugged(
  connection: LlrpConnection,
  antennas: readonly number[],
): Promise<readonly number[] | undefined> {
  const answer = await connection.request(
    { kind: 'get-reader-config', requested: 'antenna-properties', antennaId: 0, gpiPort: 0, gpoPort: 0, custom: [] },
    'get-reader-config-response',
  );
  if (answer.kind === 'error-message' || answer.status.code !== 0) return undefined;
  const { antennaProperties } = answer.config;
  if (antennaProperties.length === 0) return undefined;
  return antennas.filter((antenna) =>
    antennaProperties.some(({ antennaId, connected }) => antennaId === antenna && !connected),
  );
}

function requireOk(name: string, step: string, status: LlrpStatus): void {
  if (status.code === 0) return;
  const words = status.description === '' ? '' : ` (${status.description})`;
  throw new AppError('DRV_READER_REFUSED', `${name} refused ${step} with status ${status.code}${words}`, {
    link: name,
    step,
    status: status.code,
  });
}
