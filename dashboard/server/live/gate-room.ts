/** The newest events at the gates: whoever stands at the desk should know why it sounds before the reader has turned round. */
import type { Sources } from '#dashboard/server/sources.ts';
import { gatesOf, viewGateEvent } from '#dashboard/server/gates.ts';
import type { LibraryNews } from './library-news.ts';
import type { RoomSource, Rows } from './room-rows.ts';

/** An older one is read on the list. */
const SHOWN_MAX = 5;

export function gatesSource(
  library: string,
  { sources, news }: { readonly sources: Sources; readonly news: LibraryNews },
): RoomSource {
  let shown: readonly string[] = [];

  const all = (): Rows => {
    const facts = news.state()?.factsOfSubjects(library, gatesOf(sources, library), { limit: SHOWN_MAX }) ?? [];
    const rows = new Map<string, unknown>(
      facts.flatMap((fact) => {
        const row = viewGateEvent(sources, fact);
        return row === undefined ? [] : [[String(fact.n), row]];
      }),
    );
    shown = [...rows.keys()];
    return rows;
  };

  return {
    all,
    touched({ facts }) {
      if (!facts.some(({ kind }) => kind === 'gate-event')) return new Map();
      const before = shown;
      const rows = new Map(all());
      for (const key of before) if (!rows.has(key)) rows.set(key, null);
      return rows;
    },
  };
}
