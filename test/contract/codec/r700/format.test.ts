import { describe, expect, test } from '@jest/globals';
import { r700Format } from '#contract/codec/r700/format.ts';
import { testJsonFormatLaws } from '#test/contract/codec/json-format-laws.ts';

/**
 * Messages as published by users of the reader. Source: a webhook body of firmware 7.2 (Portal1), a race timer's MQTT
 * message with a padded identifier of four bytes, the OpenAPI 1.7 documents for the other events.
 */
const WEBHOOK =
  '[{"timestamp":"2021-02-02T22:18:35.658476625Z","eventType":"tagInventory","tagInventoryEvent":{"epc":"4oARYGAAAgpmgfI_","epcHex":"E28011606000020A6681F23F","antennaPort":1,"antennaName":"Portal1","lastSeenTime":"2021-02-02T22:18:35.499734Z"}},' +
  '{"timestamp":"2021-02-02T22:18:35.908535Z","eventType":"tagInventory","tagInventoryEvent":{"epc":"4oARYGAAAgpmhG1A","epcHex":"E28011606000020A66846D40","antennaPort":1,"antennaName":"Portal1","lastSeenTime":"2021-02-02T22:18:35.858088Z"}}]';
const MQTT =
  '{"timestamp":"2026-02-26T17:13:37.432087177Z","eventType":"tagInventory","tagInventoryEvent":{"epc":"ikUCJA==","antennaPort":3,"peakRssiCdbm":-7400,"frequency":866900,"transmitPowerCdbm":3150}}';
const FULL =
  '{"timestamp":"2023-01-01T00:00:00.123Z","hostname":"impinj-14-2b-3c","eventType":"tagInventory","tagInventoryEvent":{"epcHex":"300833b2ddd9014000000000","tidHex":"E28011606000020497CB0065","pc":"3000","xpcHex":"0001","antennaPort":2,"peakRssiCdbm":-5437,"phaseAngle":123.75,"tagAccessResponses":[{"command":"read","response":"success","dataHex":"FCA7"}]},"future":{"x":[1]}}';
const OTHERS = [
  '{"timestamp":"2023-01-01T00:00:00Z","eventType":"inventoryStatus","inventoryStatusEvent":{"status":"running"}}',
  '{"timestamp":"2023-01-01T00:00:00Z","eventType":"antennaDisconnected","antennaDisconnectedEvent":{"antennaPort":4}}',
  '{"timestamp":"2023-01-01T00:00:00Z","eventType":"antennaActivation","antennaActivationEvent":{"antennaPort":1}}',
  '{"timestamp":"2023-01-01T00:00:00Z","eventType":"gpiTransition","gpiTransitionEvent":{"gpi":1,"transition":"high-to-low"}}',
  '{"timestamp":"2023-01-01T00:00:00Z","eventType":"overflow","overflowEvent":{"firstEventTimestamp":"2023-01-01T00:00:00Z","lastEventTimestamp":"2023-01-01T00:00:01Z","eventsPurged":90,"eventsRemaining":10}}',
  '{"timestamp":"2023-01-01T00:00:00Z","eventType":"diagnostic","diagnosticEvent":{"code":7,"text":"\\u00e9{}"}}',
  '{"timestamp":"2023-01-01T00:00:00Z","eventType":"somethingNew","somethingNewEvent":{"a":{"b":null}}}',
  '{"timestamp":"2023-01-01T00:00:00Z","antennaConnectedEvent":{"antennaPort":1}}',
  '{"eventType":"tagInventory","tagInventoryEvent":{"epc":"4oARYGAAAgpmgfI_","epcHex":"E2801160"}}',
  '{"eventType":"tagInventory","tagInventoryEvent":{"epc":"not base64!","peakRssiCdbm":"loud"}}',
  '[1,null,{"no":"event"}]',
  '[]',
];

const decode = (text: string): unknown => {
  const decoded = r700Format.decode(new TextEncoder().encode(text));
  return decoded.ok ? decoded.value : decoded.error;
};

