import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { FindSignalView } from '#contract/wire/rest-sweeps.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import { useJobs, type Job } from '#dashboard/web/encode/use-desk.ts';
import { useRoom, useRows } from '#dashboard/web/live/live-context.tsx';
import { SILENCE_MS, strongest } from './signal.ts';
import { useWandCommands } from './use-wand.ts';

/** The wand stops by itself after this: a tablet that was put away must not keep it busy. */
const FIND_SECONDS = 120;
const RENEW_MS = 90_000;

/** Percent of the strongest tag, `null` while nothing is heard. */
export function useSignal(wand: string, tags: readonly string[], isOn: boolean): number | null {
  const { library } = useSession();
  const room = useMemo(() => ({ kind: 'find', library, wand }) as const, [library, wand]);
  const isOpen = useRoom(isOn ? room : null);
  const rows = useRows<FindSignalView>(isOpen ? room : null);
  const signal = useMemo(() => (rows === null ? null : strongest(rows.values(), new Set(tags))), [rows, tags]);
  const at = signal?.at ?? null;
  // By this device's own clock: what counts is how long no new word has come, whatever time the server has.
  const [isHeard, setHeard] = useState(false);
  useEffect(() => {
    if (at === null) {
      setHeard(false);
      return;
    }
    setHeard(true);
    const timer = setTimeout(() => {
      setHeard(false);
    }, SILENCE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [at]);
  return isOn && isHeard && signal !== null ? signal.percent : null;
}

export interface Find {
  readonly isOn: boolean;
  readonly job: Job | null;
  readonly isBusy: boolean;
  readonly start: () => void;
  readonly stop: () => void;
}

/** Has the wand look for one copy for as long as the screen is open and in view. */
export function useFind(wand: string, barcode: string): Find {
  const commands = useWandCommands();
  const { job, isBusy, run } = useJobs();
  const [isOn, setOn] = useState(false);
  const ask = useRef(() => Promise.resolve<unknown>(null));
  ask.current = () => run('find', commands.find(wand, [barcode], FIND_SECONDS));
  const release = useCallback(() => {
    // Nobody waits for the answer: if it is lost, the wand's own time ends the search.
    commands
      .find(
        wand,
        [],
        1,
      )(() => undefined)
      .catch(() => undefined);
  }, [commands, wand]);

  useEffect(() => {
    if (!isOn) return;
    const renew = (): void => {
      if (document.visibilityState === 'visible') void ask.current();
    };
    const timer = setInterval(renew, RENEW_MS);
    document.addEventListener('visibilitychange', renew);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', renew);
      release();
    };
  }, [isOn, release, barcode]);

  return {
    isOn,
    job,
    isBusy,
    start: () => {
      void run('find', commands.find(wand, [barcode], FIND_SECONDS)).then((view) => {
        if (view !== null) setOn(true);
      });
    },
    stop: () => {
      setOn(false);
    },
  };
}
