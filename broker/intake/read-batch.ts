/**
 * A gateway's batch from its bytes. The envelope must be right; observations inside it are looked at one by one and only
 * counted when they are wrong, so that one bad observation, or one of a newer gateway, does not spoil its batch.
 */
import { err, ok, type Result } from '#contract/result.ts';
import { BATCH_BYTES_MAX, envelope, type Envelope } from '#contract/wire/envelope.ts';
import { observation, OBSERVATION_KINDS } from '#contract/wire/observation.ts';
import { firstIssue, readJson, type Unreadable } from './read-json.ts';

export interface Batch {
  readonly envelope: Envelope;
  /** As it came: this is what the journal keeps. */
  readonly text: string;
}

export function readBatch(bytes: Uint8Array): Result<Batch, Unreadable> {
  if (bytes.length > BATCH_BYTES_MAX) return err({ code: 'payload-too-large', detail: `${bytes.length} bytes` });
  const json = readJson(bytes);
  if (!json.ok) return err({ code: 'batch-unreadable', detail: json.error });
  const parsed = envelope.safeParse(json.value.value);
  if (!parsed.success) return err({ code: 'batch-unreadable', detail: firstIssue(parsed.error) });
  return ok({ envelope: parsed.data, text: json.value.text });
}

/** Invalid observations per known kind; `undefined` when all is well. Unknown kinds are never invalid. */
export function countInvalid(observations: Envelope['observations']): ReadonlyMap<string, number> | undefined {
  let counts: Map<string, number> | undefined;
  for (const candidate of observations) {
    if (!OBSERVATION_KINDS.has(candidate.kind) || observation.safeParse(candidate).success) continue;
    counts ??= new Map();
    counts.set(candidate.kind, (counts.get(candidate.kind) ?? 0) + 1);
  }
  return counts;
}
