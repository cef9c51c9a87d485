/**
 * Whether a memory is, or was, that of a patron's card. Cards go no further than the gateway, so here a doubt counts as
 * yes: a book that is taken for a card is missed once, a card that is taken for a book tells where a person was.
 *
 * 3M's layout has no type for cards.
 *
 * Source: type of usage 8 in ISO 28560-1; variants of the fixed-length model as in iso28560-3/basic-block.ts.
 */
import { computedCrc, readTag, turnBlocks } from '#contract/codec/iso28560-3/basic-block.ts';
import { OID } from '#contract/codec/iso28560-2/elements.ts';
import { decodeObjects } from '#contract/codec/iso28560-2/memory.ts';
import { readUsage } from '#contract/codec/iso28560-2/values.ts';

const PATRON_CARD = 8;
/** First byte of a card in the fixed-length model, nibbles in either order. */
const CARD_HEADS: readonly number[] = [0x18, 0x81];
const FIXED_BYTES_MIN = 32;
const CRC_AT = 19;

/** A card beyond doubt: it reads well and says so. */
export function isPatronCard(memory: Uint8Array): boolean {
  const fixed = readTag(memory);
  return fixed.ok ? fixed.value.tag.usage === PATRON_CARD : saysCardInObjects(memory);
}

/** A card, or a damaged memory that may have been one, in any format and variant. */
export function mayBePatronCard(memory: Uint8Array): boolean {
  const fixed = readTag(memory);
  if (fixed.ok) return fixed.value.tag.usage === PATRON_CARD;
  return beginsLikeCard(memory) || holdsCardUsage(memory) || saysCardInObjects(memory) || isCardButForItsHead(memory);
}

function saysCardInObjects(memory: Uint8Array): boolean {
  const decoded = decodeObjects(memory);
  if (!decoded.ok) return false;
  return decoded.value.objects.some(
    (object) => object.oid === OID.typeOfUsage && readUsage(object)?.usage === PATRON_CARD,
  );
}

/** The first byte of a card, also where the blocks are turned round. */
function beginsLikeCard(memory: Uint8Array): boolean {
  return [memory[0], memory[3]].some((byte) => byte !== undefined && CARD_HEADS.includes(byte));
}

/** Only the first byte is damaged: with that of a card in its place the CRC is right. */
function isCardButForItsHead(memory: Uint8Array): boolean {
  if (memory.length < FIXED_BYTES_MIN) return false;
  return [memory.slice(), turnBlocks(memory)].some((candidate) => {
    const stored = (candidate[CRC_AT] ?? 0) | ((candidate[CRC_AT + 1] ?? 0) << 8);
    return CARD_HEADS.some((head) => {
      candidate[0] = head;
      return computedCrc(candidate) === stored;
    });
  });
}

/** Somewhere stands a type of usage of cards: precursor of OID 5, length 1, class 8; or its pad count between them. */
function holdsCardUsage(memory: Uint8Array): boolean {
  return memory.some((precursor, at) => {
    if ((precursor & 0x0f) !== OID.typeOfUsage) return false;
    const length = at + ((precursor & 0x80) === 0 ? 1 : 2);
    return memory[length] === 1 && (memory[length + 1] ?? 0) >> 4 === PATRON_CARD;
  });
}
