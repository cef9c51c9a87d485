import { useCallback, useEffect, useMemo, useRef, type RefObject } from 'react';
import type { Box, Point } from './geometry.ts';
import { fit, holds, lookAt, pan, within, zoomAt } from './view-box.ts';

/** SVG units per metre: text smaller than one unit is drawn badly, so the map is drawn in centimetres. */
export const UNITS = 100;

const GLIDE_MS = 350;
const PAN_SHARE = 0.12;
const ZOOM_STEP = 1.5;
/** A finger that moved less than this meant a tap. */
const TAP_PIXELS_MAX = 6;
const LABEL_PIXELS = 24;
/** Labels come in three levels: ranges, then bays, then the shelves' counts. */
const BAY_PIXELS_PER_METRE = 45;
const SHELF_PIXELS_PER_METRE = 130;

export interface MapView {
  readonly svg: RefObject<SVGSVGElement | null>;
  readonly zoom: (direction: 1 | -1) => void;
  readonly fitAll: () => void;
  /** `false` where the key means nothing to the map. */
  readonly key: (key: string) => boolean;
}

interface Options {
  readonly bounds: Box;
  /** In view when a floor opens. */
  readonly content: Box;
  /** Where to look; changes glide there. `null` is the floor's content. */
  readonly focus: { readonly center: Point; readonly widthMetres: number } | null;
  readonly onTap: (at: Point, metresPerPixel: number) => void;
}

/**
 * Zoom and pan by wheel, pinch, drag and keys. The view lives outside React: a frame writes the view box and two
 * properties, and not one of two thousand shelves is drawn again by it.
 */
export function useMapView({ bounds, content, focus, onTap }: Options): MapView {
  const svg = useRef<SVGSVGElement>(null);
  const view = useRef<Box>(bounds);
  const whole = useRef<Box>(bounds);
  const opening = useRef<Box>(content);
  const frame = useRef(0);
  const tap = useRef(onTap);
  tap.current = onTap;

  const show = useCallback((next: Box): void => {
    const element = svg.current;
    if (element === null) return;
    view.current = next;
    const pixelsPerMetre = (element.clientWidth || 1) / next.width;
    const box = [next.x, next.y, next.width, next.height].map((value) => (value * UNITS).toFixed(1));
    element.setAttribute('viewBox', box.join(' '));
    // Only what keeps its size on the screen is told of the scale: the shelves need no new style for a zoom.
    element.querySelector<SVGGElement>('[data-scaled]')?.style.setProperty('--upp', String(UNITS / pixelsPerMetre));
    element.dataset['level'] =
      pixelsPerMetre > SHELF_PIXELS_PER_METRE ? '3' : pixelsPerMetre > BAY_PIXELS_PER_METRE ? '2' : '1';
    for (const label of element.querySelectorAll<SVGGElement>('[data-area]')) placeLabel(label, next, pixelsPerMetre);
  }, []);

  const glide = useCallback(
    (to: Box): void => {
      cancelAnimationFrame(frame.current);
      if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
        show(to);
        return;
      }
      const from = view.current;
      const startedAt = performance.now();
      const step = (now: number): void => {
        const linear = Math.min(1, (now - startedAt) / GLIDE_MS);
        const t = 1 - (1 - linear) ** 3;
        const mix = (a: number, b: number): number => a + (b - a) * t;
        show({
          x: mix(from.x, to.x),
          y: mix(from.y, to.y),
          width: mix(from.width, to.width),
          height: mix(from.height, to.height),
        });
        if (linear < 1) frame.current = requestAnimationFrame(step);
      };
      frame.current = requestAnimationFrame(step);
    },
    [show],
  );

  const home = useCallback((): Box => {
    if (focus === null) return opening.current;
    const near = lookAt(focus.center, focus.widthMetres, whole.current);
    return holds(content, focus.center) ? within(near, content) : near;
  }, [focus, content]);

  // A new floor or another size of the window starts over; another focus glides.
  useEffect(() => {
    const element = svg.current;
    if (element === null) return;
    const resize = (): void => {
      const aspect = element.clientWidth / Math.max(1, element.clientHeight);
      whole.current = fit(bounds, aspect > 0 ? aspect : 1);
      opening.current = fit(content, aspect > 0 ? aspect : 1);
      show(home());
    };
    resize();
    const observer = new ResizeObserver(resize);
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
    // `home` is left out on purpose: its change is the effect below, which glides.
  }, [bounds, content, show]);
  useEffect(() => {
    if (focus !== null) glide(home());
  }, [focus, glide, home]);

  useEffect(() => {
    const element = svg.current;
    if (element === null) return;
    return listen(element, {
      view: () => view.current,
      zoom: (at, factor) => {
        cancelAnimationFrame(frame.current);
        show(zoomAt(view.current, at, factor, whole.current));
      },
      pan: (by) => {
        cancelAnimationFrame(frame.current);
        show(pan(view.current, by, whole.current));
      },
      tap: (at) => {
        tap.current(at, view.current.width / (element.clientWidth || 1));
      },
    });
  }, [show]);

  return useMemo(() => {
    const zoom = (direction: 1 | -1): void => {
      const { x, y, width, height } = view.current;
      glide(zoomAt(view.current, [x + width / 2, y + height / 2], ZOOM_STEP ** direction, whole.current));
    };
    const fitAll = (): void => {
      glide(whole.current);
    };
    const key = (name: string): boolean => {
      const stepX = view.current.width * PAN_SHARE;
      const stepY = view.current.height * PAN_SHARE;
      const moves: Record<string, Point> = {
        ArrowLeft: [-stepX, 0],
        ArrowRight: [stepX, 0],
        ArrowUp: [0, -stepY],
        ArrowDown: [0, stepY],
      };
      const move = moves[name];
      if (move !== undefined) show(pan(view.current, move, whole.current));
      else if (name === '+' || name === '=') zoom(1);
      else if (name === '-') zoom(-1);
      else if (name === '0') fitAll();
      else return false;
      return true;
    };
    return { svg, zoom, fitAll, key };
  }, [glide, show]);
}

