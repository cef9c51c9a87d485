import { useEffect, useMemo, type ReactElement } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { TagProfile } from '#contract/domain/tag-profile.ts';
import type { EncodingReaders } from '#contract/wire/rest-commands.ts';
import { getJson } from '#dashboard/web/api/http.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { usePlan } from '#dashboard/web/api/use-plan.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import { EXACT } from '#dashboard/web/ui/exact.ts';
import { PageHead } from '#dashboard/web/ui/page-head.tsx';
import { EmptyNote, FailureNote, PageSkeleton } from '#dashboard/web/ui/states.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { keep, readKept } from './kept.ts';
import { ProfileView } from './profile-view.tsx';
import { ReaderSelect } from './reader-select.tsx';
import { chooseReader, hindranceOf, readerChoices } from './readers.ts';
import { Station } from './station.tsx';
import './encode.css';

/** A reader that was plugged in a moment ago should be offered without a reload. */
const REFETCH_MS = 5000;
const READER_KEY = 'shelfwise-encoding-reader';

export function TagsScreen(): ReactElement {
  const { t } = useWords();
  const { library } = useSession();
  const { view, reader, item } = useSearch({ strict: false });
  const isProfile = view === 'profile';
  const readers = useQuery({
    queryKey: ['encoding-readers', library],
    queryFn: ({ signal }) => getJson<EncodingReaders>(paths.encodingReaders(library), signal),
    refetchInterval: REFETCH_MS,
  });
  const profile = useQuery({
    queryKey: ['tag-profile', library],
    queryFn: ({ signal }) => getJson<TagProfile>(paths.tagProfile(library), signal),
  });
  const error = readers.data === undefined ? readers.error : profile.data === undefined ? profile.error : null;
  const kept = { ...(reader !== undefined && { reader }), ...(item !== undefined && { item }) };
  const retry = (): void => {
    void readers.refetch();
    void profile.refetch();
  };
  return (
    <div className="encode">
      <PageHead title={t('encode.title')} />
      <nav className="tabs" aria-label={t('encode.views')}>
        <Link to="/tags" search={kept} activeOptions={EXACT} aria-current={isProfile ? undefined : 'page'}>
          {t('encode.station')}
        </Link>
        <Link
          to="/tags"
          search={{ ...kept, view: 'profile' }}
          activeOptions={EXACT}
          aria-current={isProfile ? 'page' : undefined}
        >
          {t('profile.title')}
        </Link>
      </nav>
      {error !== null && <FailureNote error={error} onRetry={retry} />}
      {error === null &&
        (readers.data === undefined || profile.data === undefined ? (
          <PageSkeleton lines={6} />
        ) : isProfile ? (
          <ProfileView profile={profile.data} readers={readers.data} />
        ) : (
          <Desk readers={readers.data} profile={profile.data} />
        ))}
    </div>
  );
}

interface DeskProps {
  readonly readers: EncodingReaders;
  readonly profile: TagProfile;
}

/** Which reader, then the work on it. */
function Desk({ readers, profile }: DeskProps): ReactElement {
  const { library } = useSession();
  const { reader: wish } = useSearch({ strict: false });
  const navigate = useNavigate();
  const { plan } = usePlan();
  const key = `${READER_KEY}-${library}`;
  const choices = useMemo(
    () => readerChoices(readers.rows, (reader) => plan?.placeOfReader(reader)),
    [readers.rows, plan],
  );
  const choice = chooseReader(choices, [wish, readKept(key)]);
  const chosen = choice?.reader.reader;
  useEffect(() => {
    if (chosen === undefined || chosen === wish) return;
    void navigate({ to: '/tags', search: (before) => ({ ...before, reader: chosen }), replace: true });
  }, [chosen, wish, navigate]);
  if (choices.length === 0) return <NoReader lost={wish ?? readKept(key)} />;
  const hindrance = choice === null ? null : hindranceOf(choice.reader);
  return (
    <>
      <ReaderSelect
        choices={choices}
        choice={choice}
        hindrance={hindrance}
        onChoose={(reader) => {
          keep(key, reader);
          void navigate({ to: '/tags', search: (before) => ({ ...before, reader }) });
        }}
      />
      {choice !== null && (
        <Station
          key={choice.reader.reader}
          reader={choice.reader}
          isReady={hindrance === null}
          isDesk={choice.isDesk}
          profile={profile}
          formats={readers.formats}
        />
      )}
    </>
  );
}

const HOW = ['reader', 'driver', 'gateway'] as const;

/** A reader that was gone already when its gateway started cannot say what it can do, so the one that was here is named. */
function NoReader({ lost }: { readonly lost: string | null }): ReactElement {
  const { t } = useWords();
  return (
    <EmptyNote title={lost === null ? t('encode.noReader') : t('encode.readerLost', { reader: lost })}>
      {lost === null ? (
        <ol className="encode-how">
          {HOW.map((step) => (
            <li key={step}>{t(`howTo.${step}`)}</li>
          ))}
        </ol>
      ) : (
        <p className="encode-how">{t('encode.readerLostDo')}</p>
      )}
      <Link to="/devices" className="tool">
        {t('encode.toDevices')}
      </Link>
    </EmptyNote>
  );
}
