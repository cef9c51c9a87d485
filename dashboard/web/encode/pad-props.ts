/** What the parts of the pad hand down. */
import type { TagProfile } from '#contract/domain/tag-profile.ts';
import type { EncodingReaders } from '#contract/wire/rest-commands.ts';
import type { Desk, Jobs } from './use-desk.ts';
import type { PadNow } from './use-pad.ts';

export interface PadPanelProps {
  readonly reader: string;
  readonly isReady: boolean;
  readonly isDesk: boolean;
  readonly now: PadNow;
  readonly chosen: string | null;
  readonly onChoose: (tag: string | null) => void;
  readonly desk: Desk;
  readonly jobs: Jobs;
  readonly profile: TagProfile;
  readonly formats: EncodingReaders['formats'];
}