describe('R700 messages', () => {
  testJsonFormatLaws(r700Format, { frames: [WEBHOOK, MQTT, FULL, ...OTHERS] });

  test('a webhook body in plain words', () => {
    expect(decode(WEBHOOK)).toEqual({
      form: 'array',
      events: [
        {
          event: 'tagInventory',
          at: '2021-02-02T22:18:35.658476625Z',
          epc: 'E28011606000020A6681F23F',
          epcWritten: 'both',
          antenna: 1,
          antennaName: 'Portal1',
          lastSeenAt: '2021-02-02T22:18:35.499734Z',
        },
        {
          event: 'tagInventory',
          at: '2021-02-02T22:18:35.908535Z',
          epc: 'E28011606000020A66846D40',
          epcWritten: 'both',
          antenna: 1,
          antennaName: 'Portal1',
          lastSeenAt: '2021-02-02T22:18:35.858088Z',
        },
      ],
    });
  });

  test('an identifier as padded base64url, power in hundredths of a dBm', () => {
    expect(decode(MQTT)).toMatchObject({
      form: 'object',
      events: [
        { epc: '8A450224', epcWritten: 'base64url', antenna: 3, rssiDbm: -74, txDbm: 31.5, frequencyKhz: 866900 },
      ],
    });
  });

  test('hex of either case; what has no plain name is kept', () => {
    expect(decode(FULL)).toMatchObject({
      events: [
        {
          hostname: 'impinj-14-2b-3c',
          epc: '300833B2DDD9014000000000',
          tid: 'E28011606000020497CB0065',
          pc: '3000',
          xpc: '0001',
          rssiDbm: -54.37,
          phaseDegrees: 123.75,
          other: { tagAccessResponses: [{ command: 'read', response: 'success', dataHex: 'FCA7' }] },
          envelope: { future: { x: [1] } },
        },
      ],
    });
  });

  test.each([
    [0, { event: 'inventoryStatus', status: 'running' }],
    [1, { event: 'antennaDisconnected', antenna: 4 }],
    [3, { event: 'gpiTransition', gpi: 1, transition: 'high-to-low' }],
    [4, { event: 'overflow', lost: 90, kept: 10 }],
    [6, { event: 'somethingNew', other: { a: { b: null } } }],
    [7, { event: 'antennaConnected', antenna: 1 }],
    [8, { epc: 'E2801160', other: { epc: '4oARYGAAAgpmgfI_' } }],
    [9, { other: { epc: 'not base64!', peakRssiCdbm: 'loud' } }],
  ])('event %i', (index, expected) => {
    expect(decode(OTHERS[index] ?? '')).toMatchObject({ events: [expected] });
  });

  test('keepalives: an empty array, a bare line end', () => {
    expect(decode('[]')).toEqual({ form: 'array', events: [], keepalive: true });
    expect(decode('\r\n')).toEqual({ form: 'blank', events: [], keepalive: true });
  });

  test('lines of events, and events that touch, are one sequence', () => {
    for (const between of ['\n', '\r\n', '', ' ']) {
      expect(decode([MQTT, OTHERS[0] ?? '', MQTT].join(between))).toMatchObject({
        form: 'sequence',
        events: [{ event: 'tagInventory' }, { event: 'inventoryStatus' }, { event: 'tagInventory' }],
      });
    }
  });

  test('what is written is what the reader would write', () => {
    const encoded = r700Format.encode({
      form: 'object',
      events: [
        {
          event: 'tagInventory',
          at: '2026-03-02T09:00:00Z',
          epc: 'E28011606000020A6681F23F',
          epcWritten: 'both',
          antenna: 1,
          rssiDbm: -54.37,
        },
      ],
    });
    expect(encoded.ok && (JSON.parse(new TextDecoder().decode(encoded.value)) as unknown)).toEqual({
      timestamp: '2026-03-02T09:00:00Z',
      eventType: 'tagInventory',
      tagInventoryEvent: {
        epc: '4oARYGAAAgpmgfI_',
        epcHex: 'E28011606000020A6681F23F',
        antennaPort: 1,
        peakRssiCdbm: -5437,
      },
    });
  });

  test.each([
    [{ events: [{ event: 'tagInventory', epc: 'XYZ' }] }, 'events.0.epc'],
    [{ events: [{ event: 'tagInventory', rssi: -50 }] }, 'events.0.rssi'],
    [{ events: [{ antenna: 1 }] }, 'events.0.event'],
    [{ form: 'object', events: [] }, 'events'],
    [{ form: 'blank', events: [{ event: 'x' }] }, 'form'],
    [{ form: 'lines', events: [] }, 'form'],
  ])('%j names the field that does not fit', (value, path) => {
    expect(r700Format.encode(value)).toMatchObject({ ok: false, error: { path } });
  });
});
