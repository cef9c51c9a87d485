/**
 * A million damaged frames or tags through every other format, one by one and as a stream. Nothing may throw, what is read
 * must be written to the same bytes again, and no memory may stay behind.
 */
import { FORMATS } from '#cli/formats.ts';
import type { Format } from '#contract/codec/format.ts';
import { sameBytes } from '#contract/codec/format-json.ts';
import { fromHex } from '#contract/hex.ts';
import { damaged, heapAfterCollection, numbers } from './damage.ts';
import type { BenchRow } from './row.ts';

const FRAMES = 1_000_000;
const FRAMES_PER_TURN = 5_000;
const HEAP_GROWTH_MIB_MAX = 8;
const MIB = 2 ** 20;

/** Well-formed frames from the vendors' texts and from captures; the tests of each codec name their sources. */
const ORIGINALS: Readonly<Record<string, readonly string[]>> = {
  '3m': ['D60007FE00000700AF19', 'D500090400110A05021B972A', 'D500050400118C66'],
  feig: ['02000AFFB104B2023D9F', '02000A00B100D339DBFA', '02000FFFB104B30202D339D3391E68'],
  m100: ['BB02220011C9340030751FEB705C5904E3D50D703A76EF7E'],
  m6e: [
    'FF2822000010001B01FF0101C4110E16400000012700000500000F00803000000000000000000000001545E94A561D',
    'FF08228810001303E800571FDF',
  ],
  uhfreader288: ['1500010301010c0000000000000000000003136bb1a5', '1500010301010c3039606303c74380001a055940f93e'],
  uhfreader18: ['1500010301010c0000000000000000000003136bb1a5'],
  'chafon-cf': ['CF00000201009EEA', 'CF0000721A000000018004000101038602EE01F43121010400000C000301052C68'],
  'iso28560-2': ['9100051CBE991A140201D0140204B34607441CB6E2E335D6830207ACC09EBAA06F6B0000'],
  'iso28560-3': [
    '1102023033303130303334383135303033000038024E4F30323033303030300000000000',
    '11010131313232333334340000000000000000513E4445373035000000000000',
  ],
  '3m-tag': ['0411000033303030303030303030303030303030303030300000000000000000'],
  'uhf-library': ['45C2141CC04FC70BADB5C6E2DA1DED4DD319', '400019E9F871000000000001E24000000001'],
  epc: ['3074257BF7194E4000001A85', '3066C4409047E140075BCD15', '30740242201D8840000FE632'],
  tag: ['11010131313232333334340000000000000000513E4445373035000000000000', '3074257BF7194E4000001A85'],
  r700: [
    toHexText(
      '{"timestamp":"2026-01-01T00:00:00.000000001Z","eventType":"tagInventory","tagInventoryEvent":{"epcHex":"3034"}}',
    ),
  ],
  zebra: [
    toHexText(
      '{"type":"SIMPLE","timestamp":"2026-01-01T00:00:00.000+0000","data":{"format":"epc","idHex":"3034","antenna":1}}',
    ),
  ],
  sip2: [
    toHexText('9300CNLoginUserID|COLoginPassword|CPLocationCode|AY5AZEC7B\r'),
    toHexText('941AY3AZFDFA\r'),
    toHexText('2300119960212    100239AOid_21|AA104000000105|AC|AD|AY2AZF271\r'),
  ],
  tsl: ['CS: .iv -al on\r\n', 'EP: 3034\r\n', 'RI: -50\r\n', 'OK:\r\n', '\r\n'].map(toHexText),
};

function toHexText(text: string): string {
  return Buffer.from(text).toString('hex');
}

/** Rows for every format that has no bench of its own. */
export async function benchFormatFaults(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const format of FORMATS) {
    if (format.name === 'llrp') continue;
    const originals = (ORIGINALS[format.name] ?? []).map((hex) => fromHex(hex) ?? new Uint8Array());
    rows.push(...(await benchFormat(format, originals)));
  }
  return rows;
}

async function benchFormat(format: Format, originals: readonly Uint8Array[]): Promise<BenchRow[]> {
  const next = numbers(1);
  const judge = judging(format);
  // What compiling and first use allocate is not what the frames leave behind.
  for (let frame = 0; frame < FRAMES_PER_TURN; frame += 1) judge.take(damaged(originals, next));
  judge.count = { survived: 0, read: 0, changed: 0 };
  const heapBefore = heapAfterCollection();
  const startMs = performance.now();
  for (let frame = 0; frame < FRAMES; frame += 1) {
    judge.take(damaged(originals, next));
    if (frame % FRAMES_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const perSecond = Math.round((FRAMES / (performance.now() - startMs)) * 1000).toLocaleString('en');
  const growthMib = (heapAfterCollection() - heapBefore) / MIB;
  const { survived, read, changed } = judge.count;
  return [
    {
      name: `${format.name}: damaged frames that did not throw and, if read, were written back`,
      value: survived - changed,
      unit: 'frames',
      bar: { value: FRAMES, is: 'at-least' },
      note: `${read.toLocaleString('en')} were still well formed; ${perSecond} frames/s`,
    },
    {
      name: `${format.name}: heap growth`,
      value: Math.max(0.01, growthMib),
      unit: 'MiB',
      bar: { value: HEAP_GROWTH_MIB_MAX, is: 'at-most' },
    },
  ];
}

function judging(format: Format) {
  const splitter = format.split?.();
  const judge = {
    count: { survived: 0, read: 0, changed: 0 },
    take(bytes: Uint8Array): void {
      try {
        splitter?.feed(bytes);
        const decoded = format.decode(bytes);
        if (decoded.ok) {
          judge.count.read += 1;
          const encoded = format.encode(decoded.value);
          // Of a text format only the meaning comes back: its spelling was the vendor's.
          const isBack = encoded.ok && (format.notation !== 'hex' || sameBytes(encoded.value, bytes));
          if (!isBack) judge.count.changed += 1;
        }
        judge.count.survived += 1;
      } catch {
        // Not counted as survived, which is what the row shows.
      }
    },
  };
  return judge;
}
