/**
 * The opening of an LLRP reader, step by step, until it scans.
 *
 * A reader that still carries out our plan from before the connection broke is left at it: what it kept meanwhile is
 * fetched, and nothing is lost. One that does something else gives up what it has before it is told anew.
 */
import type { Logger } from 'pino';
import { AppError } from '#contract/errors.ts';
import type { GetReaderCapabilitiesResponse } from '#contract/codec/llrp/capabilities-messages.ts';
import { VENDOR } from '#contract/codec/llrp/custom.ts';
import { encodeMessage } from '#contract/codec/llrp/message.ts';
import type { Rospec } from '#contract/codec/llrp/rospec.ts';
import { STATUS_OK, type LlrpStatus } from '#contract/codec/llrp/status.ts';
import { toHex } from '#contract/hex.ts';
import type { LlrpConnection, Request } from '#gateway/drivers/llrp/connection.ts';
import { ENABLE_EXTENSIONS } from '#gateway/drivers/llrp/impinj.ts';
import { findMisfit, planConfigs, planRospec, ROSPEC_ID } from '#gateway/drivers/llrp/rospec-plan.ts';
import type { LlrpSettings } from '#gateway/drivers/llrp/settings.ts';

const VERSION_1_1 = 2;

export interface StartOptions {
  readonly name: string;
  readonly antennas: readonly number[];
  readonly settings: LlrpSettings;
  readonly log: Logger;
}

export interface StartedReader {
  readonly firmware: string;
  /** False: it was still at our plan. */
  readonly isNew: boolean;
  /** It takes AccessSpecs, and has none now. */
  readonly hasAccess: boolean;
  /** General purpose outputs. */
  readonly gpoCount: number;
  /** Settings ask for extensions that this reader does not offer. */
  readonly lacksImpinj: boolean;
  /** Antennas in the plan that the reader says have nothing plugged in; undefined where it does not tell. */
  readonly unplugged: readonly number[] | undefined;
}

/** Errors: DRV_READER_REFUSED (which step, and the reader's own words), DRV_READER_SILENT, DRV_LINK_LOST. */
export async function startReader(connection: LlrpConnection, options: StartOptions): Promise<StartedReader> {
  const { settings, antennas } = options;
  if (settings.protocol === 'auto') await negotiateVersion(connection, options);
  const capabilities = await readCapabilities(connection, options);
  const { general, regulatory, llrp } = capabilities;
  const hasImpinj = await enableImpinj(connection, options, general?.vendorId);
  const planned = planRospec(antennas, settings, { regulatory, hasImpinj });
  const rospecs = await readRospecs(connection);
  const isSame = rospecs.length === 1 && rospecs.every((rospec) => isAtWork(rospec, planned));

  const can = { canHold: llrp?.canHoldEventsAndReports ?? false, gpiCount: general?.gpiCount ?? 0 };
  const isConfigured = await configure(connection, options, { ...can, isBusy: rospecs.length > 0 });
  connection.watch(2 * settings.keepaliveMs);
  const isNew = !isSame || isConfigured === 'after-deleting';
  if (isNew) {
    if (rospecs.length > 0 && isConfigured === 'at-once') await fetchKept(connection);
    await replaceRospec(connection, options, planned);
  }
  const hasAccess = (llrp?.accessSpecsMax ?? 0) > 0;
  if (hasAccess) await connection.request({ kind: 'delete-access-spec', id: 0 }, 'delete-access-spec-response');
  const unplugged = await readUnplugged(connection, antennas);
  if (isNew) await connection.tell({ kind: 'enable-events-and-reports' });
  else await fetchKept(connection);
  const lacksImpinj = settings.impinj !== undefined && !hasImpinj;
  const { firmware = '', gpoCount = 0 } = general ?? {};
  return { firmware, isNew, hasAccess, gpoCount, lacksImpinj, unplugged };
}

async function replaceRospec(connection: LlrpConnection, options: StartOptions, rospec: Rospec): Promise<void> {
  const step = async (request: Request, response: StepResponse): Promise<void> => {
    requireOk(options.name, request.kind, (await connection.request(request, response)).status);
  };
  await step({ kind: 'delete-rospec', id: 0 }, 'delete-rospec-response');
  await step({ kind: 'add-rospec', rospec }, 'add-rospec-response');
  await step({ kind: 'enable-rospec', id: ROSPEC_ID }, 'enable-rospec-response');
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
  { name, antennas, settings }: StartOptions,
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
  const misfit = findMisfit(settings, answer.regulatory?.uhf);
  if (misfit !== undefined) throw new AppError('DRV_READER_REFUSED', `${name} ${misfit}`, { link: name });
  return answer;
}

/** Only asked of readers of this maker, and only when settings need it. One that refuses does its work without. */
async function enableImpinj(
  connection: LlrpConnection,
  { name, settings, log }: StartOptions,
  vendorId: number | undefined,
): Promise<boolean> {
  if (settings.impinj === undefined || vendorId !== VENDOR.impinj) return false;
  const answer = await connection.request(ENABLE_EXTENSIONS, 'custom-message');
  if (answer.kind === 'custom-message') return true;
  log.warn({ link: name, status: answer.status.code }, 'reader refuses its extensions, it is read without');
  return false;
}

/** Empty also where the reader does not tell. */
async function readRospecs(connection: LlrpConnection): Promise<readonly Rospec[]> {
  const answer = await connection.request({ kind: 'get-rospecs' }, 'get-rospecs-response');
  return answer.kind === 'error-message' || answer.status.code !== 0 ? [] : answer.rospecs;
}

/** To the bit, but for the state. */
function isAtWork(rospec: Rospec, planned: Rospec): boolean {
  return rospec.state === 'active' && signature(rospec) === signature(planned);
}

function signature(rospec: Rospec): string {
  const message = { kind: 'add-rospec', version: 1, messageId: 0, rospec: { ...rospec, state: 'disabled' } } as const;
  return toHex(encodeMessage(message));
}

/** All that was held back since the last connection, and what is not yet due. */
async function fetchKept(connection: LlrpConnection): Promise<void> {
  await connection.tell({ kind: 'enable-events-and-reports' });
  await connection.tell({ kind: 'get-report' });
}

/**
 * Asks for all we can use, then for less: readers refuse a whole configuration for one event they do not know. Some
 * refuse it while they are at work; they are stopped for it.
 */
async function configure(
  connection: LlrpConnection,
  options: StartOptions,
  can: { canHold: boolean; gpiCount: number; isBusy: boolean },
): Promise<'at-once' | 'after-deleting'> {
  let status = await tryConfigs(connection, options, can);
  if (status.code === 0) return 'at-once';
  if (can.isBusy) {
    await fetchKept(connection);
    await connection.request({ kind: 'delete-rospec', id: 0 }, 'delete-rospec-response');
    status = await tryConfigs(connection, options, can);
  }
  requireOk(options.name, 'set-reader-config', status);
  return 'after-deleting';
}

async function tryConfigs(
  connection: LlrpConnection,
  options: StartOptions,
  can: { canHold: boolean; gpiCount: number },
): Promise<LlrpStatus> {
  let status: LlrpStatus = STATUS_OK;
  for (const config of planConfigs(options.settings, can)) {
    const request = { kind: 'set-reader-config', resetToFactory: false, config } as const;
    ({ status } = await connection.request(request, 'set-reader-config-response'));
    if (status.code === 0) break;
    options.log.warn({ link: options.name, status: status.code }, 'reader refuses a configuration, less is asked for');
  }
  return status;
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
