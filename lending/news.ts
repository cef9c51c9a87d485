/** What the ILS is asked for now and then: the holds that nobody may lend away, and what changed elsewhere. */
import type { Logger } from 'pino';
import type { Clock } from '#contract/clock.ts';
import type { IlsPort } from '#lending/ils/port.ts';
import type { Ledger } from '#lending/queue/ledger.ts';

/** Pages of changes taken at one go: a first import of two million copies goes on at the next. */
const PAGES_MAX = 50;
/** Two clocks are never quite the same; a change that comes twice is no change. */
const OVERLAP_MS = 120_000;

export interface NewsDeps {
  readonly ils: IlsPort;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Logger;
}

export async function fetchNews({ ils, ledger, clock, log }: NewsDeps): Promise<void> {
  const holds = await ils.holdsToPull();
  const nowMs = clock.nowMs();
  if (holds.outcome === 'done') {
    ledger.setHolds(
      holds.value.map(({ barcode }) => barcode),
      nowMs,
    );
  }
  await fetchChanges({ ils, ledger, clock, log }, nowMs);
  ledger.tidy();
}

async function fetchChanges({ ils, ledger, log }: NewsDeps, nowMs: number): Promise<void> {
  if (ils.changesSince === undefined) return;
  const marked = ledger.meta('changes-since');
  const [sinceMs = 0, firstPage = 1, beganAtMs = nowMs] = (marked ?? `0 1 ${nowMs}`).split(' ').map(Number);
  for (let page = firstPage; page < firstPage + PAGES_MAX; page += 1) {
    const answer = await ils.changesSince(sinceMs, page);
    if (answer.outcome !== 'done') {
      if (answer.outcome === 'refused') log.warn({ code: answer.code }, 'the library system tells no changes');
      return;
    }
    const { items, hasMore } = answer.value;
    ledger.learn(items.map(({ changedAtMs, ...item }) => ({ ...item, atMs: Math.min(changedAtMs, nowMs) })));
    // The next page of the same question, or a new one that begins where this one did.
    ledger.setMeta(
      'changes-since',
      hasMore ? `${sinceMs} ${page + 1} ${beganAtMs}` : `${Math.max(0, beganAtMs - OVERLAP_MS)} 1 ${nowMs}`,
    );
    if (!hasMore) return;
  }
}
