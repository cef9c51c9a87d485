/**
 * Any tag, for the bench tool: the format that the evidence speaks for, and its own fields.
 *
 * Bytes are the memory of an HF tag, or a UHF tag's EPC with or without the control word before it. Which of the two is
 * told by length and evidence: an EPC has whole words, 62 bytes at most; the memory of an HF tag has 22 bytes or more.
 * What can be both is read both ways, and the surer reading counts.
 *
 * JSON: `format`, `confidence`, `evidence`, then the fields of the codec. A patron's card names its `codec` beside its
 * format. A tag whose words are in no known form has format `unknown` and codec `epc`. Back: the fields of the codec;
 * `confidence` and `evidence` are passed over.
 *
 * Source: the formats as in their folders.
 */
import { z } from 'zod';
import type { CodecError } from '#contract/codec/codec-error.ts';
import { epcFormat } from '#contract/codec/epc/format.ts';
import type { EncodeError, Format, JsonObject } from '#contract/codec/format.ts';
import { iso28560Part2Format } from '#contract/codec/iso28560-2/format.ts';
import { iso28560Part3Format } from '#contract/codec/iso28560-3/format.ts';
import { fromJson } from '#contract/codec/format-json.ts';
import { badValue, memorySize } from '#contract/codec/tag/encode-input.ts';
import { readHfTag } from '#contract/codec/tag/read-hf.ts';
import { readUhfTag } from '#contract/codec/tag/read-uhf.ts';
import type { CodecName, TagReading } from '#contract/codec/tag/reading.ts';
import { threeMTagFormat } from '#contract/codec/threem-tag/format.ts';
import { uhfLibraryFormat } from '#contract/codec/uhf-library/format.ts';
import { pcEpcBytes } from '#contract/codec/uhf-library/pc-word.ts';
import { fromHex, toHex } from '#contract/hex.ts';
import { err, ok, type Result } from '#contract/result.ts';

const CODECS: Readonly<Record<CodecName, Format>> = {
  'iso28560-3': iso28560Part3Format,
  'iso28560-2': iso28560Part2Format,
  '3m-tag': threeMTagFormat,
  'uhf-library': uhfLibraryFormat,
  epc: epcFormat,
};
/** What is said of a reading; it follows from the bytes. */
const PASSED_OVER: readonly string[] = ['confidence', 'evidence'];
const HF_BYTES_MIN = 22;
const EPC_BYTES_MAX = 62;

export const tagFormat: Format = {
  name: 'tag',
  summary: 'any library tag: HF memory, or EPC of a UHF tag; chooses the format by evidence',
  notation: 'hex',
  decode,
  encode,
};

/** A reading, and the part of the bytes that its codec reads. */
interface Choice {
  readonly reading: TagReading;
  readonly pc?: Uint8Array;
  readonly body: Uint8Array;
}

function decode(bytes: Uint8Array): Result<JsonObject, CodecError> {
  const choices = [...hfChoices(bytes), ...uhfChoices(bytes)].sort((a, b) => rank(b.reading) - rank(a.reading));
  const [best] = choices;
  if (!best) {
    const detail = `an EPC has whole words, the memory of an HF tag ${HF_BYTES_MIN} bytes or more`;
    return err({ code: 'truncated', offsetBytes: bytes.length, detail });
  }
  return describe(best);
}

function hfChoices(bytes: Uint8Array): readonly Choice[] {
  return bytes.length < HF_BYTES_MIN ? [] : [{ reading: readHfTag({ memory: bytes }), body: bytes }];
}

