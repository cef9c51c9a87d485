import { useId, type ReactElement } from 'react';
import { Badge } from '#dashboard/web/ui/badges.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeWord, type Words } from '#dashboard/web/words/place-words.ts';
import { isReady, type hindranceOf, type ReaderChoice } from './readers.ts';

interface Props {
  readonly choices: readonly ReaderChoice[];
  readonly choice: ReaderChoice | null;
  readonly hindrance: ReturnType<typeof hindranceOf>;
  readonly onChoose: (reader: string) => void;
}

export function ReaderSelect({ choices, choice, hindrance, onChoose }: Props): ReactElement {
  const { t } = useWords();
  const id = useId();
  const shelves = choices.filter(({ isDesk }) => !isDesk);
  const desks = choices.filter(({ isDesk }) => isDesk);
  const options = (some: readonly ReaderChoice[]): ReactElement[] =>
    some.map((one) => (
      <option key={one.reader.reader} value={one.reader.reader}>
        {readerWord(one, t)}
      </option>
    ));
  return (
    <div className="reader-choice">
      <label htmlFor={id}>{t('encode.reader')}</label>
      <select
        id={id}
        className="select"
        value={choice?.reader.reader ?? ''}
        onChange={(event) => {
          onChoose(event.currentTarget.value);
        }}
      >
        {choice === null && <option value="">{t('encode.chooseReader')}</option>}
        {shelves.length === 0 ? (
          options(desks)
        ) : (
          <>
            {desks.length > 0 && <optgroup label={t('encode.deskReaders')}>{options(desks)}</optgroup>}
            <optgroup label={t('encode.shelfReaders')}>{options(shelves)}</optgroup>
          </>
        )}
      </select>
      {choice !== null && (
        <span className="live">
          <Badge meaning={hindrance === null ? 'fine' : 'act'}>
            {t(hindrance === null ? 'encode.ready' : `hindrance.${hindrance}`)}
          </Badge>
        </span>
      )}
      {hindrance !== null && <p className="advice">{t(`hindrance.do.${hindrance}`)}</p>}
    </div>
  );
}

function readerWord({ reader, place }: ReaderChoice, t: Words): string {
  const where = place === undefined ? null : placeWord(place, t);
  const kind = t(reader.can.includes('uhf-access') ? 'encode.uhf' : 'encode.hf');
  const away = isReady(reader) ? null : t('encode.away');
  return [where, reader.reader, kind, away].filter((part) => part !== null).join(t('place.separator'));
}
