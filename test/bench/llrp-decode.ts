/**
 * How many tag reports a second one process cuts from a stream and decodes. The stream is what a busy reader sends:
 * reports of 1 to 40 tags with the fields a gateway asks for, arriving in pieces of the size TCP delivers.
 */
import { LlrpFramer } from '#contract/codec/llrp/framer.ts';
import { decodeMessage, encodeMessage } from '#contract/codec/llrp/message.ts';
import type { TagReport } from '#contract/codec/llrp/tag-report.ts';
import { measureBaseline } from './llrp-baseline.ts';
import type { BenchRow } from './row.ts';

const BAR_PER_SECOND = 250_000;
const TAGS_PER_MESSAGE = [1, 4, 16, 40];
/** More than the tags of any message, so that every message has tags of its own. */
const TAGS_STEP = 64;
const MESSAGES = 400;
const PIECE_BYTES = 1460;
const WARM_UP_MS = 300;
const MEASURE_MS = 1500;

/** Measures decoding from TCP-sized pieces; no state outlives the call. */
export async function benchLlrpDecode(): Promise<BenchRow[]> {
  const stream = reportStream();
  const pieces = cut(stream);
  await run(pieces, WARM_UP_MS);
  const perSecond = await run(pieces, MEASURE_MS);
  const messages = [...new LlrpFramer().feed(stream).messages];
  await measureBaseline(messages, WARM_UP_MS);
  const baseline = await measureBaseline(messages, MEASURE_MS);
  return [
    {
      name: 'LLRP decode',
      value: Math.round(perSecond),
      unit: 'tag reports/s',
      bar: { value: BAR_PER_SECOND, is: 'at-least' },
      ...(baseline === undefined
        ? { note: 'llrpjs is not installed, so there is nothing to compare with: npm install --no-save llrpjs' }
        : {
            baseline: { name: 'llrpjs, given whole messages', value: Math.round(baseline) },
            note: `${(perSecond / baseline).toFixed(1)} times llrpjs in the same process`,
          }),
    },
  ];
}

/** Runs for at least `durationMs`, giving other work its turn between rounds. */
async function run(pieces: readonly Uint8Array[], durationMs: number): Promise<number> {
  const known = knownEpcs();
  let tags = 0;
  let busyMs = 0;
  while (busyMs < durationMs) {
    const startMs = performance.now();
    tags += decodeAll(pieces, known);
    busyMs += performance.now() - startMs;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return (tags / busyMs) * 1000;
}

/** Looks every EPC up, as a gateway does: a text that is never used may never be built. */
function decodeAll(pieces: readonly Uint8Array[], known: ReadonlySet<string>): number {
  const framer = new LlrpFramer();
  let tags = 0;
  for (const piece of pieces) {
    for (const bytes of framer.feed(piece).messages) {
      const message = decodeMessage(bytes);
      if (!message.ok || message.value.kind !== 'ro-access-report') continue;
      for (const { epc } of message.value.tags) tags += known.has(epc) ? 1 : 0;
    }
  }
  return tags;
}

function knownEpcs(): Set<string> {
  return new Set(Array.from({ length: MESSAGES * TAGS_STEP }, (_, n) => report(n).epc));
}

function reportStream(): Uint8Array {
  const messages: number[] = [];
  for (let index = 0; index < MESSAGES; index += 1) {
    const count = TAGS_PER_MESSAGE[index % TAGS_PER_MESSAGE.length] ?? 1;
    const tags = Array.from({ length: count }, (_, tag) => report(index * TAGS_STEP + tag));
    messages.push(...encodeMessage({ kind: 'ro-access-report', version: 1, messageId: index, tags, custom: [] }));
  }
  return Uint8Array.from(messages);
}

/** Three of four tags carry 96 bits, as in a real stock. */
function report(n: number): TagReport {
  const serial = n.toString(16).toUpperCase().padStart(8, '0');
  return {
    epc: n % 4 === 0 ? `3008${serial}DEADBEEF0000${serial}ABCD` : `30340000CAFE0000${serial}`,
    specIndex: 1 + (n % 4),
    antennaId: 1 + (n % 4),
    peakRssiDbm: -40 - (n % 35),
    channelIndex: 1 + (n % 50),
    firstSeenUtcUs: 1_750_000_000_000_000 + n * 997,
    lastSeenUtcUs: 1_750_000_000_500_000 + n * 997,
    seenCount: 1 + (n % 9),
    pc: 0x3000,
  };
}

function cut(stream: Uint8Array): Uint8Array[] {
  const count = Math.ceil(stream.length / PIECE_BYTES);
  return Array.from({ length: count }, (_, piece) => stream.slice(piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES));
}
