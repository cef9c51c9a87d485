/** Records of an ISO 2709 file, one by one: what cannot be read is told with its number, and the next one goes on. */
import type { MarcMapping } from '#contract/domain/marc-mapping.ts';
import { decodeIso2709 } from './iso2709.ts';
import type { FoundRecord } from './record.ts';
import { RECORD_BYTES_MAX, splitRecords } from './split-records.ts';

export async function* readMarc(chunks: AsyncIterable<Uint8Array>, mapping: MarcMapping): AsyncGenerator<FoundRecord> {
  for await (const { number, bytes } of splitRecords(chunks)) {
    if (bytes === undefined) yield { number, fault: `longer than ${RECORD_BYTES_MAX} bytes` };
    else {
      const record = decodeIso2709(bytes, mapping);
      yield record.ok ? { number, record: record.value } : { number, fault: record.error };
    }
  }
}
