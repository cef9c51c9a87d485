/**
 * Chooses the format of an HF tag by evidence.
 *
 * Source: the formats as in their folders; blank tags as in Biblio::RFID::RFID501.
 */
import { readTag } from '#contract/codec/iso28560-3/basic-block.ts';
import { decodeObjects } from '#contract/codec/iso28560-2/memory.ts';
import { contentOf } from '#contract/codec/iso28560-2/values.ts';
import { EVIDENCE } from '#contract/codec/tag/evidence.ts';
import { isPatronCard, mayBePatronCard } from '#contract/codec/tag/patron-card.ts';
import {
  CONFIDENCE_MIN,
  withinBounds,
  type CodecName,
  type TagContent,
  type TagMemory,
  type TagReading,
} from '#contract/codec/tag/reading.ts';
import { weighFixedLength, weighObjects, weighThreeM, type Weight } from '#contract/codec/tag/weigh-hf.ts';
import { decodeLayout, isThreeMBlank } from '#contract/codec/threem-tag/layout.ts';

type Hf = NonNullable<TagMemory['hf']>;

/** A format in which the memory can be read, and how well it fits. */
interface Candidate {
  readonly codec: CodecName;
  readonly weight: Weight;
  readonly content: Omit<TagContent, 'format' | 'confidence'>;
}

/** Reads an HF tag. */
export function readHfTag(hf: Hf): TagReading {
  const { memory } = hf;
  const blank = readBlank(memory);
  if (blank) return blank;
  const candidates = [fixedLength(hf), objects(hf), threeM(hf)].filter((candidate) => candidate !== undefined);
  const best = candidates.reduce<Candidate | undefined>(
    (first, next) => (first && first.weight.confidence >= next.weight.confidence ? first : next),
    undefined,
  );
  if (best && best.weight.confidence >= CONFIDENCE_MIN) return fromCandidate(best, memory);
  return weak(best, memory);
}

function fromCandidate({ codec, weight, content }: Candidate, memory: Uint8Array): TagReading {
  const { confidence, evidence } = weight;
  if (isPatronCard(memory)) {
    return { format: 'patron-card', codec, confidence, evidence: [...evidence, EVIDENCE.card] };
  }
  if (content.itemId === '') return { format: codec, codec, confidence, evidence: [...evidence, EVIDENCE.noItemIdYet] };
  const bounded = withinBounds({ format: codec, ...content, confidence });
  if (!bounded) return { format: codec, codec, confidence, evidence: [...evidence, EVIDENCE.itemIdTooLong] };
  return { format: codec, codec, confidence, evidence, content: bounded };
}

/** No format is sure enough: a card, perhaps, or nothing we know. */
function weak(best: Candidate | undefined, memory: Uint8Array): TagReading {
  const evidence = best?.weight.evidence ?? [EVIDENCE.noFormat];
  const confidence = best?.weight.confidence ?? 0;
  const wantsMore = isCutOff(memory);
  const more = wantsMore ? { wantsMore } : {};
  if (mayBePatronCard(memory)) {
    return { format: 'patron-card', confidence, evidence: [...evidence, EVIDENCE.mayBeCard], ...more };
  }
  return { format: 'unknown', ...(best && { codec: best.codec }), confidence, evidence, ...more };
}

/** The first elements are good, and the next one goes on behind the end of what was read, or is still announced. */
function isCutOff(memory: Uint8Array): true | undefined {
  const decoded = decodeObjects(memory);
  if (!decoded.ok) {
    const isLater = decoded.error.code === 'truncated' && decoded.error.offsetBytes > 0;
    return isLater ? true : undefined;
  }
  const { objects: found, rest } = decoded.value;
  const isMissing = (oid: number): boolean => !found.some((object) => object.oid === oid);
  return rest.length === 0 && contentOf(found).contentParameter?.some(isMissing) ? true : undefined;
}

function readBlank(memory: Uint8Array): TagReading | undefined {
  if (memory.length === 0) return undefined;
  if (memory.every((byte) => byte === 0)) {
    return { format: 'blank', confidence: 1, evidence: [EVIDENCE.zeros] };
  }
  if (!isThreeMBlank(memory)) return undefined;
  return { format: 'blank', codec: '3m-tag', confidence: 1, evidence: [EVIDENCE.fives] };
}

function fixedLength(hf: Hf): Candidate | undefined {
  const read = readTag(hf.memory);
  if (!read.ok) return undefined;
  const { tag } = read.value;
  const { itemId, isil, part, parts, usage } = tag;
  return {
    codec: 'iso28560-3',
    weight: weighFixedLength(tag, hf),
    content: {
      itemId,
      ...(isil !== '' && { isil }),
      part,
      parts,
      usage,
      crc: tag.confidence === 'crc' ? 'ok' : 'absent',
    },
  };
}

function objects(hf: Hf): Candidate | undefined {
  const decoded = decodeObjects(hf.memory);
  if (!decoded.ok) return undefined;
  const { primaryItemId = '', ownerIsil, setInformation, typeOfUsage } = contentOf(decoded.value.objects);
  return {
    codec: 'iso28560-2',
    weight: weighObjects(decoded.value, hf),
    content: {
      itemId: primaryItemId,
      ...(ownerIsil !== undefined && { isil: ownerIsil }),
      ...(setInformation && { part: setInformation.partNumber, parts: setInformation.parts }),
      ...(typeOfUsage !== undefined && { usage: typeOfUsage }),
    },
  };
}

function threeM(hf: Hf): Candidate | undefined {
  const decoded = decodeLayout(hf.memory);
  if (!decoded.ok) return undefined;
  const { primaryItemId, setIndex, setTotal } = decoded.value;
  return {
    codec: '3m-tag',
    weight: weighThreeM(decoded.value, hf),
    content: { itemId: primaryItemId, part: setIndex, parts: setTotal },
  };
}
