/** Commands to gateways: from a request to a row of the registry, and from the broker's notes to what a screen shows. */
import { randomUUID } from 'node:crypto';
import { AppError } from '#contract/errors.ts';
import { COMMAND_CODES, COMMANDS, isCommandKind, type CommandKind } from '#contract/wire/commands.ts';
import type { CommandState, CommandView } from '#contract/wire/rest-commands.ts';
import type { GatewayStatus } from '#contract/wire/status.ts';
import type { CommandProgress } from '#store/broker-state/broker-state.ts';
import type { CommandRow } from '#store/registry/registry.ts';
import type { Sources } from './sources.ts';

/** Under way at once in one library: a trolley of books, not a programme that has run wild. */
const WAITING_MAX = 500;

export interface NewCommand {
  readonly library: string;
  readonly kind: CommandKind;
  readonly target: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly seconds?: number | undefined;
  readonly barcode?: string | undefined;
  readonly askedBy: string;
}

/** A reader as the status of its gateway tells of it. */
export interface KnownReader {
  readonly gateway: string;
  readonly isOnline: boolean;
  readonly status: GatewayStatus;
  readonly reader: NonNullable<GatewayStatus['readers']>[number];
}

export function knownReaders(sources: Pick<Sources, 'brokerState' | 'registry'>, library: string): KnownReader[] {
  const gateways = new Set(
    sources.registry
      .devices(library)
      .flatMap(({ id, kind, isEnabled }) => (kind === 'gateway' && isEnabled ? [id] : [])),
  );
  return sources.brokerState
    .need()
    .heard(library)
    .flatMap(({ device, isConnected, status }) => {
      if (status === null || !gateways.has(device)) return [];
      const isOnline = isConnected && status.state === 'online';
      return (status.readers ?? []).map((reader) => ({ gateway: device, isOnline, status, reader }));
    });
}

/** Errors: `API_NOT_FOUND` (no gateway tells of that reader), `API_TOO_MANY`, `STO_UNAVAILABLE`. */
export function addCommand(sources: Sources, wanted: NewCommand): CommandView {
  const { registry, clock, log } = sources;
  const { library, kind, target, args, seconds, barcode = null, askedBy } = wanted;
  const known = knownReaders(sources, library).filter(({ reader }) => reader.id === target);
  // Moved from one gateway to another: the one that is there counts.
  const gateway = (known.find(({ isOnline }) => isOnline) ?? known[0])?.gateway;
  if (gateway === undefined) throw new AppError('API_NOT_FOUND', `No gateway tells of a reader ${target}.`);
  const nowMs = clock.nowMs();
  const waiting = registry.commandsDue(nowMs, WAITING_MAX + 1).filter((row) => row.library === library).length;
  if (waiting >= WAITING_MAX) {
    throw new AppError('API_TOO_MANY', 'Too many commands are under way.', { retryAfterSeconds: 10 });
  }
  const id = `c-${randomUUID()}`;
  const deadlineMs = nowMs + (seconds ?? COMMANDS[kind].secondsDefault) * 1000;
  registry.addCommand({ id, library, gateway, kind, target, args, issuedAtMs: nowMs, deadlineMs, askedBy, barcode });
  log.info({ library, command: id, kind, gateway, target, askedBy }, 'command asked for');
  return viewCommand(sources, library, id);
}

/** Errors: `API_NOT_FOUND`. */
export function viewCommand(sources: Sources, library: string, id: string): CommandView {
  const row = sources.registry.command(library, id);
  const [view] = row === undefined ? [] : viewCommands(sources, library, [row]);
  if (view === undefined) throw new AppError('API_NOT_FOUND', 'There is no such command.');
  return view;
}

export function viewCommands(
  sources: Pick<Sources, 'brokerState' | 'clock'>,
  library: string,
  rows: readonly CommandRow[],
): CommandView[] {
  const ids = rows.map(({ id }) => id);
  const progress = sources.brokerState.get()?.commands(library, ids);
  const nowMs = sources.clock.nowMs();
  return rows.flatMap((row) => {
    // Asked for by a newer program, before this one was put back.
    if (!isCommandKind(row.kind)) return [];
    return [toView(row, row.kind, progress?.get(row.id), nowMs)];
  });
}

function toView(row: CommandRow, kind: CommandKind, progress: CommandProgress | undefined, nowMs: number): CommandView {
  const reply = progress?.reply ?? null;
  const code = reply?.code ?? null;
  const sentence =
    code !== null && Object.hasOwn(COMMAND_CODES, code) ? (COMMAND_CODES as Record<string, string>)[code] : undefined;
  const view = {
    id: row.id,
    kind,
    target: row.target,
    gateway: row.gateway,
    args: row.args,
    askedBy: row.askedBy,
    issuedAt: new Date(row.issuedAtMs).toISOString(),
    deadline: new Date(row.deadlineMs).toISOString(),
    state: stateOf(row, progress, nowMs),
    code,
    detail: [sentence, reply?.detail].filter((part) => part !== undefined).join(': ') || null,
    answeredAt: reply?.at ?? null,
    barcode: row.barcode,
    isSettled: row.isSettled,
    // A gateway of another version may tell what does not fit; then the outcome is all there is to show.
    result: COMMANDS[kind].result.safeParse(reply?.result).data ?? null,
  };
  return view;
}

function stateOf(row: CommandRow, progress: CommandProgress | undefined, nowMs: number): CommandState {
  const reply = progress?.reply ?? null;
  if (reply !== null) return reply.outcome;
  if (nowMs >= row.deadlineMs) return 'unanswered';
  return progress === undefined || progress.sentCount === 0 ? 'waiting' : 'sent';
}
