import { useCallback, useEffect, useRef, useState } from 'react';
import type { ItemSummary } from '#contract/wire/rest.ts';
import type { WorkLine } from '#contract/wire/rest-work-list.ts';
import { getJson } from '#dashboard/web/api/http.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { lineKey } from './group-lines.ts';
import { goneFrom, type Gone } from './shown-lines.ts';

/** Long enough to be seen by somebody who looks up from the shelf; short enough not to stand in the way. */
const SHOWN_MS = 10_000;

/**
 * Lines that go from the list while it is looked at. Where the radio sees the copy at home the line says so for a moment
 * before it goes; any other line (taken by a colleague, lent) goes without a word.
 */
export function useGone(rows: readonly WorkLine[] | undefined, listName: string, library: string): readonly Gone[] {
  const [gone, setGone] = useState<readonly Gone[]>([]);
  const before = useRef<{ readonly name: string; readonly rows: readonly WorkLine[] } | null>(null);
  const timers = useRef(new Set<ReturnType<typeof setTimeout>>());

  const drop = useCallback((key: string) => {
    setGone((all) => all.filter(({ line }) => lineKey(line) !== key));
  }, []);
  const dropLater = useCallback(
    (key: string) => {
      const timer = setTimeout(() => {
        timers.current.delete(timer);
        drop(key);
      }, SHOWN_MS);
      timers.current.add(timer);
    },
    [drop],
  );

  useEffect(() => {
    if (rows === undefined) return;
    const last = before.current;
    before.current = { name: listName, rows };
    if (last === null) return;
    if (last.name !== listName) {
      setGone([]);
      return;
    }
    const fresh = goneFrom(last.rows, rows);
    if (fresh.length === 0) return;
    setGone((all) => [...all, ...fresh.map((one) => ({ ...one, line: { ...one.line, gone: 'leaving' as const } }))]);
    for (const { line } of fresh) {
      const key = lineKey(line);
      void isHome(library, line).then((home) => {
        if (!home) {
          drop(key);
          return;
        }
        setGone((all) =>
          all.map((one) => (lineKey(one.line) === key ? { ...one, line: { ...one.line, gone: 'home' } } : one)),
        );
        dropLater(key);
      });
    }
  }, [rows, listName, library, drop, dropLater]);

  useEffect(() => {
    const pending = timers.current;
    return () => {
      for (const timer of pending) clearTimeout(timer);
    };
  }, []);
  return gone;
}

async function isHome(library: string, line: WorkLine): Promise<boolean> {
  try {
    const { where, home } = await getJson<ItemSummary>(paths.item(library, line.item.barcode));
    return where.condition === 'present' && !where.misshelved && where.place !== null && home.includes(where.place);
  } catch {
    return false; // Not in the catalogue, or the line is cut: then nothing is said.
  }
}
