import type { ReactElement } from 'react';
import type { Explanation } from '#contract/wire/rest-explanation.ts';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { AgeText } from '#dashboard/web/ui/age.tsx';
import { DataTable } from '#dashboard/web/ui/data-table.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeText } from '#dashboard/web/words/place-words.ts';

interface Props {
  readonly rows: Explanation['evidence'];
  readonly plan: PlanIndex;
}

/** What each antenna says of the item's tags just now: what the next judgement will rest on. */
export function EvidenceTable({ rows, plan }: Props): ReactElement {
  const { t, language } = useWords();
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const label = t('evidence.title');
  return (
    <DataTable
      label={label}
      hasCaption
      className="live"
      columns={[
        { words: t('coverage.place') },
        { words: t('explain.weight'), isNumber: true },
        { words: t('evidence.cycles'), isNumber: true },
        { words: t('coverage.power'), isNumber: true },
        { words: t('evidence.last') },
      ]}
    >
      {rows.map((row) => (
        <tr key={`${row.tag} ${row.readPoint}`} title={row.event ?? undefined}>
          <th scope="row">
            {placeText(plan, row.places[0] ?? row.readPoint, t)}
            {row.isChosen && <strong> · {t('explain.chosen')}</strong>}
          </th>
          <td className="number">{percent.format(row.weight)}</td>
          <td className="number">
            {t('coverage.of', { heard: number.format(row.cyclesSeen), tags: number.format(row.cyclesLive) })}
          </td>
          <td className="number">{row.meanDbm === null ? '–' : `${number.format(row.meanDbm - row.offsetDb)} dBm`}</td>
          <td>{row.isLost ? t('evidence.lost') : <AgeText at={row.lastAt} />}</td>
        </tr>
      ))}
    </DataTable>
  );
}
