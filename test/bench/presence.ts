/**
 * How many reads a second the edge takes in: one busy reader with three antennas and 5,000 tags, each heard by all three,
 * cycles closing as they would. Decoding and the outbox are not part of it; they have figures of their own.
 */
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import { PRESENCE_LIMITS } from '#gateway/presence/limits.ts';
import { ReaderPresence } from '#gateway/presence/reader-presence.ts';
import type { BenchRow } from './row.ts';

const BAR_PER_SECOND = 50_000;
const START_MS = Date.UTC(2026, 2, 2, 9);
const ANTENNAS = [1, 2, 3];
const TAGS = 5000;
const READS_PER_REPORT = 400;
/** A multiplexed reader gives each antenna half a second. */
const DWELL_MS = 500;
const ROUNDS = 40;

/** Measures summing up; no state outlives the call. */
export function benchPresence(): Promise<BenchRow[]> {
  run(2);
  const { reads, observations, busyMs } = run(ROUNDS);
  return Promise.resolve([
    {
      name: 'reads into edge presence',
      value: Math.round((reads / busyMs) * 1000),
      unit: 'reads/s',
      bar: { value: BAR_PER_SECOND, is: 'at-least' },
      note: `${reads.toLocaleString('en')} reads became ${observations.toLocaleString('en')} observations`,
    },
  ]);
}

function run(rounds: number): { readonly reads: number; readonly observations: number; readonly busyMs: number } {
  const epcs = Array.from({ length: TAGS }, (_, n) => n.toString(16).padStart(24, '0').toUpperCase());
  const presence = new ReaderPresence({
    reader: 'r1',
    antennas: ANTENNAS.map((antenna) => ({ antenna, readPoint: `rp-${String(antenna)}` })),
    now: { wallMs: START_MS, uptimeMs: 0 },
    limits: PRESENCE_LIMITS,
  });
  let reads = 0;
  let observations = 0;
  let busyMs = 0;
  let ms = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (const antenna of ANTENNAS) {
      ms += DWELL_MS;
      const wallMs = START_MS + ms;
      const events: ReaderEvent[] = epcs.map((epc, n) => ({
        kind: 'read',
        antenna,
        count: 1,
        firstMs: wallMs,
        lastMs: wallMs,
        rssiDbm: -60 - ((n + round) % 9),
        ids: { epc },
      }));
      reads += events.length;
      const startedMs = performance.now();
      for (let from = 0; from < events.length; from += READS_PER_REPORT) {
        const report = events.slice(from, from + READS_PER_REPORT);
        observations += presence.take(report, { wallMs, uptimeMs: ms }).length;
      }
      observations += presence.take([{ kind: 'cycle', antennas: [antenna], atMs: wallMs }], {
        wallMs,
        uptimeMs: ms,
      }).length;
      observations += presence.tick({ wallMs, uptimeMs: ms }).length;
      busyMs += performance.now() - startedMs;
    }
  }
  return { reads, observations, busyMs };
}
