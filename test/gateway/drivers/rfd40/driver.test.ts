import { afterEach, describe, expect, test } from '@jest/globals';
import { rfd40Driver } from '#gateway/drivers/rfd40/driver.ts';
import { cyclesOf, drive, namesOf, readsOf } from '#test/gateway/fakes/drive.ts';
import { MosquittoBroker } from '#test/gateway/fakes/mosquitto-broker.ts';
import { until } from '#test/gateway/fakes/world.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Source: Zebra RFD40 and RFD90 MQTT API reference, dataEVT and heartBeatEVT. */
const DATA =
  '{"type":"BALANCED_PERFORMANCE","timestamp":"2019-08-24T14:15:22Z","data":{"tagData":[{"EPCid":"BEDD11112222333344445555","EPC":"BEDD11112222333344445555","eventNum":1,"peakRssi":-39,"seenCount":4},{"EPC":"BEDD11112222333344445556","eventNum":5}],"barcodeData":[{"decodedBarcode":"31234567","symbology":"CODE39"}]}}';
const HEARTBEAT = '{"eventName":"heartbeat","timestamp":"2019-08-24T14:15:22Z","eventNumber":1,"data":{}}';

test('a handheld over MQTT: samples with counts, no cycles, a heartbeat as life, silence as death', async () => {
  const broker = await new MosquittoBroker().start();
  cleanups.push(() => broker.close());
  const run = await drive(rfd40Driver, {
    link: `${broker.address}?topic=rfd40/data&topic=rfd40/event`,
    credentials: broker,
    antennas: [1],
    settings: { silenceMs: 600 },
  });
  cleanups.push(() => run.stop());
  await broker.publish('rfd40/event', HEARTBEAT);
  await until(() => run.events.some(({ kind }) => kind === 'alive'));
  await broker.publish('rfd40/data', DATA);
  await until(() => namesOf(run.events).includes('barcode'));
  expect(readsOf(run.events)).toMatchObject([
    { antenna: 1, count: 4, rssiDbm: -39, ids: { epc: 'BEDD11112222333344445555' } },
    { antenna: 1, count: 1, ids: { epc: 'BEDD11112222333344445556' } },
  ]);
  expect(namesOf(run.events)).toEqual(['statistical-view', 'events-lost', 'barcode']);
  expect(cyclesOf(run.events)).toEqual([]);
  expect(await run.ended).toMatchObject({ code: 'DRV_READER_SILENT' });
});

describe('settings', () => {
  test('a handheld may be silent longer than a fixed reader, but not for ever', () => {
    expect(rfd40Driver.settings.safeParse({ silenceMs: 300_000 }).success).toBe(true);
    expect(rfd40Driver.settings.safeParse({ silenceMs: 3_600_000 }).success).toBe(false);
  });
});
