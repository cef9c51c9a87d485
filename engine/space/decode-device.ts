/** Third-party counters: from the vendor's payload to the totals of the lines that the plan wires them to. */
import { decodeBase64 } from '#contract/codec/base64.ts';
import { decodeVs133, lineTotals } from '#contract/codec/milesight/vs133.ts';
import { decodeUplink } from '#contract/codec/things-stack/uplink.ts';
import type { Sensor } from '#contract/domain/plan.ts';
import { err, ok, type Result } from '#contract/result.ts';

export interface CounterReading {
  readonly line: string;
  readonly atMs: number;
  readonly totalIn: number;
  readonly totalOut: number;
  readonly totalBits: number;
}

/** The VS133 counts in 32 bits. */
const VS133_TOTAL_BITS = 32;

/** `payloadBase64` is the message as the device's broker sent it. Errors: a sentence why nothing could be read. */
export function decodeDevice(
  sensor: Sensor,
  payloadBase64: string,
): Result<readonly CounterReading[], { detail: string }> {
  const uplink = decodeUplink(new TextDecoder().decode(decodeBase64(payloadBase64)));
  if (!uplink.ok) return err({ detail: uplink.error.detail });
  const atMs = Date.parse(uplink.value.receivedAt);
  const totals = lineTotals(decodeVs133(uplink.value.payload).readings);
  const readings = totals.flatMap(({ line: channel, totalIn, totalOut }) => {
    const wiring = sensor.lines.find((entry) => entry.channel === channel);
    if (wiring === undefined || totalIn === undefined || totalOut === undefined) return [];
    const [inward, outward] = wiring.reversed ? [totalOut, totalIn] : [totalIn, totalOut];
    return [{ line: wiring.line, atMs, totalIn: inward, totalOut: outward, totalBits: VS133_TOTAL_BITS }];
  });
  return ok(readings);
}
