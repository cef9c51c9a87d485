/** Tells what lies on a reader whenever that changes: one `list-tags` after another, as fast as the reader answers. */
import type { Clock } from '#contract/clock.ts';
import { listTagsResult } from '#contract/wire/commands.ts';
import type { DoorMessage } from '#contract/wire/local-door.ts';
import type { Command } from '#contract/wire/status.ts';
import type { CommandOutcome } from '#gateway/commands/command-desk.ts';

/** A stack is counted within a second; a pad reader answers in 50 to 300 ms. */
const PAUSE_MS = 200;
/** A reader that is away is asked less often. */
const AWAY_PAUSE_MS = 1000;
const LIST_MS = 10_000;

export interface Watch {
  close(): void;
}

export function createWatch({
  reader,
  clock,
  execute,
  tell,
}: {
  readonly reader: string;
  readonly clock: Clock;
  readonly execute: (command: Command, signal: AbortSignal) => Promise<CommandOutcome>;
  readonly tell: (message: Extract<DoorMessage, { t: 'tags' }>) => void;
}): Watch {
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let last: string | undefined;
  let count = 0;

  const look = async (): Promise<void> => {
    const nowMs = clock.nowMs();
    const [issuedAt, deadline] = [nowMs, nowMs + LIST_MS].map((atMs) => new Date(atMs).toISOString());
    count += 1;
    const command = {
      id: `watch-${count}`,
      kind: 'list-tags',
      target: reader,
      args: {},
      issuedAt,
      deadline,
    } as Command;
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(LIST_MS)]);
    // A fault of the reader's code is told by the executor's own callers; here it is a reader that is away.
    const outcome = await execute(command, signal).catch((): CommandOutcome => ({ outcome: 'failed' }));
    if (stop.signal.aborted) return;
    const result = outcome.outcome === 'done' ? (listTagsResult.safeParse(outcome.result).data ?? null) : null;
    const told = JSON.stringify(withoutSignal(result));
    if (told !== last) tell({ t: 'tags', reader, isLive: result !== null, result });
    last = told;
    timer = setTimeout(() => void look(), result === null ? AWAY_PAUSE_MS : PAUSE_MS);
  };
  void look();

  return {
    close() {
      stop.abort();
      clearTimeout(timer);
    },
  };
}

/** The power changes with every look and is no news. */
function withoutSignal(result: ReturnType<typeof listTagsResult.parse> | null): unknown {
  if (result === null) return null;
  const tags = result.tags.map((tag) => ({ ...tag, rssiDbm: undefined }));
  return { ...result, tags: tags.sort((a, b) => (a.tag < b.tag ? -1 : 1)) };
}
