import { memo, type ReactElement } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { AntennaRow, Coverage } from '#contract/wire/rest-calibration.ts';
import { getJson } from '#dashboard/web/api/http.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { AgeText } from '#dashboard/web/ui/age.tsx';
import { Badge } from '#dashboard/web/ui/badges.tsx';
import { DataTable } from '#dashboard/web/ui/data-table.tsx';
import { FailureNote, PageSkeleton } from '#dashboard/web/ui/states.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeText } from '#dashboard/web/words/place-words.ts';
import { OffsetForm } from './offset-form.tsx';

const MEANING = { live: 'fine', unscheduled: 'unknown', blind: 'act', dead: 'act' } as const;

interface Props {
  readonly row: AntennaRow;
  readonly plan: PlanIndex;
  readonly isOpen: boolean;
}

/** Which one is open stands in the address. */
export const AntennaRowView = memo(function AntennaRowView({ row, plan, isOpen }: Props): ReactElement {
  const { t, language } = useWords();
  const { session } = useSession();
  const navigate = useNavigate();
  const offset = new Intl.NumberFormat(language, { maximumFractionDigits: 1, signDisplay: 'exceptZero' });
  const [place] = row.places;
  return (
    <li className="antenna card">
      <details
        open={isOpen}
        onToggle={({ currentTarget: { open } }) => {
          if (open === isOpen) return;
          void navigate({
            to: '/antennas',
            search: ({ antenna, ...rest }) =>
              open
                ? { ...rest, antenna: row.readPoint }
                : antenna === row.readPoint
                  ? rest
                  : { ...rest, antenna: antenna ?? '' },
            replace: true,
          });
        }}
      >
        <summary>
          <span className="antenna-name">{place === undefined ? row.readPoint : placeText(plan, place, t)}</span>
          <Badge meaning={row.state === null ? 'unknown' : MEANING[row.state]}>
            {t(`antenna.${row.state ?? 'unknown'}`)}
          </Badge>
          <span className="antenna-offset">
            {row.source === null ? t('antennas.noOffset') : t('antennas.offset', { db: offset.format(row.offsetDb) })}
          </span>
        </summary>
        {isOpen && (
          <div className="antenna-body">
            <p className="muted small">
              {row.reader} · {t('antenna.name', { number: row.antenna })} ·{' '}
              <AgeText at={row.lastHeardAt} word="age.heard" never={t('age.neverHeard')} />
            </p>
            {(row.state === 'blind' || row.state === 'dead') && <p className="advice">{t(`antennaDo.${row.state}`)}</p>}
            {row.source !== null && (
              <p>{t(`antennaSource.${row.source}`, { samples: row.samples, references: row.references })}</p>
            )}
            {session.role !== 'facilities' && <OffsetForm row={row} />}
            <CoverageTable row={row} plan={plan} />
          </div>
        )}
      </details>
    </li>
  );
});

function CoverageTable({ row, plan }: { readonly row: AntennaRow; readonly plan: PlanIndex }): ReactElement {
  const { t, language } = useWords();
  const { library } = useSession();
  const { data, error, refetch } = useQuery({
    queryKey: ['coverage', library, row.readPoint],
    queryFn: ({ signal }) => getJson<Coverage>(paths.coverage(library, row.readPoint), signal),
  });
  if (data === undefined) {
    return error === null ? <PageSkeleton lines={3} /> : <FailureNote error={error} onRetry={() => void refetch()} />;
  }
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const percent = new Intl.NumberFormat(language, { style: 'percent' });
  const label = t('coverage.title');
  return (
    <DataTable
      label={label}
      hasCaption
      columns={[
        { words: t('coverage.place') },
        { words: t('coverage.heard'), isNumber: true },
        { words: t('coverage.share'), isNumber: true },
        { words: t('coverage.power'), isNumber: true },
      ]}
    >
      {data.rows.map((at) => (
        <tr key={at.place}>
          <th scope="row">
            {placeText(plan, at.place, t)}
            {at.isOwn && <strong> · {t('coverage.own')}</strong>}
          </th>
          <td className="number">
            {at.tags === 0 ? t('coverage.noBooks') : t('coverage.of', { heard: at.heard, tags: at.tags })}
          </td>
          <td className="number">{at.share === null ? '–' : percent.format(at.share)}</td>
          <td className="number">{at.meanDbm === null ? '–' : `${number.format(at.meanDbm)} dBm`}</td>
        </tr>
      ))}
    </DataTable>
  );
}
