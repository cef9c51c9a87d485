import { describe, expect, test } from '@jest/globals';
import { zebraFormat } from '#contract/codec/zebra/format.ts';
import { testJsonFormatLaws } from '#test/contract/codec/json-format-laws.ts';

/**
 * Source: messages captured from FXR60 and FXR90 readers by users (five operating modes, gpo), a captured FX9600 heartbeat
 * cut short, the vendor's examples for the handhelds (dataEVT, heartBeatEVT) and for zone history (unix milliseconds).
 */
const SIMPLE =
  '{"data":{"eventNum":5036,"format":"epc","idHex":"e2806894000040017790e471"},"timestamp":"2026-09-07T12:50:36.194+0000","type":"SIMPLE"}';
const INVENTORY =
  '{"data":{"antenna":1,"eventNum":5059,"format":"epc","idHex":"e2806894000040017790e471","peakRssi":-37,"reads":1},"timestamp":"2026-09-07T12:50:55.513+0000","type":"INVENTORY"}';
const CUSTOM =
  '{"type":"CUSTOM","timestamp":"2026-08-21T21:04:37.086+0300","data":{"idHex":"07D7FEF80080507FEFF5CB6DB0649CB6","peakRssi":-53,"antenna":4,"channel":911.75,"phase":12.5,"PC":"4000","TID":"E2003412013BFD00","MAC":"C4:7D:CC:FF:FF:FF","hostName":"FX9600F0F4B5","eventNum":1,"reads":3,"userDefined":"door 1"}}';
const MANAGED =
  '{"type":"SimpleTagEvent","timestamp":1699540400724,"data":{"format":"epc","idHex":"7EDA9038051002710002C0AE","antenna":1,"peakRssi":-70,"eventNum":12,"reads":1}}';
const FLAT =
  '{"antenna":2,"eventNum":9,"format":"epc","idHex":"7EDA9038051002710002C0AE","peakRssi":-60,"timestamp":"2026-09-07T12:50:55.513+0000"}';
const GPO =
  '{"component":"RG","data":{"pin":1,"state":"HIGH"},"eventNum":9,"timestamp":"2026-09-07T12:21:53.635+0000","type":"gpo"}';
const GPI =
  '{"component":"RG","data":{"pin":2,"state":"LOW"},"eventNum":10,"timestamp":"2026-09-07T12:21:53.635+0000","type":"gpi"}';
const HEARTBEAT =
  '{"component":"RG","data":{"radio_control":{"antennas":{"1":"connected","2":"disconnected"},"numTagReads":3062,"radioActivity":"active","radioConnection":"connected","status":"running","uptime":"05:19:28"},"system":{"flash":null,"temperature":{"ambient":23}},"userapps":[]},"eventNum":328,"timestamp":"2023-03-01T13:57:29.126+0000","type":"heartbeat"}';
const ERROR =
  '{"component":"RC","data":{"message":"antenna 1 {open}"},"eventNum":329,"timestamp":"2023-03-01T13:57:30.126+0000","type":"error"}';
const HANDHELD =
  '{"type":"BALANCED_PERFORMANCE","timestamp":"2019-08-24T14:15:22Z","data":{"tagData":[{"EPCid":"BEDD11112222333344445555","EPC":"BEDD11112222333344445555","TID":"E2003412013BFD000B4E16D21D030143000D5FFBFFFFDC60","USER":"12343333123456781234567812345678","channel":911.75,"eventNum":1,"peakRssi":-39,"phase":0,"seenCount":1,"accessResults":["READ-EPC-SUCCESS"]},{"EPC":"BEDD11112222333344445556","eventNum":4}],"barcodeData":[{"decodedBarcode":"31234567","symbology":"CODE39","eventNum":2}]}}';
const HANDHELD_HEARTBEAT =
  '{"eventName":"heartbeat","timestamp":"2019-08-24T14:15:22Z","eventNumber":120,"data":{"inventoryStatus":{"rfidStatus":"INPROGRESS","tagCount":45},"batteryAlert":{"status":"HIGH","chargePercentage":85}}}';
const ODD = [
  '{"type":"SIMPLE","timestamp":"yesterday","data":{"idHex":"not hex","antenna":"one"}}',
  '{"type":7,"data":{}}',
  '{"type":"tag","data":{}}',
  '[{"type":"warning"},5]',
  '{"type":"gpi","data":{"pin":1,"state":"HIGH","more":1}}',
  '{"data":{"tagData":"none","barcodeData":[]}}',
  '[]',
];

const decode = (text: string): unknown => {
  const decoded = zebraFormat.decode(new TextEncoder().encode(text));
  return decoded.ok ? decoded.value : decoded.error;
};

