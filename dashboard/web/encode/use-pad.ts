import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { CommandView } from '#contract/wire/rest-commands.ts';
import { gapMs, isSamePad, type Pad } from './pad.ts';
import { listedOf } from './results.ts';
import type { Desk } from './use-desk.ts';

export interface PadNow {
  /** What lay there at `at`; `null` before the first look. */
  readonly pad: Pad | null;
  /** ISO time of the last look that told something. */
  readonly at: string | null;
  /** Why the last look told nothing. */
  readonly fault: { readonly view: CommandView } | { readonly error: unknown } | null;
  /** Something was done to the tags since the last look. */
  readonly isOld: boolean;
  /** Nobody has been here for a while, so nobody looks. */
  readonly isResting: boolean;
}

const NOTHING: PadNow = { pad: null, at: null, fault: null, isOld: false, isResting: false };
/** A reader that does not keep up still has the last look to do. */
const FAULT_GAP_MS = 10_000;
const TOUCHES = ['keydown', 'pointerdown'] as const;

/**
 * What lies on a reader, looked at again and again: one look at a time, none while the page is hidden, while something is
 * written (`isPaused`), or when nobody has touched page or reader for ten minutes.
 */
export function usePad(desk: Desk, reader: string | null, isPaused: boolean): PadNow {
  const [now, setNow] = useState<PadNow>(NOTHING);
  const isVisible = useSyncExternalStore(onVisibility, () => document.visibilityState === 'visible');
  const inFlight = useRef<Promise<unknown>>(Promise.resolve());
  const lastPad = useRef<Pad | null>(null);
  const touchedAtMs = useRef(performance.now());
  const [wakes, setWakes] = useState(0);
  const wake = useCallback(() => {
    setWakes((count) => count + 1);
  }, []);

  useEffect(() => {
    setNow(NOTHING);
    touchedAtMs.current = performance.now();
  }, [reader]);

  useEffect(() => {
    if (isPaused) setNow((last) => ({ ...last, isOld: true }));
  }, [isPaused]);

  const { isResting } = now;
  useEffect(() => {
    const touch = (): void => {
      touchedAtMs.current = performance.now();
      if (isResting) wake();
    };
    for (const kind of TOUCHES) document.addEventListener(kind, touch);
    return () => {
      for (const kind of TOUCHES) document.removeEventListener(kind, touch);
    };
  }, [isResting, wake]);

  useEffect(() => {
    if (reader === null || isPaused || !isVisible) return;
    const over = new AbortController();
    const isOver = (): boolean => over.signal.aborted;
    const look = async (): Promise<void> => {
      // The one before may still be under way when the reader or the reason to look has changed.
      await inFlight.current;
      while (!isOver()) {
        const looking = lookOnce(desk, reader);
        inFlight.current = looking;
        const seen = await looking;
        if (isOver()) return;
        setNow((last) => taken(last, seen));
        if ('pad' in seen) {
          if (!isSamePad(lastPad.current, seen.pad)) touchedAtMs.current = performance.now();
          lastPad.current = seen.pad;
        }
        const gap = gapMs(performance.now() - touchedAtMs.current);
        if (gap === null) {
          setNow((last) => ({ ...last, isResting: true }));
          return;
        }
        await sleep('pad' in seen ? gap : Math.max(gap, FAULT_GAP_MS), over.signal);
      }
    };
    void look();
    return () => {
      over.abort();
    };
  }, [desk, reader, isPaused, isVisible, wakes]);
  return now;
}

type Seen = { readonly pad: Pad; readonly at: string } | NonNullable<PadNow['fault']>;

async function lookOnce(desk: Desk, reader: string): Promise<Seen> {
  try {
    const view = await desk.listTags(reader)(() => undefined);
    const pad = listedOf(view);
    if (view.state !== 'done' || pad === null) return { view };
    return { pad, at: new Date().toISOString() };
  } catch (error: unknown) {
    return { error };
  }
}

function taken(last: PadNow, seen: Seen): PadNow {
  return 'pad' in seen
    ? { ...seen, fault: null, isOld: false, isResting: false }
    : { ...last, fault: seen, isResting: false };
}

function onVisibility(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener);
  return () => {
    document.removeEventListener('visibilitychange', listener);
  };
}

/** Ends early, without an error, when the waiting is called off. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
