import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ProblemError } from '#dashboard/web/api/problem.ts';
import { memoryStore, type DeviceStore } from '#dashboard/web/offline/device-store.ts';
import { Outbox, WAITING_MAX, type Verdict, type Waiting } from '#dashboard/web/offline/outbox.ts';
import { keyOfOutbox, userOfOutbox, verdictOf } from '#dashboard/web/offline/tick-offs.ts';

const AT = '2026-01-05T14:02:00.000Z';
const entry = (id: string): Waiting<string> => ({ id, body: id, at: AT });

interface World {
  readonly box: Outbox<string>;
  readonly sent: string[];
}

/** An outbox whose server answers as told, one answer an attempt; without an answer left it says yes. */
function world(answers: Verdict[] = [], store: DeviceStore = memoryStore()): World {
  const sent: string[] = [];
  const send = ({ id }: Waiting<string>): Promise<Verdict> => {
    const verdict = answers.shift() ?? { is: 'done' };
    if (verdict.is === 'done') sent.push(id);
    return Promise.resolve(verdict);
  };
  const alone = async (work: () => Promise<void>): Promise<boolean> => {
    await work();
    return true;
  };
  return { box: new Outbox({ store, key: 'k', send, alone }), sent };
}

describe('the outbox', () => {
  it('sends everything once and in order, whatever the line does', async () => {
    const answer = fc.constantFrom<Verdict>({ is: 'done' }, { is: 'later' }, { is: 'signed-out' });
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { maxLength: 12 }), fc.integer({ min: 0, max: 6 }), async (answers, count) => {
        const ids = Array.from({ length: count }, (_, index) => String(index));
        const { box, sent } = world(answers);
        for (const id of ids) {
          await box.add(entry(id));
          await box.flush();
        }
        for (let tries = 0; tries <= 12; tries += 1) await box.flush();
        box.close();
        expect(sent).toEqual(ids);
        expect(box.state().waiting).toEqual([]);
      }),
    );
  });

  it('keeps what waits over a page that is closed', async () => {
    const store = memoryStore();
    const first = world([{ is: 'later' }], store);
    await first.box.add(entry('a'));
    await first.box.flush();
    first.box.close();
    const second = world([], store);
    await second.box.open();
    expect(second.box.state().waiting.map(({ id }) => id)).toEqual(['a']);
    await second.box.flush();
    expect(second.sent).toEqual(['a']);
  });

  it('sets aside what the server will never take, and goes on', async () => {
    const { box, sent } = world([{ is: 'refused', status: 409 }]);
    await box.add(entry('a'));
    await box.add(entry('b'));
    await box.flush();
    expect(sent).toEqual(['b']);
    expect(box.state().refused).toEqual([{ entry: entry('a'), status: 409 }]);
    await box.forgetRefused();
    expect(box.state()).toEqual({ waiting: [], refused: [] });
  });

  it('takes no more than it can keep, and says so', async () => {
    const store = memoryStore();
    await store.set('k', {
      waiting: Array.from({ length: WAITING_MAX }, (_, index) => entry(String(index))),
      refused: [],
    });
    const { box } = world([], store);
    await box.open();
    expect(await box.add(entry('more'))).toBe(false);
    expect(box.state().waiting).toHaveLength(WAITING_MAX);
  });
});

describe('what a failure means', () => {
  it.each([
    [new ProblemError(0, {}), 'later'],
    [new ProblemError(429, {}), 'later'],
    [new ProblemError(503, {}), 'later'],
    [new Error('a fault of ours'), 'later'],
    [new ProblemError(401, {}), 'signed-out'],
    [new ProblemError(400, {}), 'refused'],
    [new ProblemError(409, {}), 'refused'],
  ])('%s: %s', (error, is) => {
    expect(verdictOf(error).is).toBe(is);
  });
});

it('an outbox is named for its person, whatever the name holds', () => {
  expect(userOfOutbox(keyOfOutbox('Anna B. C', 'demo'))).toBe('Anna B. C');
});
