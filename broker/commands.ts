/**
 * Carries commands from the registry's table to the gateways, and keeps their answers. Nothing depends on one delivery: a
 * command is sent again until its answer is seen at intake or its deadline is over, and the gateway runs it once however
 * often it comes.
 *
 *     registry -> due, not answered -> connected gateway, every 5 s ... reply at intake -> broker state -> dashboard
 */
import type { Logger } from 'pino';
import type { Clock } from '#contract/clock.ts';
import type { Envelope } from '#contract/wire/envelope.ts';
import { replyObservation, type ReplyObservation } from '#contract/wire/observation.ts';
import type { Command } from '#contract/wire/status.ts';
import type { BrokerStateWriter } from '#store/broker-state/broker-state.ts';
import type { CommandRow } from '#store/registry/registry.ts';
import type { DeviceDirectory } from './access/device-directory.ts';
import type { GatewayPrincipal } from './access/principal.ts';
import type { BrokerMetrics } from './metrics.ts';

/** A command takes seconds; a lost message costs its wait, a needless one a few hundred bytes. */
export const RESEND_MS = 5_000;
/** Commands under way at once, of all libraries: far more than people type, few enough to look at several times a second. */
const DUE_MAX = 1_000;

export interface CommandPorts {
  /** Those connected now that take messages. */
  gateways(): readonly GatewayPrincipal[];
  publish(topic: string, payload: string): void;
}

export interface Commands {
  /** Sends what is due; call it a few times a second. */
  step(): void;
  /** This gateway has just subscribed: what waits for it goes out with the next step. */
  listening(gateway: GatewayPrincipal): void;
  /** Takes the answers out of a batch that the journal holds. */
  takeReplies(gateway: GatewayPrincipal, observations: Envelope['observations']): void;
}

export interface CommandDeps {
  readonly directory: DeviceDirectory;
  readonly state: BrokerStateWriter;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: BrokerMetrics;
  readonly ports: CommandPorts;
}

interface Sent {
  readonly gateway: string;
  uptimeMs: number;
}

export function createCommands(deps: CommandDeps): Commands {
  const { directory, state, clock, metrics, ports } = deps;
  /** When each was sent last, for as long as it is due; after a restart all are sent at once. */
  let sent = new Map<string, Sent>();

  const send = (row: CommandRow, gateway: GatewayPrincipal): void => {
    ports.publish(gateway.commands, JSON.stringify(toCommand(row)));
    sent.set(row.id, { gateway: gateway.name, uptimeMs: clock.uptimeMs() });
    state.putSent(row.library, row.id, clock.nowMs());
    metrics.commandsSent.inc();
  };

  const unanswered = (rows: readonly CommandRow[]): readonly CommandRow[] => {
    const libraries = [...new Set(rows.map(({ library }) => library))];
    return libraries.flatMap((library) => {
      const some = rows.filter((row) => row.library === library);
      const known = state.commands(
        library,
        some.map(({ id }) => id),
      );
      return some.filter(({ id }) => (known.get(id)?.reply ?? null) === null);
    });
  };

  return {
    step() {
      const found = directory.ask((registry) => registry.commandsDue(clock.nowMs(), DUE_MAX));
      if (found === undefined) return;
      if (found.answer.length === 0) {
        sent.clear();
        return;
      }
      const due = unanswered(found.answer);
      const ids = new Set(due.map(({ id }) => id));
      sent = new Map([...sent].filter(([id]) => ids.has(id)));
      const isResendDue = ({ id }: CommandRow): boolean =>
        clock.uptimeMs() - (sent.get(id)?.uptimeMs ?? -Infinity) >= RESEND_MS;
      const wanted = due.filter(isResendDue);
      if (wanted.length === 0) return;
      const gateways = new Map(ports.gateways().map((one) => [one.name, one]));
      for (const row of wanted) {
        const gateway = gateways.get(`${row.library}:${row.gateway}`);
        if (gateway !== undefined) send(row, gateway);
      }
    },
    listening(gateway) {
      for (const one of sent.values()) if (one.gateway === gateway.name) one.uptimeMs = -Infinity;
    },
    takeReplies(gateway, observations) {
      for (const candidate of observations) {
        if (candidate.kind !== 'reply') continue;
        const parsed = replyObservation.safeParse(candidate);
        if (parsed.success) takeReply(deps, gateway, parsed.data);
      }
    },
  };
}

function takeReply(
  { directory, state, clock, log, metrics }: CommandDeps,
  { library, device }: GatewayPrincipal,
  reply: ReplyObservation,
): void {
  try {
    const asked = directory.ask((registry) => registry.command(library, reply.id));
    // An answer to what nobody asked this gateway is no answer; without a registry nobody can tell.
    if (asked !== undefined && asked.answer?.gateway !== device) {
      metrics.replies.inc({ outcome: 'unasked' });
      return;
    }
    const isFirst = state.putReply(library, reply.id, reply, clock.nowMs());
    metrics.replies.inc({ outcome: isFirst ? reply.outcome : 'repeated' });
  } catch (error: unknown) {
    // The batch is in the journal and acknowledged all the same; the gateway says it again when it is asked again.
    log.error({ err: error, command: reply.id }, 'answer could not be kept');
  }
}

function toCommand({ id, kind, target, args, issuedAtMs, deadlineMs }: CommandRow): Command {
  return {
    id,
    kind,
    target,
    args,
    issuedAt: new Date(issuedAtMs).toISOString(),
    deadline: new Date(deadlineMs).toISOString(),
  };
}
