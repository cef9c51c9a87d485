import { useCallback, useMemo, type ReactElement } from 'react';
import { Button } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { GateEventRow, GateEvents } from '#contract/wire/rest-gates.ts';
import { getJson } from '#dashboard/web/api/http.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import { useRoomChange } from '#dashboard/web/live/live-context.tsx';
import { Badge } from '#dashboard/web/ui/badges.tsx';
import { CsvLink } from '#dashboard/web/ui/csv-link.tsx';
import { DataTable } from '#dashboard/web/ui/data-table.tsx';
import { PageHead } from '#dashboard/web/ui/page-head.tsx';
import { EmptyNote, FailureNote, PageSkeleton } from '#dashboard/web/ui/states.tsx';
import { useNow } from '#dashboard/web/ui/use-now.ts';
import { momentText } from '#dashboard/web/words/age.ts';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { FINDING_MEANING } from './gate-words.ts';

const FINDINGS = ['alarm', 'alarmed-though-lent', 'left-without-loan'] as const;

export function GatesScreen(): ReactElement {
  const { t } = useWords();
  const { library } = useSession();
  const { finding } = useSearch({ strict: false });
  const navigate = useNavigate();
  const client = useQueryClient();
  const wanted = FINDINGS.find((one) => one === finding);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['gates', library, wanted],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      getJson<GateEvents>(paths.gateEvents(library, wanted, { cursor: pageParam }), signal),
    getNextPageParam: ({ next }) => next,
  });
  useRoomChange(
    useMemo(() => ({ kind: 'gates', library }) as const, [library]),
    useCallback(() => void client.invalidateQueries({ queryKey: ['gates', library] }), [client, library]),
  );
  const rows = data?.pages.flatMap((page) => page.rows);
  return (
    <div className="gates">
      <PageHead
        title={t('gates.title')}
        tools={
          <>
            <select
              className="select"
              aria-label={t('gates.filter')}
              value={wanted ?? ''}
              onChange={(event) => {
                const next = event.currentTarget.value;
                void navigate({ to: '/gates', search: next === '' ? {} : { finding: next }, replace: true });
              }}
            >
              <option value="">{t('gates.everything')}</option>
              {FINDINGS.map((one) => (
                <option key={one} value={one}>
                  {t(`gateFinding.${one}`)}
                </option>
              ))}
            </select>
            <CsvLink path={paths.gateEvents(library, wanted)} />
          </>
        }
      />
      {rows === undefined && error === null && <PageSkeleton lines={8} />}
      {rows === undefined && error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {rows?.length === 0 && (
        <EmptyNote title={t('gates.none')}>
          <p>{t('gates.noneWhat')}</p>
        </EmptyNote>
      )}
      {rows !== undefined && rows.length > 0 && <EventTable rows={rows} />}
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('gates.more')}
        </Button>
      )}
    </div>
  );
}

function EventTable({ rows }: { readonly rows: readonly GateEventRow[] }): ReactElement {
  const { t, language } = useWords();
  const nowMs = useNow();
  return (
    <DataTable
      label={t('gates.title')}
      columns={[
        { words: t('gates.when') },
        { words: t('gates.what') },
        { words: t('gates.item') },
        { words: t('gates.gate') },
        { words: t('gates.way') },
      ]}
    >
      {rows.map((row) => (
        <tr key={row.n}>
          <td>
            <time dateTime={row.at}>{momentText(row.at, nowMs, language)}</time>
          </td>
          <td>
            <Badge meaning={FINDING_MEANING[row.finding]}>{t(`gateFinding.${row.finding}`)}</Badge>
          </td>
          <th scope="row">
            {row.item === null ? (
              <>
                {t('gates.unknownItem')} <span className="hex muted">{row.tag}</span>
              </>
            ) : (
              <>
                <Link to="/find" search={{ item: row.item }}>
                  {row.title ?? row.item}
                </Link>{' '}
                <span className="call-number">{row.callNumber}</span>
              </>
            )}
          </th>
          <td>{row.gateName ?? row.gate}</td>
          <td>{row.direction === null ? '–' : t(`gateWay.${row.direction}`)}</td>
        </tr>
      ))}
    </DataTable>
  );
}
