/**
 * Uplinks as The Things Stack (version 3) publishes them on MQTT, topic `v3/{application}@{tenant}/devices/{device}/up`
 * (without `@{tenant}` in the open-source edition).
 *
 * The server leaves out every field that is empty or zero, so a first frame has no `f_cnt` and an empty one no
 * `frm_payload`. Its `decoded_payload` is not used: published decoders have faults, ours are ours to mend.
 *
 * Source: The Things Stack documentation, "Data Formats" (uplink messages) and "MQTT Server".
 */
import { z } from 'zod';
import { decodeBase64, encodeBase64 } from '#contract/codec/base64.ts';
import type { CodecError } from '#contract/codec/codec-error.ts';
import { err, ok, type Result } from '#contract/result.ts';

/** Matches the uplinks of every application and device that the login may see. */
export const UPLINK_FILTER = 'v3/+/devices/+/up';

/** A LoRaWAN payload is at most 242 bytes; with all radio metadata a message stays far below this. */
export const UPLINK_CHARACTERS_MAX = 65_536;

/** How one LoRaWAN gateway heard the frame. */
export interface Reception {
  readonly gatewayId: string;
  readonly rssiDbm?: number;
  readonly snrDb?: number;
}

export interface ThingsStackUplink {
  readonly applicationId: string;
  readonly deviceId: string;
  /** 16 hexadecimal digits, where the server says. */
  readonly devEui?: string;
  /** When the network server took the frame in; ISO 8601, UTC, milliseconds. */
  readonly receivedAt: string;
  readonly fPort: number;
  /** Counts up with each frame of a session; a gap is a lost frame. */
  readonly frameCounter: number;
  readonly payload: Uint8Array;
  readonly receptions: readonly Reception[];
}

const Time = z.iso.datetime({ offset: true });

const UplinkJson = z.object({
  end_device_ids: z.object({
    device_id: z.string().min(1),
    application_ids: z.object({ application_id: z.string().min(1) }),
    dev_eui: z.string().optional(),
  }),
  received_at: Time,
  uplink_message: z.object({
    f_port: z.int().min(0).max(255).default(0),
    f_cnt: z.int().min(0).default(0),
    frm_payload: z.base64().default(''),
    received_at: Time.optional(),
    rx_metadata: z
      .array(
        z.object({
          gateway_ids: z.object({ gateway_id: z.string() }),
          rssi: z.number().optional(),
          snr: z.number().optional(),
        }),
      )
      .default([]),
  }),
});

/**
 * Reads one message.
 *
 * Errors: `bad-length` (too long to be an uplink), `bad-value` (no JSON), `unsupported` (not an uplink, or a field we
 * need is missing or wrong; `detail` says which).
 */
export function decodeUplink(json: string): Result<ThingsStackUplink, CodecError> {
  if (json.length > UPLINK_CHARACTERS_MAX) {
    return err({ code: 'bad-length', offsetBytes: UPLINK_CHARACTERS_MAX, detail: `${json.length} characters` });
  }
  const parsed = parseJson(json);
  if (parsed === undefined) return err({ code: 'bad-value', offsetBytes: 0, detail: 'not JSON' });
  const uplink = UplinkJson.safeParse(parsed.value);
  if (!uplink.success) {
    const detail = uplink.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    return err({ code: 'unsupported', offsetBytes: 0, detail });
  }
  return ok(toUplink(uplink.data));
}

function parseJson(json: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(json) };
  } catch {
    return undefined;
  }
}

function toUplink({
  end_device_ids: ids,
  received_at,
  uplink_message: up,
}: z.infer<typeof UplinkJson>): ThingsStackUplink {
  return {
    applicationId: ids.application_ids.application_id,
    deviceId: ids.device_id,
    ...(ids.dev_eui !== undefined && { devEui: ids.dev_eui }),
    receivedAt: new Date(up.received_at ?? received_at).toISOString(),
    fPort: up.f_port,
    frameCounter: up.f_cnt,
    payload: decodeBase64(up.frm_payload),
    receptions: up.rx_metadata.map(({ gateway_ids, rssi, snr }) => ({
      gatewayId: gateway_ids.gateway_id,
      ...(rssi !== undefined && { rssiDbm: rssi }),
      ...(snr !== undefined && { snrDb: snr }),
    })),
  };
}

/** The message the server would publish for `uplink`, empty fields left out as it does. */
export function encodeUplink(uplink: ThingsStackUplink): string {
  return JSON.stringify({
    end_device_ids: {
      device_id: uplink.deviceId,
      application_ids: { application_id: uplink.applicationId },
      dev_eui: uplink.devEui,
    },
    received_at: uplink.receivedAt,
    uplink_message: {
      f_port: unlessZero(uplink.fPort),
      f_cnt: unlessZero(uplink.frameCounter),
      frm_payload: uplink.payload.length === 0 ? undefined : encodeBase64(uplink.payload),
      rx_metadata: uplink.receptions.map(({ gatewayId, rssiDbm, snrDb }) => ({
        gateway_ids: { gateway_id: gatewayId },
        rssi: rssiDbm,
        snr: snrDb,
      })),
      received_at: uplink.receivedAt,
    },
  });
}

function unlessZero(value: number): number | undefined {
  return value === 0 ? undefined : value;
}

/** Topic of a device's uplinks; `tenant` is absent in the open-source edition. */
export function uplinkTopic(applicationId: string, deviceId: string, tenant?: string): string {
  const application = tenant === undefined ? applicationId : `${applicationId}@${tenant}`;
  return `v3/${application}/devices/${deviceId}/up`;
}
