/** In which order the reader gives the bytes of a block: set, or found out from the checksums of library tags. */
import { decodeBasicBlock } from '#contract/codec/iso28560-3/basic-block.ts';

type Order = 'reversed' | 'forward';

/** Tags in a row that must agree. One alone could have been written backwards by another maker's software. */
const AGREEING_TAGS = 3;

export class BlockOrder {
  #order: Order;
  #isOpen: boolean;
  readonly #agreeing = new Map<string, Order>();

  constructor(setting: Order | 'detect') {
    // What all manuals say, until tags say otherwise.
    this.#order = setting === 'detect' ? 'reversed' : setting;
    this.#isOpen = setting === 'detect';
  }

  get order(): Order {
    return this.#order;
  }

  /** From the line to the tag's memory, and back: the same turn. */
  turn(data: Uint8Array, blockBytes: number): Uint8Array {
    return this.#order === 'forward' ? data : reverseBlocks(data, blockBytes);
  }

  /** Takes in the memory of one tag from its first block on, as it came over the line. */
  learn(uid: string, onLine: Uint8Array, blockBytes: number): void {
    if (!this.#isOpen) return;
    const order = rightOrder(onLine, blockBytes);
    if (order === undefined) return;
    if ([...this.#agreeing.values()].some((other) => other !== order)) this.#agreeing.clear();
    this.#agreeing.set(uid, order);
    if (this.#agreeing.size < AGREEING_TAGS) return;
    this.#order = order;
    this.#isOpen = false;
  }
}

/** The order in which the tag's checksum is right as the standard has it; undefined when neither says so. */
function rightOrder(onLine: Uint8Array, blockBytes: number): Order | undefined {
  for (const [order, memory] of [
    ['reversed', reverseBlocks(onLine, blockBytes)],
    ['forward', onLine],
  ] as const) {
    const tag = decodeBasicBlock(memory);
    if (tag.ok && tag.value.confidence === 'crc' && tag.value.byteOrder === 'forward') return order;
  }
  return undefined;
}

/** Each block turned round; a rest that fills no block stays. */
export function reverseBlocks(data: Uint8Array, blockBytes: number): Uint8Array {
  const turned = data.slice();
  for (let at = 0; at + blockBytes <= turned.length; at += blockBytes) {
    turned.subarray(at, at + blockBytes).reverse();
  }
  return turned;
}
