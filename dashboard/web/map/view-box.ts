/** The part of the floor in view, in metres. Pure: the component only writes the answer into the SVG. */
import type { Box, Point } from './geometry.ts';

/** Two metres across is one shelf filling the screen; closer shows nothing more. */
const WIDTH_METRES_MIN = 2;

/** The whole floor, with the shape of the window so that nothing is squeezed. */
export function fit(bounds: Box, aspect: number): Box {
  const width = Math.max(bounds.width, bounds.height * aspect);
  const height = width / aspect;
  return {
    x: bounds.x + (bounds.width - width) / 2,
    y: bounds.y + (bounds.height - height) / 2,
    width,
    height,
  };
}

/** Zooms by `factor` (above 1 is closer) and keeps the point under the finger where it is. */
export function zoomAt(view: Box, at: Point, factor: number, whole: Box): Box {
  const width = Math.min(Math.max(view.width / factor, WIDTH_METRES_MIN), whole.width * 1.2);
  const scale = width / view.width;
  return keepNear(
    {
      x: at[0] - (at[0] - view.x) * scale,
      y: at[1] - (at[1] - view.y) * scale,
      width,
      height: view.height * scale,
    },
    whole,
  );
}

export function pan(view: Box, by: Point, whole: Box): Box {
  return keepNear({ ...view, x: view.x + by[0], y: view.y + by[1] }, whole);
}

/** A window of `widthMetres` around a point. */
export function lookAt(center: Point, widthMetres: number, whole: Box): Box {
  const width = Math.min(Math.max(widthMetres, WIDTH_METRES_MIN), whole.width);
  const height = (width * whole.height) / whole.width;
  return { x: center[0] - width / 2, y: center[1] - height / 2, width, height };
}

/** Moves a view that looks past the edge of a box back in, as far as it fits: what lies outside is empty. */
export function within(view: Box, box: Box): Box {
  const clamp = (value: number, low: number, room: number): number =>
    room < 0 ? low + room / 2 : Math.min(Math.max(value, low), low + room);
  return {
    ...view,
    x: clamp(view.x, box.x, box.width - view.width),
    y: clamp(view.y, box.y, box.height - view.height),
  };
}

export function holds(box: Box, [x, y]: Point): boolean {
  return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
}

/** The middle of the view stays on the floor, so that nobody gets lost in white space. */
function keepNear(view: Box, whole: Box): Box {
  const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);
  return {
    ...view,
    x: clamp(view.x, whole.x - view.width / 2, whole.x + whole.width - view.width / 2),
    y: clamp(view.y, whole.y - view.height / 2, whole.y + whole.height - view.height / 2),
  };
}
