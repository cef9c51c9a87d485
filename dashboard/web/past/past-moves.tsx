import { useState, type ReactElement } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { PastMove, PastMoves } from '#contract/wire/rest-past.ts';
import { getJson } from '#dashboard/web/api/http.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { CsvLink } from '#dashboard/web/ui/csv-link.tsx';
import { EmptyNote, FailureNote, PageSkeleton } from '#dashboard/web/ui/states.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeText } from '#dashboard/web/words/place-words.ts';
import { atText, minuteText } from './past-time.ts';
import { HOUR_MS } from './use-past.ts';

/** More than anybody reads; the file has them all. */
const MOVES_SHOWN_MAX = 200;

interface Props {
  readonly plan: PlanIndex;
  readonly floor: string;
  readonly hourMs: number;
}

/** What came, moved and left within the hour, for those who want names and not colours. */
export function MovesOfHour(props: Props): ReactElement {
  const { t } = useWords();
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      className="past-moves"
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
      }}
    >
      <summary>{t('past.moves')}</summary>
      {isOpen && <MoveList {...props} />}
    </details>
  );
}

function MoveList({ plan, floor, hourMs }: Props): ReactElement {
  const { t } = useWords();
  const { library } = useSession();
  const path = paths.pastMoves(library, { floor, fromMs: hourMs, toMs: hourMs + HOUR_MS });
  const { data, error, refetch } = useQuery({
    queryKey: ['past-moves', library, floor, hourMs],
    queryFn: ({ signal }) => getJson<PastMoves>(`${path}&limit=${String(MOVES_SHOWN_MAX)}`, signal),
  });
  if (data === undefined) {
    return error === null ? <PageSkeleton lines={3} /> : <FailureNote error={error} onRetry={() => void refetch()} />;
  }
  if (data.rows.length === 0) return <EmptyNote title={t('past.noMoves')} />;
  return (
    <>
      <ol tabIndex={0} aria-label={t('past.moves')}>
        {data.rows.map((move) => (
          <li key={move.n}>
            <MoveLine move={move} plan={plan} />
          </li>
        ))}
      </ol>
      <p className="past-moves-foot">
        <CsvLink path={path} />
        {data.next !== null && <span className="muted small">{t('past.moreMoves', { count: MOVES_SHOWN_MAX })}</span>}
      </p>
    </>
  );
}

function MoveLine({ move, plan }: { readonly move: PastMove; readonly plan: PlanIndex }): ReactElement {
  const { t, language } = useWords();
  const { timeZone } = useSession();
  const atMs = Date.parse(move.at);
  const from = move.from === null ? '' : placeText(plan, move.from, t);
  const to = move.to === null ? '' : placeText(plan, move.to, t);
  return (
    <Link to="/find" search={{ item: move.barcode, at: atText(atMs + 60_000) }}>
      <time dateTime={move.at}>{minuteText(atMs, language, timeZone)}</time>
      <strong>{move.title}</strong>
      <span className="muted">{t(`past.${move.kind}`, { from, to })}</span>
    </Link>
  );
}
