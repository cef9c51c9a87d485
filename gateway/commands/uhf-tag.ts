/**
 * The EPC memory of one Gen2 tag. A tag is called by the EPC it answers with, so writing its EPC renames it: each word
 * is written on its own, and after each the tag is looked for under both names.
 *
 *     bank 01 in words:  0 CRC | 1 PC | 2.. EPC
 */
import { fromHex, toHex } from '#contract/hex.ts';
import { err, ok, type Result } from '#contract/result.ts';
import { GEN2_BANK, type UhfTagAccess } from '#gateway/drivers/tag-access.ts';
import { isSame } from './torn-writes.ts';
import { isFinal, TRIES, trying, type Fault, type Field } from './tries.ts';

export interface UhfField extends Field<UhfTagAccess> {
  /** Names the tag in notes: the EPC of the command. */
  readonly epc: string;
  readonly password: Uint8Array | undefined;
}

const PC_WORD = 1;
const EPC_WORD = 2;
const WORD_BYTES = 2;

/** PC word and EPC as they stand in the memory. */
export interface EpcMemory {
  readonly pc: number;
  readonly epc: Uint8Array;
}

export async function readEpcMemory(field: UhfField, name = field.epc): Promise<Result<EpcMemory, Fault>> {
  const pc = await readWords(field, { name, bank: GEN2_BANK.epc, firstWord: PC_WORD, count: 1 });
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

/** What the tag is called after its EPC memory was brought to `wanted`, and how many words that took. */
export interface UhfWrite {
  readonly name: string;
  /** Of a failed write: how it may be called as well, if the word reached it all the same. */
  readonly otherName?: string;
  readonly changed: number;
  readonly outcome: Result<void, Fault>;
}

/** EPC words first, the PC last: until then the tag answers with as many words as before. */
export async function writeEpcMemory(field: UhfField, before: EpcMemory, wanted: EpcMemory): Promise<UhfWrite> {
  const words = Math.max(before.epc.length, wanted.epc.length) / WORD_BYTES;
  const memory = new Uint8Array(words * WORD_BYTES);
  memory.set(before.epc);
  let name = toHex(before.epc);
  let changed = 0;
  for (let word = 0; word * WORD_BYTES < wanted.epc.length; word += 1) {
    const [from, to] = [word * WORD_BYTES, (word + 1) * WORD_BYTES];
    const data = wanted.epc.subarray(from, to);
    const isVisible = from < before.epc.length;
    if (isVisible && isSame(memory.subarray(from, to), data)) continue;
    memory.set(data, from);
    const next = toHex(memory.subarray(0, before.epc.length));
    changed += 1;
    const outcome = await writeWord(field, { word: EPC_WORD + word, data, names: [name, next] });
    if (!outcome.ok) return { name, otherName: next, changed, outcome };
    name = next;
  }
  if (before.pc === wanted.pc) return { name, changed, outcome: ok(undefined) };
  const data = Uint8Array.of(wanted.pc >> 8, wanted.pc & 0xff);
  const outcome = await writeWord(field, { word: PC_WORD, data, names: [name, toHex(wanted.epc)] });
  const whole = toHex(wanted.epc);
  changed += 1;
  return outcome.ok ? { name: whole, changed, outcome } : { name, otherName: whole, changed, outcome };
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
    return got.ok ? ok(isSame(got.value, data)) : got;
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

function wordOf(bytes: Uint8Array): number {
  return ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
}
