/** ISO 15693 tags behind an access that fails where a test wants it to. */
import { err, ok, type Result } from '#contract/result.ts';
import type { AccessFault, HfTagAccess } from '#gateway/drivers/tag-access.ts';

export interface FakeHfTag {
  readonly uid: string;
  readonly memory: Uint8Array;
  afi: number;
  isEasOn: boolean;
  dsfid: number;
  readonly locked: Set<number>;
  /** Hex; absent = none wanted. */
  password?: string;
}

export type Step =
  'inventory' | 'read' | 'write' | 'read-afi' | 'write-afi' | 'eas' | 'set-eas' | 'dsfid' | 'password' | 'system';

export interface FakeHf {
  readonly tags: Map<string, FakeHfTag>;
  readonly access: HfTagAccess;
  readonly steps: Step[];
  /** Called before each step; what it gives is the fault of this one. `lost` does the work and loses the answer. */
  fail: (step: Step, count: number) => AccessFault['code'] | 'lost' | 'torn' | undefined;
}

export function newTag(uid: string, memory: Uint8Array = new Uint8Array(112)): FakeHfTag {
  return { uid, memory, afi: 0, isEasOn: false, dsfid: 0, locked: new Set() };
}

export function fakeHf(...tags: FakeHfTag[]): FakeHf {
  const fake: FakeHf = {
    tags: new Map(tags.map((tag) => [tag.uid, tag])),
    steps: [],
    fail: () => undefined,
    access: undefined as unknown as HfTagAccess,
  };
  const open = new Set<string>();
  const fault = (code: AccessFault['code']): Result<never, AccessFault> => err({ code, detail: 'as the test wants' });

  async function step<T>(
    name: Step,
    uid: string | undefined,
    body: (tag: FakeHfTag, isTorn: boolean) => Result<T, AccessFault>,
  ): Promise<Result<T, AccessFault>> {
    await Promise.resolve();
    fake.steps.push(name);
    const wanted = fake.fail(name, fake.steps.length);
    const tag = uid === undefined ? newTag('') : fake.tags.get(uid);
    if (tag === undefined) return fault('no-tag');
    if (wanted !== undefined && wanted !== 'lost' && wanted !== 'torn') return fault(wanted);
    const done = body(tag, wanted === 'torn');
    return wanted === undefined ? done : fault('unanswered');
  }
  const needsPassword = (tag: FakeHfTag): boolean => tag.password !== undefined && !open.has(tag.uid);

  const access: HfTagAccess = {
    kind: 'hf',
    inventory: () =>
      step('inventory', undefined, () => ok([...fake.tags.values()].map(({ uid, dsfid }) => ({ uid, dsfid })))),
    readBlocks: ({ uid, firstBlock, blockCount }) =>
      step('read', uid, (tag) => {
        if ((firstBlock + blockCount) * 4 > tag.memory.length) return fault('no-such-block');
        const locked = Array.from({ length: blockCount }, (_, at) => tag.locked.has(firstBlock + at));
        return ok({ data: tag.memory.slice(firstBlock * 4, (firstBlock + blockCount) * 4), blockBytes: 4, locked });
      }),
    writeBlocks: ({ uid, firstBlock, data }) =>
      step('write', uid, (tag, isTorn) => {
        if (tag.locked.has(firstBlock)) return fault('locked');
        if (needsPassword(tag)) return fault('write-failed');
        tag.memory.set(isTorn ? data.map((byte, at) => (at < 2 ? byte : 0xa5)) : data, firstBlock * 4);
        return ok(undefined);
      }),
    readAfi: (uid) => step('read-afi', uid, (tag) => ok(tag.afi)),
    writeAfi: (uid, afi) =>
      step('write-afi', uid, (tag) => {
        if (needsPassword(tag)) return fault('write-failed');
        tag.afi = afi;
        return ok(undefined);
      }),
    isEasOn: (uid) => step('eas', uid, (tag) => ok(tag.isEasOn)),
    setEas: (uid, isOn) =>
      step('set-eas', uid, (tag) => {
        tag.isEasOn = isOn;
        return ok(undefined);
      }),
    systemInformation: (uid) =>
      step('system', uid, (tag) =>
        ok({ blockBytes: 4, blockCount: tag.memory.length / 4, dsfid: tag.dsfid, afi: tag.afi }),
      ),
    writeDsfid: (uid, dsfid) =>
      step('dsfid', uid, (tag) => {
        tag.dsfid = dsfid;
        return ok(undefined);
      }),
    presentPassword: (uid, _which, password) =>
      step('password', uid, (tag) => {
        if (tag.password === undefined) return ok(undefined);
        if (Buffer.from(password).toString('hex') !== tag.password) return fault('wrong-password');
        open.add(uid);
        return ok(undefined);
      }),
  };
  return Object.assign(fake, { access });
}
