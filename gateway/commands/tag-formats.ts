/** What stands on an HF tag, and the bytes to write: the one place of the commands that knows tag formats. */
import {
  basicBlockProblem,
  decodeBasicBlock,
  encodeBasicBlock,
  splitIsil,
  USAGE,
} from '#contract/codec/iso28560-3/basic-block.ts';
import { err, ok, type Result } from '#contract/result.ts';
import type { CommandCode, ReadContent, WrittenContent } from '#contract/wire/commands.ts';
import { mayBeCard } from '#gateway/drivers/hf-memory.ts';

export type TagReading =
  | { readonly kind: 'patron-card' }
  | { readonly kind: 'blank' }
  | { readonly kind: 'item'; readonly content: ReadContent }
  | { readonly kind: 'other' };

/** Without a checksum a wrong byte would go unnoticed. */
const UNCHECKED_CONFIDENCE = 0.7;

/** ISO 28560-2 and -3 as told by the DSFID. */
const DSFID_OF: Readonly<Record<string, number>> = { 'iso28560-2': 0x06, 'iso28560-3': 0x3e };

/** Takes the memory from its first block on; 32 bytes are enough for most formats. */
export function readMemory(memory: Uint8Array): TagReading {
  if (memory.every((byte) => byte === 0) || memory.every((byte) => byte === 0xff)) return { kind: 'blank' };
  const decoded = decodeBasicBlock(memory);
  if (!decoded.ok) return { kind: mayBeCard(memory) ? 'patron-card' : 'other' };
  const { usage, itemId, isil, part, parts, confidence } = decoded.value;
  if (usage === USAGE.patronCard) return { kind: 'patron-card' };
  const content = {
    format: 'iso28560-3',
    confidence: confidence === 'crc' ? 1 : UNCHECKED_CONFIDENCE,
    itemId,
    ...(isil !== '' && { isil }),
    usage,
    part,
    parts,
  };
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
  if (format !== 'iso28560-3') return err({ code: 'format-unknown', detail: format });
  const owner = content.isil === undefined ? { country: '', institution: '' } : splitIsil(content.isil);
  if (owner === undefined) return err({ code: 'content-invalid', detail: 'isil: a country and a hyphen come first' });
  const { itemId, usage = USAGE.circulation, part = 1, parts = 1 } = content;
  const fields = { usage, part, parts, itemId, ...owner };
  const bytes = size.memoryBytes < 34 ? 32 : 34;
  const problem = size.memoryBytes < 32 ? 'memory' : basicBlockProblem(fields, bytes);
  if (problem !== undefined) return err({ code: 'content-invalid', detail: `${problem} does not fit the tag` });
  return ok({ bytes: encodeBasicBlock(fields, { bytes }), dsfid: DSFID_OF[format] });
}
