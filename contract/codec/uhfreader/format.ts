/**
 * Frames of the UHFReader families for the bench tool.
 *
 * Source: UHFReader288MP User's Manual V1.14; UHFReader18 User's Manual V2.0.
 */
import type { Format } from '#contract/codec/format.ts';
import { byteField } from '#contract/codec/format-json.ts';
import { FAMILY_18 } from '#contract/codec/uhfreader/family-18.table.ts';
import { FAMILY_288 } from '#contract/codec/uhfreader/family-288.table.ts';
import {
  ADDRESS_ANY,
  DATA_BYTES_MAX,
  encodeFrame,
  openFrame,
  UHFREADER_SHAPE,
} from '#contract/codec/uhfreader/framer.ts';
import { tableFormat, type Wire } from '#contract/codec/uhfreader/table-format.ts';

const WIRE: Wire = {
  shape: UHFREADER_SHAPE,
  head: { address: byteField },
  code: byteField,
  dataBytesMax: DATA_BYTES_MAX,
  open(bytes) {
    const { address, code, data } = openFrame(bytes);
    return { head: { address }, code, data };
  },
  isToAll: (head) => addressOf(head) === ADDRESS_ANY,
  seal: (head, content) => encodeFrame({ address: addressOf(head), ...content }),
};

function addressOf(head: object): number {
  return (head as { readonly address: number }).address;
}

export const uhfreader288Format: Format = tableFormat({
  name: 'uhfreader288',
  summary: 'frames of UHFReader288 and UHFEx10 readers, UHF',
  family: FAMILY_288,
  wire: WIRE,
});

export const uhfreader18Format: Format = tableFormat({
  name: 'uhfreader18',
  summary: 'frames of UHFReader18 and CF-RU5102 readers, UHF',
  family: FAMILY_18,
  wire: WIRE,
});