function uhfChoices(bytes: Uint8Array): readonly Choice[] {
  if (bytes.length % 2 !== 0 || bytes.length === 0) return [];
  const alone = bytes.length <= EPC_BYTES_MAX ? [{ reading: readUhfTag({ epc: bytes }), body: bytes }] : [];
  const epc = bytes.slice(2);
  const pc = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
  if (epc.length === 0 || pcEpcBytes(pc) !== epc.length) return alone;
  const reading = readUhfTag({ epc, pc });
  // The codec of library items reads the control word itself; that of EPCs does not know it.
  const whole = reading.codec === 'uhf-library' ? { body: bytes } : { pc: bytes.slice(0, 2), body: epc };
  return [{ reading, ...whole }, ...alone];
}

/** Items first, then what is known to be none, then what nobody knows; each by its confidence. */
function rank({ content, format, confidence }: TagReading): number {
  if (content || format === 'patron-card') return 2 + confidence;
  return format === 'unknown' ? 0 : 1 + confidence;
}

function describe({ reading, pc, body }: Choice): Result<JsonObject, CodecError> {
  const { format, codec, confidence, evidence } = reading;
  const head = { format, ...(codec !== undefined && codec !== format && { codec }), confidence, evidence };
  const before = pc ? { pc: toHex(pc) } : {};
  if (format === 'blank' && codec === undefined) return ok({ ...head, memoryBytes: body.length });
  const isReadable = format !== 'unknown' || codec === 'epc';
  if (codec === undefined || !isReadable) return refuse(reading, body);
  const decoded = CODECS[codec].decode(body);
  return decoded.ok ? ok({ ...head, ...before, ...decoded.value }) : decoded;
}

/** Damaged, or in no format we know: the error of the format that comes nearest. */
function refuse({ format, evidence }: TagReading, body: Uint8Array): Result<JsonObject, CodecError> {
  const said = iso28560Part3Format.decode(body);
  const code = said.ok ? 'unsupported' : said.error.code === 'bad-checksum' ? 'bad-checksum' : 'unsupported';
  const detail = format === 'patron-card' ? "a patron's card, damaged" : `no known format: ${evidence.join('; ')}`;
  return err({ code, offsetBytes: said.ok ? 0 : said.error.offsetBytes, detail });
}

const headInput = z.looseObject({
  format: z.enum(['iso28560-3', 'iso28560-2', '3m-tag', 'uhf-library', 'epc', 'blank', 'patron-card', 'unknown']),
  codec: z.enum(['iso28560-3', 'iso28560-2', '3m-tag', 'uhf-library', 'epc']).optional(),
  confidence: z.unknown().optional(),
  evidence: z.unknown().optional(),
});
const blankInput = z.strictObject({ memoryBytes: memorySize.min(1) });

function encode(value: unknown): Result<Uint8Array, EncodeError> {
  const parsed = fromJson(headInput, value);
  if (!parsed.ok) return parsed;
  const { format, codec, ...others } = parsed.value;
  const fields = Object.fromEntries(Object.entries(others).filter(([key]) => !PASSED_OVER.includes(key)));
  if (format === 'blank' && codec === undefined) return encodeBlank(fields);
  const isItself = format !== 'blank' && format !== 'patron-card' && format !== 'unknown';
  const name = codec ?? (isItself ? format : undefined);
  if (name === undefined) return badValue('codec', `must name the format that writes a tag of format ${format}`);
  if (name !== 'epc') return CODECS[name].encode(fields);
  const { pc, ...epcFields } = fields;
  const epc = CODECS.epc.encode(epcFields);
  return epc.ok && pc !== undefined ? withPc(pc, epc.value) : epc;
}

function encodeBlank(fields: unknown): Result<Uint8Array, EncodeError> {
  const parsed = fromJson(blankInput, fields);
  return parsed.ok ? ok(new Uint8Array(parsed.value.memoryBytes)) : parsed;
}

function withPc(pc: unknown, epc: Uint8Array): Result<Uint8Array, EncodeError> {
  const word = typeof pc === 'string' ? fromHex(pc) : undefined;
  if (word?.length !== 2) return badValue('pc', 'must be four hexadecimal digits');
  return ok(Uint8Array.from([...word, ...epc]));
}
