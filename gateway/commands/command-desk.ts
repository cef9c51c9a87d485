/**
 * Answers what the broker asks for. A command's id is kept on disk until its deadline plus an hour, so that none runs
 * twice, however often it is sent; its answer and the note that it was answered are one transaction. One that was
 * answered and comes again gets the same answer again: the broker may have lost it with its power.
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
/** An answer may still be on its way: it is said again only to a broker that still asks after this. */
const REPEAT_AFTER_MS = 10_000;

export type CommandOutcome = Pick<ReplyObservation, 'outcome' | 'code' | 'detail' | 'result'>;

export interface CommandDeskOptions {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly log: Logger;
  /** Runs a command before its deadline; never throws for what a device refuses. */
  execute(command: Command, signal: AbortSignal): Promise<CommandOutcome>;
  onAnswered?(kind: string | undefined, outcome: CommandOutcome): void;
}

export interface CommandDesk {
  /** Takes what arrived on the topic; resolves when it was answered or set aside. */
  take(payload: Uint8Array): Promise<void>;
  close(): void;
}

export function createCommandDesk(options: CommandDeskOptions): CommandDesk {
  const running = new Set<string>();
  /** Done, while the disk refused to note it. */
  const unnoted = new Set<string>();
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

  function answer(id: string, outcome: CommandOutcome, kind?: string): void {
    const atMs = options.clock.nowMs();
    const reply: ReplyObservation = { kind: 'reply', id, ...outcome, at: new Date(atMs).toISOString() };
    options.outbox.add([reply]);
    const isNoted = options.outbox.flush((database) => {
      database
        .prepare('UPDATE command SET answered = 1, reply = ?, answered_at = ? WHERE id = ?')
        .run([JSON.stringify(reply), atMs, id]);
    });
    if (!isNoted) unnoted.add(id);
    options.onAnswered?.(kind, outcome);
  }

  function repeat(id: string): void {
    const row = options.outbox.database.prepare('SELECT reply, answered_at FROM command WHERE id = ?').get([id]);
    const { reply, answered_at: answeredAt } = row ?? {};
    const atMs = options.clock.nowMs();
    if (typeof reply !== 'string' || typeof answeredAt !== 'number' || atMs - answeredAt < REPEAT_AFTER_MS) return;
    options.outbox.add([JSON.parse(reply) as ReplyObservation]);
    options.outbox.flush((database) => {
      database.prepare('UPDATE command SET answered_at = ? WHERE id = ?').run([atMs, id]);
    });
  }

  // They were begun before a restart, and nobody knows how far they came: they must not run again.
  for (const { id } of options.outbox.database.prepare('SELECT id FROM command WHERE answered = 0').all()) {
    if (typeof id === 'string') answer(id, { outcome: 'failed', code: 'interrupted' });
  }

  return {
    async take(payload) {
      const command = parse(payload);
      if (command === undefined) {
        options.log.warn({ bytes: payload.length }, 'command cannot be read');
        return;
      }
      if (running.has(command.id) || unnoted.has(command.id)) return;
      if (register(options, command) === 'known') {
        repeat(command.id);
        return;
      }
      running.add(command.id);
      try {
        const outcome = await run(command);
        if (!stop.signal.aborted) answer(command.id, outcome, command.kind);
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
function register({ outbox, clock }: CommandDeskOptions, { id, deadline }: Command): 'new' | 'known' {
  const nowMs = clock.nowMs();
  const keepUntilMs = Math.min(Math.max(Date.parse(deadline), nowMs) + KEEP_MS, nowMs + KEEP_MS_MAX);
  return outbox.database.transaction(() => {
    outbox.database.prepare('DELETE FROM command WHERE keep_until < ?').run([nowMs]);
    if (outbox.database.prepare('SELECT id FROM command WHERE id = ?').get([id]) !== undefined) return 'known';
    outbox.database.prepare('INSERT INTO command (id, keep_until, answered) VALUES (?, ?, 0)').run([id, keepUntilMs]);
    return 'new';
  });
}
