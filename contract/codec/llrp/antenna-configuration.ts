/**
 * AntennaConfiguration (222): how one antenna is to be driven; in SET_READER_CONFIG and inside an AISpec.
 *
 *     222 | antenna u16, 0 = all | 223? | 224? | 330? | Custom* |
 *     223 RFReceiver     | sensitivity index u16 |
 *     224 RFTransmitter  | hop table id u16 | channel index u16 | power index u16 |
 *     330 .. 337         see `inventory-command.ts`
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, sections 13.2.6 and 17.2.6.
 */
import { CUSTOM_PARAMETER, readCustom, writeCustom, type CustomParameter } from '#contract/codec/llrp/custom.ts';
import type { FieldReader } from '#contract/codec/llrp/field-reader.ts';
import type { FieldWriter } from '#contract/codec/llrp/field-writer.ts';
import {
  INVENTORY_COMMAND,
  readInventoryCommand,
  writeInventoryCommand,
  type InventoryCommand,
} from '#contract/codec/llrp/inventory-command.ts';

export const ANTENNA_CONFIGURATION = 222;
const RF_RECEIVER = 223;
const RF_TRANSMITTER = 224;

/** Indices into the tables of the reader's capabilities, which differ from reader to reader. */
export interface RfTransmitter {
  /** Where the reader hops; 0 where it does not. */
  readonly hopTableId: number;
  /** 1-based place in the fixed frequency table; 0 where the reader hops. */
  readonly channelIndex: number;
  /** `index` of a transmit power level. */
  readonly powerIndex: number;
}

export interface AntennaConfiguration {
  /** 1-based port; 0 = all antennas. */
  readonly antennaId: number;
  readonly receiverSensitivityIndex?: number;
  readonly transmitter?: RfTransmitter;
  readonly inventory?: InventoryCommand;
  readonly custom: readonly CustomParameter[];
}

/** Reads the value of an AntennaConfiguration parameter. */
export function readAntennaConfiguration(body: FieldReader): AntennaConfiguration {
  const antennaId = body.u16();
  let receiverSensitivityIndex: number | undefined;
  let transmitter: RfTransmitter | undefined;
  let inventory: InventoryCommand | undefined;
  const custom: CustomParameter[] = [];
  for (const { type, body: value } of body.parameters()) {
    if (type === RF_RECEIVER) receiverSensitivityIndex = value.u16();
    else if (type === RF_TRANSMITTER) {
      transmitter = { hopTableId: value.u16(), channelIndex: value.u16(), powerIndex: value.u16() };
    } else if (type === INVENTORY_COMMAND) inventory = readInventoryCommand(value);
    else if (type === CUSTOM_PARAMETER) custom.push(readCustom(value));
  }
  return {
    antennaId,
    ...(receiverSensitivityIndex !== undefined && { receiverSensitivityIndex }),
    ...(transmitter && { transmitter }),
    ...(inventory && { inventory }),
    custom,
  };
}

/** Writes one AntennaConfiguration parameter. */
export function writeAntennaConfiguration(out: FieldWriter, configuration: AntennaConfiguration): void {
  const { receiverSensitivityIndex, transmitter, inventory } = configuration;
  out.tlv(ANTENNA_CONFIGURATION, () => {
    out.u16(configuration.antennaId);
    if (receiverSensitivityIndex !== undefined) {
      out.tlv(RF_RECEIVER, () => {
        out.u16(receiverSensitivityIndex);
      });
    }
    if (transmitter !== undefined) {
      out.tlv(RF_TRANSMITTER, () => {
        out.u16(transmitter.hopTableId);
        out.u16(transmitter.channelIndex);
        out.u16(transmitter.powerIndex);
      });
    }
    if (inventory !== undefined) writeInventoryCommand(out, inventory);
    writeCustom(out, configuration.custom);
  });
}
