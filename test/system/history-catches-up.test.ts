/** Promise: InfluxDB may go away; the journal keeps everything, the screens say so, and the history catches up alone. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { JournalReader } from '#store/journal/journal.ts';
import { startInfluxd, type Influxd } from '#test/support/influxd.ts';
import { startPlatform, until, type Platform } from '#test/support/platform.ts';

jest.setTimeout(180_000);

let influxd: Influxd;
let platform: Platform;

beforeAll(async () => {
  influxd = await startInfluxd();
  platform = await startPlatform({ historyUrl: influxd.url });
});
afterAll(async () => {
  await platform.stop();
  await influxd.stop();
});

async function pointsOf(measurement: string, field: string): Promise<number> {
  const url = new URL('/query', influxd.url);
  url.searchParams.set('db', 'shelfwise');
  url.searchParams.set('q', `SELECT COUNT("${field}") FROM "raw"."${measurement}"`);
  const answer = (await (await fetch(url)).json()) as {
    results: { series?: { values: [string, number][] }[] }[];
  };
  return answer.results[0]?.series?.[0]?.values[0]?.[1] ?? 0;
}

/** Tag observations that the broker has acknowledged, up to an offset. */
function tagObservations(journal: JournalReader, upTo: number): number {
  let count = 0;
  for (let after = 0; after < upTo;) {
    const entries = journal.readAfter(after, 500);
    if (entries.length === 0) break;
    for (const entry of entries) {
      if (entry.kind !== 'batch' || entry.offset > upTo) continue;
      const { observations } = JSON.parse(entry.body) as { observations: { kind: string }[] };
      count += observations.filter(({ kind }) => kind === 'tag').length;
    }
    after = entries.at(-1)?.offset ?? upTo;
  }
  return count;
}

test('influxd is killed in the middle, returns, and misses nothing', async () => {
  const { broker, engine } = platform.centre;
  if (broker === undefined || engine === undefined) throw new Error('no centre');
  await until(
    'the first thousand sightings in InfluxDB',
    60_000,
    async () => (await pointsOf('sighting', 'reads')) > 1_000,
  );

  await influxd.kill();
  await until('the history to be known as down', 20_000, () => engine.historyState().state === 'down');
  const atKill = broker.journal.lastOffset();
  await until('the journal to go on without it', 20_000, () => broker.journal.lastOffset() > atKill + 50);

  await influxd.restart();
  // The devices fall silent, so that there is an end to catch up with; the rest of the platform goes on.
  await platform.simulation.close();
  await until('the history to have caught up', 60_000, () => {
    const { state, behind } = engine.historyState();
    return state === 'ok' && behind === 0 && engine.state.offset() === broker.journal.lastOffset();
  });
  const accepted = tagObservations(broker.journal, broker.journal.lastOffset());
  await until('InfluxDB to hold every sighting once', 30_000, async () => {
    return (await pointsOf('sighting', 'reads')) === accepted;
  });
  expect(accepted).toBeGreaterThan(1_000);
});
