/** The LLRP library of npm as a measure for ours: the same messages, already cut, decoded until every EPC is known. */
import { z } from 'zod';

const LIBRARY = 'llrpjs' as string;

const epcHolder = z.object({
  EPC_96: z.object({ EPC: z.string() }).optional(),
  EPCData: z.object({ EPC: z.string() }).optional(),
});
const report = z.object({ data: z.object({ TagReportData: z.union([epcHolder, z.array(epcHolder)]) }) });

interface DecodedByLibrary {
  decode(): { toLLRPData(): unknown };
}

/** Its typings are sources of its own that do not pass our compiler, hence the check by hand. */
const library = z.object({
  LLRPMessage: z.custom<new (bytes: Buffer) => DecodedByLibrary>((value) => typeof value === 'function'),
});

/** Tags per second; undefined where the library is not installed. */
export async function measureBaseline(
  messages: readonly Uint8Array[],
  durationMs: number,
): Promise<number | undefined> {
  let loaded: unknown;
  try {
    loaded = await import(LIBRARY);
  } catch {
    return undefined;
  }
  const { LLRPMessage } = library.parse((loaded as { default?: unknown }).default ?? loaded);
  let tags = 0;
  const startMs = performance.now();
  while (performance.now() - startMs < durationMs) {
    for (const bytes of messages) {
      tags += epcsOf(new LLRPMessage(Buffer.from(bytes)).decode().toLLRPData());
      if (performance.now() - startMs >= durationMs) break;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return (tags / (performance.now() - startMs)) * 1000;
}

let isChecked = false;

/** The shape is checked once; checking each time would be measured as theirs. */
function epcsOf(decoded: unknown): number {
  const { data } = isChecked ? (decoded as z.infer<typeof report>) : report.parse(decoded);
  isChecked = true;
  const tags = Array.isArray(data.TagReportData) ? data.TagReportData : [data.TagReportData];
  return tags.filter(({ EPC_96, EPCData }) => (EPC_96 ?? EPCData)?.EPC !== undefined).length;
}