describe('Zebra messages', () => {
  testJsonFormatLaws(zebraFormat, {
    frames: [
      SIMPLE,
      INVENTORY,
      CUSTOM,
      MANAGED,
      FLAT,
      GPO,
      GPI,
      HEARTBEAT,
      ERROR,
      HANDHELD,
      HANDHELD_HEARTBEAT,
      ...ODD,
    ],
  });

  test.each([
    [
      'SIMPLE: three fields and no antenna',
      SIMPLE,
      {
        event: 'tag',
        mode: 'SIMPLE',
        at: '2026-09-07T12:50:36.194Z',
        epc: 'E2806894000040017790E471',
        format: 'epc',
        eventNum: 5036,
      },
    ],
    [
      'INVENTORY',
      INVENTORY,
      {
        event: 'tag',
        mode: 'INVENTORY',
        at: '2026-09-07T12:50:55.513Z',
        epc: 'E2806894000040017790E471',
        format: 'epc',
        eventNum: 5059,
        antenna: 1,
        rssiDbm: -37,
        reads: 1,
      },
    ],
    [
      'CUSTOM, with an offset of three hours',
      CUSTOM,
      {
        event: 'tag',
        mode: 'CUSTOM',
        at: '2026-08-21T18:04:37.086Z',
        epc: '07D7FEF80080507FEFF5CB6DB0649CB6',
        antenna: 4,
        rssiDbm: -53,
        reads: 3,
        eventNum: 1,
        channelMhz: 911.75,
        phaseDegrees: 12.5,
        pc: '4000',
        tid: 'E2003412013BFD00',
        mac: 'C4:7D:CC:FF:FF:FF',
        hostname: 'FX9600F0F4B5',
        other: { userDefined: 'door 1' },
      },
    ],
    [
      'unix milliseconds',
      MANAGED,
      {
        event: 'tag',
        mode: 'SimpleTagEvent',
        at: '2023-11-09T14:33:20.724Z',
        atWritten: 'unix-ms',
        epc: '7EDA9038051002710002C0AE',
        format: 'epc',
        antenna: 1,
        rssiDbm: -70,
        eventNum: 12,
        reads: 1,
      },
    ],
    [
      'without its envelope',
      FLAT,
      {
        event: 'tag',
        flat: true,
        at: '2026-09-07T12:50:55.513Z',
        epc: '7EDA9038051002710002C0AE',
        format: 'epc',
        antenna: 2,
        rssiDbm: -60,
        eventNum: 9,
      },
    ],
    ['gpi', GPI, { event: 'gpi', component: 'RG', eventNum: 10, at: '2026-09-07T12:21:53.635Z', pin: 2, state: 'LOW' }],
  ])('%s', (_name, text, event) => {
    expect(decode(text)).toEqual({ form: 'object', events: [event] });
  });

  test('a heartbeat keeps what it says', () => {
    expect(decode(HEARTBEAT)).toMatchObject({
      events: [{ event: 'heartbeat', eventNum: 328, data: { radio_control: { antennas: { 2: 'disconnected' } } } }],
    });
  });

  test('a handheld sends many tags and barcodes in one message', () => {
    expect(decode(HANDHELD)).toMatchObject({
      events: [
        {
          event: 'tags',
          mode: 'BALANCED_PERFORMANCE',
          tags: [
            {
              epc: 'BEDD11112222333344445555',
              tid: 'E2003412013BFD000B4E16D21D030143000D5FFBFFFFDC60',
              rssiDbm: -39,
              reads: 1,
            },
            { epc: 'BEDD11112222333344445556', eventNum: 4 },
          ],
          barcodes: [{ barcode: '31234567', symbology: 'CODE39' }],
        },
      ],
      lost: [{ behind: 1, count: 2 }],
    });
    expect(decode(HANDHELD_HEARTBEAT)).toMatchObject({ events: [{ event: 'heartbeat', eventNum: 120 }] });
  });

  test('messages that touch; a gap in their numbers is told, tags and management apart', () => {
    const numbered = (n: number): string => INVENTORY.replace('5059', String(n));
    expect(decode(numbered(5) + numbered(6) + GPO + numbered(10) + GPI + numbered(2))).toMatchObject({
      form: 'sequence',
      lost: [{ behind: 6, count: 3 }],
    });
    expect(decode(numbered(5) + numbered(6))).not.toHaveProperty('lost');
  });

  test.each([
    [{ events: [{ event: 'tag', antenna: 1 }] }, 'events.0.epc'],
    [{ events: [{ event: 'tag', epc: '3008', at: 'noon' }] }, 'events.0.at'],
    [{ events: [{ event: 'tag', epc: '3008', rssi: 1 }] }, 'events.0.rssi'],
    [{ events: [{ event: 'tags' }] }, 'events.0.tags'],
    [{ events: [{ event: 'tags', tags: [{ epc: 5 }] }] }, 'events.0.tags.0.epc'],
    [{ events: [{ event: 'gpi', pin: 'x' }] }, 'events.0.pin'],
    [{ events: [7] }, 'events.0'],
  ])('%j names the field that does not fit', (value, path) => {
    expect(zebraFormat.encode(value)).toMatchObject({ ok: false, error: { path } });
  });
});
