import { useCallback, useMemo, useRef, useState } from 'react';
import type { CommandView, ProgrammeRequest } from '#contract/wire/rest-commands.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import { type Asked, useCommandLine } from './use-command-line.ts';

/** What a desk can ask of its reader. Each ends with the command's outcome, or throws what the server refused. */
export interface Desk {
  listTags(reader: string): Asked;
  readTag(reader: string, tag: string): Asked;
  setSecurity(reader: string, tag: string, secured: boolean): Asked;
  programme(wanted: Partial<ProgrammeRequest> & Pick<ProgrammeRequest, 'reader' | 'tag' | 'barcode'>): Asked;
  convert(wanted: { reader: string; tag: string; format: string; overwrite: boolean }): Asked;
}

export function useDesk(): Desk {
  const { library } = useSession();
  const { ask } = useCommandLine();
  return useMemo(() => {
    const command = (kind: string, target: string, args: unknown): Asked =>
      ask(paths.commands(library), { kind, target, args });
    return {
      listTags: (reader) => command('list-tags', reader, {}),
      readTag: (reader, tag) => command('read-tag', reader, { tag }),
      setSecurity: (reader, tag, secured) => command('set-security', reader, { tag, secured }),
      programme: (wanted) => ask(paths.programme(library), wanted),
      convert: (wanted) => ask(paths.convert(library), wanted),
    };
  }, [library, ask]);
}

/** One thing asked of the reader, from the press of a key to its outcome. */
export type Job = { readonly of: string } & (
  | { readonly phase: 'running'; readonly view: CommandView | null }
  | { readonly phase: 'answered'; readonly view: CommandView }
  | { readonly phase: 'failed'; readonly error: unknown }
);

export interface Jobs {
  /** The last one; `of` says which part of the screen it belongs to. */
  readonly job: Job | null;
  readonly isBusy: boolean;
  /** Starts one unless another runs; `null` without a "done" answer. */
  readonly run: (of: string, asked: Asked) => Promise<CommandView | null>;
  readonly clear: () => void;
}

/** One job at a time: a reader does one thing after the other, and so does a person. */
export function useJobs(): Jobs {
  const [job, setJob] = useState<Job | null>(null);
  const isBusy = useRef(false);
  const run = useCallback(async (of: string, asked: Asked): Promise<CommandView | null> => {
    if (isBusy.current) return null;
    isBusy.current = true;
    setJob({ of, phase: 'running', view: null });
    try {
      const view = await asked((step) => {
        setJob({ of, phase: 'running', view: step });
      });
      setJob({ of, phase: 'answered', view });
      return view.state === 'done' ? view : null;
    } catch (error: unknown) {
      setJob({ of, phase: 'failed', error });
      return null;
    } finally {
      isBusy.current = false;
    }
  }, []);
  const clear = useCallback(() => {
    setJob((last) => (last?.phase === 'running' ? last : null));
  }, []);
  return { job, isBusy: job?.phase === 'running', run, clear };
}
