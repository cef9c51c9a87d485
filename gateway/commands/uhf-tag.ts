/**
 * The EPC memory of one Gen2 tag. A tag is called by the EPC it answers with, so writing its EPC renames it: each word
 * is written on its own, and after each the tag is looked for under both names. Words behind the EPC it has now come
 * first: a tag without room for them says so before anything that it answers with has changed.
 *
 *     bank 01 in words:  0 CRC | 1 PC | 2.. EPC
 */
import { fromHex, toHex } from '#contract/hex.ts';
import { err, ok, type Result } from '#contract/result.ts';
import { GEN2_BANK, type UhfTagAccess } from '#gateway/drivers/tag-access.ts';
import { isSame } from './torn-writes.ts';
import { isFinal, TRIES, trying, type Fault, type Field } from './tries.ts';

export interface UhfField extends Field<UhfTagAccess> {
  /** What it answers with. */
  readonly epc: string;
  /** Before a write that was cut off; else the same. Names the tag in notes on passwords, which may follow from it. */
  readonly firstEpc: string;
  readonly password: Uint8Array | undefined;
}

const PC_WORD = 1;
const EPC_WORD = 2;
const WORD_BYTES = 2;
/** User memory in use, more PC words: the tag sets these bits itself, whatever is written. */
const PC_OWN_BITS = 0x0600;

/** PC word and EPC as they stand in the memory. */
export interface EpcMemory {
  readonly pc: number;
  readonly epc: Uint8Array;
}

/** One try. */
export async function readEpcMemory({ access, password }: UhfField, name: string): Promise<Result<EpcMemory, Fault>> {
  const pc = await access.readWords({ epc: name, bank: GEN2_BANK.epc, firstWord: PC_WORD, password }, 1);
  if (!pc.ok) return pc;
  const epc = fromHex(name) ?? new Uint8Array(0);
  return ok({ pc: wordOf(pc.value), epc });
}

export interface WordsWanted {
  readonly name: string;
  readonly bank: 0 | 1 | 2 | 3;
  readonly firstWord: number;
  readonly count: number;
}

export function readWords(
  { access, signal, password }: UhfField,
  { name, bank, firstWord, count }: WordsWanted,
  triesMax: number = TRIES.read,
): Promise<Result<Uint8Array, Fault>> {
  return trying(signal, triesMax, () => access.readWords({ epc: name, bank, firstWord, password }, count));
}

/** The TID of a library tag: 6 words with a serial number, 2 at least. */
const TID_WORDS = [6, 2] as const;

export async function readTid(field: UhfField, name = field.epc): Promise<Uint8Array | undefined> {
  for (const count of TID_WORDS) {
    const got = await readWords(field, { name, bank: GEN2_BANK.tid, firstWord: 0, count }, TRIES.few);
    if (got.ok) return got.value;
  }
  return undefined;
}

/** What the tag is called after its EPC memory was brought to `wanted`, and how many words that took. */
export interface UhfWrite {
  readonly name: string;
  /** Of a failed write: how it may be called as well, if the word reached it all the same. */
  readonly otherName?: string;
  readonly changed: number;
  readonly outcome: Result<void, Fault>;
}

/** The PC last: until then the tag answers with as many words as before. */
export async function writeEpcMemory(field: UhfField, before: EpcMemory, asked: EpcMemory): Promise<UhfWrite> {
  const wanted = { ...asked, pc: (asked.pc & ~PC_OWN_BITS) | (before.pc & PC_OWN_BITS) };
  const memory = new Uint8Array(Math.max(before.epc.length, wanted.epc.length));
  memory.set(before.epc);
  let name = toHex(before.epc);
  let changed = 0;
  for (const from of wordsToWrite(before, wanted)) {
    const data = wanted.epc.subarray(from, from + WORD_BYTES);
    memory.set(data, from);
    const next = toHex(memory.subarray(0, before.epc.length));
    const outcome = await writeWord(field, { word: EPC_WORD + from / WORD_BYTES, data, names: [name, next] });
    if (!outcome.ok) return { name, otherName: next, changed: changed + touched(outcome.error), outcome };
    changed += 1;
    name = next;
  }
  if (before.pc === wanted.pc) return { name, changed, outcome: ok(undefined) };
  const data = Uint8Array.of(wanted.pc >> 8, wanted.pc & 0xff);
  const whole = toHex(wanted.epc);
  const outcome = await writeWord(field, { word: PC_WORD, data, names: [name, whole] });
  if (outcome.ok) return { name: whole, changed: changed + 1, outcome };
  return { name, otherName: whole, changed: changed + touched(outcome.error), outcome };
}

/** Where in the EPC a word has to change: behind its present end all of them, since nobody knows what stands there. */
function wordsToWrite(before: EpcMemory, wanted: EpcMemory): readonly number[] {
  const all = Array.from({ length: wanted.epc.length / WORD_BYTES }, (_, word) => word * WORD_BYTES);
  const behind = all.filter((from) => from >= before.epc.length);
  const within = all.filter((from) => from < before.epc.length);
  const differs = (from: number): boolean =>
    !isSame(before.epc.subarray(from, from + WORD_BYTES), wanted.epc.subarray(from, from + WORD_BYTES));
  return [...behind, ...within.filter(differs)];
}

/** A word that the tag refused was not changed; any other failure may have changed it. */
function touched(fault: Fault): number {
  return isFinal(fault) ? 0 : 1;
}

/** One word, read back under the name the tag has then; `names` before and after. */
async function writeWord(
  { access, signal, password }: UhfField,
  {
    word,
    data,
    names,
  }: { readonly word: number; readonly data: Uint8Array; readonly names: readonly [string, string] },
): Promise<Result<void, Fault>> {
  const [old, next] = names;
  const isThere = async (): Promise<Result<boolean, Fault>> => {
    const got = await access.readWords({ epc: next, bank: GEN2_BANK.epc, firstWord: word, password }, 1);
    return got.ok ? ok(isWritten(word, got.value, data)) : got;
  };
  return trying(signal, TRIES.security, async () => {
    const written = await access.writeWords({ epc: old, bank: GEN2_BANK.epc, firstWord: word, password }, data);
    if (!written.ok && isFinal(written.error)) return written;
    // The answer may be lost while the tag has its new name already.
    const there = await isThere();
    if (there.ok && there.value) return ok(undefined);
    if (!written.ok) return written;
    return there.ok ? err({ code: 'not-verified', detail: `word ${word}` }) : there;
  });
}

function isWritten(word: number, got: Uint8Array, data: Uint8Array): boolean {
  if (word !== PC_WORD) return isSame(got, data);
  return ((wordOf(got) ^ wordOf(data)) & ~PC_OWN_BITS) === 0;
}

function wordOf(bytes: Uint8Array): number {
  return ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
}
