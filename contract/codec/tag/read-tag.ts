/**
 * Reads a tag of any kind: which format it is in, how sure that is, and what stands on it. A barcode is never made up:
 * see `weigh-hf.ts` for what each format must show.
 *
 * Source: the formats as in their folders.
 */
import { EVIDENCE } from '#contract/codec/tag/evidence.ts';
import { readHfTag } from '#contract/codec/tag/read-hf.ts';
import { readUhfTag } from '#contract/codec/tag/read-uhf.ts';
import type { TagMemory, TagReading } from '#contract/codec/tag/reading.ts';

/** Reads what a reader found. Of a tag with two chips, the surer one counts; a card on either makes it a card. */
export function readTagMemory({ hf, uhf }: TagMemory): TagReading {
  const readings = [...(hf ? [readHfTag(hf)] : []), ...(uhf ? [readUhfTag(uhf)] : [])];
  const card = readings.find((reading) => reading.format === 'patron-card');
  if (card) return card;
  const [first, second] = readings;
  if (!first) return { format: 'unknown', confidence: 0, evidence: [EVIDENCE.nothingRead] };
  return second && rank(second) > rank(first) ? second : first;
}

/** What names an item comes before what names none. */
function rank({ content, format, confidence }: TagReading): number {
  if (content) return 2 + confidence;
  return format === 'unknown' || format === 'blank' ? 0 : confidence;
}
