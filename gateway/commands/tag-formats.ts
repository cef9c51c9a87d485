/** What stands on an HF tag, and the bytes to write: the one place of the HF commands that knows tag formats. */
import { elementsBeside } from '#contract/codec/tag/beside.ts';
import { encodeTagContent, HF_FORMATS, type HfFormat } from '#contract/codec/tag/encode-content.ts';
import { readHfTag } from '#contract/codec/tag/read-hf.ts';
import type { TagReading as CodecReading } from '#contract/codec/tag/reading.ts';
import { DSFID } from '#contract/codec/tag/weigh-hf.ts';
import { err, ok, type Result } from '#contract/result.ts';
import type { CommandCode, ReadContent, Recognition, WrittenContent } from '#contract/wire/commands.ts';

export type TagReading =
  | { readonly kind: 'patron-card' }
  | { readonly kind: 'blank'; readonly recognised: Recognition }
  | {
      readonly kind: 'item';
      readonly content: ReadContent;
      readonly recognised: Recognition;
      /** What else stands there: see {@link elementsBeside}. */
      readonly beside: readonly string[];
    }
  | { readonly kind: 'other'; readonly recognised: Recognition };

const SENTENCE_MAX = 160;
const SENTENCES_MAX = 16;

/** What the format rests on, as far as an answer carries it. */
export function recognitionOf({ format, confidence, evidence }: CodecReading): Recognition {
  const told = evidence.slice(0, SENTENCES_MAX).map((sentence) => sentence.slice(0, SENTENCE_MAX));
  return { format, confidence, evidence: told };
}

/** Takes the memory from its first block on; 36 bytes are enough for most tags. */
export function readMemory(
  memory: Uint8Array,
  marks: { readonly dsfid?: number | undefined; readonly afi?: number | undefined } = {},
): TagReading {
  const read = readHfTag({ memory, ...marks });
  const { format, content } = read;
  if (format === 'patron-card') return { kind: 'patron-card' };
  const recognised = recognitionOf(read);
  if (format === 'blank') return { kind: 'blank', recognised };
  if (content === undefined) return { kind: 'other', recognised };
  return {
    kind: 'item',
    content,
    recognised,
    beside: read.codec === undefined ? [] : elementsBeside(read.codec, memory),
  };
}

export interface Image {
  /** From the first block on. */
  readonly bytes: Uint8Array;
  /** What the format is told by; undefined where it has none of its own. */
  readonly dsfid: number | undefined;
}

export interface ContentRefusal {
  readonly code: Extract<CommandCode, 'format-unknown' | 'content-invalid'>;
  readonly detail: string;
}

export function encodeMemory(
  format: string,
  content: WrittenContent,
  size: { readonly memoryBytes: number; readonly blockBytes: number },
): Result<Image, ContentRefusal> {
  if (!isHfFormat(format)) return err({ code: 'format-unknown', detail: `${format}: one of ${HF_FORMATS.join(', ')}` });
  const { itemId, isil, usage, part, parts } = content;
  const fields = {
    itemId,
    ...(isil !== undefined && { isil }),
    ...(usage !== undefined && { usage }),
    ...((part !== undefined || parts !== undefined) && { part: part ?? 1, parts: parts ?? 1 }),
  };
  const bytes = encodeTagContent(format, fields, size);
  if (!bytes.ok) return err({ code: 'content-invalid', detail: `${bytes.error.path}: ${bytes.error.detail}` });
  return ok({
    bytes: bytes.value,
    dsfid: Object.hasOwn(DSFID, format) ? (DSFID as Record<string, number>)[format] : undefined,
  });
}

function isHfFormat(format: string): format is HfFormat {
  return (HF_FORMATS as readonly string[]).includes(format);
}
