/**
 * Writes the journal and the facts into the history, at its own pace: the history may be away for hours, the journal waits.
 * The position moves only after a write, and writing a point twice changes nothing, so nothing is lost or doubled.
 */
import type { Logger } from 'pino';
import type { Clock } from '#contract/clock.ts';
import { indexPlan, type PlanIndex } from '#contract/domain/plan-index.ts';
import { AppError } from '#contract/errors.ts';
import type { Plan } from '#contract/domain/plan.ts';
import type { History, HistoryPoint } from '#store/history/history.ts';
import type { JournalReader } from '#store/journal/journal.ts';
import type { StateReader } from '#store/state/state.ts';
import { pointOfFact, pointsOfEntry } from './history-points.ts';
import type { HistoryPosition, HistoryState } from './history-position.ts';
import { createWake } from './wake.ts';

/** What one call of the history takes. */
const POINTS_MAX = 5000;
/** One batch holds at most 500 observations, so ten entries never exceed one call. */
const ENTRIES_A_STEP = 10;
const STEPS_A_WRITE = 20;
const FACTS_A_STEP = 500;
const RETRY_MS_MIN = 250;
const RETRY_MS_MAX = 10_000;
/** Further back than this is "behind": a second or two of entries is the normal way. */
const BEHIND_ENTRIES = 200;
const TRIM_EVERY_MS = 3_600_000;

export interface HistoryWriterDeps {
  readonly log: Logger;
  readonly clock: Clock;
  readonly journal: JournalReader;
  readonly state: Pick<StateReader, 'factsAfter' | 'lastFactNumber'>;
  readonly history: History;
  readonly position: HistoryPosition;
  readonly libraries: () => readonly string[];
  readonly plan: (library: string) => Plan | undefined;
  readonly pollMs: number;
  onWritten?(outcome: { readonly stored: number; readonly refused: number }): void;
}

export interface HistoryWriter {
  historyState(): HistoryState;
  stop(): Promise<void>;
}

interface Step {
  readonly points: readonly HistoryPoint[];
  readonly offset: number;
  readonly facts: ReadonlyMap<string, number>;
}

export function startHistoryWriter(deps: HistoryWriterDeps): HistoryWriter {
  const wake = createWake();
  const status = { isStopped: false, state: { state: 'ok', behind: 0, detail: '' } as HistoryState };
  const done = follow(deps, wake, status);
  return {
    historyState: () => status.state,
    async stop() {
      status.isStopped = true;
      wake.hint();
      await done;
    },
  };
}

async function follow(
  deps: HistoryWriterDeps,
  wake: ReturnType<typeof createWake>,
  status: { readonly isStopped: boolean; state: HistoryState },
): Promise<void> {
  const plans = createPlans(deps.plan);
  let retryMs = RETRY_MS_MIN;
  let trimmedMs = deps.clock.uptimeMs();
  while (!status.isStopped) {
    try {
      const step = nextStep(deps, plans);
      if (step === undefined) {
        await wake.sleep(deps.pollMs);
        continue;
      }
      await writePoints(step.points, deps);
      const behind = Math.max(0, deps.journal.lastOffset() - step.offset);
      status.state = { state: behind > BEHIND_ENTRIES ? 'behind' : 'ok', behind, detail: '' };
      deps.position.put({ offset: step.offset, atMs: deps.clock.nowMs(), state: status.state, facts: step.facts });
      retryMs = RETRY_MS_MIN;
      if (deps.clock.uptimeMs() - trimmedMs > TRIM_EVERY_MS) {
        trimmedMs = deps.clock.uptimeMs();
        await deps.history.trim(deps.clock.nowMs());
      }
    } catch (error: unknown) {
      noteFailure(deps, status, error);
      await wake.sleep(retryMs);
      retryMs = Math.min(RETRY_MS_MAX, retryMs * 2);
    }
  }
}

/** The next stretch of entries and of facts; undefined when everything is written. */
function nextStep(deps: HistoryWriterDeps, plans: ReturnType<typeof createPlans>): Step | undefined {
  const points: HistoryPoint[] = [];
  const facts = new Map<string, number>();
  const start = deps.position.offset();
  let offset = start;
  for (let i = 0; i < STEPS_A_WRITE && points.length < POINTS_MAX; i += 1) {
    const entries = deps.journal.readAfter(offset, ENTRIES_A_STEP);
    if (entries.length === 0) break;
    for (const entry of entries) {
      if (entry.kind === 'input') plans.forget(entry.library);
      points.push(...pointsOfEntry(entry, plans.of(entry.library)));
      offset = entry.offset;
    }
  }
  for (const library of deps.libraries()) {
    // Facts are numbered anew when the engine reduces everything again; then they are all written again.
    const known = deps.position.factNumber(library);
    const after = known > deps.state.lastFactNumber(library) ? 0 : known;
    for (const fact of deps.state.factsAfter(library, after, FACTS_A_STEP)) {
      const point = pointOfFact(fact, plans.of(library));
      if (point !== undefined) points.push(point);
      facts.set(library, fact.n);
    }
  }
  return offset === start && facts.size === 0 ? undefined : { points, offset, facts };
}

async function writePoints(points: readonly HistoryPoint[], deps: HistoryWriterDeps): Promise<void> {
  for (let at = 0; at < points.length; at += POINTS_MAX) {
    const { stored, refused } = await deps.history.write(points.slice(at, at + POINTS_MAX));
    deps.onWritten?.({ stored, refused: refused.length });
    if (refused.length > 0) {
      const [first] = refused;
      deps.log.warn(
        { refused: refused.length, reason: first?.reason, eventId: first?.point.eventId },
        'history refused points for good',
      );
    }
  }
}

function noteFailure(deps: HistoryWriterDeps, status: { state: HistoryState }, error: unknown): void {
  const detail = error instanceof Error ? error.message : String(error);
  const wasDown = status.state.state === 'down';
  if (!wasDown) {
    if (error instanceof AppError && error.code === 'STO_UNAVAILABLE')
      deps.log.warn({ detail }, 'history away, waiting');
    else deps.log.error({ err: error }, 'history cannot be written, trying again');
  }
  try {
    const offset = deps.position.offset();
    status.state = { state: 'down', behind: Math.max(0, deps.journal.lastOffset() - offset), detail };
    deps.position.put({ offset, atMs: deps.clock.nowMs(), state: status.state, facts: new Map() });
  } catch (inner: unknown) {
    status.state = { ...status.state, state: 'down', detail };
    deps.log.error({ err: inner }, 'history position cannot be written');
  }
}

/** Plans are large: one index per library until an input of that library passes. */
function createPlans(plan: (library: string) => Plan | undefined): {
  of(library: string): PlanIndex | undefined;
  forget(library: string): void;
} {
  const known = new Map<string, PlanIndex | undefined>();
  return {
    of(library) {
      if (!known.has(library)) {
        const found = plan(library);
        known.set(library, found === undefined ? undefined : indexPlan(found));
      }
      return known.get(library);
    },
    forget(library) {
      known.delete(library);
    },
  };
}
