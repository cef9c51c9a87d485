import { describe, expect, test } from '@jest/globals';
import { decodeSensor } from '#contract/codec/space-sensor/decoders.ts';

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const envelope = (id: number, logics: unknown): object => ({
  logics_data: {
    package_info: { version: '5.0', id, agent_id: 1 },
    sensor_info: { serial_number: '00:6E:02' },
    logics,
  },
});
const DOOR = {
  id: 1000,
  name: 'Door',
  records: [
    {
      from: '2025-01-01T10:00:00+01:00',
      to: '2025-01-01T10:01:00+01:00',
      counts: [
        { id: 1, name: 'fw', value: 3 },
        { id: 2, name: 'bw', value: 1 },
      ],
    },
  ],
};
const hall = (value: number): object => ({
  name: 'Hall',
  records: [{ from: 1700000000, to: 1700000060, counts: [{ name: 'balance', type: 'state', value }] }],
});

describe('Xovis', () => {
  test('a line counts a period, a balance is a level', () => {
    expect(decodeSensor('xovis', bytes(envelope(7, [DOOR, hall(12)])))).toEqual({
      ok: true,
      value: {
        values: envelope(7, [DOOR, hall(12)])['logics_data' as never],
        readings: [
          {
            kind: 'flow',
            channel: 'Door',
            from: '2025-01-01T09:00:00.000Z',
            at: '2025-01-01T09:01:00.000Z',
            in: 3,
            out: 1,
            totalBits: 53,
          },
          { kind: 'level', channel: 'Hall', people: 12, occupied: null, at: '2023-11-14T22:14:20.000Z' },
        ],
      },
    });
  });

  test('several envelopes are one message, and a balance below zero is unknown', () => {
    const decoded = decodeSensor('xovis', bytes([envelope(7, [DOOR]), envelope(9, [hall(-2)])]));
    expect(decoded).toMatchObject({
      value: {
        values: { package_ids: [7, 9] },
        readings: [{ kind: 'flow' }, { kind: 'level', people: null }, { kind: 'health', flags: ['negative-balance'] }],
      },
    });
  });

  test.each([['{"legacy":1}'], ['[]'], ['3'], ['{"logics_data":']])('%s is refused', (text) => {
    expect(decodeSensor('xovis', new TextEncoder().encode(text)).ok).toBe(false);
  });
});

describe('Butlr', () => {
  const event = (data: number, timestamp = 1727735832000): object => ({
    id: 'event_1',
    type: 'ZONE_OCCUPANCY',
    timestamp,
    version: 'v1.0.0',
    metadata: { org_id: 'org_1', zone_id: 'zone_1' },
    data,
  });

  test('occupancy is of a zone and a minute', () => {
    expect(decodeSensor('butlr', bytes(event(4)))).toEqual({
      ok: true,
      value: {
        values: event(4),
        readings: [{ kind: 'level', channel: 'zone_1', people: 4, occupied: null, at: '2024-09-30T22:37:00.000Z' }],
      },
    });
  });

  test('of the same minute the last word holds', () => {
    const decoded = decodeSensor('butlr', bytes([event(4), event(3, 1727735892000), event(5, 1727735833000)]));
    expect(decoded.ok && decoded.value.readings.map((one) => 'people' in one && one.people)).toEqual([3, 5]);
  });

  test('traffic is a flow', () => {
    const traffic = {
      type: 'TRAFFIC',
      timestamp: 1727735832000,
      metadata: { room_id: 'room_1' },
      data: { in: 1, out: 0 },
    };
    expect(decodeSensor('butlr', bytes(traffic))).toMatchObject({
      value: { readings: [{ kind: 'flow', channel: 'room_1', in: 1, out: 0 }] },
    });
  });
});

describe('network servers', () => {
  const data = Buffer.from('030001', 'hex').toString('base64');
  test.each([
    [
      'ChirpStack 4',
      { deviceInfo: { devEui: '24e124782c123456' }, time: '2025-01-01T10:00:00.5+00:00', fPort: 85, fCnt: 9, data },
    ],
    [
      'ChirpStack 3',
      { devEUI: 'JOEkeCwSNFY=', fPort: 85, fCnt: 9, data, rxInfo: [{ time: '2025-01-01T10:00:00.5Z' }] },
    ],
    [
      'The Things Stack',
      {
        end_device_ids: { device_id: 'seat', application_ids: { application_id: 'a' } },
        received_at: '2025-01-01T10:00:00.5Z',
        uplink_message: { f_port: 85, f_cnt: 9, frm_payload: data, decoded_payload: { occupancy: 'vacant' } },
      },
    ],
  ])('%s is unwrapped, its own decoding left aside', (_name, message) => {
    expect(decodeSensor('milesight-vs341', bytes(message))).toMatchObject({
      ok: true,
      value: { values: { occupancy: 1 }, receivedAt: '2025-01-01T10:00:00.500Z', frameCounter: 9 },
    });
  });
});
