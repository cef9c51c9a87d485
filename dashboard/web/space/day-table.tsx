import type { ReactElement } from 'react';
import type { SpaceDay } from '#contract/wire/rest.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import { useNow } from '#dashboard/web/ui/use-now.ts';
import { useWords } from '#dashboard/web/words/i18n.ts';

/** The numbers behind the chart. What is not known is said, never drawn as zero. */
export function DayTable({ day, name }: { readonly day: SpaceDay; readonly name: string }): ReactElement {
  const { t, language } = useWords();
  const { timeZone } = useSession();
  const nowMs = useNow();
  const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone });
  const past = day.rows.filter((row) => Date.parse(row.at) <= nowMs);
  return (
    <div className="day-table" tabIndex={0} role="group" aria-label={t('space.chartLabel', { name })}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('space.time')}</th>
            <th scope="col" className="number">
              {t('space.people')}
            </th>
          </tr>
        </thead>
        <tbody>
          {past.map((row) => (
            <tr key={row.at}>
              <th scope="row">{clock.format(new Date(row.at))}</th>
              <td className="number">{row.people === null ? t('space.unknownPeople') : Math.round(row.people)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
