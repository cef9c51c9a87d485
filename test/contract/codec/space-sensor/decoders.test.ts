import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { SENSOR_DECODERS, type SensorDecoder } from '#contract/codec/space-sensor/decoder-names.table.ts';
import { decodeSensor } from '#contract/codec/space-sensor/decoders.ts';
import { fromHex, toHex } from '#contract/hex.ts';
import { VECTORS } from './vectors.ts';

function decode(decoder: SensorDecoder, hex: string, port?: number): ReturnType<typeof decodeSensor> {
  return decodeSensor(decoder, fromHex(hex) ?? new Uint8Array(), port);
}

function readingsOf(decoder: SensorDecoder, hex: string): readonly object[] {
  const decoded = decode(decoder, hex);
  return decoded.ok ? decoded.value.readings : [];
}

describe('sensors of space', () => {
  // Rows of three would hand the fourth parameter a callback.
  test.each(VECTORS)('%s %s says what its maker documents', (...[decoder, hex, values, port]) => {
    expect(decode(decoder, hex, port)).toEqual({
      ok: true,
      value: { values, readings: expect.any(Array) },
    });
  });

  test('an unknown channel keeps what came before and says so', () => {
    expect(decode('milesight-vs341', '030001 9901AA')).toMatchObject({
      ok: true,
      value: { values: { occupancy: 1 }, unknown: { offset: 3, hex: '9901AA' } },
    });
    expect(decode('elsys', '0506 77AB')).toMatchObject({
      value: { values: { motion: 6 }, unknown: { offset: 2, hex: '77AB' } },
    });
    expect(decode('milesight-vs341', '9901AA')).toMatchObject({
      ok: false,
      error: { code: 'unknown-type', offsetBytes: 0 },
    });
  });

  test('a thermal image is passed over by its length', () => {
    const decoded = decode('elsys', `13 14 ${'05'.repeat(64)} 1102`);
    expect(decoded).toMatchObject({ ok: true, value: { values: { occupancy: 2 } } });
    expect(decoded.ok && decoded.value.values['grideye']).toEqual(Array.from({ length: 64 }, () => 20.5));
  });

  test('the answer to a setting tells when it was refused', () => {
    expect(decode('milesight-vs370', 'F83E0200')).toMatchObject({ value: { values: { pir_sensitivity: 2 } } });
    expect(decode('milesight-vs370', 'F83E0201 030001')).toMatchObject({
      value: {
        values: {
          device_response_result: { channel_type: 0x3e, result: 1, request: { pir_sensitivity: 2 } },
          occupancy: 1,
        },
      },
    });
  });

  test('a frame on the port of another message is refused', () => {
    expect(decode('browan-tbms', '01BB340400DC7801', 42)).toMatchObject({ ok: false, error: { code: 'unsupported' } });
    expect(decode('terabee', '09', 100)).toMatchObject({ ok: false, error: { code: 'unknown-type' } });
  });

  test('cut at any byte it keeps the values of a shorter message', () => {
    for (const [decoder, hex, , port] of VECTORS) {
      const bytes = fromHex(hex) ?? new Uint8Array();
      const whole = decodeSensor(decoder, bytes, port);
      const all = Object.entries(whole.ok ? whole.value.values : {});
      for (let length = 0; length < bytes.length; length += 1) {
        const cut = decodeSensor(decoder, bytes.subarray(0, length), port);
        if (!cut.ok) continue;
        const names = Object.keys(cut.value.values).filter(
          (name) => !['history', 'event', 'externalTemperature2', 'cmd'].includes(name),
        );
        expect(all.filter(([name]) => names.includes(name))).toEqual(
          Object.entries(cut.value.values).filter(([name]) => names.includes(name)),
        );
      }
    }
  });

  test('no bytes throw, and what is not understood is all said', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SENSOR_DECODERS),
        fc.uint8Array({ maxLength: 60 }),
        fc.option(fc.nat(255)),
        (decoder, bytes, port) => {
          const decoded = decodeSensor(decoder, bytes, port ?? undefined);
          if (decoded.ok && decoded.value.unknown !== undefined) {
            expect(toHex(bytes)).toContain(decoded.value.unknown.hex);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('what sensors mean', () => {
  test('totals carry their width, and history its own time', () => {
    expect(readingsOf('milesight-vs360', '04CCFFFF0100 20CEFF3DF16401070002001D000800')).toEqual([
      { kind: 'flow', channel: '1', totalIn: 65535, totalOut: 1, totalBits: 16 },
      {
        kind: 'flow',
        channel: '1',
        in: 7,
        out: 2,
        totalIn: 29,
        totalOut: 8,
        totalBits: 16,
        at: '2023-09-01T01:27:27.000Z',
      },
    ]);
    expect(readingsOf('milesight-vs133', '06D201000000')).toEqual([
      { kind: 'flow', channel: '2', totalIn: 1, totalBits: 32 },
    ]);
  });

  test('faults and batteries are health', () => {
    expect(readingsOf('milesight-vs360', '017564 027505 03F40201')).toEqual([
      { kind: 'health', state: 'degraded', flags: ['misaligned', 'low-battery'], batteryPercent: 5 },
    ]);
    expect(readingsOf('terabee', '000000010000000002').at(-1)).toEqual({
      kind: 'health',
      state: 'degraded',
      flags: ['tpc-stuck'],
    });
  });

  test('a seat that may be taken is unknown, and a light switched off too', () => {
    expect(readingsOf('elsys', '1101')).toEqual([{ kind: 'level', channel: 'all', people: null, occupied: null }]);
    expect(readingsOf('milesight-vs370', '030000 0400FE')).toContainEqual({
      kind: 'environment',
      quantity: 'light',
      value: null,
      unit: 'bright',
    });
  });
});
