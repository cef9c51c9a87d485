import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { decodeUplink, encodeUplink, UPLINK_CHARACTERS_MAX, uplinkTopic } from '#contract/codec/things-stack/uplink.ts';

/** As the server publishes it, shortened; fields we do not use are left in. */
const MESSAGE = {
  end_device_ids: {
    device_id: 'door-north',
    application_ids: { application_id: 'library' },
    dev_eui: '24E124782C123456',
    dev_addr: '260BE6BF',
  },
  correlation_ids: ['as:up:01'],
  received_at: '2025-06-20T14:34:32.869542824Z',
  uplink_message: {
    session_key_id: 'AZpdcJdm3ixYYWExQAIgUg==',
    f_port: 85,
    f_cnt: 25,
    frm_payload: 'A9JIAAAA',
    decoded_payload: { line_1_total_in: 72 },
    rx_metadata: [
      { gateway_ids: { gateway_id: 'roof', eui: 'A84041FFFF24A438' }, rssi: -42, channel_rssi: -42, snr: 5.8 },
      { gateway_ids: { gateway_id: 'cellar' } },
    ],
    settings: { frequency: '867500000' },
    received_at: '2025-06-20T14:34:32.656299995Z',
  },
};

describe('The Things Stack uplink', () => {
  test('is read', () => {
    expect(decodeUplink(JSON.stringify(MESSAGE))).toEqual({
      ok: true,
      value: {
        applicationId: 'library',
        deviceId: 'door-north',
        devEui: '24E124782C123456',
        receivedAt: '2025-06-20T14:34:32.656Z',
        fPort: 85,
        frameCounter: 25,
        payload: Uint8Array.of(0x03, 0xd2, 0x48, 0, 0, 0),
        receptions: [{ gatewayId: 'roof', rssiDbm: -42, snrDb: 5.8 }, { gatewayId: 'cellar' }],
      },
    });
  });

  test('fields that the server leaves out are zero or empty', () => {
    const { device_id, application_ids } = MESSAGE.end_device_ids;
    const sparse = {
      end_device_ids: { device_id, application_ids },
      received_at: MESSAGE.received_at,
      uplink_message: {},
    };
    expect(decodeUplink(JSON.stringify(sparse))).toEqual({
      ok: true,
      value: {
        applicationId: 'library',
        deviceId: 'door-north',
        receivedAt: '2025-06-20T14:34:32.869Z',
        fPort: 0,
        frameCounter: 0,
        payload: new Uint8Array(0),
        receptions: [],
      },
    });
  });

  test.each([
    ['no JSON', '{', 'bad-value', 'JSON'],
    [
      'a join',
      JSON.stringify({ ...MESSAGE, uplink_message: undefined, join_accept: {} }),
      'unsupported',
      'uplink_message',
    ],
    ['no device', JSON.stringify({ ...MESSAGE, end_device_ids: {} }), 'unsupported', 'device_id'],
    [
      'a payload that is no base64',
      JSON.stringify({ ...MESSAGE, uplink_message: { frm_payload: '*' } }),
      'unsupported',
      'frm_payload',
    ],
    ['a time that is none', JSON.stringify({ ...MESSAGE, received_at: 'noon' }), 'unsupported', 'received_at'],
    ['null', 'null', 'unsupported', ''],
    ['a flood', `"${'x'.repeat(UPLINK_CHARACTERS_MAX)}"`, 'bad-length', 'characters'],
  ])('%s is refused', (_name, json, code, detail) => {
    const read = decodeUplink(json);
    expect(read).toMatchObject({ ok: false, error: { code } });
    expect(!read.ok && read.error.detail).toContain(detail);
  });

  test('what is written is read back, and empty fields are left out', () => {
    const uplink = fc.record({
      applicationId: fc.string({ minLength: 1 }),
      deviceId: fc.string({ minLength: 1 }),
      devEui: fc.constant('24E124782C123456'),
      receivedAt: fc
        .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString()),
      fPort: fc.integer({ min: 0, max: 255 }),
      frameCounter: fc.nat(),
      payload: fc.uint8Array({ maxLength: 242 }),
      receptions: fc.array(fc.record({ gatewayId: fc.string(), rssiDbm: fc.integer({ min: -140, max: 0 }) }), {
        maxLength: 3,
      }),
    });
    fc.assert(
      fc.property(uplink, (given) => {
        expect(decodeUplink(encodeUplink(given))).toEqual({ ok: true, value: given });
      }),
    );
    const empty = encodeUplink({
      applicationId: 'a',
      deviceId: 'd',
      receivedAt: '2025-06-20T14:34:32.656Z',
      fPort: 0,
      frameCounter: 0,
      payload: new Uint8Array(0),
      receptions: [],
    });
    expect(empty).not.toMatch(/f_port|f_cnt|frm_payload|dev_eui/);
  });

  test('no text makes it throw', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (json) => void decodeUplink(json)));
  });

  test('the topic names the tenant where there is one', () => {
    expect(uplinkTopic('library', 'door', 'ttn')).toBe('v3/library@ttn/devices/door/up');
    expect(uplinkTopic('library', 'door')).toBe('v3/library/devices/door/up');
  });
});
