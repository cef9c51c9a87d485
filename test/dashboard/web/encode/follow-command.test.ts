import { describe, expect, it } from '@jest/globals';
import type { CommandView } from '#contract/wire/rest-commands.ts';
import { ProblemError } from '#dashboard/web/api/problem.ts';
import { followCommand } from '#dashboard/web/encode/follow-command.ts';

const view = (state: CommandView['state']): CommandView => ({ id: 'c-1', state }) as CommandView;

/** Looks that answer what they are told to, in turn; an error is thrown. */
function lookOf(...answers: readonly (CommandView['state'] | Error)[]): {
  look: () => Promise<CommandView>;
  wait: (ms: number) => Promise<void>;
  readonly waited: number[];
} {
  const left = [...answers];
  const waited: number[] = [];
  return {
    waited,
    look: () => {
      const next = left.shift() ?? 'sent';
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(view(next));
    },
    wait: (ms) => {
      waited.push(ms);
      return Promise.resolve();
    },
  };
}

describe('following a command', () => {
  it('looks until it is over, and tells each step', async () => {
    const steps: string[] = [];
    const end = await followCommand(view('waiting'), lookOf('waiting', 'sent', 'refused'), ({ state }) => {
      steps.push(state);
    });
    expect([end.state, steps]).toEqual(['refused', ['waiting', 'waiting', 'sent', 'refused']]);
  });

  it('bears a network that is away for a moment, and no longer', async () => {
    const away = new ProblemError(0, {});
    const end = await followCommand(view('sent'), lookOf(away, away, 'done'), () => undefined);
    expect(end.state).toBe('done');
    const gone = lookOf(...Array.from({ length: 20 }, () => away));
    await expect(followCommand(view('sent'), gone, () => undefined)).rejects.toBe(away);
    expect(gone.waited).toHaveLength(8);
    const signedOut = new ProblemError(401, {});
    await expect(followCommand(view('sent'), lookOf(signedOut), () => undefined)).rejects.toBe(signedOut);
  });

  it('asks less often when it takes long', async () => {
    const long = lookOf(...Array.from({ length: 20 }, () => 'sent' as const), 'done');
    await followCommand(view('sent'), long, () => undefined);
    expect(new Set(long.waited)).toEqual(new Set([300, 1000]));
  });
});
