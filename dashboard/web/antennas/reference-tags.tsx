import { useId, useState, type ReactElement } from 'react';
import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReferenceTags } from '#contract/wire/rest-calibration.ts';
import { getJson, sendJson } from '#dashboard/web/api/http.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { FailureNote, PageSkeleton } from '#dashboard/web/ui/states.tsx';
import { useToast } from '#dashboard/web/ui/toasts.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeText } from '#dashboard/web/words/place-words.ts';

const REFETCH_MS = 15_000;

interface Change {
  readonly tag: string;
  readonly place: string | null;
}

/** Tags that are fixed to a shelf: from them the antennas learn how loud they are. */
export function ReferenceTagList({ plan }: { readonly plan: PlanIndex }): ReactElement {
  const { t } = useWords();
  const { library, session } = useSession();
  const toast = useToast();
  const { data, error, refetch } = useQuery({
    queryKey: ['reference-tags', library],
    queryFn: ({ signal }) => getJson<ReferenceTags>(paths.referenceTags(library), signal),
    refetchInterval: REFETCH_MS,
  });
  const change = useMutation({
    mutationFn: ({ tag, place }: Change) =>
      sendJson(paths.referenceTag(library, tag), { method: 'PUT', csrfToken: session.csrfToken, body: { place } }),
    onSuccess: () => {
      toast(t('antennas.sent'));
    },
  });
  const mayChange = session.role !== 'facilities';
  return (
    <section className="references">
      <h2>{t('references.title')}</h2>
      <p className="muted">{t('references.hint')}</p>
      {data === undefined && error === null && <PageSkeleton lines={2} />}
      {data === undefined && error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {data?.rows.length === 0 && <p>{t('references.none')}</p>}
      <ul className="reference-list">
        {data?.rows.map(({ tag, place }) => (
          <li key={tag}>
            <span>
              {placeText(plan, place, t)}
              <span className="muted small block">{tag}</span>
            </span>
            {mayChange && (
              <button
                type="button"
                className="tool"
                aria-label={t('references.removeOf', { tag })}
                onClick={() => {
                  change.mutate({ tag, place: null });
                }}
              >
                {t('references.remove')}
              </button>
            )}
          </li>
        ))}
      </ul>
      {change.error !== null && <FailureNote error={change.error} />}
      {mayChange && <AddForm plan={plan} onAdd={change.mutate} isPending={change.isPending} />}
    </section>
  );
}

interface AddProps {
  readonly plan: PlanIndex;
  readonly isPending: boolean;
  readonly onAdd: (change: Change) => void;
}

function AddForm({ plan, isPending, onAdd }: AddProps): ReactElement {
  const { t } = useWords();
  const [tagId, placeId] = [useId(), useId()];
  const [tag, setTag] = useState('');
  const [place, setPlace] = useState('');
  const shelves = plan.floors
    .flatMap((floor) => [...plan.below(floor.id)])
    .filter(({ id, kind }) => kind === 'shelf' && plan.hasAntenna(id));
  return (
    <form
      className="offset-form"
      onSubmit={(event) => {
        event.preventDefault();
        onAdd({ tag: tag.trim(), place });
      }}
    >
      <label htmlFor={tagId}>{t('references.tag')}</label>
      <input
        id={tagId}
        required
        pattern="\s*(epc|uid|tid):[0-9A-F]{2,124}\s*"
        placeholder="epc:3034…"
        title={t('references.tagHint')}
        value={tag}
        onChange={(event) => {
          setTag(event.currentTarget.value);
        }}
      />
      <label htmlFor={placeId}>{t('coverage.place')}</label>
      <select
        id={placeId}
        className="select"
        required
        value={place}
        onChange={(event) => {
          setPlace(event.currentTarget.value);
        }}
      >
        <option value="" />
        {shelves.map(({ id }) => (
          <option key={id} value={id}>
            {placeText(plan, id, t)}
          </option>
        ))}
      </select>
      <Button type="submit" variant="default" disabled={isPending}>
        {t('references.add')}
      </Button>
    </form>
  );
}
