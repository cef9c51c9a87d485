/** The deepest thing of ours has five levels; a document nested deeper was made to hurt whoever walks it. */
export const DEPTH_MAX = 32;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Whether brackets in this JSON text, in UTF-8, are nested more than `depthMax` deep. Looks at every byte once. */
export function isDeeperThan(bytes: Uint8Array, depthMax: number): boolean {
  let depth = 0;
  let isInString = false;
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i];
    if (isInString) {
      if (byte === BACKSLASH) i += 1;
      else if (byte === QUOTE) isInString = false;
    } else if (byte === QUOTE) isInString = true;
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > depthMax) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
  return false;
}
