import { useCallback, useState, type ReactElement } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { TagProfile } from '#contract/domain/tag-profile.ts';
import type { CommandView, EncodingReaders } from '#contract/wire/rest-commands.ts';
import { PadPanel } from './pad-panel.tsx';
import { ProgrammePanel } from './programme-panel.tsx';
import type { EncodingReader } from './readers.ts';
import { useDesk, useJobs } from './use-desk.ts';
import { usePad } from './use-pad.ts';

interface Props {
  readonly reader: EncodingReader;
  readonly isReady: boolean;
  readonly isDesk: boolean;
  readonly profile: TagProfile;
  readonly formats: EncodingReaders['formats'];
}

/** One reader: what to write on the left, what lies there on the right. */
export function Station({ reader, isReady, isDesk, profile, formats }: Props): ReactElement {
  const client = useQueryClient();
  const desk = useDesk();
  const jobs = useJobs();
  const [chosen, setChosen] = useState<string | null>(null);
  const now = usePad(desk, reader.reader, !isReady || jobs.isBusy);
  /** The catalogue knows the tag by its item a moment after the answer. */
  const settle = useCallback(
    (view: CommandView | null) => {
      if (view !== null) void client.invalidateQueries({ queryKey: ['item'] });
    },
    [client],
  );
  return (
    <div className="station">
      <ProgrammePanel
        reader={reader.reader}
        isReady={isReady}
        pad={now.isOld ? null : now.pad}
        chosen={chosen}
        desk={desk}
        jobs={jobs}
        onWritten={settle}
      />
      <PadPanel
        reader={reader.reader}
        isReady={isReady}
        isDesk={isDesk}
        now={now}
        chosen={chosen}
        onChoose={setChosen}
        desk={desk}
        jobs={jobs}
        profile={profile}
        formats={formats}
      />
    </div>
  );
}
