/** How many points a second both histories take, 5,000 a call: `npx tsx test/store/measure-history.ts`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedHistory } from '#store/history/embedded-history.ts';
import type { History } from '#store/history/history.ts';
import { openInfluxHistory } from '#store/history/influx-history.ts';
import { startInfluxd } from '#test/support/influxd.ts';

const A_CALL = 5000;
const CALLS = 40;

async function measure(history: History): Promise<void> {
  const nowMs = Date.now();
  const started = performance.now();
  for (let call = 0; call < CALLS; call += 1) {
    await history.write(
      Array.from({ length: A_CALL }, (_, i) => ({
        measurement: 'sighting' as const,
        library: 'demo',
        branch: 'main',
        floor: '1',
        zone: 'z1',
        subject: `rp-${i % 1200}`,
        kind: 'update',
        atMs: nowMs - 100_000 + call * 1000 + (i % 1000),
        eventId: `gw-1:epoch-001:${call}:${i}`,
        fields: { item: `b${i}`, antenna: 3, meanMw: 1e-6, reads: 4 },
      })),
    );
  }
  const rate = Math.round(((A_CALL * CALLS) / (performance.now() - started)) * 1000);
  process.stdout.write(`${history.kind}: ${rate} points/s\n`);
  await history.close();
}

const folder = mkdtempSync(join(tmpdir(), 'shelfwise-measure-'));
await measure(openEmbeddedHistory({ folder }));
rmSync(folder, { recursive: true });
const influxd = await startInfluxd();
await measure(openInfluxHistory({ url: influxd.url, database: 'measure' }));
await influxd.stop();
