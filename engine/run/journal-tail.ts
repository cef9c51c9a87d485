/**
 * Follows the journal: reads a chunk, reduces it, writes everything that follows in one transaction with the offset. After
 * a crash the rows and the offset agree, so the engine goes on exactly there.
 */
import type { Logger } from 'pino';
import type { Clock } from '#contract/clock.ts';
import type { JournalEntry } from '#contract/domain/journal-entry.ts';
import { createEngine, ENGINE_VERSION, type Engine } from '#engine/engine.ts';
import type { EngineDeps } from '#engine/engine-rows.ts';
import type { JournalReader } from '#store/journal/journal.ts';
import type { StateWriter } from '#store/state/state.ts';
import { createWake } from './wake.ts';

const RETRY_MS_MIN = 200;
const RETRY_MS_MAX = 10_000;

export interface TailDeps {
  readonly log: Logger;
  readonly clock: Clock;
  readonly journal: JournalReader;
  readonly state: StateWriter;
  readonly catalogue: EngineDeps['catalogue'];
  readonly catalogueRows?: EngineDeps['catalogueRows'];
  readonly settings: { readonly chunkEntries: number; readonly commitMs: number; readonly pollMs: number };
  onChunk?(chunk: { readonly entries: number; readonly tookMs: number; readonly engine: Engine }): void;
}

export interface JournalTail {
  hint(): void;
  /** Resolves once the running chunk is written. */
  stop(): Promise<void>;
}

export function tailJournal(deps: TailDeps): JournalTail {
  const wake = createWake();
  const status = { isStopped: false };
  const done = follow(deps, wake, () => status.isStopped);
  return {
    hint: () => {
      wake.hint();
    },
    async stop() {
      status.isStopped = true;
      wake.hint();
      await done;
    },
  };
}

/** An engine that stands where the state stands; state of other rules is thrown away first. */
export function resumeEngine({
  state,
  catalogue,
  catalogueRows,
  log,
}: Pick<TailDeps, 'state' | 'catalogue' | 'catalogueRows' | 'log'>): Engine {
  const version = state.engineVersion();
  if (version !== null && version !== ENGINE_VERSION) {
    log.info({ version, engineVersion: ENGINE_VERSION }, 'state of another engine version: reducing the journal again');
    state.reset();
  }
  const engine = createEngine({ catalogue, ...(catalogueRows !== undefined && { catalogueRows }) });
  if (state.offset() > 0) engine.restore((slice) => state.memory(slice));
  return engine;
}

async function follow(deps: TailDeps, wake: ReturnType<typeof createWake>, isStopped: () => boolean): Promise<void> {
  let engine: Engine | undefined;
  let retryMs = RETRY_MS_MIN;
  let committedMs = -Infinity;
  while (!isStopped()) {
    try {
      engine ??= resumeEngine(deps);
      const entries = deps.journal.readAfter(deps.state.offset(), deps.settings.chunkEntries);
      if (entries.length === 0) {
        await wake.sleep(deps.settings.pollMs);
        continue;
      }
      const restMs = committedMs + deps.settings.commitMs - deps.clock.uptimeMs();
      if (restMs > 1 && entries.length < deps.settings.chunkEntries) {
        await pause(restMs);
        if (isStopped()) return;
        takeChunk(engine, deps.journal.readAfter(deps.state.offset(), deps.settings.chunkEntries), deps);
      } else takeChunk(engine, entries, deps);
      committedMs = deps.clock.uptimeMs();
      retryMs = RETRY_MS_MIN;
      await pause(0);
    } catch (error: unknown) {
      // The engine in memory may be ahead of the rows: it is put back from them before the next try.
      engine = undefined;
      deps.log.error({ err: error, retryMs }, 'engine stopped at an entry and tries again');
      await wake.sleep(retryMs);
      retryMs = Math.min(RETRY_MS_MAX, retryMs * 2);
    }
  }
}

/** A backlog of full batches would hold the event loop for seconds: about 500 sightings, then others have their turn. */
const CHUNK_CHARACTERS_MAX = 200_000;

function takeChunk(engine: Engine, waiting: readonly JournalEntry[], deps: TailDeps): void {
  const entries = waiting.slice(0, countWithin(waiting, CHUNK_CHARACTERS_MAX));
  const last = entries.at(-1);
  if (last === undefined) return;
  const startMs = deps.clock.uptimeMs();
  for (const entry of entries) engine.reduce(entry);
  deps.state.commit({
    offset: last.offset,
    asOfMs: last.receivedAtMs,
    engineVersion: ENGINE_VERSION,
    ...engine.takeChange(),
  });
  deps.onChunk?.({ entries: entries.length, tookMs: deps.clock.uptimeMs() - startMs, engine });
}

/** How many of the first entries stay within the budget; one at least. */
function countWithin(entries: readonly JournalEntry[], charactersMax: number): number {
  let characters = 0;
  const over = entries.findIndex(({ body }) => (characters += body.length) > charactersMax);
  return over < 0 ? entries.length : Math.max(1, over);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    if (ms <= 0) setImmediate(resolve);
    else setTimeout(resolve, ms);
  });
}
