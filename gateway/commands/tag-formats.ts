/** What stands on an HF tag, and the bytes to write: the one place of the HF commands that knows tag formats. */
import { encodeTagContent, HF_FORMATS, type HfFormat } from '#contract/codec/tag/encode-content.ts';
import { readHfTag } from '#contract/codec/tag/read-hf.ts';
import { DSFID } from '#contract/codec/tag/weigh-hf.ts';
import { err, ok, type Result } from '#contract/result.ts';
import type { CommandCode, ReadContent, WrittenContent } from '#contract/wire/commands.ts';

export type TagReading =
  | { readonly kind: 'patron-card' }
  | { readonly kind: 'blank' }
  | { readonly kind: 'item'; readonly content: ReadContent }
  | { readonly kind: 'other' };

/** Takes the memory from its first block on; 36 bytes are enough for most tags. */
export function readMemory(
  memory: Uint8Array,
  marks: { readonly dsfid?: number | undefined; readonly afi?: number | undefined } = {},
): TagReading {
  const { format, content } = readHfTag({ memory, ...marks });
  if (format === 'patron-card') return { kind: 'patron-card' };
  if (format === 'blank') return { kind: 'blank' };
  if (content === undefined) return { kind: 'other' };
  return { kind: 'item', content };
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
