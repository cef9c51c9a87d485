import { useId, useState, type ReactElement } from 'react';
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { AntennaRow } from '#contract/wire/rest-calibration.ts';
import { sendJson } from '#dashboard/web/api/http.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import { FailureNote } from '#dashboard/web/ui/states.tsx';
import { useToast } from '#dashboard/web/ui/toasts.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';

/** Staff's word on an antenna, and the way back to what is learnt. */
export function OffsetForm({ row }: { readonly row: AntennaRow }): ReactElement {
  const { t } = useWords();
  const { library, session } = useSession();
  const toast = useToast();
  const id = useId();
  const [words, setWords] = useState(row.offsetDb.toFixed(1));
  const { mutate, isPending, error } = useMutation({
    mutationFn: (offsetDb: number | null) =>
      sendJson(paths.offset(library, row.readPoint), {
        method: 'PUT',
        csrfToken: session.csrfToken,
        body: { offsetDb },
      }),
    onSuccess: () => {
      toast(t('antennas.sent'));
    },
  });
  return (
    <form
      className="offset-form"
      onSubmit={(event) => {
        event.preventDefault();
        mutate(Number(words));
      }}
    >
      <label htmlFor={id}>{t('antennas.offsetLabel')}</label>
      <input
        id={id}
        type="number"
        min={-30}
        max={30}
        step={0.1}
        required
        value={words}
        onChange={(event) => {
          setWords(event.currentTarget.value);
        }}
      />
      <Button type="submit" variant="default" disabled={isPending}>
        {t('antennas.set')}
      </Button>
      {row.source === 'hand' && (
        <Button
          variant="default"
          disabled={isPending}
          onClick={() => {
            mutate(null);
          }}
        >
          {t('antennas.reset')}
        </Button>
      )}
      {error !== null && <FailureNote error={error} />}
    </form>
  );
}
