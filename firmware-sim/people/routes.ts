/** Ways through the building. The zones are a tree with the street at its root, so there is one way between any two. */
import { LINES, type LineId, type ZoneId } from '#sim/world/zones.ts';

/** A zone, or `null` for the street. */
export type Whereabouts = ZoneId | null;

export interface Crossing {
  readonly line: LineId;
  readonly direction: 'in' | 'out';
  readonly to: Whereabouts;
}

/** The lines to cross from one zone to another, in order. */
export function routeBetween(from: Whereabouts, to: Whereabouts): readonly Crossing[] {
  const down = pathToStreet(to);
  const up = pathToStreet(from);
  const meeting = up.find((zone) => down.includes(zone)) ?? null;
  const leaving = up.slice(0, up.indexOf(meeting)).map((zone) => crossing(zone, 'out'));
  const entering = down.slice(0, down.indexOf(meeting)).reverse();
  return [...leaving, ...entering.map((zone) => crossing(zone, 'in'))];
}

function pathToStreet(zone: Whereabouts): readonly Whereabouts[] {
  if (zone === null) return [null];
  const parent = LINES.find((line) => line.to === zone)?.from ?? null;
  return [zone, ...pathToStreet(parent)];
}

function crossing(inner: Whereabouts, direction: 'in' | 'out'): Crossing {
  const line = LINES.find((candidate) => candidate.to === inner);
  if (line === undefined) throw new RangeError('the street is behind no line');
  return { line: line.id, direction, to: direction === 'in' ? line.to : line.from };
}
