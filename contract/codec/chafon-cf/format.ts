/**
 * Frames of the Chafon CF family for the bench tool.
 *
 * Source: see framer.ts and messages.table.ts.
 */
import { z } from 'zod';
import {
  ADDRESS_ANY,
  CF_SHAPE,
  DATA_BYTES_MAX,
  encodeFrame,
  openFrame,
  type CrcOrder,
} from '#contract/codec/chafon-cf/framer.ts';
import { FAMILY_CF } from '#contract/codec/chafon-cf/messages.table.ts';
import type { Format } from '#contract/codec/format.ts';
import { byteField, wordField } from '#contract/codec/format-json.ts';
import { tableFormat } from '#contract/codec/uhfreader/table-format.ts';

interface Head {
  readonly address: number;
  readonly crcOrder: CrcOrder;
}

export const chafonCfFormat: Format = tableFormat({
  name: 'chafon-cf',
  summary: 'frames of Chafon CF readers (CF-H, CF-M, CF591), UHF',
  family: FAMILY_CF,
  wire: {
    shape: CF_SHAPE,
    head: { address: byteField, crcOrder: z.enum(['high-first', 'low-first']) },
    code: wordField,
    dataBytesMax: DATA_BYTES_MAX,
    open(bytes) {
      const { address, crcOrder, code, data } = openFrame(bytes);
      return { head: { address, crcOrder }, code, data };
    },
    isToAll: (head) => (head as Head).address === ADDRESS_ANY,
    seal(head, content) {
      const { address, crcOrder } = head as Head;
      return encodeFrame({ address, crcOrder, ...content });
    },
  },
});
