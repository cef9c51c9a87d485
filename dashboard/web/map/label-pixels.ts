const WIDE = /[\u2E80-\u9FFF\uF900-\uFAFF\uFF00-\uFFEF]/g;
const WIDE_PIXELS = 12;
const NARROW_PIXELS = 7;

/** How wide words are on the map at its 12 px, near enough to decide whether they fit; Chinese takes more room. */
export function labelPixels(words: string): number {
  const wide = words.match(WIDE)?.length ?? 0;
  return wide * WIDE_PIXELS + (words.length - wide) * NARROW_PIXELS;
}
