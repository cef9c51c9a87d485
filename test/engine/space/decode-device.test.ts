import { expect, test } from '@jest/globals';
import { encodeBase64 } from '#contract/codec/base64.ts';
import type { SensorDecoder } from '#contract/codec/space-sensor/decoder-names.table.ts';
import { sensor as sensorSchema, type Sensor } from '#contract/domain/plan.ts';
import { decodeDevice } from '#engine/space/decode-device.ts';

const RECEIVED_MS = Date.UTC(2026, 0, 5, 10);

function sensor(decoder: SensorDecoder, wiring: Partial<Sensor>): Sensor {
  return sensorSchema.parse({ id: 'sensor-1', decoder, ...wiring });
}

function observed(known: Sensor, payload: string): unknown {
  const bytes = /^[0-9A-F ]+$/.test(payload) ? Buffer.from(payload.replaceAll(' ', ''), 'hex') : Buffer.from(payload);
  const decoded = decodeDevice(known, encodeBase64(bytes), RECEIVED_MS);
  return decoded.ok ? decoded.value : decoded.error;
}

test('a counter turned round counts out as in, and history keeps its own time', () => {
  const counter = sensor('milesight-vs360', { lines: [{ channel: 1, line: 'door', reversed: true }] });
  const common = { kind: 'flow', sensor: 'sensor-1', line: 'door', totalBits: 16, source: 'raw' };
  const now = '2026-01-05T10:00:00.000Z';
  const then = '2023-09-01T01:27:27.000Z';
  expect(observed(counter, '04CCFFFF0100 20CEFF3DF16401070002001D000800')).toEqual([
    { ...common, periodFrom: now, periodTo: now, totalIn: 1, totalOut: 65535 },
    { ...common, periodFrom: then, periodTo: then, in: 2, out: 7, totalIn: 8, totalOut: 29 },
  ]);
});

test('levels and air belong where the plan says, channels that it does not name nowhere', () => {
  const camera = sensor('milesight-vs133', { places: [{ channel: 2, place: 'table-b' }] });
  expect(observed(camera, '0FE302100709')).toMatchObject([
    { kind: 'level', place: 'table-b', people: 16, occupied: null },
  ]);
  const air = sensor('milesight-am103', { places: [{ place: 'hall' }] });
  expect(observed(air, '0175 05 077DC501')).toMatchObject([
    { kind: 'environment', place: 'hall', quantity: 'co2', value: 453, unit: 'ppm' },
    { kind: 'health', subject: 'sensor-1', state: 'degraded', flags: ['low-battery'] },
  ]);
});

test('names serve as channels, and what cannot be read says why', () => {
  const butlr = sensor('butlr', { places: [{ channel: 'zone_1', place: 'hall' }] });
  const event = { type: 'ZONE_OCCUPANCY', timestamp: 1727735832000, metadata: { zone_id: 'zone_1' }, data: 4 };
  expect(observed(butlr, JSON.stringify(event))).toMatchObject([
    { place: 'hall', people: 4, at: '2024-09-30T22:37:00.000Z' },
  ]);
  expect(observed(butlr, 'no event')).toHaveProperty('detail');
});
