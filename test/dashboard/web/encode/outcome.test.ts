import { describe, expect, it } from '@jest/globals';
import { COMMAND_CODES } from '#contract/wire/commands.ts';
import type { CommandView } from '#contract/wire/rest-commands.ts';
import { outcomeOf, REASONS } from '#dashboard/web/encode/outcome.ts';
import { languagesShipped, localeFile } from '#test/dashboard/web/words/locale-files.ts';

function view(more: Partial<Record<keyof CommandView, unknown>>): CommandView {
  return { kind: 'write-tag', state: 'failed', code: null, detail: null, result: null, ...more } as CommandView;
}

describe('the outcome of a command', () => {
  it('has a reason for every code of a gateway', () => {
    expect(Object.keys(COMMAND_CODES).filter((code) => !(REASONS as readonly string[]).includes(code))).toEqual([]);
  });

  it.each(languagesShipped())('is said in $name, with what to do', ({ code }) => {
    const file = localeFile(code);
    const keys = REASONS.flatMap((reason) => [
      `outcome.${reason}`,
      `outcome.do.${outcomeOf(view({ code: reason })).advice ?? ''}`,
    ]);
    expect([...keys, 'outcome.do.torn'].filter((key) => file[key] === undefined)).toEqual([]);
  });

  it('tells a writing that stopped half way from one that never began', () => {
    expect(outcomeOf(view({ code: 'no-tag' }))).toEqual({ meaning: 'act', reason: 'no-tag', advice: 'flat' });
    expect(outcomeOf(view({ code: 'no-tag', result: { isTorn: true, isWritten: false } })).advice).toBe('torn');
    expect(outcomeOf(view({ code: 'partial', result: { isTorn: false, isWritten: true } })).meaning).toBe('look');
  });

  it('knows the states in which no answer came, and leaves unknown codes to the server', () => {
    expect(outcomeOf(view({ state: 'unanswered' })).reason).toBe('silent');
    expect(outcomeOf(view({ state: 'expired' })).reason).toBe('expired');
    expect(outcomeOf(view({ state: 'done' }))).toEqual({ meaning: 'fine', reason: null, advice: null });
    for (const code of ['invented-tomorrow', 'toString']) {
      expect(outcomeOf(view({ code }))).toEqual({ meaning: 'act', reason: null, advice: null });
    }
  });
});
