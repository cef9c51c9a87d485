/** From what a sensor said of its own channels to observations of the library's lines and places. Pure. */
import type { SpaceReading } from '#contract/codec/space-sensor/reading.ts';

/** How a reading was come by: our decoder of the raw bytes, or the network server's (only for devices we do not know). */
export type ReadingSource = 'raw' | 'network-decoded';

export interface SensorWiring {
  readonly sensor: string;
  /** Undefined: this channel means no line of the library. */
  lineOf(channel: string): { readonly line: string; readonly reversed: boolean } | undefined;
  placeOf(channel: string): string | undefined;
  /** For readings without a time of their own; null where nobody knows. */
  readonly receivedAt: string | null;
  readonly source: ReadingSource;
  readonly frame?: number;
}

/** Shaped as the wire contract's observations; times may be null on the bench, where nothing was received. */
export type SensorObservation = Readonly<Record<string, unknown>> & { readonly kind: SpaceReading['kind'] };

/** Readings of channels that are wired to nothing are left out. */
export function toObservations(readings: readonly SpaceReading[], wiring: SensorWiring): readonly SensorObservation[] {
  return readings.flatMap((reading) => toObservation(reading, wiring) ?? []);
}

function toObservation(reading: SpaceReading, wiring: SensorWiring): SensorObservation | undefined {
  const { sensor, source } = wiring;
  const at = reading.at ?? wiring.receivedAt;
  switch (reading.kind) {
    case 'flow': {
      const wired = wiring.lineOf(reading.channel);
      if (wired === undefined) return undefined;
      const { totalBits, from } = reading;
      const period = { periodFrom: from ?? at, periodTo: at };
      const frame = wiring.frame === undefined ? {} : { frame: wiring.frame };
      const { kind, counts } = { kind: reading.kind, counts: turned(reading, wired.reversed) };
      return { kind, sensor, line: wired.line, ...period, ...counts, totalBits, ...frame, source };
    }
    case 'level': {
      const place = wiring.placeOf(reading.channel);
      if (place === undefined) return undefined;
      const { kind, people, occupied } = reading;
      return { kind, sensor, place, at, people, occupied, source };
    }
    case 'environment': {
      const place = wiring.placeOf('all');
      if (place === undefined) return undefined;
      const { kind, quantity, value, unit } = reading;
      return { kind, sensor, place, at, quantity, value, unit, source };
    }
    case 'health': {
      const { kind, state, flags, batteryV, batteryPercent } = reading;
      const battery = {
        ...(batteryV !== undefined && { batteryV }),
        ...(batteryPercent !== undefined && { batteryPercent }),
      };
      return { kind, subject: sensor, at, state, flags, ...battery };
    }
  }
}

type Counts = Pick<Extract<SpaceReading, { kind: 'flow' }>, 'in' | 'out' | 'totalIn' | 'totalOut'>;

/** The vendor's "in" may lead out of the place that the plan calls in. */
function turned(reading: Counts, isReversed: boolean): Counts {
  const [inward, out] = isReversed ? [reading.out, reading.in] : [reading.in, reading.out];
  const [totalIn, totalOut] = isReversed ? [reading.totalOut, reading.totalIn] : [reading.totalIn, reading.totalOut];
  return {
    ...(inward !== undefined && { in: inward }),
    ...(out !== undefined && { out }),
    ...(totalIn !== undefined && { totalIn }),
    ...(totalOut !== undefined && { totalOut }),
  };
}
