/** The engine as a role: journal in, state and history out. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import type { Clock } from '#contract/clock.ts';
import { AppError } from '#contract/errors.ts';
import type { RunningRole } from '#contract/role.ts';
import type { EngineConfig } from '#engine/config.ts';
import type { History } from '#store/history/history.ts';
import { openJournalReader } from '#store/journal/journal-reader.ts';
import type { JournalReader } from '#store/journal/journal.ts';
import { openRegistryReader } from '#store/registry/registry-reader.ts';
import type { RegistryReader } from '#store/registry/registry.ts';
import { openStateWriter } from '#store/state/state-writer.ts';
import type { StateWriter } from '#store/state/state.ts';
import { HISTORY_POSITION_FILE, openHistoryPosition, type HistoryState } from './history-position.ts';
import { startHistoryWriter, type HistoryWriter } from './history-writer.ts';
import { tailJournal, type JournalTail } from './journal-tail.ts';
import { createEngineMetrics } from './metrics.ts';

export interface EngineRoleDeps {
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics?: Registry;
  /** Handed in when broker and engine share a process; else opened by path. Whoever opens it closes it. */
  readonly journal?: JournalReader;
  /** Tells of each commit of the journal; returns the way to stop it. Without it the journal is polled. */
  readonly onJournalCommit?: (listener: () => void) => () => void;
  /** Without one, no history is written. Whoever opens it closes it. */
  readonly history?: History;
}

export interface RunningEngine extends RunningRole {
  /** The state as the engine writes it; `onCommit` is the hint for screens in the same process. */
  readonly state: StateWriter;
  readonly metrics: Registry;
  historyState(): HistoryState;
}

/** Starts at once; a journal or registry that is not there yet is waited for. */
export function startEngine(config: EngineConfig, deps: EngineRoleDeps): Promise<RunningEngine> {
  const log = deps.log.child({ part: 'engine' });
  const registry = deps.metrics ?? new Registry();
  const metrics = createEngineMetrics(registry);
  const state = openStateWriter(join(config.folder, 'state.db'));
  const files = openLazily(config.folder);
  const status = { isClosed: false };
  let tail: JournalTail | undefined;
  let writer: HistoryWriter | undefined;
  let closePosition: (() => void) | undefined;

  const begin = (journal: JournalReader): void => {
    tail = tailJournal({
      log,
      clock: deps.clock,
      journal,
      state,
      settings: config,
      catalogue: (library, version) => files.registry().catalogue(library, version),
      catalogueRows: (library, version, barcodes) => files.registry().catalogueRows(library, version, barcodes),
      onChunk: ({ entries, tookMs, engine }) => {
        metrics.entries.inc(entries);
        metrics.chunkSeconds.observe(tookMs / 1000);
        metrics.tags.set(engine.counts().tags);
        metrics.lag.set(Math.max(0, journal.lastOffset() - state.offset()));
      },
    });
    if (deps.history === undefined) return;
    const position = openHistoryPosition(join(config.folder, HISTORY_POSITION_FILE));
    closePosition = () => {
      position.close();
    };
    writer = startHistoryWriter({
      log,
      clock: deps.clock,
      journal,
      state,
      history: deps.history,
      position,
      libraries: () =>
        files
          .tryRegistry()
          ?.libraries()
          .map(({ key }) => key) ?? [],
      plan: (library) => files.tryRegistry()?.plan(library),
      pollMs: 200,
      onWritten: ({ stored, refused }) => {
        metrics.historyPoints.inc({ outcome: 'stored' }, stored);
        metrics.historyPoints.inc({ outcome: 'refused' }, refused);
      },
    });
  };

  const waiting = waitForJournal(deps.journal, files, { config, status }).then((journal) => {
    if (journal !== undefined && !status.isClosed) begin(journal);
  });
  const stopHints = deps.onJournalCommit?.(() => tail?.hint());

  return Promise.resolve({
    state,
    metrics: registry,
    historyState: () =>
      writer?.historyState() ?? { state: 'ok', behind: 0, detail: deps.history === undefined ? 'no history' : '' },
    async close() {
      if (status.isClosed) return;
      status.isClosed = true;
      stopHints?.();
      await waiting;
      await tail?.stop();
      await writer?.stop();
      closePosition?.();
      await files.close();
      state.close();
    },
  });
}

interface LazyFiles {
  journal(): JournalReader;
  registry(): RegistryReader;
  /** Undefined while the file is not there. */
  tryRegistry(): RegistryReader | undefined;
  close(): Promise<void>;
}

/** Files of other roles: opened when first needed, since those roles may start later. */
function openLazily(folder: string): LazyFiles {
  let journal: JournalReader | undefined;
  let registry: RegistryReader | undefined;
  const openRegistry = (): RegistryReader => (registry ??= openRegistryReader(join(folder, 'registry.db')));
  return {
    journal: () => (journal ??= openJournalReader(join(folder, 'journal.db'))),
    registry: openRegistry,
    tryRegistry() {
      try {
        return openRegistry();
      } catch (error: unknown) {
        if (error instanceof AppError && error.code === 'STO_UNAVAILABLE') return undefined;
        throw error;
      }
    },
    async close() {
      await journal?.close();
      registry?.close();
    },
  };
}

async function waitForJournal(
  given: JournalReader | undefined,
  files: LazyFiles,
  { config, status }: { readonly config: EngineConfig; readonly status: { readonly isClosed: boolean } },
): Promise<JournalReader | undefined> {
  if (given !== undefined) return given;
  while (!status.isClosed) {
    try {
      return files.journal();
    } catch (error: unknown) {
      if (!(error instanceof AppError && error.code === 'STO_UNAVAILABLE')) throw error;
      await new Promise((resolve) => setTimeout(resolve, config.pollMs));
    }
  }
  return undefined;
}
