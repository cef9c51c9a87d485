/**
 * Answers what the broker asks for. A command's id is kept on disk until its deadline plus an hour, so that none runs
 * twice, however often it is sent; its answer and the note that it was answered are one transaction.
 */
import type { Logger } from 'pino';
import type { Clock } from '#contract/clock.ts';
import { command as commandSchema, type Command } from '#contract/wire/status.ts';
import type { ReplyObservation } from '#contract/wire/observation.ts';
import type { Outbox } from '#gateway/outbox/outbox.ts';

const KEEP_MS = 3_600_000;
/** A deadline far away must not keep an id for years. */
const KEEP_MS_MAX = 30 * 86_400_000;
const PAYLOAD_BYTES_MAX = 65_536;

export type CommandOutcome = Pick<ReplyObservation, 'outcome' | 'code' | 'result'>;

export interface CommandDeskOptions {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly log: Logger;
  /** Runs a command before its deadline; never throws for what a device refuses. */
  execute(command: Command, signal: AbortSignal): Promise<CommandOutcome>;
}

export interface CommandDesk {
  /** Takes what arrived on the topic; resolves when it was answered or set aside. */
  take(payload: Uint8Array): Promise<void>;
  close(): void;
}

export function createCommandDesk(options: CommandDeskOptions): CommandDesk {
  const running = new Set<string>();
  const stop = new AbortController();

  async function run(command: Command): Promise<CommandOutcome> {
    const leftMs = Date.parse(command.deadline) - options.clock.nowMs();
    if (leftMs <= 0) return { outcome: 'expired' };
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(Math.min(leftMs, 2 ** 31 - 1))]);
    try {
      return await options.execute(command, signal);
    } catch (error: unknown) {
      options.log.error({ err: error, command: command.id, kind: command.kind }, 'command failed');
      return { outcome: 'failed', code: 'internal' };
    }
  }

  function answer(command: Command, outcome: CommandOutcome): void {
    const at = new Date(options.clock.nowMs()).toISOString();
    options.outbox.add([{ kind: 'reply', id: command.id, ...outcome, at }]);
    options.outbox.flush((database) => {
      database.prepare('UPDATE command SET answered = 1 WHERE id = ?').run([command.id]);
    });
  }

  return {
    async take(payload) {
      const command = parse(payload);
      if (command === undefined) {
        options.log.warn({ bytes: payload.length }, 'command cannot be read');
        return;
      }
      if (running.has(command.id)) return;
      const standing = register(options, command);
      if (standing === 'answered') return;
      running.add(command.id);
      try {
        // It was begun before a restart, and nobody knows how far it came: it must not run again.
        const outcome =
          standing === 'begun' ? ({ outcome: 'failed', code: 'interrupted' } as const) : await run(command);
        if (!stop.signal.aborted) answer(command, outcome);
      } finally {
        running.delete(command.id);
      }
    },
    close() {
      stop.abort();
    },
  };
}

function parse(payload: Uint8Array): Command | undefined {
  if (payload.length > PAYLOAD_BYTES_MAX) return undefined;
  try {
    return commandSchema.safeParse(JSON.parse(new TextDecoder().decode(payload))).data;
  } catch {
    // Not JSON: the caller says so.
    return undefined;
  }
}

/** Notes the id before anything is done, and forgets those whose time is over. */
function register({ outbox, clock }: CommandDeskOptions, { id, deadline }: Command): 'new' | 'begun' | 'answered' {
  const nowMs = clock.nowMs();
  const keepUntilMs = Math.min(Math.max(Date.parse(deadline), nowMs) + KEEP_MS, nowMs + KEEP_MS_MAX);
  return outbox.database.transaction(() => {
    outbox.database.prepare('DELETE FROM command WHERE keep_until < ?').run([nowMs]);
    const known = outbox.database.prepare('SELECT answered FROM command WHERE id = ?').get([id]);
    if (known !== undefined) return known['answered'] === 1 ? 'answered' : 'begun';
    outbox.database.prepare('INSERT INTO command (id, keep_until, answered) VALUES (?, ?, 0)').run([id, keepUntilMs]);
    return 'new';
  });
}
