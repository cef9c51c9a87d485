/** Batches as a gateway composes them. */
export const EPOCH = '0b5e2f2c-8a3c-4f8b-9d5e-2f1f5a3c7d10';

export interface TestBatch {
  readonly epoch: string;
  readonly seq: number;
  readonly sentAt: string;
  readonly uptimeMs: number;
  readonly clock: 'synced' | 'unsynced';
  readonly observations: readonly Readonly<Record<string, unknown>>[];
}

export function scanOf(readPoint = 'rp-1'): Readonly<Record<string, unknown>> {
  const at = new Date().toISOString();
  return {
    kind: 'scan',
    reader: 'reader-1',
    antenna: 1,
    readPoint,
    from: at,
    to: at,
    cycles: 3,
    reads: 120,
    tags: 25,
    state: 'live',
  };
}

export function batchOf(seq: number, observations: TestBatch['observations'] = [scanOf()], epoch = EPOCH): TestBatch {
  return {
    epoch,
    seq,
    sentAt: new Date().toISOString(),
    uptimeMs: 60_000 + seq,
    clock: 'synced',
    observations,
  };
}