/** The name of an area stays in the part of it that is in view, and goes where it would not fit. */
function placeLabel(label: SVGGElement, view: Box, pixelsPerMetre: number): void {
  const area = (label.dataset['area'] ?? '').split(' ').map(Number);
  const [left = 0, top = 0, width = 0, height = 0] = area;
  const x = Math.max(left, view.x);
  const y = Math.max(top, view.y);
  const widthPixels = (Math.min(left + width, view.x + view.width) - x) * pixelsPerMetre;
  const heightPixels = (Math.min(top + height, view.y + view.height) - y) * pixelsPerMetre;
  const isShown = widthPixels >= Number(label.dataset['pixels']) && heightPixels >= LABEL_PIXELS;
  label.toggleAttribute('data-hidden', !isShown);
  label.toggleAttribute('data-short', widthPixels < Number(label.dataset['pixels']) + Number(label.dataset['more']));
  if (isShown) label.setAttribute('transform', `translate(${(x * UNITS).toFixed(1)} ${(y * UNITS).toFixed(1)})`);
}

interface Gestures {
  readonly view: () => Box;
  readonly zoom: (at: Point, factor: number) => void;
  readonly pan: (by: Point) => void;
  readonly tap: (at: Point) => void;
}

/** One pointer pans, two pinch, a wheel zooms at the pointer, a short touch is a tap. */
function listen(element: SVGSVGElement, gestures: Gestures): () => void {
  const pointers = new Map<number, Point>();
  let movedPixels = 0;
  const metresAt = (event: { clientX: number; clientY: number }): Point => {
    const rect = element.getBoundingClientRect();
    const view = gestures.view();
    const scale = view.width / rect.width;
    return [view.x + (event.clientX - rect.left) * scale, view.y + (event.clientY - rect.top) * scale];
  };
  const down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    if (pointers.size === 0) movedPixels = 0;
    pointers.set(event.pointerId, [event.clientX, event.clientY]);
  };
  const move = (event: PointerEvent): void => {
    const before = pointers.get(event.pointerId);
    if (before === undefined) return;
    const now: Point = [event.clientX, event.clientY];
    const scale = gestures.view().width / element.getBoundingClientRect().width;
    movedPixels += Math.hypot(now[0] - before[0], now[1] - before[1]);
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other === undefined) {
      if (movedPixels > TAP_PIXELS_MAX) gestures.pan([(before[0] - now[0]) * scale, (before[1] - now[1]) * scale]);
    } else {
      const spread = Math.hypot(now[0] - other[0], now[1] - other[1]);
      const spreadBefore = Math.hypot(before[0] - other[0], before[1] - other[1]);
      const middle = { clientX: (now[0] + other[0]) / 2, clientY: (now[1] + other[1]) / 2 };
      if (spreadBefore > 0) gestures.zoom(metresAt(middle), spread / spreadBefore);
      gestures.pan([((before[0] - now[0]) * scale) / 2, ((before[1] - now[1]) * scale) / 2]);
    }
    pointers.set(event.pointerId, now);
  };
  const up = (event: PointerEvent): void => {
    const wasDown = pointers.delete(event.pointerId);
    if (wasDown && event.type === 'pointerup' && pointers.size === 0 && movedPixels <= TAP_PIXELS_MAX) {
      gestures.tap(metresAt(event));
    }
  };
  const wheel = (event: WheelEvent): void => {
    event.preventDefault();
    gestures.zoom(metresAt(event), Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0016)));
  };
  element.addEventListener('pointerdown', down);
  element.addEventListener('pointermove', move);
  element.addEventListener('pointerup', up);
  element.addEventListener('pointercancel', up);
  element.addEventListener('wheel', wheel, { passive: false });
  return () => {
    element.removeEventListener('pointerdown', down);
    element.removeEventListener('pointermove', move);
    element.removeEventListener('pointerup', up);
    element.removeEventListener('pointercancel', up);
    element.removeEventListener('wheel', wheel);
  };
}
