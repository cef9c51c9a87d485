/**
 * The demo building: one branch, two floors of 36 by 16 metres, five zones that people walk between and every one of
 * them behind a counted line.
 *
 *     floor 1    street > door-main > hall > arch-ground > ground-shelves > door-reading > ground-reading
 *     floor 2                         hall > stairs > upper-shelves > door-quiet > upper-quiet
 *
 * Each floor has four double-faced ranges; the second one is smart: one antenna behind each of its 90 shelves.
 */
import type { Plan } from '#contract/domain/plan.ts';
import { shelvesOfFloor, type Shelf } from './ranges.ts';

type Place = Plan['places'][number];
type Polygon = NonNullable<Place['polygon']>;

export const BRANCH = 'central';
export const DESK = 'desk-return';
export const TROLLEY = 'trolley-1';
export const DESK_READ_POINT = 'rp-desk-return';
export const DESK_READER = 'desk-1';

/** Everything of the building but the ranges. */
export function buildingPlaces(library: { readonly key: string; readonly name: string }): Place[] {
  const at = (id: string, kind: Place['kind'], parent: string, rest: Omit<Place, 'id' | 'kind' | 'parent'>): Place => ({
    id,
    kind,
    parent,
    ...rest,
  });
  return [
    { id: 'site', kind: 'library', parent: null, name: library.name },
    at(BRANCH, 'branch', 'site', { name: 'Central' }),
    at('f1', 'floor', BRANCH, { name: '1', polygon: box(0, 0, 36, 16) }),
    at('f2', 'floor', BRANCH, { name: '2', polygon: box(0, 0, 36, 16) }),
    at('hall', 'zone', 'f1', { name: 'Entrance hall', polygon: box(0, 0, 11, 16), capacity: 60 }),
    at('ground-shelves', 'zone', 'f1', { name: 'Ground floor shelves', polygon: box(11, 0, 27, 16), capacity: 60 }),
    at('ground-reading', 'zone', 'f1', { name: 'Reading room', polygon: box(27, 0, 36, 16), capacity: 48 }),
    at('upper-shelves', 'zone', 'f2', { name: 'Upper floor shelves', polygon: box(0, 0, 27, 16), capacity: 80 }),
    at('upper-quiet', 'zone', 'f2', { name: 'Quiet reading room', polygon: box(27, 0, 36, 16), capacity: 40 }),
    at(DESK, 'desk', 'hall', { name: 'Return desk', polygon: box(4, 4, 8, 5.5) }),
    at(TROLLEY, 'trolley', 'hall', { name: '1', polygon: box(8.6, 4.2, 9.6, 4.8), capacity: 200 }),
    at('door-main', 'line', 'f1', { name: 'Main door', polygon: box(0, 7, 0.4, 9) }),
    at('arch-ground', 'line', 'f1', { name: 'Way to the shelves', polygon: box(10.8, 6.5, 11.2, 9.5) }),
    at('door-reading', 'line', 'f1', { name: 'Reading room door', polygon: box(26.8, 7, 27.2, 9) }),
    at('stairs', 'line', 'f1', { name: 'Stairs', polygon: box(7, 12, 10.5, 15) }),
    at('stairs-upper', 'line', 'f2', { name: 'Stairs, upper end', polygon: box(7, 12, 10.5, 15) }),
    at('door-quiet', 'line', 'f2', { name: 'Quiet room door', polygon: box(26.8, 7, 27.2, 9) }),
  ];
}

/** Walkable edges, in metres as people walk. */
export function buildingAisles(): Plan['aisles'] {
  return [
    edge('door-main', DESK, 6.5),
    edge(DESK, TROLLEY, 2.8),
    edge(DESK, 'arch-ground', 5.9),
    edge(TROLLEY, 'arch-ground', 4),
    edge('door-main', 'stairs', 10.2),
    edge(DESK, 'stairs', 9.1),
    edge('arch-ground', 'f1-r1', 5.6),
    edge('f1-r4', 'door-reading', 5.9),
    edge('stairs', 'stairs-upper', 12),
    edge('stairs-upper', 'f2-r1', 11.4),
    edge('f2-r4', 'door-quiet', 5.9),
  ];
}

/** Both floors' shelves, in the order in which call numbers run. */
export function buildingShelves(): readonly Shelf[] {
  return [
    ...shelvesOfFloor({ floor: 1, zone: 'ground-shelves' }),
    ...shelvesOfFloor({ floor: 2, zone: 'upper-shelves' }),
  ];
}

/** A rectangle by its corners. */
export function box(left: number, top: number, right: number, bottom: number): Polygon {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

function edge(a: string, b: string, metres: number): Plan['aisles'][number] {
  return { a, b, metres };
}
